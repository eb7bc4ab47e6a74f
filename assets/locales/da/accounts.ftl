accounts-sign-in = Log ind
accounts-sign-in-lead = Du behøver ingen adgangskode. Vi mailer dig en kode.
accounts-email = Din arbejdsmail
accounts-email-hint = For eksempel navn@kommune.dk
accounts-send-code = Send koden
accounts-code-title = Se i din mail
accounts-code-lead = Hvis vi kender { $email }, har vi sendt en kode dertil.
accounts-code = Kode
accounts-code-hint = { $minutes ->
    [one] Seks cifre. Koden gælder i ét minut.
   *[other] Seks cifre. Koden gælder i { $minutes } minutter.
  }
accounts-code-none = Kom der ingen kode?
accounts-code-none-text = Vent et minut, og kig i spamfilteret. Kom der stadig intet, kan adressen være skrevet forkert eller ikke oprettet endnu.
accounts-code-again = Skriv adressen igen
accounts-link-title = Du er næsten inde
accounts-link-lead = Tryk på knappen, så er du logget ind. Knappen er der, for at mailens filter ikke skal bruge dit link.
accounts-choose-title = Vælg organisation
accounts-choose-lead = Din mailadresse findes hos flere organisationer. Vælg den, du skal arbejde i nu. Du kan skifte, når du vil.
