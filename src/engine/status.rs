//! What environments there are, and how one of them stands: local records and Azure's tags together.
//!
//! Azure is right where the two differ; what only this machine knows is said to be so. Reads only, but for the record of
//! an environment that was found by its tags.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Blueprint, Context, event::Kept, finish, survey::Survey};
use crate::{
    azure::arm::{Deployment, ResourceGroup},
    domain::{
        environment::{Known, Phase, Record, intent::Intent, tags},
        problem::Problem,
        progress::{Counts, End, Progress},
    },
};

/// One row of the list.
#[derive(Debug, Clone)]
pub struct Overview {
    /// The environment.
    pub record: Record,
    /// Where it is known from.
    pub known: Known,
    /// True when it was recorded as made and Azure has it no longer.
    pub gone: bool,
}

/// How one environment stands.
#[derive(Debug)]
pub struct Status {
    /// The environment, with the phase that Azure tells.
    pub record: Record,
    /// Where it is known from.
    pub known: Known,
    /// Its newest deployment.
    pub deployment: Option<Deployment>,
    /// How many of its resources are in which state, by that deployment.
    pub counts: Option<Counts>,
    /// Why the deployment failed, or what is not as it must be.
    pub problems: Vec<Problem>,
    /// What exists, and what it costs to keep.
    pub kept: Kept,
    /// Where the credentials are; `None` when they are not on this machine.
    pub credentials: Option<String>,
}

/// The environments of the subscription, by name; and what could not be read.
///
/// # Errors
/// When neither records nor Azure can be read.
pub async fn list(context: &Context) -> Result<(Vec<Overview>, Vec<Problem>), Problem> {
    let listing = context.records.list()?;
    let mut problems = listing.broken;
    let groups = context
        .arm
        .resource_groups_by_tag(tags::MARK, tags::VERSION)
        .await?;
    let subscription = context.arm.subscription_id();
    let mut rows: BTreeMap<String, Overview> = listing
        .records
        .into_iter()
        .filter(|record| record.subscription_id.eq_ignore_ascii_case(subscription))
        .map(|record| {
            let gone = record.phase >= Phase::Submitted && record.phase != Phase::Deleting;
            let row = Overview {
                record,
                known: Known::HereOnly,
                gone,
            };
            (row.record.full_name.clone(), row)
        })
        .collect();
    for group in groups {
        match from_group(context, &group) {
            Some(Ok(found)) => {
                let row = rows.entry(found.full_name.clone()).or_insert(Overview {
                    record: found,
                    known: Known::AzureOnly,
                    gone: false,
                });
                if row.known == Known::HereOnly {
                    row.known = Known::Both;
                    row.gone = false;
                }
            }
            Some(Err(problem)) => problems.push(problem.at(group.name)),
            None => {}
        }
    }
    Ok((rows.into_values().collect(), problems))
}

/// The record of an environment by its full name, or by its name alone when there is only one of it.
///
/// # Errors
/// When there is none, or several.
pub async fn find(context: &Context, name: &str) -> Result<Record, Problem> {
    if let Ok(Some(record)) = context.records.read(name) {
        return Ok(record);
    }
    let (rows, _) = list(context).await?;
    let mut fitting: Vec<Record> = rows
        .into_iter()
        .map(|row| row.record)
        .filter(|record| record.full_name == name || record.settings.name.as_str() == name)
        .collect();
    match fitting.len() {
        1 => Ok(fitting.remove(0)),
        0 => Err(Problem::new(
            "EnvironmentNotFound",
            format!("There is no environment {name} here or in this subscription."),
            "`privateaml list` shows those there are; --subscription looks in another one.",
        )
        .at(name.to_owned())),
        _ => {
            let names: Vec<String> = fitting.into_iter().map(|record| record.full_name).collect();
            Err(Problem::new(
                "EnvironmentAmbiguous",
                format!("There are several environments {name}."),
                format!("Name one of them with its digits: {}.", names.join(", ")),
            )
            .at(name.to_owned()))
        }
    }
}

/// How an environment stands, read from Azure now.
///
/// # Errors
/// When Azure cannot be read.
pub async fn status(context: &Context, mut record: Record) -> Result<Status, Problem> {
    let recorded = context.records.read(&record.full_name)?.is_some();
    let survey = Survey::read(
        context,
        &record.resource_group,
        &record.full_name,
        record.last_deployment(),
    )
    .await?;
    let plan = Blueprint::of(&record)?.plan(context, &record.settings, &record.resource_group)?;
    let newest = survey.deployments.first().cloned();
    let mut problems = Vec::new();
    let mut counts = None;
    if let Some(deployment) = &newest {
        let mut progress = Progress::new(&plan);
        let operations = context
            .arm
            .operations(&record.resource_group, &deployment.name)
            .await?;
        progress.absorb(&operations, deployment.read_at);
        let end = End::of(&deployment.state);
        if let Some(end) = end {
            progress.finish(end);
        }
        counts = Some(progress.counts());
        match end {
            Some(End::Failed) => problems = finish::failures(&progress, deployment),
            Some(End::Succeeded) => problems = finish::differences(context, &plan).await?,
            _ => {}
        }
    }
    record.phase = phase(&record, &survey, newest.as_ref(), &problems);
    problems.extend(survey.interrupted(&record.full_name));
    let in_azure = survey.resource_group.is_some();
    let known = match (recorded, in_azure) {
        (true, true) => Known::Both,
        (false, _) => Known::AzureOnly,
        (true, false) => Known::HereOnly,
    };
    let mut kept = super::cancel::kept(context, &record.resource_group, &plan).await;
    if record.phase == Phase::Paused {
        kept.cost = kept.cost.map(|cost| cost.while_paused());
    }
    Ok(Status {
        credentials: finish::kept_at(context, &record).await,
        kept,
        record,
        known,
        deployment: newest,
        counts,
        problems,
    })
}

/// The phase of an environment that this machine has no record of yet.
///
/// # Errors
/// When Azure cannot be read.
pub(super) async fn phase_of(context: &Context, record: &Record) -> Result<Phase, Problem> {
    let survey = Survey::read(
        context,
        &record.resource_group,
        &record.full_name,
        record.last_deployment(),
    )
    .await?;
    Ok(phase(record, &survey, survey.deployments.first(), &[]))
}

/// The phase that Azure tells.
fn phase(
    record: &Record,
    survey: &Survey,
    newest: Option<&Deployment>,
    problems: &[Problem],
) -> Phase {
    use super::decide::Group;
    let interrupted = match survey.intent() {
        Some(Intent::Delete) => Some(Phase::Deleting),
        Some(Intent::Pause) => Some(Phase::Paused),
        Some(Intent::Resume) | None => None,
    };
    if survey.group == Group::Ours
        && let Some(phase) = interrupted
    {
        return phase;
    }
    match (survey.group, newest.map(|each| End::of(&each.state))) {
        (Group::BeingDeleted, _) => Phase::Deleting,
        (Group::Absent | Group::Foreign, _) if record.phase >= Phase::Submitted => Phase::Deleted,
        (Group::Absent | Group::Foreign, _) | (Group::Ours, None) => record.phase,
        (Group::Ours, Some(None)) => Phase::Deploying,
        (Group::Ours, Some(Some(End::Succeeded))) => finish::standing(problems),
        (Group::Ours, Some(Some(End::Cancelled))) => Phase::Cancelled,
        (Group::Ours, Some(Some(_))) => Phase::Failed,
    }
}

/// The record that a group's tags give; `None` when it is not one of ours.
fn from_group(context: &Context, group: &ResourceGroup) -> Option<Result<Record, Problem>> {
    let found = match tags::from_tags(&group.location, &group.tags)? {
        Ok(found) => found,
        Err(problem) => return Some(Err(problem)),
    };
    let mut record = Record::new(
        found.settings,
        context.place(&group.name),
        context.keeping(),
        Timestamp::now(),
    );
    record.template_hash = found.template_hash;
    record.phase = if group.state() == "Deleting" {
        Phase::Deleting
    } else {
        Phase::Deploying
    };
    Some(Ok(record))
}
