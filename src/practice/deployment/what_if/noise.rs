//! What Azure's what-if lists besides: changes that no deployment makes, as people have met them. On only while the
//! fault `what-if-noise` is.

use serde_json::{Value, json};

use super::{ResourceHeader, one};
use crate::practice::json;
use crate::practice::state::StoredResource;

const NETWORK: &str = "Microsoft.Network/virtualNetworks";
const POLICIES: &str = "privateEndpointNetworkPolicies";

/// Adds the noise to what differs in a resource: a network's peerings and default values
/// (Azure/arm-template-whatif#281, #284, #394), and something without effect in everything else.
pub(super) fn add(
    head: &ResourceHeader<'_>,
    existing: &StoredResource,
    peerings: &[String],
    delta: &mut Vec<Value>,
) {
    if !head.resource_type.eq_ignore_ascii_case(NETWORK) {
        delta.push(without_effect("kind"));
        return;
    }
    delta.push(one(
        "properties.privateEndpointVNetPolicies",
        "Delete",
        &json!("Disabled"),
        &Value::Null,
    ));
    if !peerings.is_empty() {
        let listed: Vec<Value> = peerings.iter().map(|name| json!({ "name": name })).collect();
        delta.push(one(
            "properties.virtualNetworkPeerings",
            "Delete",
            &listed.into(),
            &Value::Null,
        ));
    }
    let subnets = existing.body.pointer("/properties/subnets").and_then(Value::as_array);
    let children: Vec<Value> = subnets.into_iter().flatten().enumerate().map(of_subnet).collect();
    let mut item = one("properties.subnets", "Array", &Value::Null, &Value::Null);
    json::set(&mut item, "children", children);
    delta.push(item);
}

fn of_subnet((index, subnet): (usize, &Value)) -> Value {
    let mut children = vec![without_effect("type")];
    if subnet.pointer(&format!("/properties/{POLICIES}")).is_none() {
        let path = format!("properties.{POLICIES}");
        children.push(one(&path, "Modify", &json!("Disabled"), &json!("Enabled")));
    }
    json!({ "path": index.to_string(), "propertyChangeType": "Modify", "children": children })
}

fn without_effect(path: &str) -> Value {
    one(path, "NoEffect", &Value::Null, &json!("as it is"))
}
