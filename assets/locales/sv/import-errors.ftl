# Fel i en fil som läses in. Rad och kolumn står bredvid.
error-import-content_type = Filen är av en sort som inte kan läsas in. Skicka CSV eller Excel (.xlsx).
error-import-no_file = Välj en fil.
error-import-unreadable = Filen gick inte att läsa. Spara den som CSV eller Excel (.xlsx), utan lösenord, och försök igen.
error-import-open_quote = Ett citattecken på rad { $line } avslutas aldrig. Ta bort det, eller lägg till det som saknas.
error-import-no_heading = Rubrikraden hittades inte. Den ska ha till exempel: { $known }.
error-import-column_missing = Kolumnen ”{ $column }” saknas. Lägg till den i rubrikraden.
error-import-no_rows = Det finns inga rader under rubrikerna. Fyll i minst en.
error-import-too_many_rows = Filen har för många rader. Dela upp den, med högst { $most } rader i varje.
error-import-duplicate_row = Det här står redan på rad { $line }. Ta bort en av raderna.
error-import-already_there = Finns redan, men med andra uppgifter. Ta bort raden, och ändra uppgifterna för hand om det behövs.
error-import-not_a_number = Det här är inget heltal. Skriv bara siffror, till exempel 14.
error-import-unknown_role = Rollen ”{ $name }” är okänd. Skriv låntagare, lager, utvecklare eller administratör.
error-import-unknown_unit = Ingen enhet heter ”{ $name }”. Lägg till enheten först, eller rätta namnet.
error-import-unknown_unit_like = Ingen enhet heter ”{ $name }”. Menade du ”{ $nearest }”?
error-import-unknown_kit_type = Ingen lådtyp heter ”{ $name }”. Lägg till lådtypen först, eller rätta namnet.
error-import-unknown_kit_type_like = Ingen lådtyp heter ”{ $name }”. Menade du ”{ $nearest }”?
error-import-one_of_each_copy = Av en låda med egen beteckning finns bara en. Ta bort beteckningen, eller skriv 1.
error-import-too_many_kits = Filen ger för många lådor. Dela upp den, med högst { $most } lådor i varje.

# Kolumner i filer som läses in.
import-column-name = Namn
import-column-area = Område
import-column-email = E-post
import-column-children = Antal barn
import-column-street_address = Gatuadress
import-column-delivery_weekday = Turdag
import-column-roles = Roll
import-column-units = Förskola
import-column-kit_type = Lådtyp
import-column-copy = Beteckning
import-column-shelf = Hyllplats
import-column-quantity = Antal
error-import-not_a_weekday = Skriv en veckodag, till exempel tisdag.
