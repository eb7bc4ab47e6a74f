warehouse-today = Today
warehouse-scan = Scan
warehouse-out = Going out
warehouse-back = Coming in
warehouse-late = Overdue
warehouse-check = To be checked
warehouse-shelf = Shelf
warehouse-pack = Packed
warehouse-check-start = Check
warehouse-quiet = Nothing goes out or comes in today
warehouse-quiet-text = If a kit comes anyway, scan it as usual.
warehouse-scan-title = Scan a kit
warehouse-scan-code = The kit’s code
warehouse-scan-hint = Type the code below the QR code, for example 7K3-M9QX, or use a hand scanner.
warehouse-scan-action = What should happen?
warehouse-scan-auto = The right thing by itself
warehouse-scan-hand_out = Hand out
warehouse-scan-receive = Receive
warehouse-scan-do = Done
warehouse-scan-back = To today’s list
warehouse-scan-phone = With a phone: open the camera and point it at the QR code on the box.
warehouse-scan-done = { $count ->
    [one] One scanned
   *[other] { $count } scanned
  }
warehouse-check-title = Is everything in { $kit }?
warehouse-check-all = Everything is there and whole
warehouse-check-or = Otherwise: write how many are missing or broken.
warehouse-check-expected = Should be { $count }.
warehouse-check-missing = Missing
warehouse-check-broken = Broken
warehouse-check-note = Note
warehouse-check-save = Save the check
warehouse-check-later = Check later
