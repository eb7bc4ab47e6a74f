# Fel om etiketter.
error-label-none = Ingen låda är vald. Välj minst en.
error-label-too_many = Det är för många etiketter på en gång. Välj högst { $most }.
error-label-unknown_sheet = Arket är okänt. Välj { $known }, eller skriv etikettens mått i millimeter, till exempel 62x38.
error-label-no_such_place = Arket har platserna 1 till { $places }. Välj en av dem.
error-label-pixels = Bildens sida ska vara mellan { $least } och { $most } bildpunkter.
error-label-address_local = Etiketter kan inte skrivas ut än: adressen { $address } finns bara på den här datorn eller det egna nätet. Ställ in LABEL_URL till ett namn som håller i många år.
error-label-address_number = Etiketter kan inte skrivas ut än: adressen { $address } är ett nummer som kan ändras. Ställ in LABEL_URL till ett namn som håller i många år.
error-label-address_insecure = Etiketter kan inte skrivas ut än: adressen { $address } börjar inte med https://. Ställ in LABEL_URL till en säker adress.
error-label-dots = Antalet punkter per tum ska vara mellan { $least } och { $most }.
error-printer-not_found = Skrivaren finns inte längre. Välj en annan.
error-printer-address = Skriv en adress som börjar med ipp:// eller ipps://, till exempel ipp://skrivare.kommun.example/ipp/print. Lämna tomt om du skriver ut från datorn.
error-printer-no_address = Skrivaren { $printer } har ingen adress. Hämta etiketterna som PDF och skriv ut dem från datorn.
error-print_job-not_found = Utskriften finns inte.
error-print_job-not_failed = Utskriften har inte misslyckats, så den behöver inte göras om.
error-print_job-ended = Utskriften är redan klar eller avbruten.
