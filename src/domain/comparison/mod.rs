//! The one comparison of what is there with what was planned: what drift, health and audit say is a view of it.
//!
//! Sets are compared whole, and a property that the template does not set is judged by the table of properties: it
//! either opens nothing, or it is not planned. What was not read is not readable, never as planned. This module
//! judges an inventory; it must not read anything, and changes nothing.

mod body;
mod book;
mod case;
mod computes;
mod connections;
mod firewall;
mod logs;
mod names;
mod network;
mod probes;
mod resources;
mod rights;
mod routes;
mod security_groups;
mod table;
#[cfg(test)]
mod tests;
mod value;
mod words;

use crate::domain::resource;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use case::{CHILDREN, Children, ComparisonInput, SUBSCRIPTION_ZONES};
pub use probes::{Probe, ProbeAnswer, code_in, hosts, probe_path, refusals};

use super::inventory::{Inventory, called, name_of};
use super::json::{is_on, items, pointer, text, told};
use book::{Book, Difference, Spot};
use table::PropertyRule;
use words::or_not_told;

/// What the comparison says of one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is what was planned.
    Planned,
    /// It was chosen, or comes with what was chosen, and leaves something open.
    Open,
    /// It could not be read, or what it means is not known.
    NotReadable,
    /// It was not planned.
    NotPlanned,
}

/// What kind of difference it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DifferenceKind {
    /// It is there and should not be.
    Added,
    /// It should be there and is not.
    Removed,
    /// It has another value.
    Changed,
}

/// One thing that was compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparisonItem {
    /// The point of the audit that it belongs to, 1 to 30.
    #[serde(default)]
    pub point: u8,
    /// Id of the resource.
    pub id: String,
    /// Its name.
    pub resource: String,
    /// Its type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// What the comparison says.
    pub verdict: Verdict,
    /// What kind of difference it is, where it is one.
    pub kind: DifferenceKind,
    /// Where in its body, such as `properties.publicNetworkAccess`; empty for the resource as a whole.
    pub property: String,
    /// What was planned; empty where nothing was.
    pub expected: String,
    /// What Azure has; empty where it has nothing.
    pub found: String,
    /// How to put it right, to read it, or to close it.
    pub remedy: String,
    /// How wide it is, where it is open by choice.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub width: String,
    /// The way by which data can leave through it, where it is one (`ways`).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub way: String,
    /// Who made the change, by Azure's activity log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// When, by the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Timestamp>,
}

impl ComparisonItem {
    /// The sign in front of a line: `+`, `-`, `~`, or `?` for what is not known.
    pub fn sign(&self) -> char {
        match (self.verdict, self.kind) {
            (Verdict::NotReadable, _) => '?',
            (_, DifferenceKind::Added) => '+',
            (_, DifferenceKind::Removed) => '-',
            (_, DifferenceKind::Changed) => '~',
        }
    }

    /// Whether it lies at the hub's side, where this program's template sets nothing.
    pub fn is_of_hub(&self) -> bool {
        self.resource_type == resource::PEERING
    }

    /// The difference in one line, such as `kv-test4821: publicNetworkAccess is Enabled, was to be Disabled`.
    pub fn sentence(&self) -> String {
        let last = self.property.rsplit("properties.").next().unwrap_or("");
        let place = if last.is_empty() {
            self.resource.clone()
        } else {
            format!("{}: {last}", self.resource)
        };
        if self.verdict == Verdict::NotReadable {
            return format!("{place}: {}", self.found);
        }
        match (self.kind, self.property.is_empty()) {
            (DifferenceKind::Added, true) => format!("{place} was added"),
            (DifferenceKind::Removed, true) => format!("{place} is gone"),
            (DifferenceKind::Added, false) => format!("{place}: {} was added", self.found),
            (DifferenceKind::Removed, false) => format!("{place}: {} is gone", self.expected),
            (DifferenceKind::Changed, _) if self.property.starts_with("properties.") => {
                format!("{place} is {}, was to be {}", self.found, self.expected)
            }
            (DifferenceKind::Changed, _) => {
                format!("{place}: {} (planned: {})", self.found, self.expected)
            }
        }
    }
}

/// Everything that was compared, in the plan's order, then what was found besides.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// The items.
    pub items: Vec<ComparisonItem>,
    /// When it was read.
    pub read_at: Option<Timestamp>,
}

impl Comparison {
    /// The items with a verdict.
    pub fn of(&self, verdict: Verdict) -> impl Iterator<Item = &ComparisonItem> {
        self.items.iter().filter(move |each| each.verdict == verdict)
    }
}

/// Compares an environment with its plan.
pub fn compare(case: &ComparisonInput<'_>) -> Comparison {
    let mut book = Book::new(*case);
    resources::planned(&mut book);
    resources::children(&mut book);
    network::peerings(&mut book);
    network::occupants(&mut book);
    network::addresses(&mut book);
    connections::compare(&mut book);
    names::records(&mut book);
    names::links(&mut book);
    names::strangers(&mut book);
    computes::compare(&mut book);
    computes::datastores(&mut book);
    firewall::openings(&mut book);
    security_groups::openings(&mut book);
    rights::compare(&mut book);
    logs::policies(&mut book);
    routes::default(&mut book);
    routes::effective(&mut book);
    resources::others(&mut book);
    Comparison { items: book.close(), read_at: case.inventory.read_at }
}
