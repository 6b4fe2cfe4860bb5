//! Layers: each node stands to the right of all that it depends on, and lines that pass a layer have a place in it.
//!
//! All lines of one node that pass a layer share that place and part as late as they can: they are the same news.

use std::collections::BTreeMap;

use super::super::fold::{Edge, Graph};
use super::super::order::ranks;
use super::super::table::DefaultVec;
use super::LayoutConstraints;

/// Something that has a place in a layer: a node, or the bend of lines that pass. Items with small numbers are the
/// graph's nodes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct LayerItem {
    pub(super) layer: usize,
    /// Rows above and below its middle.
    pub(super) reach: i64,
    pub(super) is_node: bool,
    pub(super) band: usize,
}

/// A piece of line between items of neighbouring layers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    pub(super) from: usize,
    pub(super) to: usize,
    /// How much is gained when it is straight.
    pub(super) weight: i64,
}

/// A graph in layers.
#[derive(Debug)]
pub(super) struct Layered {
    pub(super) items: Vec<LayerItem>,
    /// The items of each layer, from the top.
    pub(super) layers: Vec<Vec<usize>>,
    pub(super) links: Vec<Link>,
    /// Per edge of the graph, the items that it runs along, from left to right.
    pub(super) chains: Vec<Vec<usize>>,
    /// Per item, the items left of it that it is linked to, with weights.
    pub(super) left: DefaultVec<Vec<(usize, i64)>>,
    /// The same to the right.
    pub(super) right: DefaultVec<Vec<(usize, i64)>>,
}

impl Layered {
    pub(super) fn of(graph: &Graph, constraints: &LayoutConstraints) -> Self {
        let count = graph.nodes.len();
        let weighted: Vec<(usize, usize, usize)> =
            graph.edges.iter().map(|edge| (edge.from, edge.to, edge.count)).collect();
        let rank = ranks(count, &weighted);
        // From left to right: an edge that closes a circle is laid out the other way round.
        let rightwards = |edge: &Edge| {
            let forward = rank.at(edge.from) <= rank.at(edge.to);
            if forward { (edge.from, edge.to) } else { (edge.to, edge.from) }
        };
        let edges: Vec<(usize, usize)> = graph.edges.iter().map(rightwards).collect();
        let layer_of = assign(count, &rank, &edges);
        let mut layered = Self {
            items: (0..count)
                .map(|node| LayerItem {
                    layer: layer_of.at(node),
                    reach: i64::from(constraints.heights.at(node) / 2),
                    is_node: true,
                    band: constraints.bands.at(node),
                })
                .collect(),
            layers: Vec::new(),
            links: Vec::new(),
            chains: Vec::new(),
            left: DefaultVec::of(0),
            right: DefaultVec::of(0),
        };
        layered.lead(graph, &edges, &layer_of);
        layered.list();
        layered
    }

    pub(super) fn item(&self, item: usize) -> LayerItem {
        self.items.get(item).copied().unwrap_or_default()
    }

    /// Leads every edge through the layers between its ends.
    fn lead(&mut self, graph: &Graph, edges: &[(usize, usize)], layer_of: &DefaultVec<usize>) {
        let mut bends: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        let mut weights: BTreeMap<(usize, usize), i64> = BTreeMap::new();
        for (edge, (from, to)) in graph.edges.iter().zip(edges) {
            let band = self.item(*from).band;
            let mut chain = vec![*from];
            for layer in layer_of.at(*from).saturating_add(1)..layer_of.at(*to) {
                let passing = *bends.entry((*from, layer)).or_insert_with(|| {
                    self.items.push(LayerItem { layer, reach: 0, is_node: false, band });
                    self.items.len() - 1
                });
                chain.push(passing);
            }
            chain.push(*to);
            for pair in chain.windows(2) {
                if let [left, right] = pair {
                    let passing =
                        [left, right].iter().filter(|item| !self.item(***item).is_node).count();
                    let mut weight = match passing {
                        0 => 2,
                        1 => 3,
                        _ => 8,
                    };
                    if edge.critical {
                        weight += 12;
                    }
                    let slot = weights.entry((*left, *right)).or_default();
                    *slot = (*slot).max(weight);
                }
            }
            self.chains.push(chain);
        }
        self.links =
            weights.into_iter().map(|((from, to), weight)| Link { from, to, weight }).collect();
    }

    fn list(&mut self) {
        let layers = self.items.iter().map(|item| item.layer + 1).max();
        self.layers = vec![Vec::new(); layers.unwrap_or(0)];
        for (number, item) in self.items.iter().enumerate() {
            if let Some(layer) = self.layers.get_mut(item.layer) {
                layer.push(number);
            }
        }
        self.left = DefaultVec::of(self.items.len());
        self.right = DefaultVec::of(self.items.len());
        for link in &self.links {
            self.right.push(link.from, (link.to, link.weight));
            self.left.push(link.to, (link.from, link.weight));
        }
    }
}

/// Layers by the longest way to a node; what has more lines to its right than to its left then moves right.
fn assign(count: usize, rank: &DefaultVec<usize>, edges: &[(usize, usize)]) -> DefaultVec<usize> {
    let mut after: DefaultVec<Vec<usize>> = DefaultVec::of(count);
    let mut before: DefaultVec<Vec<usize>> = DefaultVec::of(count);
    for (from, to) in edges {
        after.push(*from, *to);
        before.push(*to, *from);
    }
    let mut by_rank: Vec<usize> = (0..count).collect();
    by_rank.sort_by_key(|node| rank.at(*node));
    let mut layer: DefaultVec<usize> = DefaultVec::of(count);
    for node in &by_rank {
        let longest = before.list(*node).iter().map(|other| layer.at(*other) + 1);
        layer.set(*node, longest.max().unwrap_or(0));
    }
    for node in by_rank.iter().rev() {
        let nearest = after.list(*node).iter().map(|other| layer.at(*other)).min();
        if let Some(nearest) = nearest
            && after.list(*node).len() > before.list(*node).len()
        {
            layer.set(*node, nearest.saturating_sub(1).max(layer.at(*node)));
        }
    }
    layer
}
