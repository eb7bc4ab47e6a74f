mail-evaluation-thanks-subject = Tak for jeres evaluering af { $type }
mail-evaluation-thanks-body =
    Hej { $unit }!

    Vi i { $organisation } har læst jeres evaluering af { $type }.
mail-evaluation-thanks-usual = Tak, fordi I fortæller! Det hjælper os med at vælge de rigtige kasser og kolleger med at komme i gang.
