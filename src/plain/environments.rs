//! The list of environments, line by line as rows become known: words for people, one JSON object a row for programs.
//!
//! It must not wait for anything: whoever calls it has the row already.

use serde_json::json;

use super::output::Output;
use crate::domain::cost::{Estimate, Together};
use crate::domain::environment::row::{EnvironmentRow, HubRow};
use crate::domain::environment::{KnownFrom, MadeBy};

/// Tells one environment.
pub fn row(output: Output, row: &EnvironmentRow, cost: Option<&Estimate>) {
    let record = &row.record;
    let space = record.settings.address_space.to_string();
    let space = if row.network_unread { "?" } else { &space };
    output.say(&format!(
        "{:<14} {:<20} {:<18} {:<18} {:<22} {:<26} {:<30} {}",
        record.full_name,
        row.state(),
        record.settings.region,
        space,
        record.resource_group,
        subscription(row),
        row.known.words(),
        cost.map(Estimate::short).unwrap_or_default(),
    ));
    output.event(
        "environment",
        json!({
            "name": record.settings.name,
            "suffix": record.settings.suffix,
            "full_name": record.full_name,
            "region": record.settings.region,
            "address_space": (!row.network_unread).then_some(record.settings.address_space),
            "resource_group": record.resource_group,
            "subscription": record.subscription_id,
            "subscription_name": row.subscription,
            "tenant": record.tenant_id,
            "phase": phase(row),
            "state": row.state(),
            "known": row.known.word(),
            "gone": row.is_gone(),
            "made_by": record.made_by.word(),
            "practice": record.practice,
            "problem": row.problem,
            "cost": cost.map(super::cost::sums),
        }),
    );
}

/// Tells one hub.
pub fn hub(output: Output, row: &HubRow, cost: Option<&Estimate>) {
    let (hub, place) = (&row.hub, &row.subscription);
    let state = if row.deleting { "deleting" } else { "hub" };
    output.say(&format!(
        "{:<14} {state:<20} {:<18} {:<18} {:<22} {:<26} {:<30} {}",
        hub.name.full_name(),
        hub.region,
        hub.address_space.to_string(),
        hub.name.resource_group(),
        place.name,
        KnownFrom::AzureOnly.words(),
        cost.map(Estimate::short).unwrap_or_default(),
    ));
    output.event(
        "hub",
        json!({
            "name": hub.name,
            "full_name": hub.name.full_name(),
            "region": hub.region,
            "address_space": hub.address_space,
            "resource_group": hub.name.resource_group(),
            "subscription": place.id,
            "subscription_name": place.name,
            "deleting": row.deleting,
            "cost": cost.map(super::cost::sums),
        }),
    );
}

/// Tells people what everything listed costs together; programs have the cost of each.
pub fn together(output: Output, together: &Together) {
    output.say(&format!("Together {}, without what is billed by use", together.short()));
    if !together.incomplete.is_empty() {
        output.prose(&format!(
            "Not counted, or with a price missing: {}.",
            together.incomplete.join(", ")
        ));
    }
}

/// Tells that there is nothing to list.
pub fn nothing(output: Output) {
    output.say("No environments yet. `privateaml practice` creates one that costs nothing.");
}

/// The subscription's name, or its id where the name is not known.
fn subscription(row: &EnvironmentRow) -> &str {
    if row.subscription.is_empty() { &row.record.subscription_id } else { &row.subscription }
}

/// The phase for programs; `None` where Azure has not told it.
fn phase(row: &EnvironmentRow) -> Option<&'static str> {
    match row.known {
        KnownFrom::Gone => Some("deleted"),
        KnownFrom::OtherTenant | KnownFrom::Unread => None,
        _ if row.unsettled || row.record.made_by == MadeBy::Terraform => None,
        _ => Some(row.record.phase.word()),
    }
}
