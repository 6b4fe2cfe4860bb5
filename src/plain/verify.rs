//! The test from on-premises, told line by line: every name in a sentence of its own, then what is wrong and what to do.
//!
//! The verdict is a word at the line's begin, so that it is heard first. It words what was judged elsewhere.

use serde_json::json;

use super::output::Output;
use crate::domain::{
    peering::verify::{Report, Verdict},
    words::count,
};

/// Tells a report, as lines and as JSON.
pub fn report(output: Output, report: &Report) {
    output.headline(&format!("How {} is seen from here", report.full_name));
    for line in &report.lines {
        let (word, step) = match line.verdict {
            Verdict::Fine => ("fine", None),
            Verdict::Wrong(mistake) => ("WRONG", Some(mistake.number())),
            Verdict::Unneeded => ("aside", None),
            Verdict::Unseen => ("unknown", None),
        };
        let step = step.map_or_else(String::new, |number| format!(" (step {number})"));
        output.hanging(
            &format!("{word:<9}"),
            &format!("{}: {}, {}{step}", line.service, line.host, line.what),
        );
        output.event("check", json!({ "check": line }));
    }
    output.say("");
    for lack in &report.culprits {
        output.hanging(
            &format!("Step {:<4}", lack.mistake.number()),
            &format!("{}. {}", lack.mistake.title(), lack.what),
        );
        output.hanging("Do this: ", &lack.remedy);
        output.event(
            "culprit",
            json!({ "step": lack.mistake.number(), "culprit": lack }),
        );
    }
    output.prose(&conclusion(report));
    output.event(
        "verify",
        json!({
            "full_name": report.full_name,
            "fine": report.is_fine(),
            "unseen": report.unseen,
            "steps": report.culprits.iter().map(|lack| lack.mistake).collect::<Vec<_>>(),
        }),
    );
}

fn conclusion(report: &Report) -> String {
    let unseen = match report.unseen {
        0 => String::new(),
        number => format!(
            " Nothing is known of {}: look again, or paste all lines of the results.",
            count(number, "name")
        ),
    };
    match report.culprits.as_slice() {
        [] if report.unseen == 0 => {
            "Everything that is needed is reached privately from here.".to_owned()
        }
        [] => format!("What was looked at is right.{unseen}"),
        [first, ..] => format!(
            "Not all is well: begin with step {} of the twelve, {}.{unseen}",
            first.mistake.number(),
            first.mistake.title().to_lowercase()
        ),
    }
}
