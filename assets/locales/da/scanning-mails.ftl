mail-loan-hand_out_undone-subject = Rettelse: { $kit } er ikke udleveret
mail-loan-hand_out_undone-body = Hej!

    Vi registrerede ved en fejl, at { $kit } var udleveret til { $unit }. Det passer ikke. Jeres reservation gælder som før, { $weeks }.
    Se bort fra vores forrige mail.

    Lånet: { $link }
mail-loan-receipt_undone-subject = Rettelse: { $kit } er ikke tilbage
mail-loan-receipt_undone-body = Hej!

    Vi registrerede ved en fejl, at { $kit } var tilbage fra { $unit }. Det passer ikke. Lånet gælder som før, til { $last }.
    Se bort fra vores forrige mail.

    Lånet: { $link }
