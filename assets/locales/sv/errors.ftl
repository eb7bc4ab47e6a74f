# Fel som alla delar kan svara med: vad som hände, och vad man gör.
error-start = Till startsidan

error-title-400 = Det gick inte att läsa
error-title-401 = Logga in först
error-title-403 = Du har inte rätt till det här
error-title-404 = Det finns inte
error-title-405 = Det går inte att göra så här
error-title-409 = Det går inte just nu
error-title-412 = Någon annan hann före
error-title-413 = För stort
error-title-415 = Fel slags innehåll
error-title-422 = Något behöver ändras
error-title-429 = Vänta en stund
error-title-500 = Något gick fel hos oss
error-title-503 = Mycket att göra just nu

error-request-invalid = Något är fel ifyllt. Rätta det som är markerat och försök igen.
error-request-malformed = Det du skickade kunde inte läsas. Ladda om sidan och försök igen.
error-request-malformed_json = Innehållet är inte giltig JSON. Rätta det och skicka igen.
error-request-malformed_form = Formuläret kunde inte läsas. Ladda om sidan och fyll i det igen.
error-request-malformed_query = Något i adressen efter frågetecknet är fel. Rätta det, eller gå in från startsidan.
error-request-cursor = Listan går inte att fortsätta härifrån. Använd värdet i next, eller börja om utan cursor.
error-request-content_type = Innehållet måste vara JSON. Skicka det med Content-Type: application/json.
error-request-form_type = Formuläret skickades på ett sätt som vi inte kan läsa. Ladda om sidan och försök igen.
error-request-too_large = Det är för stort för att tas emot. Dela upp det i mindre delar.
error-request-no_such_page = Sidan finns inte. Kontrollera adressen, eller gå till startsidan.
error-request-wrong_method = Adressen finns, men inte för den metoden. Se i beskrivningen av API:et vad som går att göra.
error-request-other_site = Begäran kom från en annan webbplats, så vi gjorde ingenting. Öppna sidan här och försök igen.
error-request-changed_meanwhile = Det har ändrats sedan du öppnade det. Ladda om, se vad som är nytt och gör om din ändring.
error-request-field_missing = Fältet saknas. Lägg till det.
error-request-field_type = Fältet har fel slags värde. Se efter i beskrivningen vad som ska stå.
error-request-field_unknown = Fältet finns inte här. Ta bort det, eller rätta namnet.

error-field-missing = Fyll i det här.
error-field-email = Det här är ingen e-postadress. Skriv den som namn@kommun.se.
error-field-too_long = Texten är för lång. Korta den till högst { $most } tecken.
error-field-one_line = Texten ska stå på en rad. Ta bort radbrytningar och andra osynliga tecken.
error-field-plain_text = Texten har ett osynligt tecken som inte kan sparas. Skriv om den för hand.
error-field-range = Talet ska vara mellan { $least } och { $most }.
error-field-day = Det här är ingen dag. Skriv den som 2026-11-30.
error-field-before = Dagen ligger före { $first }. Välj en senare dag.
error-field-time_zone = Tidszonen är okänd. Skriv till exempel Europe/Stockholm.

error-auth-signed_out = Du är inte inloggad. Logga in och försök igen.
error-auth-forbidden = Ditt konto har inte rätt till det här. Be den som sköter tjänsten om hjälp om du behöver det.
error-auth-code_wrong = Koden är fel eller för gammal. Kontrollera siffrorna, eller be om en ny kod.
error-auth-link_used_up = Länken har redan använts eller är för gammal. Be om en ny på inloggningssidan.
error-auth-too_many = Det blev många försök på kort tid. Vänta några minuter och försök igen.

error-idempotency-key_length = Idempotency-Key ska ha mellan 1 och 200 tecken.
error-idempotency-key_reused = Nyckeln har redan använts för något annat. Välj en ny Idempotency-Key.

error-server-busy = Många använder tjänsten just nu, så ingenting sparades. Försök igen om en liten stund.
error-server-fault = Något gick fel hos oss, och ingenting sparades. Försök igen. Händer det flera gånger, hör av dig till den som sköter tjänsten.

error-mail-not_found = Mejlet finns inte. Gå tillbaka till listan.
error-metrics-token_needed = Nyckeln saknas eller är fel. Skicka den som finns i DIGILADOR_METRICS_TOKEN, eller fråga från maskinen själv.
error-field-term = Terminen finns inte. Skriv år och halva, till exempel 2026-1 för våren.
