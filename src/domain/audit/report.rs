//! The audit as a document for a compliance file.

use std::fmt::Write as _;

use super::{Answer, Audit, Finding};
use crate::domain::foreign::{self, markdown as escaped};

/// The report in Markdown: when, by whom, with which version, then each point with what was read.
#[must_use]
pub fn markdown(audit: &Audit, principal: &str, version: &str) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write(&mut text, audit, principal, version);
    text
}

fn write(text: &mut String, audit: &Audit, principal: &str, version: &str) -> std::fmt::Result {
    let read = audit
        .read_at
        .map_or_else(|| "not known".to_owned(), |at| at.to_string());
    writeln!(text, "# Isolation audit of {}\n", escaped(&audit.full_name))?;
    writeln!(text, "| | |\n|---|---|")?;
    writeln!(text, "| Read at | {read} |")?;
    writeln!(text, "| By | {} |", escaped(principal))?;
    writeln!(text, "| With | privateaml {version} |")?;
    writeln!(text, "| Holds | {} |", audit.count(Answer::Holds))?;
    writeln!(
        text,
        "| Does not hold | {} |",
        audit.count(Answer::DoesNotHold)
    )?;
    writeln!(text, "| Unknown | {} |\n", audit.count(Answer::Unknown))?;
    for point in &audit.points {
        writeln!(
            text,
            "## {}. {}: {}\n",
            point.number,
            point.title,
            point.answer.words()
        )?;
        writeln!(
            text,
            "| Resource | Field | Expected | Found | |\n|---|---|---|---|---|"
        )?;
        for finding in &point.findings {
            row(text, finding)?;
        }
        writeln!(text)?;
        for finding in point.findings.iter().filter(|each| !each.remedy.is_empty()) {
            let lead = if finding.by_choice {
                "Open by choice"
            } else {
                "Remedy"
            };
            writeln!(
                text,
                "- {lead}, {}: {}",
                escaped(&finding.resource),
                prose(&finding.remedy)
            )?;
        }
        if point.findings.iter().any(|each| !each.remedy.is_empty()) {
            writeln!(text)?;
        }
    }
    Ok(())
}

fn row(text: &mut String, finding: &Finding) -> std::fmt::Result {
    writeln!(
        text,
        "| {} | `{}` | {} | {} | {} |",
        escaped(&finding.resource),
        foreign::code(&finding.field),
        escaped(&finding.expected),
        escaped(&finding.found),
        finding.answer.words()
    )
}

/// A sentence of ours with names of others in it: its code spans stay, links and HTML do not come about.
fn prose(text: &str) -> String {
    foreign::line(text).replace('[', "\\[").replace('<', "\\<")
}
