# Statistik: kassetyper sammenlignet, lighed og betaling.
nav-statistics = Statistik
reports-title = Statistik
reports-pages = Statistikkens sider
reports-kit-types = Kassetyper
reports-equity = Lighed
reports-payments = Betaling
reports-terms = Vælg halvår
reports-from = Fra halvår
reports-to = Til halvår
reports-show = Vis
reports-period = { $from } til { $to }
reports-none = Intet at tælle endnu
reports-none-text = Tallene kommer, når kasser er lånt ud og evalueret i disse halvår.
reports-none-type = Ingen har evalueret kassetypen i disse halvår. Vælg flere halvår, eller vent på svar.
reports-sum-loans = lån, der begyndte og blev udleveret
reports-sum-evaluations = evalueringer, der kom ind
reports-sum-used = af dem siger, at kassen blev brugt
reports-sum-children = børn fik prøvet
reports-sum-waiting = venter i køen nu
reports-sum-again = ville låne igen, af { $count }, der svarede
reports-sum-wait = i køen til lånets begyndelse, i midten (median)
reports-sum-refused = { $count ->
    [one] uger ønsket forgæves, i ét ønske
   *[other] uger ønsket forgæves, i { $count } ønsker
  }
reports-sum-lost = { $count ->
    [one] manglende eller ødelagt del pr. 10 lån (én i alt)
   *[other] manglende eller ødelagte dele pr. 10 lån ({ $count } i alt)
  }
reports-sum-cost = for dele, der mangler, er i stykker eller brugt op
reports-days = { $days ->
    [1] 1 dag
   *[other] { $days } dage
  }
reports-plot = Efterspørgsel og nytte
reports-plot-text = Til højre står kassetyper, der ønskes oftere end den midterste, regnet pr. kasse. Øverst står dem, der i gennemsnit fik mindst 4 på spørgsmålet om nytte. Tabellen nedenfor har alle tal.
reports-plot-none = Ingen kassetype har endnu fem svar på spørgsmålet om nytte i disse halvår.
reports-demand = Lån og afviste ønsker pr. kasse
reports-worth = Nytte, 1–5
reports-dot = { $name }: { $demand } ønsker pr. kasse, nytte { $worth }
reports-untold = Færre end fem svar om nytte: { $names }
reports-advice = Forslag
reports-advice-buy_more = Køb flere
reports-advice-spread = Spred viden
reports-advice-keep = Behold
reports-advice-phase_out = Udfas
reports-compared = Sammenlign kassetyper
reports-kit-type = Kassetype
reports-retired = lånes ikke ud mere
reports-col-loans = Lån
reports-col-evaluations = Svar
reports-col-used = Brugt
reports-col-children = Børn
reports-col-fun = Sjovt
reports-col-easy = Let at begynde
reports-col-worth = Nytte
reports-col-again = Låner igen
reports-col-waiting = I kø nu
reports-col-refused = Afviste uger
reports-col-lost = Mangler pr. 10 lån
reports-col-cost = Pris
reports-compared-note = Tryk på en overskrift for at sortere. Gennemsnit er af 5, med antal svar i parentes; ”ved ikke” tæller ikke. En streg betyder færre end fem svar. Afviste uger er ønsker i køen og i runder, som der ingen kasse var til. Mangler er dele, der er meldt manglende eller ødelagt og ikke fundet.
reports-back = Alle kassetyper
reports-see-kit-type = Om kassen
reports-all-evaluations = Læs evalueringerne
reports-trend = Halvår for halvår
reports-term = Halvår
reports-trend-note = Lån tæller i det halvår, de begyndte, svar i det halvår, de kom ind.
reports-thought = Hvad de syntes
reports-how = Hvordan de gjorde
reports-n = { $count ->
    [one] ét svar
   *[other] { $count } svar
  }
reports-chosen = { $count ->
    [one] Ét kryds
   *[other] { $count } krydser
  }
reports-too-few = For få svar til et gennemsnit ({ $count })
reports-too-few-chosen = For få svar til at blive vist ({ $count })
reports-mean = af 5 i gennemsnit
reports-unknown = Ved ikke: { $count }
reports-signs-lacking = En stribet firkant i en tekst er et tegn, som ikke findes i udskriftens skrifttype. I Digilador står hele teksten.
reports-quotes = Med egne ord
reports-areas = Område for område
reports-area = Område
reports-no-area = Uden område
reports-units = Børnehaver
reports-per-100 = Lån pr. 100 børn
reports-without = Uden lån i 12 måneder
reports-won = Opfyldte ønsker
reports-wait = Ventetid i køen
reports-areas-note = Lån pr. 100 børn regner kun med børnehaver, der har oplyst deres børnetal. Ønsker er pladser i køen og ønsker i runder, der er afgjort. Ventetiden er medianen fra plads i køen til lånets første dag.
reports-to-call = At ringe til
reports-to-call-text = Disse børnehaver har ikke haft noget lån i 12 måneder.
reports-nobody-to-call = Alle børnehaver har haft lån de seneste 12 måneder.
reports-unit = Børnehave
reports-children = Børn
reports-newest = Seneste lån
reports-never = Aldrig
reports-by-unit = Børnehave for børnehave
reports-all-to-call = { $count } dagtilbud at ringe til: alle står først i listen dagtilbud for dagtilbud
reports-no-units = Ingen børnehaver
reports-no-units-text = Tallene kommer, når børnehaverne er lagt ind.
reports-paid = lån blev afsluttet med en evaluering
reports-paid-days = fra afleveret kasse til evaluering, i midten (median)
reports-paid-on-time = kom til tiden
reports-released = lån blev eftergivet
reports-overdue = kasser er tilbage med sen evaluering i dag
reports-days-to-pay = Hvor længe det tog
reports-took-at-once = Samme dag, eller allerede før
reports-took-3 = 1–3 dage
reports-took-7 = 4–7 dage
reports-took-14 = 8–14 dage
reports-took-28 = 15–28 dage
reports-took-later = Længere
reports-days-note = Dage fra kassen kom tilbage, til evalueringen kom ind, for lån, der blev afsluttet i disse halvår.
reports-releases = Eftergivne lån
reports-released-count = { $count ->
    [one] ét lån
   *[other] { $count } lån
  }
reports-released-more = { $count ->
    [one] Og ét til, ældre.
   *[other] Og { $count } til, ældre.
  }
reports-no-releases = Intet lån er eftergivet i disse halvår.
reports-somebody = En, der ikke er her mere
reports-loans = Lånene bag tallet
reports-loans-of = Lånene bag tallet: { $whose }
reports-loans-began = Lån, der begyndte i disse halvår, og hvis kasse blev udleveret, det nyeste først.
reports-loans-paid = Lån, der blev færdige i disse halvår med en evaluering, det seneste først.
reports-loans-released = Lån, der blev færdige i disse halvår uden evaluering: nogen eftergav den. Det seneste først.
reports-loans-overdue = Lån, hvis kasse er tilbage, og hvis evaluering er forsinket i dag, uanset halvår.
reports-kit = Kasse
reports-weeks = Uger
reports-status = Tilstand
reports-evaluation = Evaluering
reports-no-loans = Ingen lån
reports-no-loans-text = Intet lån passer til det, tallet tæller.
