//! Private names: every record of the zones, every link of them, and zones of others that answer in our network.

use serde_json::Value;

use super::book::CARD_NAME;
use super::{
    Book, Difference, SUBSCRIPTION_ZONES, Spot, called, is_on, items, name_of, text, told,
};
use crate::domain::peering::zones::MARK;
use crate::domain::plan::PlannedResource;
use crate::domain::private_name::{self, PrivateName};
use crate::domain::registration::{self, Elsewhere, RegistrationState};
use crate::domain::resource;

/// What an owner of zones elsewhere does about a name.
const REGISTER: &str =
    "Have the owner of the zones register it: `privateaml status` lists names and commands.";

/// Compares the records of the zones with the names and addresses of the endpoints.
pub(super) fn records(book: &mut Book<'_>) {
    if let Some(elsewhere) = registration::elsewhere(book.case.plan, book.case.inventory) {
        return registered(book, &elsewhere);
    }
    let zones: Vec<&PlannedResource> = book.case.planned(resource::PRIVATE_ZONE).collect();
    let names = endpoint_names(book);
    for name in &names {
        if zone_of(&zones, &name.host).is_none() {
            let spot = Spot {
                name: &name.host,
                ..Spot::of(book.case.network_id(), resource::PRIVATE_ZONE)
            };
            let expected = format!("a record with {}", name.address);
            let remedy = "Run `privateaml mend`: the zone for this name is missing.";
            let difference = Difference::changed(expected, "no zone for this name", remedy);
            book.differs(&spot.place("A").point(13), difference);
        }
    }
    for zone in &zones {
        if book.case.body(&zone.id).is_ok() {
            let own: Vec<(String, &PrivateName)> = names
                .iter()
                .filter_map(|name| {
                    let (of, label) = zone_of(&zones, &name.host)?;
                    (of.id == zone.id).then_some((label, name))
                })
                .collect();
            of_zone(book, zone, &own);
        }
    }
}

/// The names of the planned endpoints, as their cards tell them. Endpoints whose card was not read are not known.
fn endpoint_names(book: &mut Book<'_>) -> Vec<PrivateName> {
    let mut names = Vec::new();
    for endpoint in book.case.planned(resource::PRIVATE_ENDPOINT) {
        if book.case.body(&endpoint.id).is_err() {
            continue;
        }
        let spot = Spot::planned(endpoint).place("fqdns").point(13);
        let card = card_of(book, endpoint).map(|id| book.case.body(&id));
        match card {
            Some(Ok(card)) => names.extend(private_name::of_card(card)),
            _ => book.unread(&spot, "its network card, which has its names, could not be read"),
        }
    }
    names
}

fn card_of(book: &Book<'_>, endpoint: &PlannedResource) -> Option<String> {
    if let Some(id) = book.case.inventory.found(&endpoint.id).and_then(registration::card_id) {
        return Some(id.to_owned());
    }
    let (name, group) = (told(&endpoint.body, CARD_NAME)?, book.case.group_id()?);
    Some(format!("{group}/providers/{}/{name}", resource::INTERFACE))
}

/// One zone: each name of ours has its record, and there is no other record.
fn of_zone(book: &mut Book<'_>, zone: &PlannedResource, own: &[(String, &PrivateName)]) {
    let spot = Spot::planned(zone).place("records").point(13);
    let Some(sets) = book.list(&spot, &format!("{}/ALL", zone.id)) else { return };
    let addresses = |set: &Value| -> Vec<String> {
        let found = items(set, "/properties/aRecords").iter();
        found.map(|each| text(each, "/ipv4Address").to_owned()).collect()
    };
    for (label, name) in own {
        let place = format!("A/{label}");
        let spot = spot.place(&place);
        if name.address.is_empty() {
            book.unread(&spot, "its network card has no address yet");
            continue;
        }
        let set = sets
            .iter()
            .find(|set| kind_of(set) == "A" && text(set, "/name").eq_ignore_ascii_case(label));
        match set.map(addresses) {
            Some(found) if found == [name.address.as_str()] => book.as_planned(&spot),
            found => {
                let found = match found {
                    Some(found) if !found.is_empty() => found.join(", "),
                    _ => "no record".to_owned(),
                };
                let remedy = format!(
                    "Set the record {label} in {} to {}, or run `privateaml mend`.",
                    zone.name, name.address
                );
                book.differs(&spot, Difference::changed(&*name.address, found, remedy));
            }
        }
    }
    for set in sets {
        let (kind, label) = (kind_of(set), text(set, "/name"));
        let ours = kind == "A" && own.iter().any(|(own, _)| own.eq_ignore_ascii_case(label));
        if kind == "SOA" || ours {
            continue;
        }
        stranger_record(book, spot, set, kind, label);
    }
}

/// A record that no endpoint of ours wrote: one of another environment at the same hub was agreed to by connecting it.
fn stranger_record(book: &mut Book<'_>, spot: Spot<'_>, set: &Value, kind: &str, label: &str) {
    let place = format!("{kind}/{label}");
    let other = text(set, &format!("/properties/metadata/{MARK}"));
    let found = format!("the {kind} record {label}");
    if book.case.hub.is_some() && !other.is_empty() {
        let width = format!(
            "the name leads to the environment {other}, which uses this zone at the same hub"
        );
        let close = format!(
            "`privateaml peer {other} --remove` takes it away, and cuts {other} off the hub."
        );
        return book.open(&spot.place(&place), found, &width, &close);
    }
    let remedy = format!(
        "Delete it in {} if nobody needs it: machines inside follow it instead of the public name.",
        spot.name
    );
    book.differs(&spot.place(&place), Difference::added(found, remedy).with(set));
}

/// `Microsoft.Network/privateDnsZones/A` as `A`.
fn kind_of(set: &Value) -> &str {
    name_of(text(set, "/type"))
}

/// The zone that a public name falls into, and its label there: the longest that fits.
fn zone_of<'a>(zones: &[&'a PlannedResource], name: &str) -> Option<(&'a PlannedResource, String)> {
    let fitting = zones.iter().filter_map(|zone| {
        let public = public_name(name_of(&zone.id));
        let label = if name == public {
            "@".to_owned()
        } else {
            name.strip_suffix(&format!(".{public}"))?.to_owned()
        };
        Some((public.len(), *zone, label))
    });
    let (_, zone, label) = fitting.max_by_key(|(length, ..)| *length)?;
    Some((zone, label))
}

/// The public names that a private zone stands for
/// (<https://learn.microsoft.com/azure/private-link/private-endpoint-dns>).
fn public_name(zone: &str) -> String {
    let public = zone.strip_prefix("privatelink.").unwrap_or(zone);
    public.replace("vaultcore.", "vault.")
}

/// Compares the links of the zones: to our network, to the hub, and to no other.
pub(super) fn links(book: &mut Book<'_>) {
    if let Some(elsewhere) = registration::elsewhere(book.case.plan, book.case.inventory) {
        return linked(book, &elsewhere);
    }
    for zone in book.case.planned(resource::PRIVATE_ZONE) {
        if book.case.body(&zone.id).is_err() {
            continue;
        }
        let spot = Spot::planned(zone).place("virtualNetworkLinks");
        let Some(links) = book.list(&spot, &format!("{}/virtualNetworkLinks", zone.id)) else {
            continue;
        };
        book.as_planned(&spot);
        for link in links {
            // Planned links are compared themselves.
            if book.case.plan.resource_by_id(text(link, "/id")).is_none() {
                of_link(book, spot, link);
            }
        }
    }
}

fn of_link(book: &mut Book<'_>, spot: Spot<'_>, link: &Value) {
    let network = text(link, "/properties/virtualNetwork/id");
    let leads_to = format!("a link to {}", called(network));
    let place = format!("virtualNetworkLinks[{}]", text(link, "/name"));
    let spot = spot.place(&place);
    let registers = is_on(link, "/properties/registrationEnabled");
    if book.case.is_hub(network) && !registers {
        return book.as_planned(&spot);
    }
    let (found, remedy) = if registers {
        let found = format!("{leads_to} at which every machine registers");
        (found, "Switch auto-registration off at the link.".to_owned())
    } else {
        let meant = "unless that network is meant to reach this environment";
        let remedy = format!("Delete the link to {}, {meant}.", called(network));
        (leads_to, remedy)
    };
    book.differs(&spot, Difference::added(found, remedy).with(link));
}

/// Zones of others that are linked to our network: each answers names for the machines inside.
pub(super) fn strangers(book: &mut Book<'_>) {
    let network = book.case.network_id();
    if network.is_empty() || registration::is_elsewhere(book.case.plan) {
        return;
    }
    let spot =
        Spot::of(network, resource::PRIVATE_ZONE).place("zones of the subscription").point(14);
    let Some(zones) = book.list(&spot, SUBSCRIPTION_ZONES) else { return };
    book.as_planned(&spot);
    for zone in zones {
        let id = zone.as_str().unwrap_or_default();
        // A zone of the group is told as such.
        if book.case.is_listed(id) {
            continue;
        }
        let spot = Spot::of(id, resource::PRIVATE_ZONE).point(14).place("virtualNetworkLinks");
        let links = book.list(&spot, &format!("{id}/virtualNetworkLinks")).unwrap_or_default();
        let ours = |link: &&Value| {
            text(link, "/properties/virtualNetwork/id").eq_ignore_ascii_case(network)
        };
        for link in links.iter().filter(ours) {
            let remedy = format!(
                "Ask whose zone {} is and what for; delete its link to {} if nobody needs it: it answers names inside.",
                spot.name,
                called(network)
            );
            let difference = Difference::added("a link to this environment's network", remedy);
            book.differs(
                &Spot { resource_type: resource::ZONE_LINK, ..spot },
                difference.with(link),
            );
        }
    }
}

/// The names of an environment whose zones exist elsewhere. What was not seen is not known.
fn registered(book: &mut Book<'_>, elsewhere: &Elsewhere) {
    let network = book.case.network_id();
    for name in &elsewhere.names {
        let spot = Spot { name: &name.name, ..Spot::of(network, resource::PRIVATE_ZONE) }
            .place("A")
            .point(13);
        match &name.sight {
            RegistrationState::Registered => book.as_planned(&spot),
            RegistrationState::Missing | RegistrationState::Otherwise(_) => {
                let found = name.sight.words();
                book.differs(&spot, Difference::changed(&*name.address, found, REGISTER));
            }
            RegistrationState::Unlinked | RegistrationState::Unseen => {
                let zone = name.zone.as_deref().unwrap_or("its zone");
                let found = format!("{zone} exists elsewhere: {}", name.sight.words());
                book.not_known(&spot, found, REGISTER);
            }
        }
    }
    for endpoint in &elsewhere.unread {
        let spot = Spot { name: endpoint, ..Spot::of(network, resource::PRIVATE_ENDPOINT) }
            .place("fqdns")
            .point(13);
        book.unread(&spot, "its network card could not be read");
    }
}

/// The links of zones that exist elsewhere.
fn linked(book: &mut Book<'_>, elsewhere: &Elsewhere) {
    let network = book.case.network_id();
    let mut zones: Vec<&String> =
        elsewhere.names.iter().filter_map(|each| each.zone.as_ref()).collect();
    zones.sort();
    zones.dedup();
    for zone in &zones {
        let spot = Spot { name: zone, ..Spot::of(network, resource::PRIVATE_ZONE) }
            .place("virtualNetworkLinks")
            .point(14);
        let ours = registration::seen_zones(book.case.inventory, zone)
            .any(|id| registration::is_linked(book.case.inventory, id, network));
        if ours {
            book.as_planned(&spot);
        } else {
            let found = "it exists elsewhere: no link to our network was seen from here".to_owned();
            book.not_known(&spot, found, REGISTER);
        }
    }
    if zones.is_empty() {
        book.unread(
            &Spot::of(network, resource::PRIVATE_ZONE).point(14),
            "no name of an endpoint could be read",
        );
    }
}
