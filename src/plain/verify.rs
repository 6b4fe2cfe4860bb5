//! The test from on-premises, told line by line: every name in a sentence of its own, then what was observed, what
//! fits it, how to tell, and what to do.
//!
//! The mark is a word at the line's begin, so that it is heard first. It words what was judged elsewhere.

use serde_json::json;

use super::output::Output;
use crate::domain::peering::Mistake;
use crate::domain::peering::verify::{Diagnosis, Mark, Report};
use crate::domain::words::count;

/// Tells a report, as lines and as JSON.
pub fn report(output: Output, report: &Report) {
    output.headline(&format!("{} as it was seen from on-premises", report.full_name));
    for line in &report.lines {
        let word = match line.mark {
            Mark::Fine => "fine",
            Mark::Wrong => "WRONG",
            Mark::Aside => "aside",
            Mark::Unknown => "unknown",
        };
        output.hanging(
            &format!("{word:<9}"),
            &format!("{}: {}, {}", line.service, line.host, line.what),
        );
        output.event("check", json!({ "check": line }));
    }
    for each in &report.verdicts {
        verdict(output, each);
    }
    output.say("");
    for remark in &report.remarks {
        output.hanging("Unknown  ", remark);
    }
    output.prose(&conclusion(report));
    output.event(
        "verify",
        json!({
            "full_name": report.full_name,
            "fine": report.is_fine(),
            "unseen": report.unseen,
            "remarks": report.remarks,
            "steps": report.steps(),
        }),
    );
}

fn verdict(output: Output, verdict: &Diagnosis) {
    output.say("");
    let word = if verdict.note { "To know" } else { "Observed" };
    output.hanging(&format!("{word:<9}"), &verdict.observed);
    for cause in &verdict.causes {
        let (number, title) = (cause.step.number(), cause.step.title());
        output.hanging("Fits     ", &format!("{} (step {number}: {title})", cause.what));
        output.hanging("  To tell: ", &cause.test);
        output.hanging("  If so:   ", &cause.remedy);
    }
    output.event(
        "verdict",
        json!({ "step": verdict.step().map(Mistake::number), "verdict": verdict }),
    );
}

fn conclusion(report: &Report) -> String {
    let first = report.verdicts.iter().find(|each| !each.note);
    match first.and_then(|each| each.causes.first()) {
        Some(cause) => format!(
            "Not all is well: start with step {} of the twelve ({}), and see whether it is so.",
            cause.step.number(),
            cause.step.title()
        ),
        None if report.unseen == 0 => "Everything that is needed is reached privately.".to_owned(),
        None => format!(
            "What was tried is right, but not all was tried: nothing is known, or not everything, of {}. \
             Look again, or paste all lines of the results.",
            count(report.unseen, "name")
        ),
    }
}
