//! The jumpbox's power: read, switched on, and switched off so that it costs nothing but its disk.
//!
//! Stopping always means deallocating: a machine that is only shut down is paid for as if it ran
//! (<https://learn.microsoft.com/azure/virtual-machines/states-billing>). Nothing else of the machine is changed.

use super::event::Events;
use super::work::{ResourceChange, Work};
use super::{Blueprint, Context, credentials};
use crate::azure::machine::Power;
use crate::domain::environment::Record;
use crate::domain::operation::{Ended, OperationStep};
use crate::domain::plan::{Plan, PlannedResource};
use crate::domain::problem::{Problem, Result, Retry};
use crate::engine::Control;
use crate::engine::guard::hold;

/// Most looks in a row without an answer.
const MOST_LOST: u32 = 20;

/// Starts the jumpbox; one that runs is left alone. Returns what it was before.
///
/// # Errors
/// When it is not there, or Azure refuses.
pub async fn start(
    context: &Context,
    record: &Record,
    control: &Control,
    events: &Events,
) -> Result<Ended<Power>> {
    let plan = plan(context, record)?;
    let _lock = hold(context, record)?;
    let work = switch_on(Work { context, events }, jumpbox(&plan)?, (1, 1));
    control.unless_left(work).await
}

/// Stops the jumpbox so that it costs nothing but its disk. Returns what it was before.
///
/// # Errors
/// When it is not there, or Azure refuses.
pub async fn stop(
    context: &Context,
    record: &Record,
    control: &Control,
    events: &Events,
) -> Result<Ended<Power>> {
    let plan = plan(context, record)?;
    let _lock = hold(context, record)?;
    let work = switch_off(Work { context, events }, jumpbox(&plan)?, (1, 1));
    control.unless_left(work).await
}

/// The plan of an environment as it was made.
pub(super) fn plan(context: &Context, record: &Record) -> Result<Plan> {
    Blueprint::of(record)?.plan(context, &record.settings, &record.resource_group)
}

/// The jumpbox of a plan.
pub(super) fn jumpbox(plan: &Plan) -> Result<&PlannedResource> {
    credentials::machine(plan).ok_or_else(|| {
        Problem::new(
            "NoJumpbox",
            "The template of this environment has no virtual machine.",
            "Use the machines of your own template as you do without this program.",
        )
    })
}

/// Starts a machine as one step of an act (`number` of `of`).
pub(super) async fn switch_on(
    work: Work<'_>,
    machine: &PlannedResource,
    (number, of): (usize, usize),
) -> Result<Power> {
    let before = settled(work, machine).await?;
    match before {
        Power::Running => {}
        Power::Absent => return Err(absent(machine)),
        _ => {
            work.step(OperationStep::StartingMachine { name: machine.name.clone() }, number, of);
            work.run_to_completion(&change(machine, "start")).await?;
            must_be(work, machine, Power::Running).await?;
        }
    }
    Ok(before)
}

/// Deallocates a machine as one step of an act. One that is not there costs nothing either.
pub(super) async fn switch_off(
    work: Work<'_>,
    machine: &PlannedResource,
    (number, of): (usize, usize),
) -> Result<Power> {
    let before = settled(work, machine).await?;
    match before {
        Power::Deallocated | Power::Absent => {}
        _ => {
            work.step(OperationStep::StoppingMachine { name: machine.name.clone() }, number, of);
            work.run_to_completion(&change(machine, "deallocate")).await?;
            must_be(work, machine, Power::Deallocated).await?;
        }
    }
    Ok(before)
}

/// Reads back that a machine is as it was asked to be.
async fn must_be(work: Work<'_>, machine: &PlannedResource, wanted: Power) -> Result<()> {
    let found = settled(work, machine).await?;
    if found == wanted {
        return Ok(());
    }
    Err(Problem::new(
        "PowerUnchanged",
        format!(
            "Azure took the request, but {} is {}, not {}.",
            machine.name,
            found.word(),
            wanted.word()
        ),
        "Run the same command again; if it stays, look at the virtual machine's activity log in the Azure portal.",
    )
    .at(machine.name.clone())
    .retry(Retry::Transient))
}

/// The power state once nobody changes it: Azure refuses to start what is being stopped.
async fn settled(work: Work<'_>, machine: &PlannedResource) -> Result<Power> {
    let mut lost = 0;
    loop {
        let pause = match work.context.arm.power(&machine.id).await {
            Ok(Power::Starting | Power::Stopping) => work.context.pace().next(None),
            Ok(settled) => return Ok(settled),
            Err(problem) if problem.is_unanswered() && lost < MOST_LOST => {
                lost += 1;
                work.context.pace().after_loss(lost)
            }
            Err(problem) => return Err(problem),
        };
        tokio::time::sleep(pause).await;
    }
}

fn change(machine: &PlannedResource, action: &'static str) -> ResourceChange {
    ResourceChange::Post { id: machine.id.clone(), action }
}

fn absent(machine: &PlannedResource) -> Problem {
    Problem::new(
        "JumpboxMissing",
        "The jumpbox is not there.",
        "`privateaml status` shows what exists. An unfinished deployment creates it: run `privateaml deploy` again.",
    )
    .at(machine.name.clone())
}
