# When the warehouse is open.

event-opening-changed = Opening days were changed
event-closure-added = Closed days were added
event-closure-removed = Closed days were removed
opening-country-none = None
opening-country-sweden = Sweden’s
opening-country-denmark = Denmark’s
admin-opening = Open and closed
admin-opening-lead = Loans begin and end only on days when the warehouse is open. Closed days in between do not matter.
admin-opening-weekdays = The warehouse is open
admin-opening-weekdays-hint = The days on which kits can be fetched and handed back.
admin-opening-holidays = Closed on holidays
admin-opening-holidays-hint = Also on the eves of Christmas, New Year and Midsummer.
admin-closures = Closed days
admin-closures-none = No closed days have been added.
admin-closure-add = Add closed days
admin-closure-first = First day
admin-closure-last = Last day
admin-closure-reason = Why
admin-closure-reason-hint = Shown to whoever reserves. Write for example: Closed for the summer.
admin-closure-remove = Remove
admin-closure-remove-what = Remove { $reason }

flash-closed = The closed days have been added.
flash-opened = Those days are open again.

holiday-new-years-day = New Year’s Day
holiday-epiphany = Epiphany
holiday-maundy-thursday = Maundy Thursday
holiday-good-friday = Good Friday
holiday-easter-sunday = Easter Sunday
holiday-easter-monday = Easter Monday
holiday-may-day = May Day
holiday-ascension-day = Ascension Day
holiday-whitsunday = Whit Sunday
holiday-whit-monday = Whit Monday
holiday-constitution-day = Denmark’s Constitution Day
holiday-national-day = Sweden’s National Day
holiday-midsummer-eve = Midsummer Eve
holiday-midsummer-day = Midsummer Day
holiday-all-saints-day = All Saints’ Day
holiday-christmas-eve = Christmas Eve
holiday-christmas-day = Christmas Day
holiday-boxing-day = the second day of Christmas
holiday-new-years-eve = New Year’s Eve

error-day-closed = The warehouse is closed on { $day }: { $reason }. The nearest open day is { $open }.
error-day-holiday = The warehouse is closed on { $day }: { $holiday }. The nearest open day is { $open }.
error-day-closed_weekday = The warehouse is closed on { $day }. The nearest open day is { $open }.
error-day-closed_long = The warehouse is closed on { $day } and for a year after. Choose an earlier day.
error-closure-not_found = The closure is no longer there. Reload the page.
error-closure-last_before_first = The last day is before the first. Choose a later day.
error-closure-too_long = The closure is longer than a year. Divide it, or change which weekdays are open.
error-opening-no_weekday = Choose at least one day on which the warehouse is open.
