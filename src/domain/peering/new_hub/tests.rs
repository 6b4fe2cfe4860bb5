use ipnetwork::IpNetwork;

use super::*;
use crate::domain::network::{KnownNetwork, Relation};

fn hub() -> NewHub {
    NewHub {
        name: "office".parse().unwrap(),
        region: "westeurope".into(),
        address_space: "10.0.0.0/16".parse().unwrap(),
        sku: GatewaySku::default(),
        on_premises_address: "203.0.113.7".parse().unwrap(),
        on_premises_ranges: vec!["192.168.0.0/16".parse().unwrap()],
        resolver: true,
    }
}

fn known(name: &str, prefix: &str) -> KnownNetwork {
    KnownNetwork {
        name: name.into(),
        prefixes: vec![prefix.parse::<IpNetwork>().unwrap()],
        relation: Relation::Readable,
    }
}

#[test]
fn a_hub_that_meets_nothing_is_taken() {
    assert_eq!(check(&hub(), &[known("vnet-test4821", "10.1.0.0/22")]), Ok(()));
}

#[test]
fn everything_that_stands_against_a_hub_is_told_with_its_flag() {
    type Spoil = fn(&mut NewHub);
    let rows: [(Spoil, &str, &str); 12] = [
        (|hub| hub.address_space = "10.1.0.0/16".parse().unwrap(), "--cidr", "vnet-test4821"),
        (|hub| hub.address_space = "10.0.0.0/27".parse().unwrap(), "--cidr", "/8 to /26"),
        (|hub| hub.address_space = "172.17.0.0/24".parse().unwrap(), "--cidr", "Docker"),
        (|hub| hub.address_space = "20.0.0.0/16".parse().unwrap(), "--cidr", "private"),
        (
            |hub| hub.on_premises_address = "192.168.0.1".parse().unwrap(),
            "--on-premises-address",
            "public",
        ),
        (
            |hub| hub.on_premises_address = "100.64.0.1".parse().unwrap(),
            "--on-premises-address",
            "public",
        ),
        (
            |hub| hub.on_premises_address = "127.0.0.1".parse().unwrap(),
            "--on-premises-address",
            "public",
        ),
        (|hub| hub.on_premises_ranges.clear(), "--on-premises-range", "No range"),
        (
            |hub| hub.on_premises_ranges = vec!["10.0.0.0/8".parse().unwrap()],
            "--cidr",
            "172.16.0.0/16 is free",
        ),
        (
            |hub| hub.on_premises_ranges = vec!["10.1.1.0/24".parse().unwrap()],
            "--on-premises-range",
            "vnet-test4821",
        ),
        (
            |hub| hub.on_premises_ranges = vec!["0.0.0.0/0".parse().unwrap()],
            "--on-premises-range",
            "no range of a site",
        ),
        (
            |hub| {
                hub.on_premises_ranges.push("192.168.7.0/24".parse().unwrap());
            },
            "--on-premises-range",
            "given as well",
        ),
    ];
    let known = [known("vnet-test4821", "10.1.0.0/22")];
    for (spoil, flag, words) in rows {
        let mut hub = hub();
        spoil(&mut hub);
        let problem = check(&hub, &known).unwrap_err();
        assert_eq!(problem.place.as_deref(), Some(flag), "{problem:?}");
        let told = format!("{} {}", problem.what, problem.advice);
        assert!(told.contains(words), "{words}: {told}");
    }
}

#[test]
fn the_space_that_is_offered_meets_neither_networks_nor_sites() {
    let offered = |known: &[KnownNetwork], sites: &[&str]| {
        let sites: Vec<Ipv4Network> = sites.iter().map(|each| each.parse().unwrap()).collect();
        free_space(known, &sites).map(|space| space.to_string())
    };
    assert_eq!(offered(&[], &[]).unwrap(), "10.0.0.0/16");
    let taken = [known("one", "10.0.0.0/16"), known("two", "10.1.0.0/22")];
    assert_eq!(offered(&taken, &["10.2.0.0/16"]).unwrap(), "10.3.0.0/16");
    assert_eq!(offered(&[], &["10.0.0.0/8"]).unwrap(), "172.16.0.0/16");
    let everything = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];
    assert_eq!(offered(&[], &everything), None);
}

#[test]
fn a_hub_is_found_again_by_its_tags_alone() {
    let hub = hub();
    let written = tags(&hub).unwrap();
    assert_eq!(from_tags("westeurope", &written).unwrap().unwrap(), hub);
    // Nothing of an environment finds it.
    assert!(crate::domain::environment::tags::from_tags("westeurope", &written).is_none());
    assert!(from_tags("westeurope", &[].into()).is_none());
    let shouted = written.iter().map(|(key, value)| (key.to_uppercase(), value.clone())).collect();
    assert_eq!(from_tags("westeurope", &shouted).unwrap().unwrap(), hub);
    let mut damaged = written.clone();
    damaged.insert("privateaml-hub-cidr".into(), "ten".into());
    assert_eq!(from_tags("w", &damaged).unwrap().unwrap_err().code, "DamagedTags");
    damaged.insert(MARK.into(), "2".into());
    assert_eq!(from_tags("w", &damaged).unwrap().unwrap_err().code, "TagsFromNewerVersion");
}

#[test]
fn more_ranges_than_a_tag_holds_are_refused_before_anything_is_made() {
    let mut hub = hub();
    hub.on_premises_ranges =
        (0..40).map(|each| format!("192.168.{each}.0/24").parse().unwrap()).collect();
    assert_eq!(check(&hub, &[]).unwrap_err().code, "TooManyRanges");
}

#[test]
fn a_key_that_is_made_can_be_taken_and_is_made_once() {
    let mut random = rand::rng();
    let one = generate_key(&mut random);
    assert_eq!(one.expose().len(), KEY_LENGTH);
    assert!(one.expose().bytes().all(|each| each.is_ascii_alphanumeric()));
    assert_eq!(check_key(&one), Ok(()));
    assert!(one != generate_key(&mut random));
}

#[test]
fn a_key_that_cannot_be_used_is_refused_without_being_told() {
    for text in ["short", "with space in it 123456", "with\"quote-1234567890", &"x".repeat(129)] {
        let problem = check_key(&Secret::new(text.into())).unwrap_err();
        assert!(!format!("{problem:?}").contains(text));
    }
}

#[test]
fn names_are_those_that_azure_takes_everywhere() {
    for (name, taken) in [
        ("office", true),
        ("a1", true),
        ("1a", false),
        ("Office", false),
        ("", false),
        ("averylongname", false),
    ] {
        assert_eq!(name.parse::<HubName>().is_ok(), taken, "{name}");
    }
    let name: HubName = "office".parse().unwrap();
    assert_eq!(name.resource_group(), "rg-hub-office");
}

#[test]
fn the_device_is_told_the_algorithms_of_the_tunnel() {
    let settings = device(&hub(), "198.51.100.4", &["10.1.0.0/22".into()]);
    let value = |name: &str| {
        let found = settings.iter().find(|each| each.name == name);
        found.unwrap().value.clone()
    };
    assert_eq!(value("Remote gateway"), "198.51.100.4");
    assert_eq!(value("Routes into the tunnel"), "10.0.0.0/16, 10.1.0.0/22");
    let template: serde_json::Value =
        serde_json::from_str(include_str!("../../../../assets/hub/gateway.json")).unwrap();
    let policy = &template["resources"]["tunnel"]["properties"]["ipsecPolicies"][0];
    assert_eq!(policy["ikeEncryption"], "AES256");
    assert_eq!(policy["dhGroup"], "DHGroup14");
    assert_eq!(policy["ipsecEncryption"], "GCMAES256");
    assert!(value("Phase 2").contains(&policy["saLifeTimeSeconds"].to_string()));
}
