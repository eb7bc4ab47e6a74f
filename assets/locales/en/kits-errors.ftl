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
error-kit-retired = The kit has been taken out of use, so it can neither be lent nor changed. Put it aside.
error-kit-on_loan = The kit belongs to a loan that is not over, for { $unit }. End the loan first; then it works.
error-kit-copy_taken = There is a { $copy } of this kit type already. Choose another letter.
picture-the-file = The file
error-picture-no_file = No picture has been chosen. Choose a picture first.
error-picture-no_picture = { $file } is not a picture. Choose a JPEG, PNG or WebP picture.
error-picture-svg = { $file } is an SVG drawing, which cannot be taken. Save it as PNG and try again.
error-picture-heic = { $file } is a HEIC or AVIF picture, which many browsers cannot show. Save it as JPEG and try again. On an iPhone: choose Most Compatible under Camera, Formats.
error-picture-other_kind = { $file } is a kind of picture that cannot be read here. Save it as JPEG or PNG and try again.
error-picture-moving = { $file } is a moving picture. Choose a still one.
error-picture-too_many_pixels = { $file } has too many pixels. Make it smaller, for example 4000 pixels wide, and try again.
error-picture-damaged = { $file } cannot be read to its end. Fetch the picture again or choose another.
error-picture-too_large = The picture is larger than 15 MB. Make it smaller and try again.
error-picture-too_many = There can be { $most } pictures at most. Remove one first.
error-picture-no_such_line = The part is no longer in the contents. Choose another.
error-picture-part_has_one = The part has a picture already. Remove that one first, or choose another part.
error-picture-not_found = The picture is no longer there. Reload the page.
error-code-blank = The label { $code } is on no kit yet. Choose which kit it is for.
error-code-replaced = The label { $code } has been replaced. The kit has the code { $new } now.
error-code-taken = The code { $code } is on a kit already. Take another label.
error-code-unknown = The code { $code } is not among the labels printed in advance. Check that you read it right.
