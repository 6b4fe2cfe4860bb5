//! What Azure, a policy or a service of Microsoft's changes by itself is no drift and fails no point; what somebody
//! changes beside it is found all the same.

use privateaml::{
    domain::{
        audit::{Audit, AuditAnswer},
        drift::Difference,
        settings::DatastoreAccess,
    },
    engine::{Control, audit, inspect, status, stop},
    practice::{Fault, SUBSCRIPTION, TENANT},
};
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    bench::{Bench, GROUP, ready, request},
    stranger::Stranger,
};

const BOTH: [DatastoreAccess; 2] = [DatastoreAccess::Identity, DatastoreAccess::AccountKey];

/// An environment in a subscription with Defender for Storage and a policy that adds tags.
async fn made(access: DatastoreAccess) -> Bench {
    let bench = Bench::at(4000.0, &[Fault::DefenderForStorage, Fault::PolicyTags]);
    let mut wanted = request();
    wanted.settings.datastore_access = access;
    ready(bench.deploy_with(&wanted, &Control::default()).await);
    bench
}

fn at(rest: &str) -> String {
    format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/{rest}")
}

async fn drift(bench: &Bench) -> Vec<Difference> {
    let record = bench.record().unwrap();
    let seen = inspect(&bench.context(), &record).await.unwrap();
    // Azure tells effective routes of a running machine only.
    assert!(seen.drift.unknown.iter().all(|each| each.point == 19));
    seen.drift.differences
}

async fn audited(bench: &Bench) -> Audit {
    audit(&bench.context(), &bench.record().unwrap(), true).await.unwrap()
}

fn failing(audit: &Audit) -> Vec<u8> {
    let points = audit.points.iter();
    points.filter(|each| each.answer == AuditAnswer::DoesNotHold).map(|each| each.number).collect()
}

fn open(audit: &Audit) -> Vec<(u8, &str)> {
    audit.open_by_choice().map(|(number, each)| (number, each.field.as_str())).collect()
}

const STORAGE: &str = "Microsoft.Storage/storageAccounts/stgtest4821";
const VAULT: &str = "Microsoft.KeyVault/vaults/kv-test4821";
const MACHINE: &str = "Microsoft.Compute/virtualMachines/vm-test4821";
const RULES: &str = "properties.networkAcls.resourceAccessRules";

#[tokio::test(flavor = "multi_thread")]
async fn what_additions_by_itself_is_no_drift_and_fails_no_point() {
    for access in BOTH {
        let bench = made(access).await;
        let (context, record) = (bench.context(), bench.record().unwrap());
        stop(&context, &record, &Control::default(), &bench.events).await.unwrap();
        let stranger = Stranger::at(&bench.server).await;
        let see = async |what: &str| stranger.ask(Method::GET, &at(what), Value::Null).await;
        // The practice cloud does what Azure does.
        let machine = see(MACHINE).await;
        let disk = &machine["properties"]["storageProfile"]["osDisk"]["managedDisk"];
        assert!(disk["id"].is_string() && disk.get("storageAccountType").is_none());
        let vault = see(VAULT).await;
        let policies = vault["properties"]["accessPolicies"].as_array().unwrap().len();
        assert_eq!(policies, if access == DatastoreAccess::AccountKey { 2 } else { 0 });
        let storage = see(STORAGE).await;
        assert_eq!(storage["tags"]["costCenter"], "practice");
        let rules = &storage["properties"]["networkAcls"]["resourceAccessRules"];
        assert_eq!(rules.as_array().unwrap().len(), 1);

        assert_eq!(drift(&bench).await, [], "{access:?}");
        let audit = audited(&bench).await;
        assert_eq!(failing(&audit), Vec::<u8>::new(), "{access:?} {audit:#?}");
        let unknown = audit.points.iter().filter(|each| each.answer == AuditAnswer::Unknown);
        let unknown: Vec<u8> = unknown.map(|each| each.number).collect();
        // Azure tells effective routes of a running machine only.
        assert_eq!(unknown, [19]);
        let open = open(&audit);
        assert!(open.contains(&(7, RULES)), "{open:?}");
        let keys = open.contains(&(8, "properties.allowSharedKeyAccess"));
        assert_eq!(keys, access == DatastoreAccess::AccountKey, "{open:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_changes_beside_it_is_found() {
    for access in BOTH {
        let bench = made(access).await;
        let (context, record) = (bench.context(), bench.record().unwrap());
        let stranger = Stranger::at(&bench.server).await;
        // A rule of the same service for another subscription, or another tenant, is nobody's of ours.
        let scanner = |subscription: &str| {
            format!(
                "/subscriptions/{subscription}/providers/Microsoft.Security/datascanners/storageDataScanner"
            )
        };
        let other = "00000000-0000-4000-8000-00000000f00d";
        for (tenant, id) in [
            (TENANT, scanner(other)),
            (other, scanner(SUBSCRIPTION)),
            (TENANT, format!("{}/more", scanner(SUBSCRIPTION))),
        ] {
            let change = |body: &mut Value| {
                let rules = &mut body["properties"]["networkAcls"]["resourceAccessRules"];
                let rules = rules.as_array_mut().unwrap();
                rules.truncate(1);
                rules.push(json!({"tenantId": tenant, "resourceId": id}));
            };
            stranger.change(&at(STORAGE), change).await;
            // The template sets no such rules, so that they are the audit's to find.
            assert_eq!(failing(&audited(&bench).await), [7], "{id}");
        }
        let change = |body: &mut Value| {
            let rules = &mut body["properties"]["networkAcls"]["resourceAccessRules"];
            rules.as_array_mut().unwrap().truncate(1);
            body["tags"]["privateaml-name"] = json!("other");
        };
        stranger.change(&at(STORAGE), change).await;

        // Another identity in the vault.
        let add = |who: &str| {
            json!({"properties": {"accessPolicies": [{
            "tenantId": TENANT, "objectId": who, "permissions": {"secrets": ["get"]}}]}})
        };
        let policies = format!("{}/accessPolicies/add", at(VAULT));
        stranger.ask(Method::PUT, &policies, add(other)).await;
        // The machine is stopped, and a card of it is not where it was.
        stop(&context, &record, &Control::default(), &bench.events).await.unwrap();
        let change = |body: &mut Value| {
            body["properties"]["securityProfile"]["uefiSettings"]["secureBootEnabled"] =
                json!(false);
        };
        stranger.change(&at(MACHINE), change).await;
        let found = drift(&bench).await;
        let told: Vec<(&str, &str)> =
            found.iter().map(|each| (each.resource.as_str(), each.property.as_str())).collect();
        let mut expected = vec![
            ("stgtest4821", "tags.privateaml-name"),
            ("kv-test4821", "properties.accessPolicies"),
            ("vm-test4821", "properties.securityProfile.uefiSettings.secureBootEnabled"),
        ];
        let (mut told, by_both) = (told, |each: &(&str, &str)| each.1.to_owned());
        told.sort_by_key(by_both);
        expected.sort_by_key(by_both);
        assert_eq!(told, expected, "{access:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_that_is_cut_off_its_vault_is_found() {
    let bench = made(DatastoreAccess::AccountKey).await;
    let stranger = Stranger::at(&bench.server).await;
    let workspace = at("Microsoft.MachineLearningServices/workspaces/ml-test4821");
    let workspace = stranger.ask(Method::GET, &workspace, Value::Null).await;
    let own = json!({"tenantId": TENANT, "objectId": workspace["identity"]["principalId"],
        "permissions": {"secrets": []}});
    let policies = format!("{}/accessPolicies/remove", at(VAULT));
    let body = json!({"properties": {"accessPolicies": [own]}});
    stranger.ask(Method::PUT, &policies, body).await;
    let found = drift(&bench).await;
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].sentence().contains("is gone"), "{}", found[0].sentence());
    assert!(found[0].remedy.contains("privateaml mend"), "{}", found[0].remedy);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_firewall_that_somebody_deleted_is_told_and_comes_back() {
    let bench = Bench::at(4000.0, &[]);
    ready(bench.deploy().await);
    let (context, record) = (bench.context(), bench.record().unwrap());
    let stranger = Stranger::at(&bench.server).await;
    let firewall = at("Microsoft.Network/azureFirewalls/fw-test4821");
    stranger.delete(&firewall).await;
    let problems = status(&context, record.clone()).await.unwrap().problems;
    let codes: Vec<&str> = problems.iter().map(|each| each.code.as_str()).collect();
    assert_eq!(codes, ["FirewallMissing"], "{problems:#?}");
    let words = format!("{} {}", problems[0].what, problems[0].advice);
    assert!(!words.contains("none") && words.contains("privateaml mend test4821"));
    let audit = audited(&bench).await;
    assert_eq!(failing(&audit), [24]);
    let wrong =
        audit.points[23].findings.iter().find(|each| each.answer == AuditAnswer::DoesNotHold);
    assert!(wrong.unwrap().remedy.contains("privateaml mend"), "{wrong:?}");

    let mut mending = request();
    mending.settings = record.settings.clone();
    mending.mend = true;
    ready(bench.deploy_with(&mending, &Control::default()).await);
    let problems = status(&context, record).await.unwrap().problems;
    assert_eq!(problems, []);
    assert_eq!(drift(&bench).await, []);

    // A default route to the internet leads past the firewall, and is said to.
    let change = |body: &mut Value| {
        let route = &mut body["properties"]["routes"][0]["properties"];
        *route = json!({"addressPrefix": "0.0.0.0/0", "nextHopType": "Internet"});
    };
    stranger.change(&at("Microsoft.Network/routeTables/rt-test4821"), change).await;
    let problems = status(&context, bench.record().unwrap()).await.unwrap().problems;
    assert_eq!(problems[0].code, "RouteMissesFirewall");
    assert!(problems[0].what.contains("past the firewall"), "{}", problems[0].what);
}
