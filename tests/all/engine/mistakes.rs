//! The twelve steps that people miss, each made on purpose in the practice cloud, and each named from on-premises.
//!
//! What only Azure can tell before anything is connected (overlaps, rights) is named by the hubs' fit elsewhere; here
//! stands what somebody on-premises meets.

use privateaml::{
    domain::peering::{
        Mistake,
        verify::{self, Expectations, Report},
    },
    engine::peering::{self, Vantage},
    practice::SUBSCRIPTION,
};
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    bench::{Bench, GROUP, ready},
    stranger::Stranger,
};

/// What fits where nothing answers and nobody with an account has looked into Azure, nearest first.
const LOST: &[Mistake] =
    &[Mistake::Client, Mistake::Routes, Mistake::OneSide, Mistake::Return, Mistake::SecurityGroup];

/// An environment that is connected to a hub as it should be, until something is changed.
struct Office {
    bench: Bench,
    stranger: Stranger,
}

fn ours(rest: &str) -> String {
    format!(
        "/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.Network/{rest}"
    )
}

fn theirs(rest: &str) -> String {
    format!(
        "/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-office/providers/Microsoft.Network/{rest}"
    )
}

const NETWORK: &str = "virtualNetworks/vnet-test4821";
const HUB: &str = "virtualNetworks/vnet-office";
const NEAR: &str = "virtualNetworks/vnet-test4821/virtualNetworkPeerings/to-office";
const FAR: &str = "virtualNetworks/vnet-office/virtualNetworkPeerings/to-test4821";

impl Office {
    async fn open() -> Self {
        let bench = Bench::at(20_000.0, &[]);
        ready(bench.deploy().await);
        let stranger = Stranger::at(&bench.server).await;
        let office = Self { bench, stranger };
        office.hub().await;
        office.halves().await;
        office.link_zones().await;
        office
    }

    async fn hub(&self) {
        let group = format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-office");
        let place = json!({"location": "westeurope"});
        self.stranger.put(&group, place).await;
        self.hub_network(json!(["10.200.1.4"])).await;
        self.gateway().await;
    }

    /// The hub's network, which hands out a DNS server that stands in it.
    async fn hub_network(&self, servers: Value) {
        let network = json!({"location": "westeurope", "properties": {
            "addressSpace": {"addressPrefixes": ["10.200.0.0/16"]},
            "dhcpOptions": {"dnsServers": servers},
            "subnets": [
                {"name": "GatewaySubnet", "properties": {"addressPrefix": "10.200.0.0/27"}},
                {"name": "snet-dns", "properties": {"addressPrefix": "10.200.1.0/28"}},
            ],
        }});
        self.stranger.put(&theirs(HUB), network).await;
    }

    async fn gateway(&self) {
        let address = json!({"location": "westeurope", "sku": {"name": "Standard"},
            "properties": {"publicIPAllocationMethod": "Static"}});
        let public = theirs("publicIPAddresses/pip-vgw");
        self.stranger.put(&public, address).await;
        let gateway = json!({"location": "westeurope", "properties": {
            "gatewayType": "Vpn", "vpnType": "RouteBased", "vpnGatewayGeneration": "Generation1",
            "sku": {"name": "VpnGw1AZ", "tier": "VpnGw1AZ"},
            "ipConfigurations": [{"name": "default", "properties": {
                "privateIPAllocationMethod": "Dynamic",
                "subnet": {"id": theirs(&format!("{HUB}/subnets/GatewaySubnet"))},
                "publicIPAddress": {"id": public}}}],
        }});
        let path = theirs("virtualNetworkGateways/vgw-office");
        self.stranger.put(&path, gateway).await;
    }

    async fn halves(&self) {
        self.half(&theirs(FAR), &ours(NETWORK), true, true).await;
        self.half(&ours(NEAR), &theirs(HUB), false, true).await;
    }

    async fn half(&self, path: &str, remote: &str, is_hub: bool, gateway: bool) {
        let half = json!({"properties": {
            "remoteVirtualNetwork": {"id": remote},
            "allowVirtualNetworkAccess": true,
            "allowForwardedTraffic": true,
            "allowGatewayTransit": is_hub && gateway,
            "useRemoteGateways": !is_hub && gateway,
        }});
        self.stranger.put(path, half).await;
    }

    async fn zones(&self) -> Vec<String> {
        let path = ours("privateDnsZones");
        let listed = self.stranger.ask(Method::GET, &path, Value::Null).await;
        let zones = listed["value"].as_array().unwrap();
        zones.iter().map(|zone| zone["id"].as_str().unwrap().to_owned()).collect()
    }

    fn link(zone: &str) -> String {
        format!("{zone}/virtualNetworkLinks/to-office")
    }

    async fn link_zones(&self) {
        for zone in self.zones().await {
            let link = json!({"location": "global", "properties": {
                "registrationEnabled": false, "virtualNetwork": {"id": theirs(HUB)}}});
            self.stranger.put(&Self::link(&zone), link).await;
        }
    }

    async fn zone(&self, name: &str) -> String {
        let zones = self.zones().await;
        zones.into_iter().find(|zone| zone.ends_with(name)).unwrap()
    }

    async fn switch(&self, switches: Value) {
        let address = format!("{}practice/site", self.bench.server.url());
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let answer = client.put(address).json(&switches).send().await.unwrap();
        assert_eq!(answer.status(), 200);
    }

    async fn expected(&self) -> Expectations {
        let (context, record) = (self.bench.context(), self.bench.record().unwrap());
        peering::expectations(&context, &record).await.unwrap()
    }

    /// What somebody sees who runs the test at a desk on-premises.
    async fn look(&self) -> Report {
        let expected = self.expected().await;
        let from = Vantage::practice(self.bench.context().arm.http(), false).await.unwrap();
        let seen = peering::look(&expected, &from).await;
        verify::judge(&expected, &seen, None)
    }

    async fn names(&self, row: &str, wanted: &[Mistake], remedy: &str) {
        let report = self.look().await;
        assert_eq!(report.steps(), wanted, "{row}: {report:#?}");
        let causes = report.verdicts.iter().flat_map(|each| &each.causes);
        let told: Vec<&String> = causes.map(|cause| &cause.remedy).collect();
        assert!(told.iter().any(|each| each.contains(remedy)), "{row}: {told:?}");
        assert!(!report.is_fine());
    }

    async fn fine(&self, row: &str) {
        let report = self.look().await;
        assert!(report.is_fine(), "{row}: {report:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_connected_rightly_is_found_so_and_what_on_premises_misses_is_named() {
    let office = Office::open().await;
    office.fine("as it should be").await;
    let expected = office.expected().await;
    assert!(expected.names.len() > 10 && expected.api_name().is_some());
    assert_eq!(expected.check(), Ok(()));
    for (switches, off, mistakes, remedy) in [
        (
            json!({"not-forwarded": ["*"]}),
            json!({"not-forwarded": []}),
            &[Mistake::Client, Mistake::Names][..],
            "Forward these domains on-premises",
        ),
        (
            json!({"not-forwarded": ["vault.azure.net"]}),
            json!({"not-forwarded": []}),
            &[Mistake::Client, Mistake::Names],
            "vault.azure.net. Forward the public names",
        ),
        (
            json!({"stale-client": true}),
            json!({"stale-client": false}),
            &[Mistake::Client, Mistake::Names],
            "download the VPN profile again",
        ),
        (json!({"proxy": true}), json!({"proxy": false}), &[Mistake::Client], "pass the proxy by"),
        (
            json!({"transparent-proxy": true}),
            json!({"transparent-proxy": false}),
            &[Mistake::Client],
            "pass proxies and TLS inspection by",
        ),
        (
            json!({"public-blocked": true}),
            json!({"public-blocked": false}),
            &[Mistake::Public],
            "over the internet",
        ),
        (
            json!({"no-route": true}),
            json!({"no-route": false}),
            LOST,
            "Add the route to 10.1.0.0/22",
        ),
        (
            json!({"returns-dropped": true}),
            json!({"returns-dropped": false}),
            LOST,
            "Let both ways pass it",
        ),
    ] {
        office.switch(switches.clone()).await;
        office.names(&switches.to_string(), mistakes, remedy).await;
        office.switch(off).await;
    }
    office.fine("everything switched off again").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_names_in_azure_is_named() {
    let office = Office::open().await;
    let vault = office.zone("privatelink.vaultcore.azure.net").await;
    let link = Office::link(&vault);
    office.stranger.delete(&link).await;
    office
        .names(
            "a zone is not linked",
            &[Mistake::Names, Mistake::ZoneConflict],
            "Link these private zones to the network of the DNS server that answers: privatelink.vaultcore.azure.net",
        )
        .await;
    // The hub's own zone of that name, without our record: Azure lets only one be linked.
    let other = theirs("privateDnsZones/privatelink.vaultcore.azure.net");
    let place = json!({"location": "global", "properties": {}});
    office.stranger.put(&other, place).await;
    let body = json!({"location": "global", "properties": {
        "registrationEnabled": false, "virtualNetwork": {"id": theirs(HUB)}}});
    let linked = format!("{other}/virtualNetworkLinks/own");
    office.stranger.put(&linked, body).await;
    let remedy = "Add this environment's records to the zone that is linked to the hub";
    office.names("a zone without the record", &[Mistake::ZoneConflict], remedy).await;
    // The same with a record from before.
    let record = json!({"properties": {"ttl": 10, "aRecords": [{"ipv4Address": "10.77.0.9"}]}});
    let path = format!("{other}/A/kv-test4821");
    office.stranger.put(&path, record).await;
    office.names("a zone with another record", &[Mistake::ZoneConflict], remedy).await;
    // With ours it is right: that is what the remedy says.
    let expected = office.expected().await;
    let host = expected.names.iter().find(|name| name.host.ends_with(".vault.azure.net")).unwrap();
    let address = host.address.to_string();
    let record = json!({"properties": {"ttl": 10, "aRecords": [{"ipv4Address": address}]}});
    let path = format!("{other}/A/{}", host.host.strip_suffix(".vault.azure.net").unwrap());
    office.stranger.put(&path, record).await;
    office.fine("our record in the hub's zone").await;
    // No server in the hub that could be asked from on-premises.
    office.hub_network(json!([])).await;
    office
        .names(
            "no DNS server in the hub",
            &[Mistake::Client, Mistake::Names],
            "a DNS server in the hub",
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_the_peering_loses_packets() {
    let office = Office::open().await;
    let first = "Both sides of the peering Connected";
    office.half(&ours(NEAR), &theirs(HUB), false, false).await;
    office.names("no remote gateways", LOST, first).await;
    office.half(&ours(NEAR), &theirs(HUB), false, true).await;
    office.fine("remote gateways again").await;
    office.stranger.delete(&theirs(FAR)).await;
    office.names("one side", LOST, first).await;
    office.stranger.delete(&ours(NEAR)).await;
    office.halves().await;
    office.fine("both sides created again").await;
    // Routes of the gateway are not let into the environment.
    let table = ours("routeTables/rt-test4821");
    let propagate = |wanted: bool| {
        move |body: &mut Value| {
            body["properties"]["disableBgpRoutePropagation"] = json!(!wanted);
        }
    };
    office.stranger.change(&table, propagate(false)).await;
    office.names("no propagation", LOST, first).await;
    office.stranger.change(&table, propagate(true)).await;
    office.fine("routes are let in again").await;
    // A range of the office that overlaps.
    let site = json!({"location": "westeurope", "properties": {
        "gatewayIpAddress": "203.0.113.8",
        "localNetworkAddressSpace": {"addressPrefixes": ["10.1.0.0/16"]}}});
    let overlapping = theirs("localNetworkGateways/lgw-office");
    office.stranger.put(&overlapping, site).await;
    office.names("overlap", &[Mistake::Routes, Mistake::Overlap], "overlaps 10.1.0.0/22").await;
    office.stranger.delete(&overlapping).await;
    office.fine("no overlap").await;
}

impl Office {
    /// Lets the office in by a rule of its own, before the environment's rules deny the rest.
    async fn admit(&self, ports: Value) {
        let controls = ours("networkSecurityGroups/nsg-shared");
        let rule = json!({"name": "AllowOffice", "properties": {"access": "Allow", "direction": "Inbound", "priority": 105,
            "protocol": "Tcp", "sourceAddressPrefix": "192.168.0.0/16", "sourcePortRange": "*",
            "destinationAddressPrefix": "*", "destinationPortRanges": ports}});
        self.stranger
            .change(&controls, |body| {
                let rules = body["properties"]["securityRules"].as_array_mut();
                let rules = rules.unwrap();
                rules.retain(|each| each["name"] != "AllowOffice");
                rules.push(rule);
            })
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_security_group_that_does_not_let_the_office_in_is_named() {
    let office = Office::open().await;
    office.fine("without network policies no rule holds").await;
    let subnet = ours(&format!("{NETWORK}/subnets/SharedSubnet"));
    office
        .stranger
        .change(&subnet, |body| {
            let set = json!("NetworkSecurityGroupEnabled");
            body["properties"]["privateEndpointNetworkPolicies"] = set;
        })
        .await;
    office.names("nothing let in", LOST, "Allow TCP 443 from on-premises").await;
    office.admit(json!(["443"])).await;
    office.fine("port 445 is only for who mounts file shares").await;
    office.admit(json!(["443", "445"])).await;
    office.fine("both let in").await;
}
