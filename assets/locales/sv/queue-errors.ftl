error-queue-not_found = Köplatsen finns inte, eller hör till en annan förskola. Gå tillbaka till Våra lån.
error-queue-span_too_short = Inget lån får plats mellan de dagarna. Välj fler veckor, eller ett kortare lån.
error-queue-already_waiting = Ni står redan i kö för lådan under några av de veckorna. Lämna den köplatsen först, eller välj andra veckor.
error-queue-not_waiting = Ni står inte i kö längre. Läs på köplatsens sida vad som har hänt.
error-queue-not_offered = Det finns inget erbjudande att svara på. Läs på köplatsens sida vad som har hänt.
error-queue-offer_over = Tiden för erbjudandet har gått ut, och lådan går till nästa i kön. Ställ er i kö igen om ni vill.
error-queue-no_kit_left = Den sista lådan av typen är tagen ur bruk. Välj en annan typ.
error-queue-still_there = Ni står redan i kö. Läs på köplatsens sida vad som gäller.
