mail-loan-reserved-course =
    I skal først på kursus: { $courses }. Uden det kan vi ikke udlevere kassen. Det er nok, at én af jer har været på kurset. Se, hvornår det holdes næste gang:
    { $courses_link }
mail-loan-course_missing-subject = Kursus mangler til { $type }, { $weeks }
mail-loan-course_missing-body =
    Hej { $unit }!

    I har reserveret { $type } fra { $first }. For at få kassen skal én af jer have gennemført { $courses }, og kurset skal gælde den dag. Det har vi ikke noteret endnu.

    Se, hvornår det holdes næste gang:
    { $link }

    Har I allerede været på kurset? Skriv til os, så noterer vi det.
