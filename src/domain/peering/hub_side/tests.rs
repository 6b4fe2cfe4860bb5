use super::*;
use crate::domain::peering::half::Flags;
use crate::domain::peering::testing;
use crate::domain::peering::zones::{Fallback, RecordSet};

fn half(is_hub: bool) -> Half {
    Half {
        id: "/half".into(),
        name: "to-there".into(),
        remote_id: "/other".into(),
        state: Some(PeeringState::Connected),
        sync: Some(SyncLevel::FullyInSync),
        flags: Flags {
            access: true,
            forwarded: true,
            gateway_transit: is_hub,
            remote_gateways: !is_hub,
        },
    }
}

fn whole() -> HubSide {
    HubSide {
        environment: "bb2222".into(),
        hub_id: "/x/virtualNetworks/vnet-hub".into(),
        hub: HubReading::There(Box::new(testing::hub())),
        near: Known::Read(Some(half(false))),
        far: Far::Found(half(true)),
        names: Known::Read(Names { known: 6, wanted: 6, ..Names::default() }),
    }
}

/// A change of what was read, whether what follows is known, and parts of what was found and of the remedy.
type Case = (fn(&mut HubSide), bool, &'static str, &'static str);

/// Each single thing that can be missing at the hub is told, and told as unknown where it was not read.
#[test]
fn everything_that_the_hub_lacks_is_told_and_nothing_else() {
    assert_eq!(lacks(&whole()), []);
    let cases: [Case; 15] = [
        (|s| s.hub = HubReading::Gone, true, "does not exist", "--remove"),
        (|s| s.hub = HubReading::Unread("No.".into()), false, "not read: No.", "Reader"),
        (|s| s.near = Known::Read(None), true, "there is none", "--yes"),
        (|s| s.near = Known::Unread("No.".into()), false, "not read", "Reader"),
        (|s| s.far = Far::Absent, true, "there is none", "--yes"),
        (|s| s.far = Far::Unread { why: "No.".into() }, false, "not read", "Reader"),
        (|s| near(s).state = Some(PeeringState::Disconnected), true, "Disconnected", "--yes"),
        (|s| near(s).sync = Some(SyncLevel::RemoteNotInSync), true, "RemoteNotInSync", "--yes"),
        (|s| near(s).flags.remote_gateways = false, true, "useRemoteGateways", "--yes"),
        (|s| theirs(s).flags.gateway_transit = false, true, "allowGatewayTransit", "--yes"),
        (|s| theirs(s).state = None, true, "not known", "--yes"),
        (|s| told(s).changes.push(unlinked()), true, "not linked", "--yes"),
        (|s| told(s).changes.push(unwritten()), true, "not in the zone", "--yes"),
        (|s| told(s).conflicts.push("It leads elsewhere.".into()), true, "elsewhere", "owner"),
        (|s| told(s).unread.push("The links were refused.".into()), false, "refused", "Reader"),
    ];
    for (change, known, found, remedy) in cases {
        let mut side = whole();
        change(&mut side);
        let all = lacks(&side);
        assert_eq!(all.len(), 1, "{all:#?}");
        assert!(all[0].known == known, "{all:#?}");
        assert!(all[0].found.contains(found) && all[0].remedy.contains(remedy), "{all:#?}");
        assert!(summary(&all, &side.hub_id).is_some());
    }
}

const ZONE: &str = "/x/privateDnsZones/privatelink.azurecr.io";

fn unlinked() -> NameChange {
    NameChange::Link { zone_id: ZONE.into(), fallback: Fallback::Internet }
}

fn unwritten() -> NameChange {
    NameChange::Write {
        zone_id: ZONE.into(),
        record: RecordSet {
            name: "acrbb2222".into(),
            addresses: vec!["10.20.2.4".into()],
            environment: None,
        },
    }
}

fn near(side: &mut HubSide) -> &mut Half {
    match &mut side.near {
        Known::Read(Some(half)) => half,
        _ => panic!("read"),
    }
}

fn theirs(side: &mut HubSide) -> &mut Half {
    match &mut side.far {
        Far::Found(half) => half,
        _ => panic!("found"),
    }
}

fn told(side: &mut HubSide) -> &mut Names {
    match &mut side.names {
        Known::Read(names) => names,
        Known::Unread(_) => panic!("read"),
    }
}
