//! Everything before a deployment is sent: credentials found, the deployment validated by Azure before anything is
//! written, services registered, group created. Nothing here costs money, and all of it can be done again.

use std::collections::BTreeMap;

use super::credentials::{self, Supply};
use super::decide::GroupState;
use super::event::Events;
use super::survey::Survey;
use super::validation;
use super::{Context, DeployRequest, provider};
use crate::azure::arm::{ResourceGroup, Submission};
use crate::domain::action::Action;
use crate::domain::environment::{Phase, Record, tags};
use crate::domain::operation::{Event, Notice, Stage};
use crate::domain::plan::Plan;
use crate::domain::problem::{Problem, Result};

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
    let plan = blueprint.plan(context, &record.settings, &group)?;
    let machine = existing_machine(context, &plan, survey).await?;
    let template = blueprint.template();
    let supply = credentials::supply(context, record, template, machine.as_ref(), events).await?;
    let submission = credentials::submission(template, &plan, &supply);
    events.tell(Event::Planned(Box::new(plan.clone())));
    events.stage(Stage::Validating);
    let exists = survey.resource_group.is_some();
    let region = &plan.region;
    let told = validation::validate(context, &group, region, exists, &submission).await?;
    // From here on something is written, which must be found again whatever happens.
    record.phase = Phase::Preparing;
    record.template = blueprint.directory().map(Into::into);
    record.credentials = context.keeping();
    context.records.write(record)?;
    provider::register(context, &plan, events).await?;
    make_group(context, record, survey, &blueprint.hash(), events).await?;
    if !exists || told.is_some() {
        events.stage(Stage::Validating);
        let told = validation::validate(context, &group, region, true, &submission).await;
        if let Err(problem) = told {
            return Err(if exists { problem } else { take_back(context, record, problem).await });
        }
    }
    Ok(Prepared { plan, supply, submission })
}

/// Takes the group back that was created for a deployment which Azure then refused, as long as it is empty: what was
/// tried in vain leaves nothing behind.
async fn take_back(context: &Context, record: &mut Record, problem: Problem) -> Problem {
    if problem.is_transient() || problem.is_unanswered() {
        // It is asked once more, into the group that is there by then.
        return problem;
    }
    let group = &record.resource_group;
    let arm = &context.arm;
    let is_empty = matches!(arm.resources_if_there(group).await, Ok(Some(all)) if all.is_empty());
    let what = if is_empty && remove(context, group).await.is_ok() {
        if record.attempts.is_empty() {
            // That it stays is told by the list.
            let _ = context.records.remove(&record.full_name);
        }
        format!("{} The resource group {group}, empty, was removed again.", problem.what)
    } else {
        format!("{} The resource group {group} was created, and exists.", problem.what)
    };
    Problem { what, ..problem }
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

/// Removes a group that is empty, and waits for the end.
async fn remove(context: &Context, group: &str) -> Result<()> {
    let started = context.arm.delete_resource_group(group).await?;
    context.arm.finish(started, |_| {}).await.map(drop)
}

/// Removes a group of ours that is in another region than what is to be deployed. A group keeps its region, so it is
/// removed and created anew, which costs nothing while it is empty.
async fn leave_region(context: &Context, group: &ResourceGroup, region: &str) -> Result<bool> {
    if group.location.eq_ignore_ascii_case(region) {
        return Ok(false);
    }
    let inside = context.arm.resources_if_there(&group.name).await?;
    if inside.is_some_and(|all| !all.is_empty()) {
        return Err(Problem::new(
            "GroupNotEmpty",
            format!("The resource group {} is in {} and not empty.", group.name, group.location),
            "A group and what is in it keep their region. Choose that region, or other digits.",
        )
        .at("--region")
        .helped_by([Action::set("--region", &group.location), Action::NewDigits]));
    }
    remove(context, &group.name).await.map(|()| true)
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
    let mut known = survey.resource_group.as_ref();
    if let Some(group) = known
        && leave_region(context, group, &record.settings.region).await?
    {
        events.notice(Notice::GroupMoved);
        known = None;
    }
    if let Some(group) = known {
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
