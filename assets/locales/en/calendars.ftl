# Loans in other programs' calendars.

calendar-name = Kits: { $whose }
calendar-loan = { $kit } with us
calendar-out = Out: { $kit } to { $unit }
calendar-in = In: { $kit } from { $unit }
calendar-about = Fetched { $first }, handed back { $last }.
calendar-title = Loans in your calendar
calendar-lead = { $whose }: see the loans in Outlook, Google Calendar or Apple Calendar. They stay up to date by themselves.
calendar-warehouse = The warehouse
calendar-address = The calendar’s address
calendar-once = The address is shown only now. Whoever has it sees the calendar, so give it to colleagues only.
calendar-how-outlook = Outlook: Add calendar, Subscribe from web, paste the address.
calendar-how-google = Google Calendar: Other calendars, From URL, paste the address.
calendar-how-apple = Apple: Calendars, Add subscription calendar, paste the address.
calendar-make = Make an address
calendar-anew = Make a new address
calendar-anew-text = There is an address already. If you make a new one, the old one stops working.
calendar-end = End the calendar
calendar-subscribe = Show loans in the calendar
calendar-file = Add to the calendar
flash-calendar-ended = The calendar’s address no longer works.
event-calendar-added = A calendar address was made
event-calendar-ended = A calendar address was ended
error-calendar-not_found = The calendar is no longer there. Ask for a new address.
