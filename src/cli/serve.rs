//! `digilador serve`: the server itself.

use super::{ServeArgs, settings};
use crate::app;
use crate::platform::clock::Clock;
use crate::platform::config::Config;
use crate::platform::error::{Error, Fault};
use tracing_subscriber::EnvFilter;

/// Serves until told to stop.
pub fn serve(args: &ServeArgs) -> Result<(), Error> {
    let config = settings(args)?;
    start_log(&config)?;
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
