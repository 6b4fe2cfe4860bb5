//! All twelve steps that people miss, each made on purpose on the practice cloud's own hubs, and each named with its
//! own remedy: by the test from on-premises where something is connected, by the hub's fit where nothing should be.

use std::collections::BTreeSet;

use privateaml::{
    domain::{
        operation::Ended,
        peering::{
            Fit, Mistake,
            verify::{self, Report},
        },
    },
    engine::{
        Control,
        peering::{self, LinkOptions, Vantage},
    },
    practice::{self, Options, SUBSCRIPTION},
};
use serde_json::{Value, json};

use super::{
    bench::{Bench, GROUP, ready},
    stranger::Stranger,
};

fn network(group: &str, rest: &str) -> String {
    format!(
        "/subscriptions/{SUBSCRIPTION}/resourceGroups/{group}/providers/Microsoft.Network/{rest}"
    )
}

fn hub(group: &str, name: &str) -> String {
    network(group, &format!("virtualNetworks/{name}"))
}

struct Site {
    bench: Bench,
    stranger: Stranger,
    hub: String,
    named: BTreeSet<Mistake>,
}

impl Site {
    async fn open() -> Self {
        let mut bench = Bench::new();
        let mut options = Options::new(bench.paths().practice_cloud());
        options.speed = 20_000.0;
        options.hubs = true;
        bench.server = practice::start(options).unwrap();
        ready(bench.deploy().await);
        let stranger = Stranger::at(&bench.server).await;
        let hub = hub("rg-hub", "vnet-hub-weu");
        Self { bench, stranger, hub, named: BTreeSet::new() }
    }

    /// Does what the program does: that is the remedy of much.
    async fn link(&self) {
        let (context, record) = (self.bench.context(), self.bench.record().unwrap());
        let control = Control::default();
        let linked = peering::link(
            &context,
            &record,
            &self.hub,
            LinkOptions::default(),
            &control,
            &self.bench.events,
        )
        .await
        .unwrap();
        assert!(matches!(linked, Ended::Done(_)), "{linked:#?}");
    }

    async fn switch(&self, switches: Value) {
        let address = format!("{}practice/site", self.bench.server.url());
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let answer = client.put(address).json(&switches).send().await.unwrap();
        assert_eq!(answer.status(), 200);
    }

    async fn look(&self) -> Report {
        let (context, record) = (self.bench.context(), self.bench.record().unwrap());
        let (expected, connection) = peering::case(&context, &record).await.unwrap();
        assert!(connection.is_some(), "the hub is noted and can be read");
        let from = Vantage::practice(context.arm.http(), false).await.unwrap();
        let seen = peering::look(&expected, &from).await;
        verify::judge(&expected, &seen, connection.as_ref())
    }

    async fn fine(&self, row: &str) {
        let report = self.look().await;
        assert!(report.is_fine(), "{row}: {report:#?}");
    }

    async fn names(&mut self, row: &str, wanted: Mistake, remedy: &str) {
        let report = self.look().await;
        // It is among what is told first, not somewhere below.
        let mut causes = report.verdicts.iter().take(1).flat_map(|each| &each.causes);
        let told = causes.find(|cause| cause.step == wanted && cause.remedy.contains(remedy));
        assert!(told.is_some(), "{row}: {report:#?}");
        self.named.insert(wanted);
    }

    /// What a network lacks that is not connected yet.
    async fn unfit(&mut self, id: &str, wanted: Mistake, remedy: &str) {
        let (context, record) = (self.bench.context(), self.bench.record().unwrap());
        let found = peering::hub(&context, &record, id).await.unwrap();
        let reasons = found.reasons.iter().filter(|each| each.fit > Fit::Good);
        let told: Vec<&str> = reasons
            .filter(|each| each.mistake == wanted)
            .map(|each| each.remedy.as_str())
            .collect();
        assert!(told.iter().any(|each| each.contains(remedy)), "{id}: {:#?}", found.reasons);
        self.named.insert(wanted);
    }

    async fn half(&self, network: &str) -> String {
        let path = format!("{network}/virtualNetworkPeerings");
        let listed = self.stranger.ask(reqwest::Method::GET, &path, Value::Null).await;
        let halves = listed["value"].as_array().unwrap();
        let to = ["/vnet-test4821", "/vnet-hub-weu"];
        let id = halves.iter().find(|half| {
            let remote = &half["properties"]["remoteVirtualNetwork"]["id"];
            to.iter().any(|name| remote.as_str().unwrap().ends_with(name))
        });
        id.unwrap()["id"].as_str().unwrap().to_owned()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_of_the_twelve_is_named_with_its_own_remedy() {
    let mut site = Site::open().await;
    site.link().await;
    site.fine("linked").await;
    halves(&mut site).await;
    ways(&mut site).await;
    names(&mut site).await;
    for (switches, off, wanted, remedy) in [
        (json!({"proxy": true}), json!({"proxy": false}), Mistake::Client, "pass the proxy by"),
        (
            json!({"stale-client": true}),
            json!({"stale-client": false}),
            Mistake::Client,
            "download the VPN profile again",
        ),
        (
            json!({"public-blocked": true}),
            json!({"public-blocked": false}),
            Mistake::Public,
            "over the internet",
        ),
    ] {
        site.switch(switches.clone()).await;
        site.names(&switches.to_string(), wanted, remedy).await;
        site.switch(off).await;
    }
    site.fine("everything put right").await;
    site.unfit(&hub("rg-lab", "vnet-lab"), Mistake::Gateway, "gateway").await;
    site.unfit(&hub("rg-core", "vnet-core-ne"), Mistake::Overlap, "free").await;
    site.unfit(&hub("rg-team", "vnet-team"), Mistake::Rights, "owner").await;
    let missed: Vec<&Mistake> =
        Mistake::ALL.iter().filter(|each| !site.named.contains(each)).collect();
    assert_eq!(missed, Vec::<&Mistake>::new());
}

async fn halves(site: &mut Site) {
    let far = site.half(&site.hub).await;
    site.stranger.delete(&far).await;
    let remedy = "privateaml peer does it";
    site.names("the hub's half deleted", Mistake::OneSide, remedy).await;
    site.link().await;
    site.fine("both sides again").await;
    let own = network(GROUP, "virtualNetworks/vnet-test4821/virtualNetworkPeerings");
    let near = site.half(own.trim_end_matches("/virtualNetworkPeerings")).await;
    site.stranger
        .change(&near, |half| {
            half["properties"]["useRemoteGateways"] = json!(false);
        })
        .await;
    site.names("no remote gateways", Mistake::Flags, "the hub's side first").await;
    site.link().await;
    site.fine("flags again").await;
}

async fn ways(site: &mut Site) {
    site.switch(json!({"no-route": true})).await;
    let remedy = "to the networks behind the tunnel on the VPN device";
    site.names("no route on-premises", Mistake::Routes, remedy).await;
    site.switch(json!({"no-route": false})).await;
    let subnet = network(GROUP, "virtualNetworks/vnet-test4821/subnets/SharedSubnet");
    let policies = |word: &'static str| {
        move |subnet: &mut Value| {
            subnet["properties"]["privateEndpointNetworkPolicies"] = json!(word);
        }
    };
    site.stranger.change(&subnet, policies("NetworkSecurityGroupEnabled")).await;
    site.names("a rule denies", Mistake::SecurityGroup, "allows TCP 443 and 445").await;
    // Questions come through a firewall of the hub, answers go past it.
    firewall(site).await;
    site.stranger.change(&subnet, policies("RouteTableEnabled")).await;
    site.names("answers past the firewall", Mistake::Return, "takes that route away").await;
    let table = network("rg-hub", "routeTables/rt-gateway");
    site.stranger.change(&table, |table| table["properties"]["routes"] = json!([])).await;
    site.stranger.change(&subnet, policies("Disabled")).await;
    site.fine("the route taken away").await;
}

/// A firewall in the hub, and a route of the gateway's subnet to it.
async fn firewall(site: &Site) {
    let place = "westeurope";
    let table = network("rg-hub", "routeTables/rt-gateway");
    let subnet = format!("{}/subnets/AzureFirewallSubnet", site.hub);
    let range = json!({"properties": {"addressPrefix": "10.0.3.0/26"}});
    site.stranger.put(&subnet, range).await;
    let public = network("rg-hub", "publicIPAddresses/pip-fw");
    let address = json!({"location": place, "sku": {"name": "Standard"},
        "properties": {"publicIPAllocationMethod": "Static"}});
    site.stranger.put(&public, address).await;
    let firewall = json!({"location": place, "properties": {
        "sku": {"name": "AZFW_VNet", "tier": "Standard"},
        "ipConfigurations": [{"name": "one", "properties": {
            "subnet": {"id": subnet}, "publicIPAddress": {"id": public}}}]}});
    let path = network("rg-hub", "azureFirewalls/fw-hub");
    site.stranger.put(&path, firewall).await;
    let routes = json!({"location": place, "properties": {"routes": [{"name": "spoke", "properties": {
        "addressPrefix": "10.1.0.0/22", "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.0.3.4"}}]}});
    site.stranger.put(&table, routes).await;
    let gateway = format!("{}/subnets/GatewaySubnet", site.hub);
    site.stranger
        .change(&gateway, |subnet| {
            subnet["properties"]["routeTable"] = json!({ "id": table });
        })
        .await;
}

async fn names(site: &mut Site) {
    site.switch(json!({"not-forwarded": ["azurecr.io"]})).await;
    site.names(
        "no forwarder",
        Mistake::Names,
        "Forward these domains on-premises to 10.0.1.4: azurecr.io.",
    )
    .await;
    site.switch(json!({"not-forwarded": []})).await;
    let zone = network(GROUP, "privateDnsZones/privatelink.azurecr.io");
    let path = format!("{zone}/virtualNetworkLinks");
    let listed = site.stranger.ask(reqwest::Method::GET, &path, Value::Null).await;
    let links = listed["value"].as_array().unwrap();
    let link = links.iter().find(|link| {
        let network = &link["properties"]["virtualNetwork"]["id"];
        network.as_str().unwrap().ends_with("/vnet-hub-weu")
    });
    let link = link.unwrap()["id"].as_str().unwrap().to_owned();
    site.stranger.delete(&link).await;
    site.names("zone not linked", Mistake::Names, "privatelink.azurecr.io").await;
    // The hub's own zone comes in between.
    let own = network("rg-hub", "privateDnsZones/privatelink.azurecr.io");
    let global = json!({"location": "global", "properties": {}});
    site.stranger.put(&own, global).await;
    let body = json!({"location": "global", "properties": {
        "registrationEnabled": false, "virtualNetwork": {"id": site.hub}}});
    let linked = format!("{own}/virtualNetworkLinks/own");
    site.stranger.put(&linked, body).await;
    site.names("the hub's own zone", Mistake::ZoneConflict, "Add this environment's records").await;
    site.link().await;
    site.fine("records added to the hub's zone").await;
}
