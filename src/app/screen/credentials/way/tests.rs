use super::*;
use crate::app::tests::record;

fn read(record: &Record, known: AccessFacts<'_>) -> String {
    way(record, known).text()
}

fn seen(parts: Vec<HealthPart>) -> StatusReading {
    StatusReading {
        map: None,
        elsewhere: None,
        parts,
        drift: crate::domain::drift::Drift::default(),
        history: Vec::new(),
        paused: false,
        cost: None,
        problems: Vec::new(),
    }
}

#[test]
fn every_step_says_how_it_stands() {
    let part = |title: &str, state| HealthPart {
        title: title.into(),
        name: "x".into(),
        state,
        words: "w".into(),
    };
    let seen = seen(vec![part("Jumpbox", HealthState::Off), part("Computes", HealthState::Good)]);
    let text = read(
        &record(),
        AccessFacts { seen: Some(&seen), password: Password::At("the keychain"), practice: false },
    );
    assert!(text.contains("1  Start the jumpbox and open it through Bastion: to do"), "{text}");
    assert!(text.contains("2  Have user name and password at hand: done"));
    assert!(text.contains("5  A cluster to train on: done"));
    assert!(text.contains("4  Open the studio from inside: only seen from inside"));
    assert!(!text.contains("PRACTICE"));
}

#[test]
fn how_data_gets_in_and_results_leave_is_told_with_the_hub_that_was_read() {
    let part = |words: &str| HealthPart {
        title: "Peering".into(),
        name: "vnet-hub".into(),
        state: HealthState::Good,
        words: words.into(),
    };
    let record = record();
    let told = |words: &str| {
        let seen = seen(vec![part(words)]);
        read(&record, AccessFacts { seen: Some(&seen), ..AccessFacts::default() })
    };
    let linked = told("connected");
    assert!(
        linked.contains("Results out  To a machine behind the hub: open by choice"),
        "{linked}"
    );
    assert!(linked.contains("Storage Blob Data Contributor on stgtest4821"), "{linked}");
    assert!(told("not connected").contains("No hub is linked."));
    assert!(read(&record, AccessFacts::default()).contains("has not been read"));
}

#[test]
fn enrolment_is_told_by_the_groups_that_are_on() {
    let mut record = record();
    assert!(read(&record, AccessFacts::default()).contains("device-enrolment is on"));
    record.settings.deny = [ENROLMENT.to_owned()].into_iter().collect();
    assert!(read(&record, AccessFacts::default()).contains("device-enrolment is off"));
}

#[test]
fn without_a_password_here_the_places_are_named() {
    let looked = AccessFacts { password: Password::Elsewhere, ..AccessFacts::default() };
    assert!(read(&record(), AccessFacts::default()).contains("not looked for yet"));
    let text = read(&record(), looked);
    assert!(text.contains("kv-test4821") && text.contains("--reset"), "{text}");
}
