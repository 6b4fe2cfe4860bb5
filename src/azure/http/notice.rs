//! What the HTTP layer tells while a request takes longer than one exchange.
//!
//! A screen or a log line is made of these elsewhere; nothing here carries an address, a body or a token.

use std::{sync::Arc, time::Duration};

/// Something a person may want to know while they wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// Azure asked us to slow down.
    Throttled { wait: Duration },
    /// A request failed in a way that passes and is sent again.
    Retrying {
        /// Number of the attempt that follows; the first repetition is 2.
        attempt: u32,
        /// Why, in a few words.
        why: String,
        /// The pause before it.
        wait: Duration,
    },
    /// The connection works again after it had broken.
    Reconnected,
    /// A new token was fetched, because the old one ended or was refused.
    TokenRefreshed,
}

/// Receives notices. It is called between attempts and must return at once.
pub type Hook = Arc<dyn Fn(&Notice) + Send + Sync>;
