warehouse-today = Today
warehouse-scan = Scan
warehouse-back = Coming in
warehouse-late = Overdue
warehouse-shelf = Shelf
warehouse-pack = Packed
warehouse-quiet = Nothing goes out or comes in today
warehouse-quiet-text = If a kit comes anyway, scan it as usual.
warehouse-scan-title = Scan a kit
warehouse-scan-code = The kit’s code
warehouse-scan-hint = Type the code below the QR code, for example 7K3-M9QX, or use a hand scanner.
warehouse-scan-action = What should happen?
warehouse-scan-auto = The right thing by itself
warehouse-scan-pack = Pack
warehouse-scan-hand_out = Hand out
warehouse-scan-receive = Receive
warehouse-scan-do = Done
warehouse-scan-back = To today’s list
warehouse-scan-phone = With a phone: open the camera and point it at the QR code on the box.
warehouse-scan-done = { $count ->
    [one] One scanned
   *[other] { $count } scanned
  }
warehouse-out = Going out
warehouse-waiting = Waiting for an evaluation
warehouse-more = { $count ->
    [one] One more shows when this list is shorter.
   *[other] { $count } more show when this list is shorter.
  }
warehouse-blocked = Blocked
warehouse-note-owes = May not be handed out: the preschool has an overdue evaluation.
warehouse-note-at_risk = Goes out { $day }, but no kit is in sight. Contact the preschool that is late.
warehouse-note-since = Should have been collected { $day }
warehouse-note-late = { $days ->
    [one] One day late
   *[other] { $days } days late
  }
warehouse-note-waiting = Came in { $day }. The evaluation is due { $due }.
warehouse-scan-loan = Show the loan
warehouse-scan-which = Who is the kit for?
warehouse-scan-nothing = Nothing changed
warehouse-scan-stop = Stop
warehouse-scan-packed = Packed
warehouse-scan-handed_out = Handed out
warehouse-scan-handed_out_swapped = Handed out
warehouse-scan-received = Received
warehouse-scan-returned = Returned
flash-packed = The kit is packed.
flash-packed_other = It became another kit of the same type than the one in the list. Pack the one that is there now.
plan-title = Year plan
plan-lead = The kits week by week, and where they are.
plan-q = Kit type or shelf
plan-show = Show
plan-all = Show all kits
plan-periods = Time
plan-kit = Kit
plan-closed = Closed
plan-taken = Taken
plan-offer = Offered in the queue
plan-none = No kits match
plan-none-text = Try another word, or show all.
plan-spring = Spring { $year }
plan-autumn = Autumn { $year }
plan-year = All of { $year }
plan-caption = Kits and weeks: { $period }
plan-now = To this week
warehouse-note-later = Can be packed from { $day }
