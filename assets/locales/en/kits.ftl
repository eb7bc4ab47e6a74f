kits-screen-none = No screen
kits-screen-some = Partly on a screen
kits-screen-yes = With a screen
kits-catalogue = Find a kit
kits-catalogue-lead = Choose a week to see what is free.
kits-filter = Search the kits
kits-q = Search
kits-age = The children's age
kits-screen = Screen
kits-week = Free from
kits-filter-show = Show kits
kits-filter-clear = Show all
kits-count = { $count ->
    [one] One kit
   *[other] { $count } kits
  }
kits-none = No kit matches
kits-none-text = Try another week, or remove one of the choices.
kits-back = All kits
kits-next = Next free period
kits-book = Reserve { $weeks }
kits-book-sign-in = Sign in to reserve
kits-no-next = Everything is taken just now
kits-no-next-text = Look again in a few days. Periods come free when someone cancels.
kits-weeks = Choose the first week
kits-weeks-lead = { $weeks ->
    [one] A loan is one week. Here you see when it can start.
   *[other] A loan is { $weeks } weeks. Here you see when it can start.
  }
kits-book-from = Reserve
kits-more-weeks = Show more weeks
kits-facts = About the kit
kits-fact-age = Age
kits-fact-screen = Screen
kits-fact-power = Power
kits-fact-loan = Loan
kits-fact-loan-weeks = { $weeks ->
    [one] one week
   *[other] { $weeks } weeks
  }
kits-fact-total = Number of kits
kits-contents = What is in the kit
kits-line = Part
kits-quantity = Quantity
kits-scores = What preschools think
kits-scores-lead = { $count ->
    [one] Mean of one answer.
   *[other] Mean of { $count } answers.
  }
kits-tips = Tips from colleagues
kits-tips-none = No tips yet. Be the first to try it.
kits-week-free = { $count ->
    [one] One free
   *[other] { $count } free
  }
kits-week-full = Taken
kits-week-closed = Closed: { $reason }
kits-period-free = Free { $weeks }
kits-period-none = Nothing free yet
kits-opinion = { $count } preschools: easy to get started { $mean } of 5
kits-status-lendable = On the shelf
kits-status-out = Out on loan
kits-status-check = To be checked
kits-status-waiting = Waiting for an evaluation
kits-status-service = Being repaired
kits-status-retired = Retired
