# The mail that signs somebody in. The code comes first, so that it shows in the list of mails.
mail-sign_in-subject = { $code } is your code for the kits
mail-sign_in-body =
    Hello!

    Your code is { $code }

    Type it on the page where you sign in, or open the link:
    { $link }

    The code and the link are valid for { $minutes } minutes and can be used once.

    You get this e-mail because somebody typed your address on the sign-in page. Was it not you? Then you need not do anything.
