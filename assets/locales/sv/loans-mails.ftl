mail-loan-reserved-subject = Bokat: { $type }, { $weeks }
mail-loan-reserved-body =
    Hej { $unit }!

    Ni har bokat { $type } från { $first } till { $last }.

    Betalningen är en kort utvärdering efter lånet. Behöver ni inte lådan? Avboka här, så kan någon annan låna den:
    { $link }
mail-loan-cancelled-subject = Avbokat: { $type }, { $weeks }
mail-loan-cancelled-body =
    Hej { $unit }!

    Bokningen av { $type } från { $first } till { $last } är avbokad. Ni behöver inte göra något.
mail-loan-handed_out-subject = { $kit } är på väg till er
mail-loan-handed_out-body =
    Hej { $unit }!

    { $kit } är utlämnad till er. Räkna gärna innehållet inom ett par dagar. Lämna tillbaka lådan senast { $last }.

    Innehåll och tips:
    { $link }

    Betalningen är en utvärdering på fem minuter. Vem som helst i arbetslaget kan skriva den här, utan att logga in, och fortsätta när det passar:
    { $evaluation_link }
mail-loan-overdue-subject = { $kit } skulle ha varit tillbaka { $last }
mail-loan-overdue-body =
    Hej { $unit }!

    { $kit } skulle ha lämnats tillbaka senast { $last }. Någon annan kan vänta på den. Lämna den så snart ni kan, eller hör av er om något har hänt.

    { $link }
mail-loan-received-subject = { $kit } är mottagen. Utvärderingen återstår
mail-loan-received-body =
    Hej { $unit }!

    Tack, { $kit } är mottagen. Nu återstår er betalning: en utvärdering på fem minuter. Lämna den senast { $due }.

    { $evaluation_link }

    Vem som helst i arbetslaget kan skriva, utan att logga in. Hann ni inte använda lådan? Då räcker två klick.
mail-loan-evaluation_overdue-subject = Er utvärdering av { $type } återstår
mail-loan-evaluation_overdue-body =
    Hej { $unit }!

    Utvärderingen av { $kit } skulle ha kommit senast { $due }. Ni kan låna nästa låda när den är inne. Det tar fem minuter:
    { $evaluation_link }

    Hann ni inte använda lådan? Då räcker två klick.
mail-loan-evaluation_link-subject = Länken till utvärderingen av { $type }
mail-loan-evaluation_link-body =
    Hej { $unit }!

    Någon bad om länken till er utvärdering av { $kit }. Vem som helst i arbetslaget kan skriva den här, utan att logga in:
    { $evaluation_link }

    Det tar fem minuter. Bad ni inte om länken? Då behöver ni inte göra något.
mail-loan-evaluated-subject = Tack för utvärderingen av { $type }
mail-loan-evaluated-body =
    Hej { $unit }!

    Tack för utvärderingen av { $kit }. Den hjälper kollegor i hela kommunen. När lådan är tillbaka är lånet klart. Sista dagen är { $last }.

    { $link }
mail-loan-returned-subject = Tack! Lånet av { $type } är klart
mail-loan-returned-body =
    Hej { $unit }!

    Tack för utvärderingen av { $kit }. Den hjälper kollegor i hela kommunen.

    { $link }
mail-loan-returned_released-subject = Lånet av { $type } är klart
mail-loan-returned_released-body =
    Hej { $unit }!

    Tack, { $kit } är mottagen. Lånet är klart. Ni behöver inte lämna någon utvärdering.

    { $link }
mail-loan-released-subject = Ni behöver inte utvärdera { $type }
mail-loan-released-body =
    Hej { $unit }!

    Ni behöver inte lämna någon utvärdering av { $kit }. Varför står på lånets sida:
    { $link }
mail-signature =
    Vänliga hälsningar
    { $organisation }
    { $contact }

    Ni får det här mejlet för att er förskola lånar digilådor.
mail-loan-ends_soon-subject = { $kit } ska tillbaka { $last }
mail-loan-ends_soon-body =
    Hej { $unit }!

    Lånet av { $kit } går ut { $last }. Behöver ni lådan längre? Förläng här, om ingen annan väntar:
    { $link }

    Betalningen är en utvärdering på fem minuter. Den går att skriva redan nu, utan att logga in, och där säger ni också om något saknas eller är trasigt:
    { $evaluation_link }
