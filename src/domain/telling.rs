//! Which members of a JSON body hold a secret by their name, for everything that writes exchanges down.
//!
//! It hides texts and must not decide what is written, or where.

use serde_json::{Value, json};

use super::json::text;

/// What stands in a recording in place of a secret.
pub const HIDDEN: &str = "(hidden)";

/// Words in the name of a member whose text is left out of a record.
const TELLING: [&str; 13] = [
    "password",
    "secret",
    "protectedsettings",
    "sharedkey",
    "assertion",
    "token",
    "customdata",
    "userdata",
    "connectionstring",
    "primarykey",
    "secondarykey",
    "instrumentationkey",
    "claims",
];

/// Members whose whole name tells.
const EXACT: [&str; 8] =
    ["key", "keys", "key1", "key2", "accesskey", "accountkey", "sas", "signature"];

/// Members that only sound secret.
const HARMLESS: [&str; 5] = [
    "token_type",
    "token_endpoint",
    "secretpermissions",
    "disablepasswordauthentication",
    "enablepasswordreset",
];

/// Hides the values of parameters that the template of a request itself calls secure, by the template's own types.
pub fn hide_secure_parameters(body: &mut Value) {
    let names: Vec<String> = body
        .pointer("/properties/template/parameters")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter(|(_, kind)| text(kind, "/type").to_ascii_lowercase().starts_with("secure"))
        .map(|(name, _)| name.to_ascii_lowercase())
        .collect();
    let given = body.pointer_mut("/properties/parameters").and_then(Value::as_object_mut);
    for (name, parameter) in given.into_iter().flatten() {
        if names.contains(&name.to_ascii_lowercase())
            && let Some(value) = parameter.get_mut("value")
        {
            *value = json!(HIDDEN);
        }
    }
}

/// Hides the values of parameters that are called secure themselves, as a deployment's answer lists them.
pub fn hide_parameters(parameters: &mut Value) {
    for parameter in parameters.as_object_mut().into_iter().flat_map(serde_json::Map::values_mut) {
        let is_secure = text(parameter, "/type").to_ascii_lowercase().starts_with("secure");
        if let (true, Some(value)) = (is_secure, parameter.get_mut("value")) {
            *value = json!(HIDDEN);
        }
    }
}

/// Hides what a vault's secret holds, in a request or an answer at its path.
pub fn hide_vault_value(path: &str, body: &mut Value) {
    if path.to_ascii_lowercase().contains("/secrets/")
        && let Some(value) = body.pointer_mut("/properties/value")
    {
        *value = json!(HIDDEN);
    }
}

/// Hides texts by the names of their members. Expressions of a template are kept: they are no values.
pub fn hide(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if is_telling(name) {
                    hide_texts(member);
                } else {
                    hide(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(hide),
        _ => {}
    }
}

/// Hides every text of a value but expressions of a template.
pub fn hide_texts(value: &mut Value) {
    match value {
        Value::String(text) if !text.starts_with('[') => HIDDEN.clone_into(text),
        Value::Object(members) => {
            for (name, member) in members {
                // The declaration of a parameter is no secret, apart from a default value.
                if !["type", "metadata", "reference"].contains(&name.as_str()) {
                    hide_texts(member);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(hide_texts),
        _ => {}
    }
}

fn is_telling(name: &str) -> bool {
    let lowered = name.to_ascii_lowercase();
    let tells = TELLING.iter().any(|word| lowered.contains(word)) || EXACT.contains(&&*lowered);
    tells && !HARMLESS.contains(&&*lowered)
}
