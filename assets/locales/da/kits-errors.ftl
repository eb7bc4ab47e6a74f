# Fejl om kassetyper og kasser.
error-kit_type-not_found = Kassetypen findes ikke. Vælg en fra listen.
error-kit_type-name_taken = Der findes allerede en kassetype med det navn. Vælg et andet navn, eller ret den, der findes.
error-kit_type-retired = Kassetypen er taget ud af brug. Vælg en anden kassetype.
error-kit_type-has_kits = { $count ->
    [one] Kassetypen har én kasse tilbage. Tag den ud af brug først.
   *[other] Kassetypen har { $count } kasser tilbage. Tag dem ud af brug først.
  }
error-kit_type-ages_reversed = Den højeste alder er lavere end den laveste. Byt om på dem.
error-kit_type-too_many_lines = Listen er for lang. Behold højst { $most } linjer.
error-kit-unknown_code = Koden { $code } findes ikke. Se efter, at du skrev rigtigt.
error-kit-retired = Kassen er taget ud af brug, så den kan hverken lånes eller ændres. Stil den til side.
error-kit-on_loan = Kassen hører til et lån, der ikke er slut, for { $unit }. Afslut lånet først, så går det bagefter.
error-kit-copy_taken = Der findes allerede en { $copy } af denne kassetype. Vælg en anden betegnelse.
picture-the-file = Filen
error-picture-no_file = Der er ikke valgt noget billede. Vælg et billede først.
error-picture-no_picture = { $file } er ikke et billede. Vælg et billede i JPEG, PNG eller WebP.
error-picture-svg = { $file } er en SVG-tegning, som ikke kan modtages. Gem den som PNG, og prøv igen.
error-picture-heic = { $file } er et billede i HEIC eller AVIF, som mange browsere ikke kan vise. Gem det som JPEG, og prøv igen. På iPhone: vælg Mest kompatibelt under Kamera, Formater.
error-picture-other_kind = { $file } er et slags billede, der ikke kan læses her. Gem det som JPEG eller PNG, og prøv igen.
error-picture-moving = { $file } er et billede, der bevæger sig. Vælg et stillbillede.
error-picture-too_many_pixels = { $file } har for mange billedpunkter. Gør det mindre, for eksempel 4000 billedpunkter bredt, og prøv igen.
error-picture-damaged = { $file } kan ikke læses til ende. Hent billedet igen, eller vælg et andet.
error-picture-too_large = Billedet er større end 15 MB. Gør det mindre, og prøv igen.
error-picture-too_many = Der kan højst være { $most } billeder. Fjern et først.
error-picture-no_such_line = Delen er ikke længere i indholdet. Vælg en anden.
error-picture-part_has_one = Delen har allerede et billede. Fjern det først, eller vælg en anden del.
error-picture-not_found = Billedet findes ikke længere. Indlæs siden igen.
error-code-blank = Etiketten { $code } sidder ikke på nogen kasse endnu. Vælg, hvilken kasse den hører til.
error-code-replaced = Etiketten { $code } er erstattet. Kassen har koden { $new } nu.
error-code-taken = Koden { $code } sidder allerede på en kasse. Tag en anden etiket.
error-code-unknown = Koden { $code } findes ikke blandt de fortrykte etiketter. Kontrollér, at du læste rigtigt.
