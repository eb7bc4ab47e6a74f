//! Lists in pages: `limit` and `cursor` in, `items` and `next` out.

use crate::platform::db::types::Instant;
use crate::platform::error::{Error, FieldError};
use serde::{Deserialize, Deserializer, Serialize};
use std::str::FromStr;

/// How a list is asked for.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// How many items at most, 1 to 200; 50 unless asked for.
    #[param(minimum = 1, maximum = 200)]
    #[serde(default, deserialize_with = "number")]
    pub limit: Option<u32>,
    /// `next` of the page before.
    pub cursor: Option<String>,
}

/// Only what has changed lately.
#[derive(Debug, Clone, Copy, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Since {
    /// Only what has changed at this instant or later, the oldest change first: each thing once, as it is now. A page may
    /// then have fewer items than it could, even none; there are no more when `next` is null. To follow what changes, ask
    /// again from a minute before the last time: a change is told once it is saved.
    since: Option<Instant>,
}

impl Since {
    /// The instant; those outside the calendar that the databases share are brought inside it, where nothing has happened.
    pub fn instant(self) -> Option<Instant> {
        let within = |at: Instant| {
            let micros = at.utc().timestamp_micros().clamp(0, LAST_MICROS);
            chrono::DateTime::from_timestamp_micros(micros).map_or(at, Instant::new)
        };
        self.since.map(within)
    }
}

/// The end of the year 9999.
const LAST_MICROS: i64 = 253_402_300_799_000_000;

const USUAL: u32 = 50;
/// The most items on one page.
pub const MOST: u32 = 200;

/// What is no number is out of bounds as well, so that it is told in the same way.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    let text: Option<String> = Option::deserialize(deserializer)?;
    Ok(text.map(|text| text.parse().unwrap_or(0)))
}

impl Paging {
    /// How many items to show.
    pub fn limit(&self) -> usize {
        self.limit.unwrap_or(USUAL).clamp(1, MOST) as usize
    }

    /// How many rows to read: one more than shown tells whether there is a next page.
    pub fn rows(&self) -> i64 {
        self.limit() as i64 + 1
    }

    /// The cursor as the list's key. Every list asks for it, and so the limit is looked at here, too.
    ///
    /// # Errors
    /// `field.range` for the limit, `request.cursor` for a cursor that is none of ours.
    pub fn after<K: FromStr>(&self) -> Result<Option<K>, Error> {
        if self.limit.is_some_and(|limit| !(1..=MOST).contains(&limit)) {
            return Err(FieldError::new("limit", "field.range").arg("least", 1).arg("most", i64::from(MOST)).into());
        }
        self.cursor.as_deref().map(|cursor| cursor.parse().map_err(|_| Self::no_cursor())).transpose()
    }

    /// The cursor is none of ours.
    pub fn no_cursor() -> Error {
        Error::invalid("cursor", "request.cursor")
    }
}

/// One page of a list.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Listing<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// The cursor of the next page; none when this is the last.
    pub next: Option<String>,
}

impl<T> Listing<T> {
    /// Cuts what [`Paging::rows`] read to a page; `key` gives the cursor of an item.
    pub fn cut<K: ToString>(mut rows: Vec<T>, paging: &Paging, key: impl Fn(&T) -> K) -> Self {
        let more = rows.len() > paging.limit();
        rows.truncate(paging.limit());
        let next = rows.last().filter(|_| more).map(|last| key(last).to_string());
        Self { items: rows, next }
    }

    /// The same page of other items.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Listing<U> {
        Listing { items: self.items.into_iter().map(change).collect(), next: self.next }
    }
}
