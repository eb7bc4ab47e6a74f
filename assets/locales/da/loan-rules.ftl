# Regler for den, der booker, og hvad de svarer.
loans-rules = Sådan booker I
loans-rule-lead = { $days ->
    [one] Book senest en åben dag før.
   *[other] Book senest { $days } åbne dage før.
  }
loans-rule-ahead = Book tidligst { $days } dage før.
loans-rule-at-once = { $most ->
    [one] En børnehave har højst én kasse ad gangen.
   *[other] En børnehave har højst { $most } kasser på samme tid.
  }
loans-rule-at-once-have = { $most ->
    [one] Højst én kasse ad gangen: I har { $have } de dage.
   *[other] Højst { $most } kasser på samme tid: I har { $have } de dage.
  }
loans-rule-of-type = { $most ->
    [one] En børnehave har højst én kasse af denne type ad gangen.
   *[other] En børnehave har højst { $most } kasser af denne type på samme tid.
  }
loans-rule-of-type-have = { $most ->
    [one] Højst én kasse af denne type ad gangen: I har { $have } de dage.
   *[other] Højst { $most } kasser af denne type på samme tid: I har { $have } de dage.
  }
loans-rule-no-repeat = Har I lige haft kassen, går de, der venter på den, først.
loans-rule-collect = { $days ->
    [0] Kassen holdes hele den første dag. Så kan en anden få den.
    [one] Kassen holdes en åben dag efter den første dag. Så kan en anden få den.
   *[other] Kassen holdes { $days } åbne dage efter den første dag. Så kan en anden få den.
  }
loans-counted = Disse lån tæller med:
loans-override-open = Undtagelse fra reglerne
loans-override-keeps = Kun nødvendigt, hvis en regel siger nej. Begrundelsen gemmes og vises for børnehaven, så skriv intet om enkelte personer eller børn.
loans-override = Hvorfor gøres der en undtagelse?
loans-override-hint = Du kan booke alligevel. Grunden gemmes og vises for børnehaven, så skriv intet om enkelte personer eller børn.
loans-unit-hint = Skriv navnet eller en del af det.
loans-event-rules_waived = Undtagelse fra reglerne: { $reason }

error-loan-too_soon = { $days ->
    [one] Book senest en åben dag før. Vælg { $earliest } eller senere.
   *[other] Book senest { $days } åbne dage før. Vælg { $earliest } eller senere.
  }
error-loan-kits_at_once = { $most ->
    [one] En børnehave kan højst have én kasse ad gangen, og I har { $count } de dage. Afbestil en booking eller vælg andre dage.
   *[other] En børnehave kan højst have { $most } kasser på samme tid, og I har { $count } de dage. Afbestil en booking eller vælg andre dage.
  }
error-loan-kits_of_type = { $most ->
    [one] En børnehave kan højst have én kasse af denne type ad gangen, og I har { $count } de dage. Vælg en anden type eller andre dage.
   *[other] En børnehave kan højst have { $most } kasser af denne type på samme tid, og I har { $count } de dage. Vælg en anden type eller andre dage.
  }
error-loan-repeat = I har lige haft kassen, og andre venter på den. Vælg en anden type, eller stil jer i køen.
error-loan-may_not_override = Kun personalet kan gøre undtagelser fra reglerne. Fjern grunden, eller spørg dem.
error-loan_rules-of_organisation = Den regel gælder alle kassetyper. Ret den under Regler i stedet.
error-loan_rules-no_day_left = Med disse regler er der ingen dag at booke. Tillad booking længere frem, eller kræv færre dage.
error-unit-none_called = Ingen børnehave hedder { $name }. Tjek stavningen.
error-unit-several_called = Flere børnehaver passer: { $names }. Skriv mere af navnet.

mail-loan-not_collected-subject = Bookingen af { $type } er slut
mail-loan-not_collected-body =
    Hej { $unit }!

    { $type } fra { $first } til { $last } blev ikke hentet. Bookingen er derfor slut, så en anden kan låne kassen. Vil I stadig have den? Book nye dage:
    { $link }

event-loan-rules_waived = Der blev gjort en undtagelse fra reglerne
event-kit_type-rules_changed = Kassetypens regler blev ændret
event-organisation-loan_rules_changed = Reglerne for booking blev ændret

admin-rules = Regler
admin-rules-lead-text = Hvad der gælder for den, der booker. Lad et felt stå tomt, så gælder ingen regel. Reglerne vises, hvor man booker. Personalet kan gøre undtagelser med en grund.
admin-rules-of = Regler for { $type }
admin-rules-of-lead = Det, der står her, gælder i stedet for de almindelige regler. Lad et felt stå tomt, så gælder den almindelige.
admin-rules-otherwise = Ellers gælder:
admin-rules-earliest = Så langt frem kan man booke, i dage
admin-rules-earliest-hint = Højst 400.
admin-rules-lead = Book senest så mange åbne dage før
admin-rules-lead-hint = 0 betyder, at man kan booke til samme dag.
admin-rules-at-once = Flest kasser på samme tid pr. børnehave
admin-rules-of-type = Flest kasser af samme type på samme tid pr. børnehave
admin-rules-repeat = Samme type to gange i træk, mens andre venter
admin-rules-repeat-hint = Gælder, når børnehaven har haft typen inden for fire uger.
admin-rules-repeat-yes = Nej, de, der venter, går først
admin-rules-repeat-no = Ja, det er fint
admin-rules-collect = Så mange åbne dage holdes en kasse, der ikke hentes
admin-rules-collect-hint = Tælles efter lånets første dag. Tomt: indtil lånets sidste dag er gået.
admin-rules-own = Kassetyper med egne regler
admin-rules-own-none = Ingen kassetype har egne regler.
admin-rules-choose = Kassetype
admin-rules-choose-do = Ret typens regler

loans-change = Skift dage
loans-change-lead = Kan det ikke lade sig gøre, bliver bookingen, som den er.
loans-change-now = Booket nu
loans-change-do = Skift til disse dage
loans-change-keep = Behold dagene
loans-event-changed = Skiftet til { $first } – { $day }
flash-changed = Bookingen har nye dage.
error-loan-not_changeable = Dagene kan ikke skiftes, fordi kassen allerede er udleveret, eller lånet er slut.
error-loan-packed = Kassen er allerede fundet frem og er ikke ledig de nye dage. Afbestil, og book de nye dage i stedet, eller spørg lageret.
error-loan-others_wait = Andre venter på kassen, så lånet kan ikke forlænges. Aflever den senest { $last_day }.
event-loan-changed = Bookingen fik andre dage

mail-loan-changed-subject = Nye dage: { $type }, { $weeks }
mail-loan-changed-body =
    Hej { $unit }!

    Jeres booking af { $type } gælder nu fra { $first } til { $last }.

    { $link }
mail-loan-at_risk-subject = Usikkert, om { $type } når frem til { $first }
mail-loan-at_risk-body =
    Hej { $unit }!

    I har booket { $type } fra { $first } til { $last }. Lige nu mangler der en kasse til jer. Vi leder efter en anden og skriver, så snart det er løst. I behøver ikke gøre noget.

    { $next }
    { $link }
mail-loan-next = Vil I hellere skifte dage? Den næste ledige tid er { $first } til { $last }.
mail-loan-no-next = Vil I hellere have noget andet? Afbestil, og vælg en anden kasse.
mail-loan-safe-subject = Nu er { $type } sikker { $first }
mail-loan-safe-body =
    Hej { $unit }!

    Der er nu en kasse til jeres booking af { $type } fra { $first } til { $last }.

    { $link }
mail-loan-awaited-subject = En anden børnehave venter på { $kit }
mail-loan-awaited-body =
    Hej { $unit }!

    { $kit } skulle have været tilbage { $last }. En anden børnehave venter på kassen den { $from }. Aflever den, så snart I kan, eller skriv, hvis der er sket noget.

    { $link }
mail-loan-evaluation_awaited-subject = En anden børnehave venter på { $kit }
mail-loan-evaluation_awaited-body =
    Hej { $unit }!

    En anden børnehave venter på { $kit } den { $from }. Kassen kan udlånes, når jeres evaluering er inde. Det tager fem minutter:
    { $evaluation_link }

warehouse-risks = Usikre bookinger
warehouse-risks-lead = Bookinger, som der ingen kasse er til, som det ser ud i dag.
warehouse-risks-none = Alle bookinger har en kasse
warehouse-risks-none-text = Når en kasse er forsinket, og nogen venter på den, ses det her.
warehouse-risk-kit = Venter på { $kit } hos { $unit }, som skulle have været tilbage { $day }
warehouse-risk-evaluation = Venter på evalueringen af { $kit } fra { $unit }, senest { $day }
warehouse-risk-gone = Der er for få kasser af typen.

error-bundle-too_few = Vælg mindst to kassetyper.
error-bundle-too_many = Man kan højst booke { $most } kassetyper på én gang.
error-bundle-not_free = Alt kan ikke bookes de dage. Det, der mangler: { $types }.
error-bundle-at_once = En børnehave kan højst have { $most } kasser på én gang, og med disse bliver det flere. Fjern en type, eller vælg andre dage.
mail-bundle-subject = Booket: { $count } kasser, { $weeks }
mail-bundle-body =
    Hej { $unit }!

    I har booket { $types } fra { $first } til { $last }.

    Betalingen er en kort evaluering af hver kasse efter lånet. Har I ikke brug for dem alle? Afbestil her, så andre kan låne dem:
    { $link }
loans-more-types = Tilføj flere kassetyper
loans-more-types-title = Book flere kassetyper på én gang
loans-more-types-lead = Dette er ledigt { $weeks }. Alt bookes på én gang eller intet.
loans-more-types-search = Søg kassetype
loans-more-types-search-do = Søg
loans-more-types-choose = Vælg kassetyper
loans-more-types-none = Intet mere er ledigt de dage.
loans-more-types-do = Fortsæt
loans-with = Kasser
loans-together = Booket sammen med
loans-cancel-all = Ja, afbestil alle
loans-all-confirmed = { $count } kasser er booket { $weeks }
loans-without = Fjern

admin-closure-touches = { $count ->
    [one] Ét lån begynder eller slutter da
   *[other] { $count } lån begynder eller slutter da
  }
admin-closure-touches-text = Lånene bliver, som de er. Tilføj dagene en gang til, hvis det er rigtigt.
admin-closure-tell = Skriv til børnehaverne, at lageret er lukket
mail-loan-day_closed-subject = Lageret er lukket: { $type }, { $weeks }
mail-loan-day_closed-body =
    Hej { $unit }!

    I har { $type } fra { $first } til { $last }. Lageret er lukket den dag, kassen skal hentes eller afleveres. Vælg andre dage, eller spørg os:
    { $link }
