//! How well a network fits an environment as its hub: what speaks against it, worst first, each with its remedy.
//!
//! Azure's rules of peerings and gateways:
//! <https://learn.microsoft.com/azure/virtual-network/virtual-network-peering-overview> and
//! <https://learn.microsoft.com/azure/vpn-gateway/vpn-gateway-peering-gateway-transit>. Everything is judged from facts
//! that were read before. What was not read is told, never taken for good.

mod gateway;
mod ranges;
#[cfg(test)]
mod tests;

use ipnetwork::Ipv4Network;

use super::{Candidate, Fit, Hub, IdParts, Known, Mistake, Reason};
use crate::domain::network::KnownNetwork;

/// The facts about an environment that a hub is judged for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoke {
    /// The environment's full name, for the commands in remedies.
    pub environment: String,
    /// Id of its network.
    pub network_id: String,
    /// Its address space.
    pub address_space: Ipv4Network,
    /// Its region.
    pub region: String,
    /// The networks that it is connected to already.
    pub peerings: Vec<SpokePeering>,
    /// Whether its Bastion is of the tier Developer.
    pub bastion_developer: bool,
    /// The gateways that stand in its network, by name.
    pub gateways: Known<Vec<String>>,
    /// Networks and environments that can be read: a range that is offered meets none of them.
    pub known: Vec<KnownNetwork>,
}

/// A connection that an environment's network has already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpokePeering {
    /// Id of the other network.
    pub remote_id: String,
    /// `peeringState` of our half, as Azure writes it.
    pub state: String,
    /// Whether our half uses the other network's gateway.
    pub remote_gateways: bool,
}

impl Spoke {
    /// Whether something stands in the environment's own group.
    fn owns(&self, id: &str) -> bool {
        let own = IdParts::of(&self.network_id).group_id().to_lowercase();
        id.to_lowercase().starts_with(&format!("{own}/"))
    }

    /// The name of its network.
    fn network(&self) -> &str {
        last(&self.network_id)
    }

    /// A whole command about it.
    fn command(&self, verb: &str, rest: &str) -> String {
        format!("privateaml {verb} {} {rest}", self.environment)
    }
}

/// The last part of an id.
fn last(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

/// The subscription in an id, in lower case.
fn subscription(id: &str) -> String {
    id.split('/').nth(2).unwrap_or_default().to_lowercase()
}

fn reason(
    fit: Fit,
    mistake: Mistake,
    what: impl Into<String>,
    remedy: impl Into<String>,
) -> Reason {
    Reason { fit, mistake, what: what.into(), remedy: remedy.into() }
}

fn good(mistake: Mistake, what: impl Into<String>) -> Reason {
    reason(Fit::Good, mistake, what, "")
}

fn warns(mistake: Mistake, what: impl Into<String>, remedy: impl Into<String>) -> Reason {
    reason(Fit::Warns, mistake, what, remedy)
}

fn refused(mistake: Mistake, what: impl Into<String>, remedy: impl Into<String>) -> Reason {
    reason(Fit::Refused, mistake, what, remedy)
}

/// Judges a hub for an environment.
pub fn judge(hub: Hub, spoke: &Spoke) -> Candidate {
    let mut reasons = Vec::new();
    reasons.extend(standing(&hub, spoke));
    reasons.extend(ranges::judge(&hub, spoke));
    reasons.extend(gateway::judge(&hub, spoke));
    reasons.extend(bastion(spoke));
    reasons.extend(region(&hub, spoke));
    reasons.extend(rights(&hub, spoke));
    reasons.extend(names(&hub, spoke));
    reasons.extend(firewall(&hub));
    // Worst first; within one weight in the order of the steps.
    reasons.sort_by(|one, other| other.fit.cmp(&one.fit).then(one.mistake.cmp(&other.mistake)));
    let fit = reasons.iter().map(|reason| reason.fit).max().unwrap_or(Fit::Good);
    Candidate { hub, fit, reasons }
}

/// Orders candidates best first: by fit, then those with a gateway, then the environment's own region, then by how much
/// speaks against them, then those of the environment's own subscription, then by name.
pub fn rank(candidates: &mut [Candidate], spoke: &Spoke) {
    let key = |candidate: &Candidate| {
        let hub = &candidate.hub;
        let against = candidate.reasons.iter().filter(|each| each.fit > Fit::Good);
        (
            candidate.fit,
            hub.gateways.read().is_none_or(Vec::is_empty),
            !same_region(&hub.region, &spoke.region),
            against.count(),
            subscription(&hub.id) != subscription(&spoke.network_id),
            hub.name.clone(),
            hub.id.clone(),
        )
    };
    candidates.sort_by_cached_key(key);
}

/// What stands between the two already.
fn standing(hub: &Hub, spoke: &Spoke) -> Option<Reason> {
    let ours =
        spoke.peerings.iter().find(|peering| peering.remote_id.eq_ignore_ascii_case(&hub.id))?;
    Some(good(
        Mistake::OneSide,
        format!(
            "{} has one side of a peering with it already, which is {}.",
            spoke.network(),
            ours.state
        ),
    ))
}

/// Bastion Developer reaches no machine in a network with peerings
/// (<https://learn.microsoft.com/azure/bastion/quickstart-developer>).
fn bastion(spoke: &Spoke) -> Option<Reason> {
    spoke.bastion_developer.then(|| {
        refused(
            Mistake::Client,
            "The environment's Bastion is of the tier Developer, which does not work in a network with peerings: the \
             jumpbox could not be reached any more.",
            format!(
                "Upgrade it first: {}. It costs by the hour from then on.",
                spoke.command("mend", "--bastion basic")
            ),
        )
    })
}

fn same_region(one: &str, other: &str) -> bool {
    let plain = |region: &str| region.to_lowercase().replace(' ', "");
    plain(one) == plain(other)
}

fn region(hub: &Hub, spoke: &Spoke) -> Option<Reason> {
    (!same_region(&hub.region, &spoke.region)).then(|| {
        warns(
            Mistake::Routes,
            format!(
                "It is in {}, the environment in {}: peering works between regions, and so does the gateway.",
                hub.region, spoke.region
            ),
            "Azure bills what passes between the regions in both directions. A hub in the same region costs less.",
        )
    })
}

fn rights(hub: &Hub, spoke: &Spoke) -> Option<Reason> {
    let rights = match &hub.rights {
        _ if hub.rights.is_later() => return None,
        Known::Read(rights) => rights,
        Known::Unread(why) => {
            let what = format!("What this account may do on it could not be read: {why}");
            let remedy =
                "Go on: Azure says when a right is missing, and the hub's owner can do it then.";
            return Some(warns(Mistake::Rights, what, remedy));
        }
    };
    let all = [
        (rights.write, "create its side of the peering"),
        (rights.peer, "let the environment's side lead there"),
        (rights.join, "link zones to it"),
    ];
    let lacking: Vec<&str> = all.iter().filter(|(may, _)| !may).map(|(_, what)| *what).collect();
    let lacking = lacking.join(", ");
    (!lacking.is_empty()).then(|| {
        warns(
            Mistake::Rights,
            format!("This account may not {lacking}: the hub's owner must act."),
            format!(
                "Write down what the owner must do: {}",
                spoke.command("peer", &format!("--hub {} --hand-over DIR", hub.id))
            ),
        )
    })
}

/// On-premises cannot ask Azure's own DNS: something in the hub must answer for it
/// (<https://learn.microsoft.com/azure/dns/dns-private-resolver-overview>).
fn names(hub: &Hub, spoke: &Spoke) -> Vec<Reason> {
    let mut reasons = Vec::new();
    match &hub.resolvers {
        _ if hub.resolvers.is_later() => {}
        Known::Read(addresses) if !addresses.is_empty() => reasons.push(good(
            Mistake::Names,
            format!("Names are answered in it, at {}.", addresses.join(" and ")),
        )),
        Known::Read(_) if !hub.dns_servers.is_empty() => reasons.push(good(
            Mistake::Names,
            format!(
                "It has DNS servers of its own, {}: they must forward the private names.",
                hub.dns_servers.join(" and ")
            ),
        )),
        Known::Read(_) => reasons.push(warns(
            Mistake::Names,
            "Nothing in it answers private names to on-premises: there is no DNS Private Resolver and no DNS server.",
            "Have a DNS Private Resolver with an inbound endpoint created in it, or use a hosts file for a \
             single machine.",
        )),
        Known::Unread(why) => reasons.push(warns(
            Mistake::Names,
            format!("Whether private names are answered in it could not be read: {why}"),
            "Ask its owner for the address of the DNS Private Resolver or DNS server in it.",
        )),
    }
    reasons.extend(zones(hub, spoke));
    reasons
}

/// A network has one zone of a name: a second one cannot be linked
/// (<https://learn.microsoft.com/azure/dns/private-dns-virtual-network-links>).
fn zones(hub: &Hub, spoke: &Spoke) -> Option<Reason> {
    match &hub.zones {
        _ if hub.zones.is_later() => None,
        Known::Read(zones) => {
            let foreign = zones.iter().filter(|zone| !spoke.owns(&zone.id));
            let names = foreign.map(|zone| zone.name.as_str());
            let private: Vec<&str> =
                names.filter(|name| name.to_lowercase().starts_with("privatelink.")).collect();
            (!private.is_empty()).then(|| {
                warns(
                    Mistake::ZoneConflict,
                    format!(
                        "Zones for private links are linked to it already, and it can have only one of each name: {}.",
                        private.join(", ")
                    ),
                    "Nothing to do now: for these the environment's records are written into the zones that are there.",
                )
            })
        }
        Known::Unread(why) => Some(warns(
            Mistake::ZoneConflict,
            format!("Which private DNS zones are linked to it could not be read: {why}"),
            "Ask its owner whether zones named privatelink.* are linked to it.",
        )),
    }
}

fn firewall(hub: &Hub) -> Option<Reason> {
    let address = hub.firewall.read()?.as_ref()?;
    Some(good(
        Mistake::Return,
        format!(
            "It has a firewall at {address}: decide whether what comes from on-premises shall pass it both ways."
        ),
    ))
}
