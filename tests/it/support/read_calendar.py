# Reads an iCalendar file with a reader that is not ours: prints each event as first day, day after the last, summary.
import sys
from datetime import date, datetime
from icalendar import Calendar

calendar = Calendar.from_ical(sys.stdin.buffer.read())
print(calendar["VERSION"], calendar["X-WR-CALNAME"])
for event in sorted(calendar.walk("VEVENT"), key=lambda event: (event["DTSTART"].dt, event["UID"])):
    first, end = event["DTSTART"].dt, event["DTEND"].dt
    assert isinstance(first, date) and not isinstance(first, datetime), first
    assert event["DTSTAMP"].dt.tzinfo is not None and event["URL"].startswith("http")
    print(first, end, event["STATUS"], event["SUMMARY"])
