use super::*;
use crate::domain::peering::connection::StepStatus;
use crate::domain::peering::hub::Rights;
use crate::domain::peering::mistake::Mistake;
use crate::domain::peering::testing::{self, FREE};

const BLOB: &str = "privatelink.blob.core.windows.net";

fn set(name: &str, address: &str, environment: Option<&str>) -> RecordSet {
    RecordSet {
        name: name.into(),
        addresses: vec![address.into()],
        environment: environment.map(str::to_owned),
    }
}

fn zone_id(group: &str, name: &str) -> String {
    format!(
        "/subscriptions/s1/resourceGroups/{group}/providers/Microsoft.Network/privateDnsZones/{name}"
    )
}

fn own(name: &str, link: Option<&str>) -> OwnZone {
    OwnZone {
        id: zone_id("rg-test4821", name),
        name: name.into(),
        records: Known::Read(vec![set("stgtest4821", "10.1.2.132", None)]),
        link: Known::Read(
            link.map(|id| HubLink { id: id.to_owned(), fallback: Fallback::Internet }),
        ),
        elsewhere: false,
    }
}

fn elsewhere() -> OwnZone {
    OwnZone { id: String::new(), elsewhere: true, ..own(BLOB, None) }
}

#[test]
fn names_in_zones_that_exist_elsewhere_are_registered_where_the_hub_has_the_zone() {
    let zone = theirs(Vec::new(), true);
    let found = names(&[elsewhere()], &[zone], &hub(true), "test4821", None);
    assert!(matches!(&found.changes[..], [NameChange::Write { .. }]), "{found:?}");
    assert_eq!((found.known, found.clashing.len()), (0, 0));
    assert!(
        !judge(&found, &hub(true)).lacks.iter().any(|lack| lack.mistake == Mistake::ZoneConflict)
    );
    let there = theirs(vec![set("stgtest4821", "10.1.2.132", None)], true);
    let found = names(&[elsewhere()], &[there], &hub(true), "test4821", None);
    assert_eq!((found.known, found.changes.len()), (1, 0));
}

#[test]
fn zones_that_exist_elsewhere_and_are_not_seen_are_unknown_and_never_linked() {
    let found = names(&[elsewhere()], &[], &hub(true), "test4821", None);
    assert_eq!((found.known, found.wanted, found.changes.len()), (0, 1, 0));
    assert_eq!(found.handed.len(), 1);
    assert!(found.handed[0].command.contains("SUBSCRIPTION-OF-THE-ZONES"), "{:?}", found.handed);
    let guide = judge(&found, &hub(true));
    assert!(guide.lacks.iter().any(|lack| lack.what.contains("not known")), "{guide:?}");
    assert_ne!(guide.standing, StepStatus::Done);
}

fn theirs(records: Vec<RecordSet>, writable: bool) -> HubZone {
    HubZone {
        id: zone_id("rg-dns", BLOB),
        name: BLOB.to_uppercase(),
        records: Known::Read(records),
        writable,
    }
}

fn hub(join: bool) -> Hub {
    Hub {
        id: "/subscriptions/s2/hub".into(),
        gateways: Known::Read(Vec::new()),
        resolvers: Known::Read(vec!["10.0.1.4".into()]),
        rights: Known::Read(Rights { join, ..FREE }),
        ..testing::hub()
    }
}

#[test]
fn zones_are_linked_but_those_of_azure_monitor() {
    let zones = [
        own(BLOB, None),
        own("privatelink.vaultcore.azure.net", Some("/link")),
        own("privatelink.monitor.azure.com", None),
        own("privatelink.agentsvc.azure-automation.us", None),
    ];
    let found = names(&zones, &[], &hub(true), "test4821", None);
    let zone_id = zones[0].id.clone();
    assert_eq!(found.changes, [NameChange::Link { zone_id, fallback: Fallback::Internet }]);
    assert_eq!((found.known, found.wanted, found.left_out.len()), (1, 2, 2));
    let guide = judge(&found, &hub(true));
    assert_eq!(guide.standing, StepStatus::ToDo);
    assert!(guide.lacks.last().unwrap().what.contains("telemetry"));
}

#[test]
fn without_the_right_to_join_the_command_is_handed_over() {
    let found = names(&[own(BLOB, None)], &[], &hub(false), "test4821", None);
    assert!(found.changes.is_empty());
    let command = &found.handed[0].command;
    for part in [
        "--subscription s1",
        "--resource-group rg-test4821",
        BLOB,
        "--virtual-network /subscriptions/s2/hub",
    ] {
        assert!(command.contains(part), "{command}");
    }
    let guide = judge(&found, &hub(false));
    assert_eq!(guide.standing, StepStatus::Waiting);
    assert_eq!(guide.lacks[0].mistake, Mistake::Rights);
}

#[test]
fn where_the_hub_has_the_zone_records_are_added_and_nobodys_is_overwritten() {
    let zones = [own(BLOB, None)];
    let same = set("STGTEST4821", "10.1.2.132", None);
    let ours_before = set("stgtest4821", "10.1.2.9", Some("test4821"));
    let foreign = set("stgtest4821", "10.7.0.4", None);
    let another = set("stgtest4821", "10.7.0.4", Some("other1234"));
    // Record there, writable; changes, handed, conflicts, known.
    let cases = [
        (None, true, (1, 0, 0, 0)),
        (None, false, (0, 1, 0, 0)),
        (Some(same), false, (0, 0, 0, 1)),
        (Some(ours_before), true, (1, 0, 0, 0)),
        (Some(foreign), true, (0, 0, 1, 0)),
        (Some(another), true, (0, 0, 1, 0)),
    ];
    for (index, (record, writable, expected)) in cases.into_iter().enumerate() {
        let theirs = theirs(record.into_iter().collect(), writable);
        let found = names(&zones, &[theirs], &hub(true), "test4821", None);
        let counted = (found.changes.len(), found.handed.len(), found.conflicts.len(), found.known);
        assert_eq!(counted, expected, "{index}: {found:#?}");
        if let Some(NameChange::Write { zone_id, record }) = found.changes.first() {
            assert!(zone_id.contains("rg-dns"));
            assert_eq!(*record, set("stgtest4821", "10.1.2.132", Some("test4821")));
        }
        let guide = judge(&found, &hub(true));
        assert_eq!(guide.standing == StepStatus::Done, expected.3 == 1, "{index}");
        let told = guide.lacks.iter().any(|lack| lack.mistake == Mistake::ZoneConflict);
        assert_eq!(told, expected.3 == 0, "{index}");
    }
}

#[test]
fn a_record_of_azure_monitor_is_left_out() {
    let mut zone = own(BLOB, None);
    zone.records = Known::Read(vec![set("scadvisorcontentpl", "10.1.2.140", None)]);
    let found = names(&[zone], &[theirs(Vec::new(), true)], &hub(true), "test4821", None);
    assert_eq!((found.changes.len(), found.known), (0, 1));
}

#[test]
fn what_cannot_be_read_is_neither_linked_nor_known() {
    let unread = OwnZone { link: Known::Unread("no rights".into()), ..own(BLOB, None) };
    let found = names(&[unread], &[], &hub(true), "test4821", None);
    assert_eq!((found.known, found.changes.len(), found.unread.len()), (0, 0, 1));
    let hidden = HubZone { records: Known::Unread("no rights".into()), ..theirs(Vec::new(), true) };
    let found = names(&[own(BLOB, None)], &[hidden], &hub(true), "test4821", None);
    assert_eq!((found.handed.len(), found.changes.len()), (1, 0));
    assert!(found.handed[0].command.contains("--metadata privateaml=test4821"));
}

/// A group may be called so in Azure; a shell would read it as something else.
#[test]
fn what_a_shell_would_misread_is_quoted_in_every_command() {
    let zone = zone_id("rg (dns)", BLOB);
    let records = record_commands(&zone, &set("*.it's", "10.1.2.3", None), "test4821");
    let commands = [
        link_command(&zone, "/subscriptions/s2/rg (x)/hub", "hub", Fallback::Internet),
        removal_command(&zone, "*.it's"),
    ];
    for command in commands.iter().chain(&records) {
        let line = command.line();
        assert!(line.contains("--resource-group 'rg (dns)'"), "{line}");
    }
    assert!(commands[0].line().contains("'/subscriptions/s2/rg (x)/hub'"));
    assert!(commands[1].line().contains(r"--name '*.it'\''s'"));
}

#[test]
fn a_hub_without_anybody_who_answers_names_waits_for_its_owner() {
    let mut silent = hub(true);
    silent.resolvers = Known::Read(Vec::new());
    let found = names(&[own(BLOB, Some("/link"))], &[], &silent, "test4821", None);
    assert!(found.is_whole());
    assert_eq!(judge(&found, &silent).standing, StepStatus::Waiting);
    silent.dns_servers.push("10.0.0.10".into());
    assert_eq!(judge(&found, &silent).standing, StepStatus::Done);
}

#[test]
fn new_links_to_a_hub_have_the_fallback_and_existing_ones_change_only_when_asked() {
    let mut bare = own(BLOB, Some("/link"));
    bare.link = Known::Read(Some(HubLink { id: "/link".into(), fallback: Fallback::None }));
    let zones = [bare, own("privatelink.azurecr.io", None)];
    let zone_id = zones[1].id.clone();
    let link = |fallback| NameChange::Link { zone_id: zone_id.clone(), fallback };
    let change = |fallback| NameChange::Fallback { link_id: "/link".into(), fallback };
    for (asked, changes) in [
        (None, vec![link(Fallback::Internet)]),
        (Some(Fallback::Internet), vec![change(Fallback::Internet), link(Fallback::Internet)]),
        (Some(Fallback::None), vec![link(Fallback::None)]),
    ] {
        let found = names(&zones, &[], &hub(true), "test4821", asked);
        assert_eq!(found.changes, changes, "{asked:?}");
        assert_eq!(found.without_fallback, [BLOB]);
    }
    let found = names(&zones, &[], &hub(false), "test4821", None);
    assert!(
        found.handed[0].command.ends_with("--resolution-policy NxDomainRedirect"),
        "{:?}",
        found.handed
    );
    let guide = judge(&found, &hub(false));
    let told = guide.lacks.iter().find(|lack| lack.what.contains("no fallback"));
    assert!(told.is_some_and(|lack| lack.note && lack.remedy.contains("--internet-fallback on")));
}
