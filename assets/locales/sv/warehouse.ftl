warehouse-today = Idag
warehouse-scan = Skanna
warehouse-out = Ska ut
warehouse-back = Ska in
warehouse-late = Försenade
warehouse-check = Ska kontrolleras
warehouse-shelf = Hylla
warehouse-pack = Framplockad
warehouse-check-start = Kontrollera
warehouse-quiet = Inget ska ut eller in idag
warehouse-quiet-text = Kommer det en låda ändå, så skanna den som vanligt.
warehouse-scan-title = Skanna en låda
warehouse-scan-code = Lådans kod
warehouse-scan-hint = Skriv koden under QR-koden, till exempel 7K3-M9QX, eller använd en handskanner.
warehouse-scan-action = Vad ska hända?
warehouse-scan-auto = Rätt sak av sig själv
warehouse-scan-hand_out = Lämna ut
warehouse-scan-receive = Ta emot
warehouse-scan-do = Klar
warehouse-scan-back = Till dagens lista
warehouse-scan-phone = Med mobilen: öppna kameran och rikta den mot QR-koden på lådan.
warehouse-scan-done = { $count ->
    [one] En skannad
   *[other] { $count } skannade
  }
warehouse-check-title = Är allt med i { $kit }?
warehouse-check-all = Allt är med och helt
warehouse-check-or = Annars: skriv hur många som saknas eller är trasiga.
warehouse-check-expected = Ska vara { $count }.
warehouse-check-missing = Saknas
warehouse-check-broken = Trasiga
warehouse-check-note = Anteckning
warehouse-check-save = Spara kontrollen
warehouse-check-later = Kontrollera senare
