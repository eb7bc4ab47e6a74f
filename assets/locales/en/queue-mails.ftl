mail-queue-offered-subject = You can borrow { $type } now, { $weeks }
mail-queue-offered-body =
    Hello { $unit }!

    You were in the queue for { $type }, and now a kit is free for you from { $first } to { $last }.

    We hold it for you until { $until }. Say yes or no here:
    { $link }

    Without an answer the kit goes to the next in the queue.
mail-queue-lapsed-subject = The offer of { $type } has run out
mail-queue-lapsed-body =
    Hello { $unit }!

    We got no answer to the offer of { $type } from { $first } to { $last }, so the kit goes to the next in the queue.

    You still want to borrow it? Join the queue again with one tap:
    { $link }
mail-queue-passed-subject = No { $type } became free for you
mail-queue-passed-body =
    Hello { $unit }!

    You were in the queue for { $type } from { $first } to { $last }. Sadly no kit became free. You are not in the queue any more.

    Here you see when it can be borrowed instead:
    { $link }
