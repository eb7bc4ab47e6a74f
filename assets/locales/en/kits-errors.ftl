# Errors about kit types and kits.
error-kit_type-not_found = There is no such kit type. Choose one from the list.
error-kit_type-name_taken = There is a kit type of that name already. Choose another name, or change the one that is there.
error-kit_type-retired = The kit type has been taken out of use. Choose another kit type.
error-kit_type-has_kits = { $count ->
    [one] The kit type has one kit left. Take it out of use first.
   *[other] The kit type has { $count } kits left. Take them out of use first.
  }
error-kit_type-ages_reversed = The highest age is below the lowest. Swap them.
error-kit_type-too_many_lines = The list is too long. Keep at most { $most } lines.
error-kit-unknown_code = There is no code { $code }. Check that you typed it right.
error-kit-retired = The kit has been taken out of use, so it can neither be lent nor changed.
error-kit-on_loan = The kit belongs to a loan that is not over, for { $unit }. End the loan first; then it works.
error-kit-copy_taken = There is a { $copy } of this kit type already. Choose another letter.
