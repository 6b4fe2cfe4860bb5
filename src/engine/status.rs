//! How one environment stands: its record and what Azure has together.
//!
//! Azure is right where the two differ; what only this machine knows is said to be so. Reads only.

use super::survey::Survey;
use super::{Blueprint, Context, finish};
use crate::azure::arm::Deployment;
use crate::domain::cost::Mode;
use crate::domain::environment::intent::Intent;
use crate::domain::environment::{KnownFrom, MadeBy, Phase, Record};
use crate::domain::operation::KeptResources;
use crate::domain::problem::{Problem, Result};
use crate::domain::progress::{Counts, DeploymentEnd, Progress};

/// How one environment stands.
#[derive(Debug)]
pub struct EnvironmentStatus {
    /// The environment, with the phase that Azure tells.
    pub record: Record,
    /// Where it is known from.
    pub known: KnownFrom,
    /// Its newest deployment.
    pub deployment: Option<Deployment>,
    /// How many of its resources are in which state, by that deployment.
    pub counts: Option<Counts>,
    /// Why the deployment failed, or what is not as it must be.
    pub problems: Vec<Problem>,
    /// What exists, and what it costs to keep.
    pub kept: KeptResources,
    /// Where the credentials are; `None` when they are not on this machine.
    pub credentials: Option<String>,
}

/// How an environment stands, read from Azure now.
///
/// # Errors
/// When Azure cannot be read.
pub async fn status(context: &Context, mut record: Record) -> Result<EnvironmentStatus> {
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
        let end = DeploymentEnd::of(&deployment.state);
        if let Some(end) = end {
            progress.finish(end);
        }
        counts = Some(progress.counts());
        match end {
            Some(DeploymentEnd::Failed) => problems = finish::failures(&progress, deployment),
            Some(DeploymentEnd::Succeeded) => {
                problems = finish::differences(context, &plan).await?;
            }
            _ => {}
        }
    }
    record.phase = phase(&record, &survey, newest.as_ref(), &problems);
    problems.extend(survey.interrupted(&record.full_name));
    let in_azure = survey.resource_group.is_some();
    let known = match (recorded, in_azure) {
        (true, true) => KnownFrom::Both,
        (false, _) => KnownFrom::AzureOnly,
        (true, false) => KnownFrom::HereOnly,
    };
    let mut kept = super::cancel::kept(context, &record.resource_group, &plan).await;
    if record.phase == Phase::Paused {
        kept.cost = kept.cost.map(|cost| cost.in_mode(Mode::Paused));
    }
    Ok(EnvironmentStatus {
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
pub(super) async fn phase_of(context: &Context, record: &Record) -> Result<Phase> {
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
    use super::decide::GroupState;
    let interrupted = match survey.intent() {
        Some(Intent::Delete) => Some(Phase::Deleting),
        Some(Intent::Pause) => Some(Phase::Paused),
        Some(Intent::Resume) | None => None,
    };
    if survey.group == GroupState::Ours
        && let Some(phase) = interrupted
    {
        return phase;
    }
    match (survey.group, newest.map(|each| DeploymentEnd::of(&each.state))) {
        (GroupState::BeingDeleted, _) => Phase::Deleting,
        // The survey knows only groups of this program's own.
        (GroupState::Foreign, _) if record.made_by == MadeBy::Terraform => record.phase,
        (GroupState::Absent | GroupState::Foreign, _) if record.phase >= Phase::Submitted => {
            Phase::Deleted
        }
        (GroupState::Absent | GroupState::Foreign, _) | (GroupState::Ours, None) => record.phase,
        (GroupState::Ours, Some(None)) => Phase::Deploying,
        (GroupState::Ours, Some(Some(DeploymentEnd::Succeeded))) => finish::standing(problems),
        (GroupState::Ours, Some(Some(DeploymentEnd::Cancelled))) => Phase::Cancelled,
        (GroupState::Ours, Some(Some(_))) => Phase::Failed,
    }
}
