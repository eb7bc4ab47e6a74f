kits-screen-none = No screen
kits-catalogue = Find a kit
kits-catalogue-lead = Choose a week to see what is free.
kits-filter = Search the kits
kits-age = The children's age
kits-screen = Screen
kits-filter-show = Show kits
kits-filter-clear = Show all
kits-none = No kit matches
kits-none-text = Try another week, or remove one of the choices.
kits-back = All kits
kits-next = Next free period
kits-book = Reserve { $weeks }
kits-no-next = Everything is taken just now
kits-no-next-text = Look again in a few days. Periods come free when someone cancels.
kits-no-open-day = The warehouse is closed for all the time that can be reserved
kits-no-open-day-text = Look again later, or choose another kit.
kits-no-kits = There are no kits of this type yet
kits-no-kits-text = Look again later, or choose another kit.
kits-retired = This kit is not lent any more
kits-retired-text = Choose another kit.
kits-weeks = Choose the first week
kits-book-from = Reserve
kits-more-weeks = Show more weeks
kits-facts = About the kit
kits-fact-age = Age
kits-fact-screen = Screen
kits-fact-power = Power
kits-fact-loan = Loan
kits-fact-total = Number of kits
kits-contents = What is in the kit
kits-line = Part
kits-quantity = Quantity
kits-week-free = { $count ->
    [one] One free
   *[other] { $count } free
  }
kits-period-free = Free { $weeks }
kits-period-no-kits = No kits yet
kits-period-none = Nothing free yet
kits-screen-partly = Screen now and then
kits-screen-screen = With a screen
kits-filter-any = All
kits-found = Kits
kits-more = Show more kits
kits-weeks-lead = A loan is { $days } days. Here you see when it can begin.
kits-fact-loan-days = { $days ->
    [one] one day
   *[other] { $days } days
  }
kits-week-closed = Closed: { $why }
kits-week-ends-closed = Ends { $day }. { $why }
kits-week-shorter = Free until { $day }. Then it is closed.
kits-week-full = { $count ->
    [one] Taken
   *[other] All { $count } are taken
  }
kits-period-count = { $count ->
    [one] One free { $weeks }
   *[other] { $count } free { $weeks }
  }
kits-get-started = Get started
kits-consumable = is used up
kits-age-years = { $age } years
kits-age-from = from { $from } years
kits-age-to = up to { $to } years
kits-age-between = { $from }–{ $to } years
kits-age-any = all ages
kits-status-available = On the shelf
kits-status-ready = Packed
kits-status-out = On loan
kits-status-received = Waiting for an evaluation
kits-status-in_turnaround = Being put in order
kits-status-retired = Taken out of use
kits-tips = Tips from colleagues
kits-q = Search by name, part or activity
kits-search = Search
kits-filters = Choose age, screen and weeks
kits-filters-chosen = { $count ->
    [one] one choice
   *[other] { $count } choices
  }
kits-from-week = Free from
kits-to-week = Until
kits-week-any = Any time
kits-week-loan = The whole loan
kits-week-from = from { $week }
kits-chosen = Your choices
kits-chosen-remove = Remove the choice
kits-chosen-free = free { $weeks }
kits-found-for = Kits for “{ $words }”
kits-found-partly = No kit has all the words. These have some of them.
kits-none-for = Nothing for “{ $words }”
kits-none-text-for = Try a shorter word, or remove some of your choices.
kits-near = Did you mean one of these?
kits-wished = The weeks you chose
kits-opinion-easy = { $count ->
    [one] Easy to get started: { $mean } of 5 (one answer)
   *[other] Easy to get started: { $mean } of 5 ({ $count } answers)
  }
kits-opinion-again = { $share } would borrow it again
kits-opinion-of-five = { $mean } of 5
kits-said = What those who borrowed it think
kits-said-count = { $count ->
    [one] one evaluation
   *[other] { $count } evaluations
  }
kits-pictures = Pictures
kits-status-in_service = In service
kits-power-none = nothing of its own
kits-power-batteries = batteries that are changed
kits-power-rechargeable = batteries that are charged
kits-power-mains = a socket
