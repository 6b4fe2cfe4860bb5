//! The names of private endpoints, with the address that each leads to.
//!
//! Azure keeps them at the endpoint's network card, also once a zone group registers them; the endpoint's own list
//! (`customDnsConfigs`) is empty from then on. Everybody reads them here; nothing here may fetch anything.

use serde_json::Value;

use super::json::{items, text, texts, told};

/// One name of a private endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivateName {
    /// The name, as Azure writes it; it can begin with `*.`.
    pub host: String,
    /// The private address; empty where Azure does not tell it yet.
    pub address: String,
    /// What of the service it leads to, such as `amlworkspace`; empty where that is not told.
    pub group: String,
    /// The member of the group, such as `inference`; empty where that is not told.
    pub member: String,
}

/// The names at a network card; the card of a machine has none.
pub fn of_card(card: &Value) -> Vec<PrivateName> {
    let mut names = Vec::new();
    for configuration in items(card, "/properties/ipConfigurations") {
        let link = "/properties/privateLinkConnectionProperties";
        for host in texts(configuration, &format!("{link}/fqdns")) {
            names.push(PrivateName {
                host: host.to_owned(),
                address: text(configuration, "/properties/privateIPAddress").to_owned(),
                group: text(configuration, &format!("{link}/groupId")).to_owned(),
                member: text(configuration, &format!("{link}/requiredMemberName")).to_owned(),
            });
        }
    }
    names
}

/// The names that an endpoint tells itself: all of them without a zone group, none with one.
pub fn of_endpoint(endpoint: &Value) -> Vec<PrivateName> {
    let connections = [
        "/properties/privateLinkServiceConnections/0/properties/groupIds/0",
        "/properties/manualPrivateLinkServiceConnections/0/properties/groupIds/0",
    ];
    let group = connections.iter().find_map(|place| told(endpoint, place)).unwrap_or_default();
    let told = items(endpoint, "/properties/customDnsConfigs");
    let named = told.iter().filter_map(|each| {
        Some(PrivateName {
            host: each.get("fqdn")?.as_str()?.to_owned(),
            address: text(each, "/ipAddresses/0").to_owned(),
            group: group.to_owned(),
            member: String::new(),
        })
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_card_has_the_names_and_an_endpoint_those_that_no_zone_group_has() {
        let card = json!({"properties": {"ipConfigurations": [
            {"properties": {"privateIPAddress": "10.1.1.5", "privateLinkConnectionProperties": {
                "groupId": "vault", "requiredMemberName": "default", "fqdns": ["kv.vault.azure.net"]}}},
            {"properties": {"privateIPAddress": "10.1.1.6"}},
        ]}});
        let own = PrivateName {
            host: "kv.vault.azure.net".into(),
            address: "10.1.1.5".into(),
            group: "vault".into(),
            member: "default".into(),
        };
        assert_eq!(of_card(&card), std::slice::from_ref(&own));
        let endpoint = |names: Value| {
            json!({"properties": {"customDnsConfigs": names,
                "privateLinkServiceConnections": [{"properties": {"groupIds": ["vault"]}}]}})
        };
        assert_eq!(of_endpoint(&endpoint(json!([]))), []);
        let told = json!([{"fqdn": "kv.vault.azure.net", "ipAddresses": ["10.1.1.5"]}]);
        let itself = PrivateName { member: String::new(), ..own };
        assert_eq!(of_endpoint(&endpoint(told)), [itself]);
    }
}
