//! `deploy`: makes an environment, follows one that is being made, finishes one that failed, reports on one that stands.
//!
//! The same call may be made at any moment and from any machine; what it does follows from what Azure has (`decide`).

use std::time::Duration;

use super::{
    Blueprint, Context, Control, cancel,
    decide::{Decision, decide},
    event::{Event, Events, Kept, Left, Notice, Outcome, Snapshot, Stopped, notice, tell},
    finish,
    follow::{Watch, begin, left},
    look::{Looked, known_record, look},
    prepare::{self, Prepared},
    remember,
    report::report,
    retry::History,
    submit::submit,
    survey::{self, Survey},
};
use crate::{
    azure::arm::Deployment,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeyBased {
    /// No: that is a problem, told before anything is made.
    #[default]
    Refused,
    /// Yes, and it is told.
    Allowed,
}

/// What is to be deployed.
#[derive(Debug)]
pub struct DeployRequest {
    /// The settings, name and suffix among them.
    pub settings: Settings,
    /// The template.
    pub blueprint: Blueprint,
    /// A resource group not named after the environment.
    pub resource_group: Option<String>,
    /// Whether to return as soon as Azure has accepted the deployment.
    pub detach: bool,
    /// Whether to deploy over an environment that stands, in place of only telling what would change.
    pub apply: bool,
    /// What to do for an account that cannot assign roles.
    pub key_based: KeyBased,
}

impl DeployRequest {
    /// A request for the embedded template in a group named after the environment.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            blueprint: Blueprint::embedded(),
            resource_group: None,
            detach: false,
            apply: false,
            key_based: KeyBased::Refused,
        }
    }
}

/// Deploys: see the module.
///
/// # Errors
/// Everything that keeps a deployment from being sent or followed. A deployment that was sent and failed is an
/// outcome, not an error.
pub async fn deploy(
    context: &Context,
    request: &DeployRequest,
    events: &Events,
    control: &Control,
) -> Result<Outcome, Problem> {
    Run {
        context,
        request,
        events,
        control,
        history: History::default(),
        applied: false,
        going: None,
    }
    .finish()
    .await
}

/// One run of `deploy`, over several deployments where one has to be repeated.
struct Run<'a> {
    context: &'a Context,
    request: &'a DeployRequest,
    events: &'a Events,
    control: &'a Control,
    history: History,
    /// Whether a standing environment has been deployed over already.
    applied: bool,
    /// Plan and progress of the attempt before, which goes on with the next one.
    going: Option<(Plan, Progress)>,
}

/// How one attempt ended.
enum Attempt {
    Over(Outcome),
    Again(Duration, Vec<Problem>),
}

impl Run<'_> {
    async fn finish(mut self) -> Result<Outcome, Problem> {
        loop {
            let (pause, because) = match self.attempt().await {
                Ok(Attempt::Over(outcome)) => return Ok(outcome),
                Ok(Attempt::Again(pause, because)) => (pause, because),
                // Requests without an answer have been repeated already, below.
                Err(problem) if problem.is_unanswered() => return Err(problem),
                Err(problem) => match self.history.pause(std::slice::from_ref(&problem)) {
                    Some(pause) => (pause, vec![problem]),
                    None => return Err(problem),
                },
            };
            let attempt = self.history.repetitions();
            tell(
                self.events,
                Event::Retrying {
                    attempt,
                    wait: pause,
                    because,
                },
            );
            tokio::select! {
                biased;
                () = self.control.leave.cancelled() => return Ok(self.stopped_early(false).await),
                () = self.control.cancel.cancelled() => return Ok(self.stopped_early(true).await),
                () = self.context.pace().pass(&self.context.arm, pause) => {}
            }
        }
    }

    /// Looks, decides and acts once.
    async fn attempt(&mut self) -> Result<Attempt, Problem> {
        let looked = tokio::select! {
            biased;
            () = self.control.leave.cancelled() => return Ok(Attempt::Over(self.stopped_early(false).await)),
            () = self.control.cancel.cancelled() => return Ok(Attempt::Over(self.stopped_early(true).await)),
            looked = look(self.context, self.request, self.events) => looked?,
        };
        let Looked {
            lock,
            mut record,
            survey,
        } = looked;
        let remembered = Some(record.phase);
        match decide(survey.group, &survey.sent(), remembered) {
            Decision::Refuse => Err(survey::foreign(&record.resource_group)),
            Decision::AwaitRemoval => Err(survey::being_deleted(&record.resource_group)),
            Decision::Follow(name) => {
                drop(lock);
                if record.settings != self.request.settings {
                    notice(self.events, Notice::SettingsKept);
                }
                remember(self.context, &mut record, |record| {
                    record.phase = Phase::Deploying;
                })?;
                self.follow(record, &survey, name, true).await
            }
            Decision::Report(name) if !self.request.apply || self.applied => {
                drop(lock);
                report(
                    self.context,
                    self.request,
                    record,
                    &survey,
                    &name,
                    self.events,
                )
                .await
                .map(Attempt::Over)
            }
            Decision::Create { vanished } => {
                if vanished {
                    notice(self.events, Notice::Vanished);
                    record.attempts.clear();
                }
                self.send(lock, record, &survey).await
            }
            Decision::Retry | Decision::Report(_) => self.send(lock, record, &survey).await,
        }
    }

    /// Prepares and sends a deployment, then follows it. The lock ends once Azure has it.
    async fn send(
        &mut self,
        lock: Lock,
        mut record: Record,
        survey: &Survey,
    ) -> Result<Attempt, Problem> {
        record.settings = self.request.settings.clone();
        let prepared = tokio::select! {
            biased;
            () = self.control.leave.cancelled() => return Ok(Attempt::Over(self.stopped_early(false).await)),
            () = self.control.cancel.cancelled() => return Ok(Attempt::Over(self.stopped_early(true).await)),
            prepared = prepare::prepare(self.context, self.request, &mut record, survey, self.events) => prepared?,
        };
        // From the record to Azure's answer nothing may interrupt.
        let hash = self.request.blueprint.hash();
        let name = submit(
            self.context,
            &mut record,
            &prepared,
            survey,
            hash,
            self.events,
        )
        .await?;
        drop(lock);
        self.applied = true;
        let Prepared { plan, .. } = prepared;
        let same_plan = self
            .going
            .as_ref()
            .is_some_and(|(before, _)| *before == plan);
        if !same_plan {
            let group = &record.resource_group;
            let progress = begin(self.context, &plan, survey, &name, group).await;
            self.going = Some((plan, progress));
        }
        if self.request.detach {
            self.tell_started(&record, &name, false);
            return Ok(Attempt::Over(left(&record, Some(name))));
        }
        self.follow(record, survey, name, false).await
    }

    fn tell_started(&self, record: &Record, name: &str, found: bool) {
        tell(
            self.events,
            Event::Started {
                record: Box::new(record.clone()),
                deployment: name.to_owned(),
                found,
            },
        );
    }

    /// Follows a deployment and decides whether its failure passes by itself.
    async fn follow(
        &mut self,
        mut record: Record,
        survey: &Survey,
        name: String,
        found: bool,
    ) -> Result<Attempt, Problem> {
        let (plan, mut progress) = match self.going.take() {
            Some(going) => going,
            None => self.picture(&record, survey, &name).await?,
        };
        self.tell_started(&record, &name, found);
        if found && self.request.detach {
            return Ok(Attempt::Over(left(&record, Some(name))));
        }
        let group = record.resource_group.clone();
        let watch = Watch {
            context: self.context,
            events: self.events,
            control: self.control,
            group: &group,
            name: &name,
        };
        let Some(deployment) = watch.to_the_end(&mut progress).await? else {
            return Ok(Attempt::Over(left(&record, Some(name))));
        };
        if let Some(again) = self.again(&deployment, &progress) {
            let changes = progress.begin_attempt();
            let snapshot = Snapshot::of(&progress, deployment.duration);
            tell(self.events, Event::Steps { changes, snapshot });
            self.going = Some((plan, progress));
            return Ok(again);
        }
        let (context, events) = (self.context, self.events);
        finish::conclude(context, &mut record, &plan, &deployment, &progress, events)
            .await
            .map(Attempt::Over)
    }

    /// Plan and progress of a deployment that runs already.
    async fn picture(
        &self,
        record: &Record,
        survey: &Survey,
        name: &str,
    ) -> Result<(Plan, Progress), Problem> {
        let (blueprint, group) = (&self.request.blueprint, &record.resource_group);
        let plan = blueprint.plan(self.context, &record.settings, group)?;
        tell(self.events, Event::Planned(Box::new(plan.clone())));
        let progress = begin(self.context, &plan, survey, name, group).await;
        Ok((plan, progress))
    }

    fn again(&mut self, deployment: &Deployment, progress: &Progress) -> Option<Attempt> {
        if End::of(&deployment.state) != Some(End::Failed) || self.control.cancel.is_cancelled() {
            return None;
        }
        let reasons = finish::reasons(deployment, progress);
        let pause = self.history.pause(&reasons)?;
        Some(Attempt::Again(pause, reasons))
    }

    /// The outcome when a person left or cancelled while no deployment was running.
    async fn stopped_early(&self, cancelled: bool) -> Outcome {
        let full_name = self.request.settings.full_name();
        let record = self.context.records.read(&full_name).ok().flatten();
        let record = record.or_else(|| known_record(self.context, self.request).ok());
        let Some(record) = record.filter(|_| cancelled) else {
            return Outcome::Left(Box::new(Left {
                full_name,
                deployment: None,
            }));
        };
        let kept = match &self.going {
            Some((plan, _)) => cancel::kept(self.context, &record.resource_group, plan).await,
            None => Kept::default(),
        };
        Outcome::Cancelled(Box::new(Stopped {
            deployment: record.last_deployment().map(str::to_owned),
            record,
            took: Duration::ZERO,
            problems: Vec::new(),
            kept,
        }))
    }
}
