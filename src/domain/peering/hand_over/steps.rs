//! The commands of a hand-over, step by step: what the asker runs before, what the owner runs, and how it is undone.
//!
//! Nothing is asked for that is there already: rights that the account has, zones that cannot be linked.

use super::{ASKER, Asking, OWNER, half_name};
use crate::domain::peering::{
    AzCommand, Fallback, HubConnection, IdParts, PeeringState, RecordSet, Rights, zones,
};

/// The right to lead a peering to a network
/// (<https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering#permissions>).
pub(super) const PEER: &str = "Microsoft.Network/virtualNetworks/peer/action";
/// The right to link a zone to a network
/// (<https://learn.microsoft.com/azure/dns/private-dns-virtual-network-links>).
pub(super) const JOIN: &str = "Microsoft.Network/virtualNetworks/join/action";
/// The role that holds both, and the right to make a peering.
pub(super) const CONTRIBUTOR: &str = "Network Contributor";
/// The role that may link zones.
pub(super) const ZONES: &str = "Private DNS Zone Contributor";

/// The commands of one connection.
pub(super) struct Steps<'a> {
    connection: &'a HubConnection,
    pub asking: &'a Asking,
    pub hub: IdParts<'a>,
    pub ours: IdParts<'a>,
}

impl<'a> Steps<'a> {
    pub(super) fn new(connection: &'a HubConnection, asking: &'a Asking) -> Self {
        Self {
            connection,
            asking,
            hub: IdParts::of(&connection.hub.id),
            ours: IdParts::of(&connection.network_id),
        }
    }

    /// What the account may do on the hub already.
    fn rights(&self) -> Rights {
        let none = Rights { write: false, peer: false, join: false };
        self.connection.hub.rights.read().copied().unwrap_or(none)
    }

    /// The owner may lead a peering to our network: by a role that exists.
    pub(super) fn grant_owner(&self) -> AzCommand {
        assign(OWNER, CONTRIBUTOR, &self.connection.network_id, self.ours.subscription)
    }

    /// The same by a role of its own that allows nothing else: its definition, then its assignment.
    pub(super) fn grant_owner_least(&self) -> [AzCommand; 2] {
        let name = format!("Peer with {}", self.ours.name);
        self.role(&name, &[PEER], self.ours, OWNER, &self.connection.network_id)
    }

    /// Whether the account still needs rights on the hub.
    pub(super) fn asks_for_rights(&self) -> bool {
        let rights = self.rights();
        !rights.peer || (!rights.join && !self.linked().is_empty())
    }

    /// The account may lead its half to the hub, and link its zones.
    pub(super) fn grant_asker(&self) -> [AzCommand; 2] {
        let name = format!("Connect {} to {}", self.asking.full_name, self.hub.name);
        let actions = [
            "Microsoft.Network/virtualNetworks/read",
            "Microsoft.Network/virtualNetworks/virtualNetworkPeerings/read",
            PEER,
            JOIN,
        ];
        self.role(&name, &actions, self.hub, self.asker(), &self.connection.hub.id)
    }

    /// The same by a role that exists.
    pub(super) fn grant_asker_wide(&self) -> AzCommand {
        assign(self.asker(), CONTRIBUTOR, &self.connection.hub.id, self.hub.subscription)
    }

    pub(super) fn asker(&self) -> &str {
        self.asking.account.as_deref().unwrap_or(ASKER)
    }

    fn role(
        &self,
        name: &str,
        actions: &[&str],
        place: IdParts<'_>,
        assignee: &str,
        scope: &str,
    ) -> [AzCommand; 2] {
        let definition = serde_json::json!({
            "Name": name,
            "IsCustom": true,
            "Description": format!("For the private Azure Machine Learning environment {}.", self.asking.full_name),
            "Actions": actions,
            "AssignableScopes": [place.group_id()],
        });
        [
            AzCommand::az("role definition create")
                .with("--role-definition", &definition.to_string())
                .with("--subscription", place.subscription),
            assign(assignee, name, scope, place.subscription),
        ]
    }

    /// The hub's half. One whose other side was deleted must go first.
    pub(super) fn hub_half(&self) -> Vec<AzCommand> {
        let mut commands = Vec::new();
        if self.is_orphan() {
            commands.push(self.half("delete"));
        }
        commands.push(
            self.half("create")
                .with("--remote-vnet", &self.connection.network_id)
                .flag("--allow-vnet-access")
                .flag("--allow-forwarded-traffic")
                .flag("--allow-gateway-transit"),
        );
        commands
    }

    pub(super) fn is_orphan(&self) -> bool {
        let far = self.connection.far.half();
        far.is_some_and(|half| half.state == Some(PeeringState::Disconnected))
    }

    fn half(&self, verb: &str) -> AzCommand {
        AzCommand::of_half(verb, self.hub, &half_name(self.connection))
    }

    /// The same by the template.
    pub(super) fn deploy(&self) -> AzCommand {
        AzCommand::az("deployment group create")
            .within(self.hub)
            .with("--name", &format!("peering-{}", self.asking.full_name))
            .with("--template-file", super::TEMPLATE_FILE)
    }

    /// How the owner sees how far it is.
    pub(super) fn show(&self) -> AzCommand {
        self.half("show").with("--query", "{state: peeringState, sync: peeringSyncLevel}")
    }

    /// How the halves learn each other's ranges again.
    pub(super) fn sync(&self) -> AzCommand {
        self.half("sync")
    }

    /// The environment's half, made by the owner.
    pub(super) fn our_half(&self) -> AzCommand {
        AzCommand::of_half("create", self.ours, &near_name(self.connection))
            .with("--remote-vnet", &self.connection.hub.id)
            .flag("--allow-vnet-access")
            .flag("--allow-forwarded-traffic")
            .flag("--use-remote-gateways")
    }

    /// Zones that can be linked to the hub: those of which it has none of the same name.
    pub(super) fn linked(&self) -> Vec<IdParts<'_>> {
        let zones = self.asking.zones.iter().map(|id| IdParts::of(id));
        zones.filter(|zone| self.clash(zone.name).is_none()).collect()
    }

    /// Id of the hub's own zone of the same name, when it is another one than ours.
    pub(super) fn clash(&self, zone: &str) -> Option<&str> {
        let zones = self.connection.hub.zones.read()?;
        let other = zones.iter().find(|each| each.name.eq_ignore_ascii_case(zone))?;
        let is_ours = |id: &String| id.eq_ignore_ascii_case(&other.id);
        (!self.asking.zones.iter().any(is_ours)).then_some(other.id.as_str())
    }

    /// Whether it was read which zones the hub has.
    pub(super) fn zones_are_known(&self) -> bool {
        self.connection.hub.zones.read().is_some()
    }

    /// The owner may link our zones.
    pub(super) fn grant_zones(&self) -> Option<AzCommand> {
        let zone = self.asking.zones.first()?;
        let place = IdParts::of(zone);
        Some(assign(OWNER, ZONES, &place.group_id(), place.subscription))
    }

    /// Links of our zones to the hub.
    pub(super) fn links(&self) -> Vec<AzCommand> {
        let hub = &self.connection.hub.id;
        let zones =
            self.asking.zones.iter().filter(|id| self.clash(IdParts::of(id).name).is_none());
        let link = |id| zones::link_command(id, hub, self.hub.name, Fallback::Internet);
        zones.map(|id| link(id)).collect()
    }

    /// Our names in the hub's zones of the same name, marked so that they are known as the environment's.
    pub(super) fn records(&self) -> Vec<AzCommand> {
        let commands = self.asking.records.iter().filter_map(|record| {
            let (name, addresses) = (record.name.clone(), record.addresses.clone());
            let set = RecordSet { name, addresses, environment: None };
            let zone = self.clash(&record.zone)?;
            Some(zones::record_commands(zone, &set, &self.asking.full_name))
        });
        commands.flatten().collect()
    }

    /// Which zones the hub's network is linked to, over the hub's subscription.
    pub(super) fn look_for_zones(&self) -> AzCommand {
        AzCommand::az("network private-dns zone list")
            .with("--subscription", self.hub.subscription)
            .with("--query", "[].{zone: name, group: resourceGroup}")
            .with("--output", "table")
    }

    /// Takes everything away that the owner has made.
    pub(super) fn undo(&self) -> Vec<AzCommand> {
        let records = self.asking.records.iter().filter_map(|record| {
            Some(zones::removal_command(self.clash(&record.zone)?, &record.name))
        });
        std::iter::once(self.half("delete")).chain(records).collect()
    }

    /// Takes away the rights that the account was given on the hub.
    pub(super) fn undo_rights(&self) -> AzCommand {
        AzCommand::az("role assignment delete")
            .with("--assignee", self.asker())
            .with("--scope", &self.connection.hub.id)
            .with("--subscription", self.hub.subscription)
    }
}

fn assign(assignee: &str, role: &str, scope: &str, subscription: &str) -> AzCommand {
    AzCommand::az("role assignment create")
        .with("--assignee", assignee)
        .with("--role", role)
        .with("--scope", scope)
        .with("--subscription", subscription)
}

/// The name of the environment's half: the one that it has, else `to-<hub>`.
fn near_name(connection: &HubConnection) -> String {
    let near = connection.near.as_ref();
    near.map_or_else(|| format!("to-{}", connection.hub.name), |half| half.name.clone())
}
