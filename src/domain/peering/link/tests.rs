use super::*;
use crate::domain::peering::connection::{Guide, StepStatus};
use crate::domain::peering::hub::{Gateway, Rights};
use crate::domain::peering::mistake::Mistake;
use crate::domain::peering::testing::{self, FREE};
use Mistake::{Flags as Switches, Gateway as NoGateway, OneSide, Rights as NoRights};

const NEAR: &str = "to-hub";

mod fold;

fn half(name: &str, state: PeeringState, sync: SyncLevel, flags: Flags) -> Half {
    Half {
        id: format!("/x/{name}"),
        name: name.into(),
        remote_id: "/y".into(),
        state: Some(state),
        sync: Some(sync),
        flags,
    }
}

const RIGHT: Flags =
    Flags { access: true, forwarded: true, gateway_transit: false, remote_gateways: true };

fn hub(gateway: &str, rights: Rights) -> Hub {
    Hub {
        gateways: Known::Read(vec![Gateway { state: gateway.into(), ..testing::gateway() }]),
        rights: Known::Read(rights),
        ..testing::hub()
    }
}

const READER: Rights = Rights { write: false, peer: false, join: false };

fn guide(near: Option<&Half>, far: &Far, hub: &Hub) -> Guide {
    judge(Sides { near, far }, hub, "vnet-test4821", Transit::of(hub), May::of(hub), &[])
}

fn mistakes(guide: &Guide) -> Vec<Mistake> {
    guide.lacks.iter().map(|lack| lack.mistake).collect()
}

/// Our half, the hub's, the hub; how the step stands, and what it lacks.
type Case<'a> = (Option<&'a Half>, Far, &'a Hub, StepStatus, &'a [Mistake]);

#[test]
fn what_is_lacking_is_told_with_its_step() {
    let initiated = half(NEAR, PeeringState::Initiated, SyncLevel::RemoteNotInSync, RIGHT);
    let done = half(NEAR, PeeringState::Connected, SyncLevel::FullyInSync, RIGHT);
    let theirs =
        |flags| Far::Found(half("spoke", PeeringState::Connected, SyncLevel::FullyInSync, flags));
    let good = hub("Succeeded", FREE);
    let reader = hub("Succeeded", READER);
    let unread = Far::Unread { why: "no rights".into() };
    let closed = Flags { gateway_transit: false, ..FAR };
    let without = Flags { remote_gateways: false, ..RIGHT };
    let apart = Half { sync: Some(SyncLevel::LocalNotInSync), ..done.clone() };
    let lonely = Half { flags: without, ..done.clone() };
    let cases: [Case<'_>; 9] = [
        (None, Far::Absent, &good, StepStatus::ToDo, &[OneSide, OneSide]),
        (Some(&initiated), Far::Absent, &good, StepStatus::ToDo, &[OneSide]),
        (Some(&done), theirs(FAR), &good, StepStatus::Done, &[]),
        (Some(&done), theirs(closed), &good, StepStatus::ToDo, &[Switches]),
        (Some(&done), theirs(closed), &reader, StepStatus::Waiting, &[NoRights, Switches]),
        (Some(&apart), theirs(FAR), &good, StepStatus::ToDo, &[OneSide]),
        (None, Far::Absent, &reader, StepStatus::Waiting, &[OneSide, OneSide, NoRights, NoRights]),
        (Some(&done), unread, &reader, StepStatus::Done, &[]),
        (Some(&lonely), theirs(FAR), &hub("Updating", FREE), StepStatus::Done, &[NoGateway]),
    ];
    for (index, (near, far, hub, standing, expected)) in cases.into_iter().enumerate() {
        let guide = guide(near, &far, hub);
        assert_eq!(guide.standing, standing, "{index}: {guide:#?}");
        assert_eq!(mistakes(&guide), expected, "{index}: {guide:#?}");
        assert!(guide.lacks.iter().all(|lack| !lack.remedy.is_empty()));
    }
}

#[test]
fn a_name_that_is_taken_gets_a_number() {
    let taken = ["to-hub".to_owned(), "TO-HUB-2".to_owned()];
    assert_eq!(free_name("hub", &[]), "to-hub");
    assert_eq!(free_name("hub", &taken), "to-hub-3");
    assert!(free_name(&"x".repeat(90), &taken).len() <= 80);
}

/// Azure can go on saying `RemoteNotInSync` of our half after our half was synced: then it is the other one's turn,
/// once.
#[test]
fn a_side_is_synced_once_and_what_stays_is_the_other_side_s() {
    let near = half(NEAR, PeeringState::Connected, SyncLevel::RemoteNotInSync, RIGHT);
    let far = Far::Found(half("to-us", PeeringState::Connected, SyncLevel::FullyInSync, FAR));
    let sides = Sides { near: Some(&near), far: &far };
    let every = May { far: true, near: true };
    for (may, turns) in
        [(every, vec![Side::Near, Side::Far]), (May { far: false, ..every }, vec![Side::Near])]
    {
        let mut synced = Vec::new();
        while let Some(change) = next(sides, Transit::Ready, may, &synced) {
            assert!(matches!(change, PeeringChange::Sync { .. }), "{change:?}");
            synced.push(change.side());
        }
        assert_eq!(synced, turns);
        let hub = hub("Succeeded", FREE);
        let guide = judge(sides, &hub, "vnet-test4821", Transit::Ready, may, &synced);
        assert_eq!(guide.standing, StepStatus::Waiting);
        let told = &guide.lacks[0];
        let wanted =
            if may.far { "create both sides again" } else { "az network vnet peering sync" };
        assert!(told.remedy.contains(wanted) && told.remedy.contains("--remove"), "{told:?}");
    }
    assert!(knows(sides, Side::Far) && !knows(sides, Side::Near));
}
