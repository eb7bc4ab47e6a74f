# Varför en kontroll eller vård inte gick.
error-check-occasion_of_borrower = Den kontrollen gör förskolan själv, på lånets sida. Välj efter lånet, inventering eller annan.
error-check-not_out = Lådan är inte hos er nu, så det finns inget att kontrollera. Hör av er till lagret om något är fel.
error-check-too_many = Högst { $most } åt gången. Dela upp kontrollen.
error-deviation-not_found = Avvikelsen finns inte.
error-deviation-not_open = Det är redan löst, eller gäller en annan låda. Ladda om sidan.
error-deviation-resolved = Någon har redan tagit hand om det. Ladda om sidan.
error-deviation-nothing_lacking = Det var något som låg där utan att höra dit. Det behöver inte lösas.
error-deviation-too_many_photos = Högst { $most } foton av samma sak.
error-service-not_found = Det jobbet finns inte.
error-service-over = Jobbet är redan avslutat. Ladda om sidan.
error-service-reserved = { $unit } har bokat från { $first } och skulle bli utan låda. Välj andra dagar, eller skriv varför det ändå måste göras.
error-service-reserved_other = En bokning skulle bli utan låda. Välj andra dagar, eller skriv varför det ändå måste göras.
error-service-begun = Jobbet började { $first_day }, och den dagen kan inte ändras. Ändra den sista dagen.
error-service-until_complete = Lådan väntar på något som den inte lånas ut utan. Säg på lådans sida vad det blev av det som saknas.
error-kit-incomplete = { $code } lånas inte ut: { $parts } saknas eller är trasigt. Fyll på och säg till på lådans sida, eller ta en annan låda.
error-kit-in_service = { $code } { $kind ->
    [repair] ska lagas
    [charge] ska laddas
    [clean] ska rengöras
   *[refill] ska fyllas på
 } först. Säg till under Vård när det är klart, eller ta en annan låda.
error-check-how_many = Du har berättat något om { $name }. Hur många saknas eller är trasiga? Räkna bara dem som är hela.
error-check-counted_meanwhile = Någon annan har ändrat den här raden. Nu ska det vara { $now }. Räkna en gång till.
error-deviation-more_than_there = { $most ->
    [0] Det finns ingen { $name } kvar i lådan att anmäla: alla är redan anmälda.
   *[other] Så många { $name } finns inte i lådan. Högst { $most } är kvar att anmäla.
  }
error-check-photos_too_large = Fotona är tillsammans större än 30 MB. Ta färre åt gången, eller gör dem mindre.
error-check-all_but = Du har ändrat eller skrivit något på kortet, så allt är inte sagt med Allt med. Spara kontrollen, eller ta bort det du skrev.
