//! What the office is answered, as the networks and its own switches stand.

use std::net::Ipv4Addr;

use hickory_proto::{
    op::{Message, Query, ResponseCode},
    rr::{Name, RData, RecordType},
};
use serde_json::json;

use super::answer::{Asked, DnsAnswer, answer};
use super::dns;
use super::reach::{Outcome, reach};
use crate::practice::testing::{Bench, in_group};

const BLOB: &str = "stgtest.blob.core.windows.net";
const ZONE: &str = "privatelink.blob.core.windows.net";

fn network(name: &str) -> String {
    in_group(&format!("Microsoft.Network/virtualNetworks/{name}"))
}

/// A spoke with one endpoint, a hub with gateway and DNS server, halves in between, and the zone linked to the hub.
fn site() -> Bench {
    let mut bench = Bench::with_group();
    let (spoke, hub) = (network("vnet-test"), network("vnet-hub"));
    bench.put_directly(&spoke, json!({"properties": {
        "addressSpace": {"addressPrefixes": ["10.1.0.0/22"]},
        "subnets": [{"name": "SharedSubnet", "properties": {
            "addressPrefix": "10.1.1.0/24",
            "privateEndpointNetworkPolicies": "Disabled",
            "networkSecurityGroup": {"id": in_group("Microsoft.Network/networkSecurityGroups/nsg")},
            "routeTable": {"id": in_group("Microsoft.Network/routeTables/rt")},
        }}],
    }}));
    bench.put_directly(
        &hub,
        json!({"properties": {
            "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
            "dhcpOptions": {"dnsServers": ["10.0.2.4"]},
            "subnets": [{"name": "GatewaySubnet", "properties": {
                "addressPrefix": "10.0.0.0/27",
                "routeTable": {"id": in_group("Microsoft.Network/routeTables/rt-gateway")},
            }}],
        }}),
    );
    bench.put_directly(&in_group("Microsoft.Network/virtualNetworkGateways/vgw"), json!({"properties": {
        "ipConfigurations": [{"properties": {"subnet": {"id": format!("{hub}/subnets/GatewaySubnet")}}}],
    }}));
    bench.put_directly(&in_group("Microsoft.Network/routeTables/rt"), json!({"properties": {
        "disableBgpRoutePropagation": false,
        "routes": [{"properties": {"addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.1.0.4"}}],
    }}));
    bench.put_directly(
        &in_group("Microsoft.Network/routeTables/rt-gateway"),
        json!({"properties": {"routes": []}}),
    );
    bench.put_directly(
        &in_group("Microsoft.Network/networkSecurityGroups/nsg"),
        json!({"properties": {"securityRules": []}}),
    );
    peer(&mut bench, "vnet-test", "vnet-hub", false);
    peer(&mut bench, "vnet-hub", "vnet-test", true);
    let subnet = format!("{spoke}/subnets/SharedSubnet");
    let endpoint = in_group("Microsoft.Network/privateEndpoints/pe-blob");
    bench.put_directly(
        &endpoint,
        json!({"properties": {
            "subnet": {"id": subnet},
            "customNetworkInterfaceName": "nic-blob",
        }}),
    );
    bench.put_directly(&in_group("Microsoft.Network/networkInterfaces/nic-blob"), json!({"properties": {
        "privateEndpoint": {"id": endpoint},
        "ipConfigurations": [{"properties": {"privateIPAddress": "10.1.1.8", "subnet": {"id": subnet},
            "privateLinkConnectionProperties": {"fqdns": [BLOB]}}}],
    }}));
    let zone = in_group(&format!("Microsoft.Network/privateDnsZones/{ZONE}"));
    bench.put_directly(&zone, json!({}));
    bench.put_directly(
        &format!("{zone}/A/stgtest"),
        json!({"properties": {"aRecords": [{"ipv4Address": "10.1.1.8"}]}}),
    );
    bench.put_directly(
        &format!("{zone}/virtualNetworkLinks/hub"),
        json!({"properties": {"virtualNetwork": {"id": hub}}}),
    );
    bench
}

fn peer(bench: &mut Bench, from: &str, to: &str, is_hub: bool) {
    let range = if is_hub { "10.1.0.0/22" } else { "10.0.0.0/16" };
    bench.put_directly(
        &format!("{}/virtualNetworkPeerings/to-{to}", network(from)),
        json!({"properties": {
            "remoteVirtualNetwork": {"id": network(to)},
            "peeringState": "Connected",
            "allowVirtualNetworkAccess": true,
            "allowGatewayTransit": is_hub,
            "useRemoteGateways": !is_hub,
            "remoteAddressSpace": {"addressPrefixes": [range]},
        }}),
    );
}

fn asks(bench: &mut Bench, asked: Asked, host: &str) -> DnsAnswer {
    bench.on(|cloud| answer(cloud, asked, host))
}

fn reaches(bench: &mut Bench, port: u16) -> Outcome {
    bench.on(|cloud| reach(cloud, Ipv4Addr::new(10, 1, 1, 8), port))
}

fn switch(bench: &mut Bench, switches: serde_json::Value) {
    assert_eq!(bench.put("/practice/site", switches).status, 200);
}

fn private() -> DnsAnswer {
    let alias = format!("stgtest.{ZONE}");
    DnsAnswer::Address(Some(alias), Ipv4Addr::new(10, 1, 1, 8))
}

fn is_public(answer: &DnsAnswer) -> bool {
    matches!(answer, DnsAnswer::Address(_, address) if address.octets()[..3] == [203, 0, 113])
}

#[test]
fn a_name_is_private_where_zone_forwarder_and_server_are() {
    let mut bench = site();
    assert_eq!(asks(&mut bench, Asked::Site, BLOB), private());
    assert_eq!(asks(&mut bench, Asked::Hub, "STGTEST.blob.core.windows.net."), private());
    assert!(is_public(&asks(&mut bench, Asked::Site, "ml.azure.com")));
    assert_eq!(
        asks(&mut bench, Asked::Site, "nobody.blob.core.windows.net"),
        DnsAnswer::NoSuchName(None)
    );
    switch(&mut bench, json!({"not-forwarded": ["blob.core.windows.net"]}));
    assert!(is_public(&asks(&mut bench, Asked::Site, BLOB)));
    assert_eq!(asks(&mut bench, Asked::Hub, BLOB), private());
    switch(&mut bench, json!({"not-forwarded": ["vault.azure.net"]}));
    assert_eq!(asks(&mut bench, Asked::Site, BLOB), private());
    switch(&mut bench, json!({"stale-client": true}));
    assert!(is_public(&asks(&mut bench, Asked::Site, BLOB)));
    switch(&mut bench, json!({"stale-client": false}));
    let zone = in_group(&format!("Microsoft.Network/privateDnsZones/{ZONE}"));
    bench.delete(&format!("{zone}/A/stgtest"));
    bench.pass(600);
    assert_eq!(
        asks(&mut bench, Asked::Site, BLOB),
        DnsAnswer::NoSuchName(Some(format!("stgtest.{ZONE}")))
    );
    let hub = network("vnet-hub");
    for (policy, outside) in [("NxDomainRedirect", true), ("Default", false)] {
        bench.put_directly(
            &format!("{zone}/virtualNetworkLinks/hub"),
            json!({"properties": {"virtualNetwork": {"id": hub}, "resolutionPolicy": policy}}),
        );
        assert_eq!(is_public(&asks(&mut bench, Asked::Hub, BLOB)), outside);
    }
    bench.put_directly(
        &format!("{zone}/A/*"),
        json!({"properties": {"aRecords": [{"ipv4Address": "10.1.1.8"}]}}),
    );
    assert_eq!(asks(&mut bench, Asked::Site, BLOB), private());
    bench.delete(&format!("{zone}/virtualNetworkLinks/hub"));
    bench.pass(600);
    assert!(is_public(&asks(&mut bench, Asked::Hub, BLOB)));
}

#[test]
fn the_account_of_another_tenant_exists_for_the_hub_only_where_its_link_falls_back() {
    let mut bench = site();
    let host = "anothertenant.blob.core.windows.net";
    let zone = in_group(&format!("Microsoft.Network/privateDnsZones/{ZONE}"));
    for asked in [Asked::Site, Asked::Hub] {
        assert_eq!(
            asks(&mut bench, asked, host),
            DnsAnswer::NoSuchName(Some(format!("anothertenant.{ZONE}")))
        );
    }
    let link = json!({"properties": {
        "virtualNetwork": {"id": network("vnet-hub")}, "resolutionPolicy": "NxDomainRedirect"}});
    bench.put_directly(&format!("{zone}/virtualNetworkLinks/hub"), link);
    for asked in [Asked::Site, Asked::Hub] {
        assert!(is_public(&asks(&mut bench, asked, host)));
    }
    assert_eq!(asks(&mut bench, Asked::Hub, BLOB), private());
    // Of a service that has no zone here it is public all along.
    let vault = "anothertenant.vault.azure.net";
    assert!(is_public(&asks(&mut bench, Asked::Hub, vault)));
}

#[test]
fn a_switch_that_is_not_known_is_refused() {
    let mut bench = site();
    assert_eq!(bench.put("/practice/site", json!({"flood": true})).status, 400);
}

#[test]
fn an_answer_goes_over_the_wire_with_its_alias() {
    let mut bench = site();
    let mut ask = |host: &str, kind: RecordType| {
        let mut question = Message::query();
        question.add_query(Query::query(Name::from_ascii(host).unwrap(), kind));
        let bytes = question.to_vec().unwrap();
        let reply = bench.on(|cloud| dns::reply(cloud, Asked::Site, &bytes)).unwrap();
        let reply = Message::from_vec(&reply).unwrap();
        assert_eq!(reply.metadata.id, question.metadata.id);
        reply
    };
    let reply = ask("stgtest.blob.core.windows.net.", RecordType::A);
    assert_eq!(reply.answers.len(), 2);
    assert!(
        matches!(&reply.answers[0].data, RData::CNAME(alias) if alias.0.to_ascii() == format!("stgtest.{ZONE}."))
    );
    assert!(
        matches!(&reply.answers[1].data, RData::A(address) if address.0 == Ipv4Addr::new(10, 1, 1, 8))
    );
    let six = ask("stgtest.blob.core.windows.net.", RecordType::AAAA);
    assert_eq!((six.answers.len(), six.metadata.response_code), (1, ResponseCode::NoError));
    let none = ask("nowhere.invalid.", RecordType::A);
    assert_eq!(none.metadata.response_code, ResponseCode::NXDomain);
    assert_eq!(bench.on(|cloud| dns::reply(cloud, Asked::Site, b"no question")), None);
}

#[test]
fn the_endpoint_is_reached_over_halves_that_let_the_gateway_through() {
    let mut bench = site();
    assert_eq!(reaches(&mut bench, 443), Outcome::Private);
    let near = format!("{}/virtualNetworkPeerings/to-vnet-hub", network("vnet-test"));
    let set = |bench: &mut Bench, name: &str, value: serde_json::Value| {
        bench.on(|cloud| {
            let id = crate::practice::identifier::ResourceId::parse(&near).unwrap();
            cloud.resource_mut(&id).unwrap().body["properties"][name] = value;
        });
    };
    for (name, wrong, right) in [
        ("useRemoteGateways", json!(false), json!(true)),
        ("allowVirtualNetworkAccess", json!(false), json!(true)),
        ("peeringState", json!("Initiated"), json!("Connected")),
    ] {
        set(&mut bench, name, wrong);
        assert_eq!(reaches(&mut bench, 443), Outcome::Silent, "{name}");
        set(&mut bench, name, right);
    }
    assert_eq!(reaches(&mut bench, 443), Outcome::Private);
    for (name, outcome) in [
        ("no-route", Outcome::Silent),
        ("returns-dropped", Outcome::Silent),
        ("transparent-proxy", Outcome::Public),
    ] {
        switch(&mut bench, json!({ name: true }));
        assert_eq!(reaches(&mut bench, 443), outcome, "{name}");
        switch(&mut bench, json!({ name: false }));
    }
    bench.put_directly(
        &in_group("Microsoft.Network/localNetworkGateways/lgw"),
        json!({"properties": {
            "localNetworkAddressSpace": {"addressPrefixes": ["10.1.0.0/16"]},
        }}),
    );
    assert_eq!(reaches(&mut bench, 443), Outcome::Refused, "the office has that range itself");
}

/// Policies of the endpoint's subnet, without which neither rules nor wide routes hold for an endpoint.
fn policies(bench: &mut Bench, value: &str) {
    bench.on(|cloud| {
        let id = crate::practice::identifier::ResourceId::parse(&network("vnet-test")).unwrap();
        let body = &mut cloud.resource_mut(&id).unwrap().body;
        body["properties"]["subnets"][0]["properties"]["privateEndpointNetworkPolicies"] =
            json!(value);
    });
}

#[test]
fn a_rule_holds_for_endpoints_only_with_network_policies() {
    let mut bench = site();
    bench.put_directly(&in_group("Microsoft.Network/networkSecurityGroups/\
        nsg"), json!({"properties": {"securityRules": [
        {"properties": {"direction": "Inbound", "access": "Allow", "priority": 100, "protocol": "Tcp",
            "sourceAddressPrefix": "192.168.0.0/\
             16", "destinationAddressPrefix": "*", "destinationPortRanges": ["440-443"]}},
        {"properties": {"direction": "Inbound", "access": "Deny", "priority": 200, "protocol": "*",
            "sourceAddressPrefix": "*", "destinationAddressPrefix": "*", "destinationPortRange": "*"}},
    ]}}));
    assert_eq!(reaches(&mut bench, 445), Outcome::Private);
    policies(&mut bench, "NetworkSecurityGroupEnabled");
    assert_eq!(reaches(&mut bench, 443), Outcome::Private);
    assert_eq!(reaches(&mut bench, 445), Outcome::Silent);
}

#[test]
fn both_ways_pass_the_firewall_of_the_hub_or_neither_does() {
    let mut bench = site();
    let via = |prefix: &str| {
        json!({"properties": {"routes": [{"properties": {
        "addressPrefix": prefix, "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.0.3.4"}}]}})
    };
    bench.put_directly(&in_group("Microsoft.Network/routeTables/rt-gateway"), via("10.1.0.0/22"));
    assert_eq!(reaches(&mut bench, 443), Outcome::Private, "the endpoint's own route goes before");
    policies(&mut bench, "RouteTableEnabled");
    assert_eq!(reaches(&mut bench, 443), Outcome::Silent);
    bench.put_directly(&in_group("Microsoft.Network/routeTables/rt"), via("192.168.0.0/16"));
    assert_eq!(reaches(&mut bench, 443), Outcome::Private);
    bench.put_directly(
        &in_group("Microsoft.Network/routeTables/rt-gateway"),
        json!({"properties": {"routes": []}}),
    );
    assert_eq!(reaches(&mut bench, 443), Outcome::Silent);
    bench.put_directly(
        &in_group("Microsoft.Network/routeTables/rt"),
        json!({"properties": {
        "disableBgpRoutePropagation": true, "routes": []}}),
    );
    assert_eq!(reaches(&mut bench, 443), Outcome::Silent, "routes of the gateway are not let in");
}
