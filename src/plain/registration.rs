//! The names that the owner of zones elsewhere registers: as lines, with the commands for it.
//!
//! It words what was judged elsewhere and judges nothing.

use super::output::Output;
use crate::domain::plan::Plan;
use crate::domain::registration::{Elsewhere, NeededZone, SHARED_NAMES, needed};
use crate::domain::words::count;

/// What a plan says before anything exists: the zones, and which endpoints need them.
pub fn zones(output: Output, plan: &Plan) {
    let zones = needed(plan);
    if zones.is_empty() {
        return;
    }
    output.say("");
    output.headline("DNS zones that exist elsewhere");
    output.prose(BEFORE);
    for NeededZone { zone, endpoints } in &zones {
        output.say(&format!("  {zone:<42} {}", endpoints.join(", ")));
    }
}

/// What choosing existing zones means.
pub const BEFORE: &str = "No private DNS zone, link or zone group is created. Once the environment is \
    deployed, its names and \
                          addresses are listed. Until the owner of the zones has registered them and linked \
                          the zones to \
                          the environment's network, its names lead to public addresses, which refuse, and \
                          computes cannot \
                          start.";

/// The names with their addresses, what was seen of each, and the commands that register them.
pub fn names(output: Output, full_name: &str, elsewhere: Option<&Elsewhere>) {
    let Some(elsewhere) = elsewhere else { return };
    output.say("");
    output.headline(&format!(
        "Names to be registered in DNS zones that exist elsewhere ({} of {} seen as registered)",
        elsewhere.registered(),
        elsewhere.names.len()
    ));
    let mut zone = None;
    for name in &elsewhere.names {
        if zone != Some(&name.zone) {
            zone = Some(&name.zone);
            let words = name.zone.as_deref().unwrap_or("zone not known");
            output.say(&format!("  {words}"));
        }
        let record = if name.zone.is_some() { &name.record } else { &name.name };
        let (endpoint, seen) = (&name.endpoint, name.sight.words());
        output.hanging("    ", &format!("{record}  A  {}  ({endpoint}; {seen})", name.address));
    }
    if !elsewhere.unread.is_empty() {
        output.prose(&format!(
            "{} could not be read, so their names are missing here: {}. Run `privateaml status {full_name}` again.",
            count(elsewhere.unread.len(), "endpoint"),
            elsewhere.unread.join(", ")
        ));
    }
    if elsewhere.names.iter().any(|each| each.shared) {
        output.prose(SHARED_NAMES);
    }
    if !elsewhere.commands.is_empty() {
        output.prose("Commands for the owner of the zones, in this order; words in capitals are theirs to fill in:");
        for command in &elsewhere.commands {
            output.say(&format!("  {command}"));
        }
    }
    output.prose(&format!("Then look from on-premises: privateaml verify {full_name}"));
}
