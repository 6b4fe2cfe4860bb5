//! Reading the sections of a template from JSON.
//!
//! Each fault names its place. Nothing is evaluated here.

use crate::domain::resource;
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Map, Value as Json};

use super::super::error::{Result, TemplateError};
use super::super::shape::{self, Definitions, TypeShape};
use super::{CopyInput, CopyLoop, Declaration, Output, Parameter, ParameterType, Variable};

/// Keys of a resource that steer the deployment and are not sent to the resource provider.
const CONTROL_KEYS: [&str; 13] = [
    "type",
    "apiVersion",
    "name",
    "scope",
    "dependsOn",
    "condition",
    "copy",
    "metadata",
    "existing",
    "comments",
    "resources",
    "subscriptionId",
    "resourceGroup",
];

/// Refuses sections that would change the meaning of the rest, were they ignored.
pub(super) fn refuse_unsupported(root: &Map<String, Json>) -> Result<()> {
    for (section, what) in [
        ("functions", "User-defined functions"),
        ("imports", "Extensible resource providers"),
        ("extensions", "Extensible resource providers"),
    ] {
        let empty = match root.get(section) {
            None | Some(Json::Null) => true,
            Some(Json::Array(list)) => list.is_empty(),
            Some(Json::Object(entries)) => entries.is_empty(),
            Some(_) => false,
        };
        if !empty {
            return Err(template_error!("{what} are not supported by this tool.").within(section));
        }
    }
    Ok(())
}

fn section<'a>(root: &'a Map<String, Json>, name: &str) -> Result<Option<&'a Map<String, Json>>> {
    match root.get(name) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::Object(entries)) => Ok(Some(entries)),
        Some(_) => Err(template_error!("The section '{name}' must be an object.")),
    }
}

fn object<'a>(json: &'a Json, what: &str) -> Result<&'a Map<String, Json>> {
    json.as_object().ok_or_else(|| template_error!("{what} must be an object."))
}

fn text(entries: &Map<String, Json>, key: &str) -> Result<Option<String>> {
    match entries.get(key) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(template_error!("'{key}' must be a string.").within(key)),
    }
}

fn required(entries: &Map<String, Json>, key: &str) -> Result<String> {
    text(entries, key)?.ok_or_else(|| template_error!("'{key}' is missing."))
}

fn metadata(entries: &Map<String, Json>, key: &str) -> String {
    entries
        .get("metadata")
        .and_then(|metadata| metadata.get(key))
        .and_then(Json::as_str)
        .unwrap_or_default()
        .to_owned()
}

fn kind(entries: &Map<String, Json>) -> Result<ParameterType> {
    let name = required(entries, "type")?;
    ParameterType::of(&name).ok_or_else(|| {
        template_error!("The type '{name}' is not one that a template knows.").within("type")
    })
}

/// The type of a declaration; an object is secret when a part of it is.
fn whole_kind(definitions: &Definitions, entries: &Map<String, Json>) -> Result<ParameterType> {
    let declared = kind(entries)?;
    let is_secret = declared == ParameterType::Object && shape::has_secret(definitions, entries);
    Ok(if is_secret { ParameterType::SecureObject } else { declared })
}

/// The section `definitions`: the template's own types.
/// The entries of a section whose types may be defined elsewhere.
fn named<T>(
    root: &Map<String, Json>,
    name: &str,
    read: fn(&Definitions, &str, &Json) -> Result<T>,
) -> Result<IndexMap<String, T>> {
    let definitions = Arc::new(section(root, "definitions")?.cloned().unwrap_or_default());
    let entries = section(root, name)?.into_iter().flatten();
    let entries = entries.map(|(name, json)| {
        let entry = read(&definitions, name, json).map_err(|error| error.within(name))?;
        Ok((name.clone(), entry))
    });
    entries.collect()
}

/// The section `parameters`.
pub(super) fn parameters(root: &Map<String, Json>) -> Result<IndexMap<String, Parameter>> {
    named(root, "parameters", |definitions, _, json| parameter(definitions, json))
}

fn parameter(definitions: &Definitions, json: &Json) -> Result<Parameter> {
    let entries = &shape::resolved(definitions, object(json, "A parameter")?)?;
    let bound = |key: &str| entries.get(key).and_then(Json::as_i64);
    let length = |key: &str| entries.get(key).and_then(Json::as_u64);
    Ok(Parameter {
        kind: whole_kind(definitions, entries)?,
        default: entries.get("defaultValue").cloned(),
        allowed: entries.get("allowedValues").and_then(Json::as_array).cloned(),
        minimum_value: bound("minValue"),
        maximum_value: bound("maxValue"),
        minimum_length: length("minLength"),
        maximum_length: length("maxLength"),
        nullable: entries.get("nullable") == Some(&Json::Bool(true)),
        shape: TypeShape::of(definitions, entries),
        description: metadata(entries, "description"),
    })
}

/// The section `variables`, its `copy` loops included.
pub(super) fn variables(root: &Map<String, Json>) -> Result<IndexMap<String, Variable>> {
    let mut variables = IndexMap::new();
    for (name, json) in section(root, "variables")?.into_iter().flatten() {
        match json {
            Json::Array(loops) if name == "copy" => {
                for json in loops {
                    let copy = copy_input(json, None).map_err(|error| error.within(name))?;
                    variables.insert(copy.name.clone(), Variable::Copy(copy));
                }
            }
            _ => {
                variables.insert(name.clone(), Variable::Value(json.clone()));
            }
        }
    }
    Ok(variables)
}

/// One loop over a value: `{name, count, input}`.
pub(super) fn copy_input(json: &Json, name: Option<&str>) -> Result<CopyInput> {
    let entries = object(json, "A copy loop")?;
    let part = |key: &str| {
        entries.get(key).cloned().ok_or_else(|| template_error!("The copy loop has no '{key}'."))
    };
    Ok(CopyInput {
        name: name.map_or_else(|| required(entries, "name"), |name| Ok(name.to_owned()))?,
        count: part("count")?,
        input: part("input")?,
    })
}

/// The section `outputs`.
pub(super) fn outputs(root: &Map<String, Json>) -> Result<IndexMap<String, Output>> {
    named(root, "outputs", output)
}

fn output(definitions: &Definitions, name: &str, json: &Json) -> Result<Output> {
    let entries = &shape::resolved(definitions, object(json, "An output")?)?;
    let value = match (entries.get("value"), entries.get("copy")) {
        (Some(value), None) => Variable::Value(value.clone()),
        (None, Some(copy)) => Variable::Copy(copy_input(copy, Some(name))?),
        _ => return Err(template_error!("An output has either 'value' or 'copy'.")),
    };
    Ok(Output {
        kind: whole_kind(definitions, entries)?,
        value,
        condition: entries.get("condition").cloned(),
    })
}

/// The section `resources`, in either form; nested resources follow their parents.
pub(super) fn resources(root: &Map<String, Json>) -> Result<Vec<Declaration>> {
    let mut list = Vec::new();
    match root.get("resources") {
        None => return Err(template_error!("The template has no section 'resources'.")),
        Some(Json::Object(entries)) => {
            for (symbol, json) in entries {
                let place = format!("resources.{symbol}");
                resource(symbol.clone(), &place, json, None, &mut list)?;
            }
        }
        Some(Json::Array(elements)) => {
            for (index, json) in elements.iter().enumerate() {
                let place = format!("resources[{index}]");
                resource(place.clone(), &place, json, None, &mut list)?;
            }
        }
        Some(_) => {
            return Err(template_error!("The section 'resources' must be an array or an object."));
        }
    }
    Ok(list)
}

fn resource(
    symbol: String,
    place: &str,
    json: &Json,
    parent: Option<&Declaration>,
    list: &mut Vec<Declaration>,
) -> Result<()> {
    let declaration =
        declaration(symbol, place, json, parent).map_err(|error| error.within(place))?;
    list.push(declaration.clone());
    let nested: Vec<(String, &Json)> = match json.get("resources") {
        Some(Json::Array(children)) => children
            .iter()
            .enumerate()
            .map(|(index, child)| (format!("{place}.resources[{index}]"), child))
            .collect(),
        Some(Json::Object(children)) => children
            .iter()
            .map(|(symbol, child)| (format!("{place}.resources.{symbol}"), child))
            .collect(),
        _ => Vec::new(),
    };
    for (place, child) in nested {
        let symbol = match place.rsplit_once('.') {
            Some((_, name)) if !name.ends_with(']') => name.to_owned(),
            _ => place.clone(),
        };
        resource(symbol, &place, child, Some(&declaration), list)?;
    }
    Ok(())
}

fn declaration(
    symbol: String,
    place: &str,
    json: &Json,
    parent: Option<&Declaration>,
) -> Result<Declaration> {
    let entries = object(json, "A resource")?;
    let own_type = required(entries, "type")?;
    let mut names = parent.map(|parent| parent.names.clone()).unwrap_or_default();
    names.push(required(entries, "name")?);
    let existing = entries.get("existing") == Some(&Json::Bool(true));
    if own_type.eq_ignore_ascii_case(resource::DEPLOYMENT) && !existing {
        let fault = "Nested deployments are not supported by this tool: keep the template flat.";
        return Err(TemplateError::invalid(fault).within("type"));
    }
    Ok(Declaration {
        symbol,
        place: place.to_owned(),
        resource_type: match parent {
            Some(parent) => format!("{}/{own_type}", parent.resource_type),
            None => own_type,
        },
        api_version: required(entries, "apiVersion")?,
        names,
        scope: match text(entries, "scope")? {
            None => parent.and_then(|parent| parent.scope.clone()),
            scope => scope,
        },
        resource_group: text(entries, "resourceGroup")?,
        subscription: text(entries, "subscriptionId")?,
        condition: entries.get("condition").cloned(),
        existing,
        depends_on: depends_on(entries)?,
        copy: copy_loop(entries)?,
        area: metadata(entries, "area"),
        description: metadata(entries, "description"),
        body: entries
            .iter()
            .filter(|(key, _)| !CONTROL_KEYS.contains(&key.as_str()))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect(),
    })
}

fn depends_on(entries: &Map<String, Json>) -> Result<Vec<String>> {
    let list = match entries.get("dependsOn") {
        None | Some(Json::Null) => return Ok(Vec::new()),
        Some(Json::Array(list)) => list,
        Some(_) => {
            return Err(TemplateError::invalid("'dependsOn' must be an array.").within("dependsOn"));
        }
    };
    list.iter()
        .enumerate()
        .map(|(index, item)| {
            item.as_str().map(str::to_owned).ok_or_else(|| {
                TemplateError::invalid("A dependency must be a string.")
                    .within_element(index)
                    .within("dependsOn")
            })
        })
        .collect()
}

fn copy_loop(entries: &Map<String, Json>) -> Result<Option<CopyLoop>> {
    let Some(json) = entries.get("copy") else { return Ok(None) };
    let fault = |message: &str| TemplateError::invalid(message).within("copy");
    let copy = object(json, "The copy loop").map_err(|error| error.within("copy"))?;
    let serial = copy
        .get("mode")
        .and_then(Json::as_str)
        .is_some_and(|mode| mode.eq_ignore_ascii_case("serial"));
    let batch_size = match copy.get("batchSize") {
        None => 1,
        Some(size) => size
            .as_u64()
            .and_then(|size| usize::try_from(size).ok())
            .filter(|size| *size > 0)
            .ok_or_else(|| fault("'batchSize' must be an integer of 1 or more."))?,
    };
    Ok(Some(CopyLoop {
        name: required(copy, "name").map_err(|error| error.within("copy"))?,
        count: copy.get("count").cloned().ok_or_else(|| fault("The copy loop has no 'count'."))?,
        batch_size: serial.then_some(batch_size),
    }))
}
