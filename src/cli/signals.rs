//! The ways in which the process is asked to stop: Ctrl-C, a signal, a terminal that is closed.
//!
//! It listens from the moment it is made, so that nothing is lost between two looks. It must not decide what stopping
//! means.

use crate::domain::problem::{Problem, Result};

/// Who asks the process to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Somebody at the keyboard.
    Interrupted,
    /// The system, or a terminal that was closed.
    Terminated,
}

/// Requests to stop.
#[derive(Debug)]
pub struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    hangup: tokio::signal::unix::Signal,
    #[cfg(windows)]
    interrupt: tokio::signal::windows::CtrlC,
    #[cfg(windows)]
    terminate: tokio::signal::windows::CtrlClose,
}

impl Signals {
    /// Begins to listen.
    ///
    /// # Errors
    /// When the system does not let the process listen.
    #[cfg(unix)]
    pub fn listen() -> Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let listen = |kind| signal(kind).map_err(|error| deaf(&error));
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
            hangup: listen(SignalKind::hangup())?,
        })
    }

    /// Begins to listen.
    ///
    /// # Errors
    /// When the system does not let the process listen.
    #[cfg(windows)]
    pub fn listen() -> Result<Self> {
        use tokio::signal::windows::{ctrl_c, ctrl_close};
        Ok(Self {
            interrupt: ctrl_c().map_err(|error| deaf(&error))?,
            terminate: ctrl_close().map_err(|error| deaf(&error))?,
        })
    }

    /// The next request; one that came since the last call counts.
    pub async fn next(&mut self) -> Stop {
        #[cfg(unix)]
        let hangup = self.hangup.recv();
        #[cfg(windows)]
        let hangup = std::future::pending::<Option<()>>();
        tokio::select! {
            _ = self.interrupt.recv() => Stop::Interrupted,
            _ = self.terminate.recv() => Stop::Terminated,
            _ = hangup => Stop::Terminated,
        }
    }
}

fn deaf(error: &std::io::Error) -> Problem {
    Problem::new(
        "SignalsUnavailable",
        format!("The program cannot listen for Ctrl-C: {error}."),
        "Close other programs of this user, then run the command again.",
    )
}
