# Errors about labels.
error-label-none = No kit is chosen. Choose at least one.
error-label-too_many = These are too many labels at once. Choose at most { $most }.
error-label-unknown_sheet = The sheet is unknown. Choose { $known }, or write the label's size in millimetres, for example 62x38.
error-label-no_such_place = The sheet has places 1 to { $places }. Choose one of them.
error-label-pixels = The picture's side must be between { $least } and { $most } pixels.
error-label-address_local = Labels cannot be printed yet: the address { $address } exists on this computer or network only. Set LABEL_URL to a name that will last for many years.
error-label-address_number = Labels cannot be printed yet: the address { $address } is a number that may change. Set LABEL_URL to a name that will last for many years.
error-label-address_insecure = Labels cannot be printed yet: the address { $address } does not begin with https://. Set LABEL_URL to a secure address.
error-label-dots = The dots in an inch must be between { $least } and { $most }.
error-printer-not_found = The printer no longer exists. Choose another.
error-printer-address = Write an address that begins with ipp:// or ipps://, such as ipp://printer.kommun.example/ipp/print. Leave it empty if you print from a computer.
error-printer-no_address = The printer { $printer } has no address. Get the labels as a PDF and print them from a computer.
error-print_job-not_found = There is no such print.
error-print_job-not_failed = The print has not failed, so there is nothing to try again.
error-print_job-ended = The print is done or called off already.
