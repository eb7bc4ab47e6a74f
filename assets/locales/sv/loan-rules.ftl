# Regler för den som bokar, och vad de svarar.
loans-rules = Så bokar ni
loans-rule-lead = { $days ->
    [one] Boka senast en öppen dag innan.
   *[other] Boka senast { $days } öppna dagar innan.
  }
loans-rule-ahead = Boka tidigast { $days } dagar innan.
loans-rule-at-once = { $most ->
    [one] En förskola har högst en låda åt gången.
   *[other] En förskola har högst { $most } lådor samtidigt.
  }
loans-rule-at-once-have = { $most ->
    [one] Högst en låda åt gången: ni har { $have } de dagarna.
   *[other] Högst { $most } lådor samtidigt: ni har { $have } de dagarna.
  }
loans-rule-of-type = { $most ->
    [one] En förskola har högst en låda av den här typen åt gången.
   *[other] En förskola har högst { $most } lådor av den här typen samtidigt.
  }
loans-rule-of-type-have = { $most ->
    [one] Högst en låda av den här typen åt gången: ni har { $have } de dagarna.
   *[other] Högst { $most } lådor av den här typen samtidigt: ni har { $have } de dagarna.
  }
loans-rule-no-repeat = Har ni nyss haft lådan, går de före som väntar på den.
loans-rule-collect = { $days ->
    [0] Lådan hålls hela första dagen. Sedan kan någon annan få den.
    [one] Lådan hålls en öppen dag efter första dagen. Sedan kan någon annan få den.
   *[other] Lådan hålls { $days } öppna dagar efter första dagen. Sedan kan någon annan få den.
  }
loans-counted = De här lånen räknas:
loans-override-open = Undantag från reglerna
loans-override-keeps = Behövs bara om en regel säger nej. Skälet sparas och syns för förskolan, så skriv inget om enskilda personer eller barn.
loans-override = Varför görs ett undantag?
loans-override-hint = Du kan boka ändå. Skälet sparas och syns för förskolan, så skriv inget om enskilda personer eller barn.
loans-unit-hint = Skriv namnet, eller en del av det.
loans-event-rules_waived = Undantag från reglerna: { $reason }

error-loan-too_soon = { $days ->
    [one] Boka senast en öppen dag innan. Välj { $earliest } eller senare.
   *[other] Boka senast { $days } öppna dagar innan. Välj { $earliest } eller senare.
  }
error-loan-kits_at_once = { $most ->
    [one] En förskola kan ha högst en låda åt gången, och ni har { $count } de dagarna. Avboka en bokning eller välj andra dagar.
   *[other] En förskola kan ha högst { $most } lådor samtidigt, och ni har { $count } de dagarna. Avboka en bokning eller välj andra dagar.
  }
error-loan-kits_of_type = { $most ->
    [one] En förskola kan ha högst en låda av den här typen åt gången, och ni har { $count } de dagarna. Välj en annan typ eller andra dagar.
   *[other] En förskola kan ha högst { $most } lådor av den här typen samtidigt, och ni har { $count } de dagarna. Välj en annan typ eller andra dagar.
  }
error-loan-repeat = Ni har nyss haft lådan, och andra väntar på den. Välj en annan typ, eller ställ er i kön.
error-loan-may_not_override = Bara personalen kan göra undantag från reglerna. Ta bort skälet, eller hör av dig till dem.
error-loan_rules-of_organisation = Den regeln gäller alla lådtyper. Ändra den under Regler i stället.
error-loan_rules-no_day_left = Med de här reglerna finns ingen dag som går att boka. Tillåt längre framförhållning, eller kräv färre dagar.
error-unit-none_called = Ingen förskola heter { $name }. Kontrollera stavningen.
error-unit-several_called = Flera förskolor passar: { $names }. Skriv mer av namnet.

mail-loan-not_collected-subject = Bokningen av { $type } är avslutad
mail-loan-not_collected-body =
    Hej { $unit }!

    { $type } från { $first } till { $last } blev inte hämtad. Bokningen är därför avslutad, så att någon annan kan låna lådan. Vill ni fortfarande ha den? Boka nya dagar:
    { $link }

event-loan-rules_waived = Ett undantag gjordes från reglerna
event-kit_type-rules_changed = Lådtypens regler ändrades
event-organisation-loan_rules_changed = Reglerna för bokning ändrades

admin-rules = Regler
admin-rules-lead-text = Vad som gäller för den som bokar. Lämna ett fält tomt, så gäller ingen regel. Reglerna visas där man bokar. Personalen kan göra undantag med ett skäl.
admin-rules-of = Regler för { $type }
admin-rules-of-lead = Det som står här gäller i stället för de vanliga reglerna. Lämna ett fält tomt, så gäller den vanliga.
admin-rules-otherwise = Annars gäller:
admin-rules-earliest = Så långt fram går det att boka, i dagar
admin-rules-earliest-hint = Högst 400.
admin-rules-lead = Boka senast så många öppna dagar innan
admin-rules-lead-hint = 0 betyder att det går att boka till samma dag.
admin-rules-at-once = Flest lådor samtidigt per förskola
admin-rules-of-type = Flest lådor av samma typ samtidigt per förskola
admin-rules-repeat = Samma typ två gånger i rad medan andra väntar
admin-rules-repeat-hint = Gäller när förskolan har haft typen inom fyra veckor.
admin-rules-repeat-yes = Nej, de som väntar går före
admin-rules-repeat-no = Ja, det går bra
admin-rules-collect = Så många öppna dagar hålls en låda som inte hämtas
admin-rules-collect-hint = Räknas efter lånets första dag. Tomt: tills lånets sista dag har gått.
admin-rules-own = Lådtyper med egna regler
admin-rules-own-none = Ingen lådtyp har egna regler.
admin-rules-choose = Lådtyp
admin-rules-choose-do = Ändra typens regler

loans-change = Byt dagar
loans-change-lead = Går det inte, står bokningen kvar som den är.
loans-change-now = Bokat nu
loans-change-do = Byt till de här dagarna
loans-change-keep = Behåll dagarna
loans-event-changed = Bytt till { $first } – { $day }
flash-changed = Bokningen har nya dagar.
error-loan-not_changeable = Dagarna kan inte bytas, eftersom lådan redan är utlämnad eller lånet avslutat.
error-loan-packed = Lådan är redan framplockad och är inte ledig de nya dagarna. Avboka och boka de nya dagarna i stället, eller hör av er till lagret.
error-loan-others_wait = Andra väntar på lådan, så lånet kan inte förlängas. Lämna den senast { $last_day }.
event-loan-changed = Bokningen fick andra dagar

mail-loan-changed-subject = Nya dagar: { $type }, { $weeks }
mail-loan-changed-body =
    Hej { $unit }!

    Er bokning av { $type } gäller nu från { $first } till { $last }.

    { $link }
mail-loan-at_risk-subject = Osäkert om { $type } hinner fram till { $first }
mail-loan-at_risk-body =
    Hej { $unit }!

    Ni har bokat { $type } från { $first } till { $last }. Just nu saknas en låda till er. Vi söker en annan och hör av oss så fort det är löst. Ni behöver inte göra något.

    { $next }
    { $link }
mail-loan-next = Vill ni hellre byta dagar? Nästa lediga tid är { $first } till { $last }.
mail-loan-no-next = Vill ni hellre ha något annat? Avboka, och välj en annan låda.
mail-loan-safe-subject = Nu är { $type } säker { $first }
mail-loan-safe-body =
    Hej { $unit }!

    Det finns nu en låda till er bokning av { $type } från { $first } till { $last }.

    { $link }
mail-loan-awaited-subject = En annan förskola väntar på { $kit }
mail-loan-awaited-body =
    Hej { $unit }!

    { $kit } skulle ha varit tillbaka { $last }. En annan förskola väntar på lådan den { $from }. Lämna den så snart ni kan, eller hör av er om något har hänt.

    { $link }
mail-loan-evaluation_awaited-subject = En annan förskola väntar på { $kit }
mail-loan-evaluation_awaited-body =
    Hej { $unit }!

    En annan förskola väntar på { $kit } den { $from }. Lådan kan lånas ut när er utvärdering är inne. Det tar fem minuter:
    { $evaluation_link }

warehouse-risks = Osäkra bokningar
warehouse-risks-lead = Bokningar som ingen låda finns till, som det ser ut i dag.
warehouse-risks-none = Alla bokningar har en låda
warehouse-risks-none-text = När en låda är försenad och någon väntar på den syns det här.
warehouse-risk-kit = Väntar på { $kit } hos { $unit }, som skulle ha varit tillbaka { $day }
warehouse-risk-evaluation = Väntar på utvärderingen av { $kit } från { $unit }, senast { $day }
warehouse-risk-gone = Det finns för få lådor av typen.

error-bundle-too_few = Välj minst två lådtyper.
error-bundle-too_many = Det går att boka högst { $most } lådtyper på en gång.
error-bundle-not_free = Allt går inte att boka de dagarna. Det som saknas: { $types }.
error-bundle-at_once = En förskola kan ha högst { $most } lådor samtidigt, och med de här blir det fler. Ta bort en typ, eller välj andra dagar.
mail-bundle-subject = Bokat: { $count } lådor, { $weeks }
mail-bundle-body =
    Hej { $unit }!

    Ni har bokat { $types } från { $first } till { $last }.

    Betalningen är en kort utvärdering av varje låda efter lånet. Behöver ni inte alla? Avboka här, så kan någon annan låna dem:
    { $link }
loans-more-types = Lägg till fler lådtyper
loans-more-types-title = Boka fler lådtyper på samma gång
loans-more-types-lead = Det här är ledigt { $weeks }. Allt bokas på en gång, eller inget.
loans-more-types-search = Sök lådtyp
loans-more-types-search-do = Sök
loans-more-types-choose = Välj lådtyper
loans-more-types-none = Inget mer är ledigt de dagarna.
loans-more-types-do = Fortsätt
loans-with = Lådor
loans-together = Bokades tillsammans med
loans-cancel-all = Ja, avboka alla
loans-all-confirmed = { $count } lådor är bokade { $weeks }
loans-without = Ta bort

admin-closure-touches = { $count ->
    [one] Ett lån börjar eller slutar då
   *[other] { $count } lån börjar eller slutar då
  }
admin-closure-touches-text = Lånen står kvar som de är. Lägg till dagarna en gång till om det stämmer.
admin-closure-tell = Mejla förskolorna om att lagret är stängt
mail-loan-day_closed-subject = Lagret är stängt: { $type }, { $weeks }
mail-loan-day_closed-body =
    Hej { $unit }!

    Ni har { $type } från { $first } till { $last }. Lagret kommer att vara stängt den dag då lådan ska hämtas eller lämnas. Välj andra dagar, eller hör av er:
    { $link }
