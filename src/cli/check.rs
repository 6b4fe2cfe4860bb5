//! `check [settings]`: everything that could keep a deployment from succeeding, asked before anything is written.
//!
//! A pipeline can watch its exit code (0 when nothing was found, 1 when something would fail, 6 when something could not
//! be told) and look for codes in its JSON.

use clap::Args;

use super::exit::Ending;
use super::flags::Choices;
use super::inspect::CommandContext;
use super::keeping::KeepingRequest;
use super::networks::{known_networks, overlaps};
use super::{choices, keeping, plan, session};
use crate::domain::check::{CheckFinding, CheckOutcome, merge};
use crate::domain::environment::Keeping;
use crate::domain::network::KnownNetwork;
use crate::domain::settings::{Draft, Settings};
use crate::engine::check::{self, Proposal};
use crate::engine::{Blueprint, Context};
use crate::plain;

/// `check`.
#[derive(Debug, Args)]
pub struct CheckCommand {
    /// The environment.
    #[command(flatten)]
    pub choices: Choices,
    /// Check an edited copy of the template, as `export` writes it.
    #[arg(long, value_name = "DIR")]
    pub template: Option<std::path::PathBuf>,
}

/// Checks what would be deployed.
///
/// # Errors
/// When an answer is missing or wrong, nobody is signed in, something would fail, or something could not be told.
pub async fn run(command: &CommandContext<'_>, arguments: &CheckCommand) -> Result<(), Ending> {
    let CommandContext { global, paths, prompter, output } = *command;
    let draft = choices::draft(&arguments.choices, global)?;
    let settings = plan::chosen(&arguments.choices, global, prompter, output).await?;
    let reach = command.reach().await?;
    let reading = session::reading(&reach, paths)?;
    let keeping = if reading.practice { Keeping::Practice } else { Keeping::Keychain };
    let wish = KeepingRequest {
        flag: Some(keeping),
        recorded: None,
        practice: reading.practice,
        passphrase_file: None,
    };
    let secrets = keeping::open(keeping, wish, paths, prompter, output);
    let context = Context { secrets, ..reading };
    let blueprint = match &arguments.template {
        Some(directory) => Blueprint::read(directory)?,
        None => Blueprint::embedded(),
    };
    let known = known_networks(&context, &draft, output).await;
    let found =
        all(&context, &settings, &draft, &blueprint, &known, global.resource_group.as_deref())
            .await;
    reach.close().await;
    plain::check::report(output, &found);
    let has = |outcome| found.iter().any(|finding| finding.outcome == outcome);
    match (has(CheckOutcome::Problem), has(CheckOutcome::Unknown)) {
        (true, _) => Err(Ending::Told),
        (false, true) => Err(Ending::NotKnown),
        (false, false) => Ok(()),
    }
}

async fn all(
    context: &Context,
    settings: &Settings,
    draft: &Draft,
    blueprint: &Blueprint,
    known: &[KnownNetwork],
    group: Option<&str>,
) -> Vec<CheckFinding> {
    let existing = context.records.read(&settings.full_name()).ok().flatten();
    let existing = existing.as_ref().filter(|_| draft.suffix.is_some());
    let group = match (existing, group) {
        (Some(record), _) => record.resource_group.clone(),
        (None, Some(group)) => group.to_owned(),
        (None, None) => settings.resource_group(),
    };
    let proposal = Proposal { settings, group: &group, blueprint, existing };
    let mut found = check::all(context, &proposal).await;
    found.extend(overlaps(settings, known));
    merge(found)
}
