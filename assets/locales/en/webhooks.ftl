# Messages to other programs.
admin-webhooks = Other programs
webhooks = Other programs
webhooks-lead = Each evaluation that comes in can be sent on to other programs, such as the municipality's data platform. The message is signed, and what looks like a name is masked.
webhooks-none = No program gets messages yet.
webhooks-waiting = { $count ->
    [one] one message waits
   *[other] { $count } messages wait
  }
webhooks-failed = { $count ->
    [one] one message could not be sent
   *[other] { $count } messages could not be sent
  }
webhooks-added = { $name } is added
webhooks-secret = Secret:
webhooks-secret-text = Save the secret now, it is shown only this once. The program needs it to check that messages come from here.
webhooks-new = Add a program
webhooks-name = Name
webhooks-name-hint = So that you recognise it, such as Data platform.
webhooks-url = Address
webhooks-url-hint = Begins with https://. Whoever runs the program knows it.
webhooks-add = Add
webhooks-state-active = Gets messages
webhooks-state-paused = Paused
webhooks-state-failing = Does not take them
webhooks-state-gone = Exists no more
webhooks-since = since { $when }
webhooks-stopped-text = New messages wait, for 90 days at most, until you let it go on.
webhooks-pause = Pause
webhooks-resume = Go on sending
webhooks-remove = Remove
webhooks-remove-text = The program gets no more messages, and the list above is gone.
webhooks-messages = Messages
webhooks-messages-none = No messages yet. The first is sent when the next evaluation comes in.
webhooks-evaluation = Evaluation
webhooks-message-queued = Waits
webhooks-message-sent = Sent
webhooks-message-failed = Not delivered
webhooks-tries = { $count ->
    [0] not tried yet
    [one] one try
   *[other] { $count } tries
  }
webhooks-again = Send again
flash-webhook-paused = Paused. New messages wait.
flash-webhook-resumed = The messages are sent again.
flash-webhook-removed = The program is removed.
flash-webhook-queued = The message is sent again.
mail-webhook-stopped-subject = { $name } does not take messages
mail-webhook-stopped-body =
    Hello!

    Digilador in { $organisation } has for three days tried to send a message to { $name }, which was not taken. Nothing more is sent there now. New messages wait until you let it go on.

    The last error: { $why }

    Have a look and let it go on here:
    { $link }

    You get this mail because you are an administrator.
error-webhook-not_found = The program does not exist.
error-webhook_delivery-not_found = The message does not exist any more.
error-webhook-url = Write a whole address, such as https://data.municipality.example/digilador.
error-webhook-https = The address must begin with https://.
error-webhook-private = The address leads into a private network. Choose one that can be reached from the internet, or ask whoever runs the server to allow it.
error-webhook-too_many = There are { $most } programs already. Remove one first.
