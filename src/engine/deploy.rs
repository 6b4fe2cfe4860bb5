//! `deploy`: makes an environment, follows one that is being made, finishes one that failed, reports on one that stands.
//!
//! The same command may be given at any moment, from any number of windows. What it does follows from what Azure has
//! (`decide`), never from what this machine believes. It must not ask anybody anything: the request holds the answers.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    Blueprint, Context, Control, cancel,
    credentials::submission,
    decide::{Decision, decide},
    event::{Event, Events, Left, Notice, Outcome, Stage, Stands, Stopped, notice, stage, tell},
    finish,
    follow::{Watched, watch},
    prepare::{check_unchanged, prepare},
    retry::History,
    submit::submit,
    survey::{Survey, being_deleted, foreign},
};
use crate::{
    domain::{
        environment::{Phase, Record},
        plan::Plan,
        problem::Problem,
        progress::{End, Progress},
        settings::Settings,
    },
    store::records::Lock,
};

/// Pause between two tries to take the lock that another window holds.
const LOCK_PAUSE: Duration = Duration::from_millis(300);

/// Whether data may be reached by the storage account's key when the account cannot assign roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyBased {
    /// Yes; it is said.
    Allowed,
    /// No; then the deployment is refused with the remedy.
    Refused,
}

/// What is to be deployed, and how.
#[derive(Debug)]
pub struct DeployRequest {
    /// What was chosen.
    pub settings: Settings,
    /// The resource group's name.
    pub resource_group: String,
    /// The template.
    pub blueprint: Blueprint,
    /// What to do when the account cannot assign roles.
    pub key_based: KeyBased,
    /// True to return as soon as Azure has accepted the deployment.
    pub detach: bool,
}

/// Deploys. See the module's text.
///
/// # Errors
/// When nothing could be sent: the account may not, Azure refuses the deployment, the credentials cannot be kept, the
/// settings do not fit an environment that exists. What failed after it was sent is an `Outcome`.
pub async fn deploy(
    context: &Context,
    request: &DeployRequest,
    control: &Control,
    events: &Events,
) -> Result<Outcome, Problem> {
    let mut run = Run::begin(context, request, control, events)?;
    let Some(mut lock) = run.lock().await? else {
        return Ok(run.left(None));
    };
    stage(events, Stage::Looking);
    let survey = run.survey().await?;
    let sent = match decide(survey.group, &survey.sent(), run.known_phase) {
        Decision::Refuse => return Err(foreign(&run.record.resource_group)),
        Decision::AwaitRemoval => return Err(being_deleted(&run.record.resource_group)),
        Decision::Report(name) => return run.report(&survey, &name).await,
        Decision::Follow(name) => {
            run.adopt(&name)?;
            Some(name)
        }
        Decision::Create { vanished } => {
            if vanished {
                notice(events, Notice::Vanished);
            }
            run.send(&survey).await?
        }
        Decision::Retry => {
            run.carry_over(&survey).await?;
            run.send(&survey).await?
        }
    };
    let Some(mut running) = sent else {
        return Ok(run.left(None));
    };
    loop {
        drop(lock);
        if request.detach {
            return Ok(run.left(Some(running)));
        }
        let (end, problems, took) = match run.watch(&running).await? {
            Watched::Left => return Ok(run.left(Some(running))),
            Watched::Ended(End::Succeeded, deployment) => {
                return finish::finish(context, &mut run.record, &run.plan, &deployment, events)
                    .await;
            }
            Watched::Ended(end, deployment) => (
                end,
                finish::failures(&run.progress, &deployment),
                deployment.duration,
            ),
        };
        let pause = (end == End::Failed)
            .then(|| run.history.pause(&problems))
            .flatten();
        let Some(wait) = pause else {
            return run.stopped(end, running, problems, took).await;
        };
        if !run.wait(wait, &problems).await {
            return Ok(run.left(Some(running)));
        }
        let Some(again) = run.lock().await? else {
            return Ok(run.left(Some(running)));
        };
        lock = again;
        match run.send_again().await? {
            Some(name) => running = name,
            None => return Ok(run.left(Some(running))),
        }
    }
}

/// One run of `deploy`.
struct Run<'a> {
    context: &'a Context,
    request: &'a DeployRequest,
    control: &'a Control,
    events: &'a Events,
    record: Record,
    /// The phase of the record when this run began; `None` without one.
    known_phase: Option<Phase>,
    plan: Plan,
    progress: Progress,
    history: History,
}

impl<'a> Run<'a> {
    fn begin(
        context: &'a Context,
        request: &'a DeployRequest,
        control: &'a Control,
        events: &'a Events,
    ) -> Result<Self, Problem> {
        let known = context.records.read(&request.settings.full_name())?;
        let known_phase = known.as_ref().map(|record| record.phase);
        let record = match known {
            Some(mut record) => {
                check_unchanged(&record.settings, &request.settings)?;
                record.settings = request.settings.clone();
                record
            }
            None => Record::new(
                request.settings.clone(),
                context.place(&request.resource_group),
                context.keeping(),
                Timestamp::now(),
            ),
        };
        let plan = request
            .blueprint
            .plan(context, &record.settings, &record.resource_group)?;
        Ok(Self {
            context,
            request,
            control,
            events,
            record,
            known_phase,
            progress: Progress::new(&plan),
            plan,
            history: History::default(),
        })
    }

    /// Takes the environment's lock; `None` when the person left while another window held it.
    async fn lock(&self) -> Result<Option<Lock>, Problem> {
        let mut told = false;
        loop {
            if let Some(lock) = self.context.records.lock(&self.record.full_name)? {
                return Ok(Some(lock));
            }
            if !told {
                notice(self.events, Notice::AnotherWindow);
                told = true;
            }
            tokio::select! {
                () = self.control.leave.cancelled() => return Ok(None),
                () = tokio::time::sleep(LOCK_PAUSE) => {}
            }
        }
    }

    async fn survey(&self) -> Result<Survey, Problem> {
        Survey::read(
            self.context,
            &self.record.resource_group,
            &self.record.full_name,
            self.record.last_deployment(),
        )
        .await
    }

    /// Prepares and sends a deployment of what is missing; its name, or `None` when the person stopped before it was
    /// sent: what was noted too late must not be sent all the same.
    async fn send(&mut self, survey: &Survey) -> Result<Option<String>, Problem> {
        let prepared = tokio::select! {
            biased;
            () = self.control.leave.cancelled() => return Ok(None),
            () = self.control.cancel.cancelled() => return Ok(None),
            prepared = prepare(self.context, self.request, &mut self.record, survey, self.events) => prepared?,
        };
        if self.plan != prepared.plan {
            // Data by key instead of by roles: other resources than were planned at first.
            self.plan = prepared.plan.clone();
            self.progress = Progress::new(&self.plan);
            self.carry_over(survey).await?;
        }
        let hash = self.request.blueprint.hash();
        let name = submit(
            self.context,
            &mut self.record,
            &prepared,
            survey,
            hash,
            self.events,
        )
        .await?;
        self.started(&name, false);
        Ok(Some(name))
    }

    /// Sends the deployment again after it failed of something that passes; or follows what another window has sent.
    async fn send_again(&mut self) -> Result<Option<String>, Problem> {
        let survey = self.survey().await?;
        let running = survey.sent().into_iter().find(|sent| sent.end.is_none());
        self.progress.begin_attempt();
        match running {
            Some(other) => {
                self.adopt(&other.name)?;
                Ok(Some(other.name))
            }
            None => self.send(&survey).await,
        }
    }

    /// What an earlier attempt has made counts as made.
    async fn carry_over(&mut self, survey: &Survey) -> Result<(), Problem> {
        for earlier in &survey.deployments {
            let group = &self.record.resource_group;
            let operations = self.context.arm.operations(group, &earlier.name).await?;
            self.progress.carry_over(&operations);
        }
        Ok(())
    }

    /// Takes over a deployment that runs already: its record and its plan are those it was sent with.
    fn adopt(&mut self, deployment: &str) -> Result<(), Problem> {
        if let Some(kept) = self.context.records.read(&self.record.full_name)? {
            if kept.settings != self.record.settings {
                notice(self.events, Notice::SettingsKept);
            }
            let blueprint = Blueprint::of(&kept)?;
            self.plan = blueprint.plan(self.context, &kept.settings, &kept.resource_group)?;
            self.record = kept;
        }
        self.progress = Progress::new(&self.plan);
        tell(self.events, Event::Planned(Box::new(self.plan.clone())));
        self.record.phase = Phase::Deploying;
        self.record.note_attempt(deployment, Timestamp::now());
        self.context.records.write(&self.record)?;
        self.started(deployment, true);
        Ok(())
    }

    fn started(&self, deployment: &str, found: bool) {
        tell(
            self.events,
            Event::Started {
                record: Box::new(self.record.clone()),
                deployment: deployment.to_owned(),
                found,
            },
        );
    }

    async fn watch(&mut self, deployment: &str) -> Result<Watched, Problem> {
        let group = self.record.resource_group.clone();
        watch(
            self.context,
            &group,
            deployment,
            &mut self.progress,
            self.control,
            self.events,
        )
        .await
    }

    /// Waits before a repetition; false when the person left or cancelled meanwhile.
    async fn wait(&self, wait: Duration, because: &[Problem]) -> bool {
        tell(
            self.events,
            Event::Retrying {
                attempt: self.history.repetitions(),
                wait,
                because: because.to_vec(),
            },
        );
        tokio::select! {
            () = self.control.leave.cancelled() => false,
            () = self.control.cancel.cancelled() => false,
            () = self.context.pace().pass(&self.context.arm, wait) => true,
        }
    }

    fn left(&self, deployment: Option<String>) -> Outcome {
        Outcome::Left(Box::new(Left {
            full_name: self.record.full_name.clone(),
            deployment,
        }))
    }

    async fn stopped(
        mut self,
        end: End,
        deployment: String,
        problems: Vec<Problem>,
        took: Duration,
    ) -> Result<Outcome, Problem> {
        let cancelled = end == End::Cancelled;
        self.record.phase = if cancelled {
            Phase::Cancelled
        } else {
            Phase::Failed
        };
        self.context.records.write(&self.record)?;
        let kept = cancel::kept(self.context, &self.record.resource_group, &self.plan).await;
        let stopped = Box::new(Stopped {
            record: self.record,
            deployment: Some(deployment),
            took,
            problems: if cancelled { Vec::new() } else { problems },
            kept,
        });
        Ok(if cancelled {
            Outcome::Cancelled(stopped)
        } else {
            Outcome::Failed(stopped)
        })
    }

    /// Says what a further deployment would change, and changes nothing.
    async fn report(mut self, survey: &Survey, deployment: &str) -> Result<Outcome, Problem> {
        stage(self.events, Stage::Previewing);
        let supply =
            super::credentials::for_preview(self.context, &self.record, &self.plan).await?;
        let sent = submission(self.request.blueprint.template(), &self.plan, &supply);
        let group = self.record.resource_group.clone();
        let changes = self
            .context
            .arm
            .what_if(&group, "privateaml-preview", &sent)
            .await?;
        stage(self.events, Stage::Checking);
        let problems = finish::differences(self.context, &self.plan).await?;
        self.record.phase = if problems.is_empty() {
            Phase::Ready
        } else {
            Phase::Failed
        };
        self.record.note_attempt(deployment, Timestamp::now());
        self.context.records.write(&self.record)?;
        let outputs = survey
            .deployment(deployment)
            .map(|found| finish::outputs(&found.outputs))
            .unwrap_or_default();
        Ok(Outcome::Stands(Box::new(Stands {
            credentials: finish::kept_at(self.context, &self.record).await,
            record: self.record,
            deployment: deployment.to_owned(),
            outputs,
            changes,
            problems,
        })))
    }
}
