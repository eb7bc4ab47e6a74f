warehouse-today = I dag
warehouse-scan = Scan
warehouse-back = Skal ind
warehouse-late = Forsinkede
warehouse-shelf = Hylde
warehouse-pack = Marker som fundet frem
warehouse-quiet = Intet skal ud eller ind i dag
warehouse-quiet-text = Kommer der en kasse alligevel, så scan den som sædvanligt.
warehouse-scan-title = Scan en kasse
warehouse-scan-code = Kassens kode
warehouse-scan-hint = Skriv koden under QR-koden, for eksempel 7K3-M9QX, eller brug en håndscanner.
warehouse-scan-action = Hvad skal der ske?
warehouse-scan-auto = Automatisk
warehouse-scan-pack = Find frem
warehouse-scan-hand_out = Udlever
warehouse-scan-receive = Modtag
warehouse-scan-do = Registrer
warehouse-scan-back = Til dagens liste
warehouse-scan-phone = Med mobilen: åbn kameraet, og ret det mod QR-koden på kassen.
warehouse-scan-done = { $count ->
    [one] Én scannet
   *[other] { $count } scannede
  }
warehouse-out = Skal ud
warehouse-waiting = Venter på evaluering
warehouse-more = { $count ->
    [one] En mere vises, når listen er kortere.
   *[other] { $count } mere vises, når listen er kortere.
  }
warehouse-blocked = Spærret
warehouse-note-owes = Må ikke udleveres: børnehaven har en evaluering, der er forsinket.
warehouse-note-at_risk = Skal ud { $day }, men ingen kasse er i sigte. Kontakt den børnehave, der er forsinket.
warehouse-note-since = Skulle være hentet { $day }
warehouse-note-late = { $days ->
    [one] En dag forsinket
   *[other] { $days } dage forsinket
  }
warehouse-note-waiting = Kom ind { $day }. Evalueringen skal være her { $due }.
warehouse-scan-loan = Vis lånet
warehouse-scan-which = Hvem skal have kassen?
warehouse-scan-nothing = Intet er ændret
warehouse-scan-stop = Stop
warehouse-scan-packed = Fundet frem
warehouse-scan-handed_out = Udleveret
warehouse-scan-handed_out_swapped = Udleveret
warehouse-scan-received = Modtaget
warehouse-scan-returned = Afleveret
flash-packed = Kassen er fundet frem.
flash-packed_other = Det blev en anden kasse af samme type end den på listen. Find den frem, der står der nu.
plan-title = Årsplan
plan-lead = Kasserne uge for uge, og hvor de er.
plan-q = Kassetype eller hyldeplads
plan-show = Vis
plan-all = Vis alle kasser
plan-periods = Tid
plan-kit = Kasse
plan-closed = Lukket
plan-taken = Optaget
plan-offer = Tilbudt i køen
plan-none = Ingen kasser passer
plan-none-text = Prøv et andet ord, eller vis alle.
plan-spring = Foråret { $year }
plan-autumn = Efteråret { $year }
plan-year = Hele { $year }
plan-caption = Kasser og uger: { $period }
plan-now = Til denne uge
warehouse-note-later = Kan pakkes fra { $day }
