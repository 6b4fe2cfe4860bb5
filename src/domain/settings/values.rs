//! Between words and answers: how what is typed or given by a flag becomes the value that a plan file has under the
//! field's key, and what that value is in words again.

use serde_json::{Value, json};

use super::fields::{AnswerKind, FieldRow};
use super::rules::{LONGEST_RETENTION, SHORTEST_RETENTION};
use crate::domain::allowlist::{OwnHost, PackageSource, package_source};
use crate::domain::problem::{Problem, Result};

impl FieldRow {
    /// The value that words mean, each of them one use of the flag.
    ///
    /// # Errors
    /// When they cannot be read; whether the value can be used is judged with the whole draft.
    pub fn parse(&self, words: &[String]) -> Result<Value> {
        let first = words.first().map_or("", String::as_str);
        match self.kind {
            AnswerKind::Many => Ok(json!(words)),
            AnswerKind::Hosts => {
                let hosts = words.iter().filter_map(|text| text.parse::<OwnHost>().ok());
                Ok(json!(hosts.collect::<Vec<_>>()))
            }
            AnswerKind::Tags => words.iter().map(|text| tag(text)).collect(),
            AnswerKind::Switch(_) => Ok(json!(first == "true")),
            AnswerKind::Number => first.trim().parse::<u16>().map(Value::from).map_err(|_| {
                let advice = format!("Use {SHORTEST_RETENTION} to {LONGEST_RETENTION}.");
                Problem::new(
                    "SettingInvalid",
                    format!("\"{first}\" is not a number of days."),
                    advice,
                )
                .at(self.flag)
            }),
            AnswerKind::Packages => match package_source(first)? {
                PackageSource::Off => Ok(json!([])),
                PackageSource::Hosts(hosts) => Ok(json!(hosts)),
                _ => Err(Problem::new(
                    "PackageIndexUnknown",
                    "pip on this machine has not told its index yet.",
                    "Wait a moment, or write the host of an index, or off.",
                )
                .at(self.flag)),
            },
            AnswerKind::Text | AnswerKind::OneOf(_) | AnswerKind::Listed | AnswerKind::Button => {
                Ok(json!(first))
            }
        }
    }

    /// The value that a line of the form means. What is empty is no answer where one is needed.
    ///
    /// # Errors
    /// When the line cannot be read.
    pub fn parse_line(&self, line: &str) -> Result<Value> {
        let line = line.trim();
        match self.kind {
            AnswerKind::Tags => self.parse(&pieces(line)).map_err(|problem| Problem {
                advice: "Write name=value, with commas between: costCenter=4711, owner=me.".into(),
                ..problem
            }),
            _ if line.is_empty() && self.needed.is_some() => Ok(Value::Null),
            _ => self.parse(&[line.to_owned()]),
        }
    }

    /// A value in the words of its flag, one for each use.
    pub fn words(&self, value: &Value) -> Vec<String> {
        match (value, self.kind) {
            (Value::Null, _) => Vec::new(),
            (Value::Array(hosts), AnswerKind::Packages) if hosts.is_empty() => Vec::new(),
            (Value::Array(hosts), AnswerKind::Packages) => {
                vec![hosts.iter().map(word).collect::<Vec<_>>().join(",")]
            }
            (Value::Array(each), _) => each.iter().map(word).collect(),
            (Value::Object(tags), _) => {
                tags.iter().map(|(name, value)| format!("{name}={}", word(value))).collect()
            }
            (value, AnswerKind::OneOf(_)) => vec![word(value).to_lowercase()],
            (value, _) => vec![word(value)],
        }
    }

    /// A value as a line of the form.
    pub fn line(&self, value: &Value) -> String {
        let words = self.words(value);
        match self.kind {
            AnswerKind::Packages if words.is_empty() => "off".to_owned(),
            AnswerKind::Packages => words.concat().replace(',', ", "),
            AnswerKind::Tags => {
                let escaped = words.iter().map(|word| word.replace(',', "\\,"));
                escaped.collect::<Vec<_>>().join(", ")
            }
            _ => words.into_iter().next().unwrap_or_default(),
        }
    }
}

/// One value in one word: a host with its ports, a text, a number, a switch.
fn word(value: &Value) -> String {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    match (value, text("host"), text("ports")) {
        (_, Some(host), Some(ports)) => format!("{host}={ports}"),
        (_, Some(host), None) => host.to_owned(),
        (Value::String(text), ..) => text.clone(),
        (other, ..) => other.to_string(),
    }
}

fn tag(text: &str) -> Result<(String, Value)> {
    let (name, value) = text.split_once('=').ok_or_else(|| {
        Problem::new(
            "TagInvalid",
            format!("\"{text}\" is not a tag."),
            "Write it as key=value, such as costCenter=4711.",
        )
        .at("--tag")
    })?;
    Ok((name.trim().to_owned(), json!(value.trim())))
}

/// The pieces between commas; a comma behind a backslash belongs to its piece.
fn pieces(line: &str) -> Vec<String> {
    // Nobody can type this character into a line.
    const COMMA: &str = "\0";
    let line = line.replace("\\,", COMMA);
    let pieces = line.split(',').map(|piece| piece.trim().replace(COMMA, ","));
    pieces.filter(|piece| !piece.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use crate::domain::settings::Field;

    #[test]
    fn lines_and_values_say_the_same() {
        for (field, line, again) in [
            (Field::Name, "test", "test"),
            (Field::AddressSpace, "10.1.0.0/22", "10.1.0.0/22"),
            (Field::ShutdownTime, "18:30", "18:30"),
            (Field::ShutdownTime, "off", "off"),
            (Field::LogRetention, "90", "90"),
            (Field::PythonPackages, "off", "off"),
            (Field::PythonPackages, "a.example.com,b.example.com", "a.example.com, b.example.com"),
            (Field::Tags, "b=2 ,a = 1,", "b=2, a=1"),
            (Field::Tags, "a=x\\,y, b=2", "a=x\\,y, b=2"),
        ] {
            let value = field.row().parse_line(line).unwrap();
            assert_eq!(field.row().line(&value), again, "{line}");
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
            assert!(field.row().parse_line(line).is_err(), "{line}");
        }
    }
}
