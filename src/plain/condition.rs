//! How an environment is, what has changed in it and what its audit says: as lines and as JSON.
//!
//! It words what was judged elsewhere and judges nothing.

use serde_json::{Value, json};

use super::{output::Output, registration};
use crate::{
    domain::{
        audit::{Answer, Audit},
        drift::{Difference, Drift},
        environment::{MadeBy, Record},
        health::{Part, State},
        words::count,
    },
    engine::Inspection,
};

/// Why nothing is compared.
const TERRAFORM: &str =
    "It was made with Terraform: `terraform plan` tells what has changed since.";
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
            let who = each
                .who
                .as_deref()
                .map(|who| format!(", by {who}"))
                .unwrap_or_default();
            output.hanging(
                "  ",
                &format!(
                    "{}  {}{who}",
                    each.time.strftime("%Y-%m-%d %H:%M"),
                    each.what
                ),
            );
        }
    }
    for problem in &seen.problems {
        output.problem(problem);
    }
}

/// The parts, differences and history as a part of a JSON object.
#[must_use]
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

fn part_line(part: &Part) -> String {
    let sign = match part.state {
        State::Good => "ok",
        State::Off => "off",
        State::Warning => "!",
        State::Bad => "!!",
        State::Unknown => "?",
    };
    format!(
        "  {sign:<4}{:<11} {:<20} {}",
        part.title, part.name, part.words
    )
}

/// The differences, each with who made it and how to put it right.
pub fn drift(output: Output, record: &Record, drift: &Drift) {
    if record.made_by == MadeBy::Terraform {
        output.prose(TERRAFORM);
        return;
    }
    if drift.differences.is_empty() {
        output.say("Nothing has changed since it was made.");
    } else {
        output.headline(&format!(
            "{} since it was made; nothing is changed back unless you ask:",
            count(drift.differences.len(), "difference")
        ));
    }
    for difference in &drift.differences {
        output.hanging(
            &format!("  {} ", difference.kind.sign()),
            &difference.sentence(),
        );
        if let Some(made) = made(difference) {
            output.hanging("      ", &made);
        }
        output.hanging("      ", &difference.remedy);
    }
    if !drift.unknown.is_empty() {
        output.prose(&format!(
            "{} could not be read: nothing is known of them.",
            count(drift.unknown.len(), "resource")
        ));
    }
    if !drift.differences.is_empty() {
        output.prose(&format!(
            "To set again what the template sets: privateaml mend {}",
            record.full_name
        ));
    }
}

fn made(difference: &Difference) -> Option<String> {
    let when = difference.when?;
    let who = difference.who.as_deref().unwrap_or("somebody");
    Some(format!(
        "by {who} at {}",
        when.strftime("%Y-%m-%d %H:%M UTC")
    ))
}

/// The audit: each point in a line, and what to do where one does not hold.
pub fn audit(output: Output, audit: &Audit, principal: &str, version: &str) {
    for point in &audit.points {
        let sign = match point.answer {
            Answer::Holds => "ok",
            Answer::DoesNotHold => "!!",
            Answer::Unknown => "?",
        };
        output.say(&format!("{:>3}  {sign:<3} {}", point.number, point.title));
        for finding in point
            .findings
            .iter()
            .filter(|each| each.answer != Answer::Holds)
        {
            let place = format!("{} {}", finding.resource, finding.field);
            let words = format!(
                "{place}: expected {}, found {}",
                finding.expected, finding.found
            );
            output.hanging("         ", &words);
            output.hanging("         -> ", &finding.remedy);
        }
    }
    let open: Vec<_> = audit.open_by_choice().collect();
    if !open.is_empty() {
        output.say("");
        output.headline("Open by choice");
        for (number, finding) in open {
            output.hanging(
                &format!("{number:>3}  "),
                &format!(
                    "{}, {}: {}",
                    finding.resource, finding.found, finding.remedy
                ),
            );
        }
    }
    output.say("");
    output.headline(&format!(
        "{} of {} points hold, {} do not, {} unknown.",
        audit.count(Answer::Holds),
        audit.points.len(),
        audit.count(Answer::DoesNotHold),
        audit.count(Answer::Unknown)
    ));
    output.event("audit", audit_json(audit, principal, version));
}

/// The audit as one JSON object, for the output and for a report.
#[must_use]
pub fn audit_json(audit: &Audit, principal: &str, version: &str) -> Value {
    json!({
        "full_name": audit.full_name,
        "read_at": audit.read_at,
        "principal": principal,
        "tool": format!("privateaml {version}"),
        "holds": audit.count(Answer::Holds),
        "does_not_hold": audit.count(Answer::DoesNotHold),
        "unknown": audit.count(Answer::Unknown),
        "points": audit.points,
    })
}
