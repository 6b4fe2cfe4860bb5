//! How an environment is, what has changed in it and what its audit says: as lines and as JSON.
//!
//! It words what was judged elsewhere and judges nothing.

use serde_json::{Value, json};

use super::output::Output;
use super::registration;
use crate::domain::audit::{Audit, AuditAnswer, Finding, List, NOT_LOOKED_AT};
use crate::domain::drift::{Difference, Drift};
use crate::domain::environment::{MadeBy, Record};
use crate::domain::health::{HealthPart, HealthState};
use crate::domain::ways::counted;
use crate::domain::words::count;
use crate::engine::Inspection;

/// What is said of what Terraform made.
const TERRAFORM: &str = "It was created with Terraform: `terraform plan` tells what has changed since; \
    `privateaml audit` what is open.";
/// Most lines of history that are told.
const HISTORY: usize = 10;

/// The parts, the differences and the history, one line each.
pub fn inspection(output: Output, record: &Record, seen: &Inspection) {
    output.say("");
    for part in &seen.parts {
        output.say(&part_line(part));
    }
    registration::names(output, &record.full_name, seen.elsewhere.as_ref());
    output.say("");
    drift(output, record, &seen.drift);
    if !seen.history.is_empty() {
        output.say("");
        output.headline("History");
        for each in seen.history.iter().take(HISTORY) {
            let who = each.who.as_deref().map(|who| format!(", by {who}")).unwrap_or_default();
            output.hanging(
                "  ",
                &format!("{}  {}{who}", each.time.strftime("%Y-%m-%d %H:%M"), each.what),
            );
        }
    }
    for problem in &seen.problems {
        output.problem(problem);
    }
}

/// The parts, differences and history as a part of a JSON object.
pub fn inspection_json(seen: &Inspection) -> Value {
    let history: Vec<Value> = seen
        .history
        .iter()
        .map(|each| json!({ "time": each.time, "what": each.what, "who": each.who }))
        .collect();
    json!({
        "parts": seen.parts,
        "paused": seen.paused,
        "dns": seen.elsewhere,
        "drift": seen.drift.differences,
        "unknown": seen.drift.unknown,
        "history": history,
    })
}

fn part_line(part: &HealthPart) -> String {
    let sign = match part.state {
        HealthState::Good => "ok",
        HealthState::Off => "off",
        HealthState::Warning => "!",
        HealthState::Bad => "!!",
        HealthState::Unknown => "?",
    };
    format!("  {sign:<4}{:<11} {:<20} {}", part.title, part.name, part.words)
}

/// The differences, each with who made it and how to put it right.
pub fn drift(output: Output, record: &Record, drift: &Drift) {
    if record.made_by == MadeBy::Terraform {
        output.prose(TERRAFORM);
        return;
    }
    if drift.differences.is_empty() {
        output.say("Everything that was read is as planned.");
    } else {
        output.headline(&format!(
            "{} from the plan; nothing is changed back unless you ask:",
            count(drift.differences.len(), "difference")
        ));
    }
    for difference in &drift.differences {
        output.hanging(&format!("  {} ", difference.sign()), &difference.sentence());
        if let Some(made) = made(difference) {
            output.hanging("      ", &made);
        }
        output.hanging("      ", &difference.remedy);
    }
    if !drift.unknown.is_empty() {
        output.headline("Not known:");
    }
    for unknown in &drift.unknown {
        output.hanging(
            "  ? ",
            &format!("{} {}: {}", unknown.resource, unknown.property, unknown.found)
                .replace(" :", ":"),
        );
        output.hanging("      ", &unknown.remedy);
    }
    if drift.differences.iter().any(|each| !each.is_of_hub()) {
        output.prose(&format!(
            "To set again what the template sets: privateaml mend {}",
            record.full_name
        ));
    }
}

fn made(difference: &Difference) -> Option<String> {
    let when = difference.when?;
    let who = difference.who.as_deref().unwrap_or("somebody");
    Some(format!("by {who} at {}", when.strftime("%Y-%m-%d %H:%M UTC")))
}

/// The audit: each point in a line, then the three lists, then what was not looked at.
pub fn audit(output: Output, audit: &Audit, principal: &str, version: &str) {
    for point in &audit.points {
        let sign = match point.answer {
            AuditAnswer::Holds => "ok",
            AuditAnswer::DoesNotHold => "!!",
            AuditAnswer::Unknown => "?",
        };
        output.say(&format!("{:>3}  {sign:<3} {}", point.number, point.title));
    }
    for list in List::ALL {
        let found: Vec<_> = audit.list(list).collect();
        output.say("");
        if found.is_empty() {
            output.headline(&format!("{}: nothing.", list.title()));
            continue;
        }
        output.headline(&format!("{} ({})", list.title(), found.len()));
        for (number, finding) in found {
            of_list(output, list, number, finding);
        }
    }
    output.say("");
    output.headline("Not looked at");
    for line in NOT_LOOKED_AT {
        output.hanging("     ", line);
    }
    output.say("");
    output.headline(&format!(
        "{} of {} points hold, {} do not, {} unknown; {} open by choice; {}.",
        audit.count(AuditAnswer::Holds),
        audit.points.len(),
        audit.count(AuditAnswer::DoesNotHold),
        audit.count(AuditAnswer::Unknown),
        count(audit.open_by_choice().count(), "thing"),
        counted(audit.ways_out().len()),
    ));
    output.event("audit", audit_json(audit, principal, version));
}

fn of_list(output: Output, list: List, number: u8, finding: &Finding) {
    let place = format!("{} {}", finding.resource, finding.place());
    let planned = if list == List::DoesNotHold && !finding.expected.is_empty() {
        format!(" (planned: {})", finding.expected)
    } else {
        String::new()
    };
    output.hanging(
        &format!("{number:>3}  "),
        &format!("{}: {}{planned}", place.trim_end(), finding.found),
    );
    if !finding.width.is_empty() {
        output.hanging("         ", &format!("How wide: {}", finding.width));
    }
    output.hanging("         -> ", &finding.remedy);
}

/// The audit as one JSON object, for the output and for a report.
pub fn audit_json(audit: &Audit, principal: &str, version: &str) -> Value {
    json!({
        "full_name": audit.full_name,
        "read_at": audit.read_at,
        "principal": principal,
        "tool": format!("privateaml {version}"),
        "holds": audit.count(AuditAnswer::Holds),
        "does_not_hold": audit.count(AuditAnswer::DoesNotHold),
        "unknown": audit.count(AuditAnswer::Unknown),
        "open_by_choice": audit.open_by_choice().count(),
        "ways_out": audit.ways_out(),
        "lists": {
            "does_not_hold": listed(audit, List::DoesNotHold),
            "unknown": listed(audit, List::Unknown),
            "open_by_choice": listed(audit, List::OpenByChoice),
        },
        "not_looked_at": NOT_LOOKED_AT,
        "points": audit.points,
    })
}

/// A list of the audit, each with its point's number.
fn listed(audit: &Audit, list: List) -> Vec<Value> {
    let found = audit.list(list);
    found
        .map(|(number, finding)| {
            json!({
                "point": number,
                "resource": finding.resource,
                "field": finding.field,
                "expected": finding.expected,
                "found": finding.found,
                "width": finding.width,
                "remedy": finding.remedy,
            })
        })
        .collect()
}
