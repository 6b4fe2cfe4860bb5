//! The record of one environment: what must be known to lead back to it, and the tags by which it is found again.
//!
//! Record and tags hold no secret. Times in a record are this machine's and are for people only: they are never
//! compared with Azure's clock.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use self::remains::Remain;
use super::settings::Settings;

pub mod intent;
pub mod remains;
pub mod row;
pub mod seed;
pub mod tags;

/// The version of records that this program writes.
pub const RECORD_VERSION: u32 = 1;

/// Beginning of the names of our deployments.
const DEPLOYMENT_PREFIX: &str = "paml";

/// How far an environment has come, as far as this machine knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Chosen; nothing exists in Azure.
    #[default]
    Draft,
    /// The group may exist, the credentials too; no deployment has been sent.
    Preparing,
    /// A deployment is about to be sent, or has been sent.
    Submitted,
    /// Azure works on it.
    Deploying,
    /// It stands and has been checked.
    Ready,
    /// It stands; firewall and jumpbox are switched off to save money.
    Paused,
    /// The last attempt failed.
    Failed,
    /// The last attempt was cancelled.
    Cancelled,
    /// It is being removed.
    Deleting,
    /// It has been removed.
    Deleted,
}

impl Phase {
    /// The phase in one word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Preparing => "preparing",
            Self::Submitted => "submitted",
            Self::Deploying => "deploying",
            Self::Ready => "ready",
            Self::Paused => "paused",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Deleting => "deleting",
            Self::Deleted => "deleted",
        }
    }
}

/// Where the jumpbox credentials are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Keeping {
    /// In the operating system's keychain.
    Keychain,
    /// In a file encrypted with a passphrase.
    File,
    /// Nowhere: a new password is set when it is needed.
    None,
    /// In the practice store, which protects nothing and need not.
    Practice,
}

impl Keeping {
    /// The word for it, as `--credentials` takes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Keychain => "keychain",
            Self::File => "file",
            Self::None => "none",
            Self::Practice => "practice",
        }
    }
}

/// Where an environment is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KnownFrom {
    /// Recorded here and there in Azure.
    Both,
    /// Recorded here; Azure does not have it, or has not been asked yet.
    HereOnly,
    /// Found in Azure by its tags.
    AzureOnly,
    /// Recorded here as made, and Azure has it no longer.
    Gone,
    /// Recorded here, in a tenant that is not signed in to.
    OtherTenant,
    /// Recorded here, in a subscription that could not be read.
    Unread,
}

/// With what an environment was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MadeBy {
    /// With this program.
    #[default]
    PrivateAml,
    /// With the Terraform scripts that it succeeds (see `seed`). It has no template and no deployment of ours.
    Terraform,
}

impl MadeBy {
    /// In one word, for lists and for JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::PrivateAml => "privateaml",
            Self::Terraform => "terraform",
        }
    }

    /// True for what this program made.
    pub fn is_ours(&self) -> bool {
        *self == Self::PrivateAml
    }
}

impl KnownFrom {
    /// In one word, for lists and for JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::HereOnly => "recorded",
            Self::AzureOnly => "azure",
            Self::Gone => "gone",
            Self::OtherTenant => "other-tenant",
            Self::Unread => "unread",
        }
    }

    /// The same as people read it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Both => "recorded here, found in Azure",
            Self::HereOnly => "recorded here",
            Self::AzureOnly => "found in Azure by tags",
            Self::Gone => "recorded here, gone from Azure",
            Self::OtherTenant => "recorded here, in another tenant",
            Self::Unread => "recorded here, not read in Azure",
        }
    }
}

/// One deployment sent for an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// The deployment's name, unique in its group.
    pub deployment: String,
    /// When it was sent, by this machine's clock.
    pub sent: Timestamp,
}

/// What this machine remembers of an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The version of this form, see `RECORD_VERSION`.
    pub version: u32,
    /// Name and suffix together, such as `test4821`.
    pub full_name: String,
    /// What was chosen.
    pub settings: Settings,
    /// The subscription's id.
    pub subscription_id: String,
    /// The tenant's id; empty when it is not known.
    pub tenant_id: String,
    /// The resource group's name.
    pub resource_group: String,
    /// How far it has come.
    pub phase: Phase,
    /// The deployments sent, oldest first.
    #[serde(default)]
    pub attempts: Vec<Attempt>,
    /// Where the jumpbox credentials are kept.
    pub credentials: Keeping,
    /// The jumpbox's user name, once credentials were made. It is no secret: it stands in the deployment too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// When the record was made, by this machine's clock.
    pub created: Timestamp,
    /// True for an environment on the practice cloud.
    pub practice: bool,
    /// With what it was made.
    #[serde(default, skip_serializing_if = "MadeBy::is_ours")]
    pub made_by: MadeBy,
    /// The directory of an edited copy of the template, where one is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<PathBuf>,
    /// Hash of the template that was last sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_hash: Option<String>,
    /// The mark of a password reset that was begun and not seen to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reset: Option<String>,
    /// What is known to be left by a deletion that has begun.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remains: Vec<Remain>,
}

/// Where an environment lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentScope {
    /// The subscription's id.
    pub subscription_id: String,
    /// The tenant's id; empty when it is not known.
    pub tenant_id: String,
    /// The resource group's name.
    pub resource_group: String,
    /// True on the practice cloud.
    pub practice: bool,
}

impl Record {
    /// A record of something chosen, of which nothing exists.
    pub fn new(
        settings: Settings,
        place: EnvironmentScope,
        credentials: Keeping,
        created: Timestamp,
    ) -> Self {
        Self {
            version: RECORD_VERSION,
            full_name: settings.full_name(),
            settings,
            subscription_id: place.subscription_id,
            tenant_id: place.tenant_id,
            resource_group: place.resource_group,
            phase: Phase::Draft,
            attempts: Vec::new(),
            credentials,
            user_name: None,
            created,
            practice: place.practice,
            made_by: MadeBy::default(),
            template: None,
            template_hash: None,
            reset: None,
            remains: Vec::new(),
        }
    }

    /// The name of the last deployment sent.
    pub fn last_deployment(&self) -> Option<&str> {
        self.attempts.last().map(|attempt| attempt.deployment.as_str())
    }

    /// The account under which the credentials are kept: `<subscription>/<full name>`.
    pub fn account(&self) -> String {
        account(&self.subscription_id, &self.full_name)
    }

    /// The account under which a new password is kept until Azure has confirmed it.
    pub fn pending_account(&self) -> String {
        format!("{}-pending", self.account())
    }

    /// Notes a deployment that was found in Azure, unless it is known already.
    pub fn note_attempt(&mut self, deployment: &str, now: Timestamp) {
        if !self.attempts.iter().any(|each| each.deployment == deployment) {
            self.attempts.push(Attempt { deployment: deployment.to_owned(), sent: now });
        }
    }

    /// Notes a further attempt and returns its deployment's name, which no earlier attempt and none of `taken` has.
    pub fn begin_attempt(&mut self, now: Timestamp, taken: &[String]) -> String {
        let mut moment = now;
        let name = loop {
            let name = deployment_name(&self.full_name, moment);
            let used = self.attempts.iter().any(|each| each.deployment == name);
            if !used && !taken.contains(&name) {
                break name;
            }
            let Ok(next) = moment.checked_add(std::time::Duration::from_secs(1)) else {
                break name;
            };
            moment = next;
        };
        self.attempts.push(Attempt { deployment: name.clone(), sent: now });
        name
    }
}

/// The account under which credentials are kept.
pub fn account(subscription_id: &str, full_name: &str) -> String {
    format!("{}/{full_name}", subscription_id.to_lowercase())
}

/// A deployment's name: `paml-<full name>-<yyyymmddHHMMss>`, in UTC; at most 32 of the 64 characters allowed.
pub fn deployment_name(full_name: &str, moment: Timestamp) -> String {
    format!("{DEPLOYMENT_PREFIX}-{full_name}-{}", moment.strftime("%Y%m%d%H%M%S"))
}

/// True for the name of one of our deployments of this environment.
pub fn is_own_deployment(full_name: &str, deployment: &str) -> bool {
    deployment
        .strip_prefix(DEPLOYMENT_PREFIX)
        .and_then(|rest| rest.strip_prefix('-'))
        .and_then(|rest| rest.strip_prefix(full_name))
        .and_then(|rest| rest.strip_prefix('-'))
        .is_some_and(|digits| {
            digits.len() == 14 && digits.bytes().all(|each| each.is_ascii_digit())
        })
}

#[cfg(test)]
mod tests;
