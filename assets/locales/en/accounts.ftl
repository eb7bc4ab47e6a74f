accounts-sign-in = Sign in
accounts-sign-in-lead = You need no password. We e-mail you a code.
accounts-email = Your work e-mail address
accounts-email-hint = For example name@municipality.se
accounts-send-code = Send the code
accounts-code-title = Check your e-mail
accounts-code-lead = If we know { $email }, we have sent a code there.
accounts-code = Code
accounts-code-hint = { $minutes ->
    [one] Six digits. The code is valid for one minute.
   *[other] Six digits. The code is valid for { $minutes } minutes.
  }
accounts-code-none = No code yet?
accounts-code-none-text = Wait a minute and look in your spam folder. If still nothing came, the address may be mistyped or not registered yet.
accounts-code-again = Enter the address again
accounts-link-title = You are nearly there
accounts-link-lead = Press the button and you are signed in. The button keeps your e-mail's filter from using up your link.
accounts-choose-title = Choose an organisation
accounts-choose-lead = Several organisations have your e-mail address. Choose the one to work in now. You can switch whenever you like.
