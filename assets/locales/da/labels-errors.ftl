# Fejl om etiketter.
error-label-none = Ingen kasse er valgt. Vælg mindst én.
error-label-too_many = Det er for mange etiketter på én gang. Vælg højst { $most }.
error-label-unknown_sheet = Arket er ukendt. Vælg { $known }, eller skriv etikettens mål i millimeter, for eksempel 62x38.
error-label-no_such_place = Arket har pladserne 1 til { $places }. Vælg en af dem.
error-label-pixels = Billedets side skal være mellem { $least } og { $most } pixels.
