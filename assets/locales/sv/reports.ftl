# Statistik: lådtyper jämförda, likvärdighet och betalning.
nav-statistics = Statistik
reports-title = Statistik
reports-pages = Statistikens sidor
reports-kit-types = Lådtyper
reports-equity = Likvärdighet
reports-payments = Betalning
reports-terms = Välj terminer
reports-from = Från termin
reports-to = Till termin
reports-show = Visa
reports-period = { $from } till { $to }
reports-none = Inget att räkna än
reports-none-text = Siffrorna kommer när lådor har lånats ut och utvärderats under de här terminerna.
reports-none-type = Ingen har utvärderat lådtypen under de här terminerna. Välj fler terminer, eller vänta in svaren.
reports-sum-loans = lån som började och lämnades ut
reports-sum-evaluations = utvärderingar som kom in
reports-sum-used = av dem säger att lådan användes
reports-sum-children = barn fick prova
reports-sum-waiting = väntar i kön nu
reports-sum-again = skulle låna igen, av { $count } som svarade
reports-sum-wait = i kön till lånets början, i mitten (median)
reports-sum-refused = { $count ->
    [one] veckor som önskades förgäves, i en önskan
   *[other] veckor som önskades förgäves, i { $count } önskningar
  }
reports-sum-lost = { $count ->
    [one] saknad eller trasig del per 10 lån (en i allt)
   *[other] saknade eller trasiga delar per 10 lån ({ $count } i allt)
  }
reports-sum-cost = för delar som saknas, gått sönder eller tagit slut
reports-days = { $days ->
    [1] 1 dag
   *[other] { $days } dagar
  }
reports-plot = Efterfrågan och nytta
reports-plot-text = Till höger står lådtyper som önskas oftare än den mellersta, räknat per låda. Överst står de som i medel fick minst 4 på frågan om nytta. Tabellen nedanför har alla siffror.
reports-plot-none = Ingen lådtyp har än fem svar på frågan om nytta under de här terminerna.
reports-demand = Lån och nekade önskningar per låda
reports-worth = Nytta, 1–5
reports-dot = { $name }: { $demand } önskningar per låda, nytta { $worth }
reports-untold = Färre än fem svar om nytta: { $names }
reports-advice = Förslag
reports-advice-buy_more = Köp fler
reports-advice-spread = Sprid kunskap
reports-advice-keep = Behåll
reports-advice-phase_out = Fasa ut
reports-compared = Jämför lådtyper
reports-kit-type = Lådtyp
reports-retired = lånas inte ut längre
reports-col-loans = Lån
reports-col-evaluations = Svar
reports-col-used = Använd
reports-col-children = Barn
reports-col-fun = Roligt
reports-col-easy = Lätt att börja
reports-col-worth = Nytta
reports-col-again = Lånar igen
reports-col-waiting = I kö nu
reports-col-refused = Nekade veckor
reports-col-lost = Saknat per 10 lån
reports-col-cost = Kostnad
reports-compared-note = Tryck på en rubrik för att sortera. Medelvärden är av 5, med antalet svar inom parentes; ”vet inte” räknas inte. Ett streck betyder färre än fem svar. Nekade veckor är önskningar i kön och i omgångar som ingen låda fanns till. Saknat är delar som anmälts saknade eller trasiga och inte hittats.
reports-back = Alla lådtyper
reports-see-kit-type = Om lådan
reports-all-evaluations = Läs utvärderingarna
reports-trend = Termin för termin
reports-term = Termin
reports-trend-note = Lån räknas till terminen de började, svar till terminen de kom in.
reports-thought = Vad de tyckte
reports-how = Hur de gjorde
reports-n = { $count ->
    [one] ett svar
   *[other] { $count } svar
  }
reports-chosen = { $count ->
    [one] Ett kryss
   *[other] { $count } kryss
  }
reports-too-few = För få svar för medelvärde ({ $count })
reports-too-few-chosen = För få svar för att visas ({ $count })
reports-mean = av 5 i medel
reports-unknown = Vet inte: { $count }
reports-signs-lacking = En randig ruta i en text är ett tecken som inte finns i utskriftens typsnitt. I Digilador finns texten hel.
reports-quotes = Med egna ord
reports-areas = Område för område
reports-area = Område
reports-no-area = Utan område
reports-units = Förskolor
reports-per-100 = Lån per 100 barn
reports-without = Utan lån i 12 månader
reports-won = Önskningar som gick i uppfyllelse
reports-wait = Väntan i kön
reports-areas-note = Lån per 100 barn räknar bara förskolor som har angett sitt barnantal. Önskningar är köplatser och önskningar i omgångar som är avgjorda. Väntan är medianen från köplats till lånets första dag.
reports-to-call = Att ringa
reports-to-call-text = De här förskolorna har inte haft något lån på 12 månader.
reports-nobody-to-call = Alla förskolor har haft lån de senaste 12 månaderna.
reports-unit = Förskola
reports-children = Barn
reports-newest = Senaste lånet
reports-never = Aldrig
reports-by-unit = Förskola för förskola
reports-all-to-call = { $count } förskolor att ringa: alla står först i listan förskola för förskola
reports-no-units = Inga förskolor
reports-no-units-text = Siffrorna kommer när förskolorna är inlagda.
reports-paid = lån blev klara med en utvärdering
reports-paid-days = från återlämnad låda till utvärdering, i mitten (median)
reports-paid-on-time = kom in i tid
reports-released = lån efterskänktes
reports-overdue = lådor är tillbaka med sen utvärdering i dag
reports-days-to-pay = Hur länge det tog
reports-took-at-once = Samma dag, eller redan före
reports-took-3 = 1–3 dagar
reports-took-7 = 4–7 dagar
reports-took-14 = 8–14 dagar
reports-took-28 = 15–28 dagar
reports-took-later = Längre
reports-days-note = Dagar från det att lådan kom tillbaka till det att utvärderingen kom in, för lån som blev klara under de här terminerna.
reports-releases = Efterskänkta lån
reports-released-count = { $count ->
    [one] ett lån
   *[other] { $count } lån
  }
reports-released-more = { $count ->
    [one] Och ett till, äldre.
   *[other] Och { $count } till, äldre.
  }
reports-no-releases = Inget lån har efterskänkts under de här terminerna.
reports-somebody = Någon som inte är kvar
reports-loans = Lånen bakom siffran
reports-loans-of = Lånen bakom siffran: { $whose }
reports-loans-began = Lån som började under de här terminerna och vars låda lämnades ut, det nyaste först.
reports-loans-paid = Lån som blev klara under de här terminerna med en utvärdering, det senaste först.
reports-loans-released = Lån som blev klara under de här terminerna utan utvärdering: någon efterskänkte den. Det senaste först.
reports-loans-overdue = Lån vars låda är tillbaka och vars utvärdering är sen i dag, vilken termin de än hör till.
reports-kit = Låda
reports-weeks = Veckor
reports-status = Läge
reports-evaluation = Utvärdering
reports-no-loans = Inga lån
reports-no-loans-text = Inget lån passar det som siffran räknar.
