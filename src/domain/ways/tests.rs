use super::*;
use crate::domain::allowlist::{OwnHost, Preset};
use crate::domain::name::{EnvironmentName, Suffix};
use crate::domain::settings::{BastionSku, DatastoreAccess, MonitorAccess, Settings};

fn settings() -> Settings {
    let (name, suffix) = (EnvironmentName::parse("test"), Suffix::parse("4821"));
    let space = "10.1.0.0/22".parse().unwrap();
    Settings::new(name.unwrap(), suffix.unwrap(), "westeurope".into(), space)
}

fn of(settings: &Settings, hub: Hub) -> Vec<Way> {
    ways(&Doors::of_settings(settings, hub))
}

fn one<'a>(ways: &'a [Way], id: &str, direction: Direction) -> &'a Way {
    ways.iter().find(|way| way.id == id && way.direction == direction).unwrap()
}

fn ids(settings: &Settings, hub: Hub) -> Vec<String> {
    out(&Doors::of_settings(settings, hub)).into_iter().map(|way| way.id).collect()
}

#[test]
fn bastion_carries_what_its_tier_carries() {
    for (tier, off, text, files) in [
        (BastionSku::Developer, false, true, false),
        (BastionSku::Basic, false, true, false),
        (BastionSku::Standard, false, true, true),
        (BastionSku::Premium, false, true, true),
        (BastionSku::Standard, true, false, false),
    ] {
        let settings = Settings { bastion: tier, disable_copy_paste: off, ..settings() };
        let ways = of(&settings, Hub::NotLinked);
        for direction in [Direction::In, Direction::Out] {
            let open = |id| one(&ways, id, direction).closed.is_none();
            assert_eq!(
                (open(bastion::TEXT), open(bastion::FILES)),
                (text, files),
                "{tier:?} {off}"
            );
        }
        let carried = ids(&settings, Hub::NotLinked);
        assert_eq!(
            carried.iter().filter(|id| id.starts_with("bastion")).count(),
            usize::from(text) + usize::from(files)
        );
    }
    let developer = Settings { bastion: BastionSku::Developer, ..settings() };
    let ways = of(&developer, Hub::NotLinked);
    assert!(
        one(&ways, bastion::TEXT, Direction::In)
            .sentences()
            .join(" ")
            .contains("one connection at a time")
    );
}

#[test]
fn the_hub_carries_only_while_it_is_linked() {
    for (hub, open) in [(Hub::Linked, true), (Hub::NotLinked, false), (Hub::Unread, false)] {
        let ways = of(&settings(), hub);
        let way = one(&ways, VPN, Direction::Out);
        assert_eq!((way.closed.is_none(), way.carries_out), (open, open), "{hub:?}");
        assert_eq!(way.roles.is_empty(), !open, "what is closed needs nobody");
        let told = closed_in_short(&ways).contains("hub");
        assert_eq!(told, hub == Hub::NotLinked, "what nobody has read is not called closed");
    }
}

#[test]
fn with_keys_the_studio_needs_no_role_on_the_storage() {
    for (access, roles) in [(DatastoreAccess::Identity, 2), (DatastoreAccess::AccountKey, 1)] {
        let settings = Settings { datastore_access: access, ..settings() };
        let ways = of(&settings, Hub::Linked);
        for (id, direction) in [("studio", Direction::In), (VPN, Direction::Out)] {
            assert_eq!(one(&ways, id, direction).roles.len(), roles, "{access:?} {id}");
        }
    }
}

#[test]
fn each_group_behind_which_strangers_are_is_one_way_out() {
    let settings = settings();
    let groups = |settings: &Settings| -> Vec<String> {
        ids(settings, Hub::NotLinked).into_iter().filter(|id| id.starts_with("firewall-")).collect()
    };
    let before = groups(&settings);
    assert!(
        before.contains(&of_group("github")) && before.contains(&of_group("conda")),
        "{before:?}"
    );
    let mut fewer = settings.clone();
    fewer.deny = ["github".to_owned()].into_iter().collect();
    let after = groups(&fewer);
    assert_eq!(before.len(), after.len() + 1);
    let locked = Settings { preset: Preset::LockedDown, ..settings.clone() };
    let needed = groups(&locked);
    assert!(
        needed.iter().all(|id| before.contains(id)) && needed.len() < after.len(),
        "{needed:?}"
    );
    // One host of the person's own is nobody else's; a domain in which anybody registers is.
    let own = |host: &str| Settings {
        hosts: vec![OwnHost { host: host.to_owned(), ports: None, reason: None }],
        ..locked.clone()
    };
    assert_eq!(groups(&own("files.contoso.com")), needed);
    assert_eq!(groups(&own("*.blob.core.windows.net")).len(), needed.len() + 1);
    let ways = of(&own("files.contoso.com"), Hub::NotLinked);
    assert!(one(&ways, "firewall", Direction::In).steps[0].contains("Hosts of your own"));
    assert!(one(&of(&locked, Hub::NotLinked), "firewall", Direction::In).closed.is_some());
}

#[test]
fn an_open_scope_is_a_way_out() {
    let open = Settings { monitor_access: MonitorAccess::Open, ..settings() };
    let (before, after) = (ids(&settings(), Hub::NotLinked), ids(&open, Hub::NotLinked));
    assert_eq!(after.len(), before.len() + 1);
    assert!(after.contains(&storage::SCOPE.to_owned()));
}

#[test]
fn a_way_says_what_to_do_or_why_not_and_names_no_flag() {
    for bastion in [BastionSku::Developer, BastionSku::Standard] {
        for hub in [Hub::Linked, Hub::NotLinked] {
            for preset in Preset::ALL {
                let settings = Settings { preset, bastion, ..settings() };
                let ways = of(&settings, hub);
                for way in &ways {
                    assert_eq!(way.closed.is_some(), way.steps.is_empty(), "{way:?}");
                    assert!(!way.sentences().concat().contains("--"), "{way:?}");
                    assert!(!way.carries_out || way.direction == Direction::Out, "{way:?}");
                }
                let carried: Vec<_> = out(&Doors::of_settings(&settings, hub));
                let mut ids: Vec<_> = carried.iter().map(|way| &way.id).collect();
                ids.sort_unstable();
                ids.dedup();
                assert_eq!(ids.len(), carried.len(), "each is counted once");
            }
        }
    }
}

#[test]
fn a_panel_names_what_is_open_and_what_is_closed() {
    let ways = of(&settings(), Hub::NotLinked);
    assert_eq!(in_short(&ways, Direction::In), "studio, Bastion (text), firewall");
    let words = in_short(&ways, Direction::Out);
    assert!(words.starts_with("studio, Bastion (text), "), "{words}");
    assert!(words.contains("11 firewall groups"), "{words}");
    assert_eq!(closed_in_short(&ways), "Bastion (files), hub");
    assert_eq!(counted(1), "1 way carries data out");
    assert_eq!(counted(12), "12 ways carry data out");
}
