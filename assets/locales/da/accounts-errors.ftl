# Fejl om organisationer, enheder, personer og nøgler.
error-organisation-name_taken = Der findes allerede en organisation med det navn. Vælg et andet navn.
error-organisation-not_found = Der findes ingen sådan organisation. Tjek navnet.
error-organisation-which = Der findes flere organisationer. Sig hvilken med --organisation.
error-unit-not_found = Enheden findes ikke. Tjek, at den er oprettet.
error-unit-name_taken = Der findes allerede en enhed med det navn. Vælg et andet navn, eller ret den, der findes.
error-person-not_found = Personen findes ikke eller er fjernet. Gå tilbage til listen.
error-person-email_taken = Adressen hører allerede til nogen. Ret den person i stedet, eller skriv en anden adresse.
error-person-no_role = Vælg mindst én rolle.
error-person-no_unit = En låner skal have mindst én enhed at låne for. Vælg den.
error-person-last_admin = Det her er den eneste, der passer tjenesten. Gør først en anden til administrator.
error-token-not_found = Nøglen findes ikke eller er allerede spærret.
