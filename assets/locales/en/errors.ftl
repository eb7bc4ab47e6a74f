# Errors that every part can answer with: what happened, and what to do.
error-start = To the start page

error-title-400 = It could not be read
error-title-401 = Sign in first
error-title-403 = You may not do this
error-title-404 = It does not exist
error-title-405 = That cannot be done here
error-title-409 = Not possible right now
error-title-412 = Somebody else was first
error-title-413 = Too large
error-title-415 = The wrong kind of content
error-title-422 = Something needs to be changed
error-title-429 = Wait a moment
error-title-500 = Something went wrong on our side
error-title-503 = Busy right now

error-request-invalid = Something is filled in wrongly. Correct what is marked and try again.
error-request-malformed = What you sent could not be read. Reload the page and try again.
error-request-malformed_json = The content is not valid JSON. Correct it and send it again.
error-request-malformed_form = The form could not be read. Reload the page and fill it in again.
error-request-malformed_query = Something in the address after the question mark is wrong. Correct it, or begin at the start page.
error-request-cursor = The list cannot go on from here. Use the value of next, or begin anew without a cursor.
error-request-content_type = The content must be JSON. Send it with Content-Type: application/json.
error-request-form_type = The form was sent in a way that we cannot read. Reload the page and try again.
error-request-too_large = It is too large to be received. Split it into smaller parts.
error-request-no_such_page = There is no such page. Check the address, or go to the start page.
error-request-wrong_method = The address exists, but not for this method. See in the description of the API what can be done.
error-request-other_site = The request came from another website, so we did nothing. Open the page here and try again.
error-request-changed_meanwhile = It has changed since you opened it. Reload, see what is new, and make your change again.
error-request-field_missing = The field is missing. Add it.
error-request-field_type = The field has the wrong kind of value. The description tells what belongs here.
error-request-field_unknown = There is no such field here. Remove it, or correct its name.

error-field-missing = Fill this in.
error-field-email = This is no e-mail address. Write it as name@municipality.se.
error-field-too_long = The text is too long. Shorten it to at most { $most } characters.
error-field-one_line = The text must be on one line. Remove line breaks and other invisible characters.
error-field-plain_text = The text has an invisible character that cannot be kept. Type it anew by hand.
error-field-range = The number must be between { $least } and { $most }.
error-field-day = This is not a day. Write it as 2026-11-30.
error-field-before = The day is before { $first }. Choose a later day.
error-field-time_zone = The time zone is unknown. Write for example Europe/Stockholm.

error-auth-signed_out = You are not signed in. Sign in and try again.
error-auth-forbidden = Your account may not do this. If you need it, ask those who look after the service.
error-auth-code_wrong = The code is wrong or too old. Check the digits, or ask for a new code.
error-auth-link_used_up = The link has been used already or is too old. Ask for a new one on the sign-in page.
error-auth-too_many = There were many attempts in a short time. Wait a few minutes and try again.

error-idempotency-key_length = Idempotency-Key must have between 1 and 200 characters.
error-idempotency-key_reused = The key has been used for something else already. Choose a new Idempotency-Key.

error-server-busy = Many people use the service right now, so nothing was saved. Try again in a little while.
error-server-fault = Something went wrong on our side, and nothing was saved. Try again. If it happens repeatedly, tell those who look after the service.

error-mail-not_found = There is no such e-mail. Go back to the list.
error-metrics-token_needed = The token is missing or wrong. Send the one in DIGILADOR_METRICS_TOKEN, or ask from the machine itself.
error-field-term = There is no such term. Write a year and its half, such as 2026-1 for spring.
