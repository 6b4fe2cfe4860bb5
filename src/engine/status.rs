//! How one environment stands: its record and what Azure has together.
//!
//! Azure is right where the two differ; what only this machine knows is said to be so. Reads only.

use super::{Blueprint, Context, finish, survey::Survey};
use crate::{
    azure::arm::Deployment,
    domain::{
        environment::{Known, MadeBy, Phase, Record, intent::Intent},
        operation::Kept,
        problem::Problem,
        progress::{Counts, End, Progress},
    },
};

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

/// How an environment stands, read from Azure now.
///
/// # Errors
/// When Azure cannot be read.
pub async fn status(context: &Context, mut record: Record) -> Result<Status, Problem> {
    let recorded = context.records.read(&record.full_name)?.is_some();
    let survey =
        Survey::read(context, &record.resource_group, &record.full_name, record.last_deployment())
            .await?;
    let plan = Blueprint::of(&record)?.plan(context, &record.settings, &record.resource_group)?;
    let newest = survey.deployments.first().cloned();
    let mut problems = Vec::new();
    let mut counts = None;
    if let Some(deployment) = &newest {
        let mut progress = Progress::new(&plan);
        let operations = context.arm.operations(&record.resource_group, &deployment.name).await?;
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
    let survey =
        Survey::read(context, &record.resource_group, &record.full_name, record.last_deployment())
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
        // The survey knows only groups of this program's own.
        (Group::Foreign, _) if record.made_by == MadeBy::Terraform => record.phase,
        (Group::Absent | Group::Foreign, _) if record.phase >= Phase::Submitted => Phase::Deleted,
        (Group::Absent | Group::Foreign, _) | (Group::Ours, None) => record.phase,
        (Group::Ours, Some(None)) => Phase::Deploying,
        (Group::Ours, Some(Some(End::Succeeded))) => finish::standing(problems),
        (Group::Ours, Some(Some(End::Cancelled))) => Phase::Cancelled,
        (Group::Ours, Some(Some(_))) => Phase::Failed,
    }
}
