scan-handed_out = { $kit } är utlämnad till { $unit }. Den ska vara tillbaka senast { $last }.
scan-handed_out_swapped = { $kit } är utlämnad till { $unit }, i stället för den låda som var bokad. Den ska vara tillbaka senast { $last }.
scan-received = { $kit } från { $unit } är mottagen. Utvärderingen saknas.
scan-returned = { $kit } från { $unit } är återlämnad. Utvärderingen har kommit.
scan-returned_released = { $kit } från { $unit } är återlämnad. Utvärderingen är efterskänkt.
scan-packed = { $kit } är framplockad åt { $unit }.
