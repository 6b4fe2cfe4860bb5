use serde_json::json;

use super::{compare::compare, *};

fn told(wanted: &Value, found: &Value) -> Vec<(String, Kind, String, String)> {
    let mut told = Vec::new();
    compare(wanted, Some(found), "p", &mut |each| {
        told.push((each.path.to_owned(), each.kind, each.wanted, each.found));
    });
    told
}

#[test]
fn what_azure_adds_reorders_or_spells_otherwise_is_no_difference() {
    for (wanted, found) in [
        (
            json!({"a": 1}),
            json!({"a": 1, "provisioningState": "Succeeded"}),
        ),
        (json!({"a": ["x", "y"]}), json!({"a": ["Y", "x"]})),
        (json!({"access": "Deny"}), json!({"Access": "deny"})),
        (
            json!({"a": "[reference('x').id]"}),
            json!({"a": "anything"}),
        ),
        (
            json!({"a": null, "b": [], "c": {}, "d": false, "e": "None"}),
            json!({}),
        ),
        (
            json!({"location": "westeurope"}),
            json!({"location": "West Europe"}),
        ),
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
        (
            json!({"a": "Disabled"}),
            json!({"a": "Enabled"}),
            "p.a",
            Kind::Changed,
        ),
        (json!({"a": "Disabled"}), json!({}), "p.a", Kind::Removed),
        (
            json!({"nsg": {"id": "/x"}}),
            json!({"nsg": null}),
            "p.nsg",
            Kind::Removed,
        ),
        (
            json!({"a": []}),
            json!({"a": ["1.2.3.4"]}),
            "p.a",
            Kind::Added,
        ),
        (
            json!([{"name": "r"}]),
            json!([{"name": "r"}, {"name": "new"}]),
            "p[new]",
            Kind::Added,
        ),
        (json!([{"name": "r"}]), json!([]), "p[r]", Kind::Removed),
        (
            json!([{"name": "r", "v": 1}]),
            json!([{"name": "r", "v": 2}]),
            "p[r].v",
            Kind::Changed,
        ),
        (
            json!({"a": false}),
            json!({"a": true}),
            "p.a",
            Kind::Changed,
        ),
        (
            json!({"d": {"id": "/s/policy"}}),
            json!({"d": {"id": "/s/other"}}),
            "p.d.id",
            Kind::Changed,
        ),
    ] {
        let told = told(&wanted, &found);
        assert_eq!(told.len(), 1, "{wanted} {found}: {told:?}");
        assert_eq!((told[0].0.as_str(), told[0].1), (path, kind));
    }
}
