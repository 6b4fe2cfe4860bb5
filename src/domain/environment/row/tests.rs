//! Every way in which a record and a group can meet, or miss each other.

use super::*;
use crate::domain::name::{EnvironmentName, Suffix};
use crate::domain::settings::Settings;

const SUBSCRIPTION: &str = "00000000-0000-4000-8000-00000000000A";

fn subscription() -> SeenSubscription {
    SeenSubscription {
        id: SUBSCRIPTION.into(),
        name: "Contoso Research".into(),
        tenant_id: "t".into(),
    }
}

fn settings(digits: &str) -> Settings {
    Settings::new(
        EnvironmentName::parse("test").unwrap(),
        Suffix::parse(digits).unwrap(),
        "westeurope".into(),
        "10.1.0.0/22".parse().unwrap(),
    )
}

fn record(phase: Phase) -> Record {
    let place = EnvironmentScope {
        subscription_id: SUBSCRIPTION.to_lowercase(),
        tenant_id: "t".into(),
        resource_group: "RG-test4821".into(),
        practice: false,
    };
    let keeping = Keeping::Keychain;
    Record { phase, ..Record::new(settings("4821"), place, keeping, Timestamp::UNIX_EPOCH) }
}

fn plain_group(name: &str) -> SeenGroup {
    SeenGroup {
        name: name.into(),
        location: "westeurope".into(),
        tags: BTreeMap::new(),
        deleting: false,
        network: None,
    }
}

fn group(digits: &str) -> SeenGroup {
    SeenGroup {
        tags: tags::tags(&settings(digits), Some("hash")).unwrap(),
        ..plain_group("rg-test4821")
    }
}

fn merged(records: Vec<Record>, groups: &[SeenGroup]) -> (Vec<EnvironmentRow>, Vec<Problem>) {
    let finder = Finder { practice: false, keeping: Keeping::None, now: Timestamp::UNIX_EPOCH };
    merge(&subscription(), records, groups, finder)
}

fn one(record: Option<Record>, group: Option<SeenGroup>) -> EnvironmentRow {
    let groups: Vec<SeenGroup> = group.into_iter().collect();
    let (mut rows, problems) = merged(record.into_iter().collect(), &groups);
    assert_eq!((rows.len(), problems.len()), (1, 0), "{rows:#?}");
    rows.remove(0)
}

#[test]
fn where_it_is_known_from_and_its_state_follow_from_record_and_group() {
    let deleting = || SeenGroup { deleting: true, ..group("4821") };
    let foreign = || plain_group("rg-test4821");
    for (phase, group, known, state, ask) in [
        (Some(Phase::Draft), None, KnownFrom::HereOnly, "not sent", false),
        (Some(Phase::Preparing), None, KnownFrom::HereOnly, "not sent", false),
        (Some(Phase::Ready), None, KnownFrom::Gone, "gone from Azure", false),
        (Some(Phase::Failed), None, KnownFrom::Gone, "gone from Azure", false),
        (Some(Phase::Deleting), None, KnownFrom::Gone, "gone from Azure", false),
        (Some(Phase::Ready), Some(group("4821")), KnownFrom::Both, "ready", false),
        (Some(Phase::Preparing), Some(group("4821")), KnownFrom::Both, "not sent", true),
        (Some(Phase::Deploying), Some(group("4821")), KnownFrom::Both, "deploying?", true),
        (Some(Phase::Failed), Some(group("4821")), KnownFrom::Both, "failed?", true),
        (Some(Phase::Ready), Some(deleting()), KnownFrom::Both, "deleting", false),
        (None, Some(group("4821")), KnownFrom::AzureOnly, "found in Azure", true),
        (None, Some(deleting()), KnownFrom::AzureOnly, "deleting", false),
        // The tags are gone: whose group it is, the deployments tell.
        (Some(Phase::Ready), Some(foreign()), KnownFrom::HereOnly, "ready?", true),
        (Some(Phase::Draft), Some(foreign()), KnownFrom::HereOnly, "not sent", false),
    ] {
        let row = one(phase.map(record), group);
        assert_eq!(row.known, known, "{phase:?} {row:?}");
        assert_eq!(row.state(), state, "{phase:?} {row:?}");
        assert_eq!(row.is_worth_asking(), ask, "{phase:?} {row:?}");
        assert_eq!(row.subscription, "Contoso Research");
    }
}

#[test]
fn the_newest_deployment_settles_the_state() {
    let mut found = one(None, Some(group("4821")));
    found.settle(Some(Phase::Ready));
    assert_eq!((found.state().as_str(), found.unsettled), ("ready", false));
    let mut empty = one(None, Some(group("4821")));
    empty.settle(None);
    assert_eq!(empty.state(), "not sent");
    let mut untagged = one(Some(record(Phase::Ready)), Some(plain_group("rg-test4821")));
    untagged.settle(Some(Phase::Failed));
    assert_eq!((untagged.known, untagged.state().as_str()), (KnownFrom::Both, "failed"));
    let mut foreign = one(Some(record(Phase::Ready)), Some(plain_group("rg-test4821")));
    foreign.settle(None);
    assert_eq!(foreign.known, KnownFrom::Gone);
}

#[test]
fn a_group_that_was_made_anew_for_another_environment_is_not_taken_for_the_old_one() {
    let (rows, _) = merged(vec![record(Phase::Ready)], &[group("0001")]);
    let known: Vec<(&str, KnownFrom)> =
        rows.iter().map(|row| (row.record.full_name.as_str(), row.known)).collect();
    assert_eq!(known, [("test0001", KnownFrom::AzureOnly), ("test4821", KnownFrom::Gone)]);
}

#[test]
fn damaged_tags_are_told_beside_the_rows_that_can_be_read() {
    let mut damaged = group("4821");
    damaged.tags.insert("privateaml-suffix".into(), "x".into());
    damaged.name = "rg-other".into();
    let (rows, problems) = merged(Vec::new(), &[damaged, group("4821"), plain_group("rg-a")]);
    assert_eq!(rows.len(), 1);
    assert_eq!(problems[0].code, "DamagedTags");
    assert_eq!(problems[0].place.as_deref(), Some("rg-other"));
}

fn seed(tags: &[(&str, &str)], name: &str) -> SeenGroup {
    let tags = tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
    SeenGroup { tags: tags.collect(), ..plain_group(name) }
}

#[test]
fn what_terraform_made_is_listed_marked_and_with_the_network_it_has() {
    let tags = [("Project", "Private Azure ML"), ("name", "demo1234")];
    let row = one(None, Some(seed(&tags, "rg-demo1234")));
    assert_eq!(row.record.made_by, MadeBy::Terraform);
    assert_eq!(row.record.full_name, "demo1234");
    assert_eq!(row.state(), "created with Terraform");
    assert!(row.network_unread && !row.is_worth_asking());
    let read = SeenGroup {
        network: Some("10.9.0.0/21".parse().unwrap()),
        // Without the tag `name`, the group's own name tells it.
        ..seed(&tags[..1], "rg-demo1234")
    };
    let row = one(None, Some(read));
    assert!(!row.network_unread);
    let settings = &row.record.settings;
    assert_eq!(settings.address_space.to_string(), "10.9.0.0/21");
    assert_eq!(settings.suffix.to_string(), "1234");
    let network = seed::network_of("/g", "rg-demo1234", &BTreeMap::new());
    assert!(network.ends_with("/virtualNetworks/vnet-demo1234"));
    // It survives the file form of records, and old records are ours.
    let text = serde_json::to_string(&row.record).unwrap();
    assert_eq!(serde_json::from_str::<Record>(&text).unwrap(), row.record);
    let ours = serde_json::to_string(&record(Phase::Ready)).unwrap();
    assert!(!ours.contains("made_by"));
    assert!(serde_json::from_str::<Record>(&ours).unwrap().made_by.is_ours());
}

#[test]
fn a_name_that_the_scripts_pattern_does_not_give_is_told_and_left_alone() {
    let tags = [("project", "Private Azure ML"), ("name", "my_env")];
    let (rows, problems) = merged(Vec::new(), &[seed(&tags, "rg-ml")]);
    assert!(rows.is_empty());
    assert_eq!(problems[0].code, "TerraformNameUnusual");
    let (rows, problems) = merged(Vec::new(), &[seed(&[("project", "Other")], "rg-ml")]);
    assert!(rows.is_empty() && problems.is_empty());
}

#[test]
fn what_cannot_be_asked_is_never_called_ready() {
    let problem = Problem::new("AuthorizationFailed", "No.", "Ask.");
    for phase in [Phase::Preparing, Phase::Ready, Phase::Deploying] {
        let unread = EnvironmentRow::unread(record(phase), "Contoso", &problem);
        assert_eq!(unread.state(), "could not be read");
        assert_eq!(unread.problem.as_deref(), Some(&problem));
        let other = EnvironmentRow::in_other_tenant(record(phase));
        assert_eq!(other.state(), "in another tenant");
    }
    assert_eq!(EnvironmentRow::recorded(record(Phase::Ready)).state(), "ready?");
    let draft = EnvironmentRow::in_other_tenant(record(Phase::Draft));
    assert_eq!(draft.known, KnownFrom::HereOnly);
}
