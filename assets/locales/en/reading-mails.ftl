mail-evaluation-thanks-subject = Thank you for your evaluation of { $type }
mail-evaluation-thanks-body =
    Hello { $unit }!

    We at { $organisation } have read your evaluation of { $type }.
mail-evaluation-thanks-usual = Thank you for telling us! It helps us choose the right kits, and colleagues to get started.
