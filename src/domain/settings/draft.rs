//! Settings on their way: each answer may still be missing, and flags go before a plan file.
//!
//! A plan file has the keys of `Settings` in TOML. This module must not read files or judge values; `finish` judges.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::fields::{FieldRow, ROWS};
use super::{
    AutoShutdown, BastionSku, Cloud, DatastoreAccess, DnsZones, Field, FirewallSku, MonitorAccess,
    Settings,
};
use crate::domain::allowlist::{OwnHost, Preset};
use crate::domain::problem::{Problem, Result};
use crate::domain::region::distance;

/// The daily shutdown as flags and plan files write it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ShutdownChoice {
    /// Time and time zone.
    At(AutoShutdown),
    /// A time such as `1900`, or `off`.
    Text(String),
    /// `false` for none, `true` for the usual time.
    Switch(bool),
}

/// What a person answered so far. Texts are kept as they were typed; `finish` checks them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Draft {
    /// The environment's name.
    pub name: Option<String>,
    /// The four digits.
    pub suffix: Option<String>,
    /// Azure region, by its short name or its name for people.
    pub region: Option<String>,
    /// Address space of the virtual network.
    #[serde(alias = "cidr")]
    pub address_space: Option<String>,
    /// The set of firewall groups to start from.
    pub preset: Option<Preset>,
    /// Groups switched on beyond the preset.
    pub allow: BTreeSet<String>,
    /// Groups of the preset switched off.
    pub deny: BTreeSet<String>,
    /// Tier of Azure Bastion.
    pub bastion: Option<BastionSku>,
    /// Whether copy and paste through Bastion is off.
    pub disable_copy_paste: Option<bool>,
    /// Tier of Azure Firewall.
    pub firewall: Option<FirewallSku>,
    /// Size of the jumpbox.
    pub jumpbox_size: Option<String>,
    /// Daily shutdown of the jumpbox.
    pub auto_shutdown: Option<ShutdownChoice>,
    /// Windows time zone of the shutdown, where it is given apart.
    pub time_zone: Option<String>,
    /// Size of the image-build cluster's nodes.
    pub build_size: Option<String>,
    /// Whether a compute instance for the signed-in user is made too.
    pub compute_instance: Option<bool>,
    /// Whether `SharedSubnet` carries a service endpoint policy.
    pub service_endpoint_policy: Option<bool>,
    /// Hosts of the package index for Python packages.
    pub python_packages: Option<Vec<String>>,
    /// Where the private DNS zones are.
    pub dns_zones: Option<DnsZones>,
    /// How the workspace reaches its default datastores.
    pub datastore_access: Option<DatastoreAccess>,
    /// Days that logs are kept.
    #[serde(alias = "log_retention")]
    pub log_retention_days: Option<u16>,
    /// What can be reached through Azure Monitor's private link scope.
    pub monitor_access: Option<MonitorAccess>,
    /// Resource id of the hub network.
    pub hub: Option<String>,
    /// Which Azure.
    pub cloud: Option<Cloud>,
    /// Further tags.
    pub tags: BTreeMap<String, String>,
    /// Hosts that the person adds.
    #[serde(rename = "host")]
    pub hosts: Vec<OwnHost>,
}

impl Draft {
    /// Reads a plan file.
    ///
    /// # Errors
    /// When it is not TOML, has a key that there is none of, or a value of the wrong kind; the problem names the line.
    pub fn from_toml(text: &str) -> Result<Self> {
        toml::from_str(text).map_err(|error| unreadable(text, &error))
    }

    /// This draft's answers, and the other's where this one has none. Groups, hosts and tags are added up.
    pub fn over(self, other: Self) -> Self {
        let mut answers = other.answers();
        answers.extend(self.answers());
        let known = |host: &OwnHost| self.hosts.iter().any(|own| own.host == host.host);
        let further = other.hosts.into_iter().filter(|host| !known(host));
        Self {
            // What one asks for by a flag counts, even where the file says the opposite.
            allow: &self.allow | &(&other.allow - &self.deny),
            deny: &self.deny | &(&other.deny - &self.allow),
            hosts: further.chain(self.hosts.iter().cloned()).collect(),
            tags: other.tags.into_iter().chain(self.tags).collect(),
            ..Self::of(answers)
        }
    }

    /// A field as a line of the form; empty while a needed answer is missing.
    pub fn line(&self, row: &FieldRow) -> String {
        match (row.needed, self.answers().get(row.key)) {
            (Some(_), None) => String::new(),
            _ => row.line(&self.value(row)),
        }
    }

    /// Answers a field with a line of the form. What cannot be read leaves it without an answer.
    pub fn put_line(&mut self, row: &FieldRow, line: &str) {
        self.put(row, row.parse_line(line).unwrap_or_default());
    }

    /// The value of a field: what was answered, else what is usual.
    pub fn value(&self, row: &FieldRow) -> Value {
        let (time, zone) = self.shutdown();
        match row.field {
            Field::ShutdownTime => json!(time),
            Field::ShutdownZone => json!(zone),
            _ => self.answers().remove(row.key).unwrap_or_else(|| self.usual(row)),
        }
    }

    /// The value of a field where it is not answered. With the preset `locked-down` a service endpoint policy is
    /// usual: without it computes could not start.
    pub fn usual(&self, row: &FieldRow) -> Value {
        match row.field {
            Field::EndpointPolicy => json!(self.preset == Some(Preset::LockedDown)),
            Field::ShutdownTime | Field::ShutdownZone => Self::default().value(row),
            _ => USUAL.get(row.key).cloned().unwrap_or_default(),
        }
    }

    /// Answers a field; without a value it is not answered. A value of a kind that the field cannot have changes
    /// nothing.
    pub fn put(&mut self, row: &FieldRow, value: Value) {
        let (_, zone) = self.shutdown();
        let mut answers = self.answers();
        answers.remove(row.key);
        if !value.is_null() {
            answers.insert(row.key.to_owned(), value);
        }
        if let Ok(draft) = serde_json::from_value(Value::Object(answers)) {
            *self = draft;
        }
        if row.field == Field::ShutdownTime {
            // The zone outlives a change of the time.
            self.time_zone = Some(zone);
        }
    }

    /// Time, or `off`, and time zone of the daily shutdown.
    pub fn shutdown(&self) -> (String, String) {
        let usual = AutoShutdown::default();
        let (time, zone) = match &self.auto_shutdown {
            None | Some(ShutdownChoice::Switch(true)) => (usual.time, usual.time_zone),
            Some(ShutdownChoice::Switch(false)) => ("off".to_owned(), usual.time_zone),
            Some(ShutdownChoice::Text(text)) => (text.clone(), usual.time_zone),
            Some(ShutdownChoice::At(at)) => (at.time.clone(), at.time_zone.clone()),
        };
        (time, self.time_zone.clone().unwrap_or(zone))
    }

    /// What was answered, by the keys of a plan file.
    pub(super) fn answers(&self) -> Map<String, Value> {
        let Ok(Value::Object(mut answers)) = serde_json::to_value(self) else { return Map::new() };
        answers.retain(|_, value| !value.is_null());
        answers
    }

    /// The draft with these answers, which come from drafts or settings and so have the right kinds.
    fn of(answers: Map<String, Value>) -> Self {
        serde_json::from_value(Value::Object(answers)).unwrap_or_default()
    }
}

/// The choices of an environment for which nothing but the necessary was answered, by their keys.
static USUAL: LazyLock<Map<String, Value>> = LazyLock::new(|| {
    let needed = ROWS.iter().filter_map(|row| Some((row.key.to_owned(), json!(row.needed?.1))));
    let settings = serde_json::from_value::<Settings>(Value::Object(needed.collect()));
    settings.map(|settings| Draft::from(&settings).answers()).unwrap_or_default()
});

impl From<&Settings> for Draft {
    /// The answers that lead to these settings.
    fn from(settings: &Settings) -> Self {
        let Ok(Value::Object(mut answers)) = serde_json::to_value(settings) else {
            return Self::default();
        };
        if settings.auto_shutdown.is_none() {
            answers.insert("auto_shutdown".to_owned(), json!(false));
        }
        Self { python_packages: Some(settings.python_packages.clone()), ..Self::of(answers) }
    }
}

fn unreadable(text: &str, error: &toml::de::Error) -> Problem {
    let line = error
        .span()
        .map_or(1, |span| text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1);
    let message = error.message();
    let advice = match nearest_key(message) {
        Some(key) => format!("Did you mean {key}?"),
        None => "Correct that line; privateaml deploy --help describes every choice.".into(),
    };
    Problem::new(
        "PlanFileInvalid",
        format!("Line {line} of the plan file cannot be used: {message}."),
        advice,
    )
    .at(format!("line {line}"))
}

/// The known key that is nearest to an unknown one, both taken from serde's words.
fn nearest_key(message: &str) -> Option<&str> {
    let mut quoted = message.split('`').skip(1).step_by(2);
    if !message.starts_with("unknown field") {
        return None;
    }
    let wrong = quoted.next()?;
    quoted
        .map(|key| (distance(wrong, key), key))
        .filter(|(away, _)| *away <= 3)
        .min()
        .map(|(_, key)| key)
}
