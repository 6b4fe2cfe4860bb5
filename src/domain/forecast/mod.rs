//! What a deployment over resources that exist would change, as Azure foresees it (what-if), with its known noise set
//! apart.
//!
//! Azure's list is a second opinion: it names properties that no deployment touches, and of values known only at run
//! time it can tell nothing (<https://learn.microsoft.com/azure/azure-resource-manager/templates/deploy-what-if>).
//! Nothing is dropped that Azure calls a change: what is known to be none is told with the reason. This module must not
//! ask anything.

mod lists;
mod noise;
#[cfg(test)]
mod tests;
mod words;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::plan::Plan;

/// What would happen to one resource, in Azure's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ChangeKind {
    /// It would be deleted.
    Delete,
    /// Some of its properties would change.
    Modify,
    /// It would be written; whether that changes anything cannot be told.
    Deploy,
    /// It would be created.
    Create,
    /// It is not part of the template and stays.
    Ignore,
    /// It stays as it is.
    NoChange,
    /// Nothing can be told of it.
    #[serde(other)]
    Unsupported,
}

/// One resource of Azure's answer.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceChange {
    /// The resource's id.
    pub resource_id: String,
    /// What would happen.
    #[serde(rename = "changeType")]
    pub kind: ChangeKind,
    /// The properties that would change; `null` or absent where Azure tells none.
    #[serde(default)]
    pub delta: Option<Vec<PropertyChange>>,
    /// Why nothing can be told.
    #[serde(default)]
    pub unsupported_reason: Option<String>,
    /// The whole resource now.
    #[serde(default)]
    pub before: Value,
    /// The whole resource then.
    #[serde(default)]
    pub after: Value,
}

impl ResourceChange {
    /// A list of the resource, now and then.
    fn lists(&self, path: &str) -> Option<(&Value, &Value)> {
        let pointer = format!("/{}", path.replace('.', "/"));
        Some((self.before.pointer(&pointer)?, self.after.pointer(&pointer)?))
    }
}

/// One property of Azure's answer.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PropertyChange {
    /// Its path within the resource, or within its parent's change; the index of an item of a list.
    pub path: String,
    /// `Create`, `Delete`, `Modify`, `Array` or `NoEffect`.
    #[serde(rename = "propertyChangeType")]
    pub kind: String,
    /// Its value now.
    #[serde(default)]
    pub before: Value,
    /// Its value then.
    #[serde(default)]
    pub after: Value,
    /// Changes inside it.
    #[serde(default)]
    pub children: Option<Vec<PropertyChange>>,
}

/// A property that would change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ForeseenProperty {
    /// Its path, such as `properties.subnets[2].properties.addressPrefix`.
    pub path: String,
    /// Its value now; null where there is none.
    pub before: Value,
    /// Its value then; null where it is removed.
    pub after: Value,
    /// Why it is known to be no change; absent where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noise: Option<String>,
}

/// Words in the name of a property whose value no list may hold.
const SECRETS: [&str; 6] =
    ["password", "secret", "sharedkey", "accesskey", "token", "connectionstring"];

impl ForeseenProperty {
    /// Whether its values are nobody's business: they are null then.
    pub fn is_secret(&self) -> bool {
        let path = self.path.to_lowercase();
        SECRETS.iter().any(|word| path.contains(word))
    }
}

/// A resource that a deployment would change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Foreseen {
    /// The resource's id.
    pub id: String,
    /// What would happen.
    pub kind: ChangeKind,
    /// The properties that would change: those that are removed first.
    #[serde(default)]
    pub properties: Vec<ForeseenProperty>,
}

/// A resource of which nothing can be told before the deployment runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unforeseen {
    /// The resource's id, as far as Azure knows it.
    pub id: String,
    /// Why, in Azure's words.
    pub why: String,
}

/// What a deployment would change.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// What would change: deletions first, then modifications, then what is created.
    #[serde(default)]
    pub changes: Vec<Foreseen>,
    /// What Azure calls a change and is known to be none.
    #[serde(default)]
    pub apart: Vec<Foreseen>,
    /// What cannot be told.
    #[serde(default)]
    pub unforeseen: Vec<Unforeseen>,
}

impl Forecast {
    /// Judges Azure's answer to the deployment of a plan.
    pub fn of(answer: Vec<ResourceChange>, plan: &Plan) -> Self {
        let mut forecast = Self::default();
        for change in answer {
            match change.kind {
                ChangeKind::Ignore | ChangeKind::NoChange => {}
                ChangeKind::Unsupported => forecast.unforeseen.push(Unforeseen {
                    id: change.resource_id,
                    why: change.unsupported_reason.unwrap_or_default(),
                }),
                kind => forecast.judge(change, kind, plan),
            }
        }
        forecast.changes.sort_by_key(|change| change.kind);
        forecast
    }

    fn judge(&mut self, mut change: ResourceChange, kind: ChangeKind, plan: &Plan) {
        let planned =
            plan.resources.iter().find(|one| one.id.eq_ignore_ascii_case(&change.resource_id));
        let mut properties = Vec::new();
        let told = change.delta.is_some();
        for each in change.delta.take().unwrap_or_default() {
            let lists = change.lists(&each.path).filter(|_| each.kind == "Array");
            match lists.and_then(|(old, new)| lists::by_name(&each.path, old, new)) {
                Some(mut named) => properties.append(&mut named),
                None => flatten("", vec![each], &mut properties),
            }
        }
        for property in &mut properties {
            property.noise = noise::why(planned, property);
            if property.is_secret() {
                (property.before, property.after) = (Value::Null, Value::Null);
            }
        }
        properties.sort_by_key(|property| property.is_secret() || !property.after.is_null());
        let real = properties.iter().any(|property| property.noise.is_none());
        let foreseen = Foreseen { id: change.resource_id, kind, properties };
        // A modification without a word on what it modifies is none that can be set apart.
        match kind {
            ChangeKind::Modify if told && foreseen.properties.is_empty() => {}
            ChangeKind::Modify if told && !real => self.apart.push(foreseen),
            _ => self.changes.push(foreseen),
        }
    }
}

/// Lists the changed values within changes, each with its whole path. What Azure itself calls without effect, and what
/// is the same before and after, is left out.
fn flatten(above: &str, changes: Vec<PropertyChange>, found: &mut Vec<ForeseenProperty>) {
    for change in changes {
        let path = join(above, &change.path);
        match change.children {
            Some(children) if !children.is_empty() => flatten(&path, children, found),
            _ if change.kind == "NoEffect" || change.before == change.after => {}
            _ => found.push(ForeseenProperty {
                path,
                before: change.before,
                after: change.after,
                noise: None,
            }),
        }
    }
}

fn join(above: &str, path: &str) -> String {
    let is_index = path.bytes().all(|sign| sign.is_ascii_digit());
    match (above, is_index) {
        (above, true) => format!("{above}[{path}]"),
        ("", false) => path.to_owned(),
        (above, false) => format!("{above}.{path}"),
    }
}
