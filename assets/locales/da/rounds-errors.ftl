error-round-not_found = Runden findes ikke. Gå tilbage til listen.
error-round-last_before_first = Terminens sidste dag ligger før den første, { $first_day }. Vælg en senere dag.
error-round-term_too_long = En termin kan højst være { $most } dage. Vælg en tidligere dag.
error-round-term_over = Terminen er allerede slut. Vælg { $today } eller senere.
error-round-too_far_ahead = Så langt frem kan der ikke bookes endnu. Vælg { $latest } eller tidligere.
error-round-closes_before_opens = Den sidste dag for ønsker ligger før den første, { $opens_on }. Vælg en senere dag.
error-round-closes_past = Den sidste dag for ønsker har allerede været. Vælg en senere dag.
error-round-closes_too_late = Ønskerne skal lukke, før terminen slutter, { $last_day }. Vælg en tidligere dag.
error-round-outside_term = Ugen ligger uden for terminen. Vælg en mellem { $first } og { $last }.
error-round-weeks_backwards = Den seneste uge ligger før den tidligste. Vælg en senere uge.
error-round-weeks_too_few = Ugerne rækker ikke til et lån på { $days } dage. Vælg flere uger eller et kortere lån.
error-round-too_many_wishes = I kan højst have { $most } ønsker. Fjern et først.
error-round-wished_twice = Den kasse står allerede på jeres liste. Flyt den op, hvis den er vigtigere.
error-round-not_open_yet = Ønskerne åbner { $day }. Vent til da.
error-round-wishes_closed = Ønskerne er lukket. Se efter ledige tider i kataloget.
error-round-still_open = Ønskerne er åbne til { $day }. Luk dem først.
error-round-no_wishes = Ingen har ønsket noget endnu. Vent, til der er ønsker at fordele.
error-round-no_preview = Der er ingen fordeling endnu. Fordel først.
error-round-already_published = Fordelingen er allerede offentliggjort. Ret lånene et ad gangen i stedet.
error-round-is_cancelled = Runden er aflyst. Lav en ny runde.
error-round-no_room = Ingen kasse er ledig de dage. Den næste ledige tid er { $first } til { $last }.
error-round-never_room = Ingen kasse af den type er ledig det næste år. Vælg en anden kasse.
error-round-no_longer_fits = { $count ->
    [one] Et lån kan ikke længere lade sig gøre, for en anden har nået at booke. Intet er offentliggjort. Fordel det igen, eller ret det i hånden.
   *[other] { $count } lån kan ikke længere lade sig gøre, for en anden har nået at booke. Intet er offentliggjort. Fordel dem igen, eller ret dem i hånden.
  }
