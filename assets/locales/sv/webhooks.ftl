# Meddelanden till andra program.
admin-webhooks = Andra program
webhooks = Andra program
webhooks-lead = Varje utvärdering som kommer in kan skickas vidare till andra program, till exempel kommunens dataplattform. Meddelandet är signerat, och det som ser ut som ett namn är maskerat.
webhooks-none = Inget program får meddelanden än.
webhooks-waiting = { $count ->
    [one] ett meddelande väntar
   *[other] { $count } meddelanden väntar
  }
webhooks-failed = { $count ->
    [one] ett meddelande gick inte att skicka
   *[other] { $count } meddelanden gick inte att skicka
  }
webhooks-added = { $name } är tillagd
webhooks-secret = Hemlighet:
webhooks-secret-text = Spara hemligheten nu, den visas bara den här gången. Programmet behöver den för att kontrollera att meddelandena kommer härifrån.
webhooks-new = Lägg till ett program
webhooks-name = Namn
webhooks-name-hint = Så att ni känner igen det, till exempel Dataplattformen.
webhooks-url = Adress
webhooks-url-hint = Börjar med https://. Den som driver programmet vet vilken.
webhooks-add = Lägg till
webhooks-state-active = Får meddelanden
webhooks-state-paused = Pausad
webhooks-state-failing = Tar inte emot
webhooks-state-gone = Finns inte längre
webhooks-since = sedan { $when }
webhooks-stopped-text = Nya meddelanden väntar, som längst 90 dagar, tills ni låter det fortsätta.
webhooks-pause = Pausa
webhooks-resume = Fortsätt skicka
webhooks-remove = Ta bort
webhooks-remove-text = Programmet får inga fler meddelanden, och listan här ovanför försvinner.
webhooks-messages = Meddelanden
webhooks-messages-none = Inga meddelanden än. Det första skickas när nästa utvärdering kommer in.
webhooks-evaluation = Utvärdering
webhooks-message-queued = Väntar
webhooks-message-sent = Skickat
webhooks-message-failed = Gick inte fram
webhooks-tries = { $count ->
    [0] inget försök än
    [one] ett försök
   *[other] { $count } försök
  }
webhooks-again = Skicka igen
flash-webhook-paused = Pausad. Nya meddelanden väntar.
flash-webhook-resumed = Meddelandena skickas igen.
flash-webhook-removed = Programmet är borttaget.
flash-webhook-queued = Meddelandet skickas igen.
mail-webhook-stopped-subject = { $name } tar inte emot meddelanden
mail-webhook-stopped-body =
    Hej!

    Digilådor i { $organisation } har i tre dagar försökt skicka ett meddelande till { $name }, utan att det togs emot. Nu skickas inget mer dit. Nya meddelanden väntar tills ni låter det fortsätta.

    Senaste felet: { $why }

    Se efter och låt det fortsätta här:
    { $link }

    Ni får det här mejlet för att ni är administratör.
error-webhook-not_found = Programmet finns inte.
error-webhook_delivery-not_found = Meddelandet finns inte längre.
error-webhook-url = Skriv en hel adress, till exempel https://data.kommun.se/digilador.
error-webhook-https = Adressen ska börja med https://.
error-webhook-private = Adressen leder in i ett privat nät. Välj en som går att nå från internet, eller be den som driver servern att tillåta det.
error-webhook-too_many = Det finns redan { $most } program. Ta bort ett först.
