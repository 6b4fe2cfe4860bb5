//! One fact at a time: a hub that fits, with one thing changed, and what is said of it then.

mod later;
mod order;
mod ways;

use super::{Spoke, SpokePeering, judge};
use crate::domain::peering::hub::{
    Candidate, Fit, Gateway, GatewayKind, Hub, Known, LinkedZone, Peer, Range, Rights,
};
use crate::domain::peering::mistake::Mistake;
use crate::domain::peering::testing;

fn id(name: &str) -> String {
    format!("/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/{name}")
}

fn gateway() -> Gateway {
    Gateway {
        name: "vgw-hub".into(),
        client_pool: vec!["172.31.0.0/24".into()],
        ..testing::gateway()
    }
}

fn hub() -> Hub {
    Hub {
        id: id("vnet-hub"),
        prefixes: vec!["10.0.0.0/16".into(), "fd00::/48".into()],
        peers: vec![peer("vnet-web", "10.90.0.0/22")],
        gateways: Known::Read(vec![gateway()]),
        on_premises: Known::Read(vec![Range {
            source: "lgw-office".into(),
            prefix: "192.168.0.0/16".into(),
        }]),
        resolvers: Known::Read(vec!["10.0.1.4".into()]),
        ..testing::hub()
    }
}

fn peer(name: &str, prefix: &str) -> Peer {
    Peer {
        id: id(name),
        name: name.into(),
        prefixes: vec![prefix.into()],
        state: "Connected".into(),
        remote_gateways: false,
    }
}

fn spoke() -> Spoke {
    Spoke {
        environment: "test4821".into(),
        network_id: id("vnet-test4821"),
        address_space: "10.1.0.0/22".parse().unwrap(),
        region: "westeurope".into(),
        peerings: Vec::new(),
        bastion_developer: false,
        gateways: Known::Read(Vec::new()),
        known: Vec::new(),
    }
}

fn with(change: impl FnOnce(&mut Hub, &mut Spoke)) -> Candidate {
    let (mut hub, mut spoke) = (hub(), spoke());
    change(&mut hub, &mut spoke);
    judge(hub, &spoke)
}

fn vpn(hub: &mut Hub) -> &mut Gateway {
    match &mut hub.gateways {
        Known::Read(gateways) => &mut gateways[0],
        Known::Unread(_) => unreachable!("the hub of these tests has a gateway"),
    }
}

/// What the worst reason must be, and words that it or its remedy must have.
struct Expected {
    fit: Fit,
    mistake: Mistake,
    words: &'static [&'static str],
}

const fn expected(fit: Fit, mistake: Mistake, words: &'static [&'static str]) -> Expected {
    Expected { fit, mistake, words }
}

fn check(found: &Candidate, expected: &Expected) {
    assert_eq!(found.fit, expected.fit, "{:#?}", found.reasons);
    let worst = &found.reasons[0];
    assert_eq!((worst.fit, worst.mistake), (expected.fit, expected.mistake), "{worst:#?}");
    assert!(!worst.remedy.is_empty(), "{worst:#?}");
    let text = format!("{} {}", worst.what, worst.remedy);
    for words in expected.words {
        assert!(text.contains(words), "{words} is not in: {text}");
    }
    let against = found.reasons.iter().filter(|reason| reason.fit > Fit::Good);
    assert_eq!(against.count(), 1, "one thing was changed: {:#?}", found.reasons);
}

#[test]
fn a_hub_with_everything_is_good_and_says_why() {
    let found = with(|_, _| {});
    assert_eq!(found.fit, Fit::Good);
    assert!(found.reasons.iter().all(|reason| reason.fit == Fit::Good));
    let text: String = found.reasons.iter().map(|reason| reason.what.as_str()).collect();
    for words in ["10.1.0.0/22 meets no range", "vgw-hub (VpnGw1AZ) is up", "10.0.1.4"] {
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn overlaps_are_refused_by_name_and_offer_a_range() {
    let overlap = |words| expected(Fit::Refused, Mistake::Overlap, words);
    let found = with(|hub, _| hub.prefixes = vec!["10.1.0.0/16".into()]);
    check(&found, &overlap(&["the hub vnet-hub", "--cidr 10.2.0.0/22 --hub /subscriptions/s"]));
    let found = with(|hub, _| hub.peers.push(peer("vnet-erp", "10.1.0.0/20")));
    check(&found, &overlap(&["vnet-erp", "10.1.0.0/20", "--cidr 10.1.16.0/22"]));
    let found = with(|hub, _| {
        hub.on_premises =
            Known::Read(vec![Range { source: "lgw-office".into(), prefix: "10.1.2.0/24".into() }]);
    });
    check(&found, &overlap(&["lgw-office on-premises", "--cidr 10.1.4.0/22"]));
    let found = with(|hub, _| vpn(hub).client_pool = vec!["10.1.3.0/24".into()]);
    check(&found, &overlap(&["the VPN clients of vgw-hub"]));
}

#[test]
fn the_environments_own_network_is_no_overlap_where_it_is_connected_already() {
    let found = with(|hub, spoke| {
        hub.peers.push(peer("vnet-test4821", "10.1.0.0/22"));
        spoke.peerings.push(SpokePeering {
            remote_id: hub.id.to_uppercase(),
            state: "Connected".into(),
            remote_gateways: true,
        });
    });
    assert_eq!(found.fit, Fit::Good, "{:#?}", found.reasons);
    assert!(found.reasons.iter().any(|reason| reason.what.contains("is Connected")));
}

#[test]
fn what_the_environment_has_already_can_stand_in_the_way() {
    let found = with(|_, spoke| spoke.gateways = Known::Read(vec!["vgw-own".into()]));
    check(&found, &expected(Fit::Refused, Mistake::Gateway, &["vgw-own", "vnet-test4821"]));
    let found = with(|_, spoke| {
        spoke.peerings.push(SpokePeering {
            remote_id: id("vnet-other"),
            state: "Connected".into(),
            remote_gateways: true,
        });
    });
    check(
        &found,
        &expected(
            Fit::Refused,
            Mistake::Flags,
            &["vnet-other", "privateaml peer test4821 --remove"],
        ),
    );
    let found = with(|_, spoke| spoke.bastion_developer = true);
    check(
        &found,
        &expected(
            Fit::Refused,
            Mistake::Client,
            &["Developer", "privateaml mend test4821 --bastion basic"],
        ),
    );
    let found = with(|_, spoke| spoke.gateways = Known::Unread("No rights.".into()));
    check(&found, &expected(Fit::Warns, Mistake::Gateway, &["of its own", "No rights."]));
}

#[test]
fn a_peering_that_uses_no_gateway_is_not_in_the_way() {
    let found = with(|_, spoke| {
        spoke.peerings.push(SpokePeering {
            remote_id: id("vnet-other"),
            state: "Connected".into(),
            remote_gateways: false,
        });
    });
    assert_eq!(found.fit, Fit::Good);
}

#[test]
fn gateways_that_do_not_do_are_warned_of() {
    let gateway = |words| expected(Fit::Warns, Mistake::Gateway, words);
    check(&with(|hub, _| hub.gateways = Known::Read(Vec::new())), &gateway(&["It has no gateway"]));
    let found = with(|hub, _| {
        hub.gateways = Known::Read(Vec::new());
        hub.peers[0].remote_gateways = true;
    });
    check(&found, &gateway(&["uses that of vnet-web", "Connect to vnet-web itself"]));
    check(&with(|hub, _| vpn(hub).state = "Updating".into()), &gateway(&["45 minutes"]));
    check(&with(|hub, _| vpn(hub).state = "Failed".into()), &gateway(&["is Failed"]));
    check(
        &with(|hub, _| vpn(hub).kind = GatewayKind::ExpressRoute),
        &gateway(&["only the ExpressRoute gateway"]),
    );
    check(&with(|hub, _| vpn(hub).route_based = false), &gateway(&["policy-based"]));
    check(
        &with(|hub, _| hub.gateways = Known::Unread("No rights.".into())),
        &gateway(&["could not be read: No rights."]),
    );
    let found = with(|hub, _| {
        vpn(hub).bgp = true;
        hub.learned = Known::later();
    });
    check(
        &found,
        &expected(Fit::Warns, Mistake::Overlap, &["BGP", "10.1.0.0/22 is free on-premises"]),
    );
}

#[test]
fn another_region_costs_and_excludes_the_smallest_gateway() {
    let found = with(|hub, _| hub.region = "North Europe".into());
    check(&found, &expected(Fit::Warns, Mistake::Routes, &["North Europe", "bills"]));
    let same = with(|hub, _| {
        hub.region = "West Europe".into();
        vpn(hub).sku = "Basic".into();
    });
    assert_eq!(same.fit, Fit::Good);
    let other = with(|hub, _| {
        hub.region = "northeurope".into();
        vpn(hub).sku = "Basic".into();
    });
    assert_eq!(other.reasons[0].mistake, Mistake::Gateway);
    assert!(other.reasons[0].what.contains("tier Basic"));
}

#[test]
fn missing_rights_names_and_zones_are_warned_of() {
    let rights = |write, peer, join| Known::Read(Rights { write, peer, join });
    let found = with(|hub, _| hub.rights = rights(false, false, false));
    check(
        &found,
        &expected(
            Fit::Warns,
            Mistake::Rights,
            &["owner must act", "--hand-over DIR", "--hub /subscriptions/s"],
        ),
    );
    let found = with(|hub, _| hub.rights = rights(true, true, false));
    check(&found, &expected(Fit::Warns, Mistake::Rights, &["may not link zones"]));
    let found = with(|hub, _| hub.rights = Known::Unread("Denied.".into()));
    check(&found, &expected(Fit::Warns, Mistake::Rights, &["Denied."]));
    let found = with(|hub, _| hub.resolvers = Known::Read(Vec::new()));
    check(&found, &expected(Fit::Warns, Mistake::Names, &["DNS Private Resolver"]));
    let found = with(|hub, _| hub.resolvers = Known::Unread("Denied.".into()));
    check(&found, &expected(Fit::Warns, Mistake::Names, &["Denied."]));
    let found = with(|hub, _| hub.on_premises = Known::Unread("Denied.".into()));
    check(
        &found,
        &expected(Fit::Warns, Mistake::Overlap, &["ranges on-premises could not be read"]),
    );
    let zone = |name: &str| LinkedZone {
        id: format!("/z/{name}"),
        name: name.into(),
        link_id: String::new(),
    };
    let linked = vec![zone("privatelink.blob.core.windows.net"), zone("corp.example")];
    let found = with(|hub, _| hub.zones = Known::Read(linked));
    check(
        &found,
        &expected(Fit::Warns, Mistake::ZoneConflict, &["privatelink.blob.core.windows.net"]),
    );
    assert!(!found.reasons[0].what.contains("corp.example"));
    // The environment's own zone, once it is linked, is no conflict.
    let own = id("vnet-test4821").replace(
        "virtualNetworks/vnet-test4821",
        "privateDnsZones/privatelink.blob.core.windows.net",
    );
    let linked = LinkedZone { id: own, ..zone("privatelink.blob.core.windows.net") };
    let found = with(|hub, _| hub.zones = Known::Read(vec![linked]));
    assert_eq!(found.fit, Fit::Good, "{:#?}", found.reasons);
    let found = with(|hub, _| hub.zones = Known::Unread("Denied.".into()));
    check(&found, &expected(Fit::Warns, Mistake::ZoneConflict, &["Denied."]));
}

#[test]
fn a_server_of_its_own_answers_names_as_well() {
    let found = with(|hub, _| {
        hub.resolvers = Known::Read(Vec::new());
        hub.dns_servers = vec!["10.0.0.53".into()];
    });
    assert_eq!(found.fit, Fit::Good);
}

#[test]
fn a_firewall_is_told_of() {
    let found = with(|hub, _| hub.firewall = Known::Read(Some("10.0.3.4".into())));
    let told = found.reasons.iter().find(|reason| reason.mistake == Mistake::Return);
    assert!(told.unwrap().what.contains("10.0.3.4"));
}
