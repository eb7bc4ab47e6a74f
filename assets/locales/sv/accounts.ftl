accounts-sign-in = Logga in
accounts-sign-in-lead = Du behöver inget lösenord. Vi mejlar dig en kod.
accounts-email = Din e-postadress i arbetet
accounts-email-hint = Till exempel namn@kommun.se
accounts-send-code = Skicka koden
accounts-code-title = Titta i din e-post
accounts-code-lead = Om { $email } finns hos oss har vi skickat en kod dit.
accounts-code = Kod
accounts-code-hint = { $minutes ->
    [one] Sex siffror. Koden gäller i en minut.
   *[other] Sex siffror. Koden gäller i { $minutes } minuter.
  }
accounts-code-none = Kom det ingen kod?
accounts-code-none-text = Vänta en minut och titta i skräpposten. Kom det ändå inget, kan adressen vara felskriven eller inte inlagd än.
accounts-code-again = Skriv adressen igen
accounts-link-title = Du är nästan inne
accounts-link-lead = Tryck på knappen, så är du inloggad. Knappen finns för att e-postens filter inte ska förbruka din länk.
accounts-choose-title = Välj organisation
accounts-choose-lead = Din e-postadress finns hos flera organisationer. Välj den du ska arbeta i nu. Du kan byta när du vill.
