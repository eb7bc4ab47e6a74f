# Beskeder til andre programmer.
admin-webhooks = Andre programmer
webhooks = Andre programmer
webhooks-lead = Hver evaluering, der kommer ind, kan sendes videre til andre programmer, for eksempel kommunens dataplatform. Beskeden er signeret, og det, der ligner et navn, er maskeret.
webhooks-none = Intet program får beskeder endnu.
webhooks-waiting = { $count ->
    [one] en besked venter
   *[other] { $count } beskeder venter
  }
webhooks-failed = { $count ->
    [one] en besked kunne ikke sendes
   *[other] { $count } beskeder kunne ikke sendes
  }
webhooks-added = { $name } er tilføjet
webhooks-secret = Hemmelighed:
webhooks-secret-text = Gem hemmeligheden nu, den vises kun denne ene gang. Programmet skal bruge den til at kontrollere, at beskederne kommer herfra.
webhooks-new = Tilføj et program
webhooks-name = Navn
webhooks-name-hint = Så I kan kende det, for eksempel Dataplatformen.
webhooks-url = Adresse
webhooks-url-hint = Begynder med https://. Den, der driver programmet, kender den.
webhooks-add = Tilføj
webhooks-state-active = Får beskeder
webhooks-state-paused = På pause
webhooks-state-failing = Tager ikke imod
webhooks-state-gone = Findes ikke længere
webhooks-since = siden { $when }
webhooks-stopped-text = Nye beskeder venter, højst 90 dage, til I lader det fortsætte.
webhooks-pause = Sæt på pause
webhooks-resume = Fortsæt med at sende
webhooks-remove = Fjern
webhooks-remove-text = Programmet får ikke flere beskeder, og listen herover forsvinder.
webhooks-messages = Beskeder
webhooks-messages-none = Ingen beskeder endnu. Den første sendes, når den næste evaluering kommer ind.
webhooks-evaluation = Evaluering
webhooks-message-queued = Venter
webhooks-message-sent = Sendt
webhooks-message-failed = Kom ikke frem
webhooks-tries = { $count ->
    [0] intet forsøg endnu
    [one] et forsøg
   *[other] { $count } forsøg
  }
webhooks-again = Send igen
flash-webhook-paused = På pause. Nye beskeder venter.
flash-webhook-resumed = Beskederne sendes igen.
flash-webhook-removed = Programmet er fjernet.
flash-webhook-queued = Beskeden sendes igen.
mail-webhook-stopped-subject = { $name } tager ikke imod beskeder
mail-webhook-stopped-body =
    Hej!

    Digikasser i { $organisation } har i tre dage forsøgt at sende en besked til { $name }, uden at den blev modtaget. Nu sendes der ikke mere dertil. Nye beskeder venter, til I lader det fortsætte.

    Seneste fejl: { $why }

    Se efter, og lad det fortsætte her:
    { $link }

    I får denne mail, fordi I er administrator.
error-webhook-not_found = Programmet findes ikke.
error-webhook_delivery-not_found = Beskeden findes ikke længere.
error-webhook-url = Skriv en hel adresse, for eksempel https://data.kommune.dk/digikasser.
error-webhook-https = Adressen skal begynde med https://.
error-webhook-private = Adressen fører ind i et privat net. Vælg en, der kan nås fra internettet, eller bed den, der driver serveren, om at tillade det.
error-webhook-too_many = Der er allerede { $most } programmer. Fjern et først.
