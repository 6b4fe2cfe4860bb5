//! Tenants, subscriptions, and the small lists that belong to a subscription as a whole.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::location::LOCATIONS;
use crate::practice::{
    reply::{Reply, fault},
    request::Request,
    state::{Cloud, SUBSCRIPTION, SUBSCRIPTION_NAME, TENANT},
};

/// True for a subscription of the practice cloud.
#[must_use]
pub fn known(id: &str) -> bool {
    id.eq_ignore_ascii_case(SUBSCRIPTION)
}

fn view() -> Value {
    json!({
        "id": format!("/subscriptions/{SUBSCRIPTION}"),
        "subscriptionId": SUBSCRIPTION,
        "tenantId": TENANT,
        "displayName": SUBSCRIPTION_NAME,
        "state": "Enabled",
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "PayAsYouGo_2014-09-01",
            "spendingLimit": "Off",
        },
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
        "tags": { "practice": "true" },
    })
}

pub(super) fn list() -> Reply {
    Reply::list(vec![view()])
}

pub(super) fn get(id: &str) -> Reply {
    if known(id) {
        return Reply::ok(view());
    }
    fault(
        404,
        "SubscriptionNotFound",
        format!("The subscription '{id}' could not be found."),
    )
}

pub(super) fn tenants() -> Reply {
    Reply::list(vec![json!({
        "id": format!("/tenants/{TENANT}"),
        "tenantId": TENANT,
        "tenantCategory": "Home",
        "displayName": "Practice",
        "country": "Practice",
        "countryCode": "XX",
        "domains": ["practice.example"],
        "defaultDomain": "practice.example",
        "tenantType": "AAD",
    })])
}

pub(super) fn locations(subscription: &str) -> Reply {
    Reply::list(
        LOCATIONS
            .iter()
            .map(|location| location.view(subscription))
            .collect(),
    )
}

pub(super) fn template_hash(request: &Request) -> Reply {
    let text = request.body.to_string();
    let digest = Sha256::digest(text.as_bytes());
    let number = digest
        .iter()
        .take(8)
        .fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    Reply::ok(json!({ "minifiedTemplate": text, "templateHash": number.to_string() }))
}

/// A few tags, enough to see the shape; the addresses are for documentation.
pub(super) fn service_tags(subscription: &str, place: &str) -> Reply {
    let tags = [
        "AzureActiveDirectory",
        "AzureMachineLearning",
        "BatchNodeManagement",
        "Storage",
    ];
    let values: Vec<Value> = tags
        .iter()
        .map(|name| {
            json!({
                "name": name,
                "id": name,
                "properties": {
                    "changeNumber": "1",
                    "region": "",
                    "systemService": name,
                    "addressPrefixes": ["192.0.2.0/24"],
                },
            })
        })
        .collect();
    Reply::ok(json!({
        "name": "Public",
        "id": format!("/subscriptions/{subscription}/providers/Microsoft.Network/serviceTags/{place}"),
        "type": "Microsoft.Network/serviceTags",
        "changeNumber": "1",
        "cloud": "Public",
        "values": values,
    }))
}

pub(super) fn features(cloud: &Cloud, subscription: &str, rest: &[&str]) -> Reply {
    let ["providers", namespace, "features", feature] = rest else {
        return Reply::list(Vec::new());
    };
    let registered = cloud
        .root
        .features
        .contains(&format!("{namespace}/{feature}"));
    Reply::ok(json!({
        "id": format!("/subscriptions/{subscription}/providers/Microsoft.Features/providers/{namespace}/features/{feature}"),
        "name": format!("{namespace}/{feature}"),
        "type": "Microsoft.Features/providers/features",
        "properties": { "state": if registered { "Registered" } else { "NotRegistered" } },
    }))
}
