//! One exchange without anything that tells whose it is: ids, mailboxes, addresses, names and secrets are replaced, the
//! same each time, so that a recording can still be followed.
//!
//! What is hidden by the name of a member is hidden whole; in all other texts what is known is replaced. It keeps
//! what it met for as long as a recording lasts, in memory only.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr},
};

use serde_json::{Map, Value, json};

use super::names::{Names, is_known};
use super::rules::{
    cut, each_text, hidden, is_azures, is_built_in, is_personal, is_plain, is_shipped, names_hosts,
};
use super::scan;
use crate::domain::telling::{HIDDEN, hide, hide_secure_parameters};

/// Where a deployment's request has its template.
const TEMPLATE: &str = "/properties/template";
/// Where that template has another one in it, with the group that is created around it.
const INSIDE: &str = "/resources/inside/properties/template";
/// Where it names that group.
const GROUPS: [&str; 2] = ["/resources/group/name", "/resources/inside/resourceGroup"];

/// Replaces what identifies, and remembers by what.
#[derive(Debug, Default)]
pub(super) struct Anonymous {
    ids: HashMap<String, String>,
    people: HashMap<String, String>,
    addresses: HashMap<IpAddr, String>,
    names: Names,
}

impl Anonymous {
    /// Takes note of everything that identifies in a body, before any of it is written.
    pub(super) fn learn(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.learn_text(text),
            Value::Array(items) => items.iter().for_each(|item| self.learn(item)),
            Value::Object(members) => {
                self.learn_members(members);
                for (name, member) in members {
                    self.learn_text(name);
                    let lowered = name.to_lowercase();
                    if is_personal(&lowered, members) {
                        each_text(member, &mut |text| drop(self.person(text)));
                    } else if names_hosts(&lowered) {
                        each_text(member, &mut |text| self.host(text));
                    }
                    self.learn(member);
                }
            }
            _ => {}
        }
    }

    /// Takes note of the names in an address or another text.
    pub(super) fn learn_text(&mut self, text: &str) {
        if text.len() < 65_536 {
            self.names.learn(text);
        }
    }

    fn learn_members(&mut self, members: &Map<String, Value>) {
        let text = |pointer: &[&str]| {
            let mut at = members.get(*pointer.first()?)?;
            for part in pointer.get(1..).unwrap_or_default() {
                at = at.get(*part)?;
            }
            at.as_str().filter(|text| !text.starts_with('['))
        };
        for (name, digits) in [
            (text(&["name", "value"]), text(&["suffix", "value"])),
            (text(&["privateaml-name"]), text(&["privateaml-suffix"])),
        ] {
            if let (Some(name), Some(digits)) = (name, digits) {
                self.names.environment(name, digits);
            }
        }
        // What is asked of a name that is still free.
        if let (Some(name), Some(_), 2) = (text(&["name"]), text(&["type"]), members.len()) {
            self.names.name(name);
        }
    }

    fn host(&mut self, text: &str) {
        let bare = text.trim_start_matches("*.").to_lowercase();
        if !is_azures(&bare) && !is_known(&bare) && !is_known(text) && bare.contains('.') {
            self.names.phrase(&bare, "host");
        }
    }

    fn person(&mut self, text: &str) -> String {
        if scan::is_guid(text) || text.starts_with('[') {
            return text.to_owned();
        }
        if scan::is_mailbox(text) {
            return self.mailbox(text);
        }
        if text.len() < 4 {
            return HIDDEN.to_owned();
        }
        self.names.phrase(text, "person")
    }

    /// A body without anything that identifies.
    pub(super) fn body(&mut self, body: &Value) -> Value {
        let mut body = cut(body);
        hide_secure_parameters(&mut body);
        // The shipped template is no secret and nobody's own; an edited copy may be either.
        let is_own = |template: &Value| {
            is_shipped(template) || template.pointer(INSIDE).is_some_and(is_shipped)
        };
        let own = body.pointer_mut(TEMPLATE).filter(|template| is_own(template)).map(|place| {
            let groups = GROUPS.map(|at| place.pointer(at).cloned());
            (std::mem::take(place), groups)
        });
        hide(&mut body);
        let mut body = self.value(&body);
        if let Some((mut template, groups)) = own
            && let Some(place) = body.pointer_mut(TEMPLATE)
        {
            for (at, group) in GROUPS.into_iter().zip(groups) {
                if let (Some(name), Some(Value::String(group))) = (template.pointer_mut(at), group)
                {
                    // A group is known by its place in an id.
                    let id = self.text(&format!("/subscriptions/s/resourceGroups/{group}"));
                    *name = json!(id.rsplit('/').next());
                }
            }
            *place = template;
        }
        body
    }

    fn value(&mut self, value: &Value) -> Value {
        match value {
            Value::String(text) => json!(self.text(text)),
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::Object(members) => {
                let mut out = Map::new();
                for (name, member) in members {
                    let lowered = name.to_lowercase();
                    let new = match lowered.as_str() {
                        "tags" => self.tags(member),
                        // What a log says is about people.
                        "rows" => hidden(member),
                        _ if is_personal(&lowered, members) => self.personal(member),
                        _ => self.member(&lowered, member, members),
                    };
                    out.insert(self.text(name), new);
                }
                Value::Object(out)
            }
            other => other.clone(),
        }
    }

    /// The parameters that name an environment have no form by which they are known elsewhere.
    fn member(&mut self, name: &str, member: &Value, siblings: &Map<String, Value>) -> Value {
        let given = |name: &str| siblings.get(name)?.get("value")?.as_str();
        let changed = match (name, given("name"), given("suffix")) {
            ("name", Some(name), Some(digits)) => self.names.environment(name, digits).0,
            ("suffix", Some(name), Some(digits)) => self.names.environment(name, digits).1,
            ("name", Some(name), None) if siblings.contains_key("addressSpace") => {
                self.names.hub(name)
            }
            _ => return self.value(member),
        };
        let mut member = member.clone();
        if let Some(value) = member.get_mut("value") {
            *value = json!(changed);
        }
        member
    }

    fn personal(&mut self, member: &Value) -> Value {
        match member {
            Value::String(text) => {
                let person = self.person(text);
                json!(self.text(&person))
            }
            Value::Array(items) => items.iter().map(|item| self.personal(item)).collect(),
            // A parameter's value; its declaration in a template has none.
            Value::Object(members) if members.contains_key("value") => {
                let text = |(name, member): (&String, &Value)| {
                    let new = match name.as_str() {
                        "value" => self.personal(member),
                        _ => member.clone(),
                    };
                    (name.clone(), new)
                };
                Value::Object(members.iter().map(text).collect())
            }
            other => self.value(other),
        }
    }

    /// Tags: this program's own, which say what an environment is, and a person's, which are free text.
    fn tags(&mut self, tags: &Value) -> Value {
        let Value::Object(members) = tags else { return self.value(tags) };
        let declaration = members.contains_key("metadata") || members.contains_key("defaultValue");
        if declaration {
            return self.value(tags);
        }
        let text = |name: &str| members.get(name).and_then(Value::as_str);
        let named = text("privateaml-name").zip(text("privateaml-suffix"));
        let mut out = Map::new();
        for (name, member) in members {
            let new = match (name.as_str(), named) {
                ("value", _) if member.is_object() => self.tags(member),
                ("type", _) if members.get("value").is_some_and(Value::is_object) => member.clone(),
                ("privateaml-name", Some((name, digits))) => {
                    json!(self.names.environment(name, digits).0)
                }
                ("privateaml-suffix", Some((name, digits))) => {
                    json!(self.names.environment(name, digits).1)
                }
                (own, _) if own.starts_with("privateaml-choices") => json!(HIDDEN),
                (own, _) if own.starts_with("privateaml") => self.value(member),
                _ => hidden(member),
            };
            let own = name.starts_with("privateaml") || is_known(name);
            let name = if own { name.clone() } else { self.names.phrase(name, "tag") };
            out.insert(name, new);
        }
        Value::Object(out)
    }

    /// A text without anything that identifies.
    pub(super) fn text(&mut self, text: &str) -> String {
        let text = self.tickets(text);
        let text = scan::guids(&text, |guid| self.id(guid));
        let text = scan::runs(&text, char::is_alphanumeric, |run, _| {
            scan::is_plain_guid(run).then(|| self.plain_id(run))
        });
        let in_mailbox = |letter: char| letter.is_alphanumeric() || "._%+-#@".contains(letter);
        let text = scan::runs(&text, in_mailbox, |run, _| {
            scan::is_mailbox(run).then(|| self.mailbox(run))
        });
        let in_address = |letter: char| letter.is_ascii_alphanumeric() || ".:".contains(letter);
        let text = scan::runs(&text, in_address, |run, _| self.addresses_in(run));
        self.names.replaced(&text)
    }

    fn id(&mut self, guid: &str) -> String {
        let lowered = guid.to_lowercase();
        if is_built_in(&lowered) {
            return guid.to_owned();
        }
        let number = self.ids.len() + 1;
        let new = self.ids.entry(lowered);
        new.or_insert_with(|| format!("00000000-0000-0000-0000-{number:012}")).clone()
    }

    fn plain_id(&mut self, plain: &str) -> String {
        let mut guid = plain.to_owned();
        for at in [20, 16, 12, 8] {
            guid.insert(at, '-');
        }
        self.id(&guid).replace('-', "")
    }

    fn mailbox(&mut self, text: &str) -> String {
        let bare = text.trim_end_matches(['.', '-']);
        let end = text.get(bare.len()..).unwrap_or_default();
        let number = self.people.len() + 1;
        let new = self.people.entry(bare.to_lowercase());
        let new = new.or_insert_with(|| format!("user{number}@example.com"));
        format!("{new}{end}")
    }

    fn addresses_in(&mut self, run: &str) -> Option<String> {
        let bare = run.trim_end_matches(['.', ':']);
        let (bare, end) = run.split_at_checked(bare.len())?;
        if let Some(address) = scan::telling_address(bare) {
            return Some(format!("{}{end}", self.address(address)));
        }
        // An address with a port, or a version before it.
        let (host, port) = bare.rsplit_once(':')?;
        let address = scan::telling_address(host)?;
        Some(format!("{}:{port}{end}", self.address(address)))
    }

    fn address(&mut self, address: IpAddr) -> String {
        let number = self.addresses.len();
        let new = self.addresses.entry(address);
        new.or_insert_with(|| match address {
            IpAddr::V4(_) => {
                // The three ranges that are for documents.
                let [first, second, third] = match number / 254 % 3 {
                    0 => [203, 0, 113],
                    1 => [198, 51, 100],
                    _ => [192, 0, 2],
                };
                let last = u8::try_from(number % 254 + 1).unwrap_or(1);
                Ipv4Addr::new(first, second, third, last).to_string()
            }
            IpAddr::V6(_) => format!("2001:db8::{number:x}"),
        })
        .clone()
    }

    /// An address whose query holds tickets, each replaced by a counted one.
    fn tickets(&mut self, text: &str) -> String {
        let Some((front, query)) = text.split_once('?') else { return text.to_owned() };
        if !(front.starts_with('/') || front.contains("://")) || !query.contains('=') {
            return text.to_owned();
        }
        let pairs: Vec<String> = query
            .split('&')
            .map(|pair| match pair.split_once('=') {
                Some((name, value)) if !is_plain(name) && !value.is_empty() => {
                    format!("{name}={}", self.names.ticket(value))
                }
                _ => pair.to_owned(),
            })
            .collect();
        format!("{front}?{}", pairs.join("&"))
    }
}
