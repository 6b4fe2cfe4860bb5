use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::domain::allowlist::{OwnHost, Preset};
use crate::domain::name::{EnvironmentName, Suffix};
use crate::domain::settings::{AutoShutdown, BastionSku};

fn settings() -> Settings {
    Settings::new(
        EnvironmentName::parse("test").unwrap(),
        Suffix::parse("4821").unwrap(),
        "westeurope".into(),
        "10.1.0.0/22".parse().unwrap(),
    )
}

fn record() -> Record {
    let place = EnvironmentScope {
        subscription_id: "S".into(),
        tenant_id: "t".into(),
        resource_group: "rg-test4821".into(),
        practice: false,
    };
    Record::new(settings(), place, Keeping::Keychain, Timestamp::UNIX_EPOCH)
}

#[test]
fn each_attempt_has_a_name_of_its_own() {
    let mut record = record();
    let now: Timestamp = "2026-11-24T03:54:35Z".parse().unwrap();
    assert_eq!(record.begin_attempt(now, &[]), "paml-test4821-20261124035435");
    let taken = ["paml-test4821-20261124035436".to_owned()];
    assert_eq!(record.begin_attempt(now, &taken), "paml-test4821-20261124035437");
    assert_eq!(record.last_deployment(), Some("paml-test4821-20261124035437"));
    assert!(is_own_deployment("test4821", "paml-test4821-20261124035437"));
    assert!(!is_own_deployment("test482", "paml-test4821-20261124035437"));
    assert!(!is_own_deployment("test4821", "paml-test4821-2026"));
    assert_eq!(record.account(), "s/test4821");
}

#[test]
fn a_record_survives_its_file_form() {
    let mut record = record();
    record.begin_attempt(Timestamp::UNIX_EPOCH, &[]);
    let text = serde_json::to_string(&record).unwrap();
    assert_eq!(serde_json::from_str::<Record>(&text).unwrap(), record);
    assert!(text.contains(r#""phase":"draft""#) && text.contains(r#""credentials":"keychain""#));
}

#[test]
fn plain_settings_make_few_tags() {
    let tags = tags::tags(&settings(), Some("abc")).unwrap();
    let keys: Vec<&str> = tags.keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        [
            "privateaml",
            "privateaml-cidr",
            "privateaml-name",
            "privateaml-suffix",
            "privateaml-template"
        ]
    );
}

#[test]
fn tags_of_others_and_damaged_ones_are_told_apart() {
    let mut tags = tags::tags(&settings(), None).unwrap();
    tags.insert("owner".into(), "ada".into());
    let found = tags::from_tags("westeurope", &tags).unwrap().unwrap();
    assert_eq!(found.settings, settings());
    for (key, value, code) in [
        ("privateaml-suffix", "48", "DamagedTags"),
        ("privateaml-choices-1", "{", "DamagedTags"),
        ("privateaml", "2", "TagsFromNewerVersion"),
    ] {
        let mut changed = tags.clone();
        changed.insert(key.into(), value.into());
        let problem = tags::from_tags("westeurope", &changed).unwrap().unwrap_err();
        assert_eq!(problem.code, code);
    }
    tags.remove("privateaml");
    assert!(tags::from_tags("westeurope", &tags).is_none());
}

#[test]
fn tags_that_azure_would_refuse_are_refused_here() {
    let mut own = settings();
    own.tags.insert("PrivateAML-name".into(), "x".into());
    assert_eq!(tags::tags(&own, None).unwrap_err().code, "InvalidTag");
    let mut many = settings();
    many.tags = (0..46).map(|index| (format!("t{index}"), "x".into())).collect();
    assert_eq!(tags::tags(&many, None).unwrap_err().code, "TooManyTags");
}

fn any_settings() -> impl Strategy<Value = Settings> {
    let texts = proptest::collection::vec("[a-zà-ü .\"\\\\]{0,60}", 0..8);
    let presets = prop_oneof![Just(Preset::Recommended), Just(Preset::LockedDown)];
    let shutdown = proptest::option::of("[0-9]{4}");
    (texts, presets, shutdown, any::<bool>()).prop_map(|(texts, preset, shutdown, flag)| {
        let mut chosen = settings();
        chosen.preset = preset;
        chosen.compute_instance = flag;
        chosen.auto_shutdown = shutdown.map(|time| AutoShutdown { time, time_zone: "UTC".into() });
        if flag {
            chosen.bastion = BastionSku::Premium;
            chosen.tags.insert("cost centre".into(), "42".into());
        }
        chosen.hosts = texts
            .into_iter()
            .map(|reason| OwnHost {
                host: "packages.contoso.com".into(),
                ports: None,
                reason: Some(reason),
            })
            .collect();
        chosen
    })
}

proptest! {
    #[test]
    fn tags_lead_back_to_the_settings(chosen in any_settings()) {
        let tags = tags::tags(&chosen, None).unwrap();
        prop_assert!(tags.values().all(|value| value.chars().count() <= 256));
        let found = tags::from_tags("westeurope", &tags).unwrap().unwrap();
        prop_assert_eq!(found.settings, chosen);
    }
}

#[test]
fn a_hub_is_noted_in_tags_and_taken_away_again_at_any_moment() {
    let hub = format!(
        "/subscriptions/00000000-0000-4000-8000-0000000051b1/resourceGroups/rg-{}/providers/Microsoft.Network/\
         virtualNetworks/vnet-hub-of-the-whole-company-in-westeurope",
        "x".repeat(80)
    );
    let mut chosen = settings();
    chosen.preset = Preset::LockedDown;
    let mut present = tags::tags(&chosen, Some("abc")).unwrap();
    present.insert("owner".into(), "somebody".into());
    let before = present.clone();
    let read = |present: &BTreeMap<String, String>| {
        tags::from_tags("westeurope", present).unwrap().unwrap().settings
    };
    chosen.hub = Some(hub);
    let linked = tags::change(&chosen, &present).unwrap();
    assert!(linked.gone.is_empty() && linked.set.len() == 2, "{linked:?}");
    present.extend(linked.set);
    assert_eq!(read(&present), chosen);
    let again = tags::change(&chosen, &present).unwrap();
    assert!(again.set.is_empty() && again.gone.is_empty());
    chosen.hub = None;
    let unlinked = tags::change(&chosen, &present).unwrap();
    present.extend(unlinked.set);
    // Interrupted here, a piece of the longer text is left behind the shorter one.
    assert_eq!(read(&present), chosen);
    let rest = tags::change(&chosen, &present).unwrap();
    assert!(rest.set.is_empty());
    assert_eq!(rest.gone, unlinked.gone);
    for key in rest.gone.keys() {
        present.remove(key);
    }
    assert_eq!(present, before);
}
