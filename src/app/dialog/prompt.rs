//! A line to type, checked by the matter it belongs to; what is wrong is said below it and nothing is lost.

use serde::{Deserialize, Serialize};
use tui_input::Input;

use super::{Dialog, reliance};
use crate::app::App;
use crate::app::command::{Command, CommandTable, PALETTE_BESIDE_TEXT, row};
use crate::app::effect::Effect;
use crate::app::field::{self, MaskedLine};
use crate::app::hidden::Hidden;
use crate::app::key::Key;
use crate::app::place::PlaceRow;
use crate::app::screen::peering::{self, HubDraft};
use crate::app::screen::{audit, environments, preview, refused};
use crate::domain::environment::Record;

/// Fewest letters of a new passphrase.
const SHORTEST_PASSPHRASE: usize = 8;

/// The keys of a line.
const TABLE: CommandTable = &[&[
    row("Enter", Command::Accept, "accept").does("Accept what is typed"),
    PALETTE_BESIDE_TEXT,
    row("Esc", Command::Back, "back").does("Close without accepting"),
]];

/// The dialog among the places.
pub(in crate::app) const PLACE: PlaceRow =
    PlaceRow { on_text: Some(on_text), on_paste, ..PlaceRow::new("Typing an answer", TABLE, run) };

/// What a line was opened for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PromptPurpose {
    /// The name of an environment, typed to delete it.
    Delete(Box<Record>),
    /// A plan file to read.
    LoadPlan,
    /// A plan file to write.
    SavePlan,
    /// A directory to export into.
    Export,
    /// A host to let through.
    AddHost,
    /// The package index for Python packages.
    PackageIndex,
    /// A report of an audit to write.
    SaveReport,
    /// A destination to be tried.
    TryHost,
    /// The id of a hub to look at.
    HubId,
    /// The name of a new hub.
    HubName,
    /// The next answer about a new hub.
    HubAnswer(Box<HubDraft>),
    /// A directory for what a hub's owner needs.
    HandOver,
    /// A script to write.
    SaveScript,
    /// A passphrase for the file of credentials; a new one is typed twice.
    Passphrase {
        /// True for a file that is made now.
        new: bool,
    },
}

/// A line while it is open.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Prompt {
    /// What it was opened for.
    pub purpose: PromptPurpose,
    /// Its title.
    pub title: String,
    /// What is asked, in sentences.
    pub question: Vec<String>,
    /// What is typed.
    pub input: Input,
    /// Whether what is offered stands there untouched: then typing takes its place, and moving or erasing works on it.
    #[serde(default)]
    pub offered: bool,
    /// What is typed where nobody may read it.
    pub masked: MaskedLine,
    /// A new passphrase typed once, to be typed a second time.
    #[serde(skip)]
    first: Option<Hidden>,
    /// What is wrong with it.
    pub error: Option<String>,
}

impl Prompt {
    /// A line with a text to begin with.
    pub fn new(purpose: PromptPurpose, title: &str, question: Vec<String>, text: &str) -> Self {
        Self {
            purpose,
            title: title.to_owned(),
            question,
            input: Input::new(text.to_owned()),
            offered: !text.is_empty(),
            masked: MaskedLine::default(),
            first: None,
            error: None,
        }
    }

    /// Whether what is typed may not be shown.
    pub(crate) fn is_masked(&self) -> bool {
        matches!(self.purpose, PromptPurpose::Passphrase { .. })
    }

    fn on_text(&mut self, key: Key) {
        if key.typed().is_some() {
            self.take_place();
        }
        let edited = if self.is_masked() {
            self.masked.edit(key)
        } else {
            field::edit(&mut self.input, key)
        };
        self.offered &= !edited;
        if edited {
            self.error = None;
        }
    }

    fn on_paste(&mut self, text: &str) {
        if self.is_masked() {
            self.masked.paste(text);
        } else {
            self.take_place();
            field::paste(&mut self.input, text);
        }
        self.error = None;
    }

    /// Makes room for what is typed in place of what was offered.
    fn take_place(&mut self) {
        if std::mem::take(&mut self.offered) {
            self.input.reset();
        }
    }
}

/// Asks for the passphrase of the file of credentials.
pub(crate) fn ask_passphrase(app: &mut App, new: bool) {
    let question = if new {
        vec![
            format!(
                "At least {SHORTEST_PASSPHRASE} letters. It encrypts the file that holds the jumpbox credentials."
            ),
            "It cannot be recovered: without it a new password must be set.".to_owned(),
        ]
    } else {
        vec!["The credentials are in a file that is encrypted with your passphrase.".to_owned()]
    };
    app.ask(PromptPurpose::Passphrase { new }, "Passphrase", question, "");
}

fn run(app: &mut App, command: Command) -> Vec<Effect> {
    let Some(Dialog::Prompt(prompt)) = &mut app.dialog else { return Vec::new() };
    let is_passphrase = prompt.is_masked();
    match command {
        Command::Back => {
            app.dialog = None;
            if is_passphrase {
                return vec![Effect::Passphrase(None)];
            }
            Vec::new()
        }
        Command::Accept if is_passphrase => passphrase(app),
        Command::Accept => accept(app),
        _ => Vec::new(),
    }
}

/// Hands the line to its matter; it stays open with what is wrong, where something is.
fn accept(app: &mut App) -> Vec<Effect> {
    // What the matter opens next takes its place.
    let mut prompt = match app.dialog.take() {
        Some(Dialog::Prompt(prompt)) => prompt,
        other => {
            app.dialog = other;
            return Vec::new();
        }
    };
    let purpose = prompt.purpose.clone();
    let text = prompt.input.value().trim().to_owned();
    let answered = match &purpose {
        PromptPurpose::Delete(_) if reliance::is_looking(&prompt.question) => {
            Err(reliance::LOOKING.to_owned())
        }
        PromptPurpose::Delete(record) => environments::delete_typed(app, record, &text),
        PromptPurpose::LoadPlan => environments::plan_named(&text),
        PromptPurpose::SavePlan => preview::save_named(app, &text),
        PromptPurpose::Export => preview::export_named(app, &text),
        PromptPurpose::AddHost => preview::host_typed(app, &text),
        PromptPurpose::PackageIndex => preview::index_typed(app, &text),
        PromptPurpose::TryHost => refused::host_tried(app, &text),
        PromptPurpose::SaveReport => audit::report_named(app, &text),
        PromptPurpose::HubId => peering::id_typed(app, &text),
        PromptPurpose::HubName => peering::new_hub::named(&text),
        PromptPurpose::HubAnswer(draft) => peering::new_hub::answered(app, draft, &text),
        PromptPurpose::HandOver => peering::hand_over_named(app, &text),
        PromptPurpose::SaveScript => peering::script_named(app, &text),
        PromptPurpose::Passphrase { .. } => Ok(Vec::new()),
    };
    match answered {
        Ok(effects) => effects,
        Err(error) => {
            prompt.error = Some(error);
            app.dialog = Some(Dialog::Prompt(prompt));
            Vec::new()
        }
    }
}

fn passphrase(app: &mut App) -> Vec<Effect> {
    let Some(Dialog::Prompt(prompt)) = &mut app.dialog else { return Vec::new() };
    let new = prompt.purpose == PromptPurpose::Passphrase { new: true };
    let length = prompt.masked.letters();
    if length == 0 || (new && length < SHORTEST_PASSPHRASE) {
        prompt.error = Some(if new {
            format!("{length} letters are too few: at least {SHORTEST_PASSPHRASE}.")
        } else {
            "Type the passphrase, or press Esc.".to_owned()
        });
        return Vec::new();
    }
    let typed = Hidden::new(prompt.masked.take());
    if new && prompt.first.is_none() {
        prompt.first = Some(typed);
        "Passphrase, a second time".clone_into(&mut prompt.title);
        return Vec::new();
    }
    if new && prompt.first.as_ref() != Some(&typed) {
        prompt.first = None;
        "Passphrase".clone_into(&mut prompt.title);
        prompt.error = Some("The two were not the same: type it twice again.".to_owned());
        return Vec::new();
    }
    app.dialog = None;
    vec![Effect::Passphrase(Some(typed))]
}

fn on_text(app: &mut App, key: Key) -> Vec<Effect> {
    if let Some(Dialog::Prompt(prompt)) = &mut app.dialog {
        prompt.on_text(key);
    }
    Vec::new()
}

fn on_paste(app: &mut App, text: &str) -> Vec<Effect> {
    if let Some(Dialog::Prompt(prompt)) = &mut app.dialog {
        prompt.on_paste(text);
    }
    Vec::new()
}
