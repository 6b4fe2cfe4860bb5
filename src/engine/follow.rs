//! Watching a deployment until its end, through lost networks and ended sign-ins.
//!
//! Watching only reads. Whoever leaves changes nothing; whoever comes back sees the same progress, because it is
//! folded from Azure's own list of operations.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    Blueprint, Context, Control,
    event::{Event, Events, Left, Notice, Outcome, Snapshot, Stage, notice, stage, tell},
    finish, remember,
    survey::Survey,
};
use crate::{
    azure::arm::Deployment,
    domain::{
        environment::{Phase, Record},
        plan::Plan,
        problem::Problem,
        progress::{Change, End, Operation, Progress},
    },
};

/// Most looks in a row without a valid sign-in: about ten minutes, in which it can be renewed in another window.
const MOST_UNSIGNED: u32 = 20;
/// Most earlier attempts whose results are carried over into the progress.
const MOST_EARLIER: usize = 5;

/// A deployment that is watched.
pub(super) struct Watch<'a> {
    pub context: &'a Context,
    pub events: &'a Events,
    pub control: &'a Control,
    pub group: &'a str,
    pub name: &'a str,
}

/// Follows the environment's deployment that runs, or tells the end of the last one.
///
/// # Errors
/// When there is none, or Azure refuses to tell.
pub async fn follow(
    context: &Context,
    record: &mut Record,
    events: &Events,
    control: &Control,
) -> Result<Outcome, Problem> {
    stage(events, Stage::Looking);
    let survey = Survey::read(
        context,
        &record.resource_group,
        &record.full_name,
        record.last_deployment(),
    )
    .await?;
    let newest = survey.running().or_else(|| survey.deployments.first());
    let Some(name) = newest.map(|each| each.name.clone()) else {
        return Err(nothing_to_follow(record));
    };
    let plan = blueprint(context, record, &name).await.plan(
        context,
        &record.settings,
        &record.resource_group,
    )?;
    tell(events, Event::Planned(Box::new(plan.clone())));
    let mut progress = begin(context, &plan, &survey, &name, &record.resource_group).await;
    let group = record.resource_group.clone();
    let watch = Watch {
        context,
        events,
        control,
        group: &group,
        name: &name,
    };
    tell(
        events,
        Event::Started {
            record: Box::new(record.clone()),
            deployment: name.clone(),
            found: true,
        },
    );
    match watch.to_the_end(&mut progress).await? {
        Some(deployment) => {
            finish::conclude(context, record, &plan, &deployment, &progress, events).await
        }
        None => Ok(left(record, Some(name.clone()))),
    }
}

/// The template of a record; when its directory is gone, the one that Azure keeps with the deployment.
async fn blueprint(context: &Context, record: &Record, name: &str) -> Blueprint {
    if let Ok(blueprint) = Blueprint::of(record) {
        return blueprint;
    }
    let exported = context
        .arm
        .export_template(&record.resource_group, name)
        .await;
    exported
        .ok()
        .and_then(Blueprint::from_template)
        .unwrap_or_default()
}

/// Progress before the first look: what earlier attempts have made is made.
pub(super) async fn begin(
    context: &Context,
    plan: &Plan,
    survey: &Survey,
    name: &str,
    group: &str,
) -> Progress {
    let mut progress = Progress::new(plan);
    let earlier = survey.deployments.iter().filter(|each| each.name != name);
    for deployment in earlier.take(MOST_EARLIER) {
        // Only the picture suffers when it cannot be read.
        if let Ok(operations) = context.arm.operations(group, &deployment.name).await {
            progress.carry_over(&operations);
        }
    }
    progress
}

pub(super) fn left(record: &Record, deployment: Option<String>) -> Outcome {
    Outcome::Left(Box::new(Left {
        full_name: record.full_name.clone(),
        deployment,
    }))
}

fn nothing_to_follow(record: &Record) -> Problem {
    Problem::new(
        "NoDeployment",
        format!("No deployment of {} was found in Azure.", record.full_name),
        "Run `privateaml deploy` with its name to begin one.",
    )
    .at(record.resource_group.clone())
}

/// What one look brought.
struct Look {
    deployment: Deployment,
    operations: Vec<Operation>,
}

impl Watch<'_> {
    /// Looks until the deployment has ended; `None` when the watching was left before. A cancellation asked for on the
    /// way is passed on to Azure, whose end is then waited for.
    pub(super) async fn to_the_end(
        &self,
        progress: &mut Progress,
    ) -> Result<Option<Deployment>, Problem> {
        let mut lost = 0;
        let mut begun: Option<Timestamp> = None;
        let mut ended = false;
        let mut cancelling = false;
        loop {
            if self.control.cancel.is_cancelled() && !cancelling {
                cancelling = true;
                self.ask_to_cancel().await?;
            }
            let looked = tokio::select! {
                biased;
                () = self.control.leave.cancelled() => return Ok(None),
                looked = self.look() => looked,
            };
            let pause = match looked {
                Ok(look) => {
                    if lost > 0 {
                        notice(self.events, Notice::Reconnected);
                        lost = 0;
                    }
                    self.take_in(&look, progress, &mut begun);
                    if look.deployment.is_finished() {
                        // The list of operations may lag behind the end: it is read a second time.
                        if ended {
                            return Ok(Some(look.deployment));
                        }
                        ended = true;
                    }
                    self.context.pace().next(look.deployment.pause)
                }
                Err(problem) => {
                    lost += 1;
                    self.survive(problem, lost)?;
                    self.context.pace().after_loss(lost)
                }
            };
            tokio::select! {
                biased;
                () = self.control.leave.cancelled() => return Ok(None),
                () = self.control.cancel.cancelled(), if !cancelling => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    async fn look(&self) -> Result<Look, Problem> {
        let arm = &self.context.arm;
        let found = arm.deployment(self.group, self.name).await?;
        let deployment = found.ok_or_else(|| self.gone())?;
        // After the deployment, so that the operations of an ended one are complete as far as Azure knows.
        let operations = arm.operations(self.group, self.name).await?;
        Ok(Look {
            deployment,
            operations,
        })
    }

    fn gone(&self) -> Problem {
        Problem::new(
            "DeploymentGone",
            "The deployment is not in Azure any more: somebody has deleted it or its resource group.",
            "Look at the resource group in the Azure portal; run `privateaml deploy` to make the environment anew.",
        )
        .at(self.name.to_owned())
    }

    fn take_in(&self, look: &Look, progress: &mut Progress, begun: &mut Option<Timestamp>) {
        let deployment = &look.deployment;
        *begun = match (*begun, deployment.begun()) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        let mut changes = progress.absorb(&look.operations, deployment.read_at);
        if let Some(end) = End::of(&deployment.state) {
            merge(&mut changes, progress.finish(end));
        }
        let elapsed = elapsed(deployment, *begun, progress.now());
        tell(
            self.events,
            Event::Steps {
                changes,
                snapshot: Snapshot::of(progress, elapsed),
            },
        );
    }

    /// Decides whether to go on after a look that failed.
    fn survive(&self, problem: Problem, lost: u32) -> Result<(), Problem> {
        let unsigned = problem.code == "SignInNeeded" && lost <= MOST_UNSIGNED;
        if !problem.is_transient() && !unsigned {
            return Err(problem);
        }
        notice(self.events, Notice::StillTrying(Box::new(problem)));
        Ok(())
    }

    async fn ask_to_cancel(&self) -> Result<(), Problem> {
        stage(self.events, Stage::Cancelling);
        match self.context.arm.cancel(self.group, self.name).await {
            Ok(()) => Ok(()),
            // It may have ended by itself in the meantime; then the next look tells how.
            Err(problem) => match self.context.arm.deployment(self.group, self.name).await {
                Ok(Some(deployment)) if deployment.is_finished() => Ok(()),
                _ => Err(problem),
            },
        }
    }
}

/// How long a deployment has taken by `now`, both ends by Azure's clock.
pub(super) fn elapsed(
    deployment: &Deployment,
    begun: Option<Timestamp>,
    now: Option<Timestamp>,
) -> Duration {
    match (deployment.is_finished(), begun, now) {
        (false, Some(begun), Some(now)) => Duration::try_from(now.duration_since(begun))
            .unwrap_or_default()
            .max(deployment.duration),
        _ => deployment.duration,
    }
}

/// One change per step: a later one replaces an earlier one.
fn merge(changes: &mut Vec<Change>, later: Vec<Change>) {
    for change in later {
        changes.retain(|each| each.symbol != change.symbol);
        changes.push(change);
    }
}

/// Notes in the record how a deployment ended.
pub(super) fn note_end(
    context: &Context,
    record: &mut Record,
    phase: Phase,
) -> Result<(), Problem> {
    remember(context, record, |record| record.phase = phase)
}
