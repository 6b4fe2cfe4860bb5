//! Tenants, subscriptions, and the small lists that belong to a subscription as a whole.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::location;
use crate::practice::identifier::Scope;
use crate::practice::reply::Reply;
use crate::practice::request::Request;
use crate::practice::state::{Cloud, SUBSCRIPTION, SUBSCRIPTION_NAME, StoredGroup, TENANT};

/// Most subscriptions of a practice cloud.
pub const MOST: usize = 200;
/// The last twelve digits of the first subscription's id, as a number; the others count on from there.
const FIRST: usize = 0x51b1;

/// The id of a subscription by its number, from 1; the same in every practice cloud.
pub fn id(number: usize) -> String {
    if number <= 1 {
        return SUBSCRIPTION.to_owned();
    }
    format!("00000000-0000-4000-8000-{:012x}", FIRST + number - 1)
}

/// The name of a subscription by its number, from 1.
pub fn name(number: usize) -> String {
    if number <= 1 {
        return SUBSCRIPTION_NAME.to_owned();
    }
    format!("{SUBSCRIPTION_NAME} {number}")
}

/// The number of a subscription, from 1; `None` when this practice cloud has none of that id.
pub fn number(cloud: &Cloud, wanted: &str) -> Option<usize> {
    (1..=cloud.root.subscriptions).find(|number| id(*number).eq_ignore_ascii_case(wanted))
}

/// Has so many subscriptions from now on. What is in one that goes is kept, and there again when it comes back.
pub fn set_number(cloud: &mut Cloud, wanted: usize) {
    let wanted = wanted.clamp(1, MOST);
    if cloud.root.subscriptions == wanted {
        return;
    }
    cloud.root.subscriptions = wanted;
    for number in 1..=wanted {
        if cloud.group(&Scope::subscription(&id(number))).is_none() {
            let now = cloud.now();
            cloud.put_group(StoredGroup::new(&id(number), "", "", now));
        }
    }
}

fn view(number: usize) -> Value {
    json!({
        "id": format!("/subscriptions/{}", id(number)),
        "subscriptionId": id(number),
        "tenantId": TENANT,
        "displayName": name(number),
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

pub(super) fn list(cloud: &Cloud) -> Reply {
    Reply::list((1..=cloud.root.subscriptions).map(view).collect())
}

pub(super) fn get(cloud: &Cloud, id: &str) -> Reply {
    number(cloud, id).map_or_else(|| not_found(id), |number| Reply::ok(view(number)))
}

/// The answer where there is no such subscription.
pub fn not_found(id: &str) -> Reply {
    fault!(404, "SubscriptionNotFound", "The subscription '{id}' could not be found.")
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

pub(super) fn locations(cloud: &Cloud, subscription: &str) -> Reply {
    let only = cloud.fault("no-region").map(|_| "northeurope");
    let offered = location::all().filter(|region| only.is_none_or(|only| region.name == only));
    Reply::list(offered.map(|region| location::view(region, subscription)).collect())
}

pub(super) fn template_hash(request: &Request) -> Reply {
    let text = request.body.to_string();
    let digest = Sha256::digest(text.as_bytes());
    let number = digest.iter().take(8).fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    Reply::ok(json!({ "minifiedTemplate": text, "templateHash": number.to_string() }))
}

/// A few tags, enough to see the shape; the addresses are for documentation.
pub(super) fn service_tags(subscription: &str, place: &str) -> Reply {
    let tags = ["AzureActiveDirectory", "AzureMachineLearning", "BatchNodeManagement", "Storage"];
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
    let registered = cloud.root.features.contains(&format!("{namespace}/{feature}"));
    Reply::ok(json!({
        "id": format!("/subscriptions/{subscription}/providers/Microsoft.Features/providers/{namespace}/\
         features/{feature}"),
        "name": format!("{namespace}/{feature}"),
        "type": "Microsoft.Features/providers/features",
        "properties": { "state": if registered { "Registered" } else { "NotRegistered" } },
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::practice::Fault;
    use crate::practice::testing::Bench;

    #[test]
    fn further_subscriptions_have_groups_of_their_own_and_every_process_knows_them() {
        let mut bench = Bench::new();
        bench.on(|cloud| set_number(cloud, 3));
        let listed = bench.get("/subscriptions").body;
        let rows = listed["value"].as_array().unwrap();
        assert_eq!(rows.len(), 3);
        assert_eq!(rows[0]["subscriptionId"], SUBSCRIPTION);
        assert_eq!(rows[2]["displayName"], "Practice subscription 3");
        let third = format!("/subscriptions/{}/resourcegroups", id(3));
        let made = bench.put(&format!("{third}/rg-a"), json!({ "location": "westeurope" }));
        assert_eq!(made.status, 201);
        bench.restart();
        assert_eq!(bench.get(&third).body["value"][0]["name"], "rg-a");
        let first = format!("/subscriptions/{SUBSCRIPTION}/resourcegroups");
        assert_eq!(bench.get(&first).body["value"], json!([]));
        let fourth = bench.get(&format!("/subscriptions/{}/resourcegroups", id(4)));
        assert_eq!(Bench::code(&fourth), "SubscriptionNotFound");
        // What is in one that goes is there again when it comes back.
        bench.on(|cloud| set_number(cloud, 1));
        assert_eq!(Bench::code(&bench.get(&third)), "SubscriptionNotFound");
        bench.on(|cloud| set_number(cloud, 3));
        assert_eq!(bench.get(&third).body["value"][0]["name"], "rg-a");
    }

    #[test]
    fn groups_that_may_not_be_listed_are_refused_in_that_subscription_alone() {
        let mut bench = Bench::new();
        bench.on(|cloud| set_number(cloud, 3));
        bench.faults(&[Fault::UnreadableSubscription(2), Fault::SlowSubscription(3)]);
        let groups = |number| format!("/subscriptions/{}/resourcegroups", id(number));
        let refused = bench.get(&groups(2));
        assert_eq!((refused.status, Bench::code(&refused)), (403, "AuthorizationFailed"));
        assert_eq!(bench.get(&groups(1)).status, 200);
        assert_eq!(bench.get(&groups(3)).status, 200);
    }
}
