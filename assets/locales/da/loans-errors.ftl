error-loan-not_found = Lånet findes ikke eller hører til en anden børnehave. Gå tilbage til listen.
error-loan-in_the_past = Den dag har allerede været. Vælg { $today } eller senere.
error-loan-too_far_ahead = Så langt frem kan der ikke bookes endnu. Vælg { $latest } eller tidligere.
error-loan-last_before_first = Sidste dag ligger før første dag, { $first_day }. Vælg en senere dag.
error-loan-too_long = Kassen kan højst lånes i { $days } dage. Vælg { $latest } eller tidligere.
error-loan-not_longer = Lånet løber allerede til { $last_day }. Vælg en senere dag.
error-loan-no_kit_free = Ingen kasse af typen { $type } er ledig de dage. Næste ledige periode er { $first } til { $last }.
error-loan-never_free = Ingen kasse af typen { $type } er ledig det næste år. Vælg en anden kasse, eller kontakt lageret.
error-loan-no_kits = Der er ingen kasser af typen { $type } at låne endnu. Vælg en anden type.
error-loan-overlap = Kassen er allerede lovet til en anden de dage. Prøv igen.
error-loan-not_cancellable = Lånet kan ikke afbestilles, for kassen er udleveret, eller lånet er afsluttet.
error-loan-not_extendable = Lånet kan ikke forlænges, for det er afsluttet.
error-loan-extension_taken = En anden venter på kassen. Aflever den senest { $last_day }.
error-loan-not_packable = Lånet kan ikke findes frem. Det er allerede fundet frem, udleveret eller afsluttet.
error-loan-at_risk = Ingen kasse er inde til dette lån endnu. Vent, til en forsinket kasse kommer tilbage.
error-loan-ready_too_early = Det er for tidligt at finde kassen frem. Det kan gøres fra { $day }.
error-loan-not_releasable = Lånet kan ikke eftergives. Enten er kassen ikke udleveret, eller også er evalueringen allerede på plads.
error-loan-already_received = Kassen er allerede modtaget, { $day }. Du behøver ikke gøre noget.
error-loan-too_early = Lånet begynder først { $first }. Udlever kassen højst en uge før.
error-loan-too_late = Lånet skulle være sluttet { $last }. Lav en ny booking.
error-loan-not_waiting = Lånet venter ikke på udlevering. Se efter, at du valgte det rigtige lån.
error-unit-evaluation_overdue = { $count ->
    [one] Børnehaven skylder en evaluering, som skulle være kommet senest { $due }. Send den først.
   *[other] Børnehaven skylder { $count } evalueringer, den ældste senest { $due }. Send dem først.
  }
error-unit-not_yours = Det kan du kun gøre for din egen børnehave. Vælg den.
error-kit-other_organisation = Kassen { $code } hører til { $owner }. Stil den til side, og ring til dem: nummeret står på etiketten.
error-kit-out = Kassen er udlånt til { $unit }. Modtag den først.
error-kit-packed = Kassen er fundet frem til { $unit }. Udlever den først.
error-kit-not_out = Kassen { $code } er ikke udlånt, så der er intet at modtage. Stil den på dens hylde.
error-kit-awaiting_evaluation = Kassen venter på evalueringen fra { $unit }. Den kan lånes ud, når den er kommet.
error-kit-nothing_to_pack = Kassen { $code } skal ikke findes frem: ingen skal have sådan en kasse de næste to uger.
error-kit-not_reserved = Ingen venter på kassen { $code }. Lav en booking først.
error-kit-not_reserved_yet = Kassen er booket fra { $first }. Udlever den højst en uge før.
error-kit-promised = Kassen er lovet til { $unit } fra { $first }, og ingen anden kan erstatte den. { $another ->
    [shelf] Tag { $kit } på hylde { $shelf } i stedet.
    [kit] Tag { $kit } i stedet.
   *[none] Ingen anden kasse af typen kan udleveres nu. Læs på lånet, hvad der gælder.
  }
error-kit-not_free = Kassen { $code } er optaget de dage. Tag en anden kasse af samme type.
error-kit-reserved = Kassen er booket af { $unit } fra { $first }, og ingen anden kan erstatte den. Afbestil lånet først, eller skaf en kasse mere.
error-kit-offered = Kassen er tilbudt { $unit } fra { $first }, og ingen anden kan erstatte den. Vent på deres svar, eller skaf en kasse mere.
error-scan-time = Tidspunktet for scanningen kan ikke passe. Se på telefonens ur.
error-scan-just_done = { $state ->
    [out] Kassen er allerede udleveret til { $unit }. Vælg Modtag, hvis den er kommet tilbage.
   *[in] Kassen er allerede modtaget fra { $unit }. Vælg Udlever, hvis den skal ud igen.
  }
error-scan-stale = Kassen er udleveret eller modtaget efter denne scanning. Se på lånet, hvad der gælder, eller scan igen.
error-scan-other_loan = Kassen er udlånt på et andet lån. Modtag den uden at vælge lån.
error-scan-other_type = Kassen er af en anden type end den bookede. Tag en kasse af den rigtige type.
error-scan-which_loan = { $count } lån af denne type skal ud i dag. Vælg, hvilket lån kassen er til.
error-code-wrong_check = Koden passer ikke. Et tegn er forkert. Læs den en gang til.
error-code-not_a_code = Det er ikke en kode. En kode har syv tegn, for eksempel 7K3-M9QX.
error-deviation-no_such_line = Linjen findes ikke i kassens indholdsliste. Vælg en linje fra listen.
error-request-too_many_days = Det er for mange dage på én gang. Spørg om højst { $most }.
error-scan-not_for_unit = Kassen er ikke til { $unit }.{ $other ->
    [none] {""}
   *[other] {" "}Den er booket til { $other } fra { $first }.
  }{ $instead ->
    [none] {""}
   *[other] {" "}Tag { $instead } i stedet.
  }
error-kit-unchecked = Kassen { $code } er ikke kontrolleret, siden den kom ind. Kontrollér indholdet først, så kan den udlånes.
