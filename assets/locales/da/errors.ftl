# Fejl, som alle dele kan svare med: hvad der skete, og hvad man gør.
error-start = Til forsiden

error-title-400 = Det kunne ikke læses
error-title-401 = Log ind først
error-title-403 = Det har du ikke ret til
error-title-404 = Det findes ikke
error-title-405 = Det kan ikke gøres her
error-title-409 = Det går ikke lige nu
error-title-412 = En anden kom først
error-title-413 = For stort
error-title-415 = Forkert slags indhold
error-title-422 = Noget skal ændres
error-title-429 = Vent lidt
error-title-500 = Noget gik galt hos os
error-title-503 = Der er travlt lige nu

error-request-invalid = Noget er udfyldt forkert. Ret det, der er markeret, og prøv igen.
error-request-malformed = Det, du sendte, kunne ikke læses. Genindlæs siden, og prøv igen.
error-request-malformed_json = Indholdet er ikke gyldig JSON. Ret det, og send det igen.
error-request-malformed_form = Formularen kunne ikke læses. Genindlæs siden, og udfyld den igen.
error-request-malformed_query = Noget i adressen efter spørgsmålstegnet er forkert. Ret det, eller begynd fra forsiden.
error-request-cursor = Listen kan ikke fortsætte herfra. Brug værdien i next, eller begynd forfra uden cursor.
error-request-content_type = Indholdet skal være JSON. Send det med Content-Type: application/json.
error-request-form_type = Formularen blev sendt på en måde, vi ikke kan læse. Genindlæs siden, og prøv igen.
error-request-too_large = Det er for stort til at blive modtaget. Del det op i mindre dele.
error-request-no_such_page = Siden findes ikke. Tjek adressen, eller gå til forsiden.
error-request-wrong_method = Adressen findes, men ikke for denne metode. Se i beskrivelsen af API’et, hvad der kan gøres.
error-request-other_site = Anmodningen kom fra et andet websted, så vi gjorde ingenting. Åbn siden her, og prøv igen.
error-request-changed_meanwhile = Det er ændret, siden du åbnede det. Genindlæs, se, hvad der er nyt, og lav din ændring igen.
error-request-field_missing = Feltet mangler. Tilføj det.
error-request-field_type = Feltet har en forkert slags værdi. Beskrivelsen fortæller, hvad der skal stå.
error-request-field_unknown = Feltet findes ikke her. Fjern det, eller ret navnet.

error-field-missing = Udfyld dette.
error-field-email = Det her er ikke en mailadresse. Skriv den som navn@kommune.dk.
error-field-too_long = Teksten er for lang. Gør den kortere, højst { $most } tegn.
error-field-one_line = Teksten skal stå på én linje. Fjern linjeskift og andre usynlige tegn.
error-field-plain_text = Teksten har et usynligt tegn, som ikke kan gemmes. Skriv den igen i hånden.
error-field-range = Tallet skal være mellem { $least } og { $most }.
error-field-day = Det her er ikke en dag. Skriv den som 2026-11-30.
error-field-before = Dagen ligger før { $first }. Vælg en senere dag.
error-field-time_zone = Tidszonen er ukendt. Skriv for eksempel Europe/Copenhagen.

error-auth-signed_out = Du er ikke logget ind. Log ind, og prøv igen.
error-auth-forbidden = Din konto har ikke ret til dette. Spørg dem, der passer tjenesten, hvis du har brug for det.
error-auth-code_wrong = Koden er forkert eller for gammel. Tjek cifrene, eller bed om en ny kode.
error-auth-link_used_up = Linket er allerede brugt eller for gammelt. Bed om et nyt på login-siden.
error-auth-too_many = Der var mange forsøg på kort tid. Vent nogle minutter, og prøv igen.

error-idempotency-key_length = Idempotency-Key skal have mellem 1 og 200 tegn.
error-idempotency-key_reused = Nøglen er allerede brugt til noget andet. Vælg en ny Idempotency-Key.

error-server-busy = Mange bruger tjenesten lige nu, så intet blev gemt. Prøv igen om lidt.
error-server-fault = Noget gik galt hos os, og intet blev gemt. Prøv igen. Sker det flere gange, så sig til hos dem, der passer tjenesten.

error-mail-not_found = Mailen findes ikke. Gå tilbage til listen.
error-metrics-token_needed = Nøglen mangler eller er forkert. Send den, der står i DIGILADOR_METRICS_TOKEN, eller spørg fra maskinen selv.
error-field-term = Halvåret findes ikke. Skriv år og halvdel, for eksempel 2026-1 for foråret.
