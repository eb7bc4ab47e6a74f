mail-queue-offered-subject = Nu kan I låne { $type }, { $weeks }
mail-queue-offered-body =
    Hej { $unit }!

    I stod i kø til { $type }, og nu er en kasse ledig til jer fra { $first } til { $last }.

    Vi holder den til jer indtil { $until }. Sig ja eller nej her:
    { $link }

    Svarer I ikke, går kassen til den næste i køen.
mail-queue-lapsed-subject = Tilbuddet om { $type } er udløbet
mail-queue-lapsed-body =
    Hej { $unit }!

    Vi fik intet svar på tilbuddet om { $type } fra { $first } til { $last }, så kassen går til den næste i køen.

    Vil I stadig låne? Stil jer i kø igen med ét tryk:
    { $link }
mail-queue-passed-subject = Ingen { $type } blev ledig til jer
mail-queue-passed-body =
    Hej { $unit }!

    I stod i kø til { $type } fra { $first } til { $last }. Desværre blev ingen kasse ledig. I står ikke i kø længere.

    Her ser I, hvornår den kan lånes i stedet:
    { $link }
