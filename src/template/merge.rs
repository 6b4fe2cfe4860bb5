//! Joining fragments into one template by map union.
//!
//! Each fragment is a template of its own area (`network`, `firewall`, ...). A key that two fragments define
//! differently is an error, never a silent choice. This module must not evaluate.

use serde_json::{Map, Value as Json, json};

use super::document::Template;
use super::error::{Result, TemplateError};

/// The sections that are joined key by key, in the order in which they are written.
const SECTIONS: [&str; 4] = ["parameters", "variables", "resources", "outputs"];

impl Template {
    /// Joins fragments, each with the name of its area, into one template. Every resource receives its area as
    /// `metadata.area`. Other top-level keys (`$schema`, `languageVersion`, `contentVersion`, `metadata`) must agree.
    ///
    /// # Errors
    /// `InvalidTemplate` naming the key and both fragments when a key is defined twice with different content, and
    /// when a fragment or a section is not an object.
    pub fn merge(fragments: impl IntoIterator<Item = (String, Json)>) -> Result<Json> {
        let mut merged = Map::new();
        let mut sections: [Map<String, Json>; 4] = Default::default();
        // Who defined a place, for the message when a second fragment disagrees.
        let mut owners: Vec<(String, String)> = Vec::new();
        for (area, fragment) in fragments {
            let Json::Object(entries) = fragment else {
                let message = format!("The fragment '{area}' is not a JSON object.");
                return Err(TemplateError::invalid(message));
            };
            for (key, value) in entries {
                let section = SECTIONS.iter().zip(&mut sections).find(|(name, _)| **name == key);
                let Some((name, section)) = section else {
                    define(&mut merged, "", &key, value, &area, &mut owners)?;
                    continue;
                };
                let Json::Object(definitions) = value else {
                    let message = format!("'{key}' of the fragment '{area}' must be an object.");
                    return Err(TemplateError::invalid(message).within(&key));
                };
                for (symbol, mut definition) in definitions {
                    if *name == "resources" {
                        add_area(&mut definition, &area);
                    }
                    define(section, name, &symbol, definition, &area, &mut owners)?;
                }
            }
        }
        for (name, section) in SECTIONS.iter().zip(sections) {
            merged.insert((*name).to_owned(), Json::Object(section));
        }
        Ok(Json::Object(merged))
    }
}

fn define(
    into: &mut Map<String, Json>,
    section: &str,
    key: &str,
    value: Json,
    area: &str,
    owners: &mut Vec<(String, String)>,
) -> Result<()> {
    let place = if section.is_empty() { key.to_owned() } else { format!("{section}.{key}") };
    match into.get(key) {
        None => {
            into.insert(key.to_owned(), value);
            owners.push((place, area.to_owned()));
            Ok(())
        }
        Some(present) if *present == value => Ok(()),
        Some(_) => {
            let first = owners
                .iter()
                .find(|(owned, _)| *owned == place)
                .map_or("?", |(_, area)| area.as_str());
            Err(template_error!(
                "'{key}' is defined by the fragments '{first}' and '{area}', and they differ."
            )
            .within(&place))
        }
    }
}

fn add_area(definition: &mut Json, area: &str) {
    let Some(resource) = definition.as_object_mut() else { return };
    let metadata = resource.entry("metadata").or_insert_with(|| json!({}));
    if let Some(metadata) = metadata.as_object_mut() {
        metadata.entry("area").or_insert_with(|| json!(area));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fragments(second: Json) -> [(String, Json); 2] {
        [
            (
                "network".to_owned(),
                json!({
                    "languageVersion": "2.0",
                    "variables": {"vnet": "vnet-test1234"},
                    "resources": {"vnet": {"type": "a", "metadata": {"description": "The network"}}}
                }),
            ),
            ("firewall".to_owned(), second),
        ]
    }

    #[test]
    fn union_of_sections_with_the_area_of_each_resource() {
        let second = json!({
            "languageVersion": "2.0",
            "variables": {"vnet": "vnet-test1234", "firewall": "fw-test1234"},
            "resources": {"firewall": {"type": "b"}},
            "outputs": {"address": {"type": "string", "value": "x"}}
        });
        assert_eq!(
            Template::merge(fragments(second)).unwrap(),
            json!({
                "languageVersion": "2.0",
                "parameters": {},
                "variables": {"vnet": "vnet-test1234", "firewall": "fw-test1234"},
                "resources": {
                    "vnet": {"type": "a", "metadata": {"description": "The network", "area": "network"}},
                    "firewall": {"type": "b", "metadata": {"area": "firewall"}}
                },
                "outputs": {"address": {"type": "string", "value": "x"}}
            })
        );
    }

    #[test]
    fn a_key_defined_twice_names_both_fragments() {
        for (second, place) in [
            (json!({"variables": {"vnet": "other"}}), "variables.vnet"),
            (json!({"resources": {"vnet": {"type": "c"}}}), "resources.vnet"),
            (json!({"languageVersion": "1.9"}), "languageVersion"),
        ] {
            let error = Template::merge(fragments(second)).unwrap_err();
            assert_eq!(error.place, place);
            assert!(error.message.contains("'network' and 'firewall'"), "{}", error.message);
        }
    }

    #[test]
    fn a_fragment_of_the_wrong_form_is_refused() {
        assert!(Template::merge(fragments(json!([]))).is_err());
        assert!(Template::merge(fragments(json!({"resources": []}))).is_err());
    }
}
