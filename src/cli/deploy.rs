//! `deploy`, and the questions before it: what is to be made, where the credentials go, and the yes that spends money.
//!
//! An environment that exists already is found by its name, so that the same command leads back to it. What is then
//! done is the engine's decision.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use tokio::task::block_in_place;

use super::arguments::Global;
use super::azure_session::{self, AzureSession};
use super::exit::Ending;
use super::flags::{Choices, one_of};
use super::keeping::KeepingRequest;
use super::networks::{known_networks, refuse_overlaps};
use super::{choices, session};
use crate::domain::check::CheckFinding;
use crate::domain::environment::{Keeping, Phase, Record};
use crate::domain::network;
use crate::domain::operation::{DeployedEnvironment, Ended};
use crate::domain::plan::Plan;
use crate::domain::problem::Problem;
use crate::domain::region;
use crate::domain::sentences::{agreed_too, holes, time_sentence, windows_licence};
use crate::domain::settings::{Draft, Field, Settings};
use crate::domain::words::count;
use crate::engine::check::Proposal;
use crate::engine::{self, Blueprint, Context, DeployRequest};
use crate::plain;
use crate::plain::output::Output;
use crate::plain::prompt::{Prompter, Question};
use crate::plain::report;
use crate::store::paths::Paths;

/// `deploy`.
#[derive(Debug, Default, Args)]
pub struct Deploy {
    /// The environment.
    #[command(flatten)]
    pub choices: Choices,
    /// Deploy an edited copy of the template, as `export` writes it.
    #[arg(long, value_name = "DIR")]
    pub template: Option<PathBuf>,
    /// Do it without asking; it costs money on Azure.
    #[arg(long, short = 'y')]
    pub yes: bool,
    /// With --yes: deploy in spite of a finding, by its code; `all` for all (repeatable).
    #[arg(long, value_name = "CODE")]
    pub accept: Vec<String>,
    /// Return as soon as Azure has accepted the deployment.
    #[arg(long)]
    pub detach: bool,
    /// Where to save the jumpbox credentials.
    #[arg(long, value_name = "WHERE", value_parser = one_of::<Keeping>(Field::Keeping))]
    pub credentials: Option<Keeping>,
    /// File whose first line is the passphrase for --credentials file; asked for when left out.
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}

/// Deploys, follows, finishes or reports.
///
/// # Errors
/// What keeps it from being done; see `engine::deploy`.
pub async fn run(
    arguments: &Deploy,
    global: &Global,
    paths: &Paths,
    prompter: Prompter,
    output: Output,
) -> Result<(), Ending> {
    let draft = choices::draft(&arguments.choices, global)?;
    if prompter == Prompter::Nobody {
        refuse_early(&draft, arguments)?;
    }
    let reach = azure_session::reach(global, paths, prompter, output).await?;
    let ended = deploy(arguments, draft, global, paths, &reach, prompter, output).await;
    reach.close().await;
    ended
}

/// What can be refused before anything is asked: a missing answer, a wrong one, a yes that nobody can give.
fn refuse_early(draft: &Draft, arguments: &Deploy) -> Result<(), Ending> {
    if draft.suffix.is_none() || draft.name.is_none() {
        choices::finish(draft, choices::regions())?;
    }
    if arguments.yes {
        return Ok(());
    }
    Err(Ending::NeedsAnswer(Box::new(
        Problem::new(
            "NeedsAnswer",
            "There is no terminal to ask in, and a deployment costs money.",
            "Add --yes to deploy without being asked; `privateaml plan` shows what it would create.",
        )
        .at("--yes"),
    )))
}

async fn deploy(
    arguments: &Deploy,
    draft: Draft,
    global: &Global,
    paths: &Paths,
    reach: &AzureSession,
    prompter: Prompter,
    output: Output,
) -> Result<(), Ending> {
    let reading = session::reading(reach, paths)?;
    let draft =
        choices::ask_for_packages(draft, &arguments.choices, Some(&reading), prompter).await?;
    let mut draft = choices::ask_for_name(draft, prompter)?;
    let existing = existing(&reading, &draft, arguments.yes, prompter).await?;
    let known = known_networks(&reading, &draft, output).await;
    let blueprint = match (&arguments.template, &existing) {
        (Some(directory), _) => Blueprint::read(directory)?,
        (None, Some(record)) => Blueprint::of(record)?,
        (None, None) => Blueprint::embedded(),
    };
    let regions = match (&existing, &draft.region) {
        (None, None) if prompter != Prompter::Nobody => {
            let cloud = azure_session::cloud(global);
            engine::regions::regions(&reading, blueprint.template(), cloud).await
        }
        _ => choices::regions().to_vec(),
    };
    draft = match &existing {
        Some(record) => draft.over(Draft::from(&record.settings)),
        None => choices::ask(draft, &regions, &known, prompter, output)?,
    };
    let settings = choices::finish(&draft, &regions)?;
    if existing.is_none() {
        choices::names_come_first(&draft)?;
        refuse_overlaps(&settings, &known, output)?;
    }
    let group = match (&existing, &global.resource_group) {
        (Some(record), _) => record.resource_group.clone(),
        (None, Some(group)) => group.clone(),
        (None, None) => settings.resource_group(),
    };
    let plan = blueprint.plan(&reading, &settings, &group)?;
    if is_new(existing.as_ref()) {
        let existing = existing.as_ref();
        let proposal =
            Proposal { settings: &settings, group: &group, blueprint: &blueprint, existing };
        let open = open_findings(&reading, &proposal, output).await;
        if arguments.yes {
            accepted(&open, &arguments.accept)?;
            agreed(&plan, output);
        } else if !consent(&plan, &settings, &open, &reading, prompter, output).await? {
            return Err(Ending::GaveUp);
        }
    }
    let wish = KeepingRequest {
        flag: arguments.credentials,
        recorded: existing.as_ref().map(|record| record.credentials),
        practice: reading.practice,
        passphrase_file: arguments.passphrase_file.as_deref(),
    };
    let context = session::context(reach, wish, paths, prompter, output).await?;
    let request = DeployRequest {
        settings,
        resource_group: group,
        blueprint,
        detach: arguments.detach,
        mend: false,
    };
    let name = request.settings.full_name();
    let outcome =
        session::narrated(&context, prompter, output, async |context, control, events| {
            engine::deploy(&context, &request, &control, &events).await
        })
        .await?;
    ended(&name, &outcome, output)
}

/// Tells how it ended and gives the exit code for it.
///
/// # Errors
/// Every ending but the one that was asked for.
pub fn ended(
    name: &str,
    outcome: &Ended<DeployedEnvironment>,
    output: Output,
) -> Result<(), Ending> {
    report::ended(output, name, outcome);
    match outcome {
        Ended::Done(standing) if standing.problems.is_empty() => Ok(()),
        Ended::Left { deployment } => Err(left(deployment.as_deref())),
        Ended::Stopped(stopped) if stopped.cancelled => Err(Ending::Cancelled),
        Ended::Done(_) | Ended::Stopped(_) => Err(Ending::Told),
    }
}

/// What it means to have left a deployment: where none was sent, nothing goes on.
pub fn left(deployment: Option<&str>) -> Ending {
    if deployment.is_some() { Ending::LeftRunning } else { Ending::Cancelled }
}

/// The environment that the answers mean, if there is one: by name and digits, or by the name alone.
async fn existing(
    context: &Context,
    draft: &Draft,
    yes: bool,
    prompter: Prompter,
) -> Result<Option<Record>, Ending> {
    let Some(name) = &draft.name else { return Ok(None) };
    let (rows, _) = engine::list_here(context).await?;
    let mut fitting: Vec<Record> = rows
        .into_iter()
        .map(|row| row.record)
        .filter(|record| record.settings.name.as_str() == name)
        .filter(|record| {
            draft.suffix.as_ref().is_none_or(|suffix| record.settings.suffix.to_string() == *suffix)
        })
        .collect();
    if draft.suffix.is_some() || fitting.is_empty() {
        return Ok(fitting.pop());
    }
    if fitting.len() == 1 && (yes || prompter == Prompter::Nobody) {
        return Ok(fitting.pop());
    }
    let mut options: Vec<String> = fitting
        .iter()
        .map(|record| {
            format!("{} in {} ({})", record.full_name, record.settings.region, record.phase.word())
        })
        .collect();
    options.push("None of these: create a new one".into());
    let question = Question {
        prompt: "There is an environment of that name. Which one is meant?",
        help: "one that is being deployed is followed, one that failed is finished",
        flag: "--suffix",
    };
    let index = block_in_place(|| prompter.choose(question, &options, 0))?;
    Ok(if index < fitting.len() { Some(fitting.swap_remove(index)) } else { None })
}

/// An environment that is being made or stands needs no yes: nothing is spent.
fn is_new(existing: Option<&Record>) -> bool {
    existing.is_none_or(|record| !matches!(record.phase, Phase::Deploying | Phase::Ready))
}

/// What was found before anything is written, and told.
async fn open_findings(
    context: &Context,
    proposal: &Proposal<'_>,
    output: Output,
) -> Vec<CheckFinding> {
    output.say("Checking what could keep the deployment from succeeding.");
    let mut found = engine::check::all(context, proposal).await;
    found.retain(CheckFinding::is_open);
    plain::check::findings(output, &found);
    found
}

/// What was found needs a yes of its own: `--yes` agreed to the cost.
fn accepted(open: &[CheckFinding], accepted: &[String]) -> Result<(), Ending> {
    let is_accepted = |finding: &&CheckFinding| {
        accepted.iter().any(|code| code == "all" || code.eq_ignore_ascii_case(&finding.code))
    };
    let left = open.iter().filter(|finding| finding.is_problem() && !is_accepted(finding));
    let left: Vec<&CheckFinding> = left.collect();
    let Some(first) = left.first() else { return Ok(()) };
    let flags: Vec<String> = left.iter().map(|each| format!("--accept {}", each.code)).collect();
    let problem = Problem::new(
        &*first.code,
        left.iter().map(|each| each.what.as_str()).collect::<Vec<_>>().join(" "),
        format!(
            "{} Nothing was written. To deploy all the same: {}",
            first.remedy,
            flags.join(" ")
        ),
    )
    .at("--accept")
    .helped_by(left.iter().flat_map(|each| each.actions.clone()));
    Err(Ending::NeedsAnswer(Box::new(problem)))
}

/// Says what `--yes` agreed to beside the money.
fn agreed(plan: &Plan, output: Output) {
    if let Some(licence) = windows_licence(plan) {
        output.prose(licence);
        output.event("agreed", json!({ "text": licence }));
    }
}

/// Says what will be made and asks.
async fn consent(
    plan: &Plan,
    settings: &Settings,
    open: &[CheckFinding],
    context: &Context,
    prompter: Prompter,
    output: Output,
) -> Result<bool, Ending> {
    let practice = context.practice;
    output.say("");
    output.headline(&format!(
        "{}{} in {}: {} in resource group {}",
        plan.name,
        plan.suffix,
        plan.region,
        count(plan.resources.len(), "resource"),
        plan.resource_group
    ));
    for subnet in &plan.subnets {
        output.say(&format!("  {:<20} {}", subnet.name, subnet.prefix));
    }
    output.prose(&holes(plan));
    output.prose(&time_sentence(plan));
    if practice {
        output
            .prose("On the practice cloud nothing is created in Azure and nothing costs anything.");
    } else {
        crate::plain::cost::before_a_yes(output, &engine::cost::of_plan(context, plan).await);
    }
    if let Some(licence) = windows_licence(plan) {
        output.prose(licence);
    }
    for sentence in agreed_too(settings) {
        output.prose(&sentence);
    }
    output.prose("`privateaml plan` with the same answers shows every resource and rule.");
    output.say("");
    let despite = match open.len() {
        0 => String::new(),
        some => format!(" {} above.", count(some, "open finding")),
    };
    let question = Question {
        prompt: &if practice {
            format!("Deploy it on the practice cloud?{despite}")
        } else {
            format!("Deploy it in Azure? It costs money from now on.{despite}")
        },
        help: "y deploys it; Enter alone does nothing",
        flag: "--yes",
    };
    Ok(block_in_place(|| prompter.confirm(question))?)
}

/// Answers for a practice run in which nobody can be asked.
pub fn default_practice() -> Deploy {
    Deploy {
        choices: Choices::of(&[
            (Field::Name, choices::NAME),
            (Field::Region, region::OFFERED),
            (Field::AddressSpace, network::OFFERED),
        ]),
        yes: true,
        ..Deploy::default()
    }
}
