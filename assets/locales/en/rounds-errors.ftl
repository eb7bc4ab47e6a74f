error-round-not_found = The round does not exist. Go back to the list.
error-round-last_before_first = The last day of the term is before the first, { $first_day }. Choose a later day.
error-round-term_too_long = A term can be at most { $most } days. Choose an earlier day.
error-round-term_over = The term is over already. Choose { $today } or later.
error-round-too_far_ahead = Nothing can be reserved that far ahead yet. Choose { $latest } or earlier.
error-round-closes_before_opens = The last day for wishes is before the first, { $opens_on }. Choose a later day.
error-round-closes_past = The last day for wishes has passed already. Choose a later day.
error-round-closes_too_late = Wishes must close before the term ends, { $last_day }. Choose an earlier day.
error-round-outside_term = The week is outside the term. Choose one between { $first } and { $last }.
error-round-weeks_backwards = The latest week is before the earliest. Choose a later week.
error-round-weeks_too_few = The weeks have no room for a loan of { $days } days. Choose more weeks or a shorter loan.
error-round-too_many_wishes = You can have at most { $most } wishes. Remove one first.
error-round-wished_twice = That kit is on your list already. Move it up if it matters more.
error-round-not_open_yet = Wishes open { $day }. Wait until then.
error-round-wishes_closed = Wishes are closed. Look for free weeks in the catalogue.
error-round-still_open = Wishes are open until { $day }. Close them first.
error-round-no_wishes = Nobody has wished for anything yet. Wait until there is something to allocate.
error-round-no_preview = Nothing is allocated yet. Allocate first.
error-round-already_published = The allocation is published already. Change the loans one by one instead.
error-round-is_cancelled = The round is called off. Make a new one.
error-round-no_room = No kit is free on those days. The next free period is { $first } to { $last }.
error-round-never_room = No kit of that type is free in the coming year. Choose another kit.
error-round-no_longer_fits = { $count ->
    [one] One loan does not work any more, since somebody else has reserved. Nothing is published. Allocate it anew, or change it by hand.
   *[other] { $count } loans do not work any more, since somebody else has reserved. Nothing is published. Allocate them anew, or change them by hand.
  }
