kits-screen-none = Utan skärm
kits-catalogue = Hitta en låda
kits-catalogue-lead = Välj vecka, så ser du vad som är ledigt.
kits-filter = Sök bland lådorna
kits-age = Barnens ålder
kits-screen = Skärm
kits-filter-show = Visa lådor
kits-filter-clear = Visa alla
kits-none = Ingen låda passar
kits-none-text = Prova en annan vecka, eller ta bort något av valen.
kits-back = Alla lådor
kits-next = Nästa lediga tid
kits-book = Boka { $weeks }
kits-no-next = Allt är upptaget just nu
kits-no-next-text = Titta igen om några dagar. Tider blir lediga när någon avbokar.
kits-no-open-day = Lagret är stängt hela tiden som går att boka
kits-no-open-day-text = Titta igen senare, eller välj en annan låda.
kits-no-kits = Det finns inga lådor av den här typen än
kits-no-kits-text = Titta igen senare, eller välj en annan låda.
kits-retired = Den här lådan lånas inte ut längre
kits-retired-text = Välj en annan låda.
kits-weeks = Välj första vecka
kits-book-from = Boka
kits-more-weeks = Visa fler veckor
kits-facts = Om lådan
kits-fact-age = Ålder
kits-fact-screen = Skärm
kits-fact-power = Ström
kits-fact-loan = Lånetid
kits-fact-total = Antal lådor
kits-contents = Det här ligger i lådan
kits-line = Del
kits-quantity = Antal
kits-week-free = { $count ->
    [one] En ledig
   *[other] { $count } lediga
  }
kits-period-free = Ledig { $weeks }
kits-period-no-kits = Inga lådor än
kits-period-none = Inget ledigt än
kits-screen-partly = Delvis skärm
kits-screen-screen = Med skärm
kits-filter-any = Alla
kits-found = Lådor
kits-more = Visa fler lådor
kits-weeks-lead = Ett lån är { $days } dagar. Här ser du när det kan börja.
kits-fact-loan-days = { $days ->
    [one] en dag
   *[other] { $days } dagar
  }
kits-week-closed = Stängt: { $why }
kits-week-ends-closed = Slutar { $day }. { $why }
kits-week-shorter = Ledig till { $day }. Sedan är det stängt.
kits-week-full = { $count ->
    [one] Upptagen
   *[other] Alla { $count } är upptagna
  }
kits-period-count = { $count ->
    [one] En ledig { $weeks }
   *[other] { $count } lediga { $weeks }
  }
kits-get-started = Kom igång
kits-consumable = förbrukas
kits-age-years = { $age } år
kits-age-from = från { $from } år
kits-age-to = till { $to } år
kits-age-between = { $from }–{ $to } år
kits-age-any = alla åldrar
kits-status-available = På hyllan
kits-status-ready = Framplockad
kits-status-out = Utlånad
kits-status-received = Väntar på utvärdering
kits-status-in_turnaround = Görs i ordning
kits-status-retired = Ur bruk
kits-tips = Tips från kollegor
kits-q = Sök namn, del eller något ni vill göra
kits-search = Sök
kits-filters = Välj ålder, skärm och veckor
kits-filters-chosen = { $count ->
    [one] ett val
   *[other] { $count } val
  }
kits-from-week = Ledig från
kits-to-week = Till och med
kits-week-any = När som helst
kits-week-loan = Hela lånetiden
kits-week-from = från { $week }
kits-chosen = Era val
kits-chosen-remove = Ta bort valet
kits-chosen-free = ledig { $weeks }
kits-found-for = Lådor för ”{ $words }”
kits-found-partly = Ingen låda har alla orden. De här har något av dem.
kits-none-for = Inget för ”{ $words }”
kits-none-text-for = Prova ett kortare ord, eller ta bort något av valen.
kits-near = Menade ni någon av de här?
kits-wished = De veckor ni valde
kits-opinion-easy = { $count ->
    [one] Lätt att komma igång: { $mean } av 5 (ett svar)
   *[other] Lätt att komma igång: { $mean } av 5 ({ $count } svar)
  }
kits-opinion-again = { $share } skulle låna igen
kits-opinion-of-five = { $mean } av 5
kits-said = Så tycker de som har lånat
kits-said-count = { $count ->
    [one] en utvärdering
   *[other] { $count } utvärderingar
  }
kits-pictures = Bilder
kits-status-in_service = På vård
kits-power-none = ingenting eget
kits-power-batteries = batterier som byts
kits-power-rechargeable = batterier som laddas
kits-power-mains = nätdel
