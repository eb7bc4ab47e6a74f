mail-loan-reserved-subject = Reserved: { $type }, { $weeks }
mail-loan-reserved-body =
    Hello { $unit }!

    You have reserved { $type } from { $first } to { $last }.

    The payment is a short evaluation after the loan. You do not need the kit? Cancel here, so that somebody else can borrow it:
    { $link }
mail-loan-cancelled-subject = Cancelled: { $type }, { $weeks }
mail-loan-cancelled-body =
    Hello { $unit }!

    The reservation of { $type } from { $first } to { $last } is cancelled. There is nothing you need to do.
mail-loan-handed_out-subject = { $kit } is on its way to you
mail-loan-handed_out-body =
    Hello { $unit }!

    { $kit } is handed out to you. Please count the contents within a few days. Return the kit by { $last }.

    Contents and tips:
    { $link }

    The payment is an evaluation of five minutes. Anyone in the team can write it here, without signing in, and go on when it suits:
    { $evaluation_link }
mail-loan-overdue-subject = { $kit } was due back on { $last }
mail-loan-overdue-body =
    Hello { $unit }!

    { $kit } was due back by { $last }. Somebody else may be waiting for it. Return it as soon as you can, or tell us if something has happened.

    { $link }
mail-loan-received-subject = { $kit } is received. The evaluation remains
mail-loan-received-body =
    Hello { $unit }!

    Thank you, { $kit } is received. Your payment remains: an evaluation of five minutes. Send it by { $due }.

    { $evaluation_link }

    Anyone in the team can write it, without signing in. You never got round to using the kit? Then two clicks are enough.
mail-loan-evaluation_overdue-subject = Your evaluation of { $type } remains
mail-loan-evaluation_overdue-body =
    Hello { $unit }!

    The evaluation of { $kit } was due by { $due }. You can borrow the next kit when it is in. It takes five minutes:
    { $evaluation_link }

    You never got round to using the kit? Then two clicks are enough.
mail-loan-evaluation_link-subject = The link to the evaluation of { $type }
mail-loan-evaluation_link-body =
    Hello { $unit }!

    Somebody asked for the link to your evaluation of { $kit }. Anyone in the team can write it here, without signing in:
    { $evaluation_link }

    It takes five minutes. You did not ask for the link? Then you need not do anything.
mail-loan-evaluated-subject = Thank you for the evaluation of { $type }
mail-loan-evaluated-body =
    Hello { $unit }!

    Thank you for the evaluation of { $kit }. It helps colleagues all over the municipality. The loan is done when the kit is back. Its last day is { $last }.

    { $link }
mail-loan-returned-subject = Thank you! The loan of { $type } is done
mail-loan-returned-body =
    Hello { $unit }!

    Thank you for the evaluation of { $kit }. It helps colleagues all over the municipality.

    { $link }
mail-loan-returned_released-subject = The loan of { $type } is done
mail-loan-returned_released-body =
    Hello { $unit }!

    Thank you, { $kit } is received. The loan is done. You need not send an evaluation.

    { $link }
mail-loan-released-subject = You need not evaluate { $type }
mail-loan-released-body =
    Hello { $unit }!

    You need not send an evaluation of { $kit }. The reason is on the loan’s page:
    { $link }
mail-signature =
    Kind regards
    { $organisation }
    { $contact }

    You get this mail because your preschool borrows kits.
mail-loan-ends_soon-subject = { $kit } is due back on { $last }
mail-loan-ends_soon-body =
    Hello { $unit }!

    Your loan of { $kit } ends on { $last }. Do you need the kit for longer? Extend it here, if nobody else is waiting:
    { $link }

    The payment is an evaluation of five minutes. You can write it now, without signing in, and also say there if something is missing or broken:
    { $evaluation_link }
