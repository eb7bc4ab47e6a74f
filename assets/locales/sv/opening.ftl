# When the warehouse is open.

event-opening-changed = Öppettiderna ändrades
event-closure-added = Stängda dagar lades till
event-closure-removed = Stängda dagar togs bort
opening-country-none = Inga
opening-country-sweden = Sveriges
opening-country-denmark = Danmarks
admin-opening = Öppet och stängt
admin-opening-lead = Lån börjar och slutar bara på dagar då lagret har öppet. Däremellan spelar stängda dagar ingen roll.
admin-opening-weekdays = Lagret har öppet
admin-opening-weekdays-hint = De dagar då lådor kan hämtas och lämnas.
admin-opening-holidays = Stängt på helgdagar
admin-opening-holidays-hint = Också afton före jul, nyår och midsommar.
admin-closures = Stängda dagar
admin-closures-none = Inga stängda dagar är inlagda.
admin-closure-add = Lägg till stängda dagar
admin-closure-first = Första dagen
admin-closure-last = Sista dagen
admin-closure-reason = Varför
admin-closure-reason-hint = Visas för den som bokar. Skriv till exempel: Sommarstängt.
admin-closure-remove = Ta bort
admin-closure-remove-what = Ta bort { $reason }

flash-closed = De stängda dagarna är inlagda.
flash-opened = De dagarna är öppna igen.

holiday-new-years-day = nyårsdagen
holiday-epiphany = trettondedag jul
holiday-maundy-thursday = skärtorsdagen
holiday-good-friday = långfredagen
holiday-easter-sunday = påskdagen
holiday-easter-monday = annandag påsk
holiday-may-day = första maj
holiday-ascension-day = Kristi himmelsfärdsdag
holiday-whitsunday = pingstdagen
holiday-whit-monday = annandag pingst
holiday-constitution-day = Danmarks grundlagsdag
holiday-national-day = nationaldagen
holiday-midsummer-eve = midsommarafton
holiday-midsummer-day = midsommardagen
holiday-all-saints-day = alla helgons dag
holiday-christmas-eve = julafton
holiday-christmas-day = juldagen
holiday-boxing-day = annandag jul
holiday-new-years-eve = nyårsafton

error-day-closed = Lagret är stängt { $day }: { $reason }. Närmaste öppna dag är { $open }.
error-day-holiday = Lagret är stängt { $day }: { $holiday }. Närmaste öppna dag är { $open }.
error-day-closed_weekday = Lagret är stängt { $day }. Närmaste öppna dag är { $open }.
error-day-closed_long = Lagret är stängt { $day } och ett år framåt. Välj en tidigare dag.
error-closure-not_found = Stängningen finns inte längre. Ladda om sidan.
error-closure-last_before_first = Den sista dagen ligger före den första. Välj en senare dag.
error-closure-too_long = Stängningen är längre än ett år. Dela upp den, eller ändra vilka veckodagar som är öppna.
error-opening-no_weekday = Välj minst en dag då lagret har öppet.
