//! `digilador serve`: the server itself.

use super::{ServeArgs, settings};
use crate::app;
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::db::connection::{DatabaseUrl, SQLITE_FILES};
use crate::platform::error::{Error, Fault};
use tracing_subscriber::EnvFilter;

/// Serves until told to stop.
pub fn serve(args: &ServeArgs) -> Result<(), Error> {
    let config = settings(args)?;
    start_log(&config)?;
    if args.demo && args.database.is_none() {
        forget_demo(&config)?;
    }
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    actix_web::rt::System::new().block_on(async {
        let running = app::start(config, Clock::system(), threads).await?;
        let config = &running.state.config;
        tracing::info!(address = %running.address, database = ?config.database, "open {}", config.public_url);
        running.run().await?;
        tracing::info!("stopped");
        Ok(())
    })
}

/// The demo's days count from today, so it begins anew at each start, unless its database is named on the command line.
fn forget_demo(config: &Config) -> Result<(), Error> {
    if let DatabaseUrl::Sqlite(path) = &config.database {
        for ending in SQLITE_FILES {
            let mut file = path.clone().into_os_string();
            file.push(ending);
            match std::fs::remove_file(&file) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Fault::from_error(error).into());
                }
                _ => (),
            }
        }
    }
    Ok(())
}

fn start_log(config: &Config) -> Result<(), Error> {
    let filter = EnvFilter::try_new(&config.log).map_err(|e| Fault::new(format!("DIGILADOR_LOG: {e}")))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if config.log_json {
        log.json().init();
    } else {
        log.init();
    }
    Ok(())
}
