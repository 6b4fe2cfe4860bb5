//! The list of environments, line by line as rows become known: words for people, one JSON object a row for programs.
//!
//! It must not wait for anything: whoever calls it has the row already.

use serde_json::json;

use super::output::Output;
use crate::domain::environment::row::EnvironmentRow;
use crate::domain::environment::{KnownFrom, MadeBy};

/// Tells one environment.
pub fn row(output: Output, row: &EnvironmentRow) {
    let record = &row.record;
    let space = record.settings.address_space.to_string();
    let space = if row.network_unread { "?" } else { &space };
    output.say(&format!(
        "{:<14} {:<20} {:<18} {:<18} {:<22} {:<26} {}",
        record.full_name,
        row.state(),
        record.settings.region,
        space,
        record.resource_group,
        subscription(row),
        row.known.words(),
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
        }),
    );
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
