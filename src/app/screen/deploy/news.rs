//! How the operation that is shown ends.

use super::LivePane;
use super::tree::open_failed;
use crate::app::dialog::Dialog;
use crate::app::effect::Effect;
use crate::app::screen::{Screen, credentials, status};
use crate::app::watch::Watch;
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
        open_failed(app);
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
    let watch = app.operations.get(&id);
    let ending = watch.and_then(Watch::ending);
    let Some(record) = ending.and_then(|ending| ending.record()).cloned() else {
        return Vec::new();
    };
    let is_ready = ending.is_some_and(Ended::is_ready);
    let mended = watch.filter(|watch| is_ready && watch.operation.is_mend());
    let mended = mended.map(Watch::ending_sentence);
    app.environments.note(&record);
    if let Some((tone, words)) = mended {
        // What was set again says nothing of the rest: that is read.
        let effects = if is_watched { status::open(app, &record) } else { Vec::new() };
        app.say(tone, format!("{}: {words}", record.full_name));
        return effects;
    }
    if is_ready && is_watched {
        return credentials::open(app, &record);
    }
    if is_ready {
        let words = format!("{} is ready: Enter shows the credentials.", record.full_name);
        app.say(Tone::Good, words);
    }
    Vec::new()
}
