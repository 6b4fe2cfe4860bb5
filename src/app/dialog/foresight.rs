//! What a deployment over an environment that exists would change, told in the question before it.
//!
//! The question is open at once and takes a yes at any time: Azure can take minutes to answer, and not always does.
//! This module must not read anything.

use super::Dialog;
use super::confirm::ConfirmedAction;
use crate::app::App;
use crate::app::effect::Effect;
use crate::domain::environment::Record;
use crate::domain::forecast::Forecast;
use crate::domain::operation::{Operation, Order};
use crate::domain::problem::Result;

/// Stands in a question until Azure has answered.
const ASKING: &str =
    "Azure is asked what would change; that can take a minute. A yes does not wait for it.";

/// Asks whether to deploy, and Azure what that would change where the environment exists.
pub(in crate::app) fn agree(
    app: &mut App,
    order: Order,
    title: String,
    mut sentences: Vec<String>,
) -> Vec<Effect> {
    let sent = |record: &Record| !record.attempts.is_empty();
    let exists = order.mend || order.existing.as_deref().is_some_and(sent);
    let order = Box::new(order);
    let effects = if exists { vec![Effect::Foresee(order.clone())] } else { Vec::new() };
    if exists {
        sentences.push(ASKING.to_owned());
    }
    app.agree(Operation::Deploy(order), title, sentences);
    effects
}

/// Azure has answered: the question about that very order tells it.
pub(in crate::app) fn on_foreseen(
    app: &mut App,
    order: Box<Order>,
    read: Result<Forecast>,
) -> Vec<Effect> {
    let Some(Dialog::Confirm(dialog)) = &mut app.dialog else { return Vec::new() };
    let asked = ConfirmedAction::from(Operation::Deploy(order));
    let place = dialog.sentences.iter().position(|sentence| sentence == ASKING);
    if let Some(place) = place.filter(|_| dialog.act == asked) {
        let told = match read {
            Ok(forecast) => {
                let mut told = vec![forecast.headline()];
                told.extend(forecast.lines());
                told
            }
            Err(problem) => vec![format!("What would change is not known. {}", problem.in_words())],
        };
        dialog.sentences.splice(place..=place, told);
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::key::Key;
    use crate::app::message::Message;
    use crate::app::screen::deploy;
    use crate::app::tests::{BEGIN, app, press, record};
    use crate::domain::forecast::{ChangeKind, Foreseen};
    use crate::domain::problem::Problem;
    use crate::domain::settings::Settings;

    fn order(record: &Record) -> Order {
        deploy::mend(record)
    }

    fn sent() -> Record {
        let mut record = record();
        record.note_attempt("paml-test4821-20260105091400", BEGIN);
        record
    }

    fn asked(app: &mut App, record: &Record) -> Vec<Effect> {
        agree(app, order(record), "Repair test4821?".into(), vec!["It is.".into()])
    }

    fn question(app: &App) -> &[String] {
        let Some(Dialog::Confirm(dialog)) = &app.dialog else { panic!("asked") };
        &dialog.sentences
    }

    fn answer(app: &mut App, settings: Option<Settings>, read: Result<Forecast>) {
        let mut order = Box::new(order(&sent()));
        order.settings = settings.unwrap_or(order.settings);
        app.update(BEGIN, Message::Foreseen { order, read });
    }

    fn forecast() -> Forecast {
        Forecast {
            changes: vec![Foreseen {
                id: "/x/providers/Microsoft.KeyVault/vaults/kv".into(),
                kind: ChangeKind::Modify,
                properties: Vec::new(),
            }],
            ..Forecast::default()
        }
    }

    #[test]
    fn the_question_tells_what_azure_foresees() {
        let mut app = app();
        let effects = asked(&mut app, &sent());
        assert_eq!(effects, [Effect::Foresee(Box::new(order(&sent())))]);
        assert_eq!(question(&app)[1], ASKING);
        answer(&mut app, None, Ok(forecast()));
        let told = question(&app);
        assert_eq!(told[1], "Azure foresees: 1 resource changed.");
        assert!(told[2].starts_with("Changes Microsoft.KeyVault/vaults/kv"), "{told:?}");
    }

    #[test]
    fn an_answer_to_another_question_is_dropped() {
        let mut app = app();
        asked(&mut app, &sent());
        let other = Settings { log_retention_days: 90, ..sent().settings };
        answer(&mut app, Some(other), Ok(forecast()));
        assert_eq!(question(&app)[1], ASKING);
    }

    #[test]
    fn a_failure_is_told_and_a_yes_waits_for_nothing() {
        let mut app = app();
        asked(&mut app, &sent());
        answer(&mut app, None, Err(Problem::new("Forbidden", "It may not.", "Ask the owner.")));
        assert_eq!(question(&app)[1], "What would change is not known. It may not. Ask the owner.");
        asked(&mut app, &sent());
        assert!(matches!(press(&mut app, Key::char('y')).as_slice(), [Effect::Run { .. }]));
    }

    #[test]
    fn of_what_was_never_sent_nothing_is_asked() {
        let mut app = app();
        let mut first = order(&record());
        first.mend = false;
        assert_eq!(agree(&mut app, first, "Deploy?".into(), vec!["It is.".into()]), []);
        assert_eq!(question(&app), ["It is."]);
    }
}
