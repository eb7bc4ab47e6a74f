# Errors in a file that is imported. Row and column stand beside them.
error-import-content_type = The file is of a kind that cannot be read. Send CSV or Excel (.xlsx).
error-import-no_file = Choose a file.
error-import-unreadable = The file could not be read. Save it as CSV or Excel (.xlsx), without a password, and try again.
error-import-open_quote = A quotation mark on row { $line } is never closed. Remove it, or add the missing one.
error-import-no_heading = The row of headings was not found. It should have for example: { $known }.
error-import-column_missing = The column “{ $column }” is missing. Add it to the row of headings.
error-import-no_rows = There are no rows below the headings. Fill in at least one.
error-import-too_many_rows = The file has too many rows. Split it, with at most { $most } rows in each part.
error-import-duplicate_row = This stands on row { $line } already. Remove one of the rows.
error-import-already_there = It is there already, but with other details. Remove the row, and change the details by hand if need be.
error-import-not_a_number = This is not a whole number. Write digits only, for example 14.
error-import-unknown_role = The role “{ $name }” is unknown. Write borrower, warehouse, developer or administrator.
error-import-unknown_unit = No unit is called “{ $name }”. Add the unit first, or correct the name.
error-import-unknown_unit_like = No unit is called “{ $name }”. Did you mean “{ $nearest }”?
error-import-unknown_kit_type = No kit type is called “{ $name }”. Add the kit type first, or correct the name.
error-import-unknown_kit_type_like = No kit type is called “{ $name }”. Did you mean “{ $nearest }”?
error-import-one_of_each_copy = Of a kit with a letter of its own there is only one. Remove the letter, or write 1.
error-import-too_many_kits = The file makes too many kits. Split it, with at most { $most } kits in each part.

# Columns in files that are imported.
import-column-name = Name
import-column-area = Area
import-column-email = E-mail
import-column-children = Number of children
import-column-street_address = Street address
import-column-delivery_weekday = Delivery day
import-column-roles = Role
import-column-units = Preschool
import-column-kit_type = Kit type
import-column-copy = Copy
import-column-shelf = Shelf
import-column-quantity = Quantity
error-import-not_a_weekday = Write a day of the week, for example Tuesday.
