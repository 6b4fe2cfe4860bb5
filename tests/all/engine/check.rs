//! The checks before a deployment: each as a problem, as unknown and as passed; nothing is written by any of them, and
//! what would fail is known before a deployment writes anything.

use std::path::PathBuf;

use privateaml::{
    domain::{
        action::Action,
        check::{CheckFinding, CheckKind, CheckOutcome, code},
        settings::{DatastoreAccess, Settings},
    },
    engine::{
        Blueprint, Control,
        check::{self, Proposal},
    },
    practice::{self, Fault, Options},
    store::keychain::Failing,
};
use serde_json::{Value, json};

use super::bench::{Bench, GROUP, ready, request, settings};

/// A bench whose cloud writes down what it is asked.
fn recorded(faults: &[Fault]) -> (Bench, PathBuf) {
    let mut bench = Bench::new();
    let mut options = Options::new(bench.paths().practice_cloud());
    let file = bench.home.path().join("traffic.jsonl");
    options.speed = 400.0;
    options.faults = faults.to_vec();
    options.record = Some(file.clone());
    bench.server = practice::start(options).unwrap();
    (bench, file)
}

/// What was written: every request but reads, and questions that are asked by POST.
fn writes(file: &PathBuf) -> Vec<String> {
    let questions = ["/validate", "/checknameavailability", "/oauth2/v2.0/token"];
    let text = std::fs::read_to_string(file).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let asked = lines.map(|line| {
        format!("{} {}", line["method"].as_str().unwrap(), line["path"].as_str().unwrap())
    });
    asked
        .filter(|line| !line.starts_with("GET ") && !line.starts_with("HEAD "))
        .filter(|line| !questions.iter().any(|end| line.to_lowercase().ends_with(end)))
        .collect()
}

async fn found_with(bench: &Bench, settings: &Settings) -> Vec<CheckFinding> {
    let blueprint = Blueprint::embedded();
    let proposal = Proposal { settings, group: GROUP, blueprint: &blueprint, existing: None };
    check::all(&bench.context(), &proposal).await
}

async fn found(bench: &Bench) -> Vec<CheckFinding> {
    found_with(bench, &settings()).await
}

fn of(found: &[CheckFinding], kind: CheckKind) -> &CheckFinding {
    found.iter().find(|finding| finding.check == kind).unwrap()
}

#[tokio::test]
async fn everything_passes_where_nothing_is_wrong_and_nothing_is_written() {
    let (bench, file) = recorded(&[]);
    let found = found(&bench).await;
    for kind in CheckKind::ALL.into_iter().filter(|kind| *kind != CheckKind::Overlap) {
        assert_eq!(of(&found, kind).outcome, CheckOutcome::Pass, "{:?}", of(&found, kind));
    }
    assert_eq!(writes(&file), Vec::<String>::new());
}

#[tokio::test]
async fn what_would_fail_is_one_finding_with_a_stable_code_and_nothing_is_written() {
    let rows = [
        (Fault::Reader, CheckKind::Rights, code::NO_RIGHT_TO_DEPLOY),
        (Fault::NoRoleAssignments, CheckKind::Rights, code::ROLE_ASSIGNMENT_DENIED),
        (Fault::EligibleRole, CheckKind::Rights, code::ROLE_NOT_ACTIVATED),
        (Fault::DenyAssignment, CheckKind::Rights, code::DENY_ASSIGNMENT),
        (Fault::NameTaken, CheckKind::Names, code::NAME_TAKEN),
        (Fault::SoftDeletedVault, CheckKind::Names, code::VAULT_DELETED),
        (Fault::RegionNotOffered, CheckKind::Region, code::REGION_NOT_OFFERED),
        (Fault::NoSchedules, CheckKind::Region, code::TYPE_NOT_IN_REGION),
        (Fault::OldVersions, CheckKind::Region, code::API_VERSION_NOT_OFFERED),
        (Fault::Sku, CheckKind::Machine, code::SIZE_RESTRICTED),
        (Fault::Quota, CheckKind::Machine, code::CORE_QUOTA),
        (Fault::LearningQuota, CheckKind::Learning, code::ML_CORE_QUOTA),
        (Fault::NoImage, CheckKind::Image, code::IMAGE_NOT_OFFERED),
        (Fault::Limits, CheckKind::Limits, code::PUBLIC_ADDRESS_LIMIT),
        (Fault::Locked, CheckKind::Locks, code::READ_ONLY_LOCK),
        (Fault::WrongClock, CheckKind::Clock, code::CLOCK_WRONG),
        (Fault::Policy, CheckKind::Template, code::POLICY_DENIED),
        (Fault::AddressPolicy, CheckKind::Template, code::POLICY_DENIED),
    ];
    for (fault, kind, code) in rows {
        let (bench, file) = recorded(&[fault]);
        let found = found(&bench).await;
        let problems: Vec<&CheckFinding> =
            found.iter().filter(|finding| finding.is_problem()).collect();
        let own: Vec<&&CheckFinding> =
            problems.iter().filter(|finding| finding.code == code).collect();
        assert_eq!(own.len(), 1, "{fault}: {problems:#?}");
        assert_eq!(own[0].check, kind, "{fault}");
        assert!(!own[0].remedy.is_empty(), "{fault}");
        assert_eq!(writes(&file), Vec::<String>::new(), "{fault}");
        assert!(code::ALL.iter().any(|(known, _)| *known == code), "{code} is in no table");
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_unknown_and_one_cause_is_told_once() {
    let (bench, file) = recorded(&[Fault::UnreadableChecks]);
    let found = found(&bench).await;
    let problems: Vec<_> = found.iter().filter(|finding| finding.is_problem()).collect();
    assert_eq!(problems, Vec::<&CheckFinding>::new());
    let unknown: Vec<_> =
        found.iter().filter(|finding| finding.outcome == CheckOutcome::Unknown).collect();
    let words: String = unknown.iter().map(|finding| finding.in_words()).collect();
    for kind in CheckKind::ALL {
        if !matches!(kind, CheckKind::Overlap | CheckKind::Store) {
            assert!(words.contains(kind.about()), "{kind:?}: {words}");
        }
    }
    assert_eq!(writes(&file), Vec::<String>::new());
}

#[tokio::test]
async fn a_condition_on_role_assignments_is_unknown_and_no_problem() {
    let (bench, _) = recorded(&[Fault::ConditionalRoles]);
    let found = found(&bench).await;
    assert_eq!(of(&found, CheckKind::Rights).outcome, CheckOutcome::Unknown);
    assert!(!found.iter().any(CheckFinding::is_problem), "{found:#?}");
}

/// The group and the store: what stands in the way there is no fault of the cloud.
#[tokio::test]
async fn a_foreign_group_a_deleted_log_workspace_and_a_broken_store_are_found() {
    let bench = Bench::new();
    let arm = bench.context().arm;
    let tags = [("owner".to_owned(), "somebody".to_owned())].into();
    arm.create_resource_group(GROUP, "westeurope", &tags).await.unwrap();
    arm.register_provider("Microsoft.OperationalInsights").await.unwrap();
    while !arm.provider("Microsoft.OperationalInsights").await.unwrap().is_registered() {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let id = format!(
        "/subscriptions/{}/resourceGroups/{GROUP}/providers/Microsoft.OperationalInsights/workspaces/log-test4821",
        arm.subscription_id()
    );
    let body = json!({"location": "westeurope", "properties": {"sku": {"name": "PerGB2018"}}});
    arm.put_resource(&id, &body).await.unwrap();
    assert_eq!(of(&found(&bench).await, CheckKind::Group).code, code::GROUP_IN_USE);
    let started = arm.delete_resource_group(GROUP).await.unwrap();
    arm.finish(started, |_| {}).await.unwrap();
    let after = found(&bench).await;
    assert_eq!(of(&after, CheckKind::Group).outcome, CheckOutcome::Pass);
    assert_eq!(of(&after, CheckKind::Logs).code, code::LOGS_DELETED);
    bench.secrets.set_failing(Some(Failing::Writes));
    let context = bench.context();
    let (settings, blueprint) = (settings(), Blueprint::embedded());
    let proposal =
        Proposal { settings: &settings, group: GROUP, blueprint: &blueprint, existing: None };
    let found = check::all(&context, &proposal).await;
    assert_eq!(of(&found, CheckKind::Store).code, code::STORE_UNAVAILABLE);
}

#[tokio::test]
async fn a_group_that_is_being_deleted_is_found() {
    let bench = Bench::at(1.0, &[]);
    let arm = bench.context().arm;
    arm.create_resource_group(GROUP, "westeurope", &[].into()).await.unwrap();
    arm.delete_resource_group(GROUP).await.unwrap();
    assert_eq!(of(&found(&bench).await, CheckKind::Group).code, code::GROUP_BEING_DELETED);
}

/// The first action leads to success: with it the finding is gone.
#[tokio::test]
async fn the_action_under_the_cursor_leads_to_success() {
    for (fault, kind) in [
        (Fault::NoRoleAssignments, CheckKind::Rights),
        (Fault::Sku, CheckKind::Machine),
        (Fault::NoSchedules, CheckKind::Region),
    ] {
        let (bench, _) = recorded(&[fault]);
        let before = found(&bench).await;
        let Some(Action::Change { flag, value: Some(value) }) = of(&before, kind).actions.first()
        else {
            panic!("{fault}: {:?}", of(&before, kind));
        };
        let mut settings = settings();
        match flag.as_str() {
            "--datastore-access" => {
                assert_eq!(value, "account-key");
                settings.datastore_access = DatastoreAccess::AccountKey;
            }
            "--jumpbox-size" => settings.jumpbox_size.clone_from(value),
            "--auto-shutdown" => settings.auto_shutdown = None,
            other => panic!("{other}"),
        }
        let after = found_with(&bench, &settings).await;
        assert!(!after.iter().any(CheckFinding::is_problem), "{fault}: {after:#?}");
        let mut wanted = request();
        wanted.settings = settings;
        ready(bench.deploy_with(&wanted, &Control::default()).await);
    }
}

/// What Azure's own validation refuses is refused before anything is written, record included.
#[tokio::test]
async fn a_refused_deployment_has_written_nothing() {
    for fault in [
        Fault::Policy,
        Fault::Quota,
        Fault::Sku,
        Fault::NameTaken,
        Fault::SoftDeletedVault,
        Fault::NoRoleAssignments,
        Fault::OldVersions,
    ] {
        let (bench, file) = recorded(&[fault]);
        assert!(bench.deploy().await.is_err(), "{fault}");
        assert_eq!(writes(&file), Vec::<String>::new(), "{fault}");
        assert_eq!(bench.record(), None, "{fault}");
    }
}

/// A group of ours that is empty goes to another region with the choice; one that holds something does not.
#[tokio::test]
async fn an_empty_group_moves_with_the_region() {
    let bench = Bench::new();
    let arm = bench.context().arm;
    let tags = privateaml::domain::environment::tags::tags(&settings(), None).unwrap();
    arm.create_resource_group(GROUP, "westeurope", &tags).await.unwrap();
    let mut wanted = request();
    wanted.settings.region = "northeurope".into();
    ready(bench.deploy_with(&wanted, &Control::default()).await);
    let group = arm.resource_group(GROUP).await.unwrap().unwrap();
    assert_eq!(group.location, "northeurope");
}
