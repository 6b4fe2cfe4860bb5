//! Which element each resource of a plan belongs to.
//!
//! What stands below another resource belongs to it, and so does what it names in its body; what serves many (private
//! DNS zones, role assignments, diagnostic settings) is together.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::domain::json::text;
use crate::domain::plan::{Plan, PlannedResource};
use crate::domain::resource;

/// What serves many, with the key, the title and what one of it is called.
pub(super) const TOGETHER: [(&str, &str, &str, &str); 4] = [
    (resource::PRIVATE_ZONE, "names", "private DNS", "zone"),
    (resource::ROLE_ASSIGNMENT, "permissions", "permissions", "role"),
    (resource::DIAGNOSTICS, "records", "log rules", "setting"),
    (resource::IDENTITY, "identities", "identities", "identity"),
];

/// The key of what serves many; `None` for everything else.
pub(super) fn together(kind: &str) -> Option<&'static str> {
    let is_of = |own: &str| {
        let (start, rest) = kind.split_at_checked(own.len()).unwrap_or_default();
        start.eq_ignore_ascii_case(own) && (rest.is_empty() || rest.starts_with('/'))
    };
    TOGETHER.iter().find(|(own, ..)| is_of(own)).map(|(_, key, ..)| *key)
}

/// Gives each resource to one of the heads, which are numbers of resources: the result names for each resource the
/// place of its head; `None` for what belongs to none.
pub(super) fn owners(plan: &Plan, heads: &[usize]) -> Vec<Option<usize>> {
    let resources = &plan.resources;
    let by_id: BTreeMap<String, usize> = resources
        .iter()
        .enumerate()
        .map(|(number, each)| (each.id.to_ascii_lowercase(), number))
        .collect();
    let find = |id: &str| by_id.get(&id.to_ascii_lowercase()).copied();
    // What each resource can belong to, likeliest first: what it is below, what names it, what it is about.
    let mut above: Vec<Vec<usize>> = resources.iter().map(|each| parent(&each.id, &find)).collect();
    for (number, each) in resources.iter().enumerate() {
        let mut named = Vec::new();
        mentions(&each.body, &find, &mut named);
        for other in named.into_iter().filter(|other| *other != number) {
            above.get_mut(other).into_iter().for_each(|list| list.push(number));
        }
    }
    for (list, each) in above.iter_mut().zip(resources) {
        list.extend(find(text(&each.body, "/properties/targetResourceId")));
    }
    let mut owner: Vec<Option<usize>> = vec![None; resources.len()];
    for (place, head) in heads.iter().enumerate() {
        give(&mut owner, *head, place);
    }
    // An endpoint belongs to what it leads to.
    for (number, each) in resources.iter().enumerate() {
        let leads_to = target(each).and_then(find);
        if let Some(place) = leads_to.and_then(|target| heads.iter().position(|it| *it == target)) {
            give(&mut owner, number, place);
        }
    }
    // What belongs to an owned resource is owned; that goes on until nothing is added.
    let mut grown = true;
    while grown {
        grown = false;
        for (number, each) in resources.iter().enumerate() {
            let place_of = |other: &usize| owner.get(*other).copied().flatten();
            let place = above.get(number).into_iter().flatten().find_map(place_of);
            if let Some(place) = place.filter(|_| together(&each.resource_type).is_none()) {
                grown |= give(&mut owner, number, place);
            }
        }
    }
    owner
}

fn give(owner: &mut [Option<usize>], number: usize, place: usize) -> bool {
    match owner.get_mut(number) {
        Some(free @ None) => {
            *free = Some(place);
            true
        }
        _ => false,
    }
}

/// The nearest resource that an id is below.
fn parent(id: &str, find: &impl Fn(&str) -> Option<usize>) -> Vec<usize> {
    let ends = id.rmatch_indices('/').map(|(at, _)| at);
    ends.filter_map(|end| find(id.get(..end)?)).take(1).collect()
}

/// The resources whose ids stand somewhere in a body, as a value or as the name of one.
fn mentions(body: &Value, find: &impl Fn(&str) -> Option<usize>, found: &mut Vec<usize>) {
    match body {
        Value::String(text) if text.starts_with('/') => found.extend(find(text)),
        Value::Array(items) => items.iter().for_each(|item| mentions(item, find, found)),
        Value::Object(members) => {
            for (name, value) in members {
                found.extend(name.starts_with('/').then(|| find(name)).flatten());
                mentions(value, find, found);
            }
        }
        _ => {}
    }
}

/// What a private endpoint leads to.
pub(super) fn target(endpoint: &PlannedResource) -> Option<&str> {
    let is_endpoint = endpoint.resource_type.eq_ignore_ascii_case(resource::PRIVATE_ENDPOINT);
    let at = "/properties/privateLinkServiceConnections/0/properties/privateLinkServiceId";
    Some(text(&endpoint.body, at)).filter(|id| is_endpoint && !id.is_empty())
}

/// The name of the first subnet that a body names.
pub(super) fn subnet(body: &Value) -> Option<&str> {
    match body {
        Value::Array(items) => items.iter().find_map(subnet),
        Value::Object(members) => {
            let id =
                members.get("subnet").and_then(|subnet| subnet.get("id")).and_then(Value::as_str);
            let name = id.and_then(|id| id.rsplit('/').next());
            name.or_else(|| members.values().find_map(subnet))
        }
        _ => None,
    }
}
