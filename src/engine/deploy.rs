//! `deploy`: makes an environment, follows one that is being made, finishes one that failed, reports on one that
//! stands or mends it.
//!
//! The same command may be given at any moment, from any number of windows. What it does follows from what Azure has
//! (`decide`), never from what this machine believes. It must not ask anybody anything: the request holds the answers.

mod ending;

use std::time::Duration;

use jiff::Timestamp;

use super::{
    Blueprint, Context, Control,
    decide::{Decision, decide},
    event::{Event, Events, Notice, Outcome, Snapshot, Stage, notice, stage, tell},
    finish,
    follow::{Watched, carry_over, watch},
    known::{check_fits, known_record},
    prepare::{Prepared, prepare},
    retry::History,
    submit::submit,
    survey::{Survey, being_deleted, foreign},
    turn,
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
    /// True to deploy again over an environment that stands: what the template sets is set again.
    pub mend: bool,
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
    // A run holds a plan, a template and an answer at a time: too much for the stack of every caller.
    Box::pin(act(context, request, control, events)).await
}

async fn act(
    context: &Context,
    request: &DeployRequest,
    control: &Control,
    events: &Events,
) -> Result<Outcome, Problem> {
    let mut run = Run::begin(context, request, control, events)?;
    match run.open().await? {
        Opening::Sent(name, lock) => run.see_through(name, lock).await,
        Opening::Over(outcome) => Ok(*outcome),
    }
}

/// What came of the first glance.
enum Opening {
    /// A deployment runs. The lock ends once it is followed.
    Sent(String, Lock),
    /// There is nothing to follow.
    Over(Box<Outcome>),
}

/// One run of `deploy`.
struct Run<'a> {
    context: &'a Context,
    request: &'a DeployRequest,
    control: &'a Control,
    events: &'a Events,
    record: Record,
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
        let record = known_record(context, request)?;
        let plan = request.blueprint.plan(context, &request.settings, &record.resource_group)?;
        Ok(Self {
            context,
            request,
            control,
            events,
            record,
            progress: Progress::new(&plan),
            plan,
            history: History::default(),
        })
    }

    /// Looks, decides, and sends what there is to send.
    async fn open(&mut self) -> Result<Opening, Problem> {
        let Some(lock) = self.lock().await? else {
            return Ok(Opening::Over(self.stopped_early().await.into()));
        };
        // Another window may have written it before it gave the lock away.
        self.record = known_record(self.context, self.request)?;
        stage(self.events, Stage::Looking);
        let looked = self.control.unless_stopped(self.survey()).await;
        let Some(survey) = looked.transpose()? else {
            return Ok(Opening::Over(self.stopped_early().await.into()));
        };
        let given = &self.request.settings;
        self.record.settings = check_fits(&self.record, &survey, given)?;
        let group = &self.record.resource_group;
        let sent = match decide(survey.group, &survey.sent(), Some(self.record.phase)) {
            Decision::Refuse => return Err(foreign(group)),
            Decision::AwaitRemoval => return Err(being_deleted(group)),
            Decision::Report(_) if self.request.mend => self.send(&survey).await?,
            Decision::Report(name) => {
                let outcome = self.report(&survey, &name).await?;
                return Ok(Opening::Over(outcome.into()));
            }
            Decision::Follow(name) => {
                self.adopt(&name, &survey).await?;
                Some(name)
            }
            Decision::Create { vanished } => {
                if vanished {
                    notice(self.events, Notice::Vanished);
                }
                self.send(&survey).await?
            }
            Decision::Retry => {
                self.carry_over(&survey).await;
                self.send(&survey).await?
            }
        };
        Ok(match sent {
            Some(name) => Opening::Sent(name, lock),
            None => Opening::Over(self.stopped_early().await.into()),
        })
    }

    /// Follows a deployment to its end, and the ones that have to be sent after it.
    async fn see_through(&mut self, first: String, lock: Lock) -> Result<Outcome, Problem> {
        let (mut running, mut lock) = (first, lock);
        loop {
            drop(lock);
            if self.request.detach {
                return Ok(self.left(Some(running)));
            }
            let (end, deployment) = match self.watch(&running).await? {
                Watched::Left => return Ok(self.left(Some(running))),
                Watched::Ended(end, deployment) => (end, deployment),
            };
            if end == End::Succeeded {
                let (context, events) = (self.context, self.events);
                let (record, plan) = (&mut self.record, &self.plan);
                return finish::finish(context, record, plan, &deployment, events).await;
            }
            let problems = finish::failures(&self.progress, &deployment);
            let pause = (end == End::Failed).then(|| self.history.pause(&problems)).flatten();
            let Some(wait) = pause else {
                let took = deployment.duration;
                return self.stopped(end, running, problems, took).await;
            };
            if !self.wait(wait, &problems).await {
                return Ok(self.stopped_early().await);
            }
            let Some(again) = self.lock().await? else {
                return Ok(self.stopped_early().await);
            };
            lock = again;
            let Some(next) = self.send_again(&running).await? else {
                return Ok(self.stopped_early().await);
            };
            running = next;
        }
    }

    /// Takes the environment's lock; `None` when the person left while another window held it.
    async fn lock(&self) -> Result<Option<Lock>, Problem> {
        let name = &self.record.full_name;
        turn::take(self.context, name, self.control, self.events).await
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

    /// Prepares and sends a deployment of what is missing; its name, or `None` when the person left or cancelled
    /// before.
    async fn send(&mut self, survey: &Survey) -> Result<Option<String>, Problem> {
        let linked = self.record.settings.hub.take();
        self.record.settings = self.request.settings.clone();
        // A hub is none of the template's business: it is known until it is taken away.
        if self.record.settings.hub.is_none() && !survey.deployments.is_empty() {
            self.record.settings.hub = linked;
        }
        let mut fresh = None;
        let prepared = loop {
            let now = fresh.as_ref().unwrap_or(survey);
            let Some(outcome) = self.prepare(now).await else {
                return Ok(None);
            };
            let problem = match outcome {
                Ok(prepared) => break prepared,
                Err(problem) => problem,
            };
            // What was not answered has been asked often enough below.
            let passes = !problem.is_unanswered() && !problem.is_unexpected();
            let problems = [problem];
            let Some(wait) = passes.then(|| self.history.pause(&problems)).flatten() else {
                let [problem] = problems;
                return Err(problem);
            };
            if !self.wait(wait, &problems).await {
                return Ok(None);
            }
            fresh = Some(self.survey().await?);
        };
        let survey = fresh.as_ref().unwrap_or(survey);
        if self.plan != prepared.plan {
            // Data by key instead of by roles: other resources than were planned at first.
            self.plan = prepared.plan.clone();
            self.progress = Progress::new(&self.plan);
            self.carry_over(survey).await;
        }
        // From the record to Azure's answer nothing may interrupt.
        let hash = self.request.blueprint.hash();
        let name =
            submit(self.context, &mut self.record, &prepared, survey, hash, self.events).await?;
        self.started(&name, false);
        Ok(Some(name))
    }

    async fn prepare(&mut self, survey: &Survey) -> Option<Result<Prepared, Problem>> {
        let mut record = self.record.clone();
        let work = prepare(self.context, self.request, &mut record, survey, self.events);
        let outcome = self.control.unless_stopped(work).await;
        self.record = record;
        outcome
    }

    /// Sends the deployment again after `failed` failed of something that passes; or takes over what another window has
    /// sent meanwhile, whether it still runs or not.
    async fn send_again(&mut self, failed: &str) -> Result<Option<String>, Problem> {
        let survey = self.survey().await?;
        let newest = survey.sent().into_iter().next();
        let other = newest.filter(|newest| newest.name != failed);
        let changes = self.progress.begin_attempt();
        let snapshot = Snapshot::of(&self.progress, Duration::ZERO);
        tell(self.events, Event::Steps { changes, snapshot });
        match other {
            Some(other) => {
                self.adopt(&other.name, &survey).await?;
                Ok(Some(other.name))
            }
            None => self.send(&survey).await,
        }
    }

    /// What an earlier attempt has made counts as made.
    async fn carry_over(&mut self, survey: &Survey) {
        carry_over(self.context, survey, "", &mut self.progress).await;
    }

    /// Takes over a deployment that runs already: its record and its plan are those it was sent with.
    async fn adopt(&mut self, deployment: &str, survey: &Survey) -> Result<(), Problem> {
        if let Some(newest) = self.context.records.read(&self.record.full_name)? {
            self.record = newest;
        }
        let kept = &self.record;
        if kept.settings != self.request.settings {
            notice(self.events, Notice::SettingsKept);
        }
        // A copy that was edited and is gone since only blurs the picture.
        let own = Blueprint::of(kept);
        let blueprint = own.as_ref().unwrap_or(&self.request.blueprint);
        self.plan = blueprint.plan(self.context, &kept.settings, &kept.resource_group)?;
        self.progress = Progress::new(&self.plan);
        carry_over(self.context, survey, deployment, &mut self.progress).await;
        tell(self.events, Event::Planned(Box::new(self.plan.clone())));
        self.record.phase = Phase::Deploying;
        self.record.note_attempt(deployment, Timestamp::now());
        finish::told_if_lost(self.context.records.write(&self.record), self.events);
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
        watch(self.context, &group, deployment, &mut self.progress, self.control, self.events).await
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
        let pass = self.context.pace().pass(&self.context.arm, wait);
        self.control.unless_stopped(pass).await.is_some()
    }
}
