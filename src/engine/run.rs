//! One run of a deployment, of an environment or of a hub: looks, decides, sends what there is to send, and follows it
//! to its end.
//!
//! What is done follows from what Azure has (`decide`), never from what this machine believes, so the same command may
//! be given at any moment and from any number of windows. It must not ask anybody anything.

use std::time::Duration;

use super::attempts::Attempts;
use super::decide::{Decision, decide};
use super::event::Events;
use super::follow::{carry_over, steps, watch};
use super::retry::History;
use super::survey::{Survey, being_deleted, foreign};
use super::{Context, Control, cancel, finish, guard};
use crate::azure::arm::Deployment;
use crate::domain::environment::{Phase, Record};
use crate::domain::operation::{Ended, Event, Notice, Stage, Stopped, Subject};
use crate::domain::plan::Plan;
use crate::domain::problem::{Problem, Result};
use crate::domain::progress::{Counts, DeploymentEnd, NotAttempted, Progress};
use crate::store::records::Lock;

/// What is deployed.
pub(super) trait Stack {
    /// What there is once it is done.
    type Done;
    /// A deployment that is ready to be sent.
    type Prepared;

    fn lock_name(&self) -> String;
    fn subject(&self) -> Subject;
    fn group(&self) -> &str;
    fn plan(&self) -> &Plan;
    fn record(&self) -> Option<&Record>;
    /// The deployment that was sent or met last.
    fn last(&self) -> Option<String>;
    /// Reads again what another window may have written before it gave the lock away.
    fn refresh(&mut self, context: &Context) -> Result<()>;
    async fn survey(&self, context: &Context) -> Result<Survey>;
    /// Refuses choices that do not fit what exists.
    fn check(&mut self, survey: &Survey, decision: &Decision) -> Result<()>;
    /// Whether what exists is deployed over.
    fn deploys_over(&self) -> bool;
    /// Everything before a deployment is sent: it costs nothing, and can be done again. It may change the plan.
    async fn prepare(
        &mut self,
        context: &Context,
        survey: &Survey,
        events: &Events,
    ) -> Result<Self::Prepared>;
    /// Keeps the secret, writes what must be found again, and only then sends. Nothing may interrupt it.
    async fn submit(
        &mut self,
        context: &Context,
        survey: &Survey,
        prepared: Self::Prepared,
        events: &Events,
    ) -> Result<String>;
    /// Takes over a deployment that was sent elsewhere: its choices and its plan are those it was sent with.
    fn adopt(
        &mut self,
        context: &Context,
        survey: &Survey,
        deployment: &str,
        events: &Events,
    ) -> Result<()>;
    /// What exists already; nothing is changed.
    async fn report(
        &mut self,
        context: &Context,
        survey: &Survey,
        deployment: &str,
        events: &Events,
    ) -> Result<Self::Done>;
    /// Compares what a deployment that succeeded has created with what must be.
    async fn finish(
        &mut self,
        context: &Context,
        deployment: &Deployment,
        events: &Events,
    ) -> Result<Ended<Self::Done>>;
    /// Notes how far it has come.
    fn note(&mut self, context: &Context, phase: Phase, events: &Events);
}

pub(super) struct Run<'a, S> {
    stack: S,
    context: &'a Context,
    control: &'a Control,
    events: &'a Events,
    progress: Progress,
    attempts: Attempts,
    history: History,
    /// Whether what fails in passing is sent again.
    resends: bool,
}

impl<'a, S: Stack> Run<'a, S> {
    pub(super) fn new(
        stack: S,
        context: &'a Context,
        control: &'a Control,
        events: &'a Events,
    ) -> Self {
        let progress = Progress::new(stack.plan());
        let (attempts, history) = (Attempts::default(), History::default());
        Self { stack, context, control, events, progress, attempts, history, resends: true }
    }

    /// Looks, decides, and sends what there is to send; with `detach` it returns once Azure has accepted it.
    pub(super) async fn act(mut self, detach: bool) -> Result<Ended<S::Done>> {
        let Some(lock) = self.lock().await? else { return Ok(self.stopped_early().await) };
        self.stack.refresh(self.context)?;
        self.events.stage(Stage::Looking);
        let looked = self.control.unless_stopped(self.stack.survey(self.context)).await;
        let Some(survey) = looked.transpose()? else { return Ok(self.stopped_early().await) };
        let remembered = self.stack.record().map(|record| record.phase);
        let decision = decide(survey.group, &survey.sent(), remembered);
        self.stack.check(&survey, &decision)?;
        let sent = match decision {
            Decision::Refuse => return Err(foreign(self.stack.group())),
            Decision::AwaitRemoval => return Err(being_deleted(self.stack.group())),
            Decision::Report(_) if self.stack.deploys_over() => self.send(&survey).await?,
            Decision::Report(name) => {
                let report = self.stack.report(self.context, &survey, &name, self.events);
                return report.await.map(Ended::Done);
            }
            Decision::Follow(name) => Some(self.adopt(&survey, name).await?),
            Decision::Create { vanished } => {
                if vanished {
                    self.events.notice(Notice::Vanished);
                }
                self.send(&survey).await?
            }
            Decision::Retry => {
                carry_over(self.context, &survey, "", &mut self.progress).await;
                self.send(&survey).await?
            }
        };
        match sent {
            Some(name) if detach => Ok(Ended::Left { deployment: Some(name) }),
            Some(name) => self.see_through(name, Some(lock)).await,
            None => Ok(self.stopped_early().await),
        }
    }

    /// Follows a deployment that was sent elsewhere to its end, and sends none.
    pub(super) async fn follow(mut self, survey: &Survey, name: String) -> Result<Ended<S::Done>> {
        self.resends = false;
        self.take_over(survey, &name).await;
        self.see_through(name, None).await
    }

    /// Follows a deployment to its end, and the ones that have to be sent after it. The lock ends at once: anybody may
    /// watch.
    async fn see_through(
        mut self,
        first: String,
        mut lock: Option<Lock>,
    ) -> Result<Ended<S::Done>> {
        let mut running = first;
        loop {
            drop(lock.take());
            let (context, events) = (self.context, self.events);
            let group = self.stack.group().to_owned();
            let fold = (&mut self.progress, &mut self.attempts);
            let watched = watch(context, &group, &running, fold, self.control, events).await?;
            let Some((end, mut deployment)) = watched else {
                return Ok(Ended::Left { deployment: Some(running) });
            };
            // What is told from here on is the time of all attempts.
            deployment.duration = self.attempts.read(&deployment);
            if end == DeploymentEnd::Succeeded {
                return self.stack.finish(context, &deployment, events).await;
            }
            let problems = finish::failures(&self.progress, &deployment);
            let repeats = self.resends && end == DeploymentEnd::Failed;
            let Some(wait) = repeats.then(|| self.history.pause(&problems)).flatten() else {
                return Ok(self.stopped(end, running, problems, deployment.duration).await);
            };
            let mut next = None;
            if self.wait(wait, &problems).await {
                lock = self.lock().await?;
                if lock.is_some() {
                    next = self.send_again(&running).await?;
                }
            }
            let Some(next) = next else { return Ok(self.stopped_early().await) };
            running = next;
        }
    }

    /// Prepares and sends a deployment of what is missing; its name, or `None` when the person left or cancelled
    /// before.
    async fn send(&mut self, survey: &Survey) -> Result<Option<String>> {
        let planned = self.stack.plan().clone();
        let mut fresh = None;
        let prepared = loop {
            let now = fresh.as_ref().unwrap_or(survey);
            let work = self.stack.prepare(self.context, now, self.events);
            let problem = match self.control.unless_stopped(work).await {
                None => return Ok(None),
                Some(Ok(prepared)) => break prepared,
                Some(Err(problem)) => problem,
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
            fresh = Some(self.stack.survey(self.context).await?);
        };
        let survey = fresh.as_ref().unwrap_or(survey);
        if planned != *self.stack.plan() {
            // Data by key instead of by roles: other resources than were planned at first.
            self.progress = Progress::new(self.stack.plan());
            carry_over(self.context, survey, "", &mut self.progress).await;
        }
        // Whoever was told the plan anew knows no steps.
        self.progress.begin_news();
        let name = self.stack.submit(self.context, survey, prepared, self.events).await?;
        self.started(&name, false);
        Ok(Some(name))
    }

    /// Sends the deployment again after `failed` failed of something that passes; or takes over what another window has
    /// sent meanwhile, whether it still runs or not.
    async fn send_again(&mut self, failed: &str) -> Result<Option<String>> {
        let survey = self.stack.survey(self.context).await?;
        let newest = survey.sent().into_iter().next();
        let turned = self.progress.begin_attempt();
        self.attempts.begin();
        let whole = self.attempts.since(self.context.arm.now().await.ok().flatten());
        let attempt = self.attempts.current();
        self.events.tell(steps(turned, &mut self.progress, whole, attempt));
        match newest.filter(|newest| newest.name != failed) {
            Some(other) => self.adopt(&survey, other.name).await.map(Some),
            None => self.send(&survey).await,
        }
    }

    async fn adopt(&mut self, survey: &Survey, deployment: String) -> Result<String> {
        self.stack.adopt(self.context, survey, &deployment, self.events)?;
        self.take_over(survey, &deployment).await;
        Ok(deployment)
    }

    async fn take_over(&mut self, survey: &Survey, deployment: &str) {
        self.progress = Progress::new(self.stack.plan());
        self.events.tell(Event::Planned(Box::new(self.stack.plan().clone())));
        carry_over(self.context, survey, deployment, &mut self.progress).await;
        self.started(deployment, true);
    }

    fn started(&self, deployment: &str, found: bool) {
        let (of, deployment) = (self.stack.subject(), deployment.to_owned());
        self.events.tell(Event::Started { of, deployment, found });
    }

    /// Takes the lock; `None` when the person left while another window held it.
    async fn lock(&self) -> Result<Option<Lock>> {
        let name = self.stack.lock_name();
        guard::wait_for(self.context, &name, self.control, self.events).await
    }

    /// Waits before a repetition; false when the person left or cancelled meanwhile.
    async fn wait(&self, wait: Duration, because: &[Problem]) -> bool {
        let attempt = self.history.repetitions();
        self.events.tell(Event::Retrying { attempt, wait, because: because.to_vec() });
        let pass = self.context.pace().pass(&self.context.arm, wait);
        self.control.unless_stopped(pass).await.is_some()
    }

    /// The end when the person left or cancelled while no deployment was running.
    async fn stopped_early(&self) -> Ended<S::Done> {
        let last = self.stack.last();
        if !self.control.cancel.is_cancelled() {
            return Ended::Left { deployment: last };
        }
        self.cancelled_or_failed(true, last, Vec::new(), Duration::ZERO).await
    }

    /// The end of a deployment that failed or was cancelled.
    async fn stopped(
        &mut self,
        end: DeploymentEnd,
        deployment: String,
        problems: Vec<Problem>,
        took: Duration,
    ) -> Ended<S::Done> {
        let cancelled = end == DeploymentEnd::Cancelled;
        let phase = if cancelled { Phase::Cancelled } else { Phase::Failed };
        self.stack.note(self.context, phase, self.events);
        let problems = if cancelled { Vec::new() } else { problems };
        self.cancelled_or_failed(cancelled, Some(deployment), problems, took).await
    }

    async fn cancelled_or_failed(
        &self,
        cancelled: bool,
        deployment: Option<String>,
        problems: Vec<Problem>,
        took: Duration,
    ) -> Ended<S::Done> {
        let kept = cancel::kept(self.context, self.stack.group(), self.stack.plan()).await;
        let record = self.stack.record().cloned().map(Box::new);
        let counts = self.progress.counts();
        // What was deployed over, and of which nothing was sent this time, has not been seen.
        let is_seen = counts.done > 0 || kept.count() == Some(0);
        let counts = if is_seen { counts } else { Counts::default() };
        Ended::Stopped(Box::new(Stopped {
            cancelled,
            record,
            deployment,
            took,
            problems,
            counts,
            not_attempted: NotAttempted::of(self.progress.steps()),
            kept,
        }))
    }
}
