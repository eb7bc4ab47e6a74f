kits-screen-none = Uden skærm
kits-screen-some = Delvis skærm
kits-screen-yes = Med skærm
kits-catalogue = Find en kasse
kits-catalogue-lead = Vælg uge, så ser du, hvad der er ledigt.
kits-filter = Søg blandt kasserne
kits-q = Søg
kits-age = Børnenes alder
kits-screen = Skærm
kits-week = Ledig fra
kits-filter-show = Vis kasser
kits-filter-clear = Vis alle
kits-count = { $count ->
    [one] Én kasse
   *[other] { $count } kasser
  }
kits-none = Ingen kasse passer
kits-none-text = Prøv en anden uge, eller fjern et af valgene.
kits-back = Alle kasser
kits-next = Næste ledige periode
kits-book = Book { $weeks }
kits-book-sign-in = Log ind og book
kits-no-next = Alt er optaget lige nu
kits-no-next-text = Kig igen om nogle dage. Der bliver ledigt, når nogen afbestiller.
kits-weeks = Vælg første uge
kits-weeks-lead = { $weeks ->
    [one] Et lån er én uge. Her ser du, hvornår det kan begynde.
   *[other] Et lån er { $weeks } uger. Her ser du, hvornår det kan begynde.
  }
kits-book-from = Book
kits-more-weeks = Vis flere uger
kits-facts = Om kassen
kits-fact-age = Alder
kits-fact-screen = Skærm
kits-fact-power = Strøm
kits-fact-loan = Lånetid
kits-fact-loan-weeks = { $weeks ->
    [one] én uge
   *[other] { $weeks } uger
  }
kits-fact-total = Antal kasser
kits-contents = Det ligger i kassen
kits-line = Del
kits-quantity = Antal
kits-scores = Det mener børnehaverne
kits-scores-lead = { $count ->
    [one] Gennemsnit af ét svar.
   *[other] Gennemsnit af { $count } svar.
  }
kits-tips = Tips fra kolleger
kits-tips-none = Ingen tips endnu. Bliv den første, der prøver.
kits-week-free = { $count ->
    [one] Én ledig
   *[other] { $count } ledige
  }
kits-week-full = Optaget
kits-week-closed = Lukket: { $reason }
kits-period-free = Ledig { $weeks }
kits-period-none = Intet ledigt endnu
kits-opinion = { $count } børnehaver: let at komme i gang { $mean } af 5
kits-status-lendable = På hylden
kits-status-out = Udlånt
kits-status-check = Skal kontrolleres
kits-status-waiting = Venter på evaluering
kits-status-service = Til reparation
kits-status-retired = Udgået
