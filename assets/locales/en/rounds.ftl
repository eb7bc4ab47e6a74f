rounds-title = Rounds
rounds-lead = Before a term the preschools wish, and the kits are allocated fairly, all at once.
rounds-new = New round
rounds-new-lead = The preschools get a mail when wishes open, and one when the allocation is published.
rounds-none = No rounds yet
rounds-none-text = Make a round for the next term. Then it does not matter who is first to reserve.
rounds-change = Change the round
rounds-change-lead = If you change the days, the allocation is forgotten. You can allocate again afterwards.
rounds-name = Name
rounds-name-hint = For example Spring 2027
rounds-first-day = First day of the term
rounds-last-day = Last day of the term
rounds-opens = First day for wishes
rounds-opens-hint = Then the preschools get a mail.
rounds-closes = Last day for wishes
rounds-closes-hint = Until the end of that day they can change their list.
rounds-most = Wishes for each preschool, at most
rounds-most-hint = Three to five are usually enough.
rounds-wishes-days = Wishes { $first } to { $last }
rounds-status-coming = Not open yet
rounds-status-open = Open for wishes
rounds-status-closed = Wishes are in
rounds-status-allocated = Proposal
rounds-status-published = Published
rounds-status-cancelled = Called off
rounds-now-title-coming = Wishes open soon
rounds-now-title-open = The preschools are wishing
rounds-now-title-closed = Time to allocate
rounds-now-title-allocated = A proposal to look through
rounds-now-title-published = Done
rounds-now-title-cancelled = Called off
rounds-now-coming = Wishes open { $day }. Then every preschool gets a mail.
rounds-now-open = { $count ->
    [0] No preschool has wished yet. It is open until { $day }.
    [one] One preschool has wished. It is open until { $day }.
   *[other] { $count } preschools have wished. It is open until { $day }.
  }
rounds-now-closed = { $count ->
    [0] No preschool has wished for anything. Give them more days, or call the round off.
    [one] One preschool has wished. Allocate the kits and look at the proposal. Nothing is reserved before you publish.
   *[other] { $count } preschools have wished. Allocate the kits and look at the proposal. Nothing is reserved before you publish.
  }
rounds-now-allocated = { $count ->
    [one] The proposal gives one loan. Nothing is reserved yet. Change by hand what you like, and then publish.
   *[other] The proposal gives { $count } loans. Nothing is reserved yet. Change by hand what you like, and then publish.
  }
rounds-now-published = { $count ->
    [one] One loan is reserved, and the preschools have been told.
   *[other] { $count } loans are reserved, and the preschools have been told.
  }
rounds-now-cancelled = Nothing is allocated in this round.
rounds-allocate = Allocate
rounds-allocate-close = Close wishes and allocate
rounds-allocate-close-hint = After that the preschools cannot change their lists. You get a proposal to look at first.
rounds-allocate-again = Allocate again
rounds-allocate-misfits = Allocate anew what does not work
rounds-publish = Publish and reserve the loans
rounds-publish-hint = All loans are reserved at once, and each preschool gets a mail about what it got.
rounds-misfits = { $count ->
    [one] One loan does not work any more
   *[other] { $count } loans do not work any more
  }
rounds-misfits-text = Somebody has reserved, or something has changed, since you allocated. Allocate just that anew, or change it by hand. Then you can publish.
rounds-figures = How it turned out
rounds-figure-rank = got choice { $rank }
rounds-figure-later = got a later choice
rounds-figure-without = got nothing
rounds-fact-wishes = Wishes
rounds-fact-most = At most for each
rounds-fact-units = Preschools
rounds-fact-lot = Lot number
rounds-cancel = Call the round off
rounds-cancel-lead = The preschools' lists can still be read, but nothing is allocated.
rounds-cancel-do = Call it off
rounds-types = What is wished for
rounds-types-lead = “Room for” is about how many loans the kits are enough for during the term.
rounds-col-type = Kit type
rounds-col-kits = Kits
rounds-col-room = Room for
rounds-col-wishes = Wish for it
rounds-col-first = Have it first
rounds-col-served = Get it
rounds-short = Not enough
rounds-units = What everybody gets
rounds-show = What is shown
rounds-show-all = All preschools
rounds-show-without = Got nothing
rounds-show-misfits = Does not work any more
rounds-show-none = No preschools to show here.
rounds-owes = Evaluation missing
rounds-owes-text = The loans are reserved, and handed out once the evaluation is in.
rounds-rank = Choice
rounds-by-hand = Chosen by hand
rounds-misfit = Does not work any more
rounds-adjust = Change
rounds-to-loan = To the loan
rounds-add = Add a loan
rounds-add-title = Add a loan
rounds-add-lead = The loan is added to the proposal and reserved when you publish.
rounds-its-wish = Choice { $rank }: { $type }
rounds-unit = Preschool
rounds-kit-type = Kit type
rounds-loan-first = First day
rounds-loan-last = Last day
rounds-remove = Take the loan out of the proposal
rounds-remove-lead = The preschool is told that the loan was taken away by hand when you publish.
rounds-remove-do = Take it out
rounds-list-title = Wish for kits: { $round }
rounds-list-units = Your preschools
rounds-list-coming = Wishes open { $day }. Then you get a mail.
rounds-list-open = Put the most important kit first. You can wish for at most { $most } kits, and change until { $day }. Everyone in your team writes on the same list.
rounds-list-closed = Wishes are in. You get a mail when the kits are allocated.
rounds-list-cancelled = The round is called off. Reserve in the catalogue as usual.
rounds-list-heading = Your list
rounds-list-empty = You have not wished for anything yet.
rounds-list-full = The list is full, { $most } kits. Remove one if you would rather have another.
rounds-wish-up = Up
rounds-wish-down = Down
rounds-wish-remove = Remove
rounds-wish-add = Add a kit
rounds-wish-add-do = Add to the list
rounds-wish-earliest = Earliest
rounds-wish-latest = Done by
rounds-wish-any = Does not matter
rounds-wish-days = How long
rounds-wish-longest = As long as possible
rounds-wish-saved = The list is saved at once. There is nothing to send in.
rounds-weeks-any = Any time during the term
rounds-weeks-from = From { $week }
rounds-weeks-until = Until { $week }
rounds-length = { $count ->
    [one] 1 week
   *[other] { $count } weeks
  }
rounds-length-days = { $count ->
    [one] 1 day
   *[other] { $count } days
  }
rounds-result-title = What you get
rounds-result-none = You did not wish for anything this time.
rounds-result-given = Reserved
rounds-result-queue = Join the queue
rounds-result-free = See free weeks
rounds-notice-open = You can wish for kits now: { $round }. The last day is { $day }.
rounds-notice-published = The kits are allocated: { $round }. Wishes closed { $day }.
rounds-notice-link-open = Make your list
rounds-notice-link-published = See what you got
rounds-how = How we allocate
rounds-how-1 = It goes in turns. In each turn a preschool gets at most one kit. Nobody gets a second kit before everyone who can get one has got their first.
rounds-how-2 = In each turn the preschool that has had least goes first: the loans of the last year, those already reserved, and what the round has given.
rounds-how-3 = When several have had as much, the lot decides. Its number is drawn when the round is made, before anybody has wished.
rounds-how-4 = When it is your turn, we try your list from the top. You get the first kit that is free in your weeks, as early as possible, and preferably not at the same time as another.
rounds-how-5 = Whoever allocates can change things by hand. For what was not enough you are told why.
flash-round-added = The round is saved.
flash-round-cancelled = The round is called off.
flash-allocated = The kits are allocated. Look through the proposal before you publish.
flash-published = The loans are reserved, and the mails are on their way.
rounds-reason-full = all kits are taken in those weeks
rounds-reason-at_once = you have as many kits as may be borrowed at once in those weeks
rounds-reason-closed = the warehouse is not open for such a long loan in those weeks
rounds-reason-retired = the kit is lent no more
rounds-reason-no_kits = there is no such kit to borrow
rounds-reason-removed = whoever allocates took it away by hand
event-round-added = The round was added
event-round-changed = The round was changed
event-round-opened = Wishes opened
event-round-wishes_changed = A preschool changed its wishes
event-round-closed = Wishes were closed
event-round-allocated = The kits were allocated
event-round-adjusted = The allocation was changed by hand
event-round-published = The allocation was published
event-round-cancelled = The round was called off
