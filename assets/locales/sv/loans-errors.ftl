error-loan-not_found = Lånet finns inte, eller hör till en annan förskola. Gå tillbaka till listan.
error-loan-in_the_past = Dagen har redan varit. Välj { $today } eller senare.
error-loan-too_far_ahead = Så långt fram går det inte att boka än. Välj { $latest } eller tidigare.
error-loan-last_before_first = Sista dagen ligger före första dagen, { $first_day }. Välj en senare dag.
error-loan-too_long = Lådan kan lånas högst { $days } dagar. Välj { $latest } eller tidigare.
error-loan-not_longer = Lånet går redan till { $last_day }. Välj en senare dag.
error-loan-no_kit_free = Ingen låda av typen { $type } är ledig de dagarna. Nästa lediga tid är { $first } till { $last }.
error-loan-never_free = Ingen låda av typen { $type } är ledig det närmaste året. Välj en annan låda eller hör av er till lagret.
error-loan-no_kits = Det finns inga lådor av typen { $type } att låna än. Välj en annan typ.
error-loan-overlap = Lådan är redan lovad till någon annan de dagarna. Försök igen.
error-loan-not_cancellable = Lånet kan inte avbokas, eftersom lådan redan är utlämnad eller lånet avslutat.
error-loan-not_extendable = Lånet kan inte förlängas, eftersom det redan är avslutat.
error-loan-extension_taken = Någon annan väntar på lådan. Lämna den senast { $last_day }.
error-loan-not_packable = Lånet kan inte plockas fram. Det är redan framplockat, utlämnat eller avslutat.
error-loan-at_risk = Ingen låda är inne för det här lånet än. Vänta tills en försenad låda kommer tillbaka.
error-loan-ready_too_early = Det är för tidigt att plocka fram lådan. Det går från { $day }.
error-loan-not_releasable = Lånet kan inte efterskänkas. Antingen är lådan inte utlämnad, eller så är utvärderingen redan klar.
error-loan-already_received = Lådan är redan mottagen, { $day }. Du behöver inte göra något.
error-loan-too_early = Lånet börjar först { $first }. Lämna ut lådan högst en vecka före.
error-loan-too_late = Lånet skulle ha slutat { $last }. Gör en ny bokning.
error-loan-not_waiting = Lånet väntar inte på utlämning. Kontrollera att du valde rätt lån.
error-unit-evaluation_overdue = { $count ->
    [one] Förskolan har en utvärdering som skulle ha lämnats senast { $due }. Lämna den först.
   *[other] Förskolan har { $count } utvärderingar som skulle ha lämnats, den äldsta senast { $due }. Lämna dem först.
  }
error-unit-not_yours = Du kan bara göra det åt din egen förskola. Välj den.
error-kit-other_organisation = Lådan { $code } hör till { $owner }. Ställ den åt sidan och ring dem: numret står på etiketten.
error-kit-out = Lådan är utlånad till { $unit }. Ta emot den först.
error-kit-packed = Lådan är framplockad åt { $unit }. Lämna ut den först.
error-kit-not_out = Lådan { $code } är inte utlånad, så det finns inget att ta emot. Ställ den på sin hylla.
error-kit-awaiting_evaluation = Lådan väntar på utvärderingen från { $unit }. Den kan lånas ut när den har kommit.
error-kit-nothing_to_pack = Lådan { $code } behöver inte plockas fram: ingen ska ha en sådan låda de närmaste två veckorna.
error-kit-not_reserved = Ingen väntar på lådan { $code }. Gör en bokning först.
error-kit-not_reserved_yet = Lådan är bokad först från { $first }. Lämna ut den högst en vecka före.
error-kit-promised = Lådan är lovad till { $unit } från { $first }, och ingen annan kan ersätta den. { $another ->
    [shelf] Ta { $kit } på hylla { $shelf } i stället.
    [kit] Ta { $kit } i stället.
   *[none] Ingen annan låda av typen går att lämna ut nu. Läs på lånet vad som gäller.
  }
error-kit-not_free = Lådan { $code } är upptagen de dagarna. Ta en annan låda av samma typ.
error-kit-reserved = Lådan är bokad av { $unit } från { $first }, och ingen annan kan ersätta den. Avboka lånet först, eller skaffa en låda till.
error-kit-offered = Lådan är erbjuden { $unit } från { $first }, och ingen annan kan ersätta den. Vänta på deras svar, eller skaffa en låda till.
error-scan-time = Tiden för skanningen stämmer inte. Kontrollera klockan i mobilen.
error-scan-just_done = { $state ->
    [out] Lådan är redan utlämnad till { $unit }. Välj Ta emot om den har kommit tillbaka.
   *[in] Lådan är redan mottagen från { $unit }. Välj Lämna ut om den ska ut igen.
  }
error-scan-stale = Lådan har lämnats ut eller tagits emot efter den här skanningen. Läs på lånet vad som gäller, eller skanna på nytt.
error-scan-other_loan = Lådan är utlånad på ett annat lån. Ta emot den utan att välja lån.
error-scan-other_type = Lådan är av en annan typ än den som är bokad. Ta en låda av rätt typ.
error-scan-which_loan = { $count } lån av den här typen ska ut i dag. Välj vilket lån lådan är till.
error-code-wrong_check = Koden stämmer inte. Ett tecken är fel. Läs den en gång till.
error-code-not_a_code = Det där är ingen kod. En kod har sju tecken, till exempel 7K3-M9QX.
error-deviation-no_such_line = Raden finns inte i lådans innehållslista. Välj en rad ur listan.
error-request-too_many_days = Det är för många dagar på en gång. Fråga om högst { $most }.
error-scan-not_for_unit = Lådan är inte till { $unit }.{ $other ->
    [none] {""}
   *[other] {" "}Den är bokad till { $other } från { $first }.
  }{ $instead ->
    [none] {""}
   *[other] {" "}Ta { $instead } i stället.
  }
error-kit-unchecked = Lådan { $code } är inte kontrollerad sedan den kom in. Kontrollera innehållet först, så kan den lånas ut.
