//! `practice serve`: the practice cloud alone, until it is told to stop.
//!
//! It prints its address as one JSON line for whoever starts it from a script. It must not be reachable from outside this
//! machine: the practice cloud binds loopback only.

use serde_json::json;

use super::{
    arguments::{Global, Serve},
    connect,
    exit::Ending,
};
use crate::{plain::output::Output, practice, store::paths::Paths};

/// Serves until Ctrl-C or SIGTERM.
///
/// # Errors
/// When the port is taken, or a directory or file that was named cannot be written.
pub async fn run(serve: &Serve, global: &Global, paths: &Paths) -> Result<(), Ending> {
    let mut options = connect::practice_options(global, paths)?;
    options.port = serve.port;
    options.tls.clone_from(&serve.tls);
    options.record.clone_from(&serve.record);
    let server = practice::start(options)?;
    // The address is for programs, whatever the mode.
    Output::new(true, true).event(
        "practice",
        json!({
            "url": server.url().as_str(),
            "subscription": practice::SUBSCRIPTION,
            "tenant": practice::TENANT,
            "speed": global.speed,
            "ca": serve.tls.as_ref().map(|directory| directory.join("ca.pem")),
        }),
    );
    stop_signal().await;
    server.shutdown().await;
    Ok(())
}

/// Who asks the process to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// Somebody at the keyboard.
    Interrupted,
    /// The system, or a terminal that was closed.
    Terminated,
}

/// Ends when the process is asked to stop.
pub(super) async fn stop_signal() -> Stop {
    let interrupted = async {
        match tokio::signal::ctrl_c().await {
            Ok(()) => Stop::Interrupted,
            // Without a handler the signal ends the process as it always does.
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let received = |kind| async move {
            match signal(kind) {
                Ok(mut signal) => {
                    signal.recv().await;
                    Stop::Terminated
                }
                Err(_) => std::future::pending().await,
            }
        };
        tokio::select! {
            stop = interrupted => stop,
            stop = received(SignalKind::terminate()) => stop,
            stop = received(SignalKind::hangup()) => stop,
        }
    }
    #[cfg(not(unix))]
    interrupted.await
}
