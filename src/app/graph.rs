//! Looking around in the graph of what depends on what: which area is open, and which node has the keys.
//!
//! It knows a plan and nothing of screens; where a node is drawn is the picture's business.

use serde::{Deserialize, Serialize};

use super::command::Command;
use crate::domain::graph::{Density, Direction, Graph, Key, Open, fold, layout, neighbour};
use crate::domain::plan::Plan;

/// What is shown of the graph.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GraphState {
    /// What is shown by its resources.
    pub open: Open,
    /// The node that has the keys; the first one while none was chosen.
    pub focus: Option<Key>,
}

impl GraphState {
    /// The graph as it is shown.
    pub(crate) fn graph(&self, plan: &Plan) -> Graph {
        fold(plan, &self.open)
    }

    /// The node that has the keys, by its place in the graph.
    pub(crate) fn focused(&self, graph: &Graph) -> Option<usize> {
        self.focus
            .as_ref()
            .and_then(|key| graph.find(key))
            .or_else(|| (!graph.nodes.is_empty()).then_some(0))
    }

    /// The resource that has the keys, by its symbol; `None` on an area.
    pub fn symbol(&self, plan: &Plan) -> Option<String> {
        let graph = self.graph(plan);
        match &graph.nodes.get(self.focused(&graph)?)?.key {
            Key::Resource(symbol) => Some(symbol.clone()),
            Key::Area(_) => None,
        }
    }

    /// Goes to the node that lies in the direction of an arrow.
    pub fn walk(&mut self, plan: &Plan, command: Command) {
        let direction = match command {
            Command::Left => Direction::Left,
            Command::Right => Direction::Right,
            Command::Up => Direction::Up,
            Command::Down => Direction::Down,
            _ => return,
        };
        let graph = self.graph(plan);
        let Some(at) = self.focused(&graph) else { return };
        let picture = layout(&graph, Density::Airy);
        let next = neighbour(&picture, at, direction).unwrap_or(at);
        self.focus = graph.nodes.get(next).map(|node| node.key.clone());
    }

    /// Takes the node at a place in the graph.
    pub fn choose(&mut self, plan: &Plan, node: usize) {
        let graph = self.graph(plan);
        if let Some(node) = graph.nodes.get(node) {
            self.focus = Some(node.key.clone());
        }
    }

    /// Opens the area that has the keys; false when a resource has them.
    pub fn open_area(&mut self, plan: &Plan) -> bool {
        let graph = self.graph(plan);
        let node = self.focused(&graph).and_then(|at| graph.nodes.get(at));
        let Some(Key::Area(area)) = node.map(|node| &node.key) else { return false };
        self.open = Open::Area(area.clone());
        self.focus =
            node.and_then(|node| node.members.first()).map(|symbol| Key::Resource(symbol.clone()));
        true
    }

    /// Shows more or less: all folded, the area that has the keys, everything, and from the beginning.
    pub fn zoom(&mut self, plan: &Plan) {
        let graph = self.graph(plan);
        let node = self.focused(&graph).and_then(|at| graph.nodes.get(at));
        let area = node.map(|node| node.area.clone()).unwrap_or_default();
        self.open = match &self.open {
            Open::None => Open::Area(area),
            Open::Area(_) => Open::All,
            Open::All => Open::None,
        };
        let shown = self.graph(plan);
        let kept = self.focus.as_ref().is_some_and(|key| shown.find(key).is_some());
        if !kept {
            let symbol = node.and_then(|node| node.members.first());
            let place = symbol.and_then(|symbol| shown.find_symbol(symbol));
            self.focus =
                place.and_then(|place| shown.nodes.get(place)).map(|node| node.key.clone());
        }
    }
}
