//! Lists in pages: `limit` and `cursor` in, `items` and `next` out.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

/// How a list is asked for.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// How many items at most, 1 to 200; 50 unless asked for.
    #[param(minimum = 1, maximum = 200)]
    #[serde(default, deserialize_with = "within_bounds")]
    pub limit: Option<u32>,
    /// `next` of the page before.
    pub cursor: Option<String>,
}

const USUAL: u32 = 50;
const MOST: u32 = 200;

fn within_bounds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    match Option::deserialize(deserializer)? {
        Some(limit) if !(1..=MOST).contains(&limit) => Err(D::Error::custom("limit is out of bounds")),
        limit => Ok(limit),
    }
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

    /// The cursor as the list's key; a cursor that is none of ours starts the list anew.
    pub fn after<K: std::str::FromStr>(&self) -> Option<K> {
        self.cursor.as_deref().and_then(|cursor| cursor.parse().ok())
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
