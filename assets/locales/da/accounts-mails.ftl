# Mailen, der logger nogen ind. Koden står først, så den ses i listen over mails.
mail-sign_in-subject = { $code } er din kode til digikasserne
mail-sign_in-body =
    Hej!

    Din kode er { $code }

    Skriv den på siden, hvor du logger ind, eller åbn linket:
    { $link }

    Koden og linket gælder i { $minutes } minutter og kan bruges én gang.

    Du får denne mail, fordi nogen skrev din adresse på login-siden. Var det ikke dig? Så behøver du ikke gøre noget.
