mail-loan-reserved-course =
    Ni behöver gå en kurs först: { $courses }. Utan den kan vi inte lämna ut lådan. Det räcker att en av er har gått. Se när nästa tillfälle är:
    { $courses_link }
mail-loan-course_missing-subject = Kurs saknas för { $type }, { $weeks }
mail-loan-course_missing-body =
    Hej { $unit }!

    Ni har bokat { $type } från { $first }. För att få lådan behöver en av er ha gått { $courses }, och kursen ska gälla den dagen. Det har vi inte noterat än.

    Se när nästa tillfälle är:
    { $link }

    Har ni redan gått kursen? Hör av er till oss, så noterar vi det.
