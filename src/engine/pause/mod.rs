//! Pausing an environment and taking it up again: what costs by the hour is switched off, and comes back as it was.
//!
//! The firewall is deallocated by writing it without its IP configurations and comes back by writing them again
//! (<https://learn.microsoft.com/azure/firewall/firewall-faq#how-can-i-stop-and-start-azure-firewall>). Its private
//! address can be another one then, so the default route is led to it. Both acts look at what is there and do only
//! what is missing: run again after an interruption they end where they were asked to. Computes are stopped and never
//! started.

mod firewall;

use serde_json::Value;

pub use self::firewall::is_paused;
use self::firewall::{allocate, deallocate, repair_route};
use super::decide::GroupState;
use super::event::Events;
use super::survey::{Survey, agree, being_deleted, foreign};
use super::work::{ResourceChange, Work};
use super::{Context, Control, finish, intent, power};
use crate::domain::environment::intent::Intent;
use crate::domain::environment::{Phase, Record};
use crate::domain::operation::{Ended, OperationStep, Stage};
use crate::domain::plan::{Plan, PlannedResource};
use crate::domain::problem::{Problem, Result, Retry};
use crate::domain::progress::DeploymentEnd;
use crate::domain::resource;
use crate::engine::guard::hold;

/// Pauses an environment: computes, jumpbox and firewall are switched off.
///
/// # Errors
/// When it is not there, is being deployed or deleted, or Azure refuses.
pub async fn pause(
    context: &Context,
    record: &Record,
    control: &Control,
    events: &Events,
) -> Result<Ended<()>> {
    let _lock = hold(context, record)?;
    control.unless_left(pausing(Work { context, events }, record)).await
}

/// Takes an environment up again: firewall, route and jumpbox.
///
/// # Errors
/// As `pause`.
pub async fn resume(
    context: &Context,
    record: &Record,
    control: &Control,
    events: &Events,
) -> Result<Ended<()>> {
    let _lock = hold(context, record)?;
    control.unless_left(resuming(Work { context, events }, record)).await
}

async fn pausing(work: Work<'_>, record: &Record) -> Result<()> {
    let plan = power::plan(work.context, record)?;
    admit(work, record).await?;
    let group = &record.resource_group;
    intent::set(work, group, Intent::Pause).await?;
    stop_computes(work, &plan).await?;
    // A template of somebody's own may have no machine.
    if let Ok(machine) = power::jumpbox(&plan) {
        power::switch_off(work, machine, (2, 3)).await?;
    }
    for firewall in of_type(&plan, resource::FIREWALL) {
        deallocate(work, firewall).await?;
    }
    note(work, record, Phase::Paused);
    intent::clear(work, group, Intent::Pause).await;
    Ok(())
}

async fn resuming(work: Work<'_>, record: &Record) -> Result<()> {
    let plan = power::plan(work.context, record)?;
    admit(work, record).await?;
    let group = &record.resource_group;
    intent::set(work, group, Intent::Resume).await?;
    for firewall in of_type(&plan, resource::FIREWALL) {
        let address = allocate(work, firewall).await?;
        for table in of_type(&plan, resource::ROUTE_TABLE) {
            repair_route(work, table, &address).await?;
        }
    }
    if let Ok(machine) = power::jumpbox(&plan) {
        power::switch_on(work, machine, (3, 3)).await?;
    }
    note(work, record, Phase::Ready);
    intent::clear(work, group, Intent::Resume).await;
    Ok(())
}

/// Refuses what is no environment of ours, and one that is being made or removed.
pub(super) async fn admit(work: Work<'_>, record: &Record) -> Result<()> {
    agree(work.context, record)?;
    work.events.stage(Stage::Looking);
    let survey = Survey::read(
        work.context,
        &record.resource_group,
        &record.full_name,
        record.last_deployment(),
    )
    .await?;
    match survey.group {
        GroupState::Ours => {}
        GroupState::Foreign => return Err(foreign(&record.resource_group)),
        GroupState::BeingDeleted => return Err(being_deleted(&record.resource_group)),
        GroupState::Absent => return Err(absent(record)),
    }
    if survey.intent() == Some(Intent::Delete) {
        return Err(Problem::new(
            "DeletionBegun",
            "Somebody has started to delete this environment, and parts of it may be gone.",
            format!("Finish it: privateaml delete {}", record.full_name),
        )
        .at(record.resource_group.clone()));
    }
    let running = survey.deployments.iter().find(|each| DeploymentEnd::of(&each.state).is_none());
    match running {
        None => Ok(()),
        Some(deployment) => Err(Problem::new(
            "DeploymentRunning",
            "The environment is being deployed.",
            format!("Wait for the end: privateaml status {} --follow", record.full_name),
        )
        .at(deployment.name.clone())
        .retry(Retry::AfterChange)),
    }
}

fn absent(record: &Record) -> Problem {
    Problem::new(
        "EnvironmentGone",
        "The environment's resource group is not in Azure.",
        "`privateaml list` shows the environments there are.",
    )
    .at(record.resource_group.clone())
}

/// The record of this machine, where there is one, takes the phase.
fn note(work: Work<'_>, record: &Record, phase: Phase) {
    let written = match work.context.records.read(&record.full_name) {
        Ok(None) => Ok(()),
        Ok(Some(_)) => finish::note(work.context, &mut record.clone(), phase),
        Err(problem) => Err(problem),
    };
    finish::told_if_lost(written, work.events);
}

pub(super) fn of_type<'a>(
    plan: &'a Plan,
    kind: &'a str,
) -> impl Iterator<Item = &'a PlannedResource> {
    plan.resources.iter().filter(move |resource| resource.resource_type.eq_ignore_ascii_case(kind))
}

/// Stops compute instances that run. Clusters without nodes cost nothing and are left.
async fn stop_computes(work: Work<'_>, plan: &Plan) -> Result<()> {
    let mut stops = Vec::new();
    let mut names = Vec::new();
    for workspace in of_type(plan, resource::WORKSPACE) {
        let path = format!("{}/computes", workspace.id);
        let computes = work.context.arm.resource_list(&path).await?;
        for compute in computes.iter().flatten().filter(|compute| is_on(compute)) {
            let text = |key: &str| compute.get(key).and_then(Value::as_str);
            if let (Some(id), Some(name)) = (text("id"), text("name")) {
                names.push(name.to_owned());
                stops.push(ResourceChange::Post { id: id.to_owned(), action: "stop" });
            }
        }
    }
    if stops.is_empty() {
        return Ok(());
    }
    work.step(OperationStep::StoppingComputes { names }, 1, 3);
    work.run_all(&stops, "compute").await
}

fn is_on(compute: &Value) -> bool {
    let text = |pointer: &str| compute.pointer(pointer).and_then(Value::as_str);
    text("/properties/computeType") == Some("ComputeInstance")
        && !matches!(
            text("/properties/properties/state"),
            Some("Stopped" | "Stopping" | "Deleting" | "CreateFailed")
        )
}
