//! What a person does with an environment that stands: pause and resume it, switch its jumpbox, set a new password.
//!
//! Asked for on a screen, agreed to in a dialog, carried out elsewhere; here are the questions and the words for the end.

use serde::{Deserialize, Serialize};

use super::{
    App, Tone,
    dialog::{
        Dialog,
        confirm::{Act, ConfirmDialog},
    },
    effect::Effect,
    message::KeepNews,
};
use crate::domain::environment::{Phase, Record};

/// An act upon an environment that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Keep {
    /// Switch off what costs by the hour.
    Pause,
    /// Switch it on again.
    Resume,
    /// Start the jumpbox.
    Start,
    /// Stop the jumpbox.
    Stop,
    /// Set a new password on the jumpbox.
    NewPassword,
}

impl Keep {
    fn title(self, name: &str) -> String {
        match self {
            Self::Pause => format!("Pause {name}?"),
            Self::Resume => format!("Resume {name}?"),
            Self::Start => format!("Start the jumpbox of {name}?"),
            Self::Stop => format!("Stop the jumpbox of {name}?"),
            Self::NewPassword => format!("Set a new password for {name}?"),
        }
    }

    fn sentences(self) -> Vec<String> {
        let sentences: &[&str] = match self {
            Self::Pause => &[
                "The firewall and the jumpbox are switched off, and compute instances stopped. They are what costs most.",
                "Until it is resumed nothing inside reaches the outside. Data, endpoints and Bastion stay, and cost on.",
            ],
            Self::Resume => &[
                "The firewall comes back with the same public address, and the jumpbox is started: both cost by the hour again.",
                "Compute instances stay stopped.",
            ],
            Self::Start => &["It costs by the hour from then on."],
            Self::Stop => {
                &["Who works on it loses what is not saved. Only its disk costs from then on."]
            }
            Self::NewPassword => &[
                "The jumpbox is started if it is off, and gets a new password. The new one is kept first, the old one until Azure has confirmed.",
            ],
        };
        sentences.iter().map(|each| (*each).to_owned()).collect()
    }

    fn done(self, name: &str) -> String {
        match self {
            Self::Pause => format!("{name} is paused."),
            Self::Resume => format!("{name} is back: firewall and jumpbox run."),
            Self::Start => format!("The jumpbox of {name} runs."),
            Self::Stop => format!("The jumpbox of {name} is stopped; only its disk costs."),
            Self::NewPassword => format!("The jumpbox of {name} has a new password."),
        }
    }
}

/// Asks whether an act is meant.
pub(super) fn ask(app: &mut App, keep: Keep, record: &Record) {
    if app.busy_keeping(&record.full_name) {
        app.say(
            Tone::Warn,
            format!("{} is being worked on already.", record.full_name),
        );
        return;
    }
    app.dialog = Some(Dialog::Confirm(ConfirmDialog {
        act: Act::Keep(keep, Box::new(record.clone())),
        title: keep.title(&record.full_name),
        sentences: keep.sentences(),
    }));
}

/// Has an act carried out that was agreed to.
pub(super) fn begin(app: &mut App, keep: Keep, record: Box<Record>) -> Vec<Effect> {
    app.keeping.push(record.full_name.clone());
    app.say(
        Tone::Plain,
        format!(
            "Working on {}. If you leave before the end, ask for the same again: it goes on where it was.",
            record.full_name
        ),
    );
    vec![Effect::Keep { keep, record }]
}

/// Tells how an act goes on.
pub(super) fn on_news(app: &mut App, full_name: &str, keep: Keep, news: KeepNews) -> Vec<Effect> {
    match news {
        KeepNews::Step { words, number, of } => {
            app.say(
                Tone::Plain,
                format!("{full_name}, {number} of {of}: {words}"),
            );
            Vec::new()
        }
        KeepNews::Done(record) => {
            app.keeping.retain(|name| name != full_name);
            app.say(Tone::Good, keep.done(full_name));
            app.environments.note(&record);
            let shown = app.access.record.as_mut();
            match shown.filter(|shown| shown.full_name == full_name) {
                Some(shown) if keep == Keep::NewPassword => {
                    (**shown).clone_from(&record);
                    vec![Effect::FindCredentials(record)]
                }
                _ => Vec::new(),
            }
        }
        KeepNews::Failed(problem) => {
            app.keeping.retain(|name| name != full_name);
            app.show_problem(&problem);
            Vec::new()
        }
    }
}

/// Which of pausing and resuming an environment can be asked for.
#[must_use]
pub(super) fn pause_or_resume(record: &Record) -> Keep {
    if record.phase == Phase::Paused {
        Keep::Resume
    } else {
        Keep::Pause
    }
}

impl App {
    /// Whether an environment is being paused, resumed, switched or given a new password.
    #[must_use]
    pub fn busy_keeping(&self, full_name: &str) -> bool {
        self.keeping.iter().any(|name| name == full_name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{
        key::{Code, Key},
        message::Message,
        tests::{BEGIN, app, press, record},
    };

    #[test]
    fn a_pause_is_asked_for_agreed_to_and_told() {
        let mut app = app();
        let record = record();
        ask(&mut app, Keep::Pause, &record);
        assert!(press(&mut app, Key::of(Code::Enter)).is_empty());
        let effects = press(&mut app, Key::char('y'));
        let expected = Effect::Keep {
            keep: Keep::Pause,
            record: Box::new(record.clone()),
        };
        assert_eq!(effects, [expected]);
        assert!(app.busy_keeping(&record.full_name));
        ask(&mut app, Keep::Resume, &record);
        assert!(app.dialog.is_none(), "one act at a time");
        let news = KeepNews::Done(Box::new(record.clone()));
        let full_name = record.full_name.clone();
        let keep = Keep::Pause;
        app.update(
            BEGIN,
            Message::Kept {
                full_name,
                keep,
                news,
            },
        );
        assert!(!app.busy_keeping(&record.full_name));
        assert!(app.line.is_some());
    }

    #[test]
    fn what_is_paused_is_resumed() {
        let mut record = record();
        record.phase = Phase::Ready;
        assert_eq!(pause_or_resume(&record), Keep::Pause);
        record.phase = Phase::Paused;
        assert_eq!(pause_or_resume(&record), Keep::Resume);
    }
}
