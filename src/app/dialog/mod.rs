//! What lies over a screen and takes the keys: a list to choose from, a line to type, a question, a text to read.
//!
//! A dialog knows what it was opened for and hands its answer to the matter it belongs to; it decides nothing itself.

pub mod code;
pub mod confirm;
pub mod leave;
pub mod picker;
pub mod prompt;
pub(in crate::app) mod reliance;
pub mod viewer;

use serde::{Deserialize, Serialize};

use self::{
    code::CodeDialog, confirm::ConfirmDialog, leave::LeaveDialog, picker::Picker, prompt::Prompt,
    viewer::Viewer,
};
use super::{
    App,
    command::{Command, Place},
    effect::Effect,
    key::Key,
};

/// A dialog.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Dialog {
    /// A list to choose from.
    Picker(Picker),
    /// A line to type.
    Prompt(Prompt),
    /// Stop watching, or stop the deployment?
    Leave(LeaveDialog),
    /// A yes that spends.
    Confirm(ConfirmDialog),
    /// A text to read.
    Viewer(Viewer),
    /// A code to type elsewhere.
    Code(CodeDialog),
}

impl Dialog {
    /// Where its keys are found.
    #[must_use]
    pub fn place(&self) -> Place {
        match self {
            Self::Picker(_) => Place::Picker,
            Self::Prompt(_) => Place::Prompt,
            Self::Leave(_) => Place::Leave,
            Self::Confirm(_) => Place::Confirm,
            Self::Viewer(_) => Place::Viewer,
            Self::Code(_) => Place::Code,
        }
    }
}

pub(super) fn run(app: &mut App, command: Command) -> Vec<Effect> {
    match app.dialog {
        Some(Dialog::Picker(_)) => picker::run(app, command),
        Some(Dialog::Prompt(_)) => prompt::run(app, command),
        Some(Dialog::Leave(_)) => leave::run(app, command),
        Some(Dialog::Confirm(_)) => confirm::run(app, command),
        Some(Dialog::Viewer(_)) => viewer::run(app, command),
        Some(Dialog::Code(_)) => code::run(app, command),
        None => Vec::new(),
    }
}

pub(super) fn on_text(app: &mut App, key: Key) -> Vec<Effect> {
    match &mut app.dialog {
        Some(Dialog::Picker(picker)) => picker.on_text(key),
        Some(Dialog::Prompt(prompt)) => prompt.on_text(key),
        _ => {}
    }
    Vec::new()
}

pub(super) fn on_paste(app: &mut App, text: &str) -> Vec<Effect> {
    match &mut app.dialog {
        Some(Dialog::Picker(picker)) => picker.on_paste(text),
        Some(Dialog::Prompt(prompt)) => prompt.on_paste(text),
        _ => {}
    }
    Vec::new()
}

pub(super) fn on_row(app: &mut App, row: usize) -> Vec<Effect> {
    match &mut app.dialog {
        Some(Dialog::Picker(picker)) if picker.selected == row => {
            return picker::run(app, Command::Accept);
        }
        Some(Dialog::Picker(picker)) => picker.selected = row,
        Some(Dialog::Leave(leave)) => leave.selected = row,
        _ => {}
    }
    Vec::new()
}
