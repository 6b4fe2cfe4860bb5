//! What happened, for somebody else: a summary for support, without any secret.

use std::fmt::Write as _;

use super::kept_words;
use crate::app::App;
use crate::app::watch::Watch;
use crate::domain::operation::{Ended, Operation};
use crate::domain::problem::Problem;
use crate::domain::progress::NotAttempted;
use crate::domain::words;

/// The summary: names, times, counts, codes, Azure's words and correlation ids.
pub(super) fn summary(app: &App, watch: &Watch) -> String {
    let counts = watch.counts();
    let mut out = String::new();
    let mut line = |label: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(out, "{label}: {value}");
        }
    };
    line("privateaml", &app.start.version);
    if app.start.practice {
        line("cloud", "PRACTICE, not Azure");
    }
    let subject = match &watch.operation {
        Operation::MakeHub { .. } => "hub",
        _ => "environment",
    };
    line(subject, &watch.operation.name());
    if let Some(record) = &watch.record {
        line("region", &record.settings.region);
        line("subscription", &record.subscription_id);
        line("resource group", &record.resource_group);
    }
    line("deployment", watch.deployment.as_deref().unwrap_or("none sent"));
    line("elapsed", &words::duration(watch.elapsed));
    line(
        "resources",
        &format!(
            "{} of {} created, {} failed, {} cancelled, {} not started",
            counts.done,
            counts.total,
            counts.failed,
            counts.cancelled,
            counts.waiting + counts.will_not_run
        ),
    );
    for each in NotAttempted::of(&watch.steps) {
        line("not attempted", &format!("{}: {}", each.because, each.names.join(", ")));
    }
    if let Some(Ended::Stopped(stopped)) = watch.ending() {
        line("cost", &kept_words(&stopped.kept, app.start.practice));
    }
    for problem in watch.problems().iter().flat_map(Problem::leaves) {
        line("code", &problem.code);
        line("what", &problem.what);
        line("where", problem.place.as_deref().unwrap_or_default());
        line("Azure", problem.original.as_deref().unwrap_or_default());
        line("correlation id", problem.correlation_id.as_deref().unwrap_or_default());
    }
    out
}
