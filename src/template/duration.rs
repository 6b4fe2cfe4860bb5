//! How long Azure usually takes to make or remove a resource, by resource type.
//!
//! Plans add these figures up and the practice cloud takes this long. This module must not measure anything and makes
//! no promise: the figures and where they come from stand in `assets/durations.toml`.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;
use serde_json::Value;

/// Two durations in seconds: the usual one, and the one that about one in twenty exceeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// Usual duration, in seconds.
    pub typical: u32,
    /// Duration that about one in twenty exceeds, in seconds.
    pub slow: u32,
}

/// What is known about one resource type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// Making it, or writing it again.
    pub create: Span,
    /// Removing it.
    pub delete: Span,
    /// True when no published figure for making it was found.
    pub create_is_estimated: bool,
    /// True when no published figure for removing it was found.
    pub delete_is_estimated: bool,
}

/// The table of durations.
#[derive(Debug)]
pub struct Durations {
    other: Times,
    by_type: HashMap<TypeKey, Times>,
    by_operation: HashMap<String, Vec<Span>>,
}

type TypeKey = (String, Option<String>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    other: DefaultTimes,
    #[serde(rename = "type")]
    types: Vec<TypeTimes>,
    operation: Vec<OperationTimes>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OperationTimes {
    name: String,
    steps: Vec<Span>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DefaultTimes {
    create: Span,
    delete: Span,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypeTimes {
    name: String,
    kind: Option<String>,
    create: Span,
    delete: Span,
    #[serde(default)]
    estimated: Vec<TimedAction>,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum TimedAction {
    Create,
    Delete,
}

static EMBEDDED: LazyLock<Durations> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the table is compiled in, and a test reads it")]
    Durations::from_toml(include_str!("../../assets/durations.toml")).expect("a readable table")
});

impl Durations {
    /// The table that is compiled into the program.
    pub fn embedded() -> &'static Self {
        &EMBEDDED
    }

    fn from_toml(text: &str) -> Result<Self, toml::de::Error> {
        let document: Document = toml::from_str(text)?;
        let by_type = document
            .types
            .into_iter()
            .map(|row| {
                let times = Times {
                    create: row.create,
                    delete: row.delete,
                    create_is_estimated: row.estimated.contains(&TimedAction::Create),
                    delete_is_estimated: row.estimated.contains(&TimedAction::Delete),
                };
                (key(&row.name, row.kind.as_deref()), times)
            })
            .collect();
        Ok(Self {
            other: Times {
                create: document.other.create,
                delete: document.other.delete,
                create_is_estimated: true,
                delete_is_estimated: true,
            },
            by_type,
            by_operation: document.operation.into_iter().map(|row| (row.name, row.steps)).collect(),
        })
    }

    /// The times of the steps of an operation that is no deployment, first to last; none of one that has no steps.
    pub fn steps(&self, operation: &str) -> &[Span] {
        self.by_operation.get(operation).map_or(&[], Vec::as_slice)
    }

    /// The times of a resource type, whatever its case. `kind` narrows them where the table has the kind; see [`kind`].
    pub fn of(&self, resource_type: &str, kind: Option<&str>) -> Times {
        kind.and_then(|kind| self.by_type.get(&key(resource_type, Some(kind))))
            .or_else(|| self.by_type.get(&key(resource_type, None)))
            .copied()
            .unwrap_or(self.other)
    }
}

/// The part of a resource's body that tells variants of one type apart: `properties.computeType`.
pub fn kind(body: &Value) -> Option<&str> {
    body.pointer("/properties/computeType")?.as_str()
}

fn key(resource_type: &str, kind: Option<&str>) -> TypeKey {
    (resource_type.to_ascii_lowercase(), kind.map(str::to_ascii_lowercase))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::{Template, hub};
    use serde_json::json;

    #[test]
    fn every_entry_is_slower_when_slow() {
        let table = Durations::embedded();
        assert!(table.by_type.len() > 30);
        for (key, times) in &table.by_type {
            assert!(times.create.typical <= times.create.slow, "{key:?}");
            assert!(times.delete.typical <= times.delete.slow, "{key:?}");
            assert!(times.create.typical > 0, "{key:?}");
        }
        for span in table.by_operation.values().flatten() {
            assert!(0 < span.typical && span.typical <= span.slow, "{span:?}");
        }
    }

    #[test]
    fn types_are_found_in_any_case_and_unknown_ones_get_the_common_entry() {
        let table = Durations::embedded();
        let firewall = table.of("microsoft.network/AZUREFIREWALLS", None);
        assert_eq!(firewall.create.typical, 450);
        assert!(!firewall.create_is_estimated);
        assert_eq!(table.of("Contoso.Toys/blocks", Some("Red")), table.other);
    }

    #[test]
    fn every_type_of_the_templates_has_an_entry() {
        let table = Durations::embedded();
        for template in [Template::embedded(), hub::template()] {
            for resource in template.resources() {
                let key = key(&resource.resource_type, None);
                assert!(table.by_type.contains_key(&key), "{key:?}");
            }
        }
    }

    #[test]
    fn the_kind_of_a_compute_counts() {
        let table = Durations::embedded();
        let computes = "Microsoft.MachineLearningServices/workspaces/computes";
        let body = json!({"properties": {"computeType": "ComputeInstance"}});
        let instance = table.of(computes, kind(&body));
        let cluster = table.of(computes, Some("AmlCompute"));
        assert!(instance.create.typical > cluster.create.typical);
        assert_eq!(table.of(computes, Some("Kubernetes")), table.of(computes, None));
    }
}
