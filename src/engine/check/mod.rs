//! The checks before a deployment, carried out: what is asked of Azure, and what its answers mean.
//!
//! All of it only reads. What could not be told is a finding too, and stops nobody.

mod limits;
mod names;
mod region;
mod rights;
mod template;

use futures::future::join_all;
use jiff::Timestamp;

use super::{Blueprint, Context};
use crate::domain::action::Action;
use crate::domain::check::{CheckFinding, CheckKind, CheckQuestion, code, merge};
use crate::domain::environment::Record;
use crate::domain::problem::{Problem, Result};
use crate::domain::settings::{Draft, Settings};
use crate::store::keychain::probe;
use crate::template::Template;

pub use limits::machines;
pub use template::validate;

/// How far the clocks may be apart: tokens are refused beyond it, in seconds
/// (<https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-tokens>).
const CLOCK_TOLERANCE: i64 = 300;

/// What is to be deployed.
pub struct Proposal<'a> {
    /// The choices.
    pub settings: &'a Settings,
    /// The resource group.
    pub group: &'a str,
    /// The template.
    pub blueprint: &'a Blueprint,
    /// The environment, where it is known already.
    pub existing: Option<&'a Record>,
}

/// Carries out every check that Azure and this machine can answer. Overlaps are the caller's: it has read the networks.
pub async fn all(context: &Context, proposal: &Proposal<'_>) -> Vec<CheckFinding> {
    let draft = Draft::from(proposal.settings);
    let sent = proposal.existing.is_some_and(|record| !record.attempts.is_empty());
    let region = Some(proposal.settings.region.as_str());
    let template = proposal.blueprint.template();
    let asked = CheckKind::ALL.map(|kind| {
        CheckQuestion::of(kind, &draft, region, Some(proposal.group), sent)
            .map_err(|why| (kind, why))
    });
    let elsewhere =
        [CheckKind::Learning, CheckKind::Overlap, CheckKind::Store, CheckKind::Template];
    let skipped = asked.iter().filter_map(|asked| asked.as_ref().err());
    let mut found: Vec<CheckFinding> = skipped
        .filter(|(kind, _)| !elsewhere.contains(kind))
        .map(|(kind, why)| CheckFinding::not_checked(*kind, *why))
        .collect();
    let questions = asked.iter().filter_map(|asked| asked.as_ref().ok());
    let answers = join_all(questions.map(|question| answer(context, template, question)));
    let (answers, store, validated) =
        futures::join!(answers, store(context), validate(context, proposal));
    found.extend(answers.into_iter().flatten());
    found.push(store);
    found.extend(validated);
    merge(found)
}

/// Carries out one check.
pub async fn answer(
    context: &Context,
    template: &Template,
    question: &CheckQuestion,
) -> Vec<CheckFinding> {
    let kind = question.kind();
    let found = match question {
        CheckQuestion::Rights { assigns_roles } => rights::check(context, *assigns_roles).await,
        CheckQuestion::Names { storage, vault, registry } => {
            names::check(context, storage, vault, registry).await
        }
        CheckQuestion::Region { region, without } => {
            region::check(context, template, region, without).await
        }
        CheckQuestion::Machine { region, size, computes } => machines(context, region)
            .await
            .map(|read| vec![read.judge(size, region), read.judge_learning(computes, region)]),
        CheckQuestion::Image { region } => {
            region::image(context, template, region).await.map(|found| vec![found])
        }
        CheckQuestion::Limits { region, addresses } => {
            limits::check(context, region, *addresses).await
        }
        CheckQuestion::Group { name } => group(context, name).await.map(|found| vec![found]),
        CheckQuestion::Logs { name, group } => {
            names::logs(context, name, group).await.map(|found| vec![found])
        }
        CheckQuestion::Locks => locks(context).await.map(|found| vec![found]),
        CheckQuestion::Clock => clock(context).await.map(|found| vec![found]),
    };
    found.unwrap_or_else(|problem| {
        let both = (kind == CheckKind::Machine).then_some(CheckKind::Learning);
        let kinds = std::iter::once(kind).chain(both);
        kinds.map(|kind| CheckFinding::failed(kind, &problem)).collect()
    })
}

async fn group(context: &Context, name: &str) -> Result<CheckFinding> {
    let problem = |code, what: String, remedy: &str| {
        CheckFinding::problem(CheckKind::Group, code, what, remedy).helped_by([Action::NewDigits])
    };
    Ok(match context.arm.resource_group(name).await? {
        None => CheckFinding::pass(CheckKind::Group, format!("{name} does not exist yet")),
        Some(found) if found.state() == "Deleting" => problem(
            code::GROUP_BEING_DELETED,
            format!("The resource group {name} is still being deleted."),
            "Wait for the end, or draw other digits.",
        ),
        Some(found) if found.tags.keys().any(|key| key.starts_with("privateaml")) => {
            CheckFinding::pass(CheckKind::Group, format!("{name} is an environment's own"))
        }
        Some(_) => problem(
            code::GROUP_IN_USE,
            format!("The resource group {name} exists and is not an environment's."),
            "Draw other digits: an environment has a group of its own, which is deleted with it.",
        ),
    })
}

async fn locks(context: &Context) -> Result<CheckFinding> {
    let locks = context.arm.subscription_locks().await?;
    let of = |level: &str| locks.iter().find(|lock| lock.level.eq_ignore_ascii_case(level));
    if let Some(lock) = of("ReadOnly") {
        return Ok(CheckFinding::problem(
            CheckKind::Locks,
            code::READ_ONLY_LOCK,
            format!("The lock {} makes the whole subscription read-only.", lock.name),
            "Ask its owner to remove the lock, or choose another subscription.",
        ));
    }
    Ok(CheckFinding::pass(
        CheckKind::Locks,
        match of("CanNotDelete") {
            Some(lock) => {
                format!("The lock {} allows a deployment; it will keep a deletion back", lock.name)
            }
            None => "No lock is on the subscription".to_owned(),
        },
    ))
}

async fn clock(context: &Context) -> Result<CheckFinding> {
    let theirs = context.arm.clock(context.practice).await?;
    let apart = theirs.as_second() - Timestamp::now().as_second();
    if apart.abs() <= CLOCK_TOLERANCE {
        return Ok(CheckFinding::pass(CheckKind::Clock, "The clocks agree"));
    }
    let side = if apart > 0 { "behind" } else { "ahead of" };
    Ok(CheckFinding::problem(
        CheckKind::Clock,
        code::CLOCK_WRONG,
        format!("The clock of this machine is {} minutes {side} Azure's.", apart.abs() / 60),
        "Set the clock: sign-ins fail when it is wrong.",
    ))
}

async fn store(context: &Context) -> CheckFinding {
    let Some(store) = &context.secrets else {
        return CheckFinding::not_checked(CheckKind::Store, "the password is saved nowhere");
    };
    match probe(store.as_ref()).await {
        Ok(()) => CheckFinding::pass(CheckKind::Store, "The password store works"),
        Err(Problem { what, advice, .. }) => {
            CheckFinding::problem(CheckKind::Store, code::STORE_UNAVAILABLE, what, advice)
        }
    }
}
