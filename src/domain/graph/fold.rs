//! The graph with its areas folded: one node for each area, or for each resource of an area that is open.
//!
//! Folding can make areas depend on one another both ways, though resources never do: workspace and roles take turns.
//! Such an edge says so, since hiding either direction would be untrue.

use serde::{Deserialize, Serialize};

use std::collections::{BTreeMap, HashMap, HashSet};

use super::label::readable;
use super::order::{implied, ranks};
use crate::domain::plan::Plan;

/// Which areas are shown by their resources.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Open {
    /// None: one node for each area.
    #[default]
    None,
    /// One area.
    Area(String),
    /// All: one node for each resource.
    All,
}

/// What a node stands for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Key {
    /// A folded area, by its name.
    Area(String),
    /// A resource, by its symbol.
    Resource(String),
}

/// A node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// What it stands for; stays the same when other areas open and close.
    pub key: Key,
    /// A short text: `network 4`, or a resource's symbol as words.
    pub label: String,
    /// The area it belongs to.
    pub area: String,
    /// Symbols of the resources it stands for, in the plan's order.
    pub members: Vec<String>,
    /// Whether the critical path goes through it.
    pub critical: bool,
}

/// An edge: `to` comes after `from`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// Number of the node that comes first.
    pub from: usize,
    /// Number of the node that depends on it.
    pub to: usize,
    /// How many dependencies of resources it stands for, in both directions.
    pub count: usize,
    /// Whether the critical path goes along it.
    pub critical: bool,
    /// Whether some resources of `from` also come after some of `to`, so that the two areas take turns. `from` is
    /// then the one that more depend on.
    pub two_way: bool,
}

/// Nodes in the plan's order, and the edges that others do not imply. What is on the critical path, what goes both
/// ways, and what closes a circle is always there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Graph {
    /// The nodes.
    pub nodes: Vec<Node>,
    /// The edges, sorted by their nodes.
    pub edges: Vec<Edge>,
}

impl Graph {
    /// Number of the node with a key.
    pub fn find(&self, key: &Key) -> Option<usize> {
        self.nodes.iter().position(|node| node.key == *key)
    }

    /// Number of the node that stands for a resource.
    pub fn find_symbol(&self, symbol: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.members.iter().any(|member| member == symbol))
    }
}

/// Folds a plan.
pub fn fold(plan: &Plan, open: &Open) -> Graph {
    let critical: HashSet<&str> = plan.critical_path.iter().map(String::as_str).collect();
    let mut nodes: Vec<Node> = Vec::new();
    let mut by_key: HashMap<Key, usize> = HashMap::new();
    let mut by_symbol: HashMap<&str, usize> = HashMap::new();
    for resource in &plan.resources {
        let key = match open {
            Open::All => Key::Resource(resource.symbol.clone()),
            Open::Area(area) if *area == resource.area => Key::Resource(resource.symbol.clone()),
            Open::None | Open::Area(_) => Key::Area(resource.area.clone()),
        };
        let number = *by_key.entry(key.clone()).or_insert_with(|| {
            nodes.push(Node {
                key,
                label: String::new(),
                area: resource.area.clone(),
                members: Vec::new(),
                critical: false,
            });
            nodes.len() - 1
        });
        if let Some(node) = nodes.get_mut(number) {
            node.members.push(resource.symbol.clone());
            node.critical |= critical.contains(resource.symbol.as_str());
        }
        by_symbol.insert(&resource.symbol, number);
    }
    for node in &mut nodes {
        node.label = match &node.key {
            Key::Area(area) => format!("{area} {}", node.members.len()),
            Key::Resource(symbol) => readable(symbol),
        };
    }
    let edges = edges(plan, &by_symbol, nodes.len());
    Graph { nodes, edges }
}

fn edges(plan: &Plan, by_symbol: &HashMap<&str, usize>, count: usize) -> Vec<Edge> {
    let mut counts: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for resource in &plan.resources {
        let to = by_symbol.get(resource.symbol.as_str());
        for symbol in &resource.depends_on {
            if let (Some(from), Some(to)) = (by_symbol.get(symbol.as_str()), to)
                && from != to
            {
                *counts.entry((*from, *to)).or_default() += 1;
            }
        }
    }
    let on_path = plan.critical_path.iter().map(|symbol| by_symbol.get(symbol.as_str()).copied());
    let pairs = on_path.clone().zip(on_path.skip(1));
    let steps: HashSet<(usize, usize)> = pairs.filter_map(|(one, next)| one.zip(next)).collect();
    let mut edges: Vec<Edge> = Vec::new();
    for (&(from, to), &number) in &counts {
        let back = counts.get(&(to, from)).copied();
        // Of two ways the stronger one gives the edge its direction, the critical path before all else.
        let stronger = |from, to, number| (steps.contains(&(from, to)), number, to > from);
        if back.is_some_and(|back| stronger(to, from, back) > stronger(from, to, number)) {
            continue;
        }
        edges.push(Edge {
            from,
            to,
            count: number + back.unwrap_or(0),
            critical: steps.contains(&(from, to)) || steps.contains(&(to, from)),
            two_way: back.is_some(),
        });
    }
    without_implied(count, edges)
}

fn without_implied(count: usize, mut edges: Vec<Edge>) -> Vec<Edge> {
    let weighted: Vec<(usize, usize, usize)> =
        edges.iter().map(|edge| (edge.from, edge.to, edge.count)).collect();
    let rank = ranks(count, &weighted);
    let ends = edges.iter().map(|edge| (edge.from, edge.to));
    let forward: Vec<(usize, usize)> =
        ends.filter(|(from, to)| rank.at(*from) < rank.at(*to)).collect();
    let implied = implied(count, &rank, &forward);
    edges.retain(|edge| edge.critical || edge.two_way || !implied.contains(&(edge.from, edge.to)));
    edges
}
