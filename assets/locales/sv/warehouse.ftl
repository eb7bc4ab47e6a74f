warehouse-today = I dag
warehouse-scan = Skanna
warehouse-back = Ska in
warehouse-late = Försenade
warehouse-shelf = Hylla
warehouse-pack = Markera som framplockad
warehouse-quiet = Inget ska ut eller in i dag
warehouse-quiet-text = Kommer det en låda ändå, så skanna den som vanligt.
warehouse-scan-title = Skanna en låda
warehouse-scan-code = Lådans kod
warehouse-scan-hint = Skriv koden under QR-koden, till exempel 7K3-M9QX, eller använd en handskanner.
warehouse-scan-action = Vad ska hända?
warehouse-scan-auto = Automatiskt
warehouse-scan-pack = Plocka fram
warehouse-scan-hand_out = Lämna ut
warehouse-scan-receive = Ta emot
warehouse-scan-do = Registrera
warehouse-scan-back = Till dagens lista
warehouse-scan-phone = Med mobilen: öppna kameran och rikta den mot QR-koden på lådan.
warehouse-scan-done = { $count ->
    [one] En skannad
   *[other] { $count } skannade
  }
warehouse-out = Ska ut
warehouse-waiting = Väntar på utvärdering
warehouse-more = { $count ->
    [one] En till visas när den här listan är kortare.
   *[other] { $count } till visas när den här listan är kortare.
  }
warehouse-blocked = Spärrad
warehouse-note-owes = Får inte lämnas ut: förskolan har en utvärdering som är försenad.
warehouse-note-at_risk = Ska ut { $day }, men ingen låda är i sikte. Hör av dig till den förskola som är sen.
warehouse-note-since = Skulle ha hämtats { $day }
warehouse-note-late = { $days ->
    [one] En dag sen
   *[other] { $days } dagar sen
  }
warehouse-note-waiting = Kom in { $day }. Utvärderingen ska vara här { $due }.
warehouse-scan-loan = Visa lånet
warehouse-scan-which = Vem ska ha lådan?
warehouse-scan-nothing = Inget ändrat
warehouse-scan-stop = Stopp
warehouse-scan-packed = Framplockad
warehouse-scan-handed_out = Utlämnad
warehouse-scan-handed_out_swapped = Utlämnad
warehouse-scan-received = Mottagen
warehouse-scan-returned = Återlämnad
flash-packed = Lådan är framplockad.
flash-packed_other = Det blev en annan låda av samma typ än den som stod i listan. Plocka fram den som står där nu.
plan-title = Årsplan
plan-lead = Lådorna vecka för vecka, och var de är.
plan-q = Lådtyp eller hyllplats
plan-show = Visa
plan-all = Visa alla lådor
plan-periods = Tid
plan-kit = Låda
plan-closed = Stängt
plan-taken = Upptagen
plan-offer = Erbjuden i kön
plan-none = Inga lådor passar
plan-none-text = Prova ett annat ord, eller visa alla.
plan-spring = Våren { $year }
plan-autumn = Hösten { $year }
plan-year = Hela { $year }
plan-caption = Lådor och veckor: { $period }
plan-now = Till den här veckan
warehouse-note-later = Kan plockas fram från { $day }
