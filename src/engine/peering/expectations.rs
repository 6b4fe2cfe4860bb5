//! What must be found on-premises, read from the network interfaces of the environment's private endpoints.
//!
//! The interfaces are the truth: they tell which names lead to which address. It reads only.

use std::net::Ipv4Addr;

use serde_json::Value;

use crate::{
    domain::{
        environment::Record,
        peering::verify::{
            EXPECTATIONS_VERSION, Expectations, ExpectedName, Service, public_names,
        },
        problem::Problem,
        settings::DnsZones,
    },
    engine::Context,
};

const NETWORK: &str = "2025-05-01";

/// Reads what must be found on-premises.
///
/// # Errors
/// `NothingStands` when the environment has no private endpoints with names; else as every read.
pub async fn expectations(context: &Context, record: &Record) -> Result<Expectations, Problem> {
    let path = format!(
        "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.Network/networkInterfaces",
        context.arm.subscription_id(),
        record.resource_group
    );
    let cards = context.arm.resource_list(&path, NETWORK).await?;
    let mut names: Vec<ExpectedName> = cards
        .iter()
        .flatten()
        .flat_map(configurations)
        .flat_map(named)
        .collect();
    names.sort_by(|one, other| (one.service, &one.host).cmp(&(other.service, &other.host)));
    names.dedup_by(|one, other| one.host == other.host);
    if names.is_empty() {
        return Err(Problem::new(
            "NothingStands",
            "The environment has no private endpoints with names yet.",
            format!(
                "Deploy it first, or look how it stands: privateaml status {}",
                record.full_name
            ),
        ));
    }
    let api = names
        .iter()
        .find(|each| each.service == Service::Workspace && !each.host.contains(".cert."));
    Ok(Expectations {
        v: EXPECTATIONS_VERSION,
        full_name: record.full_name.clone(),
        network: record.settings.address_space,
        cloud: record.settings.cloud,
        api: api.map(|each| each.host.clone()),
        names,
        public: public_names(record.settings.cloud),
        resolvers: Vec::new(),
        zones_elsewhere: record.settings.dns_zones == DnsZones::Existing,
    })
}

fn configurations(card: &Value) -> Vec<&Value> {
    let items = card.pointer("/properties/ipConfigurations");
    let items = items.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(|item| item.get("properties")).collect()
}

/// The names of one address; an interface of a machine has none.
fn named(configuration: &Value) -> Vec<ExpectedName> {
    let text = |pointer: &str| {
        configuration
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or("")
    };
    let link = "/privateLinkConnectionProperties";
    let Ok(address) = text("/privateIPAddress").parse::<Ipv4Addr>() else {
        return Vec::new();
    };
    let service = Service::of(
        text(&format!("{link}/groupId")),
        text(&format!("{link}/requiredMemberName")),
    );
    let names = configuration
        .pointer(&format!("{link}/fqdns"))
        .and_then(Value::as_array);
    names
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(|name| ExpectedName::new(name, address, service))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_are_read_from_an_endpoints_card_and_not_from_a_machines() {
        let card = json!({"properties": {"ipConfigurations": [
            {"properties": {"privateIPAddress": "10.1.1.5", "privateLinkConnectionProperties": {
                "groupId": "amlworkspace", "requiredMemberName": "default",
                "fqdns": ["AB.workspace.westeurope.api.azureml.ms", "ab.workspace.westeurope.cert.api.azureml.ms"]}}},
            {"properties": {"privateIPAddress": "10.1.1.7", "privateLinkConnectionProperties": {
                "groupId": "amlworkspace", "requiredMemberName": "inference",
                "fqdns": ["*.ab.inference.westeurope.api.azureml.ms"]}}},
            {"properties": {"privateIPAddress": "10.1.1.9", "privateLinkConnectionProperties": {
                "groupId": "file", "requiredMemberName": "file", "fqdns": ["st.file.core.windows.net"]}}},
            {"properties": {"privateIPAddress": "10.1.1.20"}},
        ]}});
        let names: Vec<ExpectedName> = configurations(&card).into_iter().flat_map(named).collect();
        let told: Vec<(&str, Service, u16)> = names
            .iter()
            .map(|each| (each.host.as_str(), each.service, each.port))
            .collect();
        assert_eq!(
            told,
            [
                (
                    "ab.workspace.westeurope.api.azureml.ms",
                    Service::Workspace,
                    443
                ),
                (
                    "ab.workspace.westeurope.cert.api.azureml.ms",
                    Service::Workspace,
                    443
                ),
                (
                    "privateaml-check.ab.inference.westeurope.api.azureml.ms",
                    Service::Inference,
                    443
                ),
                ("st.file.core.windows.net", Service::File, 445),
            ]
        );
    }
}
