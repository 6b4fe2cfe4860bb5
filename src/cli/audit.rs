//! `audit NAME`: whether an environment is still private, point by point, and a report for a compliance file.
//!
//! It changes nothing in Azure. A schedule can watch its exit code: 1 when a point does not hold, 6 when none fails
//! and one is unknown, 7 when the audit could not be made.

use std::path::PathBuf;

use clap::Args;

use super::exit::Ending;
use super::inspect::CommandContext;
use crate::domain::audit::{Audit, AuditAnswer, markdown};
use crate::domain::foreign;
use crate::domain::problem::{Problem, Result};
use crate::engine;
use crate::plain::condition;
use crate::store::atomic_file;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// `audit`.
#[derive(Debug, Args)]
pub struct AuditCommand {
    /// The environment, such as test4821.
    pub name: String,
    /// Write a report too: Markdown to a file ending in .md, JSON to one ending in .json (repeatable).
    #[arg(long, value_name = "FILE")]
    pub report: Vec<PathBuf>,
    /// Replace a report that is already there.
    #[arg(long)]
    pub force: bool,
    /// Do not ask the services what they answer to this machine.
    #[arg(long)]
    pub no_probe: bool,
}

/// The form of a report, by its file's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Markdown,
    Json,
}

/// Audits an environment.
///
/// # Errors
/// When it is not found or cannot be read, a report cannot be written, or a point does not hold or is unknown.
pub async fn run(command: &CommandContext<'_>, arguments: &AuditCommand) -> Result<(), Ending> {
    judge(command, arguments).await.map_err(|ending| match ending {
        Ending::Failed(problem) => Ending::NotJudged(problem),
        other => other,
    })
}

async fn judge(command: &CommandContext<'_>, arguments: &AuditCommand) -> Result<(), Ending> {
    // Before anything is read: a report that cannot be written is a minute lost.
    let forms = arguments
        .report
        .iter()
        .map(|file| check(file, arguments.force))
        .collect::<Result<Vec<Form>>>()
        .map_err(|problem| Ending::Usage(Box::new(problem)))?;
    let reach = command.reach().await?;
    let (context, record) = command.find(&reach, &arguments.name, None).await?;
    let principal = reach
        .signed_in
        .identity
        .as_ref()
        .map_or("somebody", |identity| identity.name.as_str())
        .to_owned();
    let audit = engine::audit(&context, &record, !arguments.no_probe).await?;
    condition::audit(command.output, &audit, &principal, VERSION);
    for (file, form) in arguments.report.iter().zip(forms) {
        atomic_file::write(file, report(&audit, &principal, form).as_bytes())?;
        command.output.say(&format!("Written: {}", file.display()));
    }
    reach.close().await;
    match (audit.count(AuditAnswer::DoesNotHold), audit.count(AuditAnswer::Unknown)) {
        (0, 0) => Ok(()),
        (0, _) => Err(Ending::NotKnown),
        _ => Err(Ending::Told),
    }
}

/// The report in a form.
pub(super) fn report(audit: &Audit, principal: &str, form: Form) -> String {
    match form {
        Form::Markdown => markdown(audit, principal, VERSION),
        Form::Json => {
            let json = condition::audit_json(audit, principal, VERSION);
            foreign::json(&format!("{json:#}\n"))
        }
    }
}

/// The form that a report's file asks for; a file that is there is not replaced unless forced.
pub(super) fn check(file: &std::path::Path, force: bool) -> Result<Form> {
    let place = file.display().to_string();
    if file.exists() && !force {
        let what = "There is a file of this name already.";
        let advice = "Choose another name, or add --force to replace it.";
        return Err(Problem::new("ReportExists", what, advice).at(place));
    }
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("md") => Ok(Form::Markdown),
        Some("json") => Ok(Form::Json),
        _ => {
            let what =
                "The form of the report is told by its file's ending, and this one is not known.";
            let advice = "Name it something.md for Markdown or something.json for JSON.";
            Err(Problem::new("ReportFormUnknown", what, advice).at(place))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_refused_before_anything_is_read() {
        let home = tempfile::tempdir().unwrap();
        let there = home.path().join("there.md");
        std::fs::write(&there, "mine").unwrap();
        assert_eq!(check(&there, false).unwrap_err().code, "ReportExists");
        assert_eq!(check(&there, true).unwrap(), Form::Markdown);
        assert_eq!(check(&home.path().join("new.json"), false).unwrap(), Form::Json);
        let other = check(&home.path().join("new.pdf"), false);
        assert_eq!(other.unwrap_err().code, "ReportFormUnknown");
    }
}
