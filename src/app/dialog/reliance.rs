//! What others rely on in an environment, told in the question before it is unlinked or deleted.
//!
//! The question is open at once; it takes no yes before what others rely on was looked for. This module must not read
//! anything.

use super::prompt::PromptPurpose;
use super::{Dialog, confirm};
use crate::app::App;
use crate::app::effect::Effect;
use crate::domain::environment::Record;
use crate::domain::operation::Operation;
use crate::domain::peering::reliance::Parting;

/// Stands in a question until it is known who relies on the environment.
pub(in crate::app) const LOOKING: &str = "Looking whether others rely on it: a moment.";

/// Has it looked for.
pub(in crate::app) fn look(record: &Record, parting: Parting) -> Vec<Effect> {
    vec![Effect::ReadReliance { record: Box::new(record.clone()), parting }]
}

/// Whether a question still waits for it.
pub(super) fn is_looking(question: &[String]) -> bool {
    question.iter().any(|sentence| sentence == LOOKING)
}

/// It was looked for: the question that was asked for that environment tells it.
pub(in crate::app) fn on_read(
    app: &mut App,
    full_name: &str,
    parting: Parting,
    told: Vec<String>,
) -> Vec<Effect> {
    let question = match (&mut app.dialog, parting) {
        (Some(Dialog::Confirm(dialog)), Parting::Unlink)
            if matches!(&dialog.act, confirm::ConfirmedAction::Begin(operation)
                if matches!(**operation, Operation::Unlink(_)) && operation.name() == full_name) =>
        {
            &mut dialog.sentences
        }
        (Some(Dialog::Prompt(prompt)), Parting::Delete)
            if matches!(&prompt.purpose, PromptPurpose::Delete(record)
                if record.full_name == full_name) =>
        {
            prompt.error = None;
            &mut prompt.question
        }
        _ => return Vec::new(),
    };
    let place = question.iter().position(|sentence| sentence == LOOKING);
    if let Some(place) = place {
        question.splice(place..=place, told);
    }
    Vec::new()
}
