//! Records each exchange as one JSON line, for a validator to read. Nothing secret may be in it: no tokens, no values of
//! secure parameters, no passwords.

use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    io::Write as _,
    path::Path,
    sync::Mutex,
};

use serde_json::{Value, json};

use super::{reply::Reply, request::Request};
use crate::domain::problem::Problem;

const HIDDEN: &str = "(hidden)";

/// Words in the name of a member whose text is left out of a record.
const TELLING: [&str; 7] = [
    "password",
    "secret",
    "protectedsettings",
    "sharedkey",
    "assertion",
    "token",
    "customdata",
];

/// Members that only sound secret.
const HARMLESS: [&str; 5] = [
    "token_type",
    "token_endpoint",
    "secretpermissions",
    "disablepasswordauthentication",
    "enablepasswordreset",
];

/// A file to which exchanges are appended.
#[derive(Debug)]
pub struct Recorder(Mutex<File>);

impl Recorder {
    /// Opens the file, keeping what is in it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn open(path: &Path) -> Result<Self, Problem> {
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(path)
            .map(|file| Self(Mutex::new(file)))
            .map_err(|error| {
                Problem::new(
                    "RecordUnwritable",
                    "The file for the recording cannot be written.",
                    "Name a file in a directory that exists and is writable.",
                )
                .at(path.display().to_string())
                .saying(error.to_string())
            })
    }

    /// Appends one exchange. `headers` are those of the whole answer.
    pub fn write(&self, request: &Request, reply: &Reply, headers: &BTreeMap<String, String>) {
        let line = exchange(request, reply, headers).to_string();
        let mut file = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Err(error) = writeln!(file, "{line}") {
            tracing::warn!(%error, "an exchange could not be recorded");
        }
    }
}

fn exchange(request: &Request, reply: &Reply, headers: &BTreeMap<String, String>) -> Value {
    let mut body = request.body.clone();
    hide_secure_parameters(&mut body);
    if request.path.to_ascii_lowercase().contains("/secrets/")
        && let Some(value) = body.pointer_mut("/properties/value")
    {
        *value = json!(HIDDEN);
    }
    hide(&mut body);
    let mut answer = reply.value();
    hide(&mut answer);
    let query: BTreeMap<&String, &String> = request.query.iter().collect();
    json!({
        "method": request.method.as_str(),
        "path": request.path,
        "query": query,
        "headers": request.headers,
        "body": body,
        "status": reply.status,
        "resp_body": answer,
        "resp_all": headers,
    })
}

/// Parameters that the template itself calls secure, by the template's own types.
fn hide_secure_parameters(body: &mut Value) {
    let names: Vec<String> = body
        .pointer("/properties/template/parameters")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter(|(_, declared)| {
            declared
                .get("type")
                .and_then(Value::as_str)
                .is_some_and(|kind| kind.to_ascii_lowercase().starts_with("secure"))
        })
        .map(|(name, _)| name.to_ascii_lowercase())
        .collect();
    let given = body
        .pointer_mut("/properties/parameters")
        .and_then(Value::as_object_mut);
    for (name, parameter) in given.into_iter().flatten() {
        if names.contains(&name.to_ascii_lowercase())
            && let Some(value) = parameter.get_mut("value")
        {
            *value = json!(HIDDEN);
        }
    }
}

/// Hides texts by the names of their members. Expressions of a template are kept: they are no values.
fn hide(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let lowered = name.to_ascii_lowercase();
                let telling = TELLING.iter().any(|word| lowered.contains(word))
                    && !HARMLESS.contains(&lowered.as_str());
                if telling {
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

fn hide_texts(value: &mut Value) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::Method;

    #[test]
    fn a_recording_holds_no_secret() {
        let request = Request::new(Method::PUT, "/subscriptions/S/x?api-version=1").with(json!({
            "client_secret": "Example-1",
            "properties": {
                "template": { "parameters": {
                    "adminPassword": { "type": "securestring" },
                    "Key": { "type": "SecureString" },
                    "name": { "type": "string" },
                }, "resources": [{"properties": {"adminPassword": "[parameters('adminPassword')]"}}] },
                "parameters": {
                    "adminPassword": { "value": "Example-1" },
                    "key": { "value": "Example-1" },
                    "name": { "value": "test" },
                },
            },
        }));
        let reply = Reply::ok(json!({ "access_token": "Example-1", "token_type": "Bearer" }));
        let line = exchange(&request, &reply, &BTreeMap::new());
        assert!(!line.to_string().contains("Example-1"), "{line}");
        assert_eq!(
            line["body"]["properties"]["parameters"]["name"]["value"],
            "test"
        );
        assert_eq!(line["resp_body"]["token_type"], "Bearer");
        assert_eq!(
            line["body"]["properties"]["template"]["parameters"]["adminPassword"]["type"],
            "securestring"
        );
        assert_eq!(
            line["body"]["properties"]["template"]["resources"][0]["properties"]["adminPassword"],
            "[parameters('adminPassword')]"
        );
    }

    #[test]
    fn the_value_of_a_vault_secret_is_hidden() {
        let request = Request::new(Method::PUT, "/subscriptions/S/x/vaults/v/secrets/s")
            .with(json!({ "properties": { "value": "Example-1" } }));
        let line = exchange(&request, &Reply::empty(200), &BTreeMap::new());
        assert!(!line.to_string().contains("Example-1"));
    }
}
