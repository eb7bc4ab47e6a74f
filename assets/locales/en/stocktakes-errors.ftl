error-stocktake-not_found = There is no such stocktake.
error-stocktake-over = { $status ->
    [cancelled] The stocktake was called off. Start a new one to count again.
   *[closed] The stocktake is closed. Start a new one to count again.
}
error-stocktake-no_such_shelf = No kit has the shelf { $shelf }.
error-stocktake-no_shelf_chosen = Choose at least one shelf, or count the whole warehouse.
error-stocktake-too_many_shelves = Choose at most { $most } shelves, or count the whole warehouse.
error-stocktake-corrected = The kit has been put right since the scan, so that cannot be undone.
error-stocktake-not_counted = The kit is not counted in this stocktake. Scan it first.
error-stocktake-not_possible = That has been put right, or the kit has been moved since. Load the page again.
error-kit-lost = The kit is noted as lost. Open its page and take it into use again, then it can be done.
error-kit-not_lost = The kit is not noted as lost, so there is nothing to change.
