kits-screen-none = Uden skærm
kits-catalogue = Find en kasse
kits-catalogue-lead = Vælg uge, så ser du, hvad der er ledigt.
kits-filter = Søg blandt kasserne
kits-age = Børnenes alder
kits-screen = Skærm
kits-filter-show = Vis kasser
kits-filter-clear = Vis alle
kits-none = Ingen kasse passer
kits-none-text = Prøv en anden uge, eller fjern et af valgene.
kits-back = Alle kasser
kits-next = Næste ledige periode
kits-book = Book { $weeks }
kits-no-next = Alt er optaget lige nu
kits-no-next-text = Kig igen om nogle dage. Der bliver ledigt, når nogen afbestiller.
kits-no-open-day = Lageret er lukket hele den tid, der kan bookes
kits-no-open-day-text = Kig igen senere, eller vælg en anden kasse.
kits-no-kits = Der er ingen kasser af denne type endnu
kits-no-kits-text = Kig igen senere, eller vælg en anden kasse.
kits-retired = Denne kasse lånes ikke ud mere
kits-retired-text = Vælg en anden kasse.
kits-weeks = Vælg første uge
kits-book-from = Book
kits-more-weeks = Vis flere uger
kits-facts = Om kassen
kits-fact-age = Alder
kits-fact-screen = Skærm
kits-fact-power = Strøm
kits-fact-loan = Lånetid
kits-fact-total = Antal kasser
kits-contents = Det ligger i kassen
kits-line = Del
kits-quantity = Antal
kits-week-free = { $count ->
    [one] Én ledig
   *[other] { $count } ledige
  }
kits-period-free = Ledig { $weeks }
kits-period-no-kits = Ingen kasser endnu
kits-period-none = Intet ledigt endnu
kits-screen-partly = Skærm en gang imellem
kits-screen-screen = Med skærm
kits-filter-any = Alle
kits-found = Kasser
kits-more = Vis flere kasser
kits-weeks-lead = Et lån er { $days } dage. Her kan du se, hvornår det kan begynde.
kits-fact-loan-days = { $days ->
    [one] en dag
   *[other] { $days } dage
  }
kits-week-closed = Lukket: { $why }
kits-week-ends-closed = Slutter { $day }. { $why }
kits-week-shorter = Ledig til { $day }. Derefter er der lukket.
kits-week-full = { $count ->
    [one] Optaget
   *[other] Alle { $count } er optaget
  }
kits-period-count = { $count ->
    [one] En ledig { $weeks }
   *[other] { $count } ledige { $weeks }
  }
kits-get-started = Kom i gang
kits-consumable = bruges op
kits-age-years = { $age } år
kits-age-from = fra { $from } år
kits-age-to = til { $to } år
kits-age-between = { $from }–{ $to } år
kits-age-any = alle aldre
kits-status-available = På hylden
kits-status-ready = Fundet frem
kits-status-out = Udlånt
kits-status-received = Venter på evaluering
kits-status-in_turnaround = Gøres klar
kits-status-retired = Taget ud af brug
kits-tips = Tips fra kolleger
kits-q = Søg på navn, del eller noget I vil lave
kits-search = Søg
kits-filters = Vælg alder, skærm og uger
kits-filters-chosen = { $count ->
    [one] et valg
   *[other] { $count } valg
  }
kits-from-week = Ledig fra
kits-to-week = Til og med
kits-week-any = Når som helst
kits-week-loan = Hele lånetiden
kits-week-from = fra { $week }
kits-chosen = Jeres valg
kits-chosen-remove = Fjern valget
kits-chosen-free = ledig { $weeks }
kits-found-for = Kasser for »{ $words }«
kits-found-partly = Ingen kasse har alle ordene. De her har nogle af dem.
kits-none-for = Intet for »{ $words }«
kits-none-text-for = Prøv et kortere ord, eller fjern nogle af valgene.
kits-near = Mente I en af disse?
kits-wished = De uger I valgte
kits-opinion-easy = { $count ->
    [one] Let at komme i gang: { $mean } af 5 (et svar)
   *[other] Let at komme i gang: { $mean } af 5 ({ $count } svar)
  }
kits-opinion-again = { $share } ville låne den igen
kits-opinion-of-five = { $mean } af 5
kits-said = Det synes de, der har lånt
kits-said-count = { $count ->
    [one] en evaluering
   *[other] { $count } evalueringer
  }
kits-pictures = Billeder
kits-status-in_service = Til vedligehold
kits-power-none = intet eget
kits-power-batteries = batterier, der skiftes
kits-power-rechargeable = batterier, der oplades
kits-power-mains = netstrøm
