//! The order of candidates, and what holds of any two ranges.

use ipnetwork::Ipv4Network;
use proptest::prelude::*;

use super::super::{Spoke, judge, rank};
use super::{spoke, with};
use crate::domain::peering::hub::{Fit, Hub, Known};
use crate::domain::peering::mistake::Mistake;

#[test]
fn the_best_goes_first_and_the_worst_last() {
    let made = |name: &str, change: fn(&mut Hub)| {
        with(|hub, _| {
            name.clone_into(&mut hub.name);
            change(hub);
        })
    };
    let mut all = vec![
        made("overlaps", |hub| hub.prefixes = vec!["10.1.0.0/16".into()]),
        made("bare", |hub| hub.gateways = Known::Read(Vec::new())),
        made("far", |hub| hub.region = "eastus".into()),
        made("z-good", |_| {}),
        made("silent", |hub| hub.resolvers = Known::Read(Vec::new())),
        made("a-good", |_| {}),
    ];
    rank(&mut all, &spoke());
    let names: Vec<&str> = all.iter().map(|each| each.hub.name.as_str()).collect();
    assert_eq!(names, ["a-good", "z-good", "silent", "far", "bare", "overlaps"]);
}

proptest! {
    #[test]
    fn ranges_meet_exactly_when_one_holds_the_others_first_address(
        one in any::<u32>(), other in any::<u32>(), long in 8_u8..=32, short in 8_u8..=32,
    ) {
        let net = |address: u32, prefix: u8| {
            let whole = Ipv4Network::new(address.into(), prefix).unwrap();
            Ipv4Network::new(whole.network(), prefix).unwrap()
        };
        // Near each other, or they would hardly ever meet.
        let (one, other) = (net(one, long), net(one ^ (other >> 8), short));
        let expected = one.contains(other.network()) || other.contains(one.network());
        prop_assert_eq!(one.overlaps(other), expected);
        prop_assert_eq!(other.overlaps(one), expected);
    }

    #[test]
    fn a_range_that_is_offered_fits_the_same_hub(second in 0_u8..=255, length in 8_u8..=22, space in 8_u8..=22) {
        let prefix = Ipv4Network::new([10, second, 0, 0].into(), length).unwrap();
        let prefix = format!("{}/{length}", prefix.network());
        let found = with(|hub, spoke| {
            hub.prefixes = vec![prefix];
            let own = Ipv4Network::new([10, 1, 0, 0].into(), space).unwrap();
            spoke.address_space = Ipv4Network::new(own.network(), space).unwrap();
        });
        for reason in found.reasons.iter().filter(|each| each.mistake == Mistake::Overlap && each.fit == Fit::Refused) {
            let Some((_, rest)) = reason.remedy.split_once("--cidr ") else { continue };
            let offered: Ipv4Network = rest.split(' ').next().unwrap().parse().unwrap();
            let again = judge(found.hub.clone(), &Spoke { address_space: offered, ..spoke() });
            prop_assert!(again.fit < Fit::Refused, "{} {:#?}", offered, again.reasons);
        }
    }
}
