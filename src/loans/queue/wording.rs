//! Places in the queue in words, for every page that shows one.

use crate::accounts::store::Organisation;
use crate::loans::queue::rules::Status;
use crate::loans::queue::views::{EntryView, OfferView, PositionView};
use crate::loans::wording::days;
use crate::platform::clock::{day_in, start_of_day};
use crate::platform::db::types::Instant;
use crate::platform::ids::QueueEntryId;
use crate::platform::text::Texts;
use crate::platform::web::forms::Tag;
use chrono::TimeDelta;

/// A place in the queue.
pub struct EntryWords {
    /// The place.
    pub id: QueueEntryId,
    /// Where it is shown.
    pub href: String,
    /// What the unit waits for.
    pub kit: String,
    /// Who waits.
    pub unit: String,
    /// The weeks of the span, and how long the loan is to be.
    pub wish: String,
    /// Where it is.
    pub status: Tag,
    /// "Plats 2 av 5"
    pub place: Option<String>,
    /// Why it has this place.
    pub reason: Option<String>,
    /// The offer, if one was made.
    pub offer: Option<OfferWords>,
    /// The offer can be answered.
    pub to_answer: bool,
}

/// An offer.
pub struct OfferWords {
    /// "v. 43–45"
    pub weeks: String,
    /// Its first and last day.
    pub days: String,
    /// The first day.
    pub hand_out: String,
    /// The last day.
    pub hand_back: String,
    /// Until when it waits for its answer.
    pub until: String,
    /// No kit is in sight for it as things look.
    pub at_risk: bool,
}

impl EntryWords {
    /// A place, as it is now.
    pub fn new(t: Texts, organisation: &Organisation, entry: &EntryView, now: Instant) -> Self {
        let weeks = t.weeks(entry.earliest_day, entry.latest_day);
        let to_answer =
            entry.status == Status::Offered && entry.offer.as_ref().is_some_and(|offer| offer.answer_by > now);
        Self {
            id: entry.id,
            href: format!("/ko/{}", entry.id),
            kit: entry.kit_type.name.clone(),
            unit: entry.unit.name.clone(),
            wish: t.a("queue-wish", &[("weeks", weeks.into()), ("length", length(t, entry.days).into())]),
            status: status(
                t,
                if entry.status == Status::Offered && !to_answer { Status::Lapsed } else { entry.status },
            ),
            place: entry.position.map(|position| place(t, position)),
            reason: entry.position.map(|position| {
                let asked = t.moment(entry.asked_at, organisation.zone());
                t.a("queue-reason", &[("had", i64::from(position.had).into()), ("asked", asked.into())])
            }),
            offer: entry.offer.as_ref().map(|offer| OfferWords::new(t, organisation, offer)),
            to_answer,
        }
    }
}

impl OfferWords {
    fn new(t: Texts, organisation: &Organisation, offer: &OfferView) -> Self {
        Self {
            weeks: t.weeks(offer.first_day, offer.last_day),
            days: days(t, offer.first_day, offer.last_day),
            hand_out: t.day(offer.first_day),
            hand_back: t.day(offer.last_day),
            until: until(t, organisation, offer.answer_by),
            at_risk: offer.at_risk,
        }
    }
}

/// The last moment to answer: an offer that ends at midnight is answered by the last minute before.
pub fn until(t: Texts, organisation: &Organisation, answer_by: Instant) -> String {
    let zone = organisation.zone();
    let midnight = start_of_day(zone, day_in(zone, answer_by)) == answer_by;
    t.moment(if midnight { answer_by - TimeDelta::minutes(1) } else { answer_by }, zone)
}

fn place(t: Texts, position: PositionView) -> String {
    t.a("queue-place", &[("place", position.place.into()), ("of", position.of.into())])
}

/// How long a loan is: in weeks, if they are whole.
pub fn length(t: Texts, days: i32) -> String {
    if days % 7 == 0 { t.v("queue-length-weeks", "count", days / 7) } else { t.v("queue-length-days", "count", days) }
}

fn status(t: Texts, status: Status) -> Tag {
    let (color, icon) = match status {
        Status::Waiting => ("info", "clock"),
        Status::Offered => ("accent", "box"),
        Status::Taken => ("success", "check"),
        Status::Declined | Status::Withdrawn => ("neutral", "cross"),
        Status::Lapsed | Status::Passed => ("warning", "clock"),
    };
    Tag { color, icon, text: t.s(&format!("queue-status-{status}")) }
}
