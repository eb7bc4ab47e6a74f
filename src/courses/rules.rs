//! Which certificates count on a day, how long they last, and what is missing.

use crate::accounts::rules::{in_range, line, name};
use crate::kits::rules::text;
use crate::platform::error::FieldError;
use crate::platform::ids::{CourseId, KitTypeId};
use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// The longest that a certificate may be valid, in months.
const MOST_MONTHS: i32 = 120;
/// The most seats on a date.
const MOST_SEATS: i32 = 1000;
/// Days before a loan on which a unit that lacks a course is reminded.
const REMINDED_BEFORE: u64 = 14;
/// Days after the reservation, whose own mail tells of the course, before there is a reminder.
const REMINDED_AFTER: u64 = 3;

/// A new course, or what a course is changed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveCourse {
    /// Its name, unique in the organisation.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// What it is about.
    #[serde(default)]
    pub about: String,
    /// How a place is booked: in words, or an address that begins with `https://`.
    #[serde(default)]
    #[schema(max_length = 120)]
    pub booking: String,
    /// How long a certificate is valid, in months; for ever when not said.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 120)]
    pub valid_months: Option<i32>,
    /// The kit types that ask for it.
    #[serde(default)]
    pub kit_type_ids: Vec<KitTypeId>,
}

/// A new date of a course, or what a date is changed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveDate {
    /// The day.
    pub day: NaiveDate,
    /// The hours, as people write them: `13.00–15.30`.
    #[serde(default)]
    #[schema(max_length = 120)]
    pub hours: String,
    /// Where it is given.
    #[serde(default)]
    #[schema(max_length = 120)]
    pub place: String,
    /// How many can take part; any number when not said.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1000)]
    pub seats: Option<i32>,
    /// What else participants should know.
    #[serde(default)]
    #[schema(max_length = 120)]
    pub note: String,
}

impl SaveCourse {
    /// The course as it is stored: trimmed, within bounds, each kit type once. Whether the kit types exist is not known
    /// here.
    ///
    /// # Errors
    /// Every wrong field.
    pub fn checked(&self) -> Result<Self, Vec<FieldError>> {
        crate::platform::error::all_fields! {
            name = name("name", &self.name),
            about = text("about", &self.about),
            booking = line("booking", &self.booking),
            valid_months = self.valid_months.map(|months| in_range("valid_months", months, 1, MOST_MONTHS)).transpose(),
        }
        let mut kit_type_ids = self.kit_type_ids.clone();
        kit_type_ids.sort_unstable();
        kit_type_ids.dedup();
        Ok(Self { name, about, booking, valid_months, kit_type_ids })
    }
}

impl SaveDate {
    /// The date as it is stored: trimmed, and within bounds.
    ///
    /// # Errors
    /// Every wrong field.
    pub fn checked(&self) -> Result<Self, Vec<FieldError>> {
        crate::platform::error::all_fields! {
            hours = line("hours", &self.hours),
            place = line("place", &self.place),
            seats = self.seats.map(|seats| in_range("seats", seats, 1, MOST_SEATS)).transpose(),
            note = line("note", &self.note),
        }
        Ok(Self { day: self.day, hours, place, seats, note })
    }
}

/// A certificate, as far as it matters whether it counts. One that was revoked is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Certificate {
    /// The course.
    pub course: CourseId,
    /// The first day on which it counts.
    pub completed_on: NaiveDate,
    /// The last day on which it counts, if there is one.
    pub expires_on: Option<NaiveDate>,
}

/// How long something holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Until {
    /// To this day, and on it.
    Day(NaiveDate),
    /// For ever.
    Always,
}

impl Certificate {
    fn until(self) -> Until {
        self.expires_on.map_or(Until::Always, Until::Day)
    }

    /// True when it counts on the day.
    pub fn counts(self, day: NaiveDate) -> bool {
        self.completed_on <= day && self.expires_on.is_none_or(|last| day <= last)
    }
}

/// How long a course is held that is held on `day`, by the certificate that lasts longest; none when it is not held then.
pub fn held(course: CourseId, certificates: &[Certificate], day: NaiveDate) -> Option<Until> {
    let counting = certificates.iter().filter(|certificate| certificate.course == course && certificate.counts(day));
    counting.map(|certificate| certificate.until()).max()
}

/// Those of the courses asked for that nobody holds on the day, in their order.
pub fn missing(asked: &[CourseId], certificates: &[Certificate], day: NaiveDate) -> Vec<CourseId> {
    asked.iter().copied().filter(|course| held(*course, certificates, day).is_none()).collect()
}

/// The day on which a course must be held for a loan: its first day; for a kit that is fetched late, the day it is.
pub fn asked_on(first_day: NaiveDate, today: NaiveDate) -> NaiveDate {
    first_day.max(today)
}

/// The last day of a certificate of a course that is valid for some months: the same day of a later month, or its last.
pub fn expires_on(completed_on: NaiveDate, valid_months: Option<i32>) -> Option<NaiveDate> {
    let months = u32::try_from(valid_months?).ok()?;
    completed_on.checked_add_months(Months::new(months))
}

/// True when a unit that lacks a course for a coming loan is to be reminded: two weeks before, and not right after the
/// reservation was made.
pub fn is_reminded(first_day: NaiveDate, reserved_on: NaiveDate, today: NaiveDate) -> bool {
    let before = first_day.checked_sub_days(Days::new(REMINDED_BEFORE)).unwrap_or(first_day);
    let after = reserved_on.checked_add_days(Days::new(REMINDED_AFTER)).unwrap_or(reserved_on);
    before <= today && after <= today && today <= first_day
}

/// The last first day of a loan that somebody may be reminded about today.
pub fn reminded_until(today: NaiveDate) -> NaiveDate {
    today.checked_add_days(Days::new(REMINDED_BEFORE)).unwrap_or(today)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(number: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + Days::new(number)
    }

    fn courses() -> [CourseId; 3] {
        [1_u128, 2, 3].map(|number| uuid::Uuid::from_u128(number).into())
    }

    fn certificate() -> impl Strategy<Value = Certificate> {
        (0_usize..3, 0_u64..40, proptest::option::of(0_u64..20)).prop_map(|(course, from, length)| Certificate {
            course: courses()[course],
            completed_on: day(from),
            expires_on: length.map(|length| day(from + length)),
        })
    }

    /// Every day on which a certificate counts, one by one: the slow and simple way.
    fn days_of(certificate: &Certificate) -> Vec<NaiveDate> {
        (0..200)
            .map(day)
            .skip_while(|day| *day != certificate.completed_on)
            .take_while(|day| Some(day.pred_opt().unwrap()) != certificate.expires_on)
            .collect()
    }

    proptest! {
        #[test]
        fn a_course_is_missing_on_the_days_that_no_certificate_has(
            certificates in proptest::collection::vec(certificate(), 0..6),
            on in 0_u64..80,
        ) {
            let expected: Vec<CourseId> = courses()
                .into_iter()
                .filter(|course| {
                    !certificates.iter().any(|one| one.course == *course && days_of(one).contains(&day(on)))
                })
                .collect();
            prop_assert_eq!(missing(&courses(), &certificates, day(on)), expected);
        }

        #[test]
        fn what_is_held_until_a_day_is_held_on_it_and_one_more_certificate_never_takes_away(
            certificates in proptest::collection::vec(certificate(), 0..6),
            more in certificate(),
            on in 0_u64..80,
        ) {
            let all: Vec<Certificate> = certificates.iter().copied().chain([more]).collect();
            for course in courses() {
                let before = held(course, &certificates, day(on));
                prop_assert!(held(course, &all, day(on)) >= before);
                if let Some(Until::Day(last)) = before {
                    prop_assert!(last >= day(on));
                    prop_assert!(held(course, &certificates, last).is_some());
                }
            }
        }

        #[test]
        fn a_certificate_is_valid_for_whole_months(from in 0_u64..3000, months in 1_i32..=120) {
            let last = expires_on(day(from), Some(months)).unwrap();
            let days = (last - day(from)).num_days();
            prop_assert!((i64::from(months) * 28..=i64::from(months) * 31).contains(&days));
        }
    }

    #[test]
    fn both_days_count_and_the_longest_wins() {
        let [course, ..] = courses();
        let short = Certificate { course, completed_on: day(10), expires_on: Some(day(20)) };
        let counted: Vec<bool> = [9, 10, 20, 21].map(|number| short.counts(day(number))).into();
        assert_eq!(counted, [false, true, true, false]);
        let long = Certificate { expires_on: Some(day(30)), ..short };
        assert_eq!(held(course, &[short, long], day(15)), Some(Until::Day(day(30))));
        let ever = Certificate { expires_on: None, ..short };
        assert_eq!(held(course, &[ever, long], day(15)), Some(Until::Always));
        assert_eq!(held(course, &[ever], day(9)), None);
    }

    #[test]
    fn a_year_ends_on_the_same_day_or_the_month_s_last() {
        let on = |text: &str, months| expires_on(text.parse().unwrap(), months).map(|day| day.to_string());
        assert_eq!(on("2026-11-02", Some(24)).unwrap(), "2028-11-02");
        assert_eq!(on("2028-02-29", Some(12)).unwrap(), "2029-02-28");
        assert_eq!(on("2026-08-31", Some(6)).unwrap(), "2027-02-28");
        assert_eq!(on("2026-11-02", None), None);
    }

    #[test]
    fn a_reminder_comes_two_weeks_before_and_not_on_top_of_the_reservation() {
        let reminded = |first, reserved, today| is_reminded(day(first), day(reserved), day(today));
        assert!(!reminded(50, 0, 35) && reminded(50, 0, 36) && reminded(50, 0, 50) && !reminded(50, 0, 51));
        assert!(!reminded(50, 45, 47) && reminded(50, 45, 48));
        assert_eq!(reminded_until(day(36)), day(50));
    }
}
