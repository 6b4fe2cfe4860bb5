//! A forecast in sentences: what would be deleted first, each property with its value now and then.

use serde_json::Value;

use super::{ChangeKind, Forecast, Foreseen, ForeseenProperty};
use crate::domain::words::count;

/// Longest value that is told whole, in characters; longest one with values inside.
const LONGEST: usize = 60;
const LONGEST_INSIDE: usize = 160;

impl Foreseen {
    /// Type and name, as the id ends.
    pub fn name(&self) -> &str {
        last(&self.id)
    }

    fn heading(&self) -> String {
        let name = self.name();
        match self.kind {
            ChangeKind::Delete => format!("Deletes {name}"),
            ChangeKind::Modify if self.properties.is_empty() => {
                format!("Changes {name}; Azure does not say what of it")
            }
            ChangeKind::Modify => format!("Changes {name}"),
            _ => format!("Writes {name}; whether that changes anything is not known"),
        }
    }
}

fn last(id: &str) -> &str {
    id.rsplit("/providers/").next().unwrap_or(id)
}

impl ForeseenProperty {
    fn words(&self) -> String {
        let path = &self.path;
        if self.is_secret() {
            return format!("{path}: changes (its value is not shown)");
        }
        match (&self.before, &self.after) {
            (before, Value::Null) => format!("{path}: removed, was {}", short(before)),
            (Value::Null, after) => format!("{path}: set to {}", short(after)),
            (before, after) => format!("{path}: {} becomes {}", short(before), short(after)),
        }
    }
}

/// A value on one line, cut where it is long.
fn short(value: &Value) -> String {
    let whole = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let is_inside = value.is_object() || value.is_array();
    let longest = if is_inside { LONGEST_INSIDE } else { LONGEST };
    if whole.chars().count() <= longest {
        return whole;
    }
    let head: String = whole.chars().take(longest).collect();
    format!("{head}…")
}

impl Forecast {
    /// Whether a deployment would change nothing that can be told.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.unforeseen.is_empty()
    }

    /// The first sentence: how much would change.
    pub fn headline(&self) -> String {
        let unknown = match self.unforeseen.len() {
            0 => String::new(),
            many => {
                format!(" Of {} Azure can tell nothing before it runs.", count(many, "resource"))
            }
        };
        let of = |kind| self.changes.iter().filter(|change| change.kind == kind).count();
        let counts = [
            (of(ChangeKind::Delete), "deleted"),
            (of(ChangeKind::Modify), "changed"),
            (of(ChangeKind::Create), "created"),
            (of(ChangeKind::Deploy), "written, with an effect that is not known"),
        ];
        let mut told: Vec<String> = Vec::new();
        for (many, words) in counts.into_iter().filter(|(many, _)| *many > 0) {
            let is_first = told.is_empty();
            let many = if is_first { count(many, "resource") } else { many.to_string() };
            told.push(format!("{many} {words}"));
        }
        if told.is_empty() {
            return format!("Azure foresees no change.{unknown}");
        }
        format!("Azure foresees: {}.{unknown}", told.join(", "))
    }

    /// Everything but the headline: a line for each resource, and below it one for each property, indented. What is
    /// created, known to be none or not known is one line a kind.
    pub fn lines(&self) -> Vec<String> {
        let (created, changed): (Vec<&Foreseen>, Vec<&Foreseen>) =
            self.changes.iter().partition(|change| change.kind == ChangeKind::Create);
        let mut lines = Vec::new();
        for change in changed {
            lines.push(change.heading());
            let real = change.properties.iter().filter(|property| property.noise.is_none());
            lines.extend(real.map(|property| format!("  {}", property.words())));
        }
        if !created.is_empty() {
            let names: Vec<&str> = created.iter().map(|change| change.name()).collect();
            lines.push(format!("Creates {}", names.join(", ")));
        }
        let noise = self.noise();
        if !noise.is_empty() {
            lines.push("Listed by Azure, and known to be no change:".into());
            lines.extend(noise.iter().map(|(why, what)| format!("  {}. {why}", what.join(", "))));
        }
        if !self.unforeseen.is_empty() {
            let names: Vec<&str> = self.unforeseen.iter().map(|one| last(&one.id)).collect();
            lines.push(format!("Not known before it runs: {}", names.join(", ")));
        }
        lines
    }

    /// What is known to be no change, by reason.
    fn noise(&self) -> Vec<(&str, Vec<String>)> {
        let mut by_reason: Vec<(&str, Vec<String>)> = Vec::new();
        for change in self.changes.iter().chain(&self.apart) {
            for property in &change.properties {
                let Some(why) = property.noise.as_deref() else { continue };
                let what = format!("{} of {}", property.path, change.name());
                match by_reason.iter_mut().find(|(known, _)| *known == why) {
                    Some((_, named)) => named.push(what),
                    None => by_reason.push((why, vec![what])),
                }
            }
        }
        by_reason
    }
}
