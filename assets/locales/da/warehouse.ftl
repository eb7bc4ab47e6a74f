warehouse-today = I dag
warehouse-scan = Scan
warehouse-out = Skal ud
warehouse-back = Skal ind
warehouse-late = Forsinkede
warehouse-check = Skal kontrolleres
warehouse-shelf = Hylde
warehouse-pack = Pakket
warehouse-check-start = Kontrollér
warehouse-quiet = Intet skal ud eller ind i dag
warehouse-quiet-text = Kommer der en kasse alligevel, så scan den som sædvanligt.
warehouse-scan-title = Scan en kasse
warehouse-scan-code = Kassens kode
warehouse-scan-hint = Skriv koden under QR-koden, for eksempel 7K3-M9QX, eller brug en håndscanner.
warehouse-scan-action = Hvad skal der ske?
warehouse-scan-auto = Det rigtige af sig selv
warehouse-scan-hand_out = Udlever
warehouse-scan-receive = Modtag
warehouse-scan-do = Klar
warehouse-scan-back = Til dagens liste
warehouse-scan-phone = Med mobilen: åbn kameraet, og ret det mod QR-koden på kassen.
warehouse-scan-done = { $count ->
    [one] Én scannet
   *[other] { $count } scannede
  }
warehouse-check-title = Er alt med i { $kit }?
warehouse-check-all = Alt er med og helt
warehouse-check-or = Ellers: skriv, hvor mange der mangler eller er i stykker.
warehouse-check-expected = Skal være { $count }.
warehouse-check-missing = Mangler
warehouse-check-broken = I stykker
warehouse-check-note = Note
warehouse-check-save = Gem kontrollen
warehouse-check-later = Kontrollér senere
