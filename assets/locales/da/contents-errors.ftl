# Hvorfor en kontrol eller vedligehold ikke gik.
error-check-occasion_of_borrower = Den kontrol laver børnehaven selv, på lånets side. Vælg efter lånet, optælling eller anden.
error-check-not_out = Kassen er ikke hos jer nu, så der er intet at kontrollere. Kontakt lageret, hvis noget er galt.
error-check-too_many = Højst { $most } ad gangen. Del kontrollen op.
error-deviation-not_found = Afvigelsen findes ikke.
error-deviation-not_open = Det er allerede løst, eller gælder en anden kasse. Indlæs siden igen.
error-deviation-resolved = Nogen har allerede taget sig af det. Indlæs siden igen.
error-deviation-nothing_lacking = Det var noget, der lå der uden at høre til. Det behøver ikke løses.
error-deviation-too_many_photos = Højst { $most } fotos af samme ting.
error-service-not_found = Det job findes ikke.
error-service-over = Jobbet er allerede afsluttet. Indlæs siden igen.
error-service-reserved = { $unit } har reserveret fra { $first } og ville blive uden kasse. Vælg andre dage, eller skriv, hvorfor det alligevel skal gøres.
error-service-reserved_other = En reservation ville blive uden kasse. Vælg andre dage, eller skriv, hvorfor det alligevel skal gøres.
error-service-begun = Jobbet begyndte { $first_day }, og den dag kan ikke ændres. Ret den sidste dag.
error-service-until_complete = Kassen venter på noget, som den ikke udlånes uden. Sig på kassens side, hvad der blev af det, der mangler.
error-kit-incomplete = { $code } udlånes ikke: { $parts } mangler eller er i stykker. Fyld op, og sig til på kassens side, eller tag en anden kasse.
error-kit-in_service = { $code } skal først { $kind ->
    [repair] repareres
    [charge] oplades
    [clean] rengøres
   *[refill] fyldes op
 }. Sig til under Vedligehold, når det er klart, eller tag en anden kasse.
error-check-how_many = Du har fortalt noget om { $name }. Hvor mange mangler eller er i stykker? Tæl kun dem, der er hele.
error-check-counted_meanwhile = En anden har ændret denne linje. Nu skal der være { $now }. Tæl en gang til.
error-deviation-more_than_there = { $most ->
    [0] Der er ingen { $name } tilbage i kassen at melde: alle er allerede meldt.
   *[other] Så mange { $name } er der ikke i kassen. Højst { $most } er tilbage at melde.
  }
error-check-photos_too_large = Billederne er tilsammen større end 30 MB. Send færre ad gangen, eller gør dem mindre.
error-check-all_but = Du har ændret eller skrevet noget på kortet, så Alt med siger ikke det hele. Gem kontrollen, eller fjern det, du skrev.
