//! The findings of one point, and the few forms of rule that fields are held against.

use serde_json::Value;

use super::{
    Answer, Finding,
    case::{Case, Missing, Part, items},
};
use crate::domain::additions::{Change, Explained, Seen};

/// What is told of a field that says nothing.
const NOT_SET: &str = "not set";

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

    /// As `field`; what the template itself sets against the rule was chosen, and stays open: `what` says what that means.
    pub(super) fn field_or_chosen(
        &mut self,
        part: &Part<'_>,
        planned: &Value,
        pointer: &str,
        (rule, remedy): (Rule<'_>, &str),
        what: &str,
    ) {
        let planned = planned
            .pointer(pointer)
            .filter(|planned| !rule.holds(Some(planned)));
        let found = part.body.ok().and_then(|body| body.pointer(pointer));
        match (planned, found) {
            (Some(planned), Some(found))
                if told(Some(planned)).eq_ignore_ascii_case(&told(Some(found))) =>
            {
                let field = pointer.trim_start_matches('/').replace('/', ".");
                self.open(part.name, &field, &told(Some(found)), what);
            }
            _ => drop(self.field(part, pointer, rule, remedy)),
        }
    }

    /// Holds a list of a resource against the rule that it is empty. What Azure adds to it by itself does not count; where
    /// it leaves something open, that is said.
    pub(super) fn nothing_added(
        &mut self,
        case: &Case<'_>,
        part: &Part<'_>,
        resource_type: &str,
        pointer: &str,
        remedy: &str,
    ) {
        let Some(body) = self.body(part, pointer, &Rule::Empty.words()) else {
            return;
        };
        let scene = case.scene();
        let field = pointer.trim_start_matches('/').replace('/', ".");
        let mut strange = Vec::new();
        for item in items(body, pointer) {
            let explained = scene.explain(&Seen {
                id: part.id,
                resource_type,
                path: &field,
                change: Change::Added,
                found: Some(item),
            });
            match explained {
                Explained::By(row) if row.open.is_empty() => {}
                Explained::By(row) => self.open(part.name, &field, &told(Some(item)), &row.open),
                Explained::NotKnown => {
                    let why = "what it depends on was not read";
                    self.unknown(part.name, &field, &Rule::Empty.words(), why);
                }
                Explained::No => strange.push(item.clone()),
            }
        }
        let holds = strange.is_empty();
        let found = told(Some(&Value::Array(strange)));
        self.judge(
            part.name,
            pointer,
            &Rule::Empty.words(),
            &found,
            holds,
            remedy,
        );
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
        let found = if found.is_empty() { NOT_SET } else { found };
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
        None | Some(Value::Null) => NOT_SET.into(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) if items.is_empty() => "nothing".into(),
        Some(other) => other.to_string(),
    }
}
