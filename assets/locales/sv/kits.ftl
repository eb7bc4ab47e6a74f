kits-screen-none = Utan skärm
kits-screen-some = Delvis skärm
kits-screen-yes = Med skärm
kits-catalogue = Hitta en låda
kits-catalogue-lead = Välj vecka, så ser du vad som är ledigt.
kits-filter = Sök bland lådorna
kits-q = Sök
kits-age = Barnens ålder
kits-screen = Skärm
kits-week = Ledig från
kits-filter-show = Visa lådor
kits-filter-clear = Visa alla
kits-count = { $count ->
    [one] En låda
   *[other] { $count } lådor
  }
kits-none = Ingen låda passar
kits-none-text = Prova en annan vecka, eller ta bort något av valen.
kits-back = Alla lådor
kits-next = Nästa lediga tid
kits-book = Boka { $weeks }
kits-book-sign-in = Logga in och boka
kits-no-next = Allt är upptaget just nu
kits-no-next-text = Titta igen om några dagar. Tider blir lediga när någon avbokar.
kits-weeks = Välj första vecka
kits-weeks-lead = { $weeks ->
    [one] Ett lån är en vecka. Här ser du när det kan börja.
   *[other] Ett lån är { $weeks } veckor. Här ser du när det kan börja.
  }
kits-book-from = Boka
kits-more-weeks = Visa fler veckor
kits-facts = Om lådan
kits-fact-age = Ålder
kits-fact-screen = Skärm
kits-fact-power = Ström
kits-fact-loan = Lånetid
kits-fact-loan-weeks = { $weeks ->
    [one] en vecka
   *[other] { $weeks } veckor
  }
kits-fact-total = Antal lådor
kits-contents = Det här ligger i lådan
kits-line = Del
kits-quantity = Antal
kits-scores = Så tycker förskolorna
kits-scores-lead = { $count ->
    [one] Medel av ett svar.
   *[other] Medel av { $count } svar.
  }
kits-tips = Tips från kollegor
kits-tips-none = Inga tips än. Bli den första att prova.
kits-week-free = { $count ->
    [one] En ledig
   *[other] { $count } lediga
  }
kits-week-full = Upptagen
kits-week-closed = Stängt: { $reason }
kits-period-free = Ledig { $weeks }
kits-period-none = Inget ledigt än
kits-opinion = { $count } förskolor: lätt att komma igång { $mean } av 5
kits-status-lendable = På hyllan
kits-status-out = Utlånad
kits-status-check = Ska kontrolleras
kits-status-waiting = Väntar på utvärdering
kits-status-service = På lagning
kits-status-retired = Utrangerad
