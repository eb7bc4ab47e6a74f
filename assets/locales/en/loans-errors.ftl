error-loan-not_found = The loan does not exist, or belongs to another preschool. Go back to the list.
error-loan-in_the_past = That day has passed. Choose { $today } or later.
error-loan-too_far_ahead = That is too far ahead to be reserved yet. Choose { $latest } or earlier.
error-loan-last_before_first = The last day is before the first, { $first_day }. Choose a later day.
error-loan-too_long = The kit can be borrowed for { $days } days at most. Choose { $latest } or earlier.
error-loan-not_longer = The loan already runs until { $last_day }. Choose a later day.
error-loan-no_kit_free = No { $type } kit is free on those days. The next free period is { $first } to { $last }.
error-loan-never_free = No { $type } kit is free within a year. Choose another kit, or ask the warehouse.
error-loan-no_kits = There are no { $type } kits to borrow yet. Choose another type.
error-loan-overlap = The kit is promised to somebody else on those days. Try again.
error-loan-not_cancellable = The loan cannot be cancelled: the kit is handed out, or the loan is over.
error-loan-not_extendable = The loan cannot be made longer: it is over.
error-loan-extension_taken = Somebody else is waiting for the kit. Return it by { $last_day }.
error-loan-not_packable = The loan cannot be packed. It is packed, handed out or over already.
error-loan-at_risk = No kit is in for this loan yet. Wait until an overdue kit comes back.
error-loan-ready_too_early = It is too early to pack the kit. It works from { $day }.
error-loan-not_releasable = The loan cannot be released. Either the kit is not handed out, or the evaluation is settled already.
error-loan-already_received = The kit is already received, { $day }. There is nothing to do.
error-loan-too_early = The loan begins on { $first }. Hand the kit out at most a week before.
error-loan-too_late = The loan should have ended on { $last }. Make a new reservation.
error-loan-not_waiting = The loan does not wait to be handed out. Check that you chose the right one.
error-unit-evaluation_overdue = { $count ->
    [one] The preschool owes an evaluation that was due on { $due }. Send it first.
   *[other] The preschool owes { $count } evaluations, the oldest due on { $due }. Send them first.
  }
error-unit-not_yours = You can only do that for your own preschool. Choose it.
error-kit-other_organisation = The kit { $code } belongs to { $owner }. Put it aside and call them: the number is on the label.
error-kit-out = The kit is on loan to { $unit }. Receive it first.
error-kit-packed = The kit is packed for { $unit }. Hand it out first.
error-kit-not_out = The kit { $code } is not on loan, so there is nothing to receive. Put it on its shelf.
error-kit-awaiting_evaluation = The kit waits for the evaluation from { $unit }. It can be lent when that is in.
error-kit-nothing_to_pack = The kit { $code } need not be packed: nobody is to have one like it in the next two weeks.
error-kit-not_reserved = Nobody waits for the kit { $code }. Make a reservation first.
error-kit-not_reserved_yet = The kit is reserved from { $first }. Hand it out at most a week before.
error-kit-promised = The kit is promised to { $unit } from { $first }, and no other can replace it. { $another ->
    [shelf] Take { $kit } on shelf { $shelf } instead.
    [kit] Take { $kit } instead.
   *[none] No other kit of the type can be handed out now. Read on the loan how things stand.
  }
error-kit-not_free = The kit { $code } is taken on those days. Take another kit of the same type.
error-kit-reserved = { $unit } has reserved the kit from { $first }, and no other can replace it. Cancel the loan first, or add another kit.
error-kit-offered = The kit is offered to { $unit } from { $first }, and no other can replace it. Wait for their answer, or add another kit.
error-scan-time = The time of the scan cannot be right. Check the clock of the phone.
error-scan-just_done = { $state ->
    [out] The kit is already handed out to { $unit }. Choose Receive if it has come back.
   *[in] The kit is already received from { $unit }. Choose Hand out if it is to leave again.
  }
error-scan-stale = The kit was handed out or received after this scan. See the loan for how things stand, or scan again.
error-scan-other_loan = The kit is out on another loan. Receive it without choosing a loan.
error-scan-other_type = The kit is of another type than the one reserved. Take a kit of the right type.
error-scan-which_loan = { $count } loans of this type are to go out today. Choose which one the kit is for.
error-code-wrong_check = The code is not right. One character is wrong. Read it once more.
error-code-not_a_code = That is no code. A code has seven characters, such as 7K3-M9QX.
error-deviation-no_such_line = The line is not in the kit's contents list. Choose one from the list.
error-request-too_many_days = Those are too many days at once. Ask for { $most } at most.
error-scan-not_for_unit = The kit is not for { $unit }.{ $other ->
    [none] {""}
   *[other] {" "}It is reserved for { $other } from { $first }.
  }{ $instead ->
    [none] {""}
   *[other] {" "}Take { $instead } instead.
  }
error-kit-unchecked = Kit { $code } has not been checked since it came in. Check its contents first, then it can be lent.
