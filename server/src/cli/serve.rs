//! `hanpyo-server serve`.

use tokio::signal::unix::{SignalKind, signal};

use super::CommandError;
use crate::app;
use crate::clock::Clock;
use crate::config::Config;

pub(super) fn run(config: Config) -> Result<(), CommandError> {
    actix_web::rt::System::new().block_on(async move {
        // Listened to before serving, so that no signal is lost in between.
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut running = app::start(config, Clock::system())?;
        let failed = tokio::select! {
            _ = terminate.recv() => false,
            _ = interrupt.recv() => false,
            () = running.failed() => true,
        };
        if failed {
            return Err("the HTTP server ended unexpectedly; see the log".into());
        }
        running.stop().await;
        Ok(())
    })
}
