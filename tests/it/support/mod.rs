//! The harness: a real server for each test, on a database of its own, and people who use it.
//!
//! Write a test once with [`both!`]; it becomes `name::sqlite` and `name::postgres`.

pub mod actors;
pub mod app;
pub mod contract;
pub mod database;
pub mod plans;
pub mod printer;
pub mod smtp;
pub mod source;

pub use actors::{Actor, Browser, Reply};
pub use app::{TestApp, count};
pub use database::{Database, Kind};

/// Makes each test run on both databases: `both! { async fn name(app: &TestApp) { … } }`. A test that starts the
/// server anew, with other settings, takes `app: &mut TestApp`.
macro_rules! both {
    ($($(#[$meta:meta])* async fn $name:ident($app:ident: $type:ty) $body:block)+) => {$(
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn body($app: $type) $body

            #[test]
            fn sqlite() {
                $crate::support::app::run($crate::support::Kind::Sqlite, async |app| body(app).await);
            }

            #[test]
            fn postgres() {
                $crate::support::app::run($crate::support::Kind::Postgres, async |app| body(app).await);
            }
        }
    )+};
}
pub(crate) use both;
