//! The row of the names whose private DNS zones exist elsewhere: only what was seen to be registered is good.

use super::{HealthPart, HealthState, part};
use crate::domain::registration::Elsewhere;

/// The row, by what was seen.
pub(super) fn registered(elsewhere: &Elsewhere) -> HealthPart {
    let (all, good) = (elsewhere.names.len(), elsewhere.registered());
    let name = format!("{good} of {all}");
    let wrong = elsewhere.wrong();
    let (state, words) = if wrong > 0 {
        (HealthState::Bad, format!("{wrong} wrong or missing"))
    } else if good == all && all > 0 && elsewhere.unread.is_empty() {
        (HealthState::Good, "registered".to_owned())
    } else if all == 0 || !elsewhere.unread.is_empty() {
        (HealthState::Unknown, "could not be read".to_owned())
    } else {
        (HealthState::Unknown, format!("{} not seen", all - good))
    };
    part("Names", &name, state, words)
}
