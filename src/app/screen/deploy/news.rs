//! How the operation that is shown ends.

use super::LivePane;
use crate::app::dialog::Dialog;
use crate::app::effect::Effect;
use crate::app::screen::{Screen, credentials};
use crate::app::{App, Tone};
use crate::domain::operation::Ended;

/// The picture shows the end of the operation that was shown; answers whether somebody looks at it and nothing else.
pub(in crate::app) fn over(app: &mut App, id: u64) -> bool {
    let Some(watch) = app.watch().filter(|_| app.deploy.shown == id) else { return false };
    let is_good = match watch.ending() {
        Some(ending) if watch.operation.deploys_environment() => {
            ending.is_ready() || ending.record().is_none()
        }
        Some(ending) => !matches!(ending, Ended::Stopped(_)),
        None => false,
    };
    app.deploy.frozen = None;
    if !is_good {
        app.deploy.pane = LivePane::Now;
    }
    let is_watched = app.screen == Screen::Deploy && app.dialog.is_none() && app.palette.is_none();
    if matches!(app.dialog, Some(Dialog::Leave(_))) {
        // There is nothing to leave or to cancel any more.
        app.dialog = None;
    }
    is_watched
}

/// Takes in how the deployment of an environment ended: whoever has waited for it is led on.
pub(in crate::app) fn on_ended(app: &mut App, id: u64, is_watched: bool) -> Vec<Effect> {
    let ending = app.operations.get(&id).and_then(|watch| watch.ending());
    let Some(record) = ending.and_then(|ending| ending.record()).cloned() else {
        return Vec::new();
    };
    let is_ready = ending.is_some_and(Ended::is_ready);
    app.environments.note(&record);
    if is_ready && is_watched {
        return credentials::open(app, &record);
    }
    if is_ready {
        let words = format!("{} is ready: Enter shows the credentials.", record.full_name);
        app.say(Tone::Good, words);
    }
    Vec::new()
}
