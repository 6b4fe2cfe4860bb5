//! Settings on their way: each answer may still be missing, and flags go before a plan file.
//!
//! A plan file has the keys of `Settings` in TOML. This module must not read files or judge values; `finish` judges.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    AutoShutdown, BastionSku, Cloud, DatastoreAccess, DnsZones, FirewallSku, MonitorAccess,
    Settings,
};
use crate::domain::{
    allowlist::{OwnHost, Preset},
    problem::Problem,
    region::distance,
};

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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The four digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suffix: Option<String>,
    /// Azure region, by its short name or its name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Address space of the virtual network.
    #[serde(alias = "cidr", skip_serializing_if = "Option::is_none")]
    pub address_space: Option<String>,
    /// The set of firewall groups to start from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preset: Option<Preset>,
    /// Groups switched on beyond the preset.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub allow: BTreeSet<String>,
    /// Groups of the preset switched off.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub deny: BTreeSet<String>,
    /// Tier of Azure Bastion.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bastion: Option<BastionSku>,
    /// Whether copy and paste through Bastion is off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disable_copy_paste: Option<bool>,
    /// Tier of Azure Firewall.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub firewall: Option<FirewallSku>,
    /// Size of the jumpbox.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jumpbox_size: Option<String>,
    /// Daily shutdown of the jumpbox.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_shutdown: Option<ShutdownChoice>,
    /// Windows time zone of the shutdown, where it is given apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Size of the image-build cluster's nodes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub build_size: Option<String>,
    /// Whether a compute instance for the signed-in user is made too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compute_instance: Option<bool>,
    /// Whether `SharedSubnet` carries a service endpoint policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_endpoint_policy: Option<bool>,
    /// Hosts of the package index for Python packages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub python_packages: Option<Vec<String>>,
    /// Where the private DNS zones are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dns_zones: Option<DnsZones>,
    /// How the workspace reaches its default datastores.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub datastore_access: Option<DatastoreAccess>,
    /// Days that logs are kept.
    #[serde(alias = "log_retention", skip_serializing_if = "Option::is_none")]
    pub log_retention_days: Option<u16>,
    /// What can be reached through Azure Monitor's private link scope.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monitor_access: Option<MonitorAccess>,
    /// Resource id of the hub network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hub: Option<String>,
    /// Which Azure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloud: Option<Cloud>,
    /// Further tags.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    /// Hosts that the person adds.
    #[serde(rename = "host", skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<OwnHost>,
}

impl Draft {
    /// Reads a plan file.
    ///
    /// # Errors
    /// When it is not TOML, has a key that there is none of, or a value of the wrong kind; the problem names the line.
    pub fn from_toml(text: &str) -> Result<Self, Problem> {
        toml::from_str(text).map_err(|error| unreadable(text, &error))
    }

    /// This draft's answers, and the other's where this one has none. Groups, hosts and tags are added up.
    #[must_use]
    pub fn over(self, other: Self) -> Self {
        // What one asks for by a flag counts, even where the file says the opposite.
        let allow = &other.allow - &self.deny;
        let deny = &other.deny - &self.allow;
        let more = other
            .hosts
            .into_iter()
            .filter(|host| !self.hosts.iter().any(|own| own.host == host.host));
        Self {
            name: self.name.or(other.name),
            suffix: self.suffix.or(other.suffix),
            region: self.region.or(other.region),
            address_space: self.address_space.or(other.address_space),
            preset: self.preset.or(other.preset),
            allow: &self.allow | &allow,
            deny: &self.deny | &deny,
            bastion: self.bastion.or(other.bastion),
            disable_copy_paste: self.disable_copy_paste.or(other.disable_copy_paste),
            firewall: self.firewall.or(other.firewall),
            jumpbox_size: self.jumpbox_size.or(other.jumpbox_size),
            auto_shutdown: self.auto_shutdown.or(other.auto_shutdown),
            time_zone: self.time_zone.or(other.time_zone),
            build_size: self.build_size.or(other.build_size),
            compute_instance: self.compute_instance.or(other.compute_instance),
            service_endpoint_policy: self.service_endpoint_policy.or(other.service_endpoint_policy),
            python_packages: self.python_packages.or(other.python_packages),
            dns_zones: self.dns_zones.or(other.dns_zones),
            datastore_access: self.datastore_access.or(other.datastore_access),
            log_retention_days: self.log_retention_days.or(other.log_retention_days),
            monitor_access: self.monitor_access.or(other.monitor_access),
            hub: self.hub.or(other.hub),
            cloud: self.cloud.or(other.cloud),
            tags: other.tags.into_iter().chain(self.tags).collect(),
            hosts: more.chain(self.hosts.iter().cloned()).collect(),
        }
    }
}

impl From<&Settings> for Draft {
    /// The answers that lead to these settings.
    fn from(settings: &Settings) -> Self {
        Self {
            name: Some(settings.name.to_string()),
            suffix: Some(settings.suffix.to_string()),
            region: Some(settings.region.clone()),
            address_space: Some(settings.address_space.to_string()),
            preset: Some(settings.preset),
            allow: settings.allow.clone(),
            deny: settings.deny.clone(),
            bastion: Some(settings.bastion),
            disable_copy_paste: Some(settings.disable_copy_paste),
            firewall: Some(settings.firewall),
            jumpbox_size: Some(settings.jumpbox_size.clone()),
            auto_shutdown: Some(match &settings.auto_shutdown {
                Some(at) => ShutdownChoice::At(at.clone()),
                None => ShutdownChoice::Switch(false),
            }),
            time_zone: None,
            build_size: Some(settings.build_size.clone()),
            compute_instance: Some(settings.compute_instance),
            service_endpoint_policy: Some(settings.service_endpoint_policy),
            python_packages: Some(settings.python_packages.clone()),
            dns_zones: Some(settings.dns_zones),
            datastore_access: Some(settings.datastore_access),
            log_retention_days: Some(settings.log_retention_days),
            monitor_access: Some(settings.monitor_access),
            hub: settings.hub.clone(),
            cloud: Some(settings.cloud),
            tags: settings.tags.clone(),
            hosts: settings.hosts.clone(),
        }
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
