//! What has changed since an environment was made, and whether it is still private.

use std::collections::BTreeSet;

use privateaml::{
    domain::{
        allowlist::Preset,
        audit::{Audit, AuditAnswer, Point},
        drift::{Difference, DifferenceKind, Drift},
        environment::MadeBy,
        health::HealthState,
        settings::{BastionSku, MonitorAccess},
        ways::{Doors, out},
    },
    engine::{self, Control, audit, egress, inspect, pause, resume},
    practice::SUBSCRIPTION,
    template::{
        Template,
        plan::{PlanScope, plan},
    },
};
use serde_json::json;

use super::{
    bench::{Bench, GROUP, ready, request},
    stranger::{self, Stranger},
};

async fn made(preset: Preset) -> Bench {
    let bench = Bench::at(4000.0, &[]);
    let mut wanted = request();
    wanted.settings.preset = preset;
    ready(bench.deploy_with(&wanted, &Control::default()).await);
    bench
}

fn failing(audit: &Audit) -> Vec<&Point> {
    let points = audit.points.iter();
    points.filter(|each| each.answer == AuditAnswer::DoesNotHold).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fresh_environment_has_no_drift_and_no_failing_point() {
    for preset in Preset::ALL {
        let bench = made(preset).await;
        let (context, record) = (bench.context(), bench.record().unwrap());
        let seen = inspect(&context, &record).await.unwrap();
        assert_eq!(seen.drift.differences, [], "{preset:?}");
        assert_eq!(seen.drift.unknown, []);
        for part in &seen.parts {
            eprintln!("{part:?}");
        }
        let audit = audit(&context, &record, true).await.unwrap();
        assert_eq!(failing(&audit), Vec::<&Point>::new(), "{preset:#?}");
        let unknown: Vec<&Point> =
            audit.points.iter().filter(|each| each.answer == AuditAnswer::Unknown).collect();
        assert_eq!(unknown, Vec::<&Point>::new(), "{preset:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_table_of_2022_has_its_known_holes_open_by_choice() {
    let bench = made(Preset::PrivateAml2022).await;
    let audit = audit(&bench.context(), &bench.record().unwrap(), true).await.unwrap();
    assert_eq!(failing(&audit), Vec::<&Point>::new());
    // Rules of security groups, by name and by address: each is told with its width and what closes it.
    for point in [20, 22, 23] {
        let open: Vec<_> = audit.open_by_choice().filter(|(number, _)| *number == point).collect();
        assert!(!open.is_empty(), "{point}");
        assert!(open.iter().all(|(_, each)| !each.width.is_empty() && !each.remedy.is_empty()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_counts_the_ways_out_that_the_plan_counted() {
    for (preset, bastion, monitor) in [
        (Preset::Recommended, BastionSku::Basic, MonitorAccess::PrivateOnly),
        (Preset::LockedDown, BastionSku::Developer, MonitorAccess::PrivateOnly),
        (Preset::PrivateAml2022, BastionSku::Standard, MonitorAccess::Open),
    ] {
        let bench = Bench::at(4000.0, &[]);
        let mut wanted = request();
        wanted.settings.preset = preset;
        wanted.settings.bastion = bastion;
        wanted.settings.monitor_access = monitor;
        ready(bench.deploy_with(&wanted, &Control::default()).await);
        let (context, record) = (bench.context(), bench.record().unwrap());
        let planned = plan(&record.settings, Template::embedded(), &PlanScope::default()).unwrap();
        let expected: BTreeSet<String> =
            out(&Doors::of_plan(&planned)).into_iter().map(|way| way.id).collect();
        let audit = audit(&context, &record, true).await.unwrap();
        let found: BTreeSet<String> = audit.ways_out().into_iter().map(str::to_owned).collect();
        assert_eq!(found, expected, "{preset:?}");
    }
}

/// The resources of another group, to which an environment is connected as to a hub.
async fn hub(stranger: &Stranger) -> String {
    let group = format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-hub");
    stranger.put(&group, json!({"location": "westeurope"})).await;
    let hub = format!("{group}/providers/Microsoft.Network/virtualNetworks/vnet-hub");
    let space = json!({"location": "westeurope", "properties": {"addressSpace": {"addressPrefixes": ["10.200.0.0/16"]}}});
    stranger.put(&hub, space).await;
    hub
}

/// The differences that do not lie at the hub's side.
fn own(drift: &Drift) -> Vec<Difference> {
    let own = drift.differences.iter().filter(|each| !each.is_of_hub());
    own.cloned().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn five_changes_of_another_client_are_found_and_put_right_when_asked() {
    let bench = Bench::at(4000.0, &[]);
    let stranger = Stranger::at(&bench.server).await;
    let hub = hub(&stranger).await;
    let mut wanted = request();
    wanted.settings.hub = Some(hub.clone());
    ready(bench.deploy_with(&wanted, &Control::default()).await);
    let (context, record) = (bench.context(), bench.record().unwrap());
    let group = format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers");
    let network = format!("{group}/Microsoft.Network/virtualNetworks/vnet-test4821");
    let peering = |to: &str| json!({"properties": {"remoteVirtualNetwork": {"id": to}, "allowVirtualNetworkAccess": true}});
    let ours = format!("{network}/virtualNetworkPeerings/to-hub");
    let theirs = format!("{hub}/virtualNetworkPeerings/to-test4821");
    stranger.put(&ours, peering(&hub)).await;
    stranger.put(&theirs, peering(&network)).await;
    // Both halves of the peering, but none of the names: the hub's side says so, and nothing else differs.
    let before = inspect(&context, &record).await.unwrap();
    assert_eq!(own(&before.drift), []);
    let names = before.drift.differences.len();
    assert!(names > 0);

    let storage = format!("{group}/Microsoft.Storage/storageAccounts/stgtest4821");
    stranger
        .change(&storage, |body| {
            body["properties"]["publicNetworkAccess"] = json!("Enabled");
        })
        .await;
    let controls = format!("{group}/Microsoft.Network/networkSecurityGroups/nsg-shared");
    let rule = json!({"name": "LetMeIn", "properties": {"access": "Allow", "direction": "Inbound", "priority": 3000,
        "protocol": "Tcp", "sourceAddressPrefix": "Internet", "sourcePortRange": "*",
        "destinationAddressPrefix": "*", "destinationPortRange": "3389"}});
    stranger
        .change(&controls, |body| {
            body["properties"]["securityRules"].as_array_mut().unwrap().push(rule);
        })
        .await;
    stranger.delete(&format!("{group}/Microsoft.Network/privateEndpoints/pe-vault-test4821")).await;
    let routes = format!("{group}/Microsoft.Network/routeTables/rt-test4821");
    stranger
        .change(&routes, |body| {
            body["properties"]["routes"][0]["properties"]["nextHopIpAddress"] = json!("10.1.1.99");
        })
        .await;
    stranger.delete(&theirs).await;

    let seen = inspect(&context, &record).await.unwrap();
    let found = own(&seen.drift);
    let told: Vec<(DifferenceKind, &str)> =
        found.iter().map(|each| (each.kind, each.resource.as_str())).collect();
    // The hub's side of the peering is told with the hub's.
    assert_eq!(seen.drift.differences.len(), found.len() + names);
    let half = seen.drift.differences.iter().find(|each| each.property.contains("hub's side"));
    assert!(half.is_some(), "{:#?}", seen.drift.differences);
    let mut expected = vec![
        (DifferenceKind::Changed, "stgtest4821"),
        (DifferenceKind::Added, "nsg-shared"),
        (DifferenceKind::Removed, "pe-vault-test4821"),
        (DifferenceKind::Changed, "rt-test4821"),
    ];
    let by_name = |(_, name): &(DifferenceKind, &str)| (*name).to_owned();
    let mut told = told;
    told.sort_by_key(by_name);
    expected.sort_by_key(by_name);
    assert_eq!(told, expected);
    for difference in &seen.drift.differences {
        assert!(!difference.remedy.is_empty());
    }
    // The hub's side was cut elsewhere: nobody has touched ours.
    for difference in &found {
        assert_eq!(difference.who.as_deref(), Some(stranger::NAME), "{difference:?}");
    }
    let audited = audit(&context, &record, true).await.unwrap();
    let numbers: Vec<u8> = failing(&audited).iter().map(|each| each.number).collect();
    // Storage, its door; the endpoint and its name; route, as set and as it works; the rule; the peering.
    assert_eq!(numbers, [7, 12, 18, 20, 27]);

    let mut mending = request();
    mending.settings = record.settings.clone();
    mending.mend = true;
    ready(bench.deploy_with(&mending, &Control::default()).await);
    let after = inspect(&context, &record).await.unwrap();
    assert_eq!(own(&after.drift), [], "the other side is the hub's");
    assert_eq!(after.drift.differences.len(), names);
    let numbers: Vec<u8> = failing(&audit(&context, &record, true).await.unwrap())
        .iter()
        .map(|each| each.number)
        .collect();
    assert_eq!(numbers, [27]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_this_program_itself_does_later_is_no_difference() {
    let bench = made(Preset::Recommended).await;
    let (context, record) = (bench.context(), bench.record().unwrap());
    let allowed = egress::allow(&context, &record, "packages.contoso.com", None).await;
    let record = allowed.unwrap().record;
    let control = Control::default();
    let reset = engine::reset(&context, &record, None, &control, &bench.events).await;
    let record = reset.unwrap();
    pause(&context, &record, &control, &bench.events).await.unwrap();
    let seen = inspect(&context, &record).await.unwrap();
    assert!(seen.paused);
    assert_eq!(seen.drift.differences, []);
    let audited = audit(&context, &record, true).await.unwrap();
    assert_eq!(failing(&audited), Vec::<&Point>::new(), "a pause is no hole");
    resume(&context, &record, &control, &bench.events).await.unwrap();
    let seen = inspect(&context, &record).await.unwrap();
    assert_eq!(seen.drift.differences, []);
    assert_eq!(failing(&audit(&context, &record, true).await.unwrap()), Vec::<&Point>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_never_deployed_is_not_called_broken() {
    let bench = Bench::new();
    let record = Bench::draft();
    let problem = audit(&bench.context(), &record, true).await.unwrap_err();
    assert_eq!(problem.code, "NothingStands");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_terraform_made_is_looked_at_and_not_compared() {
    let bench = made(Preset::Recommended).await;
    let context = bench.context();
    let stranger = Stranger::at(&bench.server).await;
    let group = format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers");
    let routes = format!("{group}/Microsoft.Network/routeTables/rt-test4821");
    stranger
        .change(&routes, |body| {
            body["properties"]["routes"][0]["properties"]["nextHopIpAddress"] = json!("10.1.1.99");
        })
        .await;
    let mut record = bench.record().unwrap();
    record.made_by = MadeBy::Terraform;
    let seen = inspect(&context, &record).await.unwrap();
    // Its files are not known here, so what differs from a plan is open by choice; where its route leads was seen.
    let told: Vec<&str> =
        seen.drift.differences.iter().map(|each| each.resource.as_str()).collect();
    assert_eq!(told, ["rt-test4821"]);
    let firewall = seen.parts.iter().find(|part| part.title == "Firewall");
    assert_eq!(firewall.unwrap().state, HealthState::Bad, "its parts are judged all the same");
    let audited = audit(&context, &record, true).await.unwrap();
    let numbers: Vec<u8> = failing(&audited).iter().map(|each| each.number).collect();
    assert_eq!(numbers, [18]);
}
