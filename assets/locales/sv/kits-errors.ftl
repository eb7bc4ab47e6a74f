# Fel om lådtyper och lådor.
error-kit_type-not_found = Lådtypen finns inte. Välj en ur listan.
error-kit_type-name_taken = Det finns redan en lådtyp som heter så. Välj ett annat namn, eller ändra den som finns.
error-kit_type-retired = Lådtypen är tagen ur bruk. Välj en annan lådtyp.
error-kit_type-has_kits = { $count ->
    [one] Lådtypen har en låda kvar. Ta den ur bruk först.
   *[other] Lådtypen har { $count } lådor kvar. Ta dem ur bruk först.
  }
error-kit_type-ages_reversed = Den högsta åldern är lägre än den lägsta. Byt plats på dem.
error-kit_type-too_many_lines = Listan är för lång. Behåll högst { $most } rader.
error-kit-unknown_code = Koden { $code } finns inte. Kontrollera att du skrev rätt.
error-kit-retired = Lådan är tagen ur bruk, så den kan varken lånas eller ändras.
error-kit-on_loan = Lådan hör till ett lån som inte är slut, för { $unit }. Avsluta lånet först, så går det sedan.
error-kit-copy_taken = Det finns redan en { $copy } av den här lådtypen. Välj en annan beteckning.
