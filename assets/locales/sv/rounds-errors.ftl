error-round-not_found = Omgången finns inte. Gå tillbaka till listan.
error-round-last_before_first = Terminens sista dag ligger före den första, { $first_day }. Välj en senare dag.
error-round-term_too_long = En termin kan vara högst { $most } dagar. Välj en tidigare dag.
error-round-term_over = Terminen är redan slut. Välj { $today } eller senare.
error-round-too_far_ahead = Så långt fram går det inte att boka än. Välj { $latest } eller tidigare.
error-round-closes_before_opens = Sista dagen för önskemål ligger före den första, { $opens_on }. Välj en senare dag.
error-round-closes_past = Sista dagen att önska har redan varit. Välj en senare dag.
error-round-closes_too_late = Önskemålen måste stänga innan terminen slutar, { $last_day }. Välj en tidigare dag.
error-round-outside_term = Veckan ligger utanför terminen. Välj en mellan { $first } och { $last }.
error-round-weeks_backwards = Den senaste veckan ligger före den tidigaste. Välj en senare vecka.
error-round-weeks_too_few = Veckorna räcker inte till ett lån på { $days } dagar. Välj fler veckor eller ett kortare lån.
error-round-too_many_wishes = Ni kan ha högst { $most } önskemål. Ta bort ett först.
error-round-wished_twice = Den lådan finns redan på er lista. Flytta den uppåt om den är viktigare.
error-round-not_open_yet = Önskemålen öppnar { $day }. Vänta till dess.
error-round-wishes_closed = Önskemålen är stängda. Titta efter lediga tider i katalogen.
error-round-still_open = Önskemålen är öppna till { $day }. Stäng dem först.
error-round-no_wishes = Ingen har önskat något än. Vänta tills det finns önskemål att fördela.
error-round-no_preview = Det finns ingen fördelning än. Fördela först.
error-round-already_published = Fördelningen är redan publicerad. Ändra lånen ett och ett i stället.
error-round-is_cancelled = Omgången är inställd. Gör en ny omgång.
error-round-no_room = Ingen låda är ledig de dagarna. Nästa lediga tid är { $first } till { $last }.
error-round-never_room = Ingen låda av den typen är ledig det närmaste året. Välj en annan låda.
error-round-no_longer_fits = { $count ->
    [one] Ett lån går inte längre, för något har ändrats sedan dess. Ingenting är publicerat. Fördela om det, eller ändra det för hand.
   *[other] { $count } lån går inte längre, för något har ändrats sedan dess. Ingenting är publicerat. Fördela om dem, eller ändra dem för hand.
  }
