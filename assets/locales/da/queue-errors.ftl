error-queue-not_found = Pladsen i køen findes ikke, eller den hører til en anden børnehave. Gå tilbage til jeres lån.
error-queue-span_too_short = Der er ikke plads til et lån mellem de dage. Vælg flere uger eller et kortere lån.
error-queue-already_waiting = I står allerede i kø til kassen i nogle af de uger. Forlad den plads først, eller vælg andre uger.
error-queue-not_waiting = I står ikke i kø længere. Læs på pladsens side, hvad der er sket.
error-queue-not_offered = Der er intet tilbud at svare på. Læs på pladsens side, hvad der er sket.
error-queue-offer_over = Tiden for tilbuddet er udløbet, og kassen går til den næste i køen. Stil jer i kø igen, hvis I vil.
error-queue-no_kit_left = Den sidste kasse af typen er taget ud af brug. Vælg en anden type.
error-queue-still_there = I står allerede i kø. Læs på pladsens side, hvordan det står til.
