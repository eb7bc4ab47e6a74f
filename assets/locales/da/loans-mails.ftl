mail-loan-reserved-subject = Booket: { $type }, { $weeks }
mail-loan-reserved-body =
    Hej { $unit }!

    I har booket { $type } fra { $first } til { $last }.

    Betalingen er en kort evaluering efter lånet. Har I ikke brug for kassen? Afbestil her, så en anden kan låne den:
    { $link }
mail-loan-cancelled-subject = Afbestilt: { $type }, { $weeks }
mail-loan-cancelled-body =
    Hej { $unit }!

    Bookingen af { $type } fra { $first } til { $last } er afbestilt. I behøver ikke gøre noget.
mail-loan-handed_out-subject = { $kit } er på vej til jer
mail-loan-handed_out-body =
    Hej { $unit }!

    { $kit } er udleveret til jer. Tæl gerne indholdet inden for et par dage. Aflever kassen senest { $last }.

    Indhold og tips:
    { $link }

    Betalingen er en evaluering på fem minutter. Alle i teamet kan skrive den her, uden at logge ind, og fortsætte, når det passer:
    { $evaluation_link }
mail-loan-overdue-subject = { $kit } skulle være tilbage { $last }
mail-loan-overdue-body =
    Hej { $unit }!

    { $kit } skulle være afleveret senest { $last }. En anden venter måske på den. Aflever den, så snart I kan, eller sig til, hvis der er sket noget.

    { $link }
mail-loan-received-subject = { $kit } er modtaget. Evalueringen mangler
mail-loan-received-body =
    Hej { $unit }!

    Tak, { $kit } er modtaget. Nu mangler jeres betaling: en evaluering på fem minutter. Send den senest { $due }.

    { $evaluation_link }

    Alle i teamet kan skrive, uden at logge ind. Nåede I ikke at bruge kassen? Så er to klik nok.
mail-loan-evaluation_overdue-subject = Jeres evaluering af { $type } mangler
mail-loan-evaluation_overdue-body =
    Hej { $unit }!

    Evalueringen af { $kit } skulle være kommet senest { $due }. I kan låne den næste kasse, når den er kommet. Det tager fem minutter:
    { $evaluation_link }

    Nåede I ikke at bruge kassen? Så er to klik nok.
mail-loan-evaluation_link-subject = Linket til evalueringen af { $type }
mail-loan-evaluation_link-body =
    Hej { $unit }!

    Nogen bad om linket til jeres evaluering af { $kit }. Alle i teamet kan skrive den her, uden at logge ind:
    { $evaluation_link }

    Det tager fem minutter. Bad I ikke om linket? Så behøver I ikke gøre noget.
mail-loan-evaluated-subject = Tak for evalueringen af { $type }
mail-loan-evaluated-body =
    Hej { $unit }!

    Tak for evalueringen af { $kit }. Den hjælper kolleger i hele kommunen. Når kassen er tilbage, er lånet færdigt. Sidste dag er { $last }.

    { $link }
mail-loan-returned-subject = Tak! Lånet af { $type } er færdigt
mail-loan-returned-body =
    Hej { $unit }!

    Tak for evalueringen af { $kit }. Den hjælper kolleger i hele kommunen.

    { $link }
mail-loan-returned_released-subject = Lånet af { $type } er færdigt
mail-loan-returned_released-body =
    Hej { $unit }!

    Tak, { $kit } er modtaget. Lånet er færdigt. I behøver ikke sende en evaluering.

    { $link }
mail-loan-released-subject = I behøver ikke evaluere { $type }
mail-loan-released-body =
    Hej { $unit }!

    I behøver ikke sende en evaluering af { $kit }. Grunden står på lånets side:
    { $link }
mail-signature =
    Venlig hilsen
    { $organisation }
    { $contact }

    I får denne mail, fordi jeres børnehave låner kasser.
mail-loan-ends_soon-subject = { $kit } skal tilbage { $last }
mail-loan-ends_soon-body =
    Hej { $unit }!

    Lånet af { $kit } udløber { $last }. Har I brug for kassen længere? Forlæng her, hvis ingen anden venter:
    { $link }

    Betalingen er en evaluering på fem minutter. Den kan skrives allerede nu uden at logge ind, og der siger I også, om noget mangler eller er i stykker:
    { $evaluation_link }
