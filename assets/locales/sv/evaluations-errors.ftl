# Varför ett svar i en utvärdering inte kan tas emot.
error-evaluation-answer_missing = Frågan saknar svar. Svara på den, så kan ni skicka.
error-evaluation-unknown_question = Frågan finns inte i det här formuläret. Ladda om sidan och försök igen.
error-evaluation-not_a_choice = Svaret finns inte bland alternativen. Välj ett av dem.
error-evaluation-not_a_list = Här behövs en lista med alternativ. Välj ett eller flera.
error-evaluation-not_a_number = Det här är inget heltal. Skriv bara siffror, till exempel 14.
error-evaluation-not_a_text = Här behövs en text. Svara med egna ord.
error-evaluation-too_small = Talet är för litet. Det minsta som går är { $min }.
error-evaluation-too_large = Talet är för stort. Det största som går är { $max }.
error-evaluation-too_many_choices = Ni har valt för många alternativ. Behåll högst { $max }.
error-evaluation-too_long = Texten är för lång. Korta den till högst { $max } tecken.
error-evaluation-not_found = Utvärderingen finns inte. Gå tillbaka till listan och välj en annan.
error-evaluation-not_yours = Utvärderingen skrivs av den förskola som har lånat lådan. Be dem skriva den.
error-evaluation-already_submitted = Utvärderingen är redan inskickad, kanske av en kollega. Ni behöver inte göra något mer.
error-evaluation-too_early = Lådan är inte utlämnad än. Skriv utvärderingen när ni har fått den.
error-evaluation-loan_over = Lånet avslutades utan att lådan kom tillbaka till lagret. Ni behöver inte lämna någon utvärdering.
