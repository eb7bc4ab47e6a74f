scan-handed_out = { $kit } is handed out to { $unit }. It is due back by { $last }.
scan-handed_out_swapped = { $kit } is handed out to { $unit }, instead of the kit that was reserved. It is due back by { $last }.
scan-received = { $kit } from { $unit } is received. The evaluation is missing.
scan-returned = { $kit } from { $unit } is returned. The evaluation is in.
scan-returned_released = { $kit } from { $unit } is returned. It was released from its evaluation.
scan-packed = { $kit } is packed for { $unit }.
