//! What is read of the chosen hub alone says nothing while hubs are ranked.

use super::with;
use crate::domain::peering::hub::{Fit, Known};

#[test]
fn what_is_left_for_later_is_neither_good_nor_bad() {
    let found = with(|hub, _| {
        hub.zones = Known::later();
        hub.resolvers = Known::later();
        hub.rights = Known::later();
        hub.firewall = Known::later();
        hub.on_premises = Known::later();
    });
    assert_eq!(found.fit, Fit::Good, "{:#?}", found.reasons);
}
