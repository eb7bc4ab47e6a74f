queue-join = Join the queue for { $kit }
queue-join-lead = Say which weeks suit you. When a kit becomes free then, it is offered to you.
queue-join-do = Join the queue
queue-link = Join the queue
queue-earliest = From week
queue-latest = Until week
queue-latest-hint = The last week to hand the kit back. The more weeks you choose, the better your chance.
queue-length = For how long do you want to borrow it?
queue-how = How the queue works
queue-how-1 = The preschool that has borrowed least in the last year goes first. If two have borrowed as much, the one who asked first does.
queue-how-2 = You get an e-mail when a kit is free for you. We hold it for 48 hours, counted on the days when we are open, but no longer than until the loan begins.
queue-how-3 = If you say no, or do not answer, it goes to the next.
queue-line = The queue right now
queue-line-none = Nobody is in the queue.
queue-line-wish = Wishes for
queue-line-why = Why
queue-line-status = Status
queue-wish = { $weeks }, { $length }
queue-length-weeks = { $count ->
    [one] one week
   *[other] { $count } weeks
  }
queue-length-days = { $count ->
    [one] one day
   *[other] { $count } days
  }
queue-place = Place { $place } of { $of }
queue-reason = { $had ->
    [0] No loans in the last year
    [one] One loan in the last year, counting reserved ones
   *[other] { $had } loans in the last year, counting reserved ones
  }. Asked { $asked }.
queue-status-waiting = In the queue
queue-status-offered = Offer
queue-status-taken = Reserved
queue-status-declined = Declined
queue-status-lapsed = Time ran out
queue-status-withdrawn = Left the queue
queue-status-passed = No kit became free
queue-offers = An offer for you
queue-mine = In the queue
queue-offer = You can borrow { $kit } now
queue-offer-lead = We hold the kit for you until { $until }. Then it goes to the next in the queue.
queue-offer-at-risk = The kit is late. If you say yes we look for another, but we may not find one.
queue-take = Take the offer
queue-decline = Decline
queue-answer-by = Answer by { $until }
queue-wished = You wish for
queue-your-place = Your place
queue-outlook = How it looks
queue-blocked = You get no offer until your late evaluation is in. You keep your place.
queue-if-on-time = { $weeks } at the earliest, if everybody hands back in time.
queue-unless-called-off = No kit becomes free in your weeks as it looks now. If somebody cancels, it goes to who stands first.
queue-instead = You do not want to wait? Free { $weeks } ({ $days }).
queue-instead-do = Reserve { $weeks }
queue-leave = Leave the queue
queue-declined-text = You declined, and the kit went to the next in the queue.
queue-lapsed-text = The offer ran out without an answer, and the kit goes to the next in the queue.
queue-withdrawn-text = You have left the queue.
queue-passed-text = The weeks have gone by, and no kit became free.
queue-taken-text = You took the offer. The kit is reserved.
queue-see-loan = See the loan
queue-again = Join the queue again
queue-kit-page = See when the kit is free
flash-queued = You are in the queue. We e-mail you when a kit is free for you.
flash-declined = You have declined, and the kit goes to the next in the queue.
flash-withdrawn = You have left the queue.
