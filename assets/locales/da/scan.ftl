scan-handed_out = { $kit } er udleveret til { $unit }. Den skal være tilbage senest { $last }.
scan-handed_out_swapped = { $kit } er udleveret til { $unit } i stedet for den kasse, der var booket. Den skal være tilbage senest { $last }.
scan-received = { $kit } fra { $unit } er modtaget. Evalueringen mangler.
scan-returned = { $kit } fra { $unit } er afleveret. Evalueringen er kommet.
scan-returned_released = { $kit } fra { $unit } er afleveret. Evalueringen er eftergivet.
scan-packed = { $kit } er fundet frem til { $unit }.
