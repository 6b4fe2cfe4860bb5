//! What happened, for somebody else: a summary for support, without any secret.

use std::fmt::Write as _;

use super::{Course, Deploy};
use crate::{
    app::App,
    domain::{problem::Problem, words},
};

/// Why it did not reach its goal, most telling first.
pub(crate) fn problems(deploy: &Deploy) -> Vec<&Problem> {
    match &deploy.course {
        Course::Ended(ending) => ending.problems().iter().collect(),
        Course::Refused(problem) => vec![problem],
        _ => Vec::new(),
    }
}

/// The summary: names, times, counts, codes, Azure's words and correlation ids.
pub(crate) fn summary(app: &App) -> String {
    let deploy = &app.deploy;
    let counts = deploy.counts();
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
    line("environment", &deploy.name());
    if let Some(record) = &deploy.record {
        line("region", &record.settings.region);
        line("subscription", &record.subscription_id);
        line("resource group", &record.resource_group);
    }
    line("deployment", deploy.deployment.as_deref().unwrap_or("none sent"));
    line("elapsed", &words::duration(deploy.elapsed));
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
    for problem in problems(deploy).into_iter().flat_map(Problem::leaves) {
        line("code", &problem.code);
        line("what", &problem.what);
        line("where", problem.place.as_deref().unwrap_or_default());
        line("Azure", problem.original.as_deref().unwrap_or_default());
        line("correlation id", problem.correlation_id.as_deref().unwrap_or_default());
    }
    out
}
