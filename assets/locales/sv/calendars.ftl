# Loans in other programs' calendars.

calendar-name = Digilådor: { $whose }
calendar-loan = { $kit } hos oss
calendar-out = Ut: { $kit } till { $unit }
calendar-in = In: { $kit } från { $unit }
calendar-about = Hämtas { $first }, lämnas { $last }.
calendar-title = Lånen i din kalender
calendar-lead = { $whose }: se lånen i Outlook, Google eller Apple Kalender. De hålls aktuella av sig själva.
calendar-warehouse = Lagret
calendar-address = Kalenderns adress
calendar-once = Adressen visas bara nu. Den som har den ser kalendern, så ge den bara till kollegor.
calendar-how-outlook = Outlook: Lägg till kalender, Prenumerera från webben, klistra in adressen.
calendar-how-google = Google Kalender: Andra kalendrar, Från webbadress, klistra in adressen.
calendar-how-apple = Apple: Kalendrar, Lägg till prenumerationskalender, klistra in adressen.
calendar-make = Skapa en adress
calendar-anew = Skapa en ny adress
calendar-anew-text = Det finns redan en adress. Skapar du en ny slutar den gamla att fungera.
calendar-end = Avsluta kalendern
calendar-subscribe = Visa lånen i kalendern
calendar-file = Lägg till i kalendern
flash-calendar-ended = Kalenderns adress fungerar inte längre.
event-calendar-added = En kalenderadress skapades
event-calendar-ended = En kalenderadress avslutades
error-calendar-not_found = Kalendern finns inte längre. Be om en ny adress.
