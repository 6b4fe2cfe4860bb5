use serde_json::Value;

use super::{select, settings};
use crate::domain::allowlist::{OwnHost, Preset};
use crate::domain::settings::{BastionSku, Settings};

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
fn rule_collections_keep_the_rules_of_azure() {
    for preset in Preset::ALL {
        let mut choice = settings(preset);
        choice.hosts = ["packages.contoso.com", "203.0.113.0/28"]
            .map(|host| OwnHost { host: host.into(), ports: None, reason: None })
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
            let mut names: Vec<&str> =
                rules.iter().map(|rule| rule["name"].as_str().unwrap()).collect();
            for name in &names {
                assert!((1..=80).contains(&name.len()));
                assert!(name.starts_with(|each: char| each.is_ascii_alphanumeric()), "{name}");
                assert!(name.ends_with(|each: char| each.is_ascii_alphanumeric()), "{name}");
            }
            names.sort_unstable();
            let count = names.len();
            names.dedup();
            assert_eq!(names.len(), count);
            for rule in rules {
                assert_eq!(rule["sourceAddresses"][0], "10.1.0.0/22");
            }
        }
        assert!(selection.rule_collections.to_string().contains("packages.contoso.com"));
        assert!(selection.rule_collections.to_string().contains("203.0.113.0/28"));
    }
}

#[test]
fn ports_of_a_filter_rule_never_overlap() {
    let mut choice = settings(Preset::Recommended);
    let ports_with = |choice: &mut Settings, ports: &str| {
        choice.hosts = vec![OwnHost {
            host: "packages.contoso.com".into(),
            ports: Some(ports.into()),
            reason: None,
        }];
        let rules = select(choice).planned_nsg;
        let rule = rules.iter().find(|rule| rule.name == "Allow-Internet-Tcp-Outbound");
        rule.unwrap().ports.clone()
    };
    for (ports, expected) in [
        ("tcp:*", "*"),
        ("tcp:400-500,450-600", "80,400-600,1688"),
        ("tcp:79,81", "79,80,81,443,1688"),
        ("tcp:1-65535", "1-65535"),
    ] {
        assert_eq!(ports_with(&mut choice, ports), expected);
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
    assert_eq!(find("Allow-Internet-Tcp-Outbound").ports, "80,443,1688,8443");
    assert_eq!(find("Allow-Storage.westeurope-445-Outbound").ports, "445");
    assert_eq!(find("Allow-AzureMachineLearning-Udp-Outbound").ports, "5831");
    assert_eq!(find("AllowInsideOutbound").destination, "10.1.0.0/22");
    assert_eq!(find("AllowBastionInbound").source, "10.1.2.0/26");
    for direction in ["Inbound", "Outbound"] {
        let own: Vec<_> =
            rules.iter().filter(|rule| rule.direction == direction && !rule.default).collect();
        assert_eq!(own.last().unwrap().access, "Deny");
        let mut priorities: Vec<u32> = own.iter().map(|rule| rule.priority).collect();
        priorities.dedup();
        assert_eq!(priorities.len(), own.len());
        assert!(priorities.iter().all(|priority| (100..=4096).contains(priority)));
    }
    assert!(
        rules
            .iter()
            .filter(|rule| rule.direction == "Inbound" && rule.access == "Allow")
            .all(|rule| rule.source != "Internet" && rule.source != "*")
    );
    choice.bastion = BastionSku::Developer;
    let developer = select(&choice).planned_nsg;
    let sessions = developer.iter().find(|rule| rule.name == "AllowBastionInbound").unwrap();
    assert_eq!(sessions.source, "168.63.129.16/32");
}
