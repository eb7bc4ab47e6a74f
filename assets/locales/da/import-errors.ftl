# Fejl i en fil, der indlæses. Række og kolonne står ved siden af.
error-import-content_type = Filen er af en slags, der ikke kan læses. Send CSV eller Excel (.xlsx).
error-import-no_file = Vælg en fil.
error-import-unreadable = Filen kunne ikke læses. Gem den som CSV eller Excel (.xlsx), uden adgangskode, og prøv igen.
error-import-open_quote = Et anførselstegn på række { $line } bliver aldrig lukket. Fjern det, eller tilføj det, der mangler.
error-import-no_heading = Rækken med overskrifter blev ikke fundet. Den skal for eksempel have: { $known }.
error-import-column_missing = Kolonnen »{ $column }« mangler. Tilføj den i rækken med overskrifter.
error-import-no_rows = Der er ingen rækker under overskrifterne. Udfyld mindst én.
error-import-too_many_rows = Filen har for mange rækker. Del den op med højst { $most } rækker i hver.
error-import-duplicate_row = Det her står allerede på række { $line }. Fjern en af rækkerne.
error-import-already_there = Findes allerede, men med andre oplysninger. Fjern rækken, og ret oplysningerne i hånden, hvis det er nødvendigt.
error-import-not_a_number = Det her er ikke et helt tal. Skriv kun cifre, for eksempel 14.
error-import-unknown_role = Rollen »{ $name }« er ukendt. Skriv låner, lager, udvikler eller administrator.
error-import-unknown_unit = Ingen enhed hedder »{ $name }«. Opret enheden først, eller ret navnet.
error-import-unknown_unit_like = Ingen enhed hedder »{ $name }«. Mente du »{ $nearest }«?
error-import-unknown_kit_type = Ingen kassetype hedder »{ $name }«. Opret kassetypen først, eller ret navnet.
error-import-unknown_kit_type_like = Ingen kassetype hedder »{ $name }«. Mente du »{ $nearest }«?
error-import-one_of_each_copy = Af en kasse med sin egen betegnelse findes der kun én. Fjern betegnelsen, eller skriv 1.
error-import-too_many_kits = Filen giver for mange kasser. Del den op med højst { $most } kasser i hver.

# Kolonner i filer, der indlæses.
import-column-name = Navn
import-column-area = Område
import-column-email = E-mail
import-column-children = Antal børn
import-column-street_address = Adresse
import-column-delivery_weekday = Leveringsdag
import-column-roles = Rolle
import-column-units = Børnehave
import-column-kit_type = Kassetype
import-column-copy = Betegnelse
import-column-shelf = Hyldeplads
import-column-quantity = Antal
error-import-not_a_weekday = Skriv en ugedag, for eksempel tirsdag.
