//! What lies over a screen and takes the keys: a list to choose from, a line to type, a question, a text to read.
//!
//! A dialog knows what it was opened for and hands its answer to the matter it belongs to; it decides nothing itself.

pub mod code;
pub mod confirm;
pub(in crate::app) mod foresight;
pub mod leave;
pub mod picker;
pub mod prompt;
pub(in crate::app) mod reliance;
pub mod viewer;

use serde::{Deserialize, Serialize};

use self::code::CodeDialog;
use self::confirm::ConfirmDialog;
use self::leave::LeaveDialog;
use self::picker::Picker;
use self::prompt::Prompt;
use self::viewer::Viewer;
use super::place::Place;

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
