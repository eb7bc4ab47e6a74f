# Fejl om etiketter.
error-label-none = Ingen kasse er valgt. Vælg mindst én.
error-label-too_many = Det er for mange etiketter på én gang. Vælg højst { $most }.
error-label-unknown_sheet = Arket er ukendt. Vælg { $known }, eller skriv etikettens mål i millimeter, for eksempel 62x38.
error-label-no_such_place = Arket har pladserne 1 til { $places }. Vælg en af dem.
error-label-pixels = Billedets side skal være mellem { $least } og { $most } pixels.
error-label-address_local = Etiketter kan ikke udskrives endnu: adressen { $address } findes kun på denne computer eller det lokale net. Sæt LABEL_URL til et navn, der holder i mange år.
error-label-address_number = Etiketter kan ikke udskrives endnu: adressen { $address } er et nummer, der kan ændre sig. Sæt LABEL_URL til et navn, der holder i mange år.
error-label-address_insecure = Etiketter kan ikke udskrives endnu: adressen { $address } begynder ikke med https://. Sæt LABEL_URL til en sikker adresse.
error-label-dots = Antallet af punkter pr. tomme skal være mellem { $least } og { $most }.
error-printer-not_found = Printeren findes ikke længere. Vælg en anden.
error-printer-address = Skriv en adresse, der begynder med ipp:// eller ipps://, for eksempel ipp://printer.kommune.example/ipp/print. Lad feltet være tomt, hvis du udskriver fra en computer.
error-printer-no_address = Printeren { $printer } har ingen adresse. Hent etiketterne som PDF og udskriv dem fra en computer.
error-print_job-not_found = Udskriften findes ikke.
error-print_job-not_failed = Udskriften er ikke mislykkedes, så den skal ikke laves om.
error-print_job-ended = Udskriften er allerede færdig eller afbrudt.
