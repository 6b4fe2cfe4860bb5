//! Hubs with something else than a VPN gateway of fixed ranges: what was not read of them is never called fine.

use super::*;
use crate::domain::network::{KnownNetwork, Relation};
use crate::domain::peering::Appliance;

/// What is said of ranges that were found free.
fn fine(found: &Candidate) -> Vec<&str> {
    let reasons = found.reasons.iter();
    reasons
        .filter(|each| each.fit == Fit::Good && each.mistake == Mistake::Overlap)
        .map(|each| each.what.as_str())
        .collect()
}

fn has(found: &Candidate, words: &str) -> bool {
    let mut reasons = found.reasons.iter();
    reasons.any(|each| format!("{} {}", each.what, each.remedy).contains(words))
}

#[test]
fn ranges_on_premises_are_fine_only_where_every_one_of_them_was_read() {
    type Change = fn(&mut Hub);
    let cases: [(Change, bool, &str); 7] = [
        (|_| {}, true, "10.1.0.0/22 meets no range"),
        (
            |hub| {
                vpn(hub).kind = GatewayKind::ExpressRoute;
                hub.learned = Known::later();
            },
            false,
            "learns ranges on-premises by BGP, which were not read",
        ),
        (
            |hub| {
                vpn(hub).bgp = true;
                hub.learned = Known::Unread("It is forbidden.".into());
            },
            false,
            "which were not read: It is forbidden.",
        ),
        (|hub| vpn(hub).bgp = true, true, "meets no range"),
        (|hub| hub.on_premises = Known::Unread("No.".into()), false, "could not be read: No."),
        (|hub| hub.gateways = Known::Unread("No.".into()), false, "Its gateways could not be read"),
        (|hub| hub.gateways = Known::Read(Vec::new()), false, "no gateway"),
    ];
    for (index, (change, beyond, told)) in cases.into_iter().enumerate() {
        let found = with(|hub, _| change(hub));
        let fine = fine(&found).join(" ");
        assert_eq!(fine.contains("sites"), beyond, "{index}: {fine}");
        assert!(!fine.contains("on-premises"), "{index}: {fine}");
        assert!(has(&found, told), "{index}: {:#?}", found.reasons);
    }
}

#[test]
fn learned_ranges_count_and_a_default_route_is_refused_with_what_it_would_do() {
    let learned =
        |prefix: &str| Known::Read(vec![Range { source: "vgw-hub".into(), prefix: prefix.into() }]);
    let met = with(|hub, _| hub.learned = learned("10.1.0.0/16"));
    assert_eq!(met.fit, Fit::Refused);
    assert!(has(&met, "overlaps 10.1.0.0/16 of vgw-hub on-premises"));
    let route = with(|hub, _| hub.learned = learned("0.0.0.0/0"));
    assert_eq!(route.fit, Fit::Refused);
    assert!(has(&route, "advertises a default route (0.0.0.0/0)"));
    assert!(!has(&route, "overlaps"), "{:#?}", route.reasons);
}

#[test]
fn hubs_without_a_gateway_are_told_the_step_that_is_right_for_them() {
    let none = |change: fn(&mut Hub)| {
        with(|hub, _| {
            hub.gateways = Known::Read(Vec::new());
            change(hub);
        })
    };
    let wan = none(|hub| {
        hub.peers.push(Peer {
            id: id("HV_hub-weu_0d6e1a2b"),
            remote_gateways: true,
            ..peer("HV_hub-weu_0d6e1a2b", "10.100.0.0/23")
        });
    });
    assert!(has(&wan, "Virtual WAN hub hub-weu") && has(&wan, "--hand-over"));
    assert!(!has(&wan, "Connect to HV_"));
    let server = none(|hub| hub.route_server = true);
    assert!(has(&server, "Azure Route Server"));
    let appliance = none(|hub| {
        hub.appliances = Known::Read(vec![Appliance {
            name: "nic-fortigate".into(),
            address: "10.0.4.4".into(),
        }]);
    });
    assert!(has(&appliance, "nic-fortigate at 10.0.4.4") && has(&appliance, "VirtualAppliance"));
}

#[test]
fn a_range_that_is_offered_meets_nothing_that_can_be_read() {
    let taken = ["10.1.0.0/16", "10.2.0.0/22", "10.2.4.0/22"];
    let found = with(|hub, spoke| {
        hub.prefixes = vec!["10.1.0.0/22".into()];
        spoke.known = taken
            .iter()
            .map(|prefix| KnownNetwork {
                name: "other".into(),
                prefixes: vec![prefix.parse().unwrap()],
                relation: Relation::Readable,
            })
            .collect();
    });
    assert!(has(&found, "--cidr 10.2.8.0/22"), "{:#?}", found.reasons);
}
