use jiff::Timestamp;

use super::*;
use crate::domain::environment::{EnvironmentScope, Keeping, Phase};
use crate::domain::name::{EnvironmentName, Suffix};
use crate::domain::settings::Settings;

fn record(name: &str) -> Record {
    let settings = Settings::new(
        EnvironmentName::parse(name).unwrap(),
        Suffix::parse("4821").unwrap(),
        "westeurope".into(),
        "10.1.0.0/22".parse().unwrap(),
    );
    let place = EnvironmentScope {
        subscription_id: "s".into(),
        tenant_id: "t".into(),
        resource_group: settings.resource_group(),
        practice: false,
    };
    Record::new(settings, place, Keeping::Keychain, Timestamp::UNIX_EPOCH)
}

fn records() -> (tempfile::TempDir, Records) {
    let home = tempfile::tempdir().unwrap();
    let records = Records::open(home.path().join("environments")).unwrap();
    (home, records)
}

#[test]
fn records_are_written_listed_and_removed() {
    let (_home, records) = records();
    assert_eq!(records.read("test4821").unwrap(), None);
    for name in ["test", "alpha"] {
        records.write(&record(name)).unwrap();
    }
    let mut changed = record("test");
    changed.phase = Phase::Ready;
    records.write(&changed).unwrap();
    assert_eq!(records.read("test4821").unwrap(), Some(changed));
    let names: Vec<_> = records.list().unwrap().records;
    assert_eq!(names[0].full_name, "alpha4821");
    records.remove("alpha4821").unwrap();
    records.remove("alpha4821").unwrap();
    assert_eq!(records.list().unwrap().records.len(), 1);
}

#[test]
fn a_broken_record_is_reported_and_kept() {
    let (_home, records) = records();
    records.write(&record("test")).unwrap();
    let path = records.directory.join("broken4821.json");
    std::fs::write(&path, "{\"half\":").unwrap();
    let listing = records.list().unwrap();
    assert_eq!((listing.records.len(), listing.broken.len()), (1, 1));
    assert_eq!(records.read("broken4821").unwrap_err().code, "BrokenRecord");
    records.write(&record("broken")).unwrap();
    let aside = std::fs::read_to_string(path.with_extension("json.broken-1")).unwrap();
    assert_eq!(aside, "{\"half\":");
    assert!(records.list().unwrap().broken.is_empty());
}

#[test]
fn a_newer_record_is_never_replaced() {
    let (_home, records) = records();
    let path = records.directory.join("test4821.json");
    std::fs::write(&path, r#"{"version": 99, "what": "nobody knows"}"#).unwrap();
    let problem = records.write(&record("test")).unwrap_err();
    assert_eq!(problem.code, "RecordFromNewerVersion");
    assert!(std::fs::read_to_string(&path).unwrap().contains("99"));
}

#[test]
fn a_name_cannot_lead_out_of_the_directory() {
    let (_home, records) = records();
    for name in ["../test", "", "a/b", "a.b", "C:"] {
        assert_eq!(records.read(name).unwrap_err().code, "InvalidName", "{name}");
    }
}

#[test]
fn one_window_holds_the_lock_at_a_time() {
    let (_home, records) = records();
    let held = records.lock("test4821").unwrap();
    assert!(held.is_some());
    assert!(records.lock("test4821").unwrap().is_none());
    assert!(records.lock("other4821").unwrap().is_some());
    drop(held);
    assert!(records.lock("test4821").unwrap().is_some());
}
