//! Everything before a deployment is sent: credentials found, services registered, rights checked, group made, the
//! deployment checked by Azure. Nothing here costs money, and all of it can be done again.

use std::collections::BTreeMap;

use super::credentials::{self, Supply};
use super::decide::GroupState;
use super::event::Events;
use super::survey::Survey;
use super::{Blueprint, Context, DeployRequest, provider, right};
use crate::azure::arm::Submission;
use crate::domain::environment::{Phase, Record, tags};
use crate::domain::operation::{Event, Notice, Stage};
use crate::domain::plan::Plan;
use crate::domain::problem::Result;
use crate::domain::settings::DatastoreAccess;

/// A deployment that is ready to be sent.
#[derive(Debug)]
pub(super) struct Prepared {
    pub plan: Plan,
    pub supply: Supply,
    pub submission: Submission,
}

/// Prepares a deployment of the record's settings.
pub(super) async fn prepare(
    context: &Context,
    request: &DeployRequest,
    record: &mut Record,
    survey: &Survey,
    events: &Events,
) -> Result<Prepared> {
    let blueprint = &request.blueprint;
    let group = record.resource_group.clone();
    let mut plan = blueprint.plan(context, &record.settings, &group)?;
    let machine = existing_machine(context, &plan, survey).await?;
    let template = blueprint.template();
    let supply = credentials::supply(context, record, template, machine.as_ref(), events).await?;
    events.stage(Stage::CheckingRights);
    let verdict = right::check(context, &plan, request.key_based, events).await?;
    if verdict == right::RightsVerdict::KeyBased {
        plan = key_based(context, blueprint, record)?;
        events.notice(Notice::KeyBased);
    }
    events.tell(Event::Planned(Box::new(plan.clone())));
    // From here on the name is settled: it must be found again whatever happens.
    record.phase = Phase::Preparing;
    record.template = blueprint.directory().map(Into::into);
    record.credentials = context.keeping();
    context.records.write(record)?;
    provider::register(context, &plan, events).await?;
    make_group(context, record, survey, &blueprint.hash(), events).await?;
    let submission = credentials::submission(template, &plan, &supply);
    events.stage(Stage::Validating);
    context.arm.validate(&group, "privateaml-check", &submission).await?;
    Ok(Prepared { plan, supply, submission })
}

/// The jumpbox as an earlier attempt left it.
async fn existing_machine(
    context: &Context,
    plan: &Plan,
    survey: &Survey,
) -> Result<Option<serde_json::Value>> {
    match credentials::machine(plan) {
        Some(machine) if survey.group == GroupState::Ours => {
            context.arm.resource(&machine.id).await
        }
        _ => Ok(None),
    }
}

/// The plan without role assignments, which the record then keeps.
fn key_based(context: &Context, blueprint: &Blueprint, record: &mut Record) -> Result<Plan> {
    let mut settings = record.settings.clone();
    settings.datastore_access = DatastoreAccess::AccountKey;
    let plan = blueprint.plan(context, &settings, &record.resource_group)?;
    if right::assigns_roles(&plan) {
        return Err(right::cannot_assign());
    }
    record.settings = settings;
    Ok(plan)
}

/// Makes the group, or renews its tags where they differ. Tags that others have set stay.
async fn make_group(
    context: &Context,
    record: &Record,
    survey: &Survey,
    hash: &str,
    events: &Events,
) -> Result<()> {
    let ours = tags::tags(&record.settings, Some(hash))?;
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    if let Some(group) = &survey.resource_group {
        let foreign = group.tags.iter().filter(|(key, _)| !tags::is_ours(key));
        all.extend(foreign.map(|(key, value)| (key.clone(), value.clone())));
        all.extend(ours.clone());
        if all == group.tags {
            return Ok(());
        }
    } else {
        all = ours;
    }
    events.stage(Stage::MakingGroup(record.resource_group.clone()));
    context
        .arm
        .create_resource_group(&record.resource_group, &record.settings.region, &all)
        .await?;
    Ok(())
}
