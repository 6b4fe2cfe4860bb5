//! Hubs: found over every subscription, judged for an environment, and read with as few reads as that takes.

use privateaml::{
    domain::{
        environment::Record,
        peering::{Candidate, Fit, Known, Mistake},
        settings::BastionSku,
    },
    engine::peering::{hub, hubs},
    practice::{self, Fault, Options, SITE_RANGE, SUBSCRIPTION, subscription_id},
};
use serde_json::{Value, json};

use super::bench::{Bench, SPEED};

fn bench(subscriptions: usize, faults: &[Fault]) -> Bench {
    let mut bench = Bench::new();
    let mut options = Options::new(bench.paths().practice_cloud());
    options.speed = SPEED;
    options.hubs = true;
    options.subscriptions = Some(subscriptions);
    options.faults = faults.to_vec();
    options.record = Some(bench.home.path().join("exchanges.jsonl"));
    bench.server = practice::start(options).unwrap();
    bench
}

fn id(number: usize, group: &str, name: &str) -> String {
    format!(
        "/subscriptions/{}/resourceGroups/{group}/providers/Microsoft.Network/virtualNetworks/{name}",
        subscription_id(number)
    )
}

fn named<'a>(all: &'a [Candidate], name: &str) -> &'a Candidate {
    all.iter()
        .find(|each| each.hub.name == name)
        .unwrap_or_else(|| panic!("{name} is not in {:?}", names(all)))
}

fn names(all: &[Candidate]) -> Vec<&str> {
    all.iter().map(|each| each.hub.name.as_str()).collect()
}

/// The reasons against a candidate, as step and words.
fn against(candidate: &Candidate) -> Vec<(Mistake, &str)> {
    let reasons = candidate.reasons.iter().filter(|each| each.fit > Fit::Good);
    reasons.map(|each| (each.mistake, each.what.as_str())).collect()
}

/// The paths read, without those of signing in.
fn asked(bench: &Bench) -> Vec<String> {
    let text = std::fs::read_to_string(bench.home.path().join("exchanges.jsonl")).unwrap();
    text.lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|line| line["path"].as_str().unwrap().to_lowercase())
        .filter(|path| path.starts_with("/subscriptions/"))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_hub_of_the_practice_cloud_is_judged_for_what_it_is() {
    let bench = bench(2, &[]);
    let (all, problems) = hubs(&bench.context(), &Bench::draft()).await.unwrap();
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(all.len(), 10, "{:?}", names(&all));
    let best = &all[0];
    assert_eq!(
        (best.hub.name.as_str(), best.fit),
        ("vnet-hub-weu", Fit::Good),
        "{:#?}",
        best.reasons
    );
    let good = named(&all, "vnet-hub-weu");
    assert_eq!(good.fit, Fit::Good, "{:#?}", good.reasons);
    assert_eq!(good.hub.subscription, "Practice subscription");
    let Known::Read(ranges) = &good.hub.on_premises else { panic!("{:?}", good.hub.on_premises) };
    assert_eq!((ranges[0].source.as_str(), ranges[0].prefix.as_str()), ("lgw-office", SITE_RANGE));
    assert_eq!(good.hub.resolvers, Known::Read(vec!["10.0.1.4".to_owned()]));
    for (name, fit, mistake, words) in [
        (
            "vnet-core-ne",
            Fit::Refused,
            Mistake::Overlap,
            "overlaps 10.1.0.0/16 of the hub vnet-core-ne",
        ),
        (
            "vnet-peered",
            Fit::Refused,
            Mistake::Overlap,
            "vnet-spoke-erp, with which the hub is already connected",
        ),
        ("vnet-spoke-erp", Fit::Refused, Mistake::Overlap, "overlaps 10.1.0.0/20"),
        ("vnet-lab", Fit::Warns, Mistake::Gateway, "no gateway"),
        ("vnet-spoke-web", Fit::Warns, Mistake::Gateway, "uses that of vnet-hub-weu"),
        ("vnet-team", Fit::Warns, Mistake::Rights, "owner must act"),
        ("vnet-far-ro", Fit::Warns, Mistake::Rights, "owner must act"),
        ("vnet-shared", Fit::Warns, Mistake::Names, "DNS Private Resolver"),
    ] {
        let found = named(&all, name);
        assert_eq!(found.fit, fit, "{name}: {:#?}", found.reasons);
        let reasons = against(found);
        assert!(
            reasons.iter().any(|(step, what)| *step == mistake && what.contains(words)),
            "{name}: {reasons:#?}"
        );
    }
    let fits: Vec<Fit> = all.iter().map(|each| each.fit).collect();
    assert!(fits.is_sorted(), "{fits:?}");
    // A range that is offered is free beside the hub that it is offered for.
    let core = named(&all, "vnet-core-ne");
    assert!(
        core.reasons[0].remedy.contains("--cidr 10.2.0.0/22 --hub /subscriptions/"),
        "{:?}",
        core.reasons[0]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subscription_without_gateways_costs_one_read_and_an_unreadable_one_hides_no_other() {
    let bench = bench(3, &[Fault::UnreadableSubscription(2)]);
    let (all, problems) = hubs(&bench.context(), &Bench::draft()).await.unwrap();
    assert_eq!(all.len(), 8, "{:?}", names(&all));
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].code, "AuthorizationFailed");
    assert!(
        problems[0].what.starts_with("The networks of Practice subscription 2 could not be read")
    );
    assert!(problems[0].advice.contains("Reader") && problems[0].advice.contains("--hub"));
    let third = format!("/subscriptions/{}", subscription_id(3));
    let reads = asked(&bench);
    let of_third = reads.iter().filter(|path| path.starts_with(&third));
    assert_eq!(of_third.count(), 1, "{reads:#?}");
    let zones = reads.iter().filter(|path| path.contains("privatednszones"));
    assert_eq!(zones.count(), 0, "zones are read of the chosen hub alone");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_chosen_hub_is_read_with_its_zones_and_its_rights() {
    let bench = bench(2, &[]);
    let (context, record) = (bench.context(), Bench::draft());
    let shared = hub(&context, &record, &id(1, "rg-shared", "vnet-shared")).await.unwrap();
    let clash = against(&shared).into_iter().find(|(step, _)| *step == Mistake::ZoneConflict);
    assert!(clash.unwrap().1.contains("privatelink.blob.core.windows.net"));
    let Known::Read(zones) = &shared.hub.zones else { panic!("{:?}", shared.hub.zones) };
    assert_eq!(zones.len(), 3);
    assert!(zones.iter().all(|zone| zone.link_id.contains("/virtualNetworkLinks/")));
    // As a person types it in, and in another subscription.
    let far = hub(&context, &record, &format!(" {}/ ", id(2, "RG-FAR", "VNET-FAR"))).await.unwrap();
    assert_eq!(
        (far.fit, far.hub.subscription.as_str()),
        (Fit::Good, "Practice subscription 2"),
        "{:#?}",
        far.reasons
    );
    assert_eq!(far.hub.zones, Known::Read(Vec::new()));
    let lab = hub(&context, &record, &id(1, "rg-lab", "vnet-lab")).await.unwrap();
    assert_eq!(lab.fit, Fit::Warns);
    let gone = hub(&context, &record, &id(1, "rg-hub", "vnet-none")).await.unwrap_err();
    assert_eq!(gone.code, "HubNotFound");
    let unclear = hub(&context, &record, "vnet-hub-weu").await.unwrap_err();
    assert_eq!(unclear.code, "HubIdUnclear");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_environments_own_side_counts_as_well() {
    let bench = bench(1, &[]);
    let context = bench.context();
    let record = Record {
        settings: privateaml::domain::settings::Settings {
            bastion: BastionSku::Developer,
            ..super::bench::settings()
        },
        ..Bench::draft()
    };
    let group = "rg-test4821";
    let group_path = std::collections::BTreeMap::from([("privateaml".to_owned(), "x".to_owned())]);
    context.arm.create_resource_group(group, "westeurope", &group_path).await.unwrap();
    let network = id(1, group, "vnet-test4821");
    let other = format!("{network}-other");
    let space = |prefix: &str| {
        json!({ "location": "westeurope", "tags": { "privateaml": "1" },
            "properties": { "addressSpace": { "addressPrefixes": [prefix] } } })
    };
    put(&bench, &network, &space("10.1.0.0/22")).await;
    // Another environment: a spoke like ours, no hub.
    put(&bench, &other, &space("10.3.0.0/22")).await;
    let to_lab =
        json!({ "properties": { "remoteVirtualNetwork": { "id": id(1, "rg-lab", "vnet-lab") } } });
    put(&bench, &format!("{network}/virtualNetworkPeerings/to-lab"), &to_lab).await;
    let (all, _) = hubs(&context, &record).await.unwrap();
    assert!(!names(&all).iter().any(|name| name.starts_with("vnet-test4821")), "{:?}", names(&all));
    assert!(all.iter().all(|each| each.fit == Fit::Refused));
    let hub = named(&all, "vnet-hub-weu");
    assert_eq!(against(hub)[0].0, Mistake::Client);
    assert!(hub.reasons[0].remedy.contains("privateaml mend test4821 --bastion basic"));
    let lab = named(&all, "vnet-lab");
    assert!(
        lab.reasons.iter().any(|each| each.what.contains("which is Initiated")),
        "{:#?}",
        lab.reasons
    );
}

/// Writes a resource and waits until it is done.
async fn put(bench: &Bench, id: &str, body: &Value) {
    let arm = bench.context().arm;
    arm.put_resource(id, body).await.unwrap();
    for _ in 0..2000 {
        let read = arm.resource(id).await.unwrap().unwrap();
        if read["properties"]["provisioningState"] == "Succeeded" {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("{id} of {SUBSCRIPTION} was not made");
}
