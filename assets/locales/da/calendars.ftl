# Loans in other programs' calendars.

calendar-name = Digikasser: { $whose }
calendar-loan = { $kit } hos os
calendar-out = Ud: { $kit } til { $unit }
calendar-in = Ind: { $kit } fra { $unit }
calendar-about = Hentes { $first }, afleveres { $last }.
calendar-title = Lånene i din kalender
calendar-lead = { $whose }: se lånene i Outlook, Google eller Apple Kalender. De holdes opdateret af sig selv.
calendar-warehouse = Lageret
calendar-address = Kalenderens adresse
calendar-once = Adressen vises kun nu. Den, der har den, kan se kalenderen, så giv den kun til kolleger.
calendar-how-outlook = Outlook: Tilføj kalender, Abonner fra internettet, indsæt adressen.
calendar-how-google = Google Kalender: Andre kalendere, Fra webadresse, indsæt adressen.
calendar-how-apple = Apple: Kalendere, Tilføj abonnementskalender, indsæt adressen.
calendar-make = Opret en adresse
calendar-anew = Opret en ny adresse
calendar-anew-text = Der findes allerede en adresse. Opretter du en ny, holder den gamle op med at virke.
calendar-end = Afslut kalenderen
calendar-subscribe = Vis lånene i kalenderen
calendar-file = Føj til kalenderen
flash-calendar-ended = Kalenderens adresse virker ikke længere.
event-calendar-added = En kalenderadresse blev oprettet
event-calendar-ended = En kalenderadresse blev afsluttet
error-calendar-not_found = Kalenderen findes ikke længere. Bed om en ny adresse.
