//! What the one comparison says of a part: what of its types was not planned or is not known.

use super::{HealthPart, HealthState};
use crate::domain::comparison::{Comparison, Verdict};
use crate::domain::resource;

/// Says of a part what of it was not planned, or is not known.
pub(super) fn say(part: &mut HealthPart, comparison: &Comparison) {
    let count = |verdict| {
        let items = comparison.of(verdict);
        items.filter(|each| resource::part(&each.resource_type) == part.title).count()
    };
    let (strange, unknown) = (count(Verdict::NotPlanned), count(Verdict::NotReadable));
    let (state, words) = match (strange, unknown, part.state) {
        (1.., _, HealthState::Good | HealthState::Off | HealthState::Unknown) => {
            (HealthState::Warning, format!("{strange} not as planned"))
        }
        (0, 1.., HealthState::Good) => (HealthState::Unknown, format!("{unknown} not known")),
        _ => return,
    };
    part.words = match part.words.as_str() {
        "as planned" | "private only" => words,
        told => format!("{told}; {words}"),
    };
    part.state = state;
}

/// The part of a hub that is not connected at all: nothing of the network itself says so.
pub(super) fn hub(comparison: &Comparison) -> Option<HealthPart> {
    let mut items = comparison.items.iter();
    let item = items.find(|each| resource::part(&each.resource_type) == "Peering")?;
    Some(super::part("Peering", &item.resource, HealthState::Good, "not connected"))
}
