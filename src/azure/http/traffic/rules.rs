//! What is personal by the place where it stands, and what is the same for everybody. It replaces nothing by itself.

use serde_json::{Map, Value, json};

use super::names::known_ids;
use crate::domain::telling::hide_texts;
use crate::template::{Template, hub};

/// Most items of a list that are kept: beyond them a list repeats itself.
const MOST_ITEMS: usize = 200;

/// Well-known ids besides those of the template: Owner, Contributor, User Access Administrator, Role Based Access
/// Control Administrator (<https://learn.microsoft.com/azure/role-based-access-control/built-in-roles>), and the
/// Azure CLI.
#[rustfmt::skip]
const WELL_KNOWN: [&str; 5] = [
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "b24988ac-6180-42a0-ab88-20f7382dd24c",
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", "f58310d9-a9f6-439a-9e8d-f62e7b41a168",
    "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
];

/// Members that name a person or what a person called something.
#[rustfmt::skip]
const PERSONAL: [&str; 18] = [
    "adminusername", "username", "caller", "createdby", "lastmodifiedby", "updatedby", "userprincipalname", "upn",
    "principalname", "mail", "email", "givenname", "surname", "displayname", "defaultdomain", "domains", "notes",
    "contactemail",
];

/// Members that name hosts: those of the allow list are kept.
const HOSTS: [&str; 5] = ["targetfqdns", "destinationfqdns", "fqdns", "fqdn", "targeturls"];

/// Ends of hosts that belong to Azure; names in front of them are replaced as names.
#[rustfmt::skip]
const AZURES: [&str; 9] = [
    ".azure.com", ".azure.net", ".windows.net", ".azurecr.io", ".azureml.ms", ".azureml.net", ".microsoft.com",
    ".azure.cn", ".azure.us",
];

/// Parameters of a query that are no ticket.
#[rustfmt::skip]
const PLAIN_QUERY: [&str; 9] = [
    "api-version", "$filter", "$expand", "$select", "$top", "underlyingresourceaction", "forcedeletiontypes",
    "resultformat", "monitor",
];

/// Whether a template is one of those that are compiled into the program.
pub(super) fn is_shipped(template: &Value) -> bool {
    template == Template::embedded().to_json() || template == hub::template().to_json()
}

/// Whether a parameter of a query is no ticket.
pub(super) fn is_plain(name: &str) -> bool {
    let name = name.to_lowercase().replace("%24", "$");
    PLAIN_QUERY.contains(&&*name)
}

/// Whether a member names a person. What Azure calls its regions and services is no name of a person's.
pub(super) fn is_personal(name: &str, siblings: &Map<String, Value>) -> bool {
    PERSONAL.contains(&name) && !siblings.contains_key("regionalDisplayName")
}

/// Offers each text of a member, of its list, or of its parameter value.
pub(super) fn each_text(value: &Value, act: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => act(text),
        Value::Array(items) => items.iter().for_each(|item| each_text(item, act)),
        Value::Object(members) => {
            members.get("value").into_iter().for_each(|value| each_text(value, act));
        }
        _ => {}
    }
}

/// A value without its texts.
pub(super) fn hidden(value: &Value) -> Value {
    let mut value = value.clone();
    hide_texts(&mut value);
    value
}

/// A body whose long lists are cut, which is said beside them as in the recordings of Azure.
pub(super) fn cut(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().take(MOST_ITEMS).map(cut).collect(),
        Value::Object(members) => {
            let mut out: Map<String, Value> =
                members.iter().map(|(name, member)| (name.clone(), cut(member))).collect();
            let lists = members.values().filter_map(Value::as_array);
            let left: usize = lists.map(|list| list.len().saturating_sub(MOST_ITEMS)).sum();
            if left > 0 {
                out.insert("x-cut".into(), json!(format!("{left} further items left out")));
            }
            Value::Object(out)
        }
        other => other.clone(),
    }
}

/// Whether a host belongs to Azure.
pub(super) fn is_azures(host: &str) -> bool {
    AZURES.iter().any(|end| host.ends_with(end))
}

/// Whether a member names hosts.
pub(super) fn names_hosts(name: &str) -> bool {
    HOSTS.contains(&name)
}

/// Whether an id, in lower case, is the same for everybody.
pub(super) fn is_built_in(id: &str) -> bool {
    known_ids().contains(id)
        || WELL_KNOWN.contains(&id)
        || id.starts_with("00000000-0000-0000-0000-")
}
