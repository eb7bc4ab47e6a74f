mail-loan-hand_out_undone-subject = Correction: { $kit } is not handed out
mail-loan-hand_out_undone-body = Hello!

    By mistake we registered that { $kit } was handed out to { $unit }. That is not so. Your reservation stands as before, { $weeks }.
    Please disregard our previous mail.

    The loan: { $link }
mail-loan-receipt_undone-subject = Correction: { $kit } is not back
mail-loan-receipt_undone-body = Hello!

    By mistake we registered that { $kit } was back from { $unit }. That is not so. The loan goes on as before, until { $last }.
    Please disregard our previous mail.

    The loan: { $link }
