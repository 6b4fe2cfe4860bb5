//! What can be done to an environment that stands: asked first, done once agreed to, and told while it goes on.

use serde::{Deserialize, Serialize};

use super::read;
use crate::{
    app::{
        App, Tone,
        command::Command,
        dialog::{
            Dialog,
            confirm::{Act, ConfirmDialog},
        },
        effect::Effect,
        message::Acting,
        screen::{Screen, blocked, credentials, peering},
    },
    domain::environment::Record,
};

/// Something that is done to an environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deed {
    /// Starts the jumpbox.
    Start,
    /// Stops the jumpbox.
    Stop,
    /// Switches off what costs by the hour.
    Pause,
    /// Switches it on again.
    Resume,
    /// Sets a new password on the jumpbox.
    Reset,
    /// Lets a host through the firewall.
    Allow,
    /// Links it with a hub.
    Link,
    /// Takes that link away.
    Unlink,
}

impl Deed {
    /// What is going on while it is done.
    #[must_use]
    pub fn doing(self) -> &'static str {
        match self {
            Self::Start => "The jumpbox is being started",
            Self::Stop => "The jumpbox is being stopped",
            Self::Pause => "The environment is being paused",
            Self::Resume => "The environment is being resumed",
            Self::Reset => "A new password is being set",
            Self::Allow => "The firewall is being changed",
            Self::Link => "Environment and hub are being linked",
            Self::Unlink => "The link to the hub is being taken away",
        }
    }

    /// What holds once it is done.
    #[must_use]
    pub fn done(self) -> &'static str {
        match self {
            Self::Start => "The jumpbox runs.",
            Self::Stop => "The jumpbox is stopped; only its disk is paid for.",
            Self::Pause => "Paused: nothing inside has egress until it is resumed.",
            Self::Resume => "Resumed: the firewall has its public address again.",
            Self::Reset => "The new password is set and kept; the old one is forgotten.",
            Self::Allow => "The host gets through now.",
            Self::Link => "Linked. What is left to do stands in the guided steps.",
            Self::Unlink => "The link is gone on both sides.",
        }
    }
}

/// Asks before something is done.
pub(super) fn ask(app: &mut App, command: Command, record: &Record) {
    let name = &record.full_name;
    let seen = app.status.seen.as_deref();
    let dialog = match command {
        Command::Power if app.status.jumpbox_runs() == Some(true) => confirm(
            Act::Do(Deed::Stop),
            "Stop the jumpbox?",
            vec![
                "Whoever is signed in on it is cut off, and what is not saved is lost.".to_owned(),
                "It then costs only its disk. J starts it again.".to_owned(),
            ],
        ),
        Command::Power => confirm(
            Act::Do(Deed::Start),
            "Start the jumpbox?",
            vec!["It costs by the hour from then on, until it is stopped or shuts down by its schedule.".to_owned()],
        ),
        Command::Pause if seen.is_some_and(|seen| seen.paused) => confirm(
            Act::Do(Deed::Resume),
            &format!("Resume {name}?"),
            vec![
                "The firewall starts with the same public address; the route is put right if its private \
                 one has changed."
                    .to_owned(),
                "The jumpbox is started. It costs by the hour again from then on.".to_owned(),
            ],
        ),
        Command::Pause => {
            let saves = seen.and_then(|seen| seen.saves);
            let saves = saves.map_or_else(String::new, |saves| format!(" It saves about ${saves:.0} a day."));
            confirm(
                Act::Do(Deed::Pause),
                &format!("Pause {name}?"),
                vec![
                    format!("Firewall and jumpbox are switched off, and compute instances stopped.{saves}"),
                    "Nothing inside has egress meanwhile: jobs that run now will fail.".to_owned(),
                    "Data, addresses, rules and credentials stay. P resumes it.".to_owned(),
                ],
            )
        }
        _ => {
            let count = seen.map_or(0, |seen| seen.drift.differences.len());
            confirm(
                Act::Mend,
                &format!("Mend {name}?"),
                vec![
                    format!("{} were found. The template is deployed again over the \
                        environment.", crate::domain::words::count(count, "difference")),
                    "What the template sets is set again. What somebody has added as a resource of its own \
                     stays, and so do data and credentials."
                        .to_owned(),
                ],
            )
        }
    };
    app.dialog = Some(Dialog::Confirm(dialog));
}

fn confirm(act: Act, title: &str, sentences: Vec<String>) -> ConfirmDialog {
    ConfirmDialog::new(act, title.to_owned(), sentences)
}

/// Does what was agreed to.
pub(in crate::app) fn do_it(app: &mut App, deed: Deed) -> Vec<Effect> {
    let record = match app.screen {
        Screen::Credentials => app.access.record.clone(),
        _ => app.status.record.clone(),
    };
    let Some(record) = record else {
        return Vec::new();
    };
    if app.status.is_of(&record.full_name) {
        app.status.doing = Some((deed, String::new()));
    }
    app.say(Tone::Plain, format!("{}.", deed.doing()));
    vec![Effect::Act { record, deed }]
}

/// News of what is being done.
pub(in crate::app) fn on_acting(
    app: &mut App,
    full_name: &str,
    deed: Deed,
    news: Acting,
) -> Vec<Effect> {
    let ours = app.status.is_of(full_name);
    let mut effects = Vec::new();
    if matches!(deed, Deed::Link | Deed::Unlink) {
        effects.extend(peering::on_acting(app, full_name, deed, &news));
    }
    match news {
        Acting::Step(words) => {
            app.say(Tone::Plain, format!("{}: {words}", deed.doing()));
            if ours {
                app.status.doing = Some((deed, words));
            }
            return effects;
        }
        // Whoever waits for a hub's owner has been told so.
        Acting::Done if deed == Deed::Link && app.peering.waits() => {}
        Acting::Done => app.say(Tone::Good, deed.done()),
        Acting::Failed(problem) => app.show_problem(&problem),
    }
    if ours {
        app.status.doing = None;
        effects.extend(read(app));
    }
    if deed == Deed::Allow {
        app.status.doing = None;
        effects.extend(blocked::read(app));
    }
    if deed == Deed::Reset {
        effects.extend(credentials::look_again(app, full_name));
    }
    effects
}
