//! The elements of a plan's map, and where each has its place.

use std::net::Ipv4Addr;

use ipnetwork::Ipv4Network;

use super::members::{TOGETHER, owners, subnet, target, together};
use super::{MapElement, MapHub, MapKind, MapSubnet, NetworkMap};
use crate::domain::health::{HealthPart, HealthState};
use crate::domain::json::text;
use crate::domain::plan::{Plan, PlannedResource};
use crate::domain::resource;
use crate::domain::ways::carries_out;
use crate::domain::words::count;

/// The keys of what is not part of a plan.
pub(super) const PEOPLE: &str = "people";
pub(super) const HUB: &str = "hub";
pub(super) const INTERNET: &str = "internet";

/// What a head is called.
const TITLES: [(&str, &str); 10] = [
    (resource::VIRTUAL_NETWORK, "network"),
    (resource::BASTION, "Bastion"),
    (resource::FIREWALL, "firewall"),
    (resource::MACHINE, "jumpbox"),
    (resource::COMPUTE, "compute"),
    (resource::WORKSPACE, "workspace"),
    (resource::STORAGE, "storage"),
    (resource::VAULT, "key vault"),
    (resource::REGISTRY, "registry"),
    (resource::LINK_SCOPE, "logs"),
];

impl NetworkMap {
    /// The map of a plan.
    pub fn of(plan: &Plan, hub: MapHub<'_>) -> Self {
        let heads = heads(plan);
        let owner = owners(plan, &heads);
        let mut map = Self { title: title(plan), way_out: way_out(plan), ..Self::default() };
        for (place, head) in heads.iter().enumerate() {
            let Some(head) = plan.resources.get(*head) else { continue };
            let rest = plan.resources.iter().zip(&owner);
            let rest =
                rest.filter(|(each, owned)| **owned == Some(place) && each.symbol != head.symbol);
            let members: Vec<&PlannedResource> =
                std::iter::once(head).chain(rest.map(|(each, _)| each)).collect();
            map.place(plan, &members);
        }
        map.gather(plan, &owner);
        map.add_groups(plan);
        map.add_outside(hub);
        map
    }

    fn add(&mut self, element: MapElement) -> usize {
        self.elements.push(element);
        self.elements.len() - 1
    }

    /// Puts a head with what belongs to it where it is in the network.
    fn place(&mut self, plan: &Plan, members: &[&PlannedResource]) {
        let Some(head) = members.first() else { return };
        let kind = head.resource_type.as_str();
        let is = |own: &str| kind.eq_ignore_ascii_case(own);
        let within = members.iter().find_map(|each| subnet(&each.body)).map(str::to_owned);
        if is_reachable(head) {
            self.public.push(called(kind).to_owned());
        }
        let number = self.add(MapElement {
            key: head.symbol.clone(),
            kind: if is(resource::COMPUTE) { MapKind::WhenNeeded } else { MapKind::Resource },
            title: called(kind).to_owned(),
            name: head.name.rsplit('/').next().unwrap_or_default().to_owned(),
            detail: detail(members),
            part: resource::part(kind).to_owned(),
            ..of_resources(members)
        });
        let range = |name: &str| plan.subnets.iter().find(|each| each.name == name);
        if is(resource::BASTION) && self.bastion.is_none() {
            let prefix = within.as_deref().and_then(range).map(|each| each.prefix.to_string());
            self.bastion = Some((number, prefix.unwrap_or_default()));
        } else if is(resource::FIREWALL) && self.firewall.is_none() {
            // A default route to anything else, or none, leads past the firewall.
            let subnet = within.as_deref().and_then(range).map(|each| each.prefix);
            let hop = self.way_out.as_deref().and_then(|hop| hop.parse::<Ipv4Addr>().ok());
            let leads_here = subnet.zip(hop).is_some_and(|(subnet, hop)| subnet.contains(hop));
            self.way_out = self.way_out.take().filter(|_| leads_here);
            self.firewall = Some((number, self.way_out.clone().unwrap_or_default()));
        } else if let Some(name) = within.filter(|_| !is(resource::VIRTUAL_NETWORK)) {
            let prefix = range(&name).map(|each| each.prefix.to_string()).unwrap_or_default();
            let is_machine = is(resource::MACHINE) || is(resource::COMPUTE);
            self.house(name, prefix, number, is_machine);
        } else {
            self.beside.push(number);
        }
    }

    /// Puts an element into a subnet.
    fn house(&mut self, name: String, prefix: String, number: usize, is_machine: bool) {
        let at = self.subnets.iter().position(|each| each.name == name).unwrap_or_else(|| {
            let (machines, services) = (Vec::new(), Vec::new());
            self.subnets.push(MapSubnet { name, prefix, machines, services });
            self.subnets.len() - 1
        });
        if let Some(subnet) = self.subnets.get_mut(at) {
            let list = if is_machine { &mut subnet.machines } else { &mut subnet.services };
            list.push(number);
        }
    }

    /// What serves many, and what belongs to nothing that has a place.
    fn gather(&mut self, plan: &Plan, owner: &[Option<usize>]) {
        let left = || {
            let pairs = plan.resources.iter().zip(owner);
            pairs.filter(|(_, owned)| owned.is_none()).map(|(each, _)| each)
        };
        for (kind, key, title, one) in TOGETHER {
            let all: Vec<&PlannedResource> =
                left().filter(|each| together(&each.resource_type) == Some(key)).collect();
            let named =
                all.iter().filter(|each| each.resource_type.eq_ignore_ascii_case(kind)).count();
            self.add_beside(key, title, &count(named, one), &all);
        }
        let others: Vec<&PlannedResource> =
            left().filter(|each| together(&each.resource_type).is_none()).collect();
        self.add_beside("others", "others", &count(others.len(), "resource"), &others);
    }

    fn add_beside(&mut self, key: &str, title: &str, name: &str, all: &[&PlannedResource]) {
        if all.is_empty() {
            return;
        }
        let number = self.add(MapElement {
            key: key.to_owned(),
            kind: MapKind::Resource,
            title: title.to_owned(),
            name: name.to_owned(),
            part: all.first().map_or("", |each| resource::part(&each.resource_type)).to_owned(),
            ..of_resources(all)
        });
        self.beside.push(number);
    }

    fn add_groups(&mut self, plan: &Plan) {
        // Without a firewall nothing enforces them.
        let groups = plan.firewall.iter().filter(|_| self.firewall.is_some());
        let on: Vec<_> =
            groups.filter(|group| group.enabled && !group.entries.is_empty()).collect();
        for group in on {
            let wide = carries_out(group);
            let title = if group.title.is_empty() { &group.group } else { &group.title };
            let number = self.add(MapElement {
                key: format!("group:{}", group.group),
                kind: if wide { MapKind::WideGroup } else { MapKind::Group },
                title: title.clone(),
                name: count(group.entries.len(), "rule"),
                detail: if group.locked { "needed".into() } else { "chosen".into() },
                part: resource::part(resource::FIREWALL).to_owned(),
                ..of_resources(&[])
            });
            self.groups.push(number);
        }
    }

    /// The same, with what was read of the services: one that was not read as closed may be reached.
    pub fn observed(mut self, parts: &[HealthPart]) -> Self {
        let is_closed = |element: &MapElement| {
            let mut parts = parts.iter().filter(|part| part.title == element.part);
            parts.any(|part| part.state == HealthState::Good)
        };
        let services = self.subnets.iter().flat_map(|subnet| &subnet.services).chain(&self.beside);
        let services = services.filter_map(|number| self.elements.get(*number));
        let closable = services
            .filter(|element| CLOSABLE.iter().any(|kind| resource::part(kind) == element.part));
        self.public =
            closable.filter(|each| !is_closed(each)).map(|each| each.title.clone()).collect();
        let [_, _, internet] = self.outside;
        let words = internet_words(&self.public, "may reach");
        if let Some(element) = self.elements.get_mut(internet) {
            element.name = words;
        }
        self
    }

    fn add_outside(&mut self, hub: MapHub<'_>) {
        let internet = internet_words(&self.public, "reaches");
        let hub_words = match hub {
            MapHub::Apart => "not deployed here".to_owned(),
            MapHub::Chosen(name) => format!("{name}, not linked"),
            MapHub::NotLinked => "no hub linked".to_owned(),
            MapHub::Linked(name) => name.to_owned(),
            MapHub::Unread => "not read".to_owned(),
        };
        self.linked = matches!(hub, MapHub::Linked(_));
        self.outside = [
            (PEOPLE, MapKind::People, "people", String::new()),
            (HUB, MapKind::Hub, "on-premises", hub_words),
            (INTERNET, MapKind::Internet, "public internet", internet),
        ]
        .map(|(key, kind, title, name)| {
            let part = if kind == MapKind::Hub { resource::part(resource::PEERING) } else { "" };
            let (key, title, part) = (key.to_owned(), title.to_owned(), part.to_owned());
            self.add(MapElement { key, kind, title, name, part, ..of_resources(&[]) })
        });
    }
}

/// An element of some resources, without its words.
fn of_resources(members: &[&PlannedResource]) -> MapElement {
    MapElement {
        key: String::new(),
        kind: MapKind::Resource,
        title: String::new(),
        name: String::new(),
        detail: String::new(),
        members: members.iter().map(|each| each.symbol.clone()).collect(),
        ids: members.iter().map(|each| each.id.clone()).collect(),
        part: String::new(),
    }
}

fn title(plan: &Plan) -> String {
    let network = plan.of_type(resource::VIRTUAL_NETWORK).next();
    let name = network.map_or("no virtual network", |network| &network.name);
    format!("{name}  {}", plan.address_space)
}

/// The resources that stand for themselves, by number: those with a place of their own, and what a private endpoint
/// leads to.
fn heads(plan: &Plan) -> Vec<usize> {
    let targets: Vec<&str> = plan.resources.iter().filter_map(target).collect();
    let is_head = |each: &PlannedResource| {
        let is_titled =
            TITLES.iter().any(|(kind, _)| each.resource_type.eq_ignore_ascii_case(kind));
        is_titled || targets.iter().any(|id| each.id.eq_ignore_ascii_case(id))
    };
    let all = plan.resources.iter().enumerate();
    let mut heads: Vec<usize> =
        all.filter(|(_, each)| is_head(each)).map(|(number, _)| number).collect();
    // In the order in which a person meets them; what the table does not know comes last.
    heads.sort_by_key(|number| {
        let kind = plan.resources.get(*number).map_or("", |each| &each.resource_type);
        TITLES.iter().position(|(own, _)| kind.eq_ignore_ascii_case(own)).unwrap_or(TITLES.len())
    });
    heads
}

/// What a type is called in the picture.
fn called(kind: &str) -> &str {
    let known = TITLES.iter().find(|(own, _)| kind.eq_ignore_ascii_case(own));
    known.map_or_else(|| kind.rsplit('/').next().unwrap_or(kind), |(_, title)| title)
}

/// How many private endpoints lead to it.
fn detail(members: &[&PlannedResource]) -> String {
    let endpoints = members.iter().filter(|each| target(each).is_some()).count();
    if endpoints == 0 { String::new() } else { count(endpoints, "endpoint") }
}

/// What has a switch for access from the public internet.
const CLOSABLE: [&str; 4] =
    [resource::WORKSPACE, resource::STORAGE, resource::VAULT, resource::REGISTRY];

fn internet_words(public: &[String], verb: &str) -> String {
    match public {
        [] => "no public access".to_owned(),
        [only] => format!("{verb} {only}"),
        several => format!("{verb} {}", count(several.len(), "service")),
    }
}

/// Whether the public internet reaches it: it has the switch, and the switch is not off.
fn is_reachable(each: &PlannedResource) -> bool {
    let access = text(&each.body, "/properties/publicNetworkAccess");
    let has_it = CLOSABLE.iter().any(|kind| each.resource_type.eq_ignore_ascii_case(kind));
    has_it && !access.eq_ignore_ascii_case("Disabled")
}

/// The address to which everything goes that no other route names.
fn way_out(plan: &Plan) -> Option<String> {
    let is_default =
        |prefix: &str| prefix.parse::<Ipv4Network>().is_ok_and(|all| all.prefix() == 0);
    let route = plan.routes.iter().find(|route| is_default(&route.prefix))?;
    Some(route.next_hop.clone())
}
