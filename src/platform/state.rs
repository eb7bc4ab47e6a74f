//! What every handler and job has at hand.

use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::db::Db;
use crate::platform::error::{Error, Kind};
use crate::platform::web::metrics::Metrics;
use governor::clock::Clock as _;
use governor::{DefaultKeyedRateLimiter, Quota};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Shared by all workers.
pub type AppState = Arc<App>;

/// The parts a request needs.
pub struct App {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// The settings.
    pub config: Config,
    /// Limits on guessing.
    pub limits: Limits,
    /// What is counted.
    pub metrics: Metrics,
}

/// How often a stranger may try things, for each key: a network address or an e-mail address.
pub struct Limits {
    /// Sign-in mails to one address: three at once, then one in five minutes.
    pub sign_in_mail: Limit,
    /// Sign-in attempts, links asked for and links tried, from one network address: sixty at once (a preschool shares one), then one a second.
    pub sign_in_from: Limit,
}

impl Default for Limits {
    fn default() -> Self {
        let three = const { NonZeroU32::new(3).unwrap() };
        let twelve = const { NonZeroU32::new(12).unwrap() };
        let sixty = const { NonZeroU32::new(60).unwrap() };
        Self {
            sign_in_mail: Limit::new(Quota::per_hour(twelve).allow_burst(three)),
            sign_in_from: Limit::new(Quota::per_minute(sixty)),
        }
    }
}

/// A limit that each key has for itself.
pub struct Limit {
    keys: DefaultKeyedRateLimiter<String>,
    asked: AtomicUsize,
}

/// Keys whose time is over are forgotten each time this many were asked for: strangers can make up any number of them.
const FORGET_EVERY: usize = 500;

impl Limit {
    fn new(quota: Quota) -> Self {
        Self { keys: governor::RateLimiter::keyed(quota), asked: AtomicUsize::new(0) }
    }

    /// Counts a try.
    ///
    /// # Errors
    /// `auth.too_many`, with the seconds to wait as `retry_after`.
    pub fn count(&self, key: &String) -> Result<(), Error> {
        if self.asked.fetch_add(1, Ordering::Relaxed).is_multiple_of(FORGET_EVERY) {
            self.keys.retain_recent();
        }
        self.keys.check_key(key).map_err(|until| {
            let wait = until.wait_time_from(self.keys.clock().now());
            Error::new(Kind::TooMany, "auth.too_many").with("retry_after", wait.as_secs() + 1)
        })
    }
}
