//! What every handler and job has at hand.

use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::db::Db;
use crate::platform::web::metrics::Metrics;
use governor::DefaultKeyedRateLimiter;
use governor::Quota;
use std::num::NonZeroU32;
use std::sync::Arc;

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
    pub sign_in_mail: DefaultKeyedRateLimiter<String>,
    /// Sign-in attempts from one network address: sixty at once (a preschool shares one), then one a second.
    pub sign_in_from: DefaultKeyedRateLimiter<String>,
}

impl Default for Limits {
    fn default() -> Self {
        let three = const { NonZeroU32::new(3).unwrap() };
        let twelve = const { NonZeroU32::new(12).unwrap() };
        let sixty = const { NonZeroU32::new(60).unwrap() };
        Self {
            sign_in_mail: governor::RateLimiter::keyed(Quota::per_hour(twelve).allow_burst(three)),
            sign_in_from: governor::RateLimiter::keyed(Quota::per_minute(sixty)),
        }
    }
}
