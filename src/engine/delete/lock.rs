//! Locks in the way of a removal: named before anything is changed, and removed only when that was asked for.

use std::time::Duration;

use super::DeleteOptions;
use crate::azure::arm::Lock;
use crate::domain::environment::Record;
use crate::domain::operation::OperationStep;
use crate::domain::peering::az::quote;
use crate::domain::problem::{Problem, Result, Retry};
use crate::engine::work::Work;

/// Longest wait until a removed lock is no longer listed, by Azure's time.
const LAG: Duration = Duration::from_mins(3);

/// Makes sure that no lock stands in the way.
///
/// # Errors
/// Naming the locks, when they are not to be removed or are not the environment's.
pub(super) async fn release(work: Work<'_>, record: &Record, options: DeleteOptions) -> Result<()> {
    let arm = &work.context.arm;
    let locks = arm.locks(&record.resource_group).await?;
    let Some(first) = locks.first() else { return Ok(()) };
    let beyond = locks.iter().any(Lock::is_on_subscription);
    if !options.remove_locks || beyond {
        return Err(refusal(record, &locks, first, beyond));
    }
    let names = locks.iter().map(|lock| lock.name.clone()).collect();
    work.step(OperationStep::RemovingLocks { names }, 1, super::STEPS);
    for lock in &locks {
        arm.remove_lock(lock).await?;
    }
    // Azure goes on refusing for a while after a lock is gone.
    let listing = async {
        while !arm.locks(&record.resource_group).await?.is_empty() {
            tokio::time::sleep(work.context.pace().next(None)).await;
        }
        Ok(())
    };
    match tokio::time::timeout(LAG, listing).await {
        Ok(listed) => listed,
        Err(_) => Err(refusal(record, &locks, first, false)),
    }
}

fn refusal(record: &Record, locks: &[Lock], first: &Lock, beyond: bool) -> Problem {
    let named: Vec<String> = locks
        .iter()
        .map(|lock| format!("{} ({}) on {}", lock.name, lock.level, lock.scope()))
        .collect();
    let name = &record.full_name;
    let advice = if beyond {
        format!(
            "A lock on the whole subscription is never removed by this program. Ask its owner, or remove it \
             with: az lock \
             delete --ids {}. Nothing was changed.",
            quote(&first.id)
        )
    } else {
        format!(
            "Ask whoever set them. To have them removed: privateaml delete {name} --remove-locks; or each \
             with: az lock \
             delete --ids {}. Nothing was changed.",
            quote(&first.id)
        )
    };
    Problem::new(
        "EnvironmentLocked",
        format!("Locks keep the environment from being deleted: {}.", named.join("; ")),
        advice,
    )
    .at(record.resource_group.clone())
    .retry(Retry::AfterChange)
}
