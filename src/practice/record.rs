//! Records each exchange as one JSON line, for a validator to read. Nothing secret may be in it: no tokens, no values
//! of secure parameters, no passwords.

use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    io::Write as _,
    path::Path,
    sync::Mutex,
};

use serde_json::{Value, json};

use super::reply::Reply;
use super::request::Request;
use crate::domain::problem::{Problem, Result};
use crate::domain::telling::{hide, hide_secure_parameters, hide_vault_value};

/// A file to which exchanges are appended.
#[derive(Debug)]
pub struct Recorder(Mutex<File>);

impl Recorder {
    /// Opens the file, keeping what is in it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn open(path: &Path) -> Result<Self> {
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
        let mut file = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Err(error) = writeln!(file, "{line}") {
            tracing::warn!(%error, "an exchange could not be recorded");
        }
    }
}

fn exchange(request: &Request, reply: &Reply, headers: &BTreeMap<String, String>) -> Value {
    let mut body = request.body.clone();
    hide_secure_parameters(&mut body);
    hide_vault_value(&request.path, &mut body);
    hide(&mut body);
    let mut answer = reply.value();
    hide(&mut answer);
    json!({
        "method": request.method.as_str(),
        "path": request.path,
        "query": request.query_as_sent,
        "headers": request.headers,
        "body": body,
        "status": reply.status,
        "resp_body": answer,
        "resp_all": headers,
    })
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
        assert_eq!(line["body"]["properties"]["parameters"]["name"]["value"], "test");
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

    #[test]
    fn the_names_of_a_query_are_recorded_as_they_were_sent() {
        let request = Request::new(Method::DELETE, "/x?underlyingResourceAction=Delete");
        let line = exchange(&request, &Reply::empty(202), &BTreeMap::new());
        assert_eq!(line["query"]["underlyingResourceAction"], "Delete");
    }
}
