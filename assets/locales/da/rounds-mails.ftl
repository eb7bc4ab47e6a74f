mail-round-opened-subject = Ønsk kasser: { $round }
mail-round-opened-body =
    Hej { $unit }!

    Nu kan I ønske, hvilke kasser I vil låne: { $round }. Sæt op til { $most } kasser på jeres liste, den vigtigste først. Alle i teamet skriver på den samme liste.

    Sidste dag er { $closes }. Derefter fordeles kasserne. Det er lige meget, hvem der kommer først.

    { $link }
mail-round-result-subject = Det her får I lov at låne: { $round }
mail-round-result-body =
    Hej { $unit }!

    Nu er kasserne fordelt. Sådan blev det for jer:

    { $result }

    Lånene er booket. Har I ikke brug for en kasse? Afbestil den, så kan en anden låne den. Her ser I det hele:
    { $link }
mail-round-given = ✓ { $type }, { $weeks }: { $first } til { $last }
mail-round-nothing = Desværre rakte kasserne ikke til jer denne gang. Den, der har fået mindst, går forrest næste gang.
mail-round-refused = – { $type }: { $reason }
