//! The findings of the checks before a deployment, as lines and as JSON.
//!
//! It words what was found elsewhere and judges nothing.

use serde_json::json;

use super::output::Output;
use crate::domain::action::Action;
use crate::domain::check::{CheckFinding, CheckOutcome, counted};

/// Tells findings, each on a line of its own, and what helps below.
pub fn findings(output: Output, findings: &[CheckFinding]) {
    for finding in findings {
        let head = match finding.outcome {
            CheckOutcome::Pass => "ok       ",
            CheckOutcome::Problem => "problem  ",
            CheckOutcome::Unknown => "unknown  ",
            CheckOutcome::NotChecked => "skipped  ",
        };
        let code =
            if finding.is_problem() { format!(" ({})", finding.code) } else { String::new() };
        output.hanging(head, &format!("{}{code}", finding.in_words()));
        let helps: Vec<String> = finding.actions.iter().map(Action::on_command_line).collect();
        if !helps.is_empty() {
            output.hanging("         ", &format!("Try: {}", helps.join(", or ")));
        }
        output.event("check", json!(finding));
    }
}

/// Tells all findings, with how they came out on the whole.
pub fn report(output: Output, found: &[CheckFinding]) {
    findings(output, found);
    output.say("");
    output.headline(&format!("{}.", counted(found)));
    let of = |outcome| found.iter().filter(|finding| finding.outcome == outcome).count();
    output.event(
        "checked",
        json!({
            "passed": of(CheckOutcome::Pass),
            "problems": of(CheckOutcome::Problem),
            "unknown": of(CheckOutcome::Unknown),
            "not_checked": of(CheckOutcome::NotChecked),
        }),
    );
}
