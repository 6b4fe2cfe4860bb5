//! Noise is told as noise, and every change as a change.

use serde_json::{Value, json};

use super::*;

const GROUP: &str = "/subscriptions/s/resourceGroups/rg/providers";

/// A network, a private endpoint and a vault, as a template sends them.
fn plan() -> Plan {
    let resource = |kind: &str, name: &str, body: Value| {
        json!({"symbol": name, "type": kind, "name": name, "id": format!("{GROUP}/{kind}/{name}"),
            "area": "data", "depends_on": [], "seconds": 1, "body": body})
    };
    serde_json::from_value(json!({
        "name": "test", "suffix": "4821", "region": "westeurope", "resource_group": "rg",
        "address_space": "10.1.0.0/22", "subnets": [], "critical_path": [], "critical_seconds": 0,
        "firewall": [], "nsg": [], "resources": [
            resource("Microsoft.Network/virtualNetworks", "vnet", json!({"properties": {"subnets": [
                {"name": "Outer", "properties": {"addressPrefix": "10.1.1.0/24"}},
                {"name": "Inner", "properties": {"privateEndpointNetworkPolicies": "Disabled"}}]}})),
            resource("Microsoft.Network/privateEndpoints", "pe", json!({"properties": {}})),
            resource("Microsoft.KeyVault/vaults", "kv",
                json!({"properties": {"publicNetworkAccess": "Disabled"}})),
        ],
    }))
    .unwrap()
}

fn change(kind: &str, name: &str, delta: impl Into<Value>) -> Value {
    let delta: Value = delta.into();
    let types = match name {
        "vnet" => "Microsoft.Network/virtualNetworks",
        "pe" => "Microsoft.Network/privateEndpoints",
        _ => "Microsoft.KeyVault/vaults",
    };
    json!({"resourceId": format!("{GROUP}/{types}/{name}"), "changeType": kind, "delta": delta})
}

fn forecast(changes: Vec<Value>) -> Forecast {
    Forecast::of(
        changes.into_iter().map(|each| serde_json::from_value(each).unwrap()).collect(),
        &plan(),
    )
}

fn property(path: &str, before: impl Into<Value>, after: impl Into<Value>) -> Value {
    let (before, after): (Value, Value) = (before.into(), after.into());
    let kind = if after.is_null() { "Delete" } else { "Modify" };
    json!({"path": path, "propertyChangeType": kind, "before": before, "after": after, "children": null})
}

fn inside(path: &str, children: impl Into<Value>) -> Value {
    let children: Value = children.into();
    json!({"path": path, "propertyChangeType": "Array", "before": null, "after": null, "children": children})
}

#[test]
fn known_noise_is_set_apart_with_its_reason() {
    let peerings = json!([{"name": "to-vnet-hub"}]);
    let policies = "properties.privateEndpointNetworkPolicies";
    let subnets = json!([
        inside(
            "0",
            json!([
            {"path": "type", "propertyChangeType": "NoEffect", "after": "Microsoft.Network/virtualNetworks/subnets"},
            property(policies, "Disabled", "Enabled")])
        ),
        inside("1", json!([property(policies, "Disabled", "Enabled")])),
    ]);
    let found = forecast(vec![
        change(
            "Modify",
            "vnet",
            json!([
                property("properties.privateEndpointVNetPolicies", "Disabled", Value::Null),
                property("properties.virtualNetworkPeerings", peerings, Value::Null),
                inside("properties.subnets", subnets)
            ]),
        ),
        change(
            "Modify",
            "pe",
            json!([
                property("properties.customDnsConfigs", json!([]), Value::Null),
                property("properties.note", "a", json!("[reference('x').y]"))
            ]),
        ),
        change("Modify", "kv", json!([{"path": "kind", "propertyChangeType": "NoEffect"}])),
        change("NoChange", "kv", Value::Null),
        change("Ignore", "kv", Value::Null),
    ]);
    assert!(found.changes.is_empty() && found.is_empty(), "{found:?}");
    assert_eq!(found.headline(), "Azure foresees no change.");
    let reasons: Vec<(&str, &str)> = found
        .apart
        .iter()
        .flat_map(|one| &one.properties)
        .map(|one| (one.path.as_str(), one.noise.as_deref().unwrap()))
        .collect();
    assert_eq!(reasons.len(), 6);
    let why = |path: &str| reasons.iter().find(|(known, _)| *known == path).unwrap().1;
    assert!(why("properties.virtualNetworkPeerings").contains("leaves them alone"));
    let first = "properties.subnets[0].properties.privateEndpointNetworkPolicies";
    assert!(why(first).starts_with("The template does not set it:"));
    let second = "properties.subnets[1].properties.privateEndpointNetworkPolicies";
    assert_eq!(why(second), "The template sends the value that it has.");
    assert!(why("properties.note").contains("only while the deployment runs"));
    let told = found.lines().join("\n");
    assert!(
        told.contains(
            "properties.virtualNetworkPeerings of Microsoft.Network/virtualNetworks/vnet"
        ),
        "{told}"
    );
}

#[test]
fn what_is_no_known_noise_is_a_change_with_its_values() {
    let policies = "properties.privateEndpointNetworkPolicies";
    let found = forecast(vec![
        change("Create", "pe", Value::Null),
        change(
            "Modify",
            "vnet",
            json!([
                // Somebody has switched them on; the template sends that they are off.
                inside(
                    "properties.subnets",
                    json!([inside("1", json!([property(policies, "Enabled", "Disabled")]))])
                ),
                property("properties.virtualNetworkPeerings", json!([1]), Value::Null),
                property(
                    "properties.dhcpOptions",
                    json!({"dnsServers": ["10.0.0.4"]}),
                    Value::Null
                )
            ]),
        ),
        change("Deploy", "kv", Value::Null),
        change("Delete", "kv", Value::Null),
        json!({"resourceId": "[guid(x)]", "changeType": "Unsupported", "unsupportedReason": "late"}),
    ]);
    let kinds: Vec<ChangeKind> = found.changes.iter().map(|each| each.kind).collect();
    assert_eq!(
        kinds,
        [ChangeKind::Delete, ChangeKind::Modify, ChangeKind::Deploy, ChangeKind::Create]
    );
    assert_eq!(
        found.headline(),
        "Azure foresees: 1 resource deleted, 1 changed, 1 created, 1 written, with an effect that is \
         not known. Of 1 resource Azure can tell nothing before it runs."
    );
    let lines = found.lines();
    let network = lines.iter().position(|line| line.starts_with("Changes ")).unwrap();
    // What is removed comes first.
    assert_eq!(
        lines[network + 1],
        "  properties.dhcpOptions: removed, was {\"dnsServers\":[\"10.0.0.4\"]}"
    );
    let policy = format!("  properties.subnets[1].{policies}: Enabled becomes Disabled");
    assert_eq!(lines[network + 2], policy);
    assert!(
        lines
            .iter()
            .any(|line| line.contains("virtualNetworkPeerings")
                && line.contains("leaves them alone"))
    );
    assert_eq!(lines.last().unwrap(), "Not known before it runs: [guid(x)]");
}

#[test]
fn a_modification_without_its_properties_is_not_set_apart() {
    let found = forecast(vec![change("Modify", "kv", Value::Null)]);
    assert_eq!(found.changes.len(), 1);
    assert!(found.lines()[0].ends_with("Azure does not say what of it"));
}

#[test]
fn no_value_of_a_secret_is_told() {
    let found = forecast(vec![change(
        "Modify",
        "kv",
        json!([property("properties.osProfile.adminPassword", "first", "second")]),
    )]);
    let told = found.lines().join("\n");
    assert!(
        told.contains("adminPassword: changes")
            && !told.contains("first")
            && !told.contains("second")
    );
    let json = serde_json::to_string(&found).unwrap();
    assert!(!json.contains("second"), "{json}");
}

#[test]
fn a_long_value_is_cut() {
    let long = "x".repeat(200);
    let found = forecast(vec![change(
        "Modify",
        "kv",
        json!([property("properties.uri", json!(long), "y")]),
    )]);
    assert_eq!(found.lines()[1], format!("  properties.uri: {}… becomes y", "x".repeat(60)));
}

#[test]
fn a_list_whose_items_have_moved_is_told_by_their_names() {
    let item = |name: &str, port: u16| json!({"name": name, "ports": [port], "tags": null});
    let before = json!({"rules": [item("first", 1), item("second", 2), item("third", 3)]});
    let after = json!({"rules": [item("second", 2), item("third", 4), item("new", 5)]});
    let told = |before: &Value, after: &Value| {
        let delta = json!([inside(
            "properties.rules",
            json!([property("0", json!({"name": "first"}), json!({"name": "second"}))])
        )]);
        let mut answer = change("Modify", "kv", delta);
        answer["before"] = json!({ "properties": before });
        answer["after"] = json!({ "properties": after });
        forecast(vec![answer]).changes.remove(0).properties
    };
    let found = told(&before, &after);
    let paths: Vec<&str> = found.iter().map(|one| one.path.as_str()).collect();
    assert_eq!(
        paths,
        ["properties.rules[first]", "properties.rules[third].ports", "properties.rules[new]"]
    );
    assert_eq!((&found[1].before, &found[1].after), (&json!([3]), &json!([4])));
    // Where nothing but the order is another, or an item has no name, Azure's own words count.
    let turned = json!({"rules": [item("second", 2), item("first", 1), item("third", 3)]});
    assert_eq!(told(&before, &turned)[0].path, "properties.rules[0]");
    assert_eq!(told(&before, &json!({"rules": [1, 2]}))[0].path, "properties.rules[0]");
}
