# Why a check or service was not possible.
error-check-occasion_of_borrower = That check is made by the preschool itself, on the loan’s page. Choose return, stocktake or other.
error-check-not_out = The kit is not with you now, so there is nothing to check. Contact the warehouse if something is wrong.
error-check-too_many = At most { $most } at a time. Split the check.
error-deviation-not_found = There is no such deviation.
error-deviation-not_open = It is resolved already, or about another kit. Load the page again.
error-deviation-resolved = Somebody has seen to it already. Load the page again.
error-deviation-nothing_lacking = It was something that lay there and does not belong. It needs no solution.
error-deviation-too_many_photos = At most { $most } photos of the same thing.
error-service-not_found = There is no such job.
error-service-over = The job is over already. Load the page again.
error-service-reserved = { $unit } has reserved from { $first } and would be left without a kit. Choose other days, or say why it must be done anyway.
error-service-reserved_other = A reservation would be left without a kit. Choose other days, or say why it must be done anyway.
error-service-begun = The job began { $first_day }, and that day cannot be changed. Change the last day.
error-service-until_complete = The kit waits for something that it is not lent without. Say on the kit’s page what became of what is missing.
error-kit-incomplete = { $code } is not lent: { $parts } missing or broken. Refill it and say so on the kit’s page, or take another kit.
error-kit-in_service = { $code } is to be { $kind ->
    [repair] repaired
    [charge] charged
    [clean] cleaned
   *[refill] refilled
 } first. Say under Service when it is done, or take another kit.
error-check-how_many = You have told something about { $name }. How many are missing or broken? Count only those that are whole.
error-check-counted_meanwhile = Somebody else has changed this line. There should be { $now } now. Count once more.
error-deviation-more_than_there = { $most ->
    [0] No { $name } is left in the kit to report: all are reported already.
   *[other] The kit does not hold that many { $name }. At most { $most } are left to report.
  }
error-check-photos_too_large = The photos are larger than 30 MB together. Send fewer at a time, or make them smaller.
error-check-all_but = You have changed or written something on the card, so All there does not say everything. Save the check, or remove what you wrote.
