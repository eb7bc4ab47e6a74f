rounds-title = Omgångar
rounds-lead = Inför en termin önskar förskolorna, och lådorna fördelas rättvist på en gång.
rounds-new = Ny omgång
rounds-new-lead = Förskolorna får ett mejl när önskemålen öppnar, och ett när fördelningen är publicerad.
rounds-none = Inga omgångar än
rounds-none-text = Gör en omgång inför nästa termin. Då spelar det ingen roll vem som är först att boka.
rounds-change = Ändra omgången
rounds-change-lead = Ändrar du dagarna försvinner fördelningen. Du kan fördela på nytt efteråt.
rounds-name = Namn
rounds-name-hint = Till exempel Våren 2027
rounds-first-day = Terminens första dag
rounds-last-day = Terminens sista dag
rounds-opens = Första dagen för önskemål
rounds-opens-hint = Då får förskolorna ett mejl.
rounds-closes = Sista dagen för önskemål
rounds-closes-hint = Till och med den dagen kan de ändra sin lista.
rounds-most = Önskemål per förskola, högst
rounds-most-hint = Tre till fem brukar räcka.
rounds-wishes-days = Önskemål { $first } till { $last }
rounds-status-coming = Inte öppen än
rounds-status-open = Öppen för önskemål
rounds-status-closed = Önskemålen är inne
rounds-status-allocated = Förslag
rounds-status-published = Publicerad
rounds-status-cancelled = Inställd
rounds-now-title-coming = Önskemålen öppnar snart
rounds-now-title-open = Förskolorna önskar
rounds-now-title-closed = Dags att fördela
rounds-now-title-allocated = Ett förslag att titta igenom
rounds-now-title-published = Klart
rounds-now-title-cancelled = Inställd
rounds-now-coming = Önskemålen öppnar { $day }. Då får alla förskolor ett mejl.
rounds-now-open = { $count ->
    [0] Ingen förskola har önskat än. Det är öppet till och med { $day }.
    [one] En förskola har önskat. Det är öppet till och med { $day }.
   *[other] { $count } förskolor har önskat. Det är öppet till och med { $day }.
  }
rounds-now-closed = { $count ->
    [0] Ingen förskola har önskat något. Ge dem fler dagar, eller ställ in omgången.
    [one] En förskola har önskat. Fördela lådorna och titta på förslaget. Inget bokas förrän du publicerar.
   *[other] { $count } förskolor har önskat. Fördela lådorna och titta på förslaget. Inget bokas förrän du publicerar.
  }
rounds-now-allocated = { $count ->
    [one] Förslaget ger ett lån. Inget är bokat än. Ändra för hand det du vill, och publicera sedan.
   *[other] Förslaget ger { $count } lån. Inget är bokat än. Ändra för hand det du vill, och publicera sedan.
  }
rounds-now-published = { $count ->
    [one] Ett lån är bokat, och förskolorna har fått veta.
   *[other] { $count } lån är bokade, och förskolorna har fått veta.
  }
rounds-now-cancelled = Inget fördelas i den här omgången.
rounds-allocate = Fördela
rounds-allocate-close = Stäng önskemålen och fördela
rounds-allocate-close-hint = Efter det kan förskolorna inte ändra sina listor. Du får ett förslag att titta på först.
rounds-allocate-again = Fördela om
rounds-allocate-misfits = Fördela om det som inte går
rounds-publish = Publicera och boka lånen
rounds-publish-hint = Alla lån bokas på en gång, och varje förskola får ett mejl om vad den fick.
rounds-misfits = { $count ->
    [one] Ett lån går inte längre
   *[other] { $count } lån går inte längre
  }
rounds-misfits-text = Någon har hunnit boka, eller något har ändrats, sedan du fördelade. Fördela om just det, eller ändra för hand. Sedan kan du publicera.
rounds-figures = Så föll det ut
rounds-figure-rank = fick val { $rank }
rounds-figure-later = fick ett senare val
rounds-figure-without = blev utan
rounds-fact-wishes = Önskemål
rounds-fact-most = Högst per förskola
rounds-fact-units = Förskolor
rounds-fact-lot = Lottnummer
rounds-cancel = Ställ in omgången
rounds-cancel-lead = Förskolornas listor finns kvar att läsa, men inget fördelas.
rounds-cancel-do = Ställ in
rounds-types = Vad som önskas
rounds-types-lead = ”Plats för” är ungefär hur många lån lådorna räcker till under terminen.
rounds-col-type = Lådtyp
rounds-col-kits = Lådor
rounds-col-room = Plats för
rounds-col-wishes = Önskar
rounds-col-first = Har den först
rounds-col-served = Får
rounds-short = Räcker inte
rounds-units = Vad var och en får
rounds-show = Vad som visas
rounds-show-all = Alla förskolor
rounds-show-without = Blev utan
rounds-show-misfits = Går inte längre
rounds-show-none = Inga förskolor att visa här.
rounds-owes = Utvärdering saknas
rounds-owes-text = Lånen bokas, men lämnas ut först när utvärderingen är inne.
rounds-rank = Val
rounds-by-hand = Vald för hand
rounds-misfit = Går inte längre
rounds-adjust = Ändra
rounds-to-loan = Till lånet
rounds-add = Lägg till ett lån
rounds-add-title = Lägg till ett lån
rounds-add-lead = Lånet läggs till i förslaget och bokas när du publicerar.
rounds-its-wish = Val { $rank }: { $type }
rounds-unit = Förskola
rounds-kit-type = Lådtyp
rounds-loan-first = Första dagen
rounds-loan-last = Sista dagen
rounds-remove = Ta bort lånet ur förslaget
rounds-remove-lead = Förskolan får veta att lånet togs bort för hand när du publicerar.
rounds-remove-do = Ta bort
rounds-list-title = Önska lådor: { $round }
rounds-list-units = Dina förskolor
rounds-list-coming = Önskemålen öppnar { $day }. Då får ni ett mejl.
rounds-list-open = Sätt den viktigaste lådan först. Ni kan önska högst { $most } lådor, och ändra till och med { $day }. Alla i arbetslaget skriver på samma lista.
rounds-list-closed = Önskemålen är inne. Ni får ett mejl när lådorna är fördelade.
rounds-list-cancelled = Omgången är inställd. Boka som vanligt i katalogen.
rounds-list-heading = Er lista
rounds-list-empty = Ni har inte önskat något än.
rounds-list-full = Listan är full, { $most } lådor. Ta bort en om ni hellre vill ha en annan.
rounds-wish-up = Upp
rounds-wish-down = Ner
rounds-wish-remove = Ta bort
rounds-wish-add = Lägg till en låda
rounds-wish-add-do = Lägg till på listan
rounds-wish-earliest = Tidigast
rounds-wish-latest = Senast klart
rounds-wish-any = Spelar ingen roll
rounds-wish-days = Hur länge
rounds-wish-longest = Så länge det går
rounds-wish-saved = Listan sparas direkt. Det finns inget att skicka in.
rounds-weeks-any = När som helst under terminen
rounds-weeks-from = Från { $week }
rounds-weeks-until = Till { $week }
rounds-length = { $count ->
    [one] 1 vecka
   *[other] { $count } veckor
  }
rounds-length-days = { $count ->
    [one] 1 dag
   *[other] { $count } dagar
  }
rounds-result-title = Det här blev det
rounds-result-none = Ni önskade inget den här gången.
rounds-result-given = Bokad
rounds-result-queue = Ställ er i kö
rounds-result-free = Se lediga veckor
rounds-notice-open = Nu kan ni önska lådor: { $round }. Sista dagen är { $day }.
rounds-notice-published = Lådorna är fördelade: { $round }. Önskemålen stängde { $day }.
rounds-notice-link-open = Gör er lista
rounds-notice-link-published = Se vad ni fick
rounds-how = Så fördelar vi
rounds-how-1 = Det går varv för varv. På varje varv får en förskola högst en låda. Ingen får sin andra låda innan alla som kan få en har fått sin första.
rounds-how-2 = På varje varv går den förskola först som har fått minst: lånen det senaste året, de som redan är bokade, och det omgången har gett.
rounds-how-3 = Har flera fått lika mycket avgör lotten. Lottnumret dras när omgången görs, innan någon har önskat.
rounds-how-4 = När det är er tur prövar vi er lista uppifrån. Ni får den första lådan som är ledig i era veckor, så tidigt det går, och helst inte samtidigt som en annan.
rounds-how-5 = Den som fördelar kan ändra för hand. Det som inte räckte till får ni veta varför.
flash-round-added = Omgången är sparad.
flash-round-cancelled = Omgången är inställd.
flash-allocated = Lådorna är fördelade. Titta igenom förslaget innan du publicerar.
flash-published = Lånen är bokade, och mejlen är på väg.
rounds-reason-full = alla lådor är upptagna de veckorna
rounds-reason-at_once = ni har redan så många lådor som får lånas på en gång de veckorna
rounds-reason-closed = lagret har inte öppet för ett så långt lån de veckorna
rounds-reason-retired = lådan lånas inte ut längre
rounds-reason-no_kits = det finns ingen sådan låda att låna
rounds-reason-removed = den som fördelar tog bort den för hand
event-round-added = Omgången lades till
event-round-changed = Omgången ändrades
event-round-opened = Önskemålen öppnade
event-round-wishes_changed = En förskola ändrade sina önskemål
event-round-closed = Önskemålen stängdes
event-round-allocated = Lådorna fördelades
event-round-adjusted = Fördelningen ändrades för hand
event-round-published = Fördelningen publicerades
event-round-cancelled = Omgången ställdes in
