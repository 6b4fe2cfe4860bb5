//! Moving about in the picture, and what a node has to do with others.

use std::collections::BTreeSet;

use super::fold::Graph;
use super::layout::Picture;
use super::table::DefaultVec;

/// Where to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Left,
    Right,
    Up,
    Down,
}

/// The node to go to: up and down within a column, left and right to the nearest node of the next column, if possible
/// one that a line leads to. By these steps every node can be reached.
pub fn neighbour(picture: &Picture, node: usize, direction: Direction) -> Option<usize> {
    let here = picture.nodes.get(node)?;
    let others = || {
        let all = picture.nodes.iter().enumerate();
        all.filter(move |(number, _)| *number != node)
    };
    let row = here.middle();
    match direction {
        Direction::Up | Direction::Down => {
            let up = direction == Direction::Up;
            let beyond = others().filter(|(_, other)| {
                let middle = other.middle();
                other.layer == here.layer && if up { middle < row } else { middle > row }
            });
            let nearest = beyond.min_by_key(|(_, other)| other.middle().abs_diff(row));
            nearest.map(|(number, _)| number)
        }
        Direction::Left | Direction::Right => {
            let left = direction == Direction::Left;
            let beside = others().filter(|(_, other)| {
                if left { other.layer < here.layer } else { other.layer > here.layer }
            });
            let joined: BTreeSet<usize> = picture
                .lines
                .iter()
                .filter_map(|line| match (line.from == node, line.to == node) {
                    (true, _) => Some(line.to),
                    (_, true) => Some(line.from),
                    _ => None,
                })
                .collect();
            beside
                .min_by_key(|(number, other)| {
                    (
                        other.layer.abs_diff(here.layer),
                        !joined.contains(number),
                        other.middle().abs_diff(row),
                    )
                })
                .map(|(number, _)| number)
        }
    }
}

/// What a node has to do with others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Related {
    /// The node itself.
    pub node: usize,
    /// All that it waits for, directly or not.
    pub before: BTreeSet<usize>,
    /// All that wait for it, directly or not.
    pub after: BTreeSet<usize>,
    /// Those with an edge to it or from it.
    pub direct: BTreeSet<usize>,
}

impl Related {
    /// Whether another node is before or after it.
    pub fn has(&self, other: usize) -> bool {
        self.before.contains(&other) || self.after.contains(&other)
    }

    /// Whether an edge is on a way to the node, or on a way from it.
    pub fn has_edge(&self, from: usize, to: usize) -> bool {
        let within = |set: &BTreeSet<usize>| {
            [from, to].iter().all(|end| *end == self.node || set.contains(end))
        };
        within(&self.before) || within(&self.after)
    }
}

/// What a node has to do with the others.
pub fn related(graph: &Graph, node: usize) -> Related {
    let mut before: DefaultVec<Vec<usize>> = DefaultVec::of(graph.nodes.len());
    let mut after: DefaultVec<Vec<usize>> = DefaultVec::of(graph.nodes.len());
    for edge in &graph.edges {
        after.push(edge.from, edge.to);
        before.push(edge.to, edge.from);
        if edge.two_way {
            after.push(edge.to, edge.from);
            before.push(edge.from, edge.to);
        }
    }
    let walk = |steps: &DefaultVec<Vec<usize>>| {
        let mut found = BTreeSet::new();
        let mut open = vec![node];
        while let Some(at) = open.pop() {
            for next in steps.list(at) {
                if *next != node && found.insert(*next) {
                    open.push(*next);
                }
            }
        }
        found
    };
    let direct = before.list(node).iter().chain(after.list(node));
    Related { node, before: walk(&before), after: walk(&after), direct: direct.copied().collect() }
}
