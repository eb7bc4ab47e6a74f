error-queue-not_found = The place in the queue does not exist, or belongs to another preschool. Go back to Our loans.
error-queue-span_too_short = No loan fits between those days. Choose more weeks, or a shorter loan.
error-queue-already_waiting = You already wait for this kit in some of those weeks. Leave that place in the queue first, or choose other weeks.
error-queue-not_waiting = You are not in the queue any more. The page of your place says what happened.
error-queue-not_offered = There is no offer to answer. The page of your place says what happened.
error-queue-offer_over = The time for the offer has run out, and the kit goes to the next in the queue. Join the queue again if you like.
error-queue-no_kit_left = The last kit of the type is out of use. Choose another type.
error-queue-still_there = You are already in the queue. The page of your place says how things stand.
