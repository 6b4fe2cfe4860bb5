//! The moment in which a hub's deployment is sent: prepared, its key kept, and only then asked for.

use std::time::Duration;

use jiff::Timestamp;

use super::Run;
use crate::{
    azure::arm::Submission,
    domain::{environment::deployment_name, peering::new_hub, problem::Problem, secret::Secret},
    engine::{
        KeyBased,
        event::{Event, Stage, stage, tell},
        peering::hub_key::{self, SharedKey},
        provider, right,
        survey::Survey,
    },
    template::hub as template,
};

impl Run<'_> {
    /// Prepares and sends a deployment; its name, or `None` when the person left or cancelled before.
    pub(super) async fn send(
        &mut self,
        survey: &Survey,
        key: &SharedKey,
        only_key: bool,
    ) -> Result<Option<String>, Problem> {
        let supply = hub_key::supply(self.context, self.hub, key, self.events).await?;
        let submission = self.submission(&supply.key, only_key);
        let prepared =
            self.control.unless_stopped(self.prepare(survey, &submission)).await.transpose()?;
        if prepared.is_none() {
            return Ok(None);
        }
        // From here to Azure's answer nothing may interrupt.
        hub_key::keep(self.context, self.hub, &supply, self.events).await?;
        let name = self.new_name(survey);
        stage(self.events, Stage::Submitting);
        let arm = &self.context.arm;
        if let Err(problem) = arm.create_deployment(&self.group, &name, &submission).await {
            // The request may have arrived though its answer did not.
            let arrived = arm.deployment(&self.group, &name).await;
            if !matches!(arrived, Ok(Some(_))) {
                return Err(problem);
            }
        }
        self.started(&name, false);
        Ok(Some(name))
    }

    fn submission(&self, key: &Secret, only_key: bool) -> Submission {
        let parameters = self.plan.parameters.clone().into_iter().collect();
        let mut whole = template::template().to_json().clone();
        if only_key {
            hub_key::only_tunnel(&mut whole);
        }
        let mut submission = Submission::new(whole, parameters);
        submission.secure.push((template::SHARED_KEY.to_owned(), key.duplicate()));
        submission
    }

    /// Everything before a deployment is sent. It costs nothing, and can be done again.
    async fn prepare(&self, survey: &Survey, submission: &Submission) -> Result<(), Problem> {
        let (context, events) = (self.context, self.events);
        stage(events, Stage::CheckingRights);
        right::check(context, &self.plan, KeyBased::Refused, events).await?;
        tell(events, Event::Planned(Box::new(self.plan.clone())));
        provider::register(context, &self.plan, events).await?;
        self.make_group(survey).await?;
        stage(events, Stage::Validating);
        context.arm.validate(&self.group, "privateaml-check", submission).await?;
        Ok(())
    }

    /// Makes the group, or renews its tags where they differ. Tags that others have set stay.
    async fn make_group(&self, survey: &Survey) -> Result<(), Problem> {
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
        stage(self.events, Stage::MakingGroup(self.group.clone()));
        self.context.arm.create_resource_group(&self.group, &self.hub.region, &all).await?;
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

    pub(super) fn started(&self, deployment: &str, found: bool) {
        tell(
            self.events,
            Event::HubStarted {
                hub: Box::new(self.hub.clone()),
                deployment: deployment.to_owned(),
                found,
            },
        );
    }
}
