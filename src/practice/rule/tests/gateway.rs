//! Gateways, sites, connections and resolvers: what is refused, and what becomes of a tunnel.

use serde_json::{Value, json};

use super::{at, id, make, put, regional, subnet, virtual_network};
use crate::practice::SITE_DEVICE;
use crate::practice::testing::{Bench, in_group};

const GATEWAY: &str = "Microsoft.Network/virtualNetworkGateways/vgw";
const NETWORK: &str = "Microsoft.Network/virtualNetworks/hub";
const TYPICAL: u64 = 1500;

fn bench() -> Bench {
    let mut bench = Bench::with_group();
    let mut inbound = subnet("inbound", "10.5.1.0/28");
    inbound["properties"]["delegations"] = json!([{ "name": "d", "properties": {
        "serviceName": "Microsoft.Network/dnsResolvers" }}]);
    let subnets =
        json!([subnet("GatewaySubnet", "10.5.0.0/27"), inbound, subnet("plain", "10.5.2.0/24"),]);
    make(&mut bench, NETWORK, virtual_network("10.5.0.0/16", &subnets));
    for name in ["pip", "pip2"] {
        let address = json!({ "location": "westeurope", "sku": { "name": "Standard" },
            "properties": { "publicIPAllocationMethod": "Static" } });
        make(&mut bench, &format!("Microsoft.Network/publicIPAddresses/{name}"), address);
    }
    bench
}

fn gateway(subnet: &str, address: &str, tier: &str) -> Value {
    regional(json!({
        "gatewayType": "Vpn", "vpnType": "RouteBased", "sku": { "name": tier, "tier": tier },
        "ipConfigurations": [{ "name": "default", "properties": {
            "subnet": id(&format!("{NETWORK}/subnets/{subnet}")),
            "publicIPAddress": id(&format!("Microsoft.Network/publicIPAddresses/{address}")),
        }}],
    }))
}

fn code(bench: &mut Bench, rest: &str, body: Value) -> String {
    let reply = put(bench, rest, body);
    Bench::code(&reply).to_owned()
}

#[test]
fn a_gateway_stands_in_its_own_subnet_once_with_a_tier_of_today_and_takes_its_time() {
    let mut bench = bench();
    let wrong = gateway("plain", "pip", "VpnGw1AZ");
    assert_eq!(code(&mut bench, GATEWAY, wrong), "SubnetNameNotValid");
    let retired = gateway("GatewaySubnet", "pip", "VpnGw1");
    assert_eq!(code(&mut bench, GATEWAY, retired), "NonAzSkusNotAllowedForVPNGateway");
    let mut bare = gateway("GatewaySubnet", "pip", "VpnGw1AZ");
    bare["properties"]["ipConfigurations"][0]["properties"]["publicIPAddress"] = Value::Null;
    assert_eq!(code(&mut bench, GATEWAY, bare), "MissingRequiredProperty");
    let good = gateway("GatewaySubnet", "pip", "VpnGw1AZ");
    assert_eq!(put(&mut bench, GATEWAY, good).status, 201);
    bench.pass(TYPICAL - 60);
    assert_eq!(bench.get(&at(GATEWAY)).body["properties"]["provisioningState"], "Updating");
    bench.pass(120);
    assert_eq!(bench.get(&at(GATEWAY)).body["properties"]["provisioningState"], "Succeeded");
    let second = gateway("GatewaySubnet", "pip2", "VpnGw1AZ");
    let other = "Microsoft.Network/virtualNetworkGateways/second";
    assert_eq!(code(&mut bench, other, second), "VirtualNetworkAlreadyHasGateway");
    let held = bench.get(&at("Microsoft.Network/publicIPAddresses/pip")).body;
    let holder = held["properties"]["ipConfiguration"]["id"].as_str().unwrap();
    assert!(holder.contains("/virtualNetworkGateways/vgw/"), "{holder}");
}

#[test]
fn a_gateway_takes_its_slowest_on_demand() {
    let mut bench = bench();
    bench.faults(&[crate::practice::Fault::SlowGateway]);
    put(&mut bench, GATEWAY, gateway("GatewaySubnet", "pip", "VpnGw1AZ"));
    for (minutes, state) in [(44, "Updating"), (2, "Succeeded")] {
        bench.pass(minutes * 60);
        let shown = bench.get(&at(GATEWAY)).body;
        assert_eq!(shown["properties"]["provisioningState"], state);
    }
}

fn connection(key: &Value) -> Value {
    regional(json!({
        "connectionType": "IPsec", "sharedKey": key,
        "virtualNetworkGateway1": id(GATEWAY),
        "localNetworkGateway2": id("Microsoft.Network/localNetworkGateways/site"),
    }))
}

#[test]
fn a_tunnel_comes_up_where_the_practice_office_answers_and_its_key_is_never_told() {
    for (device, ended) in [(SITE_DEVICE, "Connected"), ("198.51.100.9", "NotConnected")] {
        let mut bench = bench();
        make(&mut bench, GATEWAY, gateway("GatewaySubnet", "pip", "VpnGw1AZ"));
        let site = regional(json!({ "gatewayIpAddress": device,
            "localNetworkAddressSpace": { "addressPrefixes": ["192.168.0.0/16"] } }));
        make(&mut bench, "Microsoft.Network/localNetworkGateways/site", site);
        let path = "Microsoft.Network/connections/cn";
        assert_eq!(code(&mut bench, path, connection(&Value::Null)), "MissingRequiredProperty");
        let begun = put(&mut bench, path, connection(&json!("Example-1")));
        assert_eq!(begun.body["properties"]["connectionStatus"], "Unknown");
        let mut met = Vec::new();
        for _ in 0..40 {
            bench.pass(10);
            let shown = bench.get(&at(path)).body;
            assert!(!shown.to_string().contains("haredKey"), "{shown}");
            let status = shown["properties"]["connectionStatus"].as_str().unwrap().to_owned();
            if met.last() != Some(&status) {
                met.push(status);
            }
        }
        assert_eq!(met, ["Unknown", "Connecting", ended]);
        for file in std::fs::read_dir(bench.directory.path().join("groups")).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            assert!(!text.contains("Example-1"));
        }
    }
}

#[test]
fn a_connection_waits_for_its_gateway() {
    let mut bench = bench();
    put(&mut bench, GATEWAY, gateway("GatewaySubnet", "pip", "VpnGw1AZ"));
    let site = regional(json!({ "gatewayIpAddress": SITE_DEVICE }));
    put(&mut bench, "Microsoft.Network/localNetworkGateways/site", site);
    bench.pass(60);
    let path = "Microsoft.Network/connections/cn";
    let early = code(&mut bench, path, connection(&json!("Example-1")));
    assert_eq!(early, "ReferencedResourceNotProvisioned");
}

#[test]
fn a_resolver_answers_in_a_subnet_that_is_its_own() {
    let mut bench = bench();
    let resolver = "Microsoft.Network/dnsResolvers/dnspr";
    make(&mut bench, resolver, regional(json!({ "virtualNetwork": id(NETWORK) })));
    let second = "Microsoft.Network/dnsResolvers/other";
    let body = regional(json!({ "virtualNetwork": id(NETWORK) }));
    assert_eq!(code(&mut bench, second, body), "VirtualNetworkAlreadyHasResolver");
    let inbound = |subnet: &str| {
        regional(json!({ "ipConfigurations": [{
            "privateIpAllocationMethod": "Dynamic",
            "subnet": { "id": in_group(&format!("{NETWORK}/subnets/{subnet}")) },
        }]}))
    };
    let path = format!("{resolver}/inboundEndpoints/in");
    let plain = format!("{resolver}/inboundEndpoints/plain");
    make(&mut bench, &plain, inbound("plain"));
    let shown = bench.get(&at(&format!("{NETWORK}/subnets/plain"))).body;
    assert_eq!(
        shown["properties"]["delegations"][0]["properties"]["serviceName"],
        "Microsoft.Network/dnsResolvers"
    );
    let made = make(&mut bench, &path, inbound("inbound"));
    let configuration = &made["properties"]["ipConfigurations"][0];
    assert_eq!(configuration["privateIpAddress"], "10.5.1.4");
    let again = format!("{resolver}/inboundEndpoints/in2");
    assert_eq!(code(&mut bench, &again, inbound("inbound")), "SubnetAlreadyInUse");
}

fn spoke(bench: &mut Bench) {
    let subnets = json!([subnet("GatewaySubnet", "10.6.0.0/27")]);
    let network = virtual_network("10.6.0.0/22", &subnets);
    make(bench, "Microsoft.Network/virtualNetworks/spoke", network);
}

fn half(remote: &str, transit: bool, remote_gateways: bool) -> Value {
    json!({ "properties": {
        "remoteVirtualNetwork": id(&format!("Microsoft.Network/virtualNetworks/{remote}")),
        "allowGatewayTransit": transit, "useRemoteGateways": remote_gateways,
    }})
}

const OURS: &str = "Microsoft.Network/virtualNetworks/spoke/virtualNetworkPeerings/to-hub";
const THEIRS: &str = "Microsoft.Network/virtualNetworks/hub/virtualNetworkPeerings/to-spoke";

#[test]
fn a_gateway_is_used_from_afar_only_when_it_is_up_and_the_other_half_lets_it() {
    let mut bench = bench();
    spoke(&mut bench);
    put(&mut bench, GATEWAY, gateway("GatewaySubnet", "pip", "VpnGw1AZ"));
    bench.pass(60);
    // One that is still being made counts as none.
    assert_eq!(code(&mut bench, OURS, half("hub", false, true)), "RemoteVnetHasNoGateways");
    bench.pass(7200);
    make(&mut bench, THEIRS, half("spoke", false, false));
    let refused = put(&mut bench, OURS, half("hub", false, true));
    let words = refused.body["error"]["message"].as_str().unwrap();
    assert!(
        words.contains("corresponding remote peering has AllowGatewayTransit flag set to false"),
        "{words}"
    );
    make(&mut bench, THEIRS, half("spoke", true, false));
    let made = make(&mut bench, OURS, half("hub", false, true));
    assert_eq!(made["properties"]["peeringState"], "Connected");
}

#[test]
fn a_network_with_a_gateway_of_its_own_cannot_use_another() {
    let mut bench = bench();
    spoke(&mut bench);
    make(&mut bench, GATEWAY, gateway("GatewaySubnet", "pip", "VpnGw1AZ"));
    let own = regional(json!({
        "gatewayType": "Vpn", "sku": { "name": "VpnGw1AZ" },
        "ipConfigurations": [{ "name": "default", "properties": {
            "subnet": id("Microsoft.Network/virtualNetworks/spoke/subnets/GatewaySubnet"),
            "publicIPAddress": id("Microsoft.Network/publicIPAddresses/pip2"),
        }}],
    }));
    put(&mut bench, "Microsoft.Network/virtualNetworkGateways/own", own);
    assert_eq!(code(&mut bench, OURS, half("hub", false, true)), "VnetHasGatewayConfigured");
}
