error-stocktake-not_found = Optællingen findes ikke.
error-stocktake-over = { $status ->
    [cancelled] Optællingen er afbrudt. Start en ny, hvis I vil tælle igen.
   *[closed] Optællingen er afsluttet. Start en ny, hvis I vil tælle igen.
}
error-stocktake-no_such_shelf = Ingen kasse har hyldepladsen { $shelf }.
error-stocktake-no_shelf_chosen = Vælg mindst én hylde, eller tæl hele lageret.
error-stocktake-too_many_shelves = Vælg højst { $most } hylder, eller tæl hele lageret.
error-stocktake-corrected = Kassen er rettet efter skanningen, så den kan ikke fortrydes.
error-stocktake-not_counted = Kassen er ikke talt i denne optælling. Scan den først.
error-stocktake-not_possible = Det er allerede rettet, eller kassen er flyttet siden. Indlæs siden igen.
error-kit-lost = Kassen er noteret som tabt. Åbn kassens side og tag den i brug igen, så går det bagefter.
error-kit-not_lost = Kassen er ikke noteret som tabt, så der er intet at ændre.
