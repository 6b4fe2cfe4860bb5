//! One cause, one finding: what several checks found for the same reason is told once.

use super::{CheckFinding, CheckKind, CheckOutcome};
use crate::domain::words::count;

/// The findings in the order of their checks; what has one cause is one finding.
pub fn merge(found: Vec<CheckFinding>) -> Vec<CheckFinding> {
    let mut merged: Vec<CheckFinding> = Vec::new();
    let mut unknown: Vec<(CheckFinding, Vec<&'static str>)> = Vec::new();
    for finding in found {
        if finding.outcome == CheckOutcome::Unknown {
            let about = finding.check.about();
            match unknown.iter_mut().find(|(one, _)| one.what == finding.what) {
                Some((_, checks)) => checks.push(about),
                None => unknown.push((finding, vec![about])),
            }
        } else if !merged.iter().any(|one| is_same(one, &finding)) {
            merged.push(finding);
        }
    }
    // What Azure's validation refuses is mostly known already, and better told, by the check that is about it.
    let known: Vec<String> = merged
        .iter()
        .filter(|one| one.is_problem() && one.check != CheckKind::Template)
        .map(|one| one.code.clone())
        .collect();
    merged.retain(|one| one.check != CheckKind::Template || !known.contains(&one.code));
    merged.extend(unknown.into_iter().map(|(mut finding, checks)| {
        if let [_, others @ ..] = checks.as_slice()
            && !others.is_empty()
        {
            finding.what = format!("{} (the same of: {})", finding.what, others.join(", "));
        }
        finding
    }));
    merged.sort_by_key(|finding| finding.check);
    merged
}

fn is_same(one: &CheckFinding, other: &CheckFinding) -> bool {
    let is_problem = one.is_problem() && other.is_problem();
    is_problem && one.code == other.code && one.what == other.what
}

/// How the checks came out, in one line.
pub fn counted(findings: &[CheckFinding]) -> String {
    let of = |outcome| findings.iter().filter(|finding| finding.outcome == outcome).count();
    let mut parts = vec![format!("{} passed", count(of(CheckOutcome::Pass), "check"))];
    for (outcome, word) in [(CheckOutcome::Problem, "problem"), (CheckOutcome::Unknown, "unknown")]
    {
        match of(outcome) {
            0 => {}
            some if outcome == CheckOutcome::Problem => parts.push(count(some, word)),
            some => parts.push(format!("{some} could not be told")),
        }
    }
    match of(CheckOutcome::NotChecked) {
        0 => {}
        some => parts.push(format!("{some} not checked")),
    }
    parts.join(", ")
}
