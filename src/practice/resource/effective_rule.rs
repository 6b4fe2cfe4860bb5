//! The security rules that hold for a network card: those of its subnet's group, and those of its own.
//!
//! Told only for a card on a running machine, as Azure does. It reads state and changes nothing but the operation.

use serde_json::{Value, json};

use super::effective_route::{answer, is_on_running_machine};
use super::view;
use crate::practice::identifier::ResourceId;
use crate::practice::json::{self, HasJson as _};
use crate::practice::reply::Reply;
use crate::practice::request::Request;
use crate::practice::state::{Cloud, StoredResource};

/// Answers `POST {networkInterface}/effectiveNetworkSecurityGroups`
/// (<https://learn.microsoft.com/rest/api/virtualnetwork/network-interfaces/list-effective-network-security-groups>).
pub(super) fn handle(cloud: &mut Cloud, request: &Request, id: &ResourceId) -> Reply {
    let groups = cloud
        .resource(id)
        .filter(|card| is_on_running_machine(cloud, card))
        .map(|card| groups(cloud, card));
    answer(cloud, request, id, groups)
}

fn groups(cloud: &Cloud, card: &StoredResource) -> Vec<Value> {
    let subnet = card.text("/properties/ipConfigurations/0/properties/subnet/id").to_owned();
    let of_subnet = cloud
        .resource_at(&subnet)
        .map_or("", |subnet| subnet.text("/properties/networkSecurityGroup/id"));
    let of_card = card.text("/properties/networkSecurityGroup/id");
    let own = card.id.to_string();
    [
        (of_subnet, json!({ "subnet": { "id": subnet } })),
        (of_card, json!({ "networkInterface": { "id": own } })),
    ]
    .into_iter()
    .filter_map(|(group, association)| {
        let rules = rules(cloud, cloud.resource_at(group)?);
        Some(json!({
            "networkSecurityGroup": { "id": group },
            "association": association,
            "effectiveSecurityRules": rules,
        }))
    })
    .collect()
}

fn rules(cloud: &Cloud, group: &StoredResource) -> Vec<Value> {
    let whole = view::render(cloud, group);
    ["securityRules", "defaultSecurityRules"]
        .iter()
        .flat_map(|list| whole.items(&format!("/properties/{list}")))
        .map(|rule| {
            let mut shown = rule.get("properties").cloned().unwrap_or_default();
            let name = format!("securityRules/{}", rule.text("/name"));
            json::merge(&mut shown, json!({ "name": name }));
            shown
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::practice::testing::{Bench, in_group};

    #[test]
    fn the_rules_that_hold_for_a_card_are_told() {
        let mut bench = Bench::with_group();
        let group = in_group("Microsoft.Network/networkSecurityGroups/nsg");
        bench.make(&group, json!({ "location": "westeurope", "properties": {} }));
        let subnet = in_group("Microsoft.Network/virtualNetworks/vnet/subnets/s");
        bench.put_directly(
            &subnet,
            json!({ "properties": { "networkSecurityGroup": { "id": group } } }),
        );
        let machine = in_group("Microsoft.Compute/virtualMachines/vm");
        bench.put_directly(&machine, json!({ "properties": {} }));
        let card = in_group("Microsoft.Network/networkInterfaces/nic");
        bench.put_directly(
            &card,
            json!({ "properties": {
                "virtualMachine": { "id": machine },
                "ipConfigurations": [{ "properties": { "subnet": { "id": subnet } } }],
            }}),
        );
        let begun = bench.post(&format!("{card}/effectiveNetworkSecurityGroups"), Value::Null);
        bench.pass(60);
        let result = bench.get(begun.get("location").unwrap()).body;
        let rules = result["value"][0]["effectiveSecurityRules"].as_array().unwrap();
        assert_eq!(rules.len(), 6, "{result:#}");
        assert_eq!(result["value"].as_array().unwrap().len(), 1);
    }
}
