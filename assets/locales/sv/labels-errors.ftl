# Fel om etiketter.
error-label-none = Ingen låda är vald. Välj minst en.
error-label-too_many = Det är för många etiketter på en gång. Välj högst { $most }.
error-label-unknown_sheet = Arket är okänt. Välj { $known }, eller skriv etikettens mått i millimeter, till exempel 62x38.
error-label-no_such_place = Arket har platserna 1 till { $places }. Välj en av dem.
error-label-pixels = Bildens sida ska vara mellan { $least } och { $most } bildpunkter.
