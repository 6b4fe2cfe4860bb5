//! The question that spends, with everything that a yes means.

use super::order;
use crate::app::App;
use crate::app::dialog::foresight;
use crate::app::effect::Effect;
use crate::app::screen::basics::checks;
use crate::domain::check::CheckOutcome;
use crate::domain::environment::Keeping;
use crate::domain::plan::Plan;
use crate::domain::sentences::{agreed_too, holes, time_sentence, windows_licence};
use crate::domain::words::count;

/// The question that spends: what, where, as whom, for how much.
pub(super) fn confirm(app: &mut App) -> Vec<Effect> {
    let (Some(plan), Some(order)) = (&app.preview.plan, order(app)) else { return Vec::new() };
    let where_to = match (app.account.signed_in(), app.account.subscription()) {
        (Some(who), Some(subscription)) => format!(
            "Subscription {}, as {}; resource group {}.",
            subscription.name, who.who, plan.resource_group
        ),
        _ => format!("Resource group {}.", plan.resource_group),
    };
    let mut sentences = vec![
        made(plan),
        where_to,
        cost(app),
        holes(plan),
        time_sentence(plan),
        format!("{} The window can be closed at any time.", keeping_words(order.keeping)),
    ];
    sentences.retain(|sentence| !sentence.is_empty());
    sentences.splice(0..0, found(app));
    sentences.extend(agreed_too(&order.settings));
    sentences.extend(windows_licence(plan).map(str::to_owned));
    let title = format!("Deploy {}{}?", plan.name, plan.suffix);
    foresight::agree(app, order, title, sentences)
}

/// What was found, each with a sentence of its own: who agrees has read it.
fn found(app: &App) -> Vec<String> {
    let open = checks::open(app);
    let mut sentences = Vec::new();
    if !open.is_empty() {
        let what = count(open.len(), "open finding");
        sentences.push(format!("{what}; a yes deploys all the same. Esc and F5 show what helps."));
        sentences.extend(open.iter().map(|finding| match finding.outcome {
            CheckOutcome::Unknown => format!("? {}", finding.in_words()),
            _ => format!("! {}", finding.what),
        }));
    }
    let asking = checks::asking(app);
    if asking > 0 || app.preview.validation.is_none() {
        sentences.push(
            "Not every check has an answer yet; Azure validates again before it writes.".to_owned(),
        );
    }
    sentences
}

fn made(plan: &Plan) -> String {
    format!(
        "{} in {}, network {}.",
        count(plan.resources.len(), "resource"),
        plan.region,
        plan.address_space
    )
}

fn cost(app: &App) -> String {
    if app.start.practice {
        return "On the practice cloud nothing is created in Azure and nothing costs anything."
            .into();
    }
    super::cost(app).map_or_else(String::new, |cost| {
        format!(
            "From now on {}, used or not; what is billed by use comes on top. {}.",
            cost.about(),
            cost.age(),
        )
    })
}

/// Where the password goes, in a sentence.
fn keeping_words(keeping: Keeping) -> &'static str {
    match keeping {
        Keeping::Keychain => {
            "The password goes to this machine's keychain, and is read back before anything is sent."
        }
        Keeping::File => {
            "The password goes to a file that your passphrase encrypts; it is asked for next."
        }
        Keeping::None => {
            "The password is saved nowhere: you set one in the portal when you need it."
        }
        Keeping::Practice => "The password goes to the practice store; it opens nothing.",
    }
}
