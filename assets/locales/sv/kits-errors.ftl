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
error-kit-retired = Lådan är tagen ur bruk, så den kan varken lånas eller ändras. Ställ den åt sidan.
error-kit-on_loan = Lådan hör till ett lån som inte är slut, för { $unit }. Avsluta lånet först, så går det sedan.
error-kit-copy_taken = Det finns redan en { $copy } av den här lådtypen. Välj en annan beteckning.
picture-the-file = Filen
error-picture-no_file = Ingen bild är vald. Välj en bild först.
error-picture-no_picture = { $file } är ingen bild. Välj en bild i JPEG, PNG eller WebP.
error-picture-svg = { $file } är en SVG-teckning, och sådana kan inte tas emot. Spara den som PNG och försök igen.
error-picture-heic = { $file } är en bild i HEIC eller AVIF, som många webbläsare inte kan visa. Spara den som JPEG och försök igen. På iPhone: välj Mest kompatibel under Kamera, Format.
error-picture-other_kind = { $file } är en bild av ett slag som inte kan läsas här. Spara den som JPEG eller PNG och försök igen.
error-picture-moving = { $file } är en rörlig bild. Välj en stillbild.
error-picture-too_many_pixels = { $file } har för många bildpunkter. Gör den mindre, till exempel 4000 bildpunkter bred, och försök igen.
error-picture-damaged = { $file } går inte att läsa till slutet. Hämta bilden på nytt eller välj en annan.
error-picture-too_large = Bilden är större än 15 MB. Gör den mindre och försök igen.
error-picture-too_many = Det går att ha högst { $most } bilder. Ta bort någon först.
error-picture-no_such_line = Delen finns inte längre i innehållet. Välj en annan.
error-picture-part_has_one = Delen har redan en bild. Ta bort den först, eller välj en annan del.
error-picture-not_found = Bilden finns inte längre. Ladda om sidan.
error-code-blank = Etiketten { $code } sitter inte på någon låda än. Välj vilken låda den ska höra till.
error-code-replaced = Etiketten { $code } är ersatt. Lådan har koden { $new } nu.
error-code-taken = Koden { $code } sitter redan på en låda. Ta en annan etikett.
error-code-unknown = Koden { $code } finns inte bland de förtryckta etiketterna. Kontrollera att du läste rätt.
