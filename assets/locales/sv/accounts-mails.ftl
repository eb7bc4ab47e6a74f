# Mejlet som loggar in någon. Koden står först, så att den syns i listan över mejl.
mail-sign_in-subject = { $code } är din kod till digilådorna
mail-sign_in-body =
    Hej!

    Din kod är { $code }

    Skriv den på sidan där du loggar in, eller öppna länken:
    { $link }

    Koden och länken gäller i { $minutes } minuter och kan användas en gång.

    Du får det här mejlet för att någon skrev din adress på inloggningssidan. Var det inte du? Då behöver du inte göra något.
