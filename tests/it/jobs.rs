//! Periodic work: done by one process at a time, and again after its time.

use crate::support::{TestApp, both};
use chrono::TimeDelta;
use diesel::connection::SimpleConnection;
use digilador::platform::error::Error;
use digilador::platform::jobs::{self, Job};
use digilador::platform::state::AppState;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::watch;

/// How often each job ran, by the database it ran on: tests run side by side.
static RUNS: [AtomicUsize; 2] = [AtomicUsize::new(0), AtomicUsize::new(0)];

async fn count(app: AppState) -> Result<(), Error> {
    tokio::time::sleep(Duration::from_millis(50)).await;
    RUNS[usize::from(app.config.database.is_postgres())].fetch_add(1, Ordering::SeqCst);
    Ok(())
}

async fn fail(_: AppState) -> Result<(), Error> {
    Err(Error::refused("test.failed"))
}

static COUNTING: [Job; 1] = [Job { name: "count", every_minutes: 60, run: |app| Box::pin(count(app)) }];
static FAILING: [Job; 1] = [Job { name: "fail", every_minutes: 60, run: |app| Box::pin(fail(app)) }];

/// Looks once at the jobs, as three processes would at the same time.
async fn look(app: &TestApp, jobs: &'static [Job]) {
    let (stop, stopping) = watch::channel(false);
    let others: Vec<_> =
        (0..3).map(|_| actix_web::rt::spawn(jobs::work(app.state.clone(), jobs, stopping.clone()))).collect();
    tokio::time::sleep(Duration::from_millis(400)).await;
    stop.send(true).unwrap();
    for other in others {
        other.await.unwrap();
    }
}

both! {
    async fn of_several_processes_one_does_the_work(app: &TestApp) {
        let runs = || RUNS[usize::from(app.state.config.database.is_postgres())].load(Ordering::SeqCst);
        look(app, &COUNTING).await;
        assert_eq!(runs(), 1);
        app.advance(TimeDelta::minutes(59));
        look(app, &COUNTING).await;
        assert_eq!(runs(), 1);
        app.advance(TimeDelta::minutes(1));
        look(app, &COUNTING).await;
        assert_eq!(runs(), 2);

        // A process that died in the middle holds its lease for ten minutes.
        app.advance(TimeDelta::minutes(60));
        let lease = match app.state.config.database.is_postgres() {
            false => "leased_until = next_run_at + 600000000",
            true => "leased_until = next_run_at + interval '10 minutes'",
        };
        app.directly(|conn| conn.batch_execute(&format!("UPDATE jobs SET {lease} WHERE name = 'count'")).unwrap());
        look(app, &COUNTING).await;
        assert_eq!(runs(), 2);
        app.advance(TimeDelta::minutes(10));
        look(app, &COUNTING).await;
        assert_eq!(runs(), 3);
    }

    async fn a_job_that_fails_says_so_and_is_tried_again_at_its_time(app: &TestApp) {
        look(app, &FAILING).await;
        assert_eq!(app.count("SELECT count(*) FROM jobs WHERE name = 'fail' AND last_error = 'test.failed' AND leased_until < next_run_at"), 1);
    }
}
