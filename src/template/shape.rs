//! Types that a template defines itself, and what they demand of a value.
//!
//! A parameter names one by `$ref`, as do the parts of other types; what stands beside the reference goes before what
//! the definition says. Format:
//! <https://learn.microsoft.com/azure/azure-resource-manager/templates/definitions>. Nothing is evaluated here.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::document::ParameterType;
use super::error::{Result, TemplateError};

/// References that lead to references; more are taken for a circle.
const LONGEST_CHAIN: usize = 32;
/// Prefix of a reference to a definition of the same template.
const DEFINITIONS: &str = "#/definitions/";

/// A template's definitions.
pub type Definitions = Arc<Map<String, Json>>;

/// What a type demands of the parts of a value.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeShape {
    definitions: Definitions,
    own: Map<String, Json>,
}

/// The declaration with what its references say.
///
/// # Errors
/// `InvalidTemplate` when a reference leads nowhere or in a circle.
pub fn resolved(
    definitions: &Map<String, Json>,
    declared: &Map<String, Json>,
) -> Result<Map<String, Json>> {
    let mut whole = declared.clone();
    for _ in 0..LONGEST_CHAIN {
        let Some(reference) = whole.shift_remove("$ref") else { return Ok(whole) };
        let definition = reference
            .as_str()
            .and_then(|text| text.strip_prefix(DEFINITIONS))
            .and_then(|name| definitions.get(name))
            .and_then(Json::as_object)
            .ok_or_else(|| {
                let message = format!("The reference {reference} leads to no definition.");
                TemplateError::invalid(message).within("$ref")
            })?;
        for (name, value) in definition {
            whole.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
    Err(TemplateError::invalid("The definitions refer to each other in a circle.").within("$ref"))
}

/// Whether a part of an object is secret, which makes the whole of it so.
pub fn has_secret(definitions: &Map<String, Json>, declared: &Map<String, Json>) -> bool {
    let is_secret = |part: &Json| {
        let part = part.as_object().and_then(|part| resolved(definitions, part).ok());
        let kind = part.as_ref().and_then(|part| part.get("type")?.as_str());
        kind.is_some_and(|kind| kind.to_ascii_lowercase().starts_with("secure"))
    };
    let parts = declared.get("properties").and_then(Json::as_object);
    parts.into_iter().flat_map(Map::values).any(is_secret)
}

impl TypeShape {
    /// The shape of a declaration whose references are resolved; `None` when it demands nothing of a value's parts.
    pub fn of(definitions: &Definitions, declared: &Map<String, Json>) -> Option<Self> {
        let demands =
            ["properties", "items", "prefixItems", "additionalProperties", "discriminator"];
        demands
            .iter()
            .any(|name| declared.contains_key(*name))
            .then(|| Self { definitions: Arc::clone(definitions), own: declared.clone() })
    }

    /// Judges the parts of a value.
    ///
    /// # Errors
    /// The path of the part and what is wrong with it, without the value.
    pub fn check(&self, value: &Json) -> Result<(), String> {
        self.parts(&self.own, value, "")
    }

    fn part(&self, declared: &Json, value: &Json, path: &str) -> Result<(), String> {
        let declared =
            declared.as_object().ok_or_else(|| format!("the type of '{path}' is not an object"))?;
        let declared =
            resolved(&self.definitions, declared).map_err(|error| error.message.clone())?;
        if value.is_null() && declared.get("nullable") == Some(&Json::Bool(true)) {
            return Ok(());
        }
        let name = declared.get("type").and_then(Json::as_str).unwrap_or("");
        if let Some(kind) = ParameterType::of(name)
            && !super::validate::has_kind(kind, value)
        {
            return Err(format!("'{path}' must be of type '{}'", kind.name()));
        }
        let allowed = declared.get("allowedValues").and_then(Json::as_array);
        if allowed.is_some_and(|allowed| !allowed.contains(value)) {
            return Err(format!("'{path}' is not one of the allowed values"));
        }
        bounds(&declared, value, path)?;
        self.parts(&declared, value, path)
    }

    fn parts(&self, declared: &Map<String, Json>, value: &Json, path: &str) -> Result<(), String> {
        match value {
            Json::Object(members) => self.members(declared, members, path),
            Json::Array(elements) => {
                let first = declared.get("prefixItems").and_then(Json::as_array);
                let first = first.map_or(&[][..], Vec::as_slice);
                for (index, element) in elements.iter().enumerate() {
                    let kind = first.get(index).or_else(|| declared.get("items"));
                    if let Some(kind) = kind.filter(|kind| kind.is_object()) {
                        self.part(kind, element, &format!("{path}[{index}]"))?;
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn members(
        &self,
        declared: &Map<String, Json>,
        members: &Map<String, Json>,
        path: &str,
    ) -> Result<(), String> {
        let within = |name: &str| match path {
            "" => name.to_owned(),
            _ => format!("{path}.{name}"),
        };
        let none = Map::new();
        let named = declared.get("properties").and_then(Json::as_object).unwrap_or(&none);
        for (name, kind) in named {
            match members.get(name) {
                Some(value) => self.part(kind, value, &within(name))?,
                None if self.may_be_absent(kind) => {}
                None => return Err(format!("'{}' is missing", within(name))),
            }
        }
        let chosen = self.chosen(declared, members)?;
        let further = declared.get("additionalProperties");
        for (name, value) in members.iter().filter(|(name, _)| !named.contains_key(*name)) {
            match further {
                Some(Json::Bool(false)) if chosen.is_none() => {
                    return Err(format!("'{}' is not known", within(name)));
                }
                Some(kind @ Json::Object(_)) => self.part(kind, value, &within(name))?,
                _ => {}
            }
        }
        chosen.map_or(Ok(()), |kind| self.parts(&kind, &Json::Object(members.clone()), path))
    }

    fn may_be_absent(&self, kind: &Json) -> bool {
        let kind = kind.as_object().and_then(|kind| resolved(&self.definitions, kind).ok());
        kind.is_some_and(|kind| kind.get("nullable") == Some(&Json::Bool(true)))
    }

    /// The type that a tagged union takes for these members.
    fn chosen(
        &self,
        declared: &Map<String, Json>,
        members: &Map<String, Json>,
    ) -> Result<Option<Map<String, Json>>, String> {
        let Some(choice) = declared.get("discriminator") else { return Ok(None) };
        let tag = choice.get("propertyName").and_then(Json::as_str).unwrap_or("");
        let given = members.get(tag).and_then(Json::as_str).unwrap_or("");
        let kind = choice.get("mapping").and_then(|all| all.get(given));
        let kind = kind
            .and_then(Json::as_object)
            .ok_or_else(|| format!("'{tag}' names none of the types to choose from"))?;
        resolved(&self.definitions, kind).map(Some).map_err(|error| error.message.clone())
    }
}

fn bounds(declared: &Map<String, Json>, value: &Json, path: &str) -> Result<(), String> {
    let limit = |name: &str| declared.get(name).and_then(Json::as_i64);
    let (measure, least, most) = match value {
        Json::Number(number) => (number.as_i64(), limit("minValue"), limit("maxValue")),
        Json::String(text) => (
            i64::try_from(text.encode_utf16().count()).ok(),
            limit("minLength"),
            limit("maxLength"),
        ),
        Json::Array(elements) => {
            (i64::try_from(elements.len()).ok(), limit("minLength"), limit("maxLength"))
        }
        _ => return Ok(()),
    };
    let fits = measure.is_none_or(|measure| {
        least.is_none_or(|least| measure >= least) && most.is_none_or(|most| measure <= most)
    });
    if fits { Ok(()) } else { Err(format!("'{path}' is outside its limits")) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shape() -> TypeShape {
        let definitions = json!({
            "port": { "type": "int", "minValue": 1, "maxValue": 65535 },
            "list": { "type": "array", "items": { "$ref": "#/definitions/rule" } },
            "rule": {
                "type": "object",
                "properties": {
                    "name": { "type": "string", "minLength": 2 },
                    "port": { "$ref": "#/definitions/port", "nullable": true },
                    "kind": { "type": "string", "allowedValues": ["tcp", "udp"] },
                },
                "additionalProperties": false,
            },
        });
        let definitions: Definitions = Arc::new(definitions.as_object().unwrap().clone());
        let declared = json!({ "$ref": "#/definitions/list" });
        let whole = resolved(&definitions, declared.as_object().unwrap()).unwrap();
        assert_eq!(whole["type"], "array");
        TypeShape::of(&definitions, &whole).unwrap()
    }

    #[test]
    fn the_parts_of_a_value_are_judged() {
        let shape = shape();
        for (rule, complaint) in [
            (json!({ "name": "web", "port": 443, "kind": "tcp" }), ""),
            (json!({ "name": "web", "kind": "tcp" }), ""),
            (json!({ "name": "web", "port": null, "kind": "udp" }), ""),
            (json!({ "name": "web" }), "'[0].kind' is missing"),
            (json!({ "name": "w", "kind": "tcp" }), "'[0].name' is outside"),
            (json!({ "name": "web", "kind": "ip" }), "'[0].kind' is not one"),
            (json!({ "name": "web", "kind": "tcp", "port": 0 }), "'[0].port' is outside"),
            (json!({ "name": 7, "kind": "tcp" }), "'[0].name' must be of type 'String'"),
            (json!({ "name": "web", "kind": "tcp", "more": 1 }), "'[0].more' is not known"),
        ] {
            let found = shape.check(&json!([rule])).err().unwrap_or_default();
            assert!(
                found.starts_with(complaint) && found.is_empty() == complaint.is_empty(),
                "{rule}: {found}"
            );
        }
    }

    #[test]
    fn a_tagged_union_takes_the_type_that_the_tag_names() {
        let definitions: Definitions = Arc::new(Map::new());
        let declared = json!({ "type": "object", "discriminator": {
            "propertyName": "kind",
            "mapping": {
                "cat": { "type": "object", "properties": { "lives": { "type": "int" } } },
                "dog": { "type": "object", "properties": { "tricks": { "type": "array" } } },
            },
        }});
        let shape = TypeShape::of(&definitions, declared.as_object().unwrap()).unwrap();
        assert_eq!(shape.check(&json!({ "kind": "cat", "lives": 9 })), Ok(()));
        assert!(shape.check(&json!({ "kind": "dog", "lives": 9 })).is_err());
        assert!(shape.check(&json!({ "kind": "cow" })).is_err());
    }

    #[test]
    fn a_circle_and_a_missing_definition_are_found() {
        let definitions =
            json!({ "a": { "$ref": "#/definitions/b" }, "b": { "$ref": "#/definitions/a" } });
        for name in ["a", "c"] {
            let declared = json!({ "$ref": format!("#/definitions/{name}") });
            let found = resolved(definitions.as_object().unwrap(), declared.as_object().unwrap());
            assert!(found.is_err(), "{name}");
        }
    }
}
