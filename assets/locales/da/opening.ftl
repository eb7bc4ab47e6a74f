# When the warehouse is open.

event-opening-changed = Åbningsdagene blev ændret
event-closure-added = Lukkede dage blev tilføjet
event-closure-removed = Lukkede dage blev fjernet
opening-country-none = Ingen
opening-country-sweden = Sveriges
opening-country-denmark = Danmarks
admin-opening = Åbent og lukket
admin-opening-lead = Lån begynder og slutter kun på dage, hvor lageret har åbent. Lukkede dage ind imellem betyder ikke noget.
admin-opening-weekdays = Lageret har åbent
admin-opening-weekdays-hint = De dage, hvor kasser kan hentes og afleveres.
admin-opening-holidays = Lukket på helligdage
admin-opening-holidays-hint = Også juleaften, nytårsaften og grundlovsdag.
admin-closures = Lukkede dage
admin-closures-none = Ingen lukkede dage er lagt ind.
admin-closure-add = Tilføj lukkede dage
admin-closure-first = Første dag
admin-closure-last = Sidste dag
admin-closure-reason = Hvorfor
admin-closure-reason-hint = Vises for den, der booker. Skriv for eksempel: Sommerlukket.
admin-closure-remove = Fjern
admin-closure-remove-what = Fjern { $reason }

flash-closed = De lukkede dage er lagt ind.
flash-opened = De dage er åbne igen.

holiday-new-years-day = nytårsdag
holiday-epiphany = helligtrekongersdag
holiday-maundy-thursday = skærtorsdag
holiday-good-friday = langfredag
holiday-easter-sunday = påskedag
holiday-easter-monday = 2. påskedag
holiday-may-day = 1. maj
holiday-ascension-day = Kristi himmelfartsdag
holiday-whitsunday = pinsedag
holiday-whit-monday = 2. pinsedag
holiday-constitution-day = grundlovsdag
holiday-national-day = Sveriges nationaldag
holiday-midsummer-eve = midsommeraften
holiday-midsummer-day = midsommerdag
holiday-all-saints-day = allehelgensdag
holiday-christmas-eve = juleaften
holiday-christmas-day = juledag
holiday-boxing-day = 2. juledag
holiday-new-years-eve = nytårsaften

error-day-closed = Lageret er lukket { $day }: { $reason }. Nærmeste åbne dag er { $open }.
error-day-holiday = Lageret er lukket { $day }: { $holiday }. Nærmeste åbne dag er { $open }.
error-day-closed_weekday = Lageret er lukket { $day }. Nærmeste åbne dag er { $open }.
error-day-closed_long = Lageret er lukket { $day } og et år frem. Vælg en tidligere dag.
error-closure-not_found = Lukningen findes ikke længere. Genindlæs siden.
error-closure-last_before_first = Den sidste dag ligger før den første. Vælg en senere dag.
error-closure-too_long = Lukningen er længere end et år. Del den op, eller ret, hvilke ugedage der er åbne.
error-opening-no_weekday = Vælg mindst én dag, hvor lageret har åbent.
