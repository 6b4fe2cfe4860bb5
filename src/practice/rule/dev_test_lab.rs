//! The shutdown schedule of a virtual machine: a fixed name, a time of day, a machine that exists.

use super::Proposed;
use crate::practice::json::HasJson as _;
use crate::practice::reply::Result;

pub(super) fn preflight(proposed: &Proposed<'_>) -> Result<()> {
    let is_shutdown = proposed.says("/properties/taskType", "ComputeVmShutdownTask");
    if !proposed.is("Microsoft.DevTestLab/schedules") || !is_shutdown {
        return Ok(());
    }
    if let Some(machine) = proposed.id_at("/properties/targetResourceId") {
        let wanted = format!("shutdown-computevm-{}", machine.name());
        if !proposed.id.name().eq_ignore_ascii_case(&wanted) {
            return Err(bad_request!(
                "InvalidScheduleName",
                "The schedule for a virtual machine must have the name '{wanted}', not '{}'.",
                proposed.id.name()
            ));
        }
    }
    let time = proposed.text("/properties/dailyRecurrence/time");
    let digits: String = time.chars().filter(|c| *c != ':').collect();
    let valid = digits.len() == 4
        && digits.bytes().all(|b| b.is_ascii_digit())
        && digits.get(..2).is_some_and(|hours| hours < "24")
        && digits.get(2..).is_some_and(|minutes| minutes < "60");
    if valid {
        return Ok(());
    }
    Err(bad_request!(
        "InvalidScheduleTime",
        "The time '{time}' of schedule {} is not valid. It must have the form 1900.",
        proposed.id.name()
    ))
}
