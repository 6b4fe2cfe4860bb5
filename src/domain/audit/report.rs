//! The audit as a document for a compliance file.

use std::fmt::Write as _;

use super::{Audit, AuditAnswer, Finding, List, NOT_LOOKED_AT};
use crate::domain::foreign::{self, markdown as escaped};
use crate::domain::ways::counted;
use crate::domain::words::capital;

/// The report in Markdown: when, by whom, with which version; the three lists; each point with what was read; and
/// what no audit looks at.
pub fn markdown(audit: &Audit, principal: &str, version: &str) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write(&mut text, audit, principal, version);
    text
}

fn write(text: &mut String, audit: &Audit, principal: &str, version: &str) -> std::fmt::Result {
    let read = audit.read_at.map_or_else(|| "not known".to_owned(), |at| at.to_string());
    writeln!(text, "# Isolation audit of {}\n", escaped(&audit.full_name))?;
    writeln!(text, "| | |\n|---|---|")?;
    writeln!(text, "| Read at | {read} |")?;
    writeln!(text, "| By | {} |", escaped(principal))?;
    writeln!(text, "| With | privateaml {version} |")?;
    for answer in [AuditAnswer::Holds, AuditAnswer::DoesNotHold, AuditAnswer::Unknown] {
        let words = capital(answer.words());
        writeln!(text, "| {words} | {} of {} points |", audit.count(answer), audit.points.len())?;
    }
    let open = audit.list(List::OpenByChoice).count();
    writeln!(text, "| Open by choice | {open}; {} |\n", counted(audit.ways_out().len()))?;
    for list in List::ALL {
        of_list(text, audit, list)?;
    }
    writeln!(text, "## Not looked at\n")?;
    for line in NOT_LOOKED_AT {
        writeln!(text, "- {}", prose(line))?;
    }
    writeln!(text, "\n## The points\n")?;
    for point in &audit.points {
        writeln!(text, "### {}. {}: {}\n", point.number, point.title, point.answer.words())?;
        writeln!(text, "| Resource | Place | Planned | Found | |\n|---|---|---|---|---|")?;
        for finding in &point.findings {
            row(text, finding)?;
        }
        writeln!(text)?;
    }
    Ok(())
}

fn of_list(text: &mut String, audit: &Audit, list: List) -> std::fmt::Result {
    writeln!(text, "## {}\n", list.title())?;
    let mut empty = true;
    for (number, finding) in audit.list(list) {
        empty = false;
        let place = match finding.field.as_str() {
            "" => String::new(),
            field => format!(" `{}`", foreign::code(field)),
        };
        write!(
            text,
            "- {number}. {}{place}: {}",
            escaped(&finding.resource),
            escaped(&finding.found)
        )?;
        match list {
            List::DoesNotHold if !finding.expected.is_empty() => {
                write!(text, " (planned: {})", escaped(&finding.expected))?;
            }
            List::OpenByChoice => write!(text, ". How wide: {}", prose(&finding.width))?,
            _ => {}
        }
        let lead = if list == List::OpenByChoice { "What closes it" } else { "What to do" };
        writeln!(text, ". {lead}: {}", prose(&finding.remedy))?;
    }
    if empty {
        writeln!(text, "Nothing.")?;
    }
    writeln!(text)
}

fn row(text: &mut String, finding: &Finding) -> std::fmt::Result {
    let words = if finding.by_choice { "open by choice" } else { finding.answer.words() };
    writeln!(
        text,
        "| {} | `{}` | {} | {} | {words} |",
        escaped(&finding.resource),
        foreign::code(&finding.field),
        escaped(&finding.expected),
        escaped(&finding.found),
    )
}

/// A sentence of ours with names of others in it: its code spans stay, links and HTML do not come about.
fn prose(text: &str) -> String {
    foreign::line(text).replace('[', "\\[").replace('<', "\\<")
}
