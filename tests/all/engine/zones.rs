//! Landing zones: private DNS zones that exist elsewhere, and policies that deny zones and public addresses.

use privateaml::{
    domain::{
        audit::AuditAnswer,
        environment::{Phase, remains::Remain},
        health::HealthState,
        operation::Ended,
        registration::{Elsewhere, RegistrationState},
        settings::DnsZones,
    },
    engine::{
        self, Control, DeleteOptions, DeployRequest, audit, delete_environment, inspect, peering,
    },
    practice::{Fault, SUBSCRIPTION},
};
use serde_json::json;

use super::bench::{Bench, GROUP, ready, request, settings, stands};

fn wanted() -> DeployRequest {
    let mut wanted = request();
    wanted.settings.dns_zones = DnsZones::Existing;
    wanted
}

/// Somebody registers a name in a zone of theirs, and links the zone to the environment's network.
async fn register(bench: &Bench, zone: &str, records: &[(String, String)], link: bool) {
    let arm = bench.context().arm;
    let id = format!(
        "/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-dns/providers/Microsoft.Network/privateDnsZones/{zone}"
    );
    let put = async |id: &str, body: serde_json::Value| {
        let started = arm.put_resource(id, &body).await.unwrap();
        arm.finish(started, |_| {}).await.unwrap();
    };
    put(&id, json!({"location": "global"})).await;
    for (name, address) in records {
        let body = json!({"properties": {"ttl": 300, "aRecords": [{"ipv4Address": address}]}});
        put(&format!("{id}/A/{name}"), body).await;
    }
    if link {
        let network = format!(
            "/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.Network/virtualNetworks/vnet-test4821"
        );
        let body = json!({"location": "global", "properties": {
            "virtualNetwork": {"id": network}, "registrationEnabled": false}});
        put(&format!("{id}/virtualNetworkLinks/to-test"), body).await;
    }
}

async fn group_for_zones(bench: &Bench) {
    let arm = bench.context().arm;
    let tags = std::collections::BTreeMap::new();
    arm.create_resource_group("rg-dns", "westeurope", &tags).await.unwrap();
}

fn names_row(seen: &engine::Inspection) -> (HealthState, String) {
    let row = seen.parts.iter().find(|part| part.title == "Names").unwrap();
    (row.state, format!("{} {}", row.name, row.words))
}

/// The zones' owner registers all of one zone, registers another one without linking it, and writes a wrong address
/// into a third.
async fn register_some(bench: &Bench, told: &Elsewhere) {
    group_for_zones(bench).await;
    let of = |zone: &str| -> Vec<(String, String)> {
        let names = told.names.iter().filter(|each| each.zone.as_deref() == Some(zone));
        names.map(|each| (each.record.clone(), each.address.clone())).collect()
    };
    let blobs = "privatelink.blob.core.windows.net";
    register(bench, blobs, &of(blobs), true).await;
    register(
        bench,
        "privatelink.vaultcore.azure.net",
        &of("privatelink.vaultcore.azure.net"),
        false,
    )
    .await;
    register(
        bench,
        "privatelink.file.core.windows.net",
        &[("stgtest4821".into(), "10.9.9.9".into())],
        true,
    )
    .await;
}

/// The whole course: deployed under a policy that denies zones, listed, registered by somebody, seen as registered.
#[tokio::test(flavor = "multi_thread")]
async fn an_environment_without_zones_tells_its_names_until_they_are_registered() {
    let bench = Bench::at(4000.0, &[Fault::ZonePolicy]);
    let made = ready(bench.deploy_with(&wanted(), &Control::default()).await);
    let told = made.elsewhere.unwrap();
    assert_eq!(told.unread, Vec::<String>::new());
    assert!(told.names.len() > 15, "{:#?}", told.names);
    assert!(
        told.names
            .iter()
            .all(|each| each.sight == RegistrationState::Unseen && each.zone.is_some())
    );
    let blob =
        told.names.iter().find(|each| each.name == "stgtest4821.blob.core.windows.net").unwrap();
    assert_eq!((blob.record.as_str(), blob.endpoint.as_str()), ("stgtest4821", "pe-blob-test4821"));
    // Another machine finds the choice by the tags.
    let mut record = bench.record().unwrap();
    assert_eq!(record.settings.dns_zones, DnsZones::Existing);
    std::fs::remove_dir_all(bench.paths().environments(true)).unwrap();
    let (rows, _) = engine::list(&bench.context()).await.unwrap();
    assert_eq!(rows[0].record.settings.dns_zones, DnsZones::Existing);
    let context = bench.context();
    context.records.write(&record).unwrap();
    // Nothing was seen: status and audit say that nothing is known, not that it is good.
    let seen = inspect(&context, &record).await.unwrap();
    assert_eq!(seen.drift.differences, []);
    assert_eq!(names_row(&seen).0, HealthState::Unknown, "{:?}", names_row(&seen));
    let judged = audit(&context, &record, false).await.unwrap();
    let about: Vec<AuditAnswer> = judged
        .points
        .iter()
        .filter(|point| {
            point
                .findings
                .iter()
                .any(|each| each.field == "A" || each.field == "virtualNetworkLinks")
        })
        .map(|point| point.answer)
        .collect();
    assert_eq!(about, [AuditAnswer::Unknown, AuditAnswer::Unknown]);
    // The same is told of what exists already, and of on-premises.
    let again = stands(bench.deploy_with(&wanted(), &Control::default()).await);
    assert_eq!(again.elsewhere.unwrap().names.len(), told.names.len());
    let expected = peering::expectations(&context, &record).await.unwrap();
    assert!(expected.zones_elsewhere && expected.names.len() >= told.names.len());
    let bench = bench.again(&[]);
    register_some(&bench, &told).await;
    let context = bench.context();
    record.phase = Phase::Ready;
    let seen = inspect(&context, &record).await.unwrap();
    let sight = |name: &str| {
        let names = &seen.elsewhere.as_ref().unwrap().names;
        names.iter().find(|each| each.name == name).unwrap().sight.clone()
    };
    assert_eq!(sight("stgtest4821.blob.core.windows.net"), RegistrationState::Registered);
    assert_eq!(
        sight("stgtest4821.file.core.windows.net"),
        RegistrationState::Otherwise("10.9.9.9".into())
    );
    assert_eq!(sight("kv-test4821.vault.azure.net"), RegistrationState::Unlinked);
    assert_eq!(names_row(&seen).0, HealthState::Bad, "{:?}", names_row(&seen));
    let judged = audit(&context, &record, false).await.unwrap();
    let wrong = judged.points.iter().flat_map(|point| &point.findings);
    let wrong: Vec<&str> = wrong
        .filter(|each| each.field == "A" && each.answer == AuditAnswer::DoesNotHold)
        .map(|each| each.resource.as_str())
        .collect();
    assert_eq!(wrong, ["stgtest4821.file.core.windows.net"]);
    // They are not ours to remove, and that is said.
    let (options, control) = (DeleteOptions::default(), Control::default());
    let removed = delete_environment(&context, &record, options, &control, &bench.events).await;
    let told =
        matches!(&removed, Ok(Ended::Done(remains)) if remains.contains(&Remain::RegisteredNames));
    assert!(told, "{removed:?}");
}

/// A policy that denies what the template has is told before anything is made, with the way out.
#[tokio::test(flavor = "multi_thread")]
async fn a_landing_zones_policy_is_told_with_what_can_be_done() {
    for (fault, word) in [
        (Fault::ZonePolicy, "Choose existing DNS zones"),
        (Fault::AddressPolicy, "cannot do without"),
    ] {
        let bench = Bench::at(4000.0, &[fault]);
        let problem = bench.deploy().await.unwrap_err();
        let told = format!("{problem:?}");
        assert!(told.contains(word), "{fault}: {told}");
    }
}

/// A compute instance would start before its names are registered.
#[test]
fn a_compute_instance_waits_for_the_names() {
    let mut chosen = settings();
    chosen.dns_zones = DnsZones::Existing;
    chosen.compute_instance = true;
    let draft = privateaml::domain::settings::Draft::from(&chosen);
    let refused = draft.names_come_first().unwrap();
    assert_eq!(refused.place.as_deref(), Some("--compute-instance"));
    chosen.compute_instance = false;
    assert_eq!(privateaml::domain::settings::Draft::from(&chosen).names_come_first(), None);
}
