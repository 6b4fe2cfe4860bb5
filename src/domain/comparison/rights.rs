//! Role assignments: at each scope that reaches the group, and below it.

use crate::domain::resource;
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use super::{Book, Difference, Spot, called, name_of, or_not_told, text};

/// Names of built-in roles that are met often, by their id
/// (<https://learn.microsoft.com/azure/role-based-access-control/built-in-roles>); others are told by their id.
const KNOWN: [(&str, &str); 9] = [
    ("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner"),
    ("b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor"),
    ("acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader"),
    ("18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", "User Access Administrator"),
    ("f58310d9-a9f6-439a-9e8d-f62e7b41a168", "Role Based Access Control Administrator"),
    ("ba92f5b4-2d11-453d-a403-e96b0029c9fe", "Storage Blob Data Contributor"),
    ("b7e6dc6d-f1e8-4753-8033-0f276bb0955b", "Storage Blob Data Owner"),
    ("00482a5a-887f-4fb3-b363-3b7fe8e74483", "Key Vault Administrator"),
    ("9980e02c-c2be-4d73-94e8-173b1dc7cf3c", "Virtual Machine Contributor"),
];

/// Whether the list of assignments was read.
pub(super) fn are_read(book: &Book<'_>) -> bool {
    path(book).is_some_and(|path| book.case.list(&path).is_ok())
}

fn path(book: &Book<'_>) -> Option<String> {
    let group = book.case.group_id()?;
    Some(format!("{group}/providers/{}", resource::ROLE_ASSIGNMENT))
}

/// Compares the assignments with the template's. Those from above were there before, or came later.
pub(super) fn compare(book: &mut Book<'_>) {
    let (Some(group), Some(path)) = (book.case.group_id(), path(book)) else { return };
    let spot = Spot::of(group, resource::ROLE_ASSIGNMENT).place("roleAssignments");
    let Some(assignments) = book.list(&spot, &path) else { return };
    book.as_planned(&spot);
    let born = book.case.born();
    let mut before: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for assignment in assignments {
        if book.case.plan.resource_by_id(text(assignment, "/id")).is_some() {
            continue;
        }
        let scope = text(assignment, "/properties/scope");
        match (is_within(scope, group), came_later(assignment, born)) {
            (true, _) | (_, Some(true)) => not_planned(book, assignment, scope),
            (_, Some(false)) => {
                let key = (scope.to_owned(), role(assignment));
                before.entry(key).or_default().push(who(assignment));
            }
            (_, None) => {
                let spot = Spot::of(scope, resource::ROLE_ASSIGNMENT).place("roleAssignments");
                let found = format!(
                    "{} as {} above this environment, since when Azure does not tell",
                    who(assignment),
                    role(assignment)
                );
                let remedy = "Ask whether it was there before this environment was created.";
                book.not_known(&spot, found, remedy);
            }
        }
    }
    for ((scope, role), people) in before {
        let spot = Spot::of(&scope, resource::ROLE_ASSIGNMENT).place("roleAssignments");
        let found = format!("{role}: {}", people.join(", "));
        let width = "assigned above this environment before it was created; what the role allows holds here too";
        let close =
            format!("Remove what is not needed at {} (Access control).", scope_words(&scope));
        book.open(&spot, found, width, &close);
    }
}

fn not_planned(book: &mut Book<'_>, assignment: &Value, scope: &str) {
    let id = text(assignment, "/id");
    let spot = Spot { name: called(scope), ..Spot::of(id, resource::ROLE_ASSIGNMENT) };
    let spot = spot.place("roleAssignments").point(28);
    let found = format!("{} as {} at {}", who(assignment), role(assignment), scope_words(scope));
    let remedy = format!(
        "Remove the assignment at {} (Access control), if nobody can say what it is for.",
        scope_words(scope)
    );
    book.differs(&spot, Difference::added(found, remedy).with(assignment));
}

fn who(assignment: &Value) -> String {
    let kind = or_not_told(text(assignment, "/properties/principalType"));
    format!("{kind} {}", or_not_told(text(assignment, "/properties/principalId")))
}

fn role(assignment: &Value) -> String {
    let id = name_of(text(assignment, "/properties/roleDefinitionId"));
    let known = KNOWN.iter().find(|(guid, _)| guid.eq_ignore_ascii_case(id));
    match (known, id) {
        (Some((_, name)), _) => (*name).to_owned(),
        (None, "") => "a role that Azure does not tell".to_owned(),
        (None, id) => format!("role {id}"),
    }
}

fn scope_words(scope: &str) -> String {
    match scope.split('/').collect::<Vec<_>>().as_slice() {
        ["", ""] | [""] => "the root of the tenant".to_owned(),
        ["", kind, name] if kind.eq_ignore_ascii_case("subscriptions") => {
            format!("the subscription {name}")
        }
        ["", "providers", _, _, name] => format!("the management group {name}"),
        _ => called(scope).to_owned(),
    }
}

/// Whether an assignment from above was made after the environment; `None` where that is not told.
fn came_later(assignment: &Value, born: Option<Timestamp>) -> Option<bool> {
    let made = text(assignment, "/properties/createdOn").parse::<Timestamp>();
    Some(made.ok()? > born?)
}

fn is_within(scope: &str, group: &str) -> bool {
    let (scope, group) = (scope.to_ascii_lowercase(), group.to_ascii_lowercase());
    scope == group || scope.starts_with(&format!("{group}/"))
}
