//! Creates a hub: a deployment of its own in a group of its own, run like any other (`engine::run`).
//!
//! The shared key is kept and read back before anything is sent.

use std::time::Duration;

use jiff::Timestamp;

use super::hub_key::{self, SharedKey, Supply};
use super::hub_state;
use crate::azure::arm::{Deployment, Submission};
use crate::domain::environment::{Phase, Record, deployment_name};
use crate::domain::operation::{DeployedHub, Ended, Event, Notice, Stage, Subject};
use crate::domain::peering::{NewHub, new_hub};
use crate::domain::plan::Plan;
use crate::domain::problem::{Problem, Result, Retry};
use crate::domain::secret::Secret;
use crate::engine::decide::{Decision, GroupState};
use crate::engine::event::Events;
use crate::engine::run::{Run, Stack};
use crate::engine::survey::Survey;
use crate::engine::{Context, Control, provider};
use crate::template::hub as template;
use crate::template::plan::PlanScope;

/// What would be made, by the account of the context.
///
/// # Errors
/// When the template cannot be resolved.
pub fn hub_plan(context: &Context, hub: &NewHub) -> Result<Plan> {
    let scope = PlanScope {
        subscription_id: context.arm.subscription_id().to_owned(),
        subscription_name: context.subscription_name.clone(),
        tenant_id: context.tenant_id.clone(),
        ..PlanScope::default()
    };
    template::plan(hub, &scope)
}

/// Creates a hub, goes on with one that is begun, or tells how it is.
///
/// # Errors
/// When nothing could be sent: the account may not, Azure refuses, the key cannot be kept, or a hub of that name exists
/// with other settings. What failed after it was sent is `Ended::Stopped`.
pub async fn make_hub(
    context: &Context,
    hub: &NewHub,
    key: SharedKey,
    control: &Control,
    events: &Events,
) -> Result<Ended<DeployedHub>> {
    let stack = HubStack {
        plan: hub_plan(context, hub)?,
        group: hub.name.resource_group(),
        hub,
        key,
        last: None,
        only_key: false,
    };
    // A run holds a plan, a template and an answer at a time: too much for the stack of every caller.
    Box::pin(Run::new(stack, context, control, events).act(false)).await
}

/// A hub as it is deployed.
struct HubStack<'a> {
    hub: &'a NewHub,
    plan: Plan,
    group: String,
    key: SharedKey,
    last: Option<String>,
    /// Whether only the tunnel is sent, with another key.
    only_key: bool,
}

impl Stack for HubStack<'_> {
    type Done = DeployedHub;
    type Prepared = (Supply, Submission);

    fn lock_name(&self) -> String {
        hub_state::lock_name(&self.hub.name)
    }

    fn subject(&self) -> Subject {
        Subject::Hub(Box::new(self.hub.clone()))
    }

    fn group(&self) -> &str {
        &self.group
    }

    fn plan(&self) -> &Plan {
        &self.plan
    }

    fn record(&self) -> Option<&Record> {
        None
    }

    fn last(&self) -> Option<String> {
        self.last.clone()
    }

    fn refresh(&mut self, _: &Context) -> Result<()> {
        Ok(())
    }

    async fn survey(&self, context: &Context) -> Result<Survey> {
        hub_state::survey(context, &self.hub.name).await
    }

    /// Refuses another choice for a hub that exists, and another region or address space where it is begun.
    fn check(&mut self, survey: &Survey, decision: &Decision) -> Result<()> {
        let Some(made) = made_with(survey) else { return Ok(()) };
        let fits = match decision {
            Decision::Report(_) => made == *self.hub,
            Decision::Retry => {
                made.region == self.hub.region
                    && (made.address_space == self.hub.address_space
                        || survey.deployments.is_empty())
            }
            _ => true,
        };
        self.only_key = matches!(decision, Decision::Report(_));
        if fits { Ok(()) } else { Err(differs(&made)) }
    }

    fn deploys_over(&self) -> bool {
        self.key.renews()
    }

    async fn prepare(
        &mut self,
        context: &Context,
        survey: &Survey,
        events: &Events,
    ) -> Result<Self::Prepared> {
        let supply = hub_key::supply(context, self.hub, &self.key, events).await?;
        let submission = self.submission(&supply.key);
        events.tell(Event::Planned(Box::new(self.plan.clone())));
        provider::register(context, &self.plan, events).await?;
        self.make_group(context, survey, events).await?;
        events.stage(Stage::Validating);
        context.arm.validate(&self.group, "privateaml-check", &submission).await?;
        Ok((supply, submission))
    }

    async fn submit(
        &mut self,
        context: &Context,
        survey: &Survey,
        (supply, submission): Self::Prepared,
        events: &Events,
    ) -> Result<String> {
        hub_key::keep(context, self.hub, &supply, events).await?;
        let name = self.new_name(survey);
        events.stage(Stage::Submitting);
        let arm = &context.arm;
        if let Err(problem) = arm.create_deployment(&self.group, &name, &submission).await {
            // The request may have arrived though its answer did not.
            let arrived = arm.deployment(&self.group, &name).await;
            if !matches!(arrived, Ok(Some(_))) {
                return Err(problem);
            }
        }
        // A repetition sends everything, with the key that is kept by now.
        (self.key, self.only_key) = (SharedKey::kept(), false);
        self.last = Some(name.clone());
        Ok(name)
    }

    fn adopt(
        &mut self,
        context: &Context,
        survey: &Survey,
        deployment: &str,
        events: &Events,
    ) -> Result<()> {
        if let Some(made) = made_with(survey)
            && made != *self.hub
        {
            events.notice(Notice::SettingsKept);
            self.plan = hub_plan(context, &made)?;
        }
        self.last = Some(deployment.to_owned());
        Ok(())
    }

    async fn report(
        &mut self,
        context: &Context,
        _: &Survey,
        deployment: &str,
        _: &Events,
    ) -> Result<DeployedHub> {
        let stands = hub_state::stands(context, self.hub, &self.plan).await?;
        Ok(DeployedHub { deployment: Some(deployment.to_owned()), ..stands })
    }

    async fn finish(
        &mut self,
        context: &Context,
        deployment: &Deployment,
        events: &Events,
    ) -> Result<Ended<DeployedHub>> {
        events.stage(Stage::Checking);
        let stands = hub_state::stands(context, self.hub, &self.plan).await?;
        let (deployment, took) = (Some(deployment.name.clone()), Some(deployment.duration));
        Ok(Ended::Done(DeployedHub { deployment, took, ..stands }))
    }

    /// The tags of its group tell how far it is.
    fn note(&mut self, _: &Context, _: Phase, _: &Events) {}
}

impl HubStack<'_> {
    fn submission(&self, key: &Secret) -> Submission {
        let parameters = self.plan.parameters.clone().into_iter().collect();
        let mut whole = template::template().to_json().clone();
        if self.only_key {
            hub_key::only_tunnel(&mut whole);
        }
        let mut submission = Submission::new(whole, parameters);
        submission.secure.push((template::SHARED_KEY.to_owned(), key.duplicate()));
        submission
    }

    /// Makes the group, or renews its tags where they differ. Tags that others have set stay.
    async fn make_group(&self, context: &Context, survey: &Survey, events: &Events) -> Result<()> {
        let mut all = new_hub::tags(self.hub)?;
        if let Some(group) = &survey.resource_group {
            for (key, value) in &group.tags {
                let ours = all.keys().any(|each| each.eq_ignore_ascii_case(key));
                if !ours {
                    all.insert(key.clone(), value.clone());
                }
            }
            if all == group.tags {
                return Ok(());
            }
        }
        events.stage(Stage::MakingGroup(self.group.clone()));
        context.arm.create_resource_group(&self.group, &self.hub.region, &all).await?;
        Ok(())
    }

    /// A deployment's name that none in the group has.
    fn new_name(&self, survey: &Survey) -> String {
        let mut moment = Timestamp::now();
        loop {
            let name = deployment_name(&self.hub.name.full_name(), moment);
            let taken = survey.deployments.iter().any(|each| each.name == name);
            match moment.checked_add(Duration::from_secs(1)) {
                Ok(next) if taken => moment = next,
                _ => return name,
            }
        }
    }
}

/// What the hub was made with, as the group's tags tell.
fn made_with(survey: &Survey) -> Option<NewHub> {
    let group = survey.resource_group.as_ref();
    let group = group.filter(|_| survey.group == GroupState::Ours)?;
    new_hub::from_tags(&group.location, &group.tags)?.ok()
}

fn differs(made: &NewHub) -> Problem {
    let ranges: Vec<String> = made.on_premises_ranges.iter().map(ToString::to_string).collect();
    Problem::new(
        "SettingsDiffer",
        format!(
            "Hub {} already exists with different settings: {} in {}, tier {}, on-premises {} behind {}, {} resolver.",
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
