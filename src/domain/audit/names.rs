//! Points 12 to 14: private endpoints, the names that lead to them, and who may resolve those names.

use std::net::Ipv4Addr;

use serde_json::Value;

use super::{
    case::{CARD, Case, ENDPOINT, ZONE, items, text},
    sheet::{Rule, Sheet},
};
use crate::domain::{
    inventory::{called, name_of},
    private_name,
    registration::{self, Sight},
};

/// What every environment needs an endpoint for; others may be there besides.
const NEEDED: [(&str, &str); 6] = [
    ("amlworkspace", "the workspace"),
    ("blob", "blobs"),
    ("file", "file shares"),
    ("vault", "the vault"),
    ("registry", "the registry"),
    ("azuremonitor", "logs"),
];

pub(super) fn endpoints(case: &Case<'_>, sheet: &mut Sheet) {
    let mut covered: Vec<&str> = Vec::new();
    for planned in case.planned(ENDPOINT) {
        let part = case.part(&planned.id);
        let again = "Run `privateaml mend`: it makes the endpoint again.";
        sheet.field(
            &part,
            "/properties/provisioningState",
            Rule::Is("Succeeded"),
            again,
        );
        let Ok(body) = part.body else { continue };
        let subnet = text(body, "/properties/subnet/id");
        let field = "/properties/subnet/id";
        sheet.judge(
            part.name,
            field,
            "our subnet",
            name_of(subnet),
            case.is_our_subnet(subnet),
            again,
        );
        for list in [
            "privateLinkServiceConnections",
            "manualPrivateLinkServiceConnections",
        ] {
            for connection in items(body, &format!("/properties/{list}")) {
                let state = text(
                    connection,
                    "/properties/privateLinkServiceConnectionState/status",
                );
                let remedy = "Approve it on the service's Networking page.";
                let field = format!("/properties/{list}/privateLinkServiceConnectionState/status");
                sheet.judge(
                    part.name,
                    &field,
                    "Approved",
                    state,
                    state == "Approved",
                    remedy,
                );
                if state == "Approved" {
                    let groups = items(connection, "/properties/groupIds").iter();
                    covered.extend(groups.filter_map(Value::as_str));
                }
            }
        }
    }
    let unread = case
        .planned(ENDPOINT)
        .any(|each| case.inventory.why_unknown(&each.id).is_some());
    for (group, what) in NEEDED {
        let found = covered.contains(&group);
        if !found && unread {
            let why = "an endpoint could not be read";
            sheet.unknown("private endpoints", group, "an approved endpoint", why);
            continue;
        }
        let words = if found {
            "approved"
        } else {
            "none that is approved"
        };
        let remedy =
            format!("Run `privateaml mend`: without it, {what} cannot be reached from inside.");
        sheet.judge(
            "private endpoints",
            group,
            "an approved endpoint",
            words,
            found,
            &remedy,
        );
    }
}

/// What an owner of zones elsewhere does about a name.
const REGISTER: &str =
    "Have the owner of the zones register it: `privateaml status` lists names and commands.";

/// The names of an environment whose zones exist elsewhere. What was not seen is unknown; false where it has its own.
fn registered(case: &Case<'_>, sheet: &mut Sheet) -> bool {
    let Some(elsewhere) = registration::elsewhere(case.plan, case.inventory) else {
        return false;
    };
    for name in &elsewhere.names {
        let expected = format!("an A record with {}", name.address);
        match &name.sight {
            Sight::Registered => {
                sheet.judge(&name.name, "A", &expected, &name.address, true, REGISTER);
            }
            Sight::Missing | Sight::Otherwise(_) => {
                let words = name.sight.words();
                sheet.judge(&name.name, "A", &expected, &words, false, REGISTER);
            }
            Sight::Unlinked | Sight::Unseen => {
                let zone = name.zone.as_deref().unwrap_or("its zone");
                let found = format!("{zone} exists elsewhere: {}", name.sight.words());
                sheet.unproven(&name.name, "A", &expected, &found, REGISTER);
            }
        }
    }
    for endpoint in &elsewhere.unread {
        let why = "its network interface could not be read";
        sheet.unknown(endpoint, "fqdns", "a record for each name", why);
    }
    true
}

/// The links of zones that exist elsewhere; false where the environment has its own.
fn linked(case: &Case<'_>, sheet: &mut Sheet) -> bool {
    let Some(elsewhere) = registration::elsewhere(case.plan, case.inventory) else {
        return false;
    };
    let mut zones: Vec<&String> = elsewhere
        .names
        .iter()
        .filter_map(|each| each.zone.as_ref())
        .collect();
    zones.sort();
    zones.dedup();
    let (expected, network) = ("our network, Completed", case.network_id());
    for zone in zones {
        let ours = registration::seen_zones(case.inventory, zone)
            .any(|id| registration::is_linked(case.inventory, id, network));
        if ours {
            sheet.judge(
                zone,
                "virtualNetworkLinks",
                expected,
                "Completed",
                true,
                REGISTER,
            );
        } else {
            let found = "it exists elsewhere: no link to our network was seen from here";
            sheet.unproven(zone, "virtualNetworkLinks", expected, found, REGISTER);
        }
    }
    if sheet.findings.is_empty() {
        sheet.unknown(
            "private DNS zones",
            "",
            expected,
            "no name of an endpoint could be read",
        );
    }
    true
}

pub(super) fn records(case: &Case<'_>, sheet: &mut Sheet) {
    if registered(case, sheet) {
        return;
    }
    let zones: Vec<&str> = case.planned(ZONE).map(|each| each.id.as_str()).collect();
    let cards = case.inventory.of_type(CARD);
    let mut seen = 0;
    for card in cards {
        let part = case.part(&card.id);
        let Ok(body) = part.body else {
            sheet.body(
                &part,
                "/properties/ipConfigurations",
                "its names and addresses",
            );
            continue;
        };
        for name in private_name::of_card(body) {
            seen += 1;
            record(case, sheet, &zones, &name.host, &name.address);
        }
    }
    if seen == 0 {
        let why = "no network card of a private endpoint could be read";
        sheet.unknown("private endpoints", "fqdns", "a record for each name", why);
    }
}

fn record(case: &Case<'_>, sheet: &mut Sheet, zones: &[&str], name: &str, address: &str) {
    if address.is_empty() {
        let why = "its network card has no address yet";
        sheet.unknown(name, "A", "an A record with its address", why);
        return;
    }
    let expected = format!("an A record with {address}");
    let Some((zone, label)) = zone_of(zones, name) else {
        let remedy = "Run `privateaml mend`: the zone for this name is missing.";
        sheet.judge(name, "A", &expected, "no zone for this name", false, remedy);
        return;
    };
    let path = format!("{zone}/A");
    let Some(records) = case.inventory.items(&path) else {
        let why = case
            .inventory
            .why_unknown(&path)
            .unwrap_or("the zone is gone");
        sheet.unknown(name, "A", &expected, why);
        return;
    };
    let found: Vec<&str> = records
        .iter()
        .filter(|each| text(each, "/name").eq_ignore_ascii_case(&label))
        .flat_map(|each| items(each, "/properties/aRecords"))
        .map(|each| text(each, "/ipv4Address"))
        .collect();
    let words = if found.is_empty() {
        "no record".to_owned()
    } else {
        found.join(", ")
    };
    let remedy = format!(
        "Set the record {label} in {} to {address}, or run `privateaml mend`.",
        name_of(zone)
    );
    sheet.judge(name, "A", &expected, &words, found == [address], &remedy);
}

/// The zone that a public name falls into, and its label there: the longest that fits.
fn zone_of<'a>(zones: &[&'a str], name: &str) -> Option<(&'a str, String)> {
    let fitting = zones.iter().filter_map(|zone| {
        let public = public_name(name_of(zone));
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

pub(super) fn links(case: &Case<'_>, sheet: &mut Sheet) {
    if linked(case, sheet) {
        return;
    }
    for planned in case.planned(ZONE) {
        let part = case.part(&planned.id);
        let path = format!("{}/virtualNetworkLinks", planned.id);
        let expected = "our network, Completed";
        let Some(links) = case.inventory.items(&path) else {
            if sheet.body(&part, "virtualNetworkLinks", expected).is_some() {
                let why = case
                    .inventory
                    .why_unknown(&path)
                    .unwrap_or("the list is gone");
                sheet.unknown(part.name, "virtualNetworkLinks", expected, why);
            }
            continue;
        };
        let ours = links.iter().find(|each| {
            text(each, "/properties/virtualNetwork/id").eq_ignore_ascii_case(case.network_id())
        });
        let state = ours.map_or("not linked", |link| {
            text(link, "/properties/virtualNetworkLinkState")
        });
        let remedy =
            "Run `privateaml mend`: without the link, names inside lead to public addresses.";
        sheet.judge(
            part.name,
            "virtualNetworkLinks",
            expected,
            state,
            state == "Completed",
            remedy,
        );
        for link in links {
            let network = text(link, "/properties/virtualNetwork/id");
            if !case.is_known_network(network) {
                let found = format!("linked to {}", called(network));
                let remedy = format!(
                    "Delete the link to {}, unless that network is meant to reach this environment.",
                    called(network)
                );
                sheet.judge(
                    part.name,
                    "virtualNetworkLinks",
                    "no other network",
                    &found,
                    false,
                    &remedy,
                );
            }
        }
    }
    if sheet.findings.is_empty() {
        sheet.unknown(
            "private DNS zones",
            "",
            "zones of the environment",
            "the template has none",
        );
    }
}

/// Whether an address is one that only private networks use.
pub(super) fn is_private(address: &str) -> bool {
    address
        .parse::<Ipv4Addr>()
        .is_ok_and(|address| address.is_private())
}
