# Hvorfor et svar i en evaluering ikke kan modtages.
error-evaluation-answer_missing = Spørgsmålet mangler et svar. Svar på det, så kan I sende.
error-evaluation-unknown_question = Spørgsmålet findes ikke i dette skema. Genindlæs siden, og prøv igen.
error-evaluation-not_a_choice = Svaret er ikke blandt mulighederne. Vælg en af dem.
error-evaluation-not_a_list = Her skal der bruges en liste med muligheder. Vælg en eller flere.
error-evaluation-not_a_number = Det her er ikke et helt tal. Skriv kun cifre, for eksempel 14.
error-evaluation-not_a_text = Her skal der bruges en tekst. Svar med jeres egne ord.
error-evaluation-too_small = Tallet er for lille. Det mindste mulige er { $min }.
error-evaluation-too_large = Tallet er for stort. Det største mulige er { $max }.
error-evaluation-too_many_choices = I har valgt for mange muligheder. Behold højst { $max }.
error-evaluation-too_long = Teksten er for lang. Gør den kortere, højst { $max } tegn.
error-evaluation-not_found = Evalueringen findes ikke. Gå tilbage til listen, og vælg en anden.
error-evaluation-not_yours = Evalueringen skrives af den børnehave, der har lånt kassen. Bed dem om at skrive den.
error-evaluation-already_submitted = Evalueringen er allerede sendt, måske af en kollega. I behøver ikke gøre mere.
error-evaluation-too_early = Kassen er ikke udleveret endnu. Skriv evalueringen, når I har fået den.
error-evaluation-loan_over = Lånet blev afsluttet, uden at kassen kom tilbage til lageret. I behøver ikke sende en evaluering.
