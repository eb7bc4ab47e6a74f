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
error-kit-retired = Kassen er taget ud af brug, så den kan hverken lånes eller ændres.
error-kit-on_loan = Kassen hører til et lån, der ikke er slut, for { $unit }. Afslut lånet først, så går det bagefter.
error-kit-copy_taken = Der findes allerede en { $copy } af denne kassetype. Vælg en anden betegnelse.
