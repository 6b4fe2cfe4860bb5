//! Makes a hub: a deployment of its own in a group of its own, followed like any other.
//!
//! As with an environment, what is done follows from what Azure has: a hub that is being made is followed, one that
//! failed is finished, one that stands is told. The shared key is kept and read back before anything is sent. It must
//! not ask anybody.

mod send;

use std::time::Duration;

use super::{
    hub_key::SharedKey,
    hub_state::{self, HubStands},
};
use crate::{
    azure::arm::Deployment,
    domain::{
        peering::{NewHub, new_hub},
        plan::Plan,
        problem::{Problem, Retry},
        progress::{End, Progress},
    },
    engine::{
        Context, Control, cancel,
        decide::{Decision, Group, decide},
        event::{Event, Events, Kept, Notice, Snapshot, Stage, notice, stage, tell},
        finish,
        follow::{Watched, carry_over, watch},
        retry::History,
        survey::{Survey, being_deleted, foreign},
        turn,
    },
    store::records::Lock,
    template::{hub as template, plan::PlanScope},
};

/// How `make_hub` ended.
#[derive(Debug)]
pub enum HubOutcome {
    /// The hub stands.
    Ready(Box<HubStands>),
    /// It stood already; nothing was changed.
    Stands(Box<HubStands>),
    /// It failed.
    Failed(Box<HubStopped>),
    /// It was cancelled.
    Cancelled(Box<HubStopped>),
    /// The watching ended before the deployment did.
    Left {
        /// The deployment; `None` when none had been sent yet.
        deployment: Option<String>,
    },
}

/// A hub whose deployment ended before its goal.
#[derive(Debug)]
pub struct HubStopped {
    /// The deployment; `None` when none was sent.
    pub deployment: Option<String>,
    /// How long it took, by Azure's clock.
    pub took: Duration,
    /// Why; empty when it was cancelled.
    pub problems: Vec<Problem>,
    /// What exists now.
    pub kept: Kept,
}

/// What would be made, by the account of the context.
///
/// # Errors
/// When the template cannot be resolved.
pub fn hub_plan(context: &Context, hub: &NewHub) -> Result<Plan, Problem> {
    let scope = PlanScope {
        subscription_id: context.arm.subscription_id().to_owned(),
        subscription_name: context.subscription_name.clone(),
        tenant_id: context.tenant_id.clone(),
        ..PlanScope::default()
    };
    template::plan(hub, &scope)
}

/// Makes a hub, goes on with one that is begun, or tells how it stands.
///
/// # Errors
/// When nothing could be sent: the account may not, Azure refuses, the key cannot be kept, or a hub of that name exists
/// that was made otherwise. What failed after it was sent is a `HubOutcome`.
pub async fn make_hub(
    context: &Context,
    hub: &NewHub,
    key: SharedKey,
    control: &Control,
    events: &Events,
) -> Result<HubOutcome, Problem> {
    let plan = hub_plan(context, hub)?;
    let run = Run {
        context,
        hub,
        control,
        events,
        progress: Progress::new(&plan),
        plan,
        group: hub.name.resource_group(),
        history: History::default(),
    };
    // A run holds a plan, a template and an answer at a time: too much for the stack of every caller.
    Box::pin(run.act(key)).await
}

/// One run of `make_hub`.
struct Run<'a> {
    context: &'a Context,
    hub: &'a NewHub,
    control: &'a Control,
    events: &'a Events,
    plan: Plan,
    progress: Progress,
    group: String,
    history: History,
}

impl Run<'_> {
    async fn act(mut self, key: SharedKey) -> Result<HubOutcome, Problem> {
        let Some(lock) = self.lock().await? else {
            return Ok(HubOutcome::Left { deployment: None });
        };
        stage(self.events, Stage::Looking);
        let Some(survey) = self.control.unless_stopped(self.survey()).await.transpose()? else {
            return Ok(HubOutcome::Left { deployment: None });
        };
        let running = match decide(survey.group, &survey.sent(), None) {
            Decision::Refuse => return Err(foreign(&self.group)),
            Decision::AwaitRemoval => return Err(being_deleted(&self.group)),
            Decision::Report(name) if !key.renews() => {
                self.check_same(&survey)?;
                let mut stands = hub_state::stands(self.context, self.hub, &self.plan).await?;
                stands.deployment = Some(name);
                return Ok(HubOutcome::Stands(Box::new(stands)));
            }
            Decision::Report(_) => {
                self.check_same(&survey)?;
                self.send(&survey, &key, true).await?
            }
            Decision::Follow(name) => {
                self.adopt(&survey, &name).await?;
                Some(name)
            }
            Decision::Create { .. } => self.send(&survey, &key, false).await?,
            Decision::Retry => {
                self.check_place(&survey)?;
                carry_over(self.context, &survey, "", &mut self.progress).await;
                self.send(&survey, &key, false).await?
            }
        };
        let Some(running) = running else {
            return Ok(HubOutcome::Left { deployment: None });
        };
        self.see_through(running, lock).await
    }

    /// Follows a deployment to its end, and the ones that have to be sent after it.
    async fn see_through(mut self, first: String, lock: Lock) -> Result<HubOutcome, Problem> {
        let (mut running, mut held) = (first, Some(lock));
        loop {
            drop(held.take());
            let (context, control, events) = (self.context, self.control, self.events);
            let watched =
                watch(context, &self.group, &running, &mut self.progress, control, events).await?;
            let (end, deployment) = match watched {
                Watched::Left => {
                    return Ok(HubOutcome::Left { deployment: Some(running) });
                }
                Watched::Ended(end, deployment) => (end, deployment),
            };
            if end == End::Succeeded {
                return self.finish(&deployment).await;
            }
            let problems = finish::failures(&self.progress, &deployment);
            let pause = (end == End::Failed).then(|| self.history.pause(&problems)).flatten();
            let next = match pause {
                Some(wait) if self.wait(wait, &problems).await => self.again(&mut held).await?,
                Some(_) => None,
                None => return Ok(self.stopped(end, &deployment, problems).await),
            };
            match next {
                Some(next) => running = next,
                None => {
                    return Ok(HubOutcome::Left { deployment: Some(running) });
                }
            }
        }
    }

    /// Sends it again, or takes over what another window has sent meanwhile.
    async fn again(&mut self, held: &mut Option<Lock>) -> Result<Option<String>, Problem> {
        *held = self.lock().await?;
        if held.is_none() {
            return Ok(None);
        }
        let survey = self.survey().await?;
        let changes = self.progress.begin_attempt();
        let snapshot = Snapshot::of(&self.progress, Duration::ZERO);
        tell(self.events, Event::Steps { changes, snapshot });
        let other = survey.deployments.iter().find(|each| !each.is_finished());
        if let Some(name) = other.map(|other| other.name.clone()) {
            self.adopt(&survey, &name).await?;
            return Ok(Some(name));
        }
        self.send(&survey, &SharedKey::kept(), false).await
    }

    async fn finish(&self, deployment: &Deployment) -> Result<HubOutcome, Problem> {
        stage(self.events, Stage::Checking);
        let mut stands = hub_state::stands(self.context, self.hub, &self.plan).await?;
        stands.took = deployment.duration;
        stands.deployment = Some(deployment.name.clone());
        Ok(HubOutcome::Ready(Box::new(stands)))
    }

    async fn stopped(
        &self,
        end: End,
        deployment: &Deployment,
        problems: Vec<Problem>,
    ) -> HubOutcome {
        let cancelled = end == End::Cancelled;
        let stopped = Box::new(HubStopped {
            deployment: Some(deployment.name.clone()),
            took: deployment.duration,
            problems: if cancelled { Vec::new() } else { problems },
            kept: cancel::kept(self.context, &self.group, &self.plan).await,
        });
        if cancelled { HubOutcome::Cancelled(stopped) } else { HubOutcome::Failed(stopped) }
    }

    async fn lock(&self) -> Result<Option<Lock>, Problem> {
        let name = hub_state::lock_name(&self.hub.name);
        turn::take(self.context, &name, self.control, self.events).await
    }

    async fn survey(&self) -> Result<Survey, Problem> {
        hub_state::survey(self.context, &self.hub.name).await
    }

    /// Refuses another region or address space for a hub of which something exists.
    fn check_place(&self, survey: &Survey) -> Result<(), Problem> {
        let Some(made) = made_with(survey) else {
            return Ok(());
        };
        let hub = self.hub;
        let same_space = made.address_space == hub.address_space || survey.deployments.is_empty();
        if made.region == hub.region && same_space {
            return Ok(());
        }
        Err(differs(&made))
    }

    /// Refuses another choice for a hub that stands.
    fn check_same(&self, survey: &Survey) -> Result<(), Problem> {
        match made_with(survey) {
            Some(made) if made != *self.hub => Err(differs(&made)),
            _ => Ok(()),
        }
    }

    /// Takes over a deployment that runs already.
    async fn adopt(&mut self, survey: &Survey, name: &str) -> Result<(), Problem> {
        if let Some(made) = made_with(survey)
            && made != *self.hub
        {
            notice(self.events, Notice::SettingsKept);
            self.plan = hub_plan(self.context, &made)?;
            self.progress = Progress::new(&self.plan);
        }
        carry_over(self.context, survey, name, &mut self.progress).await;
        tell(self.events, Event::Planned(Box::new(self.plan.clone())));
        self.started(name, true);
        Ok(())
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

/// What the hub was made with, as the group's tags tell.
fn made_with(survey: &Survey) -> Option<NewHub> {
    let group = survey.resource_group.as_ref();
    let group = group.filter(|_| survey.group == Group::Ours)?;
    new_hub::from_tags(&group.location, &group.tags)?.ok()
}

fn differs(made: &NewHub) -> Problem {
    let ranges: Vec<String> = made.on_premises_ranges.iter().map(ToString::to_string).collect();
    Problem::new(
        "SettingsDiffer",
        format!(
            "The hub {} exists otherwise: {} in {}, tier {}, on-premises {} behind {}, {} resolver.",
            made.name,
            made.address_space,
            made.region,
            made.sku.as_str(),
            ranges.join(", "),
            made.on_premises_address,
            if made.resolver { "with" } else { "without" },
        ),
        format!(
            "Leave the choices out to go on with it: privateaml hub {}. Or choose another name.",
            made.name
        ),
    )
    .at(made.name.to_string())
    .retry(Retry::AfterChange)
}
