//! The rows of the resources: areas, and the resources of those that are open.

use super::Preview;
use crate::domain::plan::Plan;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ResourceRow {
    /// An area.
    Area {
        /// Its name.
        name: String,
        /// How many resources it has.
        count: usize,
        /// The longest chain of usual times within it, in seconds.
        seconds: u32,
        /// Areas that it comes after.
        after: Vec<String>,
        /// Whether the longest chain of the whole ends in it or leads through it.
        critical: bool,
        /// Whether its resources are shown.
        open: bool,
    },
    /// A resource, by its place in the plan.
    Resource(usize),
}

/// The rows to show.
pub(crate) fn resource_rows(preview: &Preview) -> Vec<ResourceRow> {
    let Some(plan) = &preview.plan else { return Vec::new() };
    let mut areas: Vec<&str> = Vec::new();
    for resource in &plan.resources {
        if !areas.contains(&resource.area.as_str()) {
            areas.push(&resource.area);
        }
    }
    let mut rows = Vec::new();
    for area in areas {
        let open = preview.open_areas.contains(area);
        rows.push(area_row(plan, area, open));
        if open {
            let members = plan.resources.iter().enumerate();
            rows.extend(
                members
                    .filter(|(_, resource)| resource.area == area)
                    .map(|(index, _)| ResourceRow::Resource(index)),
            );
        }
    }
    rows
}

fn area_row(plan: &Plan, area: &str, open: bool) -> ResourceRow {
    let members = || plan.resources.iter().filter(|each| each.area == area);
    let mut after: Vec<String> = Vec::new();
    for symbol in members().flat_map(|each| &each.depends_on) {
        let other = plan.resources.iter().find(|each| each.symbol == *symbol);
        if let Some(other) = other
            && other.area != area
            && !after.contains(&other.area)
        {
            after.push(other.area.clone());
        }
    }
    ResourceRow::Area {
        name: area.to_owned(),
        count: members().count(),
        seconds: longest_within(plan, area),
        after,
        critical: members().any(|each| plan.critical_path.contains(&each.symbol)),
        open,
    }
}

/// The longest chain of usual times among an area's own resources. The plan's order puts what comes first first.
fn longest_within(plan: &Plan, area: &str) -> u32 {
    let mut ends: Vec<(&str, u32)> = Vec::new();
    for resource in plan.resources.iter().filter(|each| each.area == area) {
        let before = ends
            .iter()
            .filter(|(symbol, _)| resource.depends_on.iter().any(|each| each == symbol))
            .map(|(_, end)| *end)
            .max()
            .unwrap_or_default();
        ends.push((&resource.symbol, before + resource.seconds));
    }
    ends.into_iter().map(|(_, end)| end).max().unwrap_or_default()
}
