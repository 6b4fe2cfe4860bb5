//! The credentials, and how to get in. The password is here only while it is shown, and is never written anywhere.

mod guide;
mod keys;
#[cfg(test)]
mod tests;
pub(in crate::app) mod way;

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use self::keys::{TABLE, availability};
use self::way::Password;
use super::{Screen, deploy, environments};
use crate::app::command::Command;
use crate::app::effect::Effect;
use crate::app::hidden::Hidden;
use crate::app::message::Message;
use crate::app::place::PlaceRow;
use crate::app::time::after;
use crate::app::{App, Tone};
use crate::domain::environment::{Keeping, Record};
use crate::domain::operation::Operation;

pub(crate) use self::guide::{bastion_address, steps};
pub(crate) use self::way::doors;

/// The credentials among the places.
pub(in crate::app) const PLACE: PlaceRow = PlaceRow {
    open,
    record: |app| app.credentials.record.as_deref(),
    first: |app| match &app.credentials.place {
        Some(_) => &[
            Command::CopyPassword,
            Command::Reveal,
            Command::Open(Screen::Peering),
            Command::OpenBastion,
            Command::Guide,
        ],
        None => &[Command::NewPassword, Command::Open(Screen::Peering), Command::OpenBastion],
    },
    availability,
    on_tick,
    next_tick,
    ..PlaceRow::new("Credentials", TABLE, run)
};

/// How long the password is shown.
const SHOWN: Duration = Duration::from_secs(10);
/// How long the password stays in the clipboard.
const IN_CLIPBOARD: Duration = Duration::from_secs(30);

/// The credentials and the way in.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct CredentialsScreen {
    /// The environment.
    pub record: Option<Box<Record>>,
    /// True once it is known where the credentials are.
    pub known: bool,
    /// The user name, where it is known.
    pub user_name: Option<String>,
    /// Where the password is kept, in a few words; `None` when it is not on this machine.
    pub place: Option<String>,
    /// The studio's address, where it was told.
    pub studio: Option<String>,
    /// How long the deployment took, where that was told.
    pub took: Option<Duration>,
    /// When Azure was last compared with what must be.
    pub checked: Option<Timestamp>,
    /// The password, while it is shown.
    pub password: Option<Hidden>,
    /// When it is hidden again.
    pub shown_until: Option<Timestamp>,
    /// When the clipboard is looked at again, while the password is in it.
    pub clipboard_until: Option<Timestamp>,
    /// How the password got into the clipboard.
    pub copied_how: String,
}

impl CredentialsScreen {
    /// True while the clipboard may hold the password.
    pub(crate) fn is_clipboard_ours(&self) -> bool {
        self.clipboard_until.is_some()
    }

    pub(in crate::app) fn hide(&mut self) {
        self.password = None;
        self.shown_until = None;
    }
}

/// Opens the credentials of an environment that has just been checked.
pub(in crate::app) fn open(app: &mut App, record: &Record) -> Vec<Effect> {
    // What is in the clipboard goes out in its time, whatever is shown.
    let (clipboard_until, copied_how) =
        (app.credentials.clipboard_until, std::mem::take(&mut app.credentials.copied_how));
    let watch = app.deployment_of(&record.full_name).map(|(_, watch)| watch);
    let deployed = watch.and_then(|watch| watch.ending()?.environment());
    let took = deployed.and_then(|deployed| deployed.took);
    let studio = deployed.and_then(|deployed| deployed.studio()).map(str::to_owned);
    app.credentials = CredentialsScreen {
        record: Some(Box::new(record.clone())),
        user_name: record.user_name.clone(),
        took,
        studio,
        checked: Some(app.now),
        clipboard_until,
        copied_how,
        ..CredentialsScreen::default()
    };
    app.go(Screen::Credentials);
    vec![Effect::FindCredentials(Box::new(record.clone()))]
}

fn run(app: &mut App, command: Command) -> Vec<Effect> {
    let Some(record) = app.credentials.record.clone() else { return app.go_to_list() };
    let copy = |text: String, what: &str| vec![Effect::Copy { text, what: what.to_owned() }];
    match command {
        Command::CopyPassword => return vec![Effect::CopyPassword(record)],
        Command::CopyUserName => {
            return copy(app.credentials.user_name.clone().unwrap_or_default(), "The user name");
        }
        Command::Reveal if app.credentials.password.is_some() => app.credentials.hide(),
        Command::Reveal => return vec![Effect::Reveal(record)],
        Command::OpenBastion => {
            let what = "the jumpbox's Bastion page".to_owned();
            return vec![Effect::Open { address: bastion_address(&record), what }];
        }
        Command::CopyLink => {
            return copy(bastion_address(&record), "The address of the jumpbox's Bastion page");
        }
        Command::Guide => show_way(app, &record),
        Command::Deployment => match app.deployment_of(&record.full_name).map(|(id, _)| id) {
            Some(id) => app.show_watch(id, None),
            None => return deploy::open(app, &record),
        },
        Command::Delete => return environments::ask_delete_of(app, &record),
        Command::NewPassword => ask_new_password(app, &record),
        Command::Finish | Command::Back => return app.go_to_list(),
        _ => {}
    }
    Vec::new()
}

/// Shows the way in with what is known of each step.
pub(in crate::app) fn show_way(app: &mut App, record: &Record) {
    let name = &record.full_name;
    let is_shown = app.credentials.record.as_ref().is_some_and(|shown| shown.full_name == *name);
    let known = way::AccessFacts {
        seen: app
            .status
            .seen
            .as_deref()
            .filter(|_| app.status.is_of(name) && !app.is_outdated(name, app.status.read_at)),
        password: match app.credentials.place.as_deref() {
            Some(place) if is_shown => Password::At(place),
            None if is_shown && app.credentials.known => Password::Elsewhere,
            _ => Password::Unread,
        },
        practice: app.start.practice,
    };
    app.show(way::way(record, known));
}

fn ask_new_password(app: &mut App, record: &Record) {
    let mut sentences = vec![
        "A new password is created, saved and read back before it is set on the jumpbox.".to_owned(),
        "The jumpbox is started when it is stopped. Whoever is signed in stays so; the old password no longer works."
            .to_owned(),
    ];
    if record.credentials == Keeping::None {
        sentences.push(
            "It was chosen to save credentials nowhere: use `privateaml credentials --reset` to choose where."
                .to_owned(),
        );
    }
    let operation = Operation::Reset(Box::new(record.clone()));
    app.agree(operation, "Set a new password?", sentences);
}

/// Finds out once more where the credentials of an environment are, if it is the one that is shown.
pub(in crate::app) fn look_again(app: &App, full_name: &str) -> Vec<Effect> {
    let record = app.credentials.record.as_ref();
    record
        .filter(|record| record.full_name == full_name)
        .map(|record| vec![Effect::FindCredentials(record.clone())])
        .unwrap_or_default()
}

pub(in crate::app) fn on_message(app: &mut App, message: Message) -> Vec<Effect> {
    let is_ours = |app: &App, full_name: &str| {
        let record = app.credentials.record.as_ref();
        record.is_some_and(|record| record.full_name == full_name)
    };
    match message {
        Message::Credentials { full_name, user_name, place } if is_ours(app, &full_name) => {
            app.credentials.known = true;
            app.credentials.user_name = user_name.or(app.credentials.user_name.take());
            app.credentials.place = place;
        }
        Message::Password { full_name, password }
            if is_ours(app, &full_name) && app.screen == Screen::Credentials =>
        {
            app.credentials.password = Some(password);
            app.credentials.shown_until = Some(after(app.now, SHOWN));
        }
        Message::Copied { what, how, secret: true } => {
            app.credentials.clipboard_until = Some(after(app.now, IN_CLIPBOARD));
            app.credentials.copied_how.clone_from(&how);
            app.say(Tone::Good, format!("{what} was copied: {how}."));
        }
        Message::Copied { what, how, .. } => {
            // Something else is in the clipboard now.
            app.credentials.clipboard_until = None;
            app.say(Tone::Good, format!("{what} was copied: {how}."));
        }
        Message::ClipboardCleared(text) => app.say(Tone::Plain, text),
        _ => {}
    }
    Vec::new()
}

/// When something on the screen changes by itself: seconds are counted while the password is shown or copied.
fn next_tick(app: &App) -> Option<Timestamp> {
    let access = &app.credentials;
    let until = [access.shown_until, access.clipboard_until];
    let end = until.into_iter().flatten().min()?;
    let second = after(app.now, Duration::from_secs(1));
    Some(if app.screen == Screen::Credentials { end.min(second) } else { end })
}

fn on_tick(app: &mut App) -> Vec<Effect> {
    let now = app.now;
    let is_over = |until: Option<Timestamp>| until.is_some_and(|until| until <= now);
    if is_over(app.credentials.shown_until) {
        app.credentials.hide();
    }
    if is_over(app.credentials.clipboard_until) {
        app.credentials.clipboard_until = None;
        return vec![Effect::ClearClipboard];
    }
    Vec::new()
}

/// Whole seconds from now until a moment.
pub(crate) fn seconds_until(app: &App, moment: Timestamp) -> i64 {
    moment.duration_since(app.now).as_secs()
}
