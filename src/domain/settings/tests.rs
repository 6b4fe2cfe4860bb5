use proptest::prelude::*;

use super::fields::{AnswerKind, ROWS};
use super::*;
use crate::domain::problem::Problem;
use crate::domain::region;

const HUB: &str = "/subscriptions/00000000-0000-4000-8000-0000000051b1/resourceGroups/rg-hub/providers/\
                   Microsoft.Network/virtualNetworks/vnet-hub";

const PLAN: &str = r#"
name = "test"
region = "West Europe"
cidr = "10.1.0.0/22"
preset = "locked-down"
deny = ["ubuntu"]
bastion = "standard"
disable_copy_paste = true
auto_shutdown = "18:30"
time_zone = "W. Europe Standard Time"

[tags]
costCenter = "4711"

[[host]]
host = "packages.contoso.com"
ports = "https:8443"
reason = "Our package index"
"#;

fn drawn() -> Suffix {
    Suffix::parse("4821").unwrap()
}

fn finish(draft: &Draft) -> Result<Settings, Unfinished> {
    draft.finish(drawn(), region::embedded())
}

fn draft(text: &str) -> Draft {
    Draft::from_toml(text).unwrap()
}

#[test]
fn a_plan_file_becomes_settings() {
    let settings = finish(&draft(PLAN)).unwrap();
    assert_eq!(settings.full_name(), "test4821");
    assert_eq!(settings.region, "westeurope");
    assert_eq!(settings.bastion, BastionSku::Standard);
    assert!(settings.service_endpoint_policy, "the default of locked-down");
    let shutdown = settings.auto_shutdown.unwrap();
    assert_eq!(shutdown.time, "1830");
    assert_eq!(shutdown.time_zone, "W. Europe Standard Time");
    assert_eq!(settings.hosts.len(), 1);
}

#[test]
fn flags_go_before_the_plan_file() {
    let flags = Draft {
        name: Some("other".into()),
        preset: Some(Preset::Recommended),
        allow: ["ubuntu".to_owned()].into(),
        service_endpoint_policy: Some(false),
        auto_shutdown: Some(ShutdownChoice::Text("off".into())),
        tags: [("costCenter".to_owned(), "1".to_owned())].into(),
        ..Draft::default()
    };
    let settings = finish(&flags.over(draft(PLAN))).unwrap();
    assert_eq!(settings.name.as_str(), "other");
    assert_eq!(settings.preset, Preset::Recommended);
    assert!(settings.deny.is_empty());
    assert!(settings.allow.contains("ubuntu"));
    assert_eq!(settings.auto_shutdown, None);
    assert_eq!(settings.tags["costCenter"], "1");
    assert_eq!(settings.hosts.len(), 1);
}

#[test]
fn what_is_missing_is_named_with_its_flag() {
    let unfinished = finish(&Draft::default()).unwrap_err();
    let flags: Vec<&str> = unfinished.missing.iter().map(|missing| missing.row().flag).collect();
    assert_eq!(flags, ["--name", "--region", "--cidr"]);
    assert!(unfinished.only_missing());
    let problem = Problem::from(unfinished);
    assert_eq!(problem.leaves().count(), 3);
    assert!(problem.advice.contains("--name"));
}

#[test]
fn every_wrong_answer_is_said_with_its_flag() {
    let whole = "name='test'\nregion='westeurope'\ncidr='10.1.0.0/22'\n";
    for (change, flag) in [
        ("suffix='12'", "--suffix"),
        ("log_retention_days=20", "--log-retention"),
        ("log_retention=731", "--log-retention"),
        ("bastion='Developer'\ndisable_copy_paste=true", "--disable-copy-paste"),
        ("bastion='basic'\ndisable_copy_paste=true", "--disable-copy-paste"),
        ("auto_shutdown='2460'", "--auto-shutdown"),
        ("auto_shutdown='7pm'", "--auto-shutdown"),
        ("time_zone='Europe/Amsterdam'", "--time-zone"),
        ("jumpbox_size='D2s_v5'", "--jumpbox-size"),
        ("build_size='Standard_'", "--build-size"),
        ("hub='vnet-hub'", "--hub"),
        ("allow=['gitbub']", "--allow"),
        ("deny=['sign-in']", "--deny"),
        ("[tags]\n'a b'='c'", "--tag"),
        ("[tags]\nmicrosoftish='c'", "--tag"),
        ("[tags]\nowner='c'\nOwner='d'", "--tag"),
        ("[[host]]\nhost='*github.com'", "*github.com"),
    ] {
        let unfinished = finish(&draft(&format!("{whole}{change}"))).unwrap_err();
        assert!(unfinished.missing.is_empty());
        let places: Vec<_> =
            unfinished.invalid.iter().map(|problem| problem.place.as_deref().unwrap()).collect();
        assert_eq!(places, [flag], "{change}");
        assert!(unfinished.invalid.iter().all(|problem| !problem.advice.is_empty()));
    }
    let several = draft("name='Test'\nregion='westeurop'\ncidr='10.1.0.5/22'");
    let unfinished = finish(&several).unwrap_err();
    assert_eq!(unfinished.invalid.len(), 3);
    assert!(unfinished.invalid[0].advice.contains("test"));
    assert!(unfinished.invalid[1].advice.contains("westeurope"));
    assert!(unfinished.invalid[2].advice.contains("10.1.0.0/22"));
}

#[test]
fn a_peered_network_cannot_have_the_developer_tier() {
    let whole = "name='test'\nregion='westeurope'\ncidr='10.1.0.0/22'\n";
    finish(&draft(&format!("{whole}hub='{HUB}'"))).unwrap();
    let both = format!("{whole}hub='{HUB}'\nbastion='Developer'");
    let unfinished = finish(&draft(&both)).unwrap_err();
    assert_eq!(unfinished.invalid[0].place.as_deref(), Some("--bastion"));
    // As the flag is typed.
    assert!(unfinished.invalid[0].advice.contains("--bastion basic"));
}

#[test]
fn a_wrong_key_is_an_error_with_its_line() {
    for (text, line, words) in [
        ("name='test'\nregoin='westeurope'", 2, "region"),
        ("name='test'\n\nlog_retention_days='long'", 3, "expected u16"),
        ("name='test'\nname='test'", 2, "duplicate"),
        ("[[host]]\nhost='a.contoso.com'\nport='443'", 3, "ports"),
        ("preset='open'", 1, "recommended"),
    ] {
        let problem = Draft::from_toml(text).unwrap_err();
        assert_eq!(problem.code, "PlanFileInvalid");
        assert_eq!(problem.place, Some(format!("line {line}")), "{text}: {problem}");
        assert!(problem.to_string().contains(words), "{problem}");
    }
}

#[test]
fn how_open_azure_monitor_is_can_be_chosen_and_is_told_as_a_flag() {
    let whole = "name='test'\nregion='westeurope'\ncidr='10.1.0.0/22'\n";
    let usual = finish(&draft(whole)).unwrap();
    assert_eq!(usual.monitor_access, MonitorAccess::PrivateOnly);
    assert!(!usual.flags().iter().any(|flag| flag.contains("monitor")));
    let open = finish(&draft(&format!("{whole}monitor_access='open'"))).unwrap();
    assert_eq!(open.monitor_access, MonitorAccess::Open);
    assert!(open.flags().contains(&"--monitor-access open".to_owned()));
    let again = Draft::from(&open);
    assert_eq!(finish(&again).unwrap(), open);
}

#[test]
fn a_draft_written_as_toml_is_read_back_the_same() {
    let one = draft(PLAN);
    assert_eq!(draft(&toml::to_string(&one).unwrap()), one);
}

/// Settings that a person can choose by flags: a host's reason has no flag, and the preset `locked-down` has its policy.
pub(crate) fn any_settings() -> impl Strategy<Value = Settings> {
    let words = ("[a-z][a-z0-9]{0,7}", "[0-9]{4}", 8_u8..=22, "[A-Za-z ,='é$]{0,12}");
    let groups = (prop::bool::ANY, prop::bool::ANY, prop::bool::ANY, prop::option::of(0_u8..3));
    let tiers =
        (0..Preset::ALL.len(), 0_usize..4, prop::bool::ANY, prop::bool::ANY, prop::bool::ANY);
    let ways = (prop::bool::ANY, prop::bool::ANY, prop::bool::ANY, prop::bool::ANY, 30_u16..=730);
    let shutdown = prop::option::of((0_u8..24, 0_u8..60, "[A-Z][a-z. ]{0,20}[a-z]"));
    (words, groups, tiers, ways, shutdown).prop_map(|(words, groups, tiers, ways, shutdown)| {
        let space = Ipv4Network::new([10, 0, 0, 0].into(), words.2).unwrap();
        let mut settings = Settings::new(
            EnvironmentName::parse(&words.0).unwrap(),
            Suffix::parse(&words.1).unwrap(),
            "westeurope".into(),
            space,
        );
        settings.tags.insert("owner".into(), words.3.trim().into());
        settings.preset = Preset::ALL[tiers.0];
        let group = "ubuntu".to_owned();
        if groups.0 {
            settings.allow.insert(group)
        } else {
            settings.deny.insert(group)
        };
        if groups.1 {
            let ports = groups.2.then(|| "https:8443".to_owned());
            settings.hosts.push(OwnHost { host: "a.contoso.com".into(), ports, reason: None });
        }
        let indexes = ["b.contoso.com", "c.contoso.com"].map(str::to_owned);
        settings.python_packages = indexes[..usize::from(groups.3.unwrap_or(0))].to_vec();
        settings.bastion =
            [BastionSku::Developer, BastionSku::Basic, BastionSku::Standard, BastionSku::Premium]
                [tiers.1];
        settings.disable_copy_paste = tiers.1 > 1 && tiers.2;
        settings.hub = (tiers.1 > 0 && tiers.3).then(|| HUB.to_owned());
        settings.firewall = if tiers.4 { FirewallSku::Premium } else { FirewallSku::Standard };
        settings.datastore_access =
            if ways.0 { DatastoreAccess::AccountKey } else { DatastoreAccess::Identity };
        settings.monitor_access =
            if ways.1 { MonitorAccess::Open } else { MonitorAccess::PrivateOnly };
        settings.dns_zones = if ways.2 { DnsZones::Existing } else { DnsZones::Create };
        settings.compute_instance = ways.3;
        settings.service_endpoint_policy = ways.0 || settings.preset == Preset::LockedDown;
        settings.log_retention_days = ways.4;
        if ways.1 {
            settings.jumpbox_size = "Standard_D8s_v5".into();
            settings.build_size = "Standard_F4s_v2".into();
        }
        settings.auto_shutdown = shutdown.map(|(hour, minute, time_zone)| AutoShutdown {
            time: format!("{hour:02}{minute:02}"),
            time_zone,
        });
        settings
    })
}

proptest! {
    #[test]
    fn settings_come_back_from_their_draft_and_from_a_file(settings in any_settings()) {
        let draft = Draft::from(&settings);
        prop_assert_eq!(finish(&draft), Ok(settings.clone()));
        let written = toml::to_string(&draft).unwrap();
        prop_assert_eq!(finish(&Draft::from_toml(&written).unwrap()), Ok(settings.clone()));
        // Answers go before those of others, and leave the others' where there are none.
        prop_assert_eq!(finish(&draft.clone().over(Draft::default())), Ok(settings.clone()));
        prop_assert_eq!(finish(&Draft::default().over(draft)), Ok(settings));
    }
}

#[test]
fn every_field_has_one_row_and_every_word_of_it_is_an_answer() {
    let mut fields: Vec<Field> =
        ROWS.iter().map(|row| row.field).chain([Field::Continue]).collect();
    fields.sort_unstable();
    let orders: Vec<usize> = fields.iter().map(|field| *field as usize).collect();
    assert_eq!(orders, (0..=Field::Cloud as usize).collect::<Vec<_>>());
    let keys = serde_json::to_value(Draft::default()).unwrap();
    for row in ROWS.iter().filter(|row| !row.key.is_empty()) {
        assert!(keys.as_object().unwrap().contains_key(row.key), "{}", row.key);
        let words: Vec<&str> = match row.kind {
            AnswerKind::OneOf(choices) => choices.iter().map(|choice| choice.id).collect(),
            AnswerKind::Switch(_) => vec!["false", "true"],
            _ => continue,
        };
        for word in words {
            let mut draft = Draft::default();
            draft.put_line(row, word);
            assert_eq!(draft.line(row), word, "{}", row.flag);
            assert!(draft.answers().contains_key(row.key), "{word}");
        }
    }
}

#[test]
fn the_time_zone_outlives_a_change_of_the_time() {
    let time_zone = "W. Europe Standard Time".to_owned();
    let at = AutoShutdown { time: "1800".into(), time_zone: time_zone.clone() };
    let mut draft = Draft { auto_shutdown: Some(ShutdownChoice::At(at)), ..Draft::default() };
    draft.put_line(Field::ShutdownTime.row(), "1930");
    assert_eq!(draft.shutdown(), ("1930".to_owned(), time_zone));
}

#[test]
fn what_a_plan_file_may_not_say_is_told_in_these_words() {
    let told: Vec<String> = [
        "regoin='westeurope'",
        "jumpbox='Standard_D2s_v5'",
        "log_retention_days='long'",
        "log_retention=70000",
        "name=7",
        "name='test'\nname='test'",
        "cidr='10.1.0.0/22'\naddress_space='10.1.0.0/22'",
        "preset='open'",
        "bastion='gold'",
        "firewall='Basic'",
        "monitor_access='PrivateOnly'",
        "dns_zones='elsewhere'",
        "datastore_access='key'",
        "cloud='moon'",
        "compute_instance='yes'",
        "auto_shutdown=19",
        "auto_shutdown={time='1900'}",
        "allow='ubuntu'",
        "python_packages='a.contoso.com'",
        "[tags]\nowner=7",
        "[[host]]\nport='443'",
        "[[hosts]]\nhost='a.contoso.com'",
        "name",
    ]
    .iter()
    .map(|text| {
        let problem = Draft::from_toml(text).unwrap_err();
        format!("{text}\n  {problem}\n  {}", problem.advice)
    })
    .collect();
    insta::assert_snapshot!(told.join("\n"));
}
