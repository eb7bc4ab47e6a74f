# Fejl om kassetyper og kasser.
error-kit_type-not_found = Kassetypen findes ikke. Vælg en fra listen.
error-kit_type-name_taken = Der findes allerede en kassetype med det navn. Vælg et andet navn, eller ret den, der findes.
error-kit_type-retired = Kassetypen er fjernet, så den kan ikke få flere kasser. Vælg en anden kassetype.
error-kit_type-has_kits = { $count ->
    [one] Kassetypen har én kasse tilbage. Fjern kassen først.
   *[other] Kassetypen har { $count } kasser tilbage. Fjern dem først.
  }
error-kit_type-ages_reversed = Den højeste alder er lavere end den laveste. Byt om på dem.
error-kit_type-too_many_lines = Listen er for lang. Behold højst { $most } linjer.
error-kit-not_found = Ingen kasse har den kode. Tjek koden på etiketten.
error-kit-retired = Kassen er fjernet og kan ikke ændres.
error-kit-on_loan = Kassen er booket eller udlånt. Annuller eller modtag lånet først, så går det bagefter.
error-kit-copy_taken = Der findes allerede en { $copy } af denne kassetype. Vælg et andet bogstav.
