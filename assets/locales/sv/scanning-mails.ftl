mail-loan-hand_out_undone-subject = Rättelse: { $kit } är inte utlämnad
mail-loan-hand_out_undone-body = Hej!

    Vi registrerade av misstag att { $kit } var utlämnad till { $unit }. Det stämmer inte. Er bokning gäller som förut, { $weeks }.
    Bortse från vårt förra mejl.

    Lånet: { $link }
mail-loan-receipt_undone-subject = Rättelse: { $kit } är inte tillbaka
mail-loan-receipt_undone-body = Hej!

    Vi registrerade av misstag att { $kit } var tillbaka från { $unit }. Det stämmer inte. Lånet gäller som förut, till { $last }.
    Bortse från vårt förra mejl.

    Lånet: { $link }
