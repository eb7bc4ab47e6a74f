mail-evaluation-thanks-subject = Tack för er utvärdering av { $type }
mail-evaluation-thanks-body =
    Hej { $unit }!

    Vi på { $organisation } har läst er utvärdering av { $type }.
mail-evaluation-thanks-usual = Tack för att ni berättar! Det hjälper oss att välja rätt lådor, och kollegor att komma igång.
