//! Points 28 and 29: who has rights, and whether what happens is recorded.

use serde_json::Value;

use super::{
    case::{Case, Missing, items, or_not_told, text},
    sheet::Sheet,
};
use crate::domain::inventory::{called, name_of};

/// Roles with which data, rules or rights can be changed, by their id
/// (<https://learn.microsoft.com/azure/role-based-access-control/built-in-roles>).
const MIGHTY: [(&str, &str); 4] = [
    ("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner"),
    ("b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor"),
    (
        "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
        "User Access Administrator",
    ),
    (
        "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
        "Role Based Access Control Administrator",
    ),
];
const SETTINGS: &str = "Microsoft.Insights/diagnosticSettings";

/// The path under which a group's role assignments are kept in an inventory.
fn assignments(group: &str) -> String {
    format!("{group}/providers/Microsoft.Authorization/roleAssignments")
}

/// Id of the environment's group: the part that all planned ids begin with.
fn group_id<'a>(case: &Case<'a>) -> Option<&'a str> {
    let id = case.plan.resources.first()?.id.as_str();
    let at = id.to_ascii_lowercase().find("/providers/")?;
    id.get(..at)
}

pub(super) fn roles(case: &Case<'_>, sheet: &mut Sheet) {
    let Some(group) = group_id(case) else { return };
    let path = assignments(group);
    let Some(assignments) = case.inventory.items(&path) else {
        let why = case
            .inventory
            .why_unknown(&path)
            .unwrap_or("the group is gone");
        sheet.unknown(
            name_of(group),
            "roleAssignments",
            "those of the template",
            why,
        );
        return;
    };
    let (mut planned, mut inherited) = (0, 0);
    for assignment in assignments {
        let id = text(assignment, "/id");
        let scope = text(assignment, "/properties/scope");
        let role = name_of(text(assignment, "/properties/roleDefinitionId"));
        let mighty = MIGHTY
            .iter()
            .find(|(guid, _)| guid.eq_ignore_ascii_case(role));
        if case.plan.resource_by_id(id).is_some() {
            planned += 1;
        } else if !within(scope, group) {
            inherited += usize::from(mighty.is_some());
        } else if let Some((_, role)) = mighty {
            let who = format!(
                "{} {} is {role}",
                or_not_told(text(assignment, "/properties/principalType")),
                or_not_told(text(assignment, "/properties/principalId"))
            );
            let remedy = format!(
                "Remove the assignment on {} (Access control), if nobody can say what it is for.",
                name_of(scope)
            );
            sheet.judge(
                name_of(scope),
                "roleAssignments",
                "those of the template",
                &who,
                false,
                &remedy,
            );
        }
    }
    if inherited > 0 {
        let found = format!("{inherited} principals with mighty roles from above");
        let what = "They can change everything here, this program's walls included: keep their number small.";
        sheet.open("subscription", "roleAssignments", &found, what);
    }
    let found = format!("{planned} assignments of the template");
    if sheet.findings.iter().all(|each| each.by_choice) {
        sheet.judge(
            name_of(group),
            "roleAssignments",
            "those of the template",
            &found,
            true,
            "",
        );
    }
}

fn within(scope: &str, group: &str) -> bool {
    let (scope, group) = (scope.to_ascii_lowercase(), group.to_ascii_lowercase());
    scope == group || scope.starts_with(&format!("{group}/"))
}

pub(super) fn diagnostics(case: &Case<'_>, sheet: &mut Sheet) {
    let store = case
        .planned("Microsoft.OperationalInsights/workspaces")
        .next()
        .map_or("", |each| each.id.as_str());
    for planned in case.planned(SETTINGS) {
        let part = case.part(&planned.id);
        let target = planned
            .id
            .split("/providers/Microsoft.Insights/")
            .next()
            .unwrap_or("");
        let expected = "logs to our log store";
        if part.body == Err(Missing::Absent) && !is_listed(case, target) {
            // What is not there logs nothing; its own point tells that it is missing.
            continue;
        }
        let Some(body) = sheet.body(
            &part,
            &format!("diagnostics of {}", name_of(target)),
            expected,
        ) else {
            continue;
        };
        let ours = text(body, "/properties/workspaceId").eq_ignore_ascii_case(store);
        let silent = ["logs", "metrics"].iter().flat_map(|list| {
            let wanted = items(&planned.body, &format!("/properties/{list}")).iter();
            wanted.filter(move |each| !is_on(body, list, each))
        });
        let silent = silent.count();
        let found = match (ours, silent) {
            (false, _) => format!(
                "logs go to {}",
                called(text(body, "/properties/workspaceId"))
            ),
            (true, 0) => "all categories".to_owned(),
            (true, silent) => format!("{silent} categories are off"),
        };
        let remedy = "Run `privateaml mend`: it sets the diagnostic settings again.";
        let field = "diagnosticSettings";
        sheet.judge(
            name_of(target),
            field,
            expected,
            &found,
            ours && silent == 0,
            remedy,
        );
    }
    policies(case, sheet);
    locks(case, sheet);
}

fn is_listed(case: &Case<'_>, target: &str) -> bool {
    let target = target.to_ascii_lowercase();
    let listed = case.inventory.listed.iter().flatten();
    listed
        .map(|each| each.id.to_ascii_lowercase())
        .any(|id| target == id || target.starts_with(&format!("{id}/")))
}

fn is_on(body: &Value, list: &str, wanted: &Value) -> bool {
    let same = |each: &Value, name: &str| {
        let found = text(each, name);
        !found.is_empty() && found.eq_ignore_ascii_case(text(wanted, name))
    };
    items(body, &format!("/properties/{list}"))
        .iter()
        .any(|each| {
            (same(each, "/category") || same(each, "/categoryGroup"))
                && each.pointer("/enabled") == Some(&Value::Bool(true))
        })
}

fn policies(case: &Case<'_>, sheet: &mut Sheet) {
    let Some(group) = group_id(case) else { return };
    let path = format!("{group}/providers/Microsoft.PolicyInsights/policyStates");
    let Some(summary) = case.inventory.items(&path) else {
        let why = case
            .inventory
            .why_unknown(&path)
            .unwrap_or("there is no summary");
        sheet.unknown(name_of(group), "policyStates", "no violation", why);
        return;
    };
    let count = |summary: &Value| {
        summary
            .pointer("/results/nonCompliantResources")
            .and_then(Value::as_u64)
    };
    let violations: u64 = summary.iter().filter_map(count).sum();
    let found = format!("{violations} resources do not comply");
    let remedy =
        "Look at the group's Policy page: your organisation asks for something that is not met.";
    sheet.judge(
        name_of(group),
        "policyStates",
        "no violation",
        &found,
        violations == 0,
        remedy,
    );
}

fn locks(case: &Case<'_>, sheet: &mut Sheet) {
    let Some(group) = group_id(case) else { return };
    let path = format!("{group}/providers/Microsoft.Authorization/locks");
    match case.inventory.items(&path) {
        Some([]) => {
            let what = "Whoever has rights here can delete the environment by mistake; a lock on the group prevents that.";
            sheet.open(name_of(group), "locks", "none", what);
        }
        Some(locks) => {
            let found = format!("{} locks", locks.len());
            sheet.judge(name_of(group), "locks", "any or none", &found, true, "");
        }
        None => {
            let why = case
                .inventory
                .why_unknown(&path)
                .unwrap_or("the list is gone");
            sheet.unknown(name_of(group), "locks", "any or none", why);
        }
    }
}
