//! Peerings, what is in the subnets, and what public addresses are on.

use serde_json::Value;

use super::{Book, Difference, Spot, called, is_on, items, or_not_told, text, told};
use crate::domain::peering::connection::Topic;
use crate::domain::peering::hub_side::HubLack;
use crate::domain::resource;
use crate::domain::ways::VPN;

/// Peerings are not the template's: one that leads to the hub must be connected, any other was added.
pub(super) fn peerings(book: &mut Book<'_>) {
    let Some((network, body)) = book.case.first(resource::VIRTUAL_NETWORK) else { return };
    let spot = Spot::planned(network).place("properties.virtualNetworkPeerings");
    book.as_planned(&spot);
    for peering in items(body, "/properties/virtualNetworkPeerings") {
        let name = told(peering, "/name").unwrap_or("without a name");
        let remote = text(peering, "/properties/remoteVirtualNetwork/id");
        let place = format!("properties.virtualNetworkPeerings[{name}]");
        if !book.case.is_hub(remote) {
            let remedy = format!(
                "Ask who connected {} to this environment; delete the peering on both sides if nobody needs it.",
                called(remote)
            );
            let found = format!("the peering {name} to {}", called(remote));
            let difference = Difference::added(found, remedy).with(peering);
            book.differs(&spot.place(&place), difference);
            continue;
        }
        of_hub(book, spot, peering, &place, called(remote));
    }
    hub_side(book, spot);
}

/// What was read at the hub: its side of the peering, and the names that it must know.
fn hub_side(book: &mut Book<'_>, spot: Spot<'_>) {
    let (Some(hub), Some(lacks)) = (book.case.hub, book.case.hub_side) else { return };
    let spot = Spot { id: hub, name: called(hub), resource_type: resource::PEERING, ..spot };
    let spot = spot.place("").point(27);
    book.as_planned(&spot);
    // The halves of one peering are one thing; names are told one by one.
    let of_link = |known: bool| -> Vec<&HubLack> {
        let lacks = lacks.iter();
        lacks.filter(|each| each.topic == Topic::Link && each.known == known).collect()
    };
    let names = lacks.iter().filter(|each| each.topic != Topic::Link);
    let told = [of_link(true), of_link(false)].into_iter().chain(names.map(|each| vec![each]));
    for lacks in told {
        let Some(first) = lacks.first() else { continue };
        let join = |word: fn(&HubLack) -> &str| {
            let words = lacks.iter().map(|each| word(each));
            words.collect::<Vec<&str>>().join("; ")
        };
        let place = join(|each| &each.what);
        let (expected, found) = (join(|each| &each.expected), join(|each| &each.found));
        let spot = spot.place(&place);
        if first.known {
            book.wrong(&spot, Difference::changed(expected, found, &*first.remedy));
        } else {
            book.not_known(&spot, found, &first.remedy);
        }
    }
}

fn of_hub(book: &mut Book<'_>, spot: Spot<'_>, peering: &Value, place: &str, hub: &str) {
    // State and sync of both sides are judged together where the hub's was looked at.
    let together = book.case.hub_side.is_some();
    let state = text(peering, "/properties/peeringState");
    let level = text(peering, "/properties/peeringSyncLevel");
    let (member, expected, found, remedy) = if !together && state != "Connected" {
        let remedy = format!(
            "The side of {hub} is missing: `privateaml peer` creates it again, or tells its owner how."
        );
        ("peeringState", "Connected", or_not_told(state), remedy)
    } else if !together && !matches!(level, "" | "FullyInSync") {
        let remedy = format!(
            "An address range has changed, and {hub} or this side does not know it: `privateaml peer` syncs them."
        );
        ("peeringSyncLevel", "FullyInSync", level, remedy)
    } else if is_on(peering, "/properties/allowGatewayTransit") {
        let remedy =
            "Switch gateway transit off: this network has no gateway for others to use.".to_owned();
        ("allowGatewayTransit", "false", "true", remedy)
    } else {
        book.as_planned(&spot);
        let width = "who reaches the hub and has a role on the data reads it there, over its VPN or ExpressRoute";
        let close = "Unlink the hub: `privateaml peer NAME --remove` does.";
        return book.open_way(&spot.place(place), format!("linked to {hub}"), width, close, VPN);
    };
    let place = format!("{place}.properties.{member}");
    book.differs(&spot.place(&place), Difference::changed(expected, found, remedy));
}

/// What has an address in the subnets: planned resources, the cards of planned endpoints, and computes of the
/// workspace.
pub(super) fn occupants(book: &mut Book<'_>) {
    let Some((network, body)) = book.case.first(resource::VIRTUAL_NETWORK) else { return };
    for subnet in items(body, "/properties/subnets") {
        let place =
            format!("properties.subnets[{}].properties.ipConfigurations", text(subnet, "/name"));
        let spot = Spot::planned(network).place(&place);
        book.as_planned(&spot);
        let mut told: Vec<&str> = Vec::new();
        for configuration in items(subnet, "/properties/ipConfigurations") {
            let id = text(configuration, "/id");
            let Some(owner) = owner(id) else { continue };
            if told.contains(&owner) || is_known(book, owner) {
                continue;
            }
            told.push(owner);
            let remedy =
                "Ask who put it into the subnet and what for; delete it if nobody needs it.";
            book.differs(&spot, Difference::added(called(owner), remedy).with(configuration));
        }
    }
}

/// The resource that an address configuration belongs to.
fn owner(configuration: &str) -> Option<&str> {
    let (rest, _) = configuration.rsplit_once('/')?;
    rest.rsplit_once('/').map(|(owner, _)| owner)
}

/// Whether something in a subnet is planned, or told of elsewhere because the group holds it.
fn is_known(book: &Book<'_>, owner: &str) -> bool {
    book.case.is_planned(owner) || book.case.is_listed(owner) || is_of_computes(owner)
}

/// Azure Machine Learning keeps the scale sets of clusters in groups of Azure Batch
/// (<https://learn.microsoft.com/azure/machine-learning/how-to-secure-training-vnet>).
fn is_of_computes(owner: &str) -> bool {
    let owner = owner.to_ascii_lowercase();
    owner.contains("/resourcegroups/azurebatch-")
        && owner.contains("/microsoft.compute/virtualmachinescalesets/")
}

/// What the public addresses are on: the firewall and Bastion that were planned.
pub(super) fn addresses(book: &mut Book<'_>) {
    for planned in book.case.planned(resource::PUBLIC_ADDRESS) {
        let Ok(body) = book.case.body(&planned.id) else { continue };
        let configuration = text(body, "/properties/ipConfiguration/id");
        let spot = Spot::planned(planned).place("properties.ipConfiguration.id");
        let on = owner(configuration).unwrap_or_default();
        let kind = |kind: &'static str| {
            book.case.planned(kind).any(|each| each.id.eq_ignore_ascii_case(on))
        };
        if on.is_empty() || kind(resource::FIREWALL) || kind(resource::BASTION) {
            book.as_planned(&spot);
            continue;
        }
        // A card says itself what is on it.
        let card = on
            .to_ascii_lowercase()
            .contains(&format!("/{}/", resource::INTERFACE.to_ascii_lowercase()))
            && book.case.is_planned(on);
        if !card {
            let remedy =
                format!("Detach {} from what it is on, or run `privateaml mend`.", planned.name);
            let expected = "the firewall or Bastion";
            book.differs(&spot, Difference::changed(expected, called(on), remedy));
        }
    }
}
