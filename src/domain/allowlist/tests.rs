use serde_json::Value;

use super::*;
use crate::domain::{
    plan::PlannedEntry,
    settings::{BastionSku, Cloud, Settings},
};

fn settings(preset: Preset) -> Settings {
    let mut settings = Settings::new(
        "test".parse().unwrap(),
        "4821".parse().unwrap(),
        "westeurope".into(),
        "10.1.0.0/22".parse().unwrap(),
    );
    settings.preset = preset;
    settings
}

fn select(settings: &Settings) -> Selection {
    Allowlist::embedded().select(settings).unwrap()
}

fn on(selection: &Selection) -> Vec<&PlannedEntry> {
    selection
        .groups
        .iter()
        .filter(|group| group.enabled)
        .flat_map(|group| &group.entries)
        .collect()
}

#[test]
fn the_asset_is_read_and_its_ids_are_unique() {
    let list = Allowlist::parse(include_str!("../../../assets/allowlist.toml")).unwrap();
    assert!(list.groups().len() > 10);
    let mut ids: Vec<&str> = list
        .groups()
        .iter()
        .map(|group| group.id.as_str())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), list.groups().len());
    for group in list.groups() {
        for entry in &group.entries {
            assert!(!entry.reason.is_empty() && !entry.source.is_empty());
            let tag = matches!(entry.target, Target::Tag(_) | Target::FqdnTag(_));
            assert!(!tag || entry.width.is_some(), "{:?}", entry.target);
        }
        let everywhere = group.presets.len() == Preset::ALL.len();
        assert!(
            everywhere || group.off.is_some(),
            "{} is off without a reason",
            group.id
        );
    }
}

/// The table of the scripts' description, host and reason.
const TABLE_OF_2022: [(&str, &str); 28] = [
    ("ml.azure.com", "AML Portal"),
    ("viennaglobal.azurecr.io", "Required by AML"),
    ("*openml.org", "Required by AML"),
    (
        "enterpriseregistration.windows.net",
        "Required for device enrollment to AAD",
    ),
    ("169.254.169.254", "Required for device enrollment to AAD"),
    (
        "login.microsoftonline.com",
        "Required for device enrollment to AAD",
    ),
    ("pas.windows.net", "Required for device enrollment to AAD"),
    (
        "*manage-beta.microsoft.com",
        "Required for device enrollment to AAD",
    ),
    (
        "*manage.microsoft.com",
        "Required for device enrollment to AAD",
    ),
    ("login.windows.net", "Required for device enrollment to AAD"),
    ("*.azureedge.net", "Required for device enrollment to AAD"),
    ("go.microsoft.com", "Required for device enrollment to AAD"),
    (
        "msft.sts.microsoft.com",
        "Required for device enrollment to AAD",
    ),
    ("*github.com", "Access to github"),
    ("*githubassets.com", "Access to github"),
    ("git-scm.com", "Access to github"),
    ("*githubusercontent.com", "Access to github"),
    ("*core.windows.net", "Access to Azure External Storage"),
    ("aka.ms", "Access to Microsoft short links"),
    ("*powershellgallery.com", "Access to PowerShellGallery"),
    (
        "management.azure.com",
        "Access to the Azure management plane",
    ),
    ("graph.microsoft.com", "Access to the Microsoft Graph"),
    ("graph.windows.net", "Access to the Microsoft Graph"),
    ("aadcdn.msftauth.net", "Required for Azure auth"),
    ("azure.archive.ubuntu.com", "Azure packages for Ubuntu"),
    ("repo.anaconda.com", "Conda repository"),
    ("conda.anaconda.org", "Conda repository"),
    (
        "binstar-cio-packages-prod.s3.amazonaws.com",
        "Anaconda packages stored on Amazon S3",
    ),
];

#[test]
fn the_preset_of_2022_is_the_table_of_2022() {
    let selection = select(&settings(Preset::PrivateAml2022));
    let entries = on(&selection);
    assert!(entries.iter().all(|entry| entry.seed));
    let mut found: Vec<(&str, &str)> = entries
        .iter()
        .filter(|entry| entry.ports == "http:80 https:443")
        .map(|entry| (entry.target.as_str(), entry.reason.as_str()))
        .collect();
    let mut expected = TABLE_OF_2022.to_vec();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);
    let mut others: Vec<(&str, &str)> = entries
        .iter()
        .filter(|entry| entry.ports != "http:80 https:443")
        .map(|entry| (entry.target.as_str(), entry.ports.as_str()))
        .collect();
    others.sort_unstable();
    assert_eq!(
        others,
        [
            ("*", "udp:123"),
            ("AzureContainerRegistry", "tcp:*"),
            ("Storage.westeurope", "tcp:*")
        ]
    );
}

#[test]
fn the_security_group_of_2022_is_its_table_beside_the_defaults() {
    let rows: Vec<String> = select(&settings(Preset::PrivateAml2022))
        .planned_nsg
        .iter()
        .map(|rule| {
            format!(
                "{} {} {} {} {}{}",
                rule.direction,
                rule.access,
                rule.ports,
                rule.source,
                rule.destination,
                if rule.default { " default" } else { "" }
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            "Inbound Allow 29877,29876 BatchNodeManagement VirtualNetwork",
            "Inbound Allow 44224 Internet VirtualNetwork",
            "Inbound Allow * AzureLoadBalancer VirtualNetwork",
            "Inbound Allow * VirtualNetwork VirtualNetwork default",
            "Inbound Allow * AzureLoadBalancer * default",
            "Inbound Deny * * * default",
            "Outbound Allow 445 VirtualNetwork Storage",
            "Outbound Allow * VirtualNetwork Storage",
            "Outbound Allow * * Internet",
            "Outbound Allow * VirtualNetwork VirtualNetwork default",
            "Outbound Allow * * Internet default",
            "Outbound Deny * * * default",
        ]
    );
}

#[test]
fn recommended_has_what_computes_need_and_nothing_that_strangers_can_match() {
    let selection = select(&settings(Preset::Recommended));
    let entries = on(&selection);
    for (target, ports) in [
        ("AzureActiveDirectory", "tcp:80,443"),
        ("AzureMachineLearning", "tcp:443,8787,18881 udp:5831"),
        ("BatchNodeManagement.westeurope", "tcp:443 udp:443"),
        ("AzureResourceManager", "tcp:443"),
        ("Storage.westeurope", "tcp:443"),
        ("mcr.microsoft.com", "https:443"),
        ("*.data.mcr.microsoft.com", "https:443"),
        ("*.westeurope.batch.azure.com", "https:443"),
        ("github.com", "https:443"),
        ("*.github.com", "https:443"),
        ("WindowsUpdate", "http:80 https:443"),
        ("azkms.core.windows.net", "tcp:1688"),
    ] {
        assert!(
            entries
                .iter()
                .any(|entry| entry.target == target && entry.ports == ports),
            "{target} {ports}"
        );
    }
    assert_eq!(selection.holes.any, 0);
    for entry in entries {
        let after_star = entry.target.strip_prefix('*');
        assert!(
            after_star.is_none_or(|rest| rest.starts_with('.')),
            "{}",
            entry.target
        );
        assert!(!entry.ports.contains('*'), "{}", entry.target);
    }
}

#[test]
fn locked_down_carries_nothing_out() {
    let selection = select(&settings(Preset::LockedDown));
    for group in Allowlist::embedded().groups() {
        let planned = selection
            .groups
            .iter()
            .find(|planned| planned.group == group.id)
            .unwrap();
        assert!(!(planned.enabled && group.carries_data_out), "{}", group.id);
        assert!(planned.enabled || planned.why.is_some());
    }
    for host in [
        "github.com",
        "aka.ms",
        "conda.anaconda.org",
        "Storage.westeurope",
    ] {
        assert!(
            on(&selection).iter().all(|entry| entry.target != host),
            "{host}"
        );
    }
}

#[test]
fn the_mirror_and_public_package_indexes_are_nowhere() {
    let text = include_str!("../../../assets/allowlist.toml");
    for name in [
        "aaakk",
        "pypi",
        "pythonhosted",
        "npmjs",
        "crates.io",
        "r-project",
    ] {
        assert!(!text.contains(name), "{name}");
    }
}

#[test]
fn groups_are_switched_and_wrong_switches_are_refused() {
    let mut choice = settings(Preset::Recommended);
    choice.deny.insert("github".into());
    choice.allow.insert("monitor".into());
    let selection = select(&choice);
    let enabled = |id: &str| {
        selection
            .groups
            .iter()
            .any(|group| group.group == id && group.enabled)
    };
    assert!(!enabled("github"));
    assert!(enabled("monitor"));
    for (allow, deny, code) in [
        ("gitbub", "", "FirewallGroupUnknown"),
        ("", "nothing", "FirewallGroupUnknown"),
        ("", "sign-in", "FirewallGroupLocked"),
        ("github", "github", "FirewallGroupContradiction"),
    ] {
        let mut choice = settings(Preset::Recommended);
        choice.allow = [allow]
            .into_iter()
            .filter(|id| !id.is_empty())
            .map(Into::into)
            .collect();
        choice.deny = [deny]
            .into_iter()
            .filter(|id| !id.is_empty())
            .map(Into::into)
            .collect();
        let problem = Allowlist::embedded().select(&choice).unwrap_err();
        assert_eq!(problem.code, code);
        assert!(!problem.advice.is_empty());
    }
}

#[test]
fn a_service_endpoint_policy_takes_the_place_of_foreign_storage() {
    let mut choice = settings(Preset::Recommended);
    choice.service_endpoint_policy = true;
    let targets = |choice: &Settings| select(choice).rule_collections.to_string();
    assert!(!targets(&choice).contains("Storage.westeurope"));
    choice.allow.insert("foreign-storage".into());
    assert!(targets(&choice).contains("Storage.westeurope"));
}

#[test]
fn rule_collections_keep_the_rules_of_azure() {
    for preset in Preset::ALL {
        let mut choice = settings(preset);
        choice.hosts = ["packages.contoso.com", "203.0.113.0/28"]
            .map(|host| OwnHost {
                host: host.into(),
                ports: None,
                reason: None,
            })
            .into();
        let selection = select(&choice);
        let collections = selection.rule_collections.as_array().unwrap();
        let mut seen_application = false;
        let mut last = 99;
        for collection in collections {
            let priority = collection["priority"].as_u64().unwrap();
            assert!(priority > last && priority <= 65_000);
            last = priority;
            let rules = collection["rules"].as_array().unwrap();
            let kinds: Vec<&Value> = rules.iter().map(|rule| &rule["ruleType"]).collect();
            assert!(kinds.iter().all(|kind| *kind == kinds[0]));
            let application = kinds[0] == "ApplicationRule";
            assert!(application || !seen_application, "network rules come first");
            seen_application |= application;
            let mut names: Vec<&str> = rules
                .iter()
                .map(|rule| rule["name"].as_str().unwrap())
                .collect();
            for name in &names {
                assert!((1..=80).contains(&name.len()));
                assert!(
                    name.starts_with(|each: char| each.is_ascii_alphanumeric()),
                    "{name}"
                );
                assert!(
                    name.ends_with(|each: char| each.is_ascii_alphanumeric()),
                    "{name}"
                );
            }
            names.sort_unstable();
            let count = names.len();
            names.dedup();
            assert_eq!(names.len(), count);
            for rule in rules {
                assert_eq!(rule["sourceAddresses"][0], "10.1.0.0/22");
            }
        }
        assert!(
            selection
                .rule_collections
                .to_string()
                .contains("packages.contoso.com")
        );
        assert!(
            selection
                .rule_collections
                .to_string()
                .contains("203.0.113.0/28")
        );
    }
}

#[test]
fn the_security_group_of_today_admits_what_the_firewall_admits_and_refuses_the_rest() {
    let mut choice = settings(Preset::Recommended);
    choice.hosts = vec![OwnHost {
        host: "packages.contoso.com".into(),
        ports: Some("https:8443".into()),
        reason: None,
    }];
    let rules = select(&choice).planned_nsg;
    let find = |name: &str| rules.iter().find(|rule| rule.name == name).unwrap();
    assert_eq!(
        find("Allow-Internet-Tcp-Outbound").ports,
        "80,443,1688,8443"
    );
    assert_eq!(find("Allow-Storage.westeurope-445-Outbound").ports, "445");
    assert_eq!(
        find("Allow-AzureMachineLearning-Udp-Outbound").ports,
        "5831"
    );
    assert_eq!(find("AllowInsideOutbound").destination, "10.1.0.0/22");
    assert_eq!(find("AllowBastionInbound").source, "10.1.2.0/26");
    for direction in ["Inbound", "Outbound"] {
        let own: Vec<_> = rules
            .iter()
            .filter(|rule| rule.direction == direction && !rule.default)
            .collect();
        assert_eq!(own.last().unwrap().access, "Deny");
        let mut priorities: Vec<u32> = own.iter().map(|rule| rule.priority).collect();
        priorities.dedup();
        assert_eq!(priorities.len(), own.len());
        assert!(
            priorities
                .iter()
                .all(|priority| (100..=4096).contains(priority))
        );
    }
    assert!(
        rules
            .iter()
            .filter(|rule| rule.direction == "Inbound" && rule.access == "Allow")
            .all(|rule| rule.source != "Internet" && rule.source != "*")
    );
    choice.bastion = BastionSku::Developer;
    let developer = select(&choice).planned_nsg;
    let sessions = developer
        .iter()
        .find(|rule| rule.name == "AllowBastionInbound")
        .unwrap();
    assert_eq!(sessions.source, "168.63.129.16/32");
}

#[test]
fn other_clouds_have_their_own_names() {
    for (cloud, sign_in, management) in [
        (
            Cloud::UsGov,
            "login.microsoftonline.us",
            "management.usgovcloudapi.net",
        ),
        (
            Cloud::China,
            "login.chinacloudapi.cn",
            "management.chinacloudapi.cn",
        ),
    ] {
        let mut choice = settings(Preset::Recommended);
        choice.cloud = cloud;
        let selection = select(&choice);
        let entries = on(&selection);
        for host in [sign_in, management] {
            assert!(entries.iter().any(|entry| entry.target == host), "{host}");
        }
        for host in [
            "login.microsoftonline.com",
            "management.azure.com",
            "ml.azure.com",
        ] {
            assert!(entries.iter().all(|entry| entry.target != host), "{host}");
        }
    }
}

#[test]
fn widths_are_judged() {
    let table = [
        ("packages.contoso.com", Width::Named),
        ("contoso.blob.core.windows.net", Width::Named),
        ("203.0.113.7", Width::Named),
        ("*.contoso.com", Width::Wildcard),
        ("203.0.113.0/28", Width::Wildcard),
        ("10.0.0.0/8", Width::Wildcard),
        ("*.blob.core.windows.net", Width::SharedTenant),
        ("*.windows.net", Width::SharedTenant),
        ("github.com", Width::SharedTenant),
        ("*.github.com", Width::SharedTenant),
        ("login.microsoftonline.com", Width::SharedTenant),
        ("*github.com", Width::Any),
        ("*.com", Width::Any),
        ("*.co.uk", Width::Any),
        ("203.0.0.0/8", Width::Any),
        ("*", Width::Any),
    ];
    for (host, width) in table {
        let judgement = judge(host);
        assert_eq!(judgement.width, width, "{host}: {}", judgement.why);
        assert!(judgement.why.ends_with('.'));
    }
}

#[test]
fn own_hosts_are_checked_and_the_right_form_is_offered() {
    let own = |host: &str, ports: Option<&str>| OwnHost {
        host: host.into(),
        ports: ports.map(Into::into),
        reason: None,
    };
    for (host, ports) in [
        ("packages.contoso.com", None),
        ("Packages.Contoso.com.", Some("https:8443")),
        ("*.contoso.com", Some("http:80 https:443")),
        ("203.0.113.7", Some("tcp:22")),
        ("203.0.113.0/28", Some("tcp:8704-8710+udp:53")),
        ("contoso.com", Some("8443")),
    ] {
        check_host(&own(host, ports)).unwrap();
    }
    for (host, ports, advice) in [
        ("*", None, "packages.contoso.com"),
        ("*github.com", None, "*.github.com"),
        (
            "https://packages.contoso.com/simple/",
            None,
            "packages.contoso.com",
        ),
        ("packages.contoso.com/simple", None, "packages.contoso.com"),
        ("packages.contoso.com:8443", None, "equals sign"),
        ("packages.*.com", None, "*.contoso.com"),
        ("contoso", None, "full name"),
        ("*.com", None, "full name"),
        ("contoso..com", None, "packages.contoso.com"),
        ("", None, "packages.contoso.com"),
        ("203.0.113.5/28", None, "203.0.113.0/28"),
        ("203.0.113.0/33", None, "203.0.113.0/28"),
        ("0.0.0.0/0", None, "needed"),
        ("*.contoso.com", Some("tcp:22"), "https"),
        ("contoso.com", Some("ftp:21"), "https:443"),
        ("contoso.com", Some("https:0"), "https:443"),
        ("contoso.com", Some("https:*"), "https:443"),
        ("contoso.com", Some("tcp:1 tcp:2"), "tcp:443,8787"),
    ] {
        let problem = check_host(&own(host, ports)).unwrap_err();
        assert_eq!(problem.code, "HostInvalid");
        assert!(
            problem.advice.contains(advice),
            "{host}: {}",
            problem.advice
        );
    }
}

proptest::proptest! {
    #[test]
    fn no_host_makes_the_check_fail(host in ".{0,30}", ports in proptest::option::of(".{0,12}")) {
        let own = OwnHost { host, ports, reason: None };
        if let Ok(entry) = check_host(&own) {
            proptest::prop_assert!(judge(entry.target.as_str()).why.ends_with('.'));
        }
    }
}
