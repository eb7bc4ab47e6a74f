queue-join = Stil jer i kø til { $kit }
queue-join-lead = Sig, hvilke uger der passer. Når en kasse bliver ledig da, får I den tilbudt.
queue-join-do = Stil jer i kø
queue-link = Stil jer i kø
queue-earliest = Fra uge
queue-latest = Til uge
queue-latest-hint = Sidste uge til at aflevere kassen. Jo flere uger I vælger, desto større er chancen.
queue-length = Hvor længe vil I låne?
queue-how = Sådan går køen
queue-how-1 = Den børnehave, der har lånt mindst det seneste år, går først. Har to lånt lige meget, går den først, der spurgte først.
queue-how-2 = I får en mail, når en kasse er ledig til jer. Den holdes i 48 timer, regnet på dage, hvor vi har åbent, men ikke længere end til lånet begynder.
queue-how-3 = Siger I nej, eller svarer I ikke, går den til den næste.
queue-line = Køen lige nu
queue-line-none = Ingen står i kø.
queue-line-wish = Ønsker
queue-line-why = Hvorfor
queue-line-status = Status
queue-wish = { $weeks }, { $length }
queue-length-weeks = { $count ->
    [one] én uge
   *[other] { $count } uger
  }
queue-length-days = { $count ->
    [one] én dag
   *[other] { $count } dage
  }
queue-place = Plads { $place } af { $of }
queue-reason = { $had ->
    [0] Ingen lån det seneste år
    [one] Ét lån det seneste år, med bookede
   *[other] { $had } lån det seneste år, med bookede
  }. Spurgte { $asked }.
queue-status-waiting = I kø
queue-status-offered = Tilbud
queue-status-taken = Booket
queue-status-declined = Afslået
queue-status-lapsed = Tiden løb ud
queue-status-withdrawn = Forlod køen
queue-status-passed = Ingen kasse blev ledig
queue-offers = Tilbud til jer
queue-mine = I kø
queue-offer = Nu kan I låne { $kit }
queue-offer-lead = Vi holder kassen til jer indtil { $until }. Så går den til den næste i køen.
queue-offer-at-risk = Kassen er forsinket. Siger I ja, finder vi en anden, men det er ikke sikkert, at det går.
queue-take = Tag imod tilbuddet
queue-decline = Sig nej tak
queue-answer-by = Svar senest { $until }
queue-wished = I ønsker
queue-your-place = Jeres plads
queue-outlook = Sådan ser det ud
queue-blocked = I får intet tilbud, før jeres forsinkede evaluering er sendt. I beholder jeres plads.
queue-if-on-time = Tidligst { $weeks }, hvis alle afleverer til tiden.
queue-unless-called-off = Ingen kasse bliver ledig i jeres uger, som det ser ud nu. Afbestiller nogen, går den til den, der står først.
queue-instead = Vil I ikke vente? Ledigt { $weeks } ({ $days }).
queue-instead-do = Book { $weeks }
queue-leave = Forlad køen
queue-declined-text = I sagde nej tak, og kassen gik til den næste i køen.
queue-lapsed-text = Tilbuddet udløb uden svar, og kassen går til den næste i køen.
queue-withdrawn-text = I har forladt køen.
queue-passed-text = Ugerne er gået, og ingen kasse blev ledig.
queue-taken-text = I tog imod tilbuddet. Kassen er booket.
queue-see-loan = Se lånet
queue-again = Stil jer i kø igen
queue-kit-page = Se, hvornår kassen er ledig
flash-queued = I står i kø. Vi mailer, når en kasse er ledig til jer.
flash-declined = I har sagt nej tak, og kassen går til den næste i køen.
flash-withdrawn = I har forladt køen.
