//! Where the engine tells what happens.

use std::{fmt, sync::Arc};

use tokio::sync::mpsc::UnboundedSender;

use crate::azure::http;
use crate::domain::operation::{Event, Notice, Stage};

/// Hears what happens, at once and in order. It must return soon: the work waits for it.
#[derive(Clone)]
pub struct Events(Arc<dyn Fn(Event) + Send + Sync>);

impl fmt::Debug for Events {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Events")
    }
}

impl From<UnboundedSender<Event>> for Events {
    /// That nobody listens any more is no failure.
    fn from(sender: UnboundedSender<Event>) -> Self {
        Self::new(move |event| drop(sender.send(event)))
    }
}

impl Events {
    pub fn new(hear: impl Fn(Event) + Send + Sync + 'static) -> Self {
        Self(Arc::new(hear))
    }

    /// A hook for the HTTP layer whose notices become events.
    pub fn hook(&self) -> http::Hook {
        let events = self.clone();
        Arc::new(move |told| {
            let notice = match told.clone() {
                http::Notice::Throttled { wait } => Notice::Throttled { wait },
                http::Notice::Retrying { attempt, why, wait } => {
                    Notice::Repeating { attempt, why, wait }
                }
                http::Notice::Reconnected => Notice::Reconnected,
                // Nobody needs to know.
                http::Notice::TokenRefreshed => return,
            };
            events.notice(notice);
        })
    }

    pub(super) fn tell(&self, event: Event) {
        (self.0)(event);
    }

    pub(super) fn stage(&self, stage: Stage) {
        self.tell(Event::Stage(stage));
    }

    pub(super) fn notice(&self, notice: Notice) {
        self.tell(Event::Notice(notice));
    }
}
