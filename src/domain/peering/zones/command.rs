//! Commands of the Azure CLI for those who may do what the account may not.
//! <https://learn.microsoft.com/cli/azure/network/private-dns>

use super::{MARK, RecordSet, TTL};

/// The part of an id behind a key, such as `resourceGroups`.
#[must_use]
pub fn part<'a>(id: &'a str, key: &str) -> &'a str {
    let mut parts = id.split('/');
    parts
        .by_ref()
        .find(|part| part.eq_ignore_ascii_case(key))
        .and_then(|_| parts.next())
        .unwrap_or_default()
}

fn place(zone_id: &str) -> String {
    format!(
        "--subscription {} --resource-group {} --zone-name {}",
        part(zone_id, "subscriptions"),
        part(zone_id, "resourceGroups"),
        part(zone_id, "privateDnsZones")
    )
}

pub(super) fn link_command(zone_id: &str, hub_id: &str, hub_name: &str) -> String {
    format!(
        "az network private-dns link vnet create {} --name to-{hub_name} --virtual-network {hub_id} \
         --registration-enabled false",
        place(zone_id)
    )
}

pub(super) fn record_command(zone_id: &str, record: &RecordSet, environment: &str) -> String {
    let place = place(zone_id);
    let name = &record.name;
    let create = format!(
        "az network private-dns record-set a create {place} --name '{name}' --ttl {TTL} --metadata {MARK}={environment}"
    );
    let add = record.addresses.iter().map(|address| {
        format!(
            "az network private-dns record-set a add-record {place} --record-set-name '{name}' --ipv4-address {address}"
        )
    });
    let commands: Vec<String> = std::iter::once(create).chain(add).collect();
    commands.join(" && ")
}

/// The command that removes a record from somebody else's zone.
#[must_use]
pub fn removal_command(zone_id: &str, name: &str) -> String {
    format!(
        "az network private-dns record-set a delete {} --name '{name}' --yes",
        place(zone_id)
    )
}
