//! Hubs of the practice cloud: made once, finished, and left as a person leaves them.

use serde_json::Value;

use crate::practice::Fault;
use crate::practice::catalog::subscription::set_number;
use crate::practice::testing::{Bench, subscription};

fn furnished() -> Bench {
    let mut bench = Bench::new();
    bench.on(super::hubs);
    bench
}

fn names(bench: &mut Bench, kind: &str) -> Vec<String> {
    let listed = bench.get(&format!("{}/providers/Microsoft.Network/{kind}", subscription()));
    let name = |item: &Value| item["name"].as_str().unwrap().to_owned();
    listed.body["value"].as_array().unwrap().iter().map(name).collect()
}

#[test]
fn hubs_are_made_once_and_stay_as_a_person_leaves_them() {
    let mut bench = furnished();
    let networks = names(&mut bench, "virtualNetworks");
    assert_eq!(networks.len(), 8, "{networks:?}");
    let hub = format!(
        "{}/resourceGroups/rg-hub/providers/Microsoft.Network/virtualNetworks/vnet-hub-weu",
        subscription()
    );
    let half = format!("{hub}/virtualNetworkPeerings/to-vnet-spoke-web");
    assert_eq!(bench.get(&half).body["properties"]["peeringState"], "Connected");
    assert!(bench.get(&half).body.get("location").is_none());
    assert_eq!(bench.delete(&half).status, 202);
    bench.pass(7200);
    bench.restart();
    bench.on(super::hubs);
    assert_eq!(bench.get(&half).status, 404);
    assert_eq!(names(&mut bench, "virtualNetworks"), networks);
}

#[test]
fn everything_in_them_is_finished_even_while_everything_else_goes_wrong() {
    let mut bench = Bench::new();
    bench.faults(&[Fault::RegionOutage, Fault::Policy]);
    bench.on(super::hubs);
    for kind in ["virtualNetworks", "virtualNetworkGateways", "dnsResolvers", "connections"] {
        let listed = bench.get(&format!("{}/providers/Microsoft.Network/{kind}", subscription()));
        let items = listed.body["value"].as_array().unwrap();
        assert!(!items.is_empty(), "{kind}");
        for item in items {
            assert_eq!(item["properties"]["provisioningState"], "Succeeded", "{item}");
        }
    }
    bench.on(|cloud| assert!(cloud.fault("policy").is_some()));
}

#[test]
fn the_second_subscription_has_hubs_when_there_is_one() {
    let mut bench = furnished();
    bench.on(|cloud| {
        set_number(cloud, 2);
        super::hubs(cloud);
    });
    let second = crate::practice::subscription_id(2);
    let listed =
        bench.get(&format!("/subscriptions/{second}/providers/Microsoft.Network/virtualNetworks"));
    assert_eq!(listed.body["value"].as_array().unwrap().len(), 2);
}
