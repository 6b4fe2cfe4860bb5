//! `practice compare`: recorded answers of Azure against the practice cloud's.

use std::{collections::BTreeMap, path::PathBuf};

use clap::Args;
use serde_json::json;

use super::exit::Ending;
use crate::domain::problem::Problem;
use crate::plain::output::Output;
use crate::practice::compare::{
    self, Compared, Comparison, Difference, Exchange, Report, Unprepared,
};

/// `practice compare`.
#[derive(Debug, Args)]
pub struct Compare {
    /// Recordings that `--record-traffic` wrote.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Fail also when a listed difference was not met: for recordings that are to show all of them.
    #[arg(long)]
    pub strict: bool,
}

/// Compares, and prints what differs.
///
/// # Errors
/// When a file cannot be read. A difference that is not listed ends it with 1, once it was told.
pub fn run(wanted: &Compare, output: Output) -> Result<(), Ending> {
    let mut exchanges = Vec::new();
    for file in &wanted.files {
        exchanges.extend(read(file)?);
    }
    let report = compare::compare(exchanges)?;
    for each in &report.exchanges {
        if let Comparison::Different(differences) = &each.verdict {
            for (difference, reason) in differences {
                tell(each, difference, *reason, output);
            }
        }
    }
    let [alike, listed, unlisted, unprepared] = report.counts();
    output.event(
        "compared",
        json!({
            "alike": alike, "listed": listed, "unlisted": unlisted, "unprepared": unprepared,
            "unmet": report.unmet,
        }),
    );
    output.say(&format!(
        "{} exchanges: {alike} answered alike, {listed} differ as listed, {unlisted} differ otherwise, \
         {unprepared} could not be prepared.",
        report.exchanges.len()
    ));
    for (reason, count) in reasons(&report) {
        output.hanging(&format!("{count:>4}  "), reason.words());
    }
    let unmet = if wanted.strict { report.unmet.as_slice() } else { &[] };
    for row in unmet {
        output.say(&format!("Listed, but not met: {row}"));
    }
    if unlisted == 0 && unmet.is_empty() { Ok(()) } else { Err(Ending::Told) }
}

fn read(file: &PathBuf) -> Result<Vec<Exchange>, Ending> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        Problem::new(
            "RecordingUnreadable",
            "The recording cannot be read.",
            "Give a file that `--record-traffic` wrote.",
        )
        .at(file.display().to_string())
        .saying(error.to_string())
    })?;
    Ok(compare::read(&text, &file.display().to_string())?)
}

fn tell(each: &Compared, difference: &Difference, reason: Option<&str>, output: Output) {
    output.event(
        "difference",
        json!({
            "source": each.source,
            "request": each.request,
            "kind": each.kind,
            "about": difference.about,
            "recorded": difference.recorded,
            "here": difference.here,
            "reason": reason,
        }),
    );
    let mark = if reason.is_some() { "listed " } else { "DIFFERS" };
    output.hanging(
        &format!("{mark}  "),
        &format!(
            "{}: {}: recorded {}, here {}{}",
            each.kind,
            difference.about,
            shown(&difference.recorded),
            shown(&difference.here),
            reason.map_or_else(|| format!(" ({})", each.request), |reason| format!(". {reason}")),
        ),
    );
}

fn shown(text: &str) -> &str {
    if text.is_empty() { "nothing" } else { text }
}

fn reasons(report: &Report) -> BTreeMap<Unprepared, usize> {
    let mut reasons = BTreeMap::new();
    for each in &report.exchanges {
        if let Comparison::Unprepared(reason) = each.verdict {
            *reasons.entry(reason).or_default() += 1;
        }
    }
    reasons
}
