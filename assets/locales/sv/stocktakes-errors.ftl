error-stocktake-not_found = Inventeringen finns inte.
error-stocktake-over = { $status ->
    [cancelled] Inventeringen är avbruten. Starta en ny om ni vill räkna igen.
   *[closed] Inventeringen är avslutad. Starta en ny om ni vill räkna igen.
}
error-stocktake-no_such_shelf = Ingen låda har hyllplatsen { $shelf }.
error-stocktake-no_shelf_chosen = Välj minst en hylla, eller inventera hela lagret.
error-stocktake-too_many_shelves = Välj högst { $most } hyllor, eller inventera hela lagret.
error-stocktake-corrected = Lådan är redan rättad efter skanningen, så den kan inte ångras.
error-stocktake-not_counted = Lådan är inte räknad i den här inventeringen. Skanna den först.
error-stocktake-not_possible = Det är redan rättat, eller så har lådan flyttats sedan dess. Läs in sidan igen.
error-kit-lost = Lådan är noterad som förlorad. Öppna lådans sida och ta den i bruk igen, så går det sedan.
error-kit-not_lost = Lådan är inte noterad som förlorad, så det finns inget att ändra.
