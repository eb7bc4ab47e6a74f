mail-queue-offered-subject = Nu kan ni låna { $type }, { $weeks }
mail-queue-offered-body =
    Hej { $unit }!

    Ni stod i kö för { $type }, och nu är en låda ledig för er från { $first } till { $last }.

    Vi håller den åt er till { $until }. Säg ja eller nej här:
    { $link }

    Svarar ni inte går lådan till nästa i kön.
mail-queue-lapsed-subject = Erbjudandet om { $type } har gått ut
mail-queue-lapsed-body =
    Hej { $unit }!

    Vi fick inget svar på erbjudandet om { $type } från { $first } till { $last }, så lådan går till nästa i kön.

    Vill ni fortfarande låna? Ställ er i kö igen med ett tryck:
    { $link }
mail-queue-passed-subject = Ingen { $type } blev ledig för er
mail-queue-passed-body =
    Hej { $unit }!

    Ni stod i kö för { $type } från { $first } till { $last }. Tyvärr blev ingen låda ledig. Ni står inte i kö längre.

    Här ser ni när den går att låna i stället:
    { $link }
