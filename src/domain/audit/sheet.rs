//! The findings of one point, and the few forms of rule that fields are held against.

use serde_json::Value;

use super::{
    Answer, Finding,
    case::{Missing, Part},
};

/// What a field must be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Rule<'a> {
    /// Exactly this text, whatever its case.
    Is(&'a str),
    /// One of these texts, whatever their case.
    OneOf(&'a [&'a str]),
    /// True, said so.
    True,
    /// False, said so: Azure takes silence for true.
    False,
    /// Anything but true: Azure takes silence for false.
    NotTrue,
    /// An empty list, or none.
    Empty,
    /// Anything but nothing.
    Something,
}

impl Rule<'_> {
    fn words(self) -> String {
        match self {
            Self::Is(text) => text.to_owned(),
            Self::OneOf(texts) => texts.join(" or "),
            Self::True => "true".into(),
            Self::False => "false".into(),
            Self::NotTrue => "false or not set".into(),
            Self::Empty => "nothing".into(),
            Self::Something => "something".into(),
        }
    }

    fn holds(self, value: Option<&Value>) -> bool {
        let value = value.filter(|value| !value.is_null());
        let text = value.and_then(Value::as_str);
        match self {
            Self::Is(wanted) => text.is_some_and(|text| text.eq_ignore_ascii_case(wanted)),
            Self::OneOf(wanted) => {
                text.is_some_and(|text| wanted.iter().any(|each| each.eq_ignore_ascii_case(text)))
            }
            Self::True => value == Some(&Value::Bool(true)),
            Self::False => value == Some(&Value::Bool(false)),
            Self::NotTrue => value != Some(&Value::Bool(true)),
            Self::Empty => value.is_none_or(is_empty),
            Self::Something => value.is_some_and(|value| !is_empty(value)),
        }
    }
}

/// The findings of one point.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) findings: Vec<Finding>,
}

impl Sheet {
    /// What the findings say together. Without any, nothing has been shown.
    pub(super) fn answer(&self) -> Answer {
        let any = |answer| self.findings.iter().any(|each| each.answer == answer);
        if any(Answer::DoesNotHold) {
            Answer::DoesNotHold
        } else if self.findings.is_empty() || any(Answer::Unknown) {
            Answer::Unknown
        } else {
            Answer::Holds
        }
    }

    /// Holds a field of a resource against a rule. Returns whether it was there and held.
    pub(super) fn field(
        &mut self,
        part: &Part<'_>,
        pointer: &str,
        rule: Rule<'_>,
        remedy: &str,
    ) -> bool {
        let Some(body) = self.body(part, pointer, &rule.words()) else {
            return false;
        };
        let value = body.pointer(pointer);
        let holds = rule.holds(value);
        self.add(
            part.name,
            pointer,
            &rule.words(),
            &told(value),
            if holds {
                Answer::Holds
            } else {
                Answer::DoesNotHold
            },
            remedy,
        );
        holds
    }

    /// The body of a resource; when there is none, that is a finding.
    pub(super) fn body<'a>(
        &mut self,
        part: &Part<'a>,
        pointer: &str,
        expected: &str,
    ) -> Option<&'a Value> {
        match part.body {
            Ok(body) => Some(body),
            Err(Missing::Absent) => {
                let remedy = "Run `privateaml mend`: it makes again what is missing.";
                self.add(
                    part.name,
                    pointer,
                    expected,
                    "the resource is not there",
                    Answer::DoesNotHold,
                    remedy,
                );
                None
            }
            Err(Missing::Unknown(why)) => {
                self.unknown(part.name, pointer, expected, why);
                None
            }
        }
    }

    /// Something that was looked at and is right or wrong.
    pub(super) fn judge(
        &mut self,
        resource: &str,
        field: &str,
        expected: &str,
        found: &str,
        holds: bool,
        remedy: &str,
    ) {
        let answer = if holds {
            Answer::Holds
        } else {
            Answer::DoesNotHold
        };
        self.add(resource, field, expected, found, answer, remedy);
    }

    /// Something that could not be read.
    pub(super) fn unknown(&mut self, resource: &str, field: &str, expected: &str, why: &str) {
        let found = format!("not known: {why}");
        let remedy = "Ask for the role Reader on the resource group, then run the audit again.";
        self.add(resource, field, expected, &found, Answer::Unknown, remedy);
    }

    /// Something that could not be proved, with what would prove it.
    pub(super) fn unproven(
        &mut self,
        resource: &str,
        field: &str,
        expected: &str,
        found: &str,
        remedy: &str,
    ) {
        self.add(resource, field, expected, found, Answer::Unknown, remedy);
    }

    /// Something that is as chosen, and open all the same.
    pub(super) fn open(&mut self, resource: &str, field: &str, found: &str, what: &str) {
        self.add(resource, field, "as chosen", found, Answer::Holds, what);
        if let Some(last) = self.findings.last_mut() {
            what.clone_into(&mut last.remedy);
            last.by_choice = true;
        }
    }

    fn add(
        &mut self,
        resource: &str,
        field: &str,
        expected: &str,
        found: &str,
        answer: Answer,
        remedy: &str,
    ) {
        let remedy = if answer == Answer::Holds { "" } else { remedy };
        self.findings.push(Finding {
            resource: resource.to_owned(),
            field: field.trim_start_matches('/').replace('/', "."),
            expected: expected.to_owned(),
            found: found.to_owned(),
            answer,
            remedy: remedy.to_owned(),
            by_choice: false,
        });
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::String(text) => text.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A value as a person reads it.
pub(super) fn told(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "not set".into(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) if items.is_empty() => "nothing".into(),
        Some(other) => other.to_string(),
    }
}
