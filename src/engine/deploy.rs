//! `deploy`: creates an environment, follows one that is being created, finishes one that failed, reports on one that
//! exists or sets it again (`run`).

use jiff::Timestamp;

use super::decide::Decision;
use super::event::Events;
use super::known::{check_fits, known_record};
use super::prepare::{Prepared, prepare};
use super::run::{Run, Stack};
use super::submit::submit;
use super::survey::Survey;
use super::{Blueprint, Context, Control, finish, forecast, inventory};
use crate::azure::arm::Deployment;
use crate::domain::environment::{Phase, Record};
use crate::domain::operation::{DeployedEnvironment, Ended, Notice, Stage, Subject};
use crate::domain::plan::Plan;
use crate::domain::problem::Result;
use crate::domain::settings::Settings;

/// What is to be deployed, and how.
#[derive(Debug)]
pub struct DeployRequest {
    /// What was chosen.
    pub settings: Settings,
    /// The resource group's name.
    pub resource_group: String,
    /// The template.
    pub blueprint: Blueprint,
    /// True to return as soon as Azure has accepted the deployment.
    pub detach: bool,
    /// True to deploy again over an environment that stands: what the template sets is set again.
    pub mend: bool,
}

/// Deploys. See the module's text.
///
/// # Errors
/// When nothing could be sent: the account may not, Azure refuses the deployment, the credentials cannot be kept, the
/// settings do not fit an environment that exists. What failed after it was sent is `Ended::Stopped`.
pub async fn deploy(
    context: &Context,
    request: &DeployRequest,
    control: &Control,
    events: &Events,
) -> Result<Ended<DeployedEnvironment>> {
    let record = known_record(context, request)?;
    let plan = request.blueprint.plan(context, &request.settings, &record.resource_group)?;
    let stack = Environment { request, record, plan };
    // A run holds a plan, a template and an answer at a time: too much for the stack of every caller.
    Box::pin(Run::new(stack, context, control, events).act(request.detach)).await
}

/// An environment as it is deployed.
pub(super) struct Environment<'a> {
    pub request: &'a DeployRequest,
    pub record: Record,
    pub plan: Plan,
}

impl Stack for Environment<'_> {
    type Done = DeployedEnvironment;
    type Prepared = Prepared;

    fn lock_name(&self) -> String {
        self.record.full_name.clone()
    }

    fn subject(&self) -> Subject {
        Subject::Environment(Box::new(self.record.clone()))
    }

    fn group(&self) -> &str {
        &self.record.resource_group
    }

    fn plan(&self) -> &Plan {
        &self.plan
    }

    fn record(&self) -> Option<&Record> {
        Some(&self.record)
    }

    fn last(&self) -> Option<String> {
        self.record.last_deployment().map(str::to_owned)
    }

    fn refresh(&mut self, context: &Context) -> Result<()> {
        self.record = known_record(context, self.request)?;
        Ok(())
    }

    async fn survey(&self, context: &Context) -> Result<Survey> {
        let record = &self.record;
        let last = record.last_deployment();
        Survey::read(context, &record.resource_group, &record.full_name, last).await
    }

    fn check(&mut self, survey: &Survey, _: &Decision) -> Result<()> {
        self.record.settings = check_fits(&self.record, survey, &self.request.settings)?;
        Ok(())
    }

    fn deploys_over(&self) -> bool {
        self.request.mend
    }

    async fn prepare(
        &mut self,
        context: &Context,
        survey: &Survey,
        events: &Events,
    ) -> Result<Prepared> {
        let linked = self.record.settings.hub.take();
        self.record.settings = self.request.settings.clone();
        // A hub is none of the template's business: it is known until it is taken away.
        if self.record.settings.hub.is_none() && !survey.deployments.is_empty() {
            self.record.settings.hub = linked;
        }
        let prepared = prepare(context, self.request, &mut self.record, survey, events).await?;
        self.plan = prepared.plan.clone();
        Ok(prepared)
    }

    async fn submit(
        &mut self,
        context: &Context,
        survey: &Survey,
        prepared: Prepared,
        events: &Events,
    ) -> Result<String> {
        let hash = self.request.blueprint.hash();
        submit(context, &mut self.record, &prepared, survey, hash, events).await
    }

    fn adopt(
        &mut self,
        context: &Context,
        _: &Survey,
        deployment: &str,
        events: &Events,
    ) -> Result<()> {
        if let Some(newest) = context.records.read(&self.record.full_name)? {
            self.record = newest;
        }
        let record = &mut self.record;
        if record.settings != self.request.settings {
            events.notice(Notice::SettingsKept);
        }
        // A copy that was edited and is gone since only blurs the picture.
        let own = Blueprint::of(record);
        let blueprint = own.as_ref().unwrap_or(&self.request.blueprint);
        self.plan = blueprint.plan(context, &record.settings, &record.resource_group)?;
        record.phase = Phase::Deploying;
        record.note_attempt(deployment, Timestamp::now());
        finish::told_if_lost(context.records.write(record), events);
        Ok(())
    }

    /// Says what a further deployment would change, and changes nothing.
    async fn report(
        &mut self,
        context: &Context,
        survey: &Survey,
        deployment: &str,
        events: &Events,
    ) -> Result<DeployedEnvironment> {
        let (record, plan) = (&mut self.record, &self.plan);
        events.stage(Stage::Previewing);
        let forecast = forecast::of_plan(context, record, plan, &self.request.blueprint).await?;
        events.stage(Stage::Checking);
        let problems = finish::differences(context, plan).await?;
        record.phase = finish::standing(&problems);
        record.note_attempt(deployment, Timestamp::now());
        finish::told_if_lost(context.records.write(record), events);
        let outputs = survey.deployment(deployment).map(|found| finish::outputs(&found.outputs));
        Ok(DeployedEnvironment {
            credentials: finish::kept_at(context, record).await,
            elsewhere: inventory::elsewhere(context, plan).await,
            record: record.clone(),
            deployment: deployment.to_owned(),
            took: None,
            outputs: outputs.unwrap_or_default(),
            forecast,
            problems,
        })
    }

    async fn finish(
        &mut self,
        context: &Context,
        deployment: &Deployment,
        events: &Events,
    ) -> Result<Ended<DeployedEnvironment>> {
        finish::finish(context, &mut self.record, &self.plan, deployment, events).await
    }

    fn note(&mut self, context: &Context, phase: Phase, events: &Events) {
        finish::note_done(context, &mut self.record, phase, events);
    }
}
