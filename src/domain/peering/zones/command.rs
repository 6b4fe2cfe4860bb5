//! Commands for the owners of zones: linking one to a network, and writing and removing records.
//! <https://learn.microsoft.com/cli/azure/network/private-dns>

use super::{MARK, TTL};
use crate::domain::peering::{AzCommand, Fallback, IdParts, RecordSet};

fn of_zone(command: &str, zone_id: &str) -> AzCommand {
    let zone = IdParts::of(zone_id);
    AzCommand::az(&format!("network private-dns {command}"))
        .within(zone)
        .with("--zone-name", zone.name)
}

/// Links a zone to a network.
pub fn link_command(zone_id: &str, hub_id: &str, hub_name: &str, fallback: Fallback) -> AzCommand {
    let command = of_zone("link vnet create", zone_id)
        .with("--name", &format!("to-{hub_name}"))
        .with("--virtual-network", hub_id)
        .with("--registration-enabled", "false");
    match fallback {
        Fallback::Internet => command.with("--resolution-policy", fallback.policy()),
        Fallback::None => command,
    }
}

/// Sets what a link does with names that its zone does not have.
pub fn fallback_command(link_id: &str, fallback: Fallback) -> AzCommand {
    AzCommand::az("network private-dns link vnet update")
        .with("--ids", link_id)
        .with("--resolution-policy", fallback.policy())
}

/// Writes a record into a zone, with the mark of the environment that it is for.
pub fn record_commands(zone_id: &str, record: &RecordSet, environment: &str) -> Vec<AzCommand> {
    let create = of_zone("record-set a create", zone_id)
        .with("--name", &record.name)
        .with("--ttl", &TTL.to_string())
        .with("--metadata", &format!("{MARK}={environment}"));
    let add = record.addresses.iter().map(|address| {
        of_zone("record-set a add-record", zone_id)
            .with("--record-set-name", &record.name)
            .with("--ipv4-address", address)
    });
    std::iter::once(create).chain(add).collect()
}

/// Removes a record from a zone.
pub fn removal_command(zone_id: &str, name: &str) -> AzCommand {
    of_zone("record-set a delete", zone_id).with("--name", name).flag("--yes")
}

/// Commands as one line that stops at the first failure.
pub(super) fn in_turn(commands: &[AzCommand]) -> String {
    let lines: Vec<String> = commands.iter().map(AzCommand::line).collect();
    lines.join(" && ")
}
