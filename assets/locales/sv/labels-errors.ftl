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
