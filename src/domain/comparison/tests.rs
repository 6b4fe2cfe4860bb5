use serde_json::{Value, json};

use super::*;
use crate::domain::inventory::{Inventory, Reading, called};
use crate::domain::plan::Plan;

/// What is told of one value of a resource of which no property is known.
fn told(wanted: &Value, found: &Value) -> Vec<(String, DifferenceKind, String, String)> {
    let id = format!("{GROUP}/Contoso.Example/things/one");
    let plan: Plan = serde_json::from_value(json!({
        "name": "test", "suffix": "4821", "region": "westeurope", "resource_group": "rg",
        "address_space": "10.1.0.0/22", "subnets": [], "critical_path": [], "critical_seconds": 0,
        "firewall": [], "nsg": [], "resources": [{
            "symbol": "one", "type": "Contoso.Example/things", "name": "one", "id": id, "area": "data",
            "depends_on": [], "seconds": 1, "body": {"properties": {"p": wanted}},
        }],
    }))
    .unwrap();
    let mut inventory = Inventory::default();
    inventory.listed = Some(Vec::new());
    inventory.put(&id, Reading::Found(json!({"properties": {"p": found}})));
    let found = compare(&ComparisonInput::new(&plan, &inventory));
    let told = found.of(Verdict::NotPlanned);
    told.map(|each| {
        let place = each.property.trim_start_matches("properties.").to_owned();
        (place, each.kind, each.expected.clone(), each.found.clone())
    })
    .collect()
}

#[test]
fn what_additions_reorders_or_spells_otherwise_is_no_difference() {
    for (wanted, found) in [
        (json!({"a": 1}), json!({"a": 1, "provisioningState": "Succeeded"})),
        (json!({"a": ["x", "y"]}), json!({"a": ["Y", "x"]})),
        (json!({"access": "Deny"}), json!({"Access": "deny"})),
        (json!({"a": "[reference('x').id]"}), json!({"a": "anything"})),
        (json!({"a": null, "b": [], "c": {}, "d": false, "e": "None"}), json!({})),
        (json!({"location": "westeurope"}), json!({"location": "West Europe"})),
        (
            json!([{"name": "A", "v": 1}, {"name": "b"}]),
            json!([{"name": "b", "id": "/x"}, {"name": "a", "v": 1}]),
        ),
        (json!({"port": "443"}), json!({"port": 443})),
        (
            json!([{"category": "AllMetrics", "enabled": true}]),
            json!([{"category": "AllMetrics", "enabled": true, "retentionPolicy": {}}]),
        ),
    ] {
        assert_eq!(told(&wanted, &found), [], "{wanted} {found}");
    }
}

#[test]
fn each_kind_of_change_is_told_with_its_place() {
    for (wanted, found, path, kind) in [
        (json!({"a": "Disabled"}), json!({"a": "Enabled"}), "p.a", DifferenceKind::Changed),
        (json!({"a": "Disabled"}), json!({}), "p.a", DifferenceKind::Removed),
        (json!({"nsg": {"id": "/x"}}), json!({"nsg": null}), "p.nsg", DifferenceKind::Removed),
        (json!({"a": []}), json!({"a": ["1.2.3.4"]}), "p.a", DifferenceKind::Added),
        (
            json!([{"name": "r"}]),
            json!([{"name": "r"}, {"name": "new"}]),
            "p[new]",
            DifferenceKind::Added,
        ),
        (json!([{"name": "r"}]), json!([]), "p[r]", DifferenceKind::Removed),
        (
            json!([{"name": "r", "v": 1}]),
            json!([{"name": "r", "v": 2}]),
            "p[r].v",
            DifferenceKind::Changed,
        ),
        (json!({"a": false}), json!({"a": true}), "p.a", DifferenceKind::Changed),
        (
            json!({"d": {"id": "/s/policy"}}),
            json!({"d": {"id": "/s/other"}}),
            "p.d.id",
            DifferenceKind::Changed,
        ),
    ] {
        let told = told(&wanted, &found);
        assert_eq!(told.len(), 1, "{wanted} {found}: {told:?}");
        assert_eq!((told[0].0.as_str(), told[0].1), (path, kind));
    }
}

const GROUP: &str = "/subscriptions/s/resourceGroups/rg/providers";

/// A vault, a workspace, a storage account with keys and a machine.
fn plan() -> Plan {
    let resource = |kind: &str, name: &str, body: Value| {
        json!({"symbol": name, "type": kind, "name": name, "id": format!("{GROUP}/{kind}/{name}"),
            "area": "data", "depends_on": [], "seconds": 1, "body": body})
    };
    serde_json::from_value(json!({
        "name": "test", "suffix": "4821", "region": "westeurope", "resource_group": "rg",
        "address_space": "10.1.0.0/22", "subnets": [], "critical_path": [], "critical_seconds": 0,
        "firewall": [], "nsg": [], "resources": [
            resource("Microsoft.KeyVault/vaults", "kv", json!({"properties": {"tenantId": "t", "accessPolicies": []}})),
            resource("Microsoft.MachineLearningServices/workspaces", "ml", json!({"properties": {}})),
            resource("Microsoft.Storage/storageAccounts", "stg", json!({"properties": {"allowSharedKeyAccess": true}})),
            resource("Microsoft.Compute/virtualMachines", "vm",
                json!({"properties": {"storageProfile": {"osDisk": {"diskSizeGB": 127}}}})),
        ],
    }))
    .unwrap()
}

fn inventory(principal: Option<&str>, power: Option<&str>, admitted: &str) -> Inventory {
    let mut inventory = Inventory::default();
    inventory.listed = Some(Vec::new());
    let mut found = |path: &str, body: Option<Value>| {
        let unread = || Reading::Unreadable("no rights".into());
        let reading = body.map_or_else(unread, Reading::Found);
        inventory.put(&format!("{GROUP}/{path}"), reading);
    };
    let policy =
        json!({"tenantId": "T", "objectId": admitted, "permissions": {"secrets": ["all"]}});
    let vault = json!({"properties": {"tenantId": "t", "accessPolicies": [policy]}});
    found("Microsoft.KeyVault/vaults/kv", Some(vault));
    let workspace = principal.map(|id| json!({"identity": {"principalId": id}, "properties": {}}));
    found("Microsoft.MachineLearningServices/workspaces/ml", workspace);
    let storage = json!({"properties": {"allowSharedKeyAccess": true}});
    found("Microsoft.Storage/storageAccounts/stg", Some(storage));
    let machine = json!({"properties": {"storageProfile": {"osDisk": {}}}});
    found("Microsoft.Compute/virtualMachines/vm", Some(machine));
    let view = power.map(|power| json!({"statuses": [{"code": format!("PowerState/{power}")}]}));
    found("Microsoft.Compute/virtualMachines/vm/instanceView", view);
    inventory
}

#[test]
fn what_additions_is_explained_only_when_what_it_depends_on_was_read() {
    for (principal, power, admitted, told, unknown) in [
        (Some("w"), Some("deallocated"), "W", vec![], vec![]),
        (Some("w"), Some("running"), "w", vec!["vm"], vec![]),
        (Some("w"), Some("deallocated"), "other", vec!["kv"], vec![]),
        // Whose identity it is cannot be told, so nobody is advised to remove it.
        (None, Some("deallocated"), "w", vec![], vec!["kv", "ml"]),
        (Some("w"), None, "w", vec![], vec!["vm"]),
    ] {
        let (plan, inventory) = (plan(), inventory(principal, power, admitted));
        let found = compare(&ComparisonInput::new(&plan, &inventory));
        let of = |verdict| {
            // What is read beside these resources is not what this is about.
            let own = found
                .of(verdict)
                .filter(|each| each.property.is_empty() || each.property.contains("properties"));
            let mut names: Vec<&str> =
                own.map(|each| called(&each.id)).filter(|name| name.len() == 2).collect();
            names.dedup();
            names
        };
        let names = of(Verdict::NotPlanned);
        assert_eq!(names, told, "{principal:?} {power:?} {admitted}");
        let mut names = of(Verdict::NotReadable);
        names.sort_unstable();
        let mut unknown: Vec<&str> = unknown;
        unknown.sort_unstable();
        assert_eq!(names, unknown, "{principal:?} {power:?} {admitted}");
    }
}
