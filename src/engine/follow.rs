//! Following a deployment to its end: reads what Azure tells, folds it, and tells what has changed.
//!
//! A lost network is no end: trying goes on, and the deployment continues. Nothing here changes anything in
//! Azure unless the person asks to cancel.

use std::time::Duration;

use super::attempts::Attempts;
use super::deploy::Environment;
use super::event::Events;
use super::run::Run;
use super::survey::Survey;
use super::{Blueprint, Context, Control, DeployRequest, cancel, race};
use crate::azure::arm::Deployment;
use crate::domain::environment::Record;
use crate::domain::operation::{Attempt, DeployedEnvironment, Ended, Event, Notice, Stage};
use crate::domain::problem::{Problem, Result, Retry};
use crate::domain::progress::{DeploymentEnd, DeploymentOperation, Progress, StepChange};

/// Most answers of "not there" about a deployment just sent, before they are believed.
const MOST_MISSING: u32 = 5;
/// Most looks in a row without a valid sign-in: about ten minutes, in which it can be renewed in another window.
const MOST_UNSIGNED: u32 = 20;
/// Most looks in a row whose answers are not Azure's.
const MOST_UNEXPECTED: u32 = 5;
/// Most earlier attempts whose results are carried over into the progress.
const MOST_EARLIER: usize = 5;

/// Follows the newest deployment of an environment, without sending another.
///
/// # Errors
/// When Azure has no deployment of it, or does not let us read it.
pub async fn follow(
    context: &Context,
    record: Record,
    control: &Control,
    events: &Events,
) -> Result<Ended<DeployedEnvironment>> {
    events.stage(Stage::Looking);
    let group = &record.resource_group;
    let survey = Survey::read(context, group, &record.full_name, record.last_deployment()).await?;
    let running = survey.deployments.iter().find(|each| DeploymentEnd::of(&each.state).is_none());
    let newest = running.or_else(|| survey.deployments.first());
    let name = newest.map(|each| each.name.clone()).ok_or_else(|| no_deployment(&record))?;
    let request = DeployRequest {
        settings: record.settings.clone(),
        resource_group: group.clone(),
        blueprint: blueprint(context, &record, &name).await,
        detach: false,
        mend: false,
    };
    let plan = request.blueprint.plan(context, &record.settings, group)?;
    let stack = Environment { request: &request, record, plan };
    Box::pin(Run::new(stack, context, control, events).follow(&survey, name)).await
}

/// The template of a record; when its directory is gone, the one that Azure keeps with the deployment.
async fn blueprint(context: &Context, record: &Record, deployment: &str) -> Blueprint {
    if let Ok(blueprint) = Blueprint::of(record) {
        return blueprint;
    }
    let group = &record.resource_group;
    let kept = context.arm.export_template(group, deployment).await;
    kept.ok().and_then(Blueprint::from_template).unwrap_or_default()
}

/// What earlier attempts have made counts as made. Only the picture suffers when they cannot be read.
pub(super) async fn carry_over(
    context: &Context,
    survey: &Survey,
    name: &str,
    progress: &mut Progress,
) {
    let Some(group) = &survey.resource_group else { return };
    let earlier = survey.deployments.iter().filter(|each| each.name != name);
    for deployment in earlier.take(MOST_EARLIER) {
        if let Ok(operations) = context.arm.operations(&group.name, &deployment.name).await {
            progress.carry_over(&operations);
        }
    }
}

/// Watches one deployment until it ends; `None` when the person left, and it goes on.
pub(super) async fn watch(
    context: &Context,
    group: &str,
    name: &str,
    (progress, attempts): (&mut Progress, &mut Attempts),
    control: &Control,
    events: &Events,
) -> Result<Option<(DeploymentEnd, Deployment)>> {
    let mut lost = 0;
    let mut missing = 0;
    let mut cancelling = false;
    let mut ended = false;
    loop {
        let looked = tokio::select! {
            biased;
            // A look can take minutes while there is no network.
            () = control.leave.cancelled() => return Ok(None),
            looked = look(context, group, name) => looked,
        };
        let pause = match looked {
            Ok(Some((deployment, operations))) => {
                if lost > 0 {
                    events.notice(Notice::Reconnected);
                }
                (lost, missing) = (0, 0);
                let end = DeploymentEnd::of(&deployment.state);
                let mut changes = progress.absorb(&operations, deployment.read_at);
                if let Some(end) = end {
                    changes.extend(progress.finish(end));
                }
                let whole = attempts.read(&deployment);
                events.tell(steps(changes, progress, whole, attempts.current()));
                if let Some(end) = end {
                    // The list of operations may lag behind the end: it is read a second time.
                    if ended {
                        return Ok(Some((end, deployment)));
                    }
                    ended = true;
                }
                context.pace().next(deployment.pause)
            }
            Ok(None) if missing < MOST_MISSING => {
                missing += 1;
                context.pace().next(None)
            }
            Ok(None) => return Err(vanished(name)),
            Err(problem) if passes(&problem, lost) => {
                if lost == 0 {
                    events.notice(Notice::StillTrying(Box::new(problem)));
                }
                lost += 1;
                context.pace().after_loss(lost)
            }
            Err(problem) => return Err(problem),
        };
        tokio::select! {
            biased;
            () = control.leave.cancelled() => return Ok(None),
            () = control.cancel.cancelled(), if !cancelling => {
                cancelling = true;
                events.stage(Stage::Cancelling);
                cancel::ask(context, group, name).await?;
            }
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// One look: the deployment, then its operations. A terminal state is read before the operations, so that no resource
/// that was finished in between is missed.
async fn look(
    context: &Context,
    group: &str,
    name: &str,
) -> Result<Option<(Deployment, Vec<DeploymentOperation>)>> {
    let Some(mut deployment) = context.arm.deployment(group, name).await? else { return Ok(None) };
    let mut operations = context.arm.operations(group, name).await?;
    let failed = operations.iter_mut().filter_map(|each| each.problem.as_mut());
    for problem in failed.chain(deployment.error.as_mut()) {
        race::recognise(problem, context.caller.as_ref());
    }
    Ok(Some((deployment, operations)))
}

/// What is told of steps that have changed.
pub(super) fn steps(
    turned: Vec<StepChange>,
    progress: &mut Progress,
    elapsed: Duration,
    attempt: Attempt,
) -> Event {
    Event::Steps {
        turned: turned.into_iter().map(|change| change.symbol).collect(),
        changed: progress.news(),
        elapsed,
        attempt,
    }
}

/// What is temporary while one watches: a broken connection, a server that is busy. A sign-in that has ended can be
/// renewed in another window.
fn passes(problem: &Problem, lost: u32) -> bool {
    let transient = matches!(problem.retry, Retry::Transient | Retry::TransientOnce);
    (transient && !(problem.is_unexpected() && lost >= MOST_UNEXPECTED))
        || (problem.code == "SignInNeeded" && lost < MOST_UNSIGNED)
}

fn vanished(name: &str) -> Problem {
    Problem::new(
        "DeploymentNotFound",
        "The deployment is not there any more.",
        "Somebody may have deleted it or its resource group; `privateaml status` tells what is left.",
    )
    .at(name.to_owned())
}

fn no_deployment(record: &Record) -> Problem {
    Problem::new(
        "DeploymentNotFound",
        format!("No deployment of {} is known to Azure.", record.full_name),
        "Run `privateaml deploy` with the same name to create the environment.",
    )
    .at(record.resource_group.clone())
}
