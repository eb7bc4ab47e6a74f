rounds-title = Runder
rounds-lead = Før en termin ønsker børnehaverne, og kasserne fordeles retfærdigt på én gang.
rounds-new = Ny runde
rounds-new-lead = Børnehaverne får en mail, når ønskerne åbner, og en, når fordelingen er offentliggjort.
rounds-none = Ingen runder endnu
rounds-none-text = Lav en runde før næste termin. Så er det lige meget, hvem der booker først.
rounds-change = Ret runden
rounds-change-lead = Hvis du retter dagene, forsvinder fordelingen. Du kan fordele igen bagefter.
rounds-name = Navn
rounds-name-hint = For eksempel Foråret 2027
rounds-first-day = Terminens første dag
rounds-last-day = Terminens sidste dag
rounds-opens = Første dag for ønsker
rounds-opens-hint = Da får børnehaverne en mail.
rounds-closes = Sidste dag for ønsker
rounds-closes-hint = Til og med den dag kan de rette deres liste.
rounds-most = Ønsker per børnehave, højst
rounds-most-hint = Tre til fem plejer at være nok.
rounds-wishes-days = Ønsker { $first } til { $last }
rounds-status-coming = Ikke åben endnu
rounds-status-open = Åben for ønsker
rounds-status-closed = Ønskerne er inde
rounds-status-allocated = Forslag
rounds-status-published = Offentliggjort
rounds-status-cancelled = Aflyst
rounds-now-title-coming = Ønskerne åbner snart
rounds-now-title-open = Børnehaverne ønsker
rounds-now-title-closed = Tid til at fordele
rounds-now-title-allocated = Et forslag at se igennem
rounds-now-title-published = Færdig
rounds-now-title-cancelled = Aflyst
rounds-now-coming = Ønskerne åbner { $day }. Da får alle børnehaver en mail.
rounds-now-open = { $count ->
    [0] Ingen børnehave har ønsket endnu. Der er åbent til og med { $day }.
    [one] Én børnehave har ønsket. Der er åbent til og med { $day }.
   *[other] { $count } børnehaver har ønsket. Der er åbent til og med { $day }.
  }
rounds-now-closed = { $count ->
    [0] Ingen børnehave har ønsket noget. Giv dem flere dage, eller aflys runden.
    [one] Én børnehave har ønsket. Fordel kasserne, og se på forslaget. Intet bookes, før du offentliggør.
   *[other] { $count } børnehaver har ønsket. Fordel kasserne, og se på forslaget. Intet bookes, før du offentliggør.
  }
rounds-now-allocated = { $count ->
    [one] Forslaget giver ét lån. Intet er booket endnu. Ret det, du vil, i hånden, og offentliggør så.
   *[other] Forslaget giver { $count } lån. Intet er booket endnu. Ret det, du vil, i hånden, og offentliggør så.
  }
rounds-now-published = { $count ->
    [one] Ét lån er booket, og børnehaverne har fået besked.
   *[other] { $count } lån er booket, og børnehaverne har fået besked.
  }
rounds-now-cancelled = Intet fordeles i denne runde.
rounds-allocate = Fordel
rounds-allocate-close = Luk ønskerne og fordel
rounds-allocate-close-hint = Derefter kan børnehaverne ikke rette deres lister. Du får først et forslag at se på.
rounds-allocate-again = Fordel igen
rounds-allocate-misfits = Fordel det igen, som ikke kan lade sig gøre
rounds-publish = Offentliggør og book lånene
rounds-publish-hint = Alle lån bookes på én gang, og hver børnehave får en mail om, hvad den fik.
rounds-misfits = { $count ->
    [one] Ét lån kan ikke længere lade sig gøre
   *[other] { $count } lån kan ikke længere lade sig gøre
  }
rounds-misfits-text = Nogen har nået at booke, eller noget er ændret, siden du fordelte. Fordel netop det igen, eller ret det i hånden. Så kan du offentliggøre.
rounds-figures = Sådan faldt det ud
rounds-figure-rank = fik valg { $rank }
rounds-figure-later = fik et senere valg
rounds-figure-without = fik ingen
rounds-fact-wishes = Ønsker
rounds-fact-most = Højst per børnehave
rounds-fact-units = Børnehaver
rounds-fact-lot = Lodnummer
rounds-cancel = Aflys runden
rounds-cancel-lead = Børnehavernes lister kan stadig læses, men intet fordeles.
rounds-cancel-do = Aflys
rounds-types = Hvad der ønskes
rounds-types-lead = ”Plads til” er omtrent, hvor mange lån kasserne rækker til i terminen.
rounds-col-type = Kassetype
rounds-col-kits = Kasser
rounds-col-room = Plads til
rounds-col-wishes = Ønsker den
rounds-col-first = Har den først
rounds-col-served = Får den
rounds-short = Rækker ikke
rounds-units = Hvad hver enkelt får
rounds-show = Hvad der vises
rounds-show-all = Alle børnehaver
rounds-show-without = Fik ingen
rounds-show-misfits = Kan ikke længere
rounds-show-none = Ingen børnehaver at vise her.
rounds-owes = Evaluering mangler
rounds-owes-text = Lånene bookes, men udleveres først, når evalueringen er inde.
rounds-rank = Valg
rounds-by-hand = Valgt i hånden
rounds-misfit = Kan ikke længere
rounds-adjust = Ret
rounds-to-loan = Til lånet
rounds-add = Tilføj et lån
rounds-add-title = Tilføj et lån
rounds-add-lead = Lånet føjes til forslaget og bookes, når du offentliggør.
rounds-its-wish = Valg { $rank }: { $type }
rounds-unit = Børnehave
rounds-kit-type = Kassetype
rounds-loan-first = Første dag
rounds-loan-last = Sidste dag
rounds-remove = Tag lånet ud af forslaget
rounds-remove-lead = Børnehaven får at vide, at lånet blev taget væk i hånden, når du offentliggør.
rounds-remove-do = Tag det ud
rounds-list-title = Ønsk kasser: { $round }
rounds-list-units = Dine børnehaver
rounds-list-coming = Ønskerne åbner { $day }. Da får I en mail.
rounds-list-open = Sæt den vigtigste kasse først. I kan højst ønske { $most } kasser, og rette til og med { $day }. Alle i teamet skriver på den samme liste.
rounds-list-closed = Ønskerne er inde. I får en mail, når kasserne er fordelt.
rounds-list-cancelled = Runden er aflyst. Book som sædvanligt i kataloget.
rounds-list-heading = Jeres liste
rounds-list-empty = I har ikke ønsket noget endnu.
rounds-list-full = Listen er fuld, { $most } kasser. Fjern en, hvis I hellere vil have en anden.
rounds-wish-up = Op
rounds-wish-down = Ned
rounds-wish-remove = Fjern
rounds-wish-add = Tilføj en kasse
rounds-wish-add-do = Sæt på listen
rounds-wish-earliest = Tidligst
rounds-wish-latest = Senest færdig
rounds-wish-any = Lige meget
rounds-wish-days = Hvor længe
rounds-wish-longest = Så længe som muligt
rounds-wish-saved = Listen gemmes med det samme. Der er intet at sende ind.
rounds-weeks-any = Når som helst i terminen
rounds-weeks-from = Fra { $week }
rounds-weeks-until = Til { $week }
rounds-length = { $count ->
    [one] 1 uge
   *[other] { $count } uger
  }
rounds-length-days = { $count ->
    [one] 1 dag
   *[other] { $count } dage
  }
rounds-result-title = Sådan blev det
rounds-result-none = I ønskede ikke noget denne gang.
rounds-result-given = Booket
rounds-result-queue = Stil jer i kø
rounds-result-free = Se ledige uger
rounds-notice-open = Nu kan I ønske kasser: { $round }. Sidste dag er { $day }.
rounds-notice-published = Kasserne er fordelt: { $round }. Ønskerne lukkede { $day }.
rounds-notice-link-open = Lav jeres liste
rounds-notice-link-published = Se, hvad I fik
rounds-how = Sådan fordeler vi
rounds-how-1 = Det går tur for tur. I hver tur får en børnehave højst én kasse. Ingen får sin anden kasse, før alle, der kan få en, har fået deres første.
rounds-how-2 = I hver tur går den børnehave forrest, der har fået mindst: lånene i det seneste år, dem der allerede er booket, og det, runden har givet.
rounds-how-3 = Har flere fået lige meget, afgør loddet. Lodnummeret trækkes, når runden laves, før nogen har ønsket.
rounds-how-4 = Når det er jeres tur, prøver vi jeres liste oppefra. I får den første kasse, der er ledig i jeres uger, så tidligt som muligt, og helst ikke samtidig med en anden.
rounds-how-5 = Den, der fordeler, kan rette i hånden. Det, der ikke rakte, får I at vide hvorfor.
flash-round-added = Runden er gemt.
flash-round-cancelled = Runden er aflyst.
flash-allocated = Kasserne er fordelt. Se forslaget igennem, før du offentliggør.
flash-published = Lånene er booket, og mailene er på vej.
rounds-reason-full = alle kasser er optaget de uger
rounds-reason-at_once = I har allerede så mange kasser, som må lånes på én gang, i de uger
rounds-reason-closed = lageret har ikke åbent for et så langt lån de uger
rounds-reason-retired = kassen lånes ikke ud længere
rounds-reason-no_kits = der er ingen sådan kasse at låne
rounds-reason-removed = den, der fordeler, tog den væk i hånden
event-round-added = Runden blev tilføjet
event-round-changed = Runden blev ændret
event-round-opened = Ønskerne åbnede
event-round-wishes_changed = En børnehave ændrede sine ønsker
event-round-closed = Ønskerne blev lukket
event-round-allocated = Kasserne blev fordelt
event-round-adjusted = Fordelingen blev ændret i hånden
event-round-published = Fordelingen blev offentliggjort
event-round-cancelled = Runden blev aflyst
