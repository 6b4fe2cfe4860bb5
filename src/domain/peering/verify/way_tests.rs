//! Lost packets and public answers, told apart by what Azure tells of the connection.

use super::*;
use crate::domain::peering::{
    Far, Flags, Guide, Half, Hub, Known, LinkedZone, PeeringState, Standing, SyncLevel, Topic,
    testing, zones::Names,
};

fn half(state: PeeringState) -> Half {
    Half {
        id: "/half".into(),
        name: "half".into(),
        remote_id: "/other".into(),
        state: Some(state),
        sync: Some(SyncLevel::FullyInSync),
        flags: Flags {
            access: true,
            forwarded: true,
            gateway_transit: true,
            remote_gateways: true,
        },
    }
}

fn connection() -> Connection {
    Connection {
        network_id: "/vnet".into(),
        hub: Hub {
            id: "/hub".into(),
            resolvers: Known::Read(vec!["10.0.2.4".into()]),
            ..testing::hub()
        },
        near: Some(half(PeeringState::Connected)),
        far: Far::Found(half(PeeringState::Connected)),
        steps: Vec::new(),
        names: Names::default(),
    }
}

fn route_step(mistake: Mistake, remedy: &str) -> Guide {
    Guide {
        topic: Topic::Routes,
        standing: Standing::ToDo,
        summary: String::new(),
        lacks: vec![Lack::new(mistake, "It is so.", remedy)],
    }
}

type Change = fn(&mut Connection);

#[test]
fn lost_packets_are_told_apart_by_the_facts_of_the_connection() {
    let rows: &[(&str, Change, Mistake, &str)] = &[
        ("nothing wrong in Azure", |_| {}, Mistake::Routes, "tunnel"),
        (
            "no near half",
            |facts| facts.near = None,
            Mistake::OneSide,
            "missing side",
        ),
        (
            "no far half",
            |facts| facts.far = Far::Absent,
            Mistake::OneSide,
            "missing side",
        ),
        (
            "only initiated",
            |facts| facts.near = Some(half(PeeringState::Initiated)),
            Mistake::OneSide,
            "missing side",
        ),
        (
            "cut",
            |facts| facts.far = Far::Found(half(PeeringState::Disconnected)),
            Mistake::OneSide,
            "Disconnected",
        ),
        (
            "stale",
            |facts| facts.near.as_mut().unwrap().sync = Some(SyncLevel::RemoteNotInSync),
            Mistake::OneSide,
            "Sync",
        ),
        (
            "no remote gateways",
            |facts| facts.near.as_mut().unwrap().flags.remote_gateways = false,
            Mistake::Flags,
            "hub's side first",
        ),
        (
            "no transit",
            |facts| {
                let mut far = half(PeeringState::Connected);
                far.flags.gateway_transit = false;
                facts.far = Far::Found(far);
            },
            Mistake::Flags,
            "hub's side first",
        ),
        (
            "no gateway",
            |facts| facts.hub.gateways = Known::Read(Vec::new()),
            Mistake::Gateway,
            "30 to 45 minutes",
        ),
        (
            "hub firewall",
            |facts| facts.hub.firewall = Known::Read(Some("10.0.3.4".into())),
            Mistake::Return,
            "GatewaySubnet",
        ),
        (
            "rule",
            |facts| facts.steps = vec![route_step(Mistake::SecurityGroup, "Allow 443.")],
            Mistake::SecurityGroup,
            "Allow 443.",
        ),
        (
            "no propagation",
            |facts| facts.steps = vec![route_step(Mistake::Routes, "Let routes in.")],
            Mistake::Routes,
            "Let routes in.",
        ),
    ];
    let silent = change(right(), &ALL, |seen| seen.tcp = Some(Tcp::Silent));
    let silent = change(silent, &[MONITOR], |seen| seen.tcp = Some(Tcp::Silent));
    for (row, differs, mistake, remedy) in rows {
        let mut facts = connection();
        differs(&mut facts);
        let report = judge(&expected(), &silent, Some(&facts));
        assert_eq!(culprits(&report), [*mistake], "{row}: {report:#?}");
        let told = format!("{} {}", report.culprits[0].what, report.culprits[0].remedy);
        assert!(told.contains(remedy), "{row}: {told}");
    }
}

#[test]
fn the_zones_of_the_hub_tell_a_missing_link_from_a_missing_forwarder() {
    let found = change(right(), &[BLOB], |seen| {
        seen.lookup.addresses = vec![PUBLIC];
    });
    let mut facts = connection();
    let report = judge(&expected(), &found, Some(&facts));
    assert!(
        report.culprits[0]
            .remedy
            .starts_with("Link these private zones")
    );
    facts.hub.zones = Known::Read(vec![LinkedZone {
        id: "/zone".into(),
        name: "privatelink.blob.core.windows.net".into(),
        link_id: "/link".into(),
    }]);
    let report = judge(&expected(), &found, Some(&facts));
    assert!(
        report.culprits[0]
            .remedy
            .starts_with("Forward these domains")
    );
    facts.hub.zones = Known::Unread("no rights".into());
    let report = judge(&expected(), &found, Some(&facts));
    assert!(
        report.culprits[0]
            .remedy
            .starts_with("Two things can be missing")
    );
}
