//! Courses in words, for every page that speaks of them.

use crate::courses::queries::Asked;
use crate::courses::rules::Until;
use crate::courses::views::{DateView, UnitName};
use crate::platform::text::Texts;
use crate::platform::web::forms::Tag;

/// Whether a unit has a course, and until when.
pub fn held(t: Texts, until: Option<Until>) -> Tag {
    let (color, icon, text) = match until {
        Some(Until::Always) => ("success", "check", t.s("courses-held")),
        Some(Until::Day(day)) => ("success", "check", t.v("courses-held-until", "day", t.date(day))),
        None => ("warning", "alert", t.s("courses-not-held")),
    };
    Tag { color, icon, text }
}

/// When and where a course is given: "tis 1 dec 13.00–15.30 · Medioteket · 12 platser".
pub fn date(t: Texts, date: &DateView) -> String {
    let when = [t.day(date.day), date.hours.clone()].into_iter().filter(|part| !part.is_empty());
    let when = when.collect::<Vec<_>>().join(" ");
    let seats = date.seats.map(|seats| t.v("courses-seats", "count", seats)).unwrap_or_default();
    let parts = [when, date.place.clone(), seats, date.note.clone()].into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" · ")
}

/// The address at which a course is booked, if that is what its way of booking says.
pub fn booking_address(booking: &str) -> Option<String> {
    Some(booking.to_owned()).filter(|booking| booking.starts_with("https://") && !booking.contains(char::is_whitespace))
}

/// That a kit type asks for a course, told to those who want to borrow it.
#[derive(Debug, Clone)]
pub struct Notice {
    /// The course's name.
    pub name: String,
    /// Whether each of the reader's units has it; the unit is named when there are several.
    pub units: Vec<(String, Tag)>,
    /// All of them have it.
    pub held: bool,
    /// When it is given next.
    pub next: String,
}

/// What a kit type asks for, told to those who want to borrow it.
pub fn notices(t: Texts, asked: &[Asked]) -> Vec<Notice> {
    let name = |unit: &UnitName, all: usize| if all > 1 { unit.name.clone() } else { String::new() };
    let next = |dates: &[DateView]| match dates.first() {
        Some(first) => t.v("courses-next", "date", date(t, first)),
        None => t.s("courses-no-date"),
    };
    let notice = |asked: &Asked| Notice {
        name: asked.course.name.clone(),
        units: asked.held.iter().map(|(unit, until)| (name(unit, asked.held.len()), held(t, *until))).collect(),
        held: !asked.held.is_empty() && asked.held.iter().all(|(_, until)| until.is_some()),
        next: next(&asked.course.dates),
    };
    asked.iter().map(notice).collect()
}
