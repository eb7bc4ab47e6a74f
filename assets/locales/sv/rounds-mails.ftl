mail-round-opened-subject = Önska digilådor inför { $round }
mail-round-opened-body =
    Hej { $unit }!

    Nu kan ni önska vilka digilådor ni vill låna: { $round }. Lägg upp till { $most } lådor på er lista, den viktigaste först. Alla i arbetslaget skriver på samma lista.

    Sista dagen är { $closes }. Sedan fördelas lådorna. Det spelar ingen roll vem som är först.

    { $link }
mail-round-result-subject = Det här får ni låna: { $round }
mail-round-result-body =
    Hej { $unit }!

    Nu är digilådorna fördelade. Det här blev det för er:

    { $result }

    Lånen är bokade. Behöver ni inte en låda? Avboka den, så kan någon annan låna den. Här ser ni allt:
    { $link }
mail-round-given = ✓ { $type }, { $weeks }: { $first } till { $last }
mail-round-nothing = Tyvärr räckte lådorna inte till er den här gången. Den som har fått minst går före nästa gång.
mail-round-refused = – { $type }: { $reason }
