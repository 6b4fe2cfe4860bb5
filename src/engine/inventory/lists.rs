//! Lists that tell of several planned resources at once: what a list tells is not asked for one by one.

use std::collections::BTreeMap;

use serde_json::Value;

use super::InventoryRead;
use crate::domain::comparison::CHILDREN;
use crate::domain::inventory::Reading;
use crate::domain::plan::Plan;
use crate::domain::resource;

/// Types of which the list that they are in tells all that one of them does.
const LISTED: [&str; 2] = [resource::DIAGNOSTICS, resource::ZONE_LINK];

/// The lists whose items are planned resources, and those that belong to planned resources and should be empty.
pub(super) fn questions(plan: &Plan, assignments: &str) -> Vec<InventoryRead> {
    let mut lists: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for kind in CHILDREN {
        let owners = plan.resources.iter();
        for owner in owners.filter(|each| each.resource_type.eq_ignore_ascii_case(kind.of)) {
            let path = format!("{}/{}", owner.id, kind.list);
            lists.insert(path, Vec::new());
        }
    }
    lists.insert(assignments.to_owned(), Vec::new());
    for planned in &plan.resources {
        let Some((path, _)) = planned.id.rsplit_once('/') else { continue };
        let kind = planned.resource_type.as_str();
        if kind.eq_ignore_ascii_case(resource::ROLE_ASSIGNMENT) {
            lists.entry(assignments.to_owned()).or_default().push(planned.id.clone());
        } else if LISTED.iter().any(|each| each.eq_ignore_ascii_case(kind))
            || lists.contains_key(path)
        {
            lists.entry(path.to_owned()).or_default().push(planned.id.clone());
        }
    }
    lists.into_iter().map(|(path, planned)| InventoryRead::Whole { path, planned }).collect()
}

/// What a list says of one of its items.
pub(super) fn item(list: &Reading, id: &str) -> Reading {
    let Reading::Found(items) = list else { return list.clone() };
    let mut items = items.as_array().into_iter().flatten();
    let found = items.find(|item| {
        let own = item.get("id").and_then(Value::as_str);
        own.is_some_and(|own| own.eq_ignore_ascii_case(id))
    });
    found.cloned().map_or(Reading::Absent, Reading::Found)
}
