//! What can be done to an environment that exists: asked first, begun once agreed to.

use crate::app::App;
use crate::app::command::Command;
use crate::app::dialog::foresight;
use crate::app::effect::Effect;
use crate::app::screen::deploy;
use crate::domain::cost::Mode;
use crate::domain::environment::Record;
use crate::domain::operation::Operation;
use crate::domain::words::count;

/// Asks before something is done.
pub(super) fn ask(app: &mut App, command: Command, record: &Record) -> Vec<Effect> {
    let name = &record.full_name;
    let environment = Box::new(record.clone());
    let seen = app.status.seen.as_deref();
    let (operation, title, sentences) = match command {
        Command::Power if app.status.jumpbox_runs() == Some(true) => (
            Operation::Stop(environment),
            "Stop the jumpbox?".to_owned(),
            vec![
                "Whoever is signed in on it is cut off, and what is not saved is lost.".to_owned(),
                "It then costs only its disk. J starts it again.".to_owned(),
            ],
        ),
        Command::Power => (
            Operation::Start(environment),
            "Start the jumpbox?".to_owned(),
            vec!["It costs by the hour from then on, until it is stopped or shuts down by its schedule.".to_owned()],
        ),
        Command::Pause if seen.is_some_and(|seen| seen.paused) => (
            Operation::Resume(environment),
            format!("Resume {name}?"),
            vec![
                "The firewall starts with the same public address; the route is put right if its private \
                 one has changed."
                    .to_owned(),
                "The jumpbox is started. It costs by the hour again from then on.".to_owned(),
            ],
        ),
        Command::Pause => {
            let cost = seen.and_then(|seen| seen.cost.as_ref());
            let saves = cost.map_or_else(String::new, |cost| {
                let saves = cost.daily - cost.in_mode(Mode::Paused).daily;
                format!(" It saves about {} a day.", cost.currency.about(saves))
            });
            (
                Operation::Pause(environment),
                format!("Pause {name}?"),
                vec![
                    format!("Firewall and jumpbox are switched off, and compute instances stopped.{saves}"),
                    "Nothing inside has egress meanwhile: jobs that run now will fail.".to_owned(),
                    "Data, addresses, rules and credentials stay. P resumes it.".to_owned(),
                ],
            )
        }
        _ => return mend(app, record),
    };
    app.agree(operation, title, sentences);
    Vec::new()
}

fn mend(app: &mut App, record: &Record) -> Vec<Effect> {
    let seen = app.status.seen.as_deref();
    let found = seen.map_or(0, |seen| seen.drift.differences.len());
    let sentences = vec![
        format!(
            "{} were found. The template is deployed again over the environment.",
            count(found, "difference")
        ),
        "What the template sets is set again. What somebody has added as a resource of its own stays, and so do \
         data and credentials."
            .to_owned(),
    ];
    foresight::agree(app, deploy::mend(record), format!("Repair {}?", record.full_name), sentences)
}
