# Fel om organisationer, enheter, personer och nycklar.
error-organisation-name_taken = Det finns redan en organisation som heter så. Välj ett annat namn.
error-organisation-not_found = Det finns ingen sådan organisation. Kontrollera namnet.
error-organisation-which = Det finns flera organisationer. Säg vilken med --organisation.
error-unit-not_found = Enheten finns inte. Kontrollera att den är inlagd.
error-unit-name_taken = Det finns redan en enhet som heter så. Välj ett annat namn, eller ändra den som finns.
error-person-not_found = Personen finns inte, eller är borttagen. Gå tillbaka till listan.
error-person-email_taken = Adressen hör redan till någon. Ändra den personen i stället, eller skriv en annan adress.
error-person-no_role = Välj minst en roll.
error-person-no_unit = En låntagare behöver minst en enhet att låna för. Välj den.
error-person-last_admin = Det här är den enda som sköter tjänsten. Ge någon annan rollen administratör först.
error-token-not_found = Nyckeln finns inte, eller är redan spärrad.
