//! What differs between a recorded answer and the practice cloud's: status family, headers, error code and where it
//! lies, provisioning state, spelling of type and id, and the fields that a client reads.
//!
//! Values are not compared where they are one's own (names, addresses, times); that they are there, and of which
//! kind, is.

use std::collections::BTreeMap;

use serde_json::Value;

use super::exchange::{Exchange, code};
use crate::practice::json::HasJson as _;
use crate::practice::reply::Reply;

/// Headers that tell a client where to ask again.
const WHERE: [&str; 2] = ["location", "azure-asyncoperation"];
/// The header that tells it when. Some recorders leave it out, so only its lack here is a difference.
const WHEN: &str = "retry-after";

/// Something that is not the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it is about: `status 409`, `code Conflict`, `header location`, `state`, `field properties.sku.tier`.
    pub about: String,
    /// What was recorded.
    pub recorded: String,
    /// What the practice cloud gave.
    pub here: String,
}

impl Difference {
    fn new(about: impl Into<String>, recorded: impl Into<String>, here: impl Into<String>) -> Self {
        Self { about: about.into(), recorded: recorded.into(), here: here.into() }
    }
}

/// All that differs. `fields` are the paths that a client reads in answers of this kind.
pub fn differences(recorded: &Exchange, here: &Reply, fields: &[&str]) -> Vec<Difference> {
    if recorded.status / 100 != here.status / 100 {
        let told = |status: u16, code: &str| format!("{status} {code}").trim_end().to_owned();
        return vec![Difference::new(
            format!("status {}", told(recorded.status, recorded.code())),
            told(recorded.status, recorded.code()),
            told(here.status, code(&here.body)),
        )];
    }
    let mut found = headers(recorded, here);
    if recorded.succeeded() && recorded.method == "DELETE" {
        // What is going is read by nobody.
        return found;
    }
    if recorded.succeeded() {
        found.extend(state(&recorded.body, &here.body));
        found.extend(spelling(&recorded.body, &here.body));
        found.extend(missing(recorded, here, fields));
    } else {
        found.extend(error(&recorded.body, &here.body));
    }
    found
}

fn headers(recorded: &Exchange, here: &Reply) -> Vec<Difference> {
    let was = |name: &str| recorded.headers.keys().any(|each| each.eq_ignore_ascii_case(name));
    let mut found = Vec::new();
    for name in WHERE.into_iter().chain([WHEN]) {
        let is = here.get(name).is_some();
        if was(name) && !is {
            found.push(Difference::new(format!("header {name}"), "sent", "not sent"));
        } else if is && !was(name) && name != WHEN {
            found.push(Difference::new(format!("header {name}"), "not sent", "sent"));
        }
    }
    found
}

/// Code, where it lies, and the codes inside it.
fn error(recorded: &Value, here: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    let (was, is) = (code(recorded), code(here));
    if was != is {
        found.push(Difference::new(format!("code {was}"), was, is));
    }
    let nested = |body: &Value| {
        if body.get("error").is_some() { "in error" } else { "at the top" }
    };
    if nested(recorded) != nested(here) {
        found.push(Difference::new(format!("nesting {was}"), nested(recorded), nested(here)));
    }
    let inner = |body: &Value| {
        let details = body.pointer("/error/details").and_then(Value::as_array);
        let codes = details.into_iter().flatten().map(|detail| detail.text("/code"));
        codes.collect::<Vec<_>>().join(", ")
    };
    if inner(recorded) != inner(here) {
        found.push(Difference::new(format!("details {was}"), inner(recorded), inner(here)));
    }
    found
}

fn state(recorded: &Value, here: &Value) -> Option<Difference> {
    let told = |body: &Value| {
        let state = body
            .pointer("/properties/provisioningState")
            .or_else(|| body.get("status").filter(|status| status.is_string()));
        state.and_then(Value::as_str).map(str::to_owned)
    };
    let was = told(recorded)?;
    let is = told(here).unwrap_or_else(|| "none".to_owned());
    (was != is).then(|| Difference::new(format!("state {was}"), was.as_str(), is.as_str()))
}

/// The type's spelling, and that of the words in the id which are Azure's own.
fn spelling(recorded: &Value, here: &Value) -> Vec<Difference> {
    let text = |body: &Value, name: &str| {
        let text = body.get(name).and_then(Value::as_str);
        text.map(str::to_owned)
    };
    let mut found = Vec::new();
    if let (Some(was), Some(is)) = (text(recorded, "type"), text(here, "type"))
        && was != is
    {
        found.push(Difference::new("type", was, is));
    }
    if let (Some(was), Some(is)) = (text(recorded, "id"), text(here, "id")) {
        let words = |id: &str| {
            let words = id.split('/').skip(1).step_by(2);
            words.collect::<Vec<_>>().join("/")
        };
        let same = words(&was).eq_ignore_ascii_case(&words(&is));
        if same && words(&was) != words(&is) {
            found.push(Difference::new("id", words(&was), words(&is)));
        }
    }
    found
}

/// Fields that a client reads, and those that were asked for: present there, absent or of another kind here.
fn missing(recorded: &Exchange, here: &Reply, fields: &[&str]) -> Vec<Difference> {
    let (was, is) = (paths(&recorded.body), paths(&here.body));
    let asked = paths(&recorded.request_body);
    let is_read = |path: &str| {
        let path = path.trim_start_matches("value[].");
        path == "value" || fields.contains(&path) || asked.contains_key(path)
    };
    let differs = |(path, kind): (&String, &&'static str)| {
        let found = is.get(path);
        let name = path.trim_start_matches("value[].");
        let missed =
            || Difference::new(format!("field {name}"), *kind, *found.unwrap_or(&"absent"));
        (*kind != "null" && found != Some(kind)).then(missed)
    };
    was.iter().filter(|(path, _)| is_read(path)).filter_map(differs).collect()
}

/// Every path of a body with the kind of its value; items of arrays are taken together. Tags are anybody's.
fn paths(body: &Value) -> BTreeMap<String, &'static str> {
    let mut found = BTreeMap::new();
    collect(body, "", &mut found);
    found
}

fn collect(value: &Value, path: &str, found: &mut BTreeMap<String, &'static str>) {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    };
    if !path.is_empty() && found.get(path).is_none_or(|known| *known == "null") {
        found.insert(path.to_owned(), kind);
    }
    match value {
        Value::Object(members) if path != "tags" && path != "value[].tags" => {
            for (name, member) in members {
                let name = if name.starts_with("/subscriptions/") { "{id}" } else { name };
                let inner =
                    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
                collect(member, &inner, found);
            }
        }
        Value::Array(items) => {
            for item in items.iter().filter(|item| !item.is_null()) {
                let inner = format!("{path}[]");
                if item.is_object() || item.is_array() {
                    collect_members(item, &inner, found);
                }
            }
        }
        _ => {}
    }
}

fn collect_members(item: &Value, path: &str, found: &mut BTreeMap<String, &'static str>) {
    match item {
        Value::Object(members) => {
            for (name, member) in members {
                collect(member, &format!("{path}.{name}"), found);
            }
        }
        other => collect(other, path, found),
    }
}
