//! `mend NAME`: sets again what the template sets in an environment that stands.
//!
//! It shows the differences and asks first; what somebody has added besides is named and left alone. It makes no new
//! environment.

use clap::Args;
use tokio::task::block_in_place;

use super::{deploy, exit::Ending, inspect::Desk, session};
use crate::{
    domain::problem::Problem,
    engine::{self, Blueprint, DeployRequest, KeyBased},
    plain::{
        condition,
        prompt::{Prompter, Question},
    },
};

/// `mend`.
#[derive(Debug, Args)]
pub struct MendCommand {
    /// The environment, such as test4821.
    pub name: String,
    /// Do it without asking.
    #[arg(long, short = 'y')]
    pub yes: bool,
}

/// Mends an environment.
///
/// # Errors
/// When it is not found, is paused, cannot be read, or its deployment does not reach its goal.
pub async fn run(desk: &Desk<'_>, arguments: &MendCommand) -> Result<(), Ending> {
    let reach = desk.reach().await?;
    let (context, record) = desk.find(&reach, &arguments.name, None).await?;
    let seen = engine::inspect(&context, &record).await?;
    if seen.paused {
        return Err(Problem::new(
            "EnvironmentPaused",
            format!(
                "{} is paused: a deployment would start its firewall.",
                record.full_name
            ),
            format!("Resume it first: privateaml resume {}", record.full_name),
        )
        .into());
    }
    condition::drift(desk.output, &record, &seen.drift);
    if seen.drift.differences.is_empty() && seen.drift.unknown.is_empty() {
        reach.close().await;
        return Ok(());
    }
    if !arguments.yes && !consent(desk)? {
        return Err(Ending::GaveUp);
    }
    let request = DeployRequest {
        settings: record.settings.clone(),
        resource_group: record.resource_group.clone(),
        blueprint: Blueprint::of(&record)?,
        key_based: KeyBased::Allowed,
        detach: false,
        mend: true,
    };
    let outcome = session::told(
        &context,
        desk.prompter,
        desk.output,
        async |context, control, events| {
            engine::deploy(&context, &request, &control, &events).await
        },
    )
    .await?;
    let ended = deploy::ended(&outcome, desk.output);
    reach.close().await;
    ended
}

fn consent(desk: &Desk<'_>) -> Result<bool, Ending> {
    if desk.prompter == Prompter::Nobody {
        return Err(Ending::NeedsAnswer(Box::new(
            Problem::new(
                "NeedsAnswer",
                "There is no terminal to ask in, and mending changes the environment.",
                "Add --yes to mend without being asked.",
            )
            .at("--yes"),
        )));
    }
    let question = Question {
        prompt: "Deploy the template again over it?",
        help: "what the template sets is set again; data, credentials and what was added besides stay",
        flag: "--yes",
    };
    Ok(block_in_place(|| desk.prompter.confirm(question))?)
}
