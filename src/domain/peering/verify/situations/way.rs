//! Lost packets and public answers, told apart by what Azure shows of the connection.

use super::*;
use crate::domain::peering::{
    Far, Flags, Guide, Half, Hub, HubConnection, Known, Lack, LinkedZone, Names, PeeringState,
    StepStatus, SyncLevel, Topic, UNSEEN, testing,
};

/// The results with changes, as the table has them.
fn seen(changes: &str) -> Vec<Observation> {
    let situation = situation(&format!("with Azure's facts\n{changes}"));
    results::read(&situation.results, &expected()).unwrap()
}

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

fn connection() -> HubConnection {
    HubConnection {
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
        standing: StepStatus::ToDo,
        summary: String::new(),
        lacks: vec![Lack::new(mistake, "It is so.", remedy)],
    }
}

type Change = fn(&mut HubConnection);

#[test]
fn lost_packets_are_told_apart_by_the_facts_of_the_connection() {
    let rows: &[(&str, Change, Mistake, &str)] = &[
        ("no near half", |facts| facts.near = None, Mistake::OneSide, "missing side"),
        ("no far half", |facts| facts.far = Far::Absent, Mistake::OneSide, "missing side"),
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
    let silent = seen("private tcp=timeout\napi https=-");
    for (row, differs, mistake, remedy) in rows {
        let mut facts = connection();
        differs(&mut facts);
        let report = judge(&expected(), &silent, Some(&facts));
        let first = &report.verdicts[0].causes[0];
        assert_eq!(first.step, *mistake, "{row}: {report:#?}");
        assert!(first.what.starts_with("Azure shows: "), "{row}: {first:#?}");
        assert!(first.remedy.contains(remedy), "{row}: {first:#?}");
        assert_eq!(report.verdicts[0].causes[1].step, Mistake::Client, "{row}");
    }
}

fn steps(facts: &HubConnection) -> (String, String) {
    let silent = seen("private tcp=timeout\napi https=-");
    let report = judge(&expected(), &silent, Some(facts));
    (named(&report.steps()), causes_and_remarks(&report))
}

#[test]
fn where_no_fault_is_shown_only_the_rest_fits() {
    let mut facts = connection();
    let unseen = Lack::new(Mistake::Routes, format!("A; {UNSEEN}"), "Into the tunnel.");
    facts.steps = vec![Guide { lacks: vec![unseen], ..route_step(Mistake::Routes, "") }];
    let (named, causes_and_remarks) = steps(&facts);
    assert_eq!(named, "client routes return");
    assert!(
        causes_and_remarks.contains("Into the tunnel.")
            && !causes_and_remarks.contains("Azure shows"),
        "{causes_and_remarks}"
    );
    facts.hub.firewall = Known::Read(Some("10.0.3.4".into()));
    let (_, causes_and_remarks) = steps(&facts);
    assert!(
        causes_and_remarks.contains("The hub's firewall (10.0.3.4) sees"),
        "{causes_and_remarks}"
    );
    facts.far = Far::Unread { why: "no rights".into() };
    facts.hub.gateways = Known::Unread("no rights".into());
    let (named, causes_and_remarks) = steps(&facts);
    assert_eq!(named, "client routes one-side return");
    assert!(
        causes_and_remarks
            .contains("could not be read: the hub's side of the peering, the hub's gateways."),
        "{causes_and_remarks}"
    );
}

#[test]
fn the_zones_of_the_hub_tell_a_missing_link_from_a_missing_forwarder() {
    let public = seen("blob address=P");
    let mut facts = connection();
    let causes = |facts: &HubConnection| {
        let report = judge(&expected(), &public, Some(facts));
        let causes = report.verdicts[0].causes.iter();
        causes.map(|cause| cause.what.clone()).collect::<Vec<_>>()
    };
    let unlinked = causes(&facts);
    assert!(
        unlinked[0].starts_with("Azure shows zones of these names that are not linked"),
        "{unlinked:?}"
    );
    assert_eq!(unlinked.len(), 3);
    facts.hub.zones = Known::Read(vec![LinkedZone {
        id: "/zone".into(),
        name: "privatelink.blob.core.windows.net".into(),
        link_id: "/link".into(),
    }]);
    let linked = causes(&facts);
    assert!(linked.iter().all(|what| !what.contains("linked")) && linked.len() == 2, "{linked:?}");
    facts.hub.zones = Known::Unread("no rights".into());
    let unread = causes(&facts);
    assert!(
        unread[2].contains("are not linked") && !unread[2].contains("Azure shows"),
        "{unread:?}"
    );
}
