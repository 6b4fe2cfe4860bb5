//! Pictures of a whole plan as files: for `dot`, for Mermaid, and as SVG.
//!
//! Every resource is there by its final name, in the frame of its area, with the critical path marked. Texts are
//! escaped for the format they stand in. This module gives texts and must not touch the disk.

mod dot;
mod mermaid;
mod svg;

pub use dot::dot;
pub use mermaid::mermaid;
pub use svg::svg;

use super::fold::{Graph, Open, fold};
use crate::domain::plan::{Plan, PlannedResource};

/// A plan as files show it.
struct Whole<'a> {
    graph: Graph,
    /// The resources, by the graph's numbers.
    resources: Vec<&'a PlannedResource>,
    /// The areas, in order of dependency, with the numbers of their resources.
    areas: Vec<(String, Vec<usize>)>,
}

impl<'a> Whole<'a> {
    fn of(plan: &'a Plan) -> Self {
        let graph = fold(plan, &Open::All);
        let folded = fold(plan, &Open::None);
        let weighted: Vec<(usize, usize, usize)> =
            folded.edges.iter().map(|edge| (edge.from, edge.to, edge.count)).collect();
        let rank = super::order::ranks(folded.nodes.len(), &weighted);
        let mut order: Vec<usize> = (0..folded.nodes.len()).collect();
        order.sort_by_key(|area| rank.at(*area));
        let areas = order
            .iter()
            .filter_map(|area| folded.nodes.get(*area))
            .map(|area| {
                let members = graph.nodes.iter().enumerate();
                let numbers = members.filter(|(_, node)| node.area == area.area);
                (area.area.clone(), numbers.map(|(number, _)| number).collect())
            })
            .collect();
        Self {
            resources: graph
                .nodes
                .iter()
                .filter_map(|node| {
                    let symbol = node.members.first()?;
                    plan.resources.iter().find(|resource| resource.symbol == *symbol)
                })
                .collect(),
            graph,
            areas,
        }
    }

    fn name(&self, number: usize) -> &'a str {
        self.resources.get(number).map_or("", |resource| &resource.name)
    }
}

/// The heading of all three.
fn heading(plan: &Plan) -> String {
    format!(
        "{}: {} resources, usually {} minutes",
        plan.resource_group,
        plan.resources.len(),
        plan.critical_seconds.div_ceil(60)
    )
}
