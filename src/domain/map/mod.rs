//! An environment as a drawn network: how people get in, what stands in which subnet, how everything gets out.
//!
//! It is worked out from a plan, so that an edited template is drawn too: an element is a resource with all that
//! belongs to it, and each resource of the plan belongs to exactly one element. What an element looks like at a moment
//! (planned, created, healthy) is not known here. This module must not read anything.

mod elements;
mod list;
mod members;
mod network;
mod pen;
mod picture;
mod svg;
#[cfg(test)]
mod tests;
mod walk;

pub use self::pen::{Cell, Ink, Sheet, Spot};
pub use self::picture::draw;
pub use self::svg::svg;
pub use self::walk::neighbour;

use serde::{Deserialize, Serialize};

/// What an element is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MapKind {
    /// A resource that has its place in the picture.
    Resource,
    /// Nodes that exist only while something runs on them.
    WhenNeeded,
    /// A group of the firewall's rules.
    Group,
    /// A group through which data can leave, or behind which strangers are.
    WideGroup,
    /// The network of a company, and the hub before it.
    Hub,
    /// The public internet.
    Internet,
    /// People.
    People,
}

/// The network of a company that an environment is linked with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MapHub<'a> {
    /// A deployment links none; whether one is linked is not looked at.
    Apart,
    /// This one was chosen; a deployment does not link it.
    Chosen(&'a str),
    /// The network was read, and none is linked.
    NotLinked,
    /// The network was read, and this one is linked.
    Linked(&'a str),
    /// The network could not be read.
    Unread,
}

/// One element of the picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapElement {
    /// By what it is found again: a symbol of the template, or a word.
    pub key: String,
    /// What it is about.
    pub kind: MapKind,
    /// What it is, such as `key vault`.
    pub title: String,
    /// Its name in Azure; for several, how many.
    pub name: String,
    /// What there is to know of it, in a few words.
    pub detail: String,
    /// The symbols of the resources that belong to it, the one that gives its name first.
    pub members: Vec<String>,
    /// Their ids.
    pub ids: Vec<String>,
    /// The part of the status that tells how it is; empty for what has none.
    pub part: String,
}

/// A subnet with what stands in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapSubnet {
    /// Its name.
    pub name: String,
    /// Its range.
    pub prefix: String,
    /// Machines and nodes, by their number.
    pub machines: Vec<usize>,
    /// What is reached through a private endpoint in it, by its number.
    pub services: Vec<usize>,
}

/// The picture before it is drawn: numbers are places in `elements`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct NetworkMap {
    /// Name of the virtual network, with its address space.
    pub title: String,
    /// Every element.
    pub elements: Vec<MapElement>,
    /// Bastion, with the range of its subnet.
    pub bastion: Option<(usize, String)>,
    /// The subnets but those of Bastion and firewall alone.
    pub subnets: Vec<MapSubnet>,
    /// The firewall, with its private address.
    pub firewall: Option<(usize, String)>,
    /// Where everything from the subnets goes out: the address of a default route.
    pub way_out: Option<String>,
    /// The groups that the firewall lets through.
    pub groups: Vec<usize>,
    /// What has no place in a subnet: names, permissions, logs, and what an edited template adds.
    pub beside: Vec<usize>,
    /// People, the network of a company, the public internet.
    pub outside: [usize; 3],
    /// Whether the network of a company is linked.
    pub linked: bool,
    /// The services that are not known to be closed to the public internet, by title.
    pub public: Vec<String>,
}

impl NetworkMap {
    /// The element of a key.
    pub fn find(&self, key: &str) -> Option<usize> {
        self.elements.iter().position(|element| element.key == key)
    }

    /// The element that a resource belongs to, by its symbol.
    pub fn of_symbol(&self, symbol: &str) -> Option<usize> {
        self.elements.iter().position(|element| element.members.iter().any(|each| each == symbol))
    }
}
