//! Between what is typed and the draft: how each line is read, and what it says when a draft fills the form.

use std::collections::BTreeMap;

use super::Field;
use crate::domain::{
    allowlist::{PackageSource, package_source},
    settings::{AutoShutdown, Draft, LONGEST_RETENTION, SHORTEST_RETENTION, ShutdownChoice},
};

/// What stands there while no package index is let through.
const OFF: &str = "off";
/// Days that logs are kept when nothing is said.
const USUAL_RETENTION: u16 = 30;

/// What a draft says, as the line of a field.
pub(super) fn of(draft: &Draft, field: Field) -> String {
    match field {
        Field::Name => draft.name.clone().unwrap_or_default(),
        Field::AddressSpace => draft.address_space.clone().unwrap_or_default(),
        Field::ShutdownTime => shutdown(draft).0,
        Field::PythonPackages => match draft.python_packages.as_deref() {
            None | Some([]) => OFF.to_owned(),
            Some(hosts) => hosts.join(", "),
        },
        Field::LogRetention => draft.log_retention_days.unwrap_or(USUAL_RETENTION).to_string(),
        Field::Tags => {
            let tags: Vec<String> = draft
                .tags
                .iter()
                .map(|(name, value)| format!("{name}={}", value.replace(',', "\\,")))
                .collect();
            tags.join(", ")
        }
        _ => String::new(),
    }
}

/// Time and time zone of the daily shutdown.
pub(super) fn shutdown(draft: &Draft) -> (String, String) {
    let usual = AutoShutdown::default();
    let (time, zone) = match &draft.auto_shutdown {
        None | Some(ShutdownChoice::Switch(true)) => (usual.time, usual.time_zone),
        Some(ShutdownChoice::Switch(false)) => ("off".to_owned(), usual.time_zone),
        Some(ShutdownChoice::Text(text)) => (text.clone(), usual.time_zone),
        Some(ShutdownChoice::At(at)) => (at.time.clone(), at.time_zone.clone()),
    };
    (time, draft.time_zone.clone().unwrap_or(zone))
}

/// Puts a line into the draft. What cannot be read leaves its answer empty; `fault` says so.
pub(super) fn put(draft: &mut Draft, field: Field, text: &str) {
    // Spaces around an answer are nobody's intention.
    let some = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
    match field {
        Field::Name => draft.name = some(text),
        Field::AddressSpace => draft.address_space = some(text),
        Field::ShutdownTime => {
            // The zone stands in a field of its own.
            draft.time_zone = Some(shutdown(draft).1);
            draft.auto_shutdown = Some(ShutdownChoice::Text(text.trim().to_owned()));
        }
        Field::PythonPackages => {
            draft.python_packages = match package_source(text) {
                Ok(PackageSource::Hosts(hosts)) => Some(hosts),
                _ => None,
            };
        }
        Field::LogRetention => draft.log_retention_days = text.trim().parse().ok(),
        Field::Tags => draft.tags = tags(text).unwrap_or_default(),
        _ => {}
    }
}

/// What is wrong with a line that cannot be read, and what would be right.
pub(super) fn fault(field: Field, text: &str) -> Option<(String, String)> {
    match field {
        Field::PythonPackages => match package_source(text) {
            Ok(PackageSource::Off | PackageSource::Hosts(_)) => None,
            Ok(_) => Some((
                "pip on this machine has not told its index yet.".to_owned(),
                "Wait a moment, or write the host of an index, or off.".to_owned(),
            )),
            Err(problem) => Some((problem.what, problem.advice)),
        },
        Field::LogRetention if text.trim().parse::<u16>().is_err() => Some((
            format!("\"{text}\" is not a number of days."),
            format!("Use {SHORTEST_RETENTION} to {LONGEST_RETENTION}."),
        )),
        Field::Tags => tags(text).err().map(|piece| {
            (
                format!("\"{piece}\" is not a tag."),
                "Write name=value, with commas between: costCenter=4711, owner=me.".to_owned(),
            )
        }),
        _ => None,
    }
}

/// Reads tags; answers the piece that is none.
fn tags(text: &str) -> Result<BTreeMap<String, String>, String> {
    pieces(text)
        .into_iter()
        .map(|piece| {
            let (name, value) = piece.split_once('=').ok_or_else(|| piece.clone())?;
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        })
        .collect()
}

/// The pieces between commas; a comma behind a backslash belongs to its piece.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let escaped = letter == '\\' && letters.peek() == Some(&',');
        if letter == ',' {
            pieces.push(String::new());
        } else if let Some(piece) = pieces.last_mut() {
            piece.push(if escaped { ',' } else { letter });
            if escaped {
                letters.next();
            }
        }
    }
    pieces.iter().map(|piece| piece.trim().to_owned()).filter(|piece| !piece.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_drafts_say_the_same() {
        for (field, line, again) in [
            (Field::Name, "test", "test"),
            (Field::AddressSpace, "10.1.0.0/22", "10.1.0.0/22"),
            (Field::ShutdownTime, "18:30", "18:30"),
            (Field::ShutdownTime, "off", "off"),
            (Field::LogRetention, "90", "90"),
            (Field::PythonPackages, "off", "off"),
            (Field::PythonPackages, "a.example.com,b.example.com", "a.example.com, b.example.com"),
            (Field::Tags, "b=2 ,a = 1,", "a=1, b=2"),
            (Field::Tags, "a=x\\,y, b=2", "a=x\\,y, b=2"),
        ] {
            let mut draft = Draft::default();
            put(&mut draft, field, line);
            assert_eq!(of(&draft, field), again, "{line}");
            assert_eq!(fault(field, line), None, "{line}");
        }
    }

    #[test]
    fn a_line_that_cannot_be_read_says_so() {
        for (field, line) in [
            (Field::LogRetention, "long"),
            (Field::PythonPackages, "pip"),
            (Field::PythonPackages, "*.example.com"),
            (Field::LogRetention, ""),
            (Field::LogRetention, "70000"),
            (Field::Tags, "a=1, owner"),
        ] {
            assert!(fault(field, line).is_some(), "{line}");
        }
    }

    #[test]
    fn the_time_zone_outlives_a_change_of_the_time() {
        let mut draft = Draft {
            auto_shutdown: Some(ShutdownChoice::At(AutoShutdown {
                time: "1800".into(),
                time_zone: "W. Europe Standard Time".into(),
            })),
            ..Draft::default()
        };
        put(&mut draft, Field::ShutdownTime, "1930");
        assert_eq!(shutdown(&draft), ("1930".to_owned(), "W. Europe Standard Time".to_owned()));
    }
}
