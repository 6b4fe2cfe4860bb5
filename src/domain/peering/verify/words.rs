//! Lists and parts of sentences that several verdicts share.

use std::net::Ipv4Addr;

use super::{Expectations, Private};
use crate::domain::peering::forward;

/// How a cause begins that was read in Azure.
pub(super) const AZURE_SHOWS: &str = "Azure shows";
/// Most items told in a sentence.
const MOST: usize = 3;

/// `a, b and 2 more`.
pub(super) fn listed<T: ToString>(items: impl IntoIterator<Item = T>) -> String {
    let mut all: Vec<String> = Vec::new();
    for item in items {
        let text = item.to_string();
        if !all.contains(&text) {
            all.push(text);
        }
    }
    let shown = all.iter().take(MOST).cloned().collect::<Vec<_>>();
    match all.len().saturating_sub(MOST) {
        0 => shown.join(", "),
        rest => format!("{} and {rest} more", shown.join(", ")),
    }
}

pub(super) fn hosts<'a>(items: &'a [&'a Private<'a>]) -> impl Iterator<Item = &'a str> {
    items.iter().map(|each| each.name.host.as_str())
}

pub(super) fn owned(items: &[&Private<'_>]) -> Vec<String> {
    hosts(items).map(str::to_owned).collect()
}

pub(super) fn addresses<'a>(items: &'a [&'a Private<'a>]) -> impl Iterator<Item = Ipv4Addr> {
    items.iter().map(|each| each.name.address)
}

fn sorted(found: impl Iterator<Item = String>) -> String {
    let mut found: Vec<String> = found.collect();
    found.sort_unstable();
    found.dedup();
    found.join(", ")
}

/// Domains that DNS on-premises must forward for these names.
pub(super) fn domains(expected: &Expectations, items: &[&Private<'_>]) -> String {
    sorted(items.iter().filter_map(|each| each.domain(expected)))
}

/// Private zones in which these names live.
pub(super) fn zones(expected: &Expectations, items: &[&Private<'_>]) -> String {
    sorted(hosts(items).filter_map(|host| forward::zone_of(expected.cloud, host)))
}

/// Where names are to be forwarded to, as far as it is known.
pub(super) fn server(expected: &Expectations) -> String {
    match expected.resolvers.first() {
        Some(address) => address.to_string(),
        None => {
            "a DNS server in the hub, such as a DNS Private Resolver's inbound endpoint".to_owned()
        }
    }
}

/// The hub's server in a command.
pub(super) fn server_word(expected: &Expectations) -> String {
    let known = expected.resolvers.first().map(ToString::to_string);
    known.unwrap_or_else(|| "HUB-DNS-ADDRESS".to_owned())
}

/// The command that looks again.
pub(super) fn retry_command(expected: &Expectations) -> String {
    format!("privateaml verify {}", expected.full_name)
}
