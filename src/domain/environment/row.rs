//! The list of environments: what was recorded on this machine and what a subscription's groups tell, as one.
//!
//! Azure is right where the two differ: what it has no longer is gone, whatever the record says, and what could not be
//! asked is not called ready. Pure rules; who asks, and when, is the engine's business.

use std::{cmp::Ordering, collections::BTreeMap};

use ipnetwork::Ipv4Network;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{EnvironmentScope, Keeping, KnownFrom, MadeBy, Phase, Record, seed, tags};
use crate::domain::peering::NewHub;
use crate::domain::problem::{Problem, Result};

/// One environment in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnvironmentRow {
    /// The environment. Its phase is what Azure tells, as far as that was asked.
    pub record: Record,
    /// Where it is known from.
    pub known: KnownFrom,
    /// The subscription's name; empty when it is not known.
    #[serde(default)]
    pub subscription: String,
    /// True while the phase is only what this machine remembers, or a guess: the newest deployment is still to be read.
    #[serde(default)]
    pub unsettled: bool,
    /// True when the address space is not read but what the Terraform scripts propose.
    #[serde(default)]
    pub network_unread: bool,
    /// Why it could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Box<Problem>>,
}

/// A subscription, as the list needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenSubscription {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The tenant it belongs to; empty when that is not known.
    pub tenant_id: String,
}

/// A hub that this program created: it costs like an environment, and stays when one is deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubRow {
    /// What it was made with.
    pub hub: NewHub,
    /// Where it lives.
    pub subscription: SeenSubscription,
    /// True while its group is being deleted.
    pub deleting: bool,
}

impl HubRow {
    /// What tells it from all others.
    pub fn key(&self) -> String {
        format!("{}/{}", self.subscription.id.to_lowercase(), self.hub.name.full_name())
    }
}

/// A resource group, as the list needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenGroup {
    /// Its name.
    pub name: String,
    /// Its region.
    pub location: String,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// True while it is being deleted.
    pub deleting: bool,
    /// The address space of its network, where one of the Terraform scripts' name was read.
    pub network: Option<Ipv4Network>,
}

/// What stands beside the groups in a record that is made from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finder {
    /// True on the practice cloud.
    pub practice: bool,
    /// Where credentials are kept.
    pub keeping: Keeping,
    /// The time, by this machine's clock.
    pub now: Timestamp,
}

impl EnvironmentRow {
    /// A row for a record, before Azure was asked.
    pub fn recorded(record: Record) -> Self {
        Self::new(record, KnownFrom::HereOnly, String::new())
    }

    fn new(record: Record, known: KnownFrom, subscription: String) -> Self {
        Self { record, known, subscription, unsettled: false, network_unread: false, problem: None }
    }

    /// A row for a record whose subscription could not be read.
    pub fn unread(record: Record, subscription: &str, problem: &Problem) -> Self {
        // Of a draft nothing exists anywhere.
        if record.phase == Phase::Draft {
            return Self::new(record, KnownFrom::HereOnly, subscription.to_owned());
        }
        Self {
            problem: Some(Box::new(problem.clone())),
            ..Self::new(record, KnownFrom::Unread, subscription.to_owned())
        }
    }

    /// A row for a record whose tenant is not signed in to.
    pub fn in_other_tenant(record: Record) -> Self {
        let known =
            if record.phase == Phase::Draft { KnownFrom::HereOnly } else { KnownFrom::OtherTenant };
        Self::new(record, known, String::new())
    }

    /// True for rows about the same environment: names alone can stand in several subscriptions.
    pub fn is_same(&self, other: &Self) -> bool {
        self.record.is_same(&other.record)
    }

    /// True when Azure has it no longer.
    pub fn is_gone(&self) -> bool {
        self.known == KnownFrom::Gone
    }

    /// True when one more read of its group's deployments would tell more.
    pub fn is_worth_asking(&self) -> bool {
        self.unsettled && self.record.made_by.is_ours()
    }

    /// Takes in how its newest deployment stands; `None` when its group has none of it.
    pub fn settle(&mut self, newest: Option<Phase>) {
        self.unsettled = false;
        match newest {
            Some(phase) => {
                self.record.phase = phase;
                if self.known == KnownFrom::HereOnly {
                    self.known = KnownFrom::Both;
                }
            }
            // The group is another's: neither its tags nor its deployments are of this environment.
            None if self.known == KnownFrom::HereOnly => self.known = KnownFrom::Gone,
            None => self.record.phase = Phase::Preparing,
        }
    }

    /// The state in a few words. What Azure has not told is never called ready.
    pub fn state(&self) -> String {
        let phase = self.record.phase;
        match self.known {
            KnownFrom::Gone => "gone from Azure".into(),
            KnownFrom::OtherTenant => "in another tenant".into(),
            KnownFrom::Unread => "could not be read".into(),
            KnownFrom::HereOnly if phase >= Phase::Submitted => format!("{}?", phase.word()),
            _ if phase == Phase::Deleting => "deleting".into(),
            _ if self.record.made_by == MadeBy::Terraform => "created with Terraform".into(),
            _ if phase < Phase::Submitted => "not sent".into(),
            _ if self.unsettled && self.known == KnownFrom::AzureOnly => "found in Azure".into(),
            _ if self.unsettled => format!("{}?", phase.word()),
            _ => phase.word().into(),
        }
    }

    /// The order of the list: by name, then by subscription and group.
    pub fn order(&self, other: &Self) -> Ordering {
        let (one, two) = (&self.record, &other.record);
        one.full_name
            .cmp(&two.full_name)
            .then_with(|| self.subscription.cmp(&other.subscription))
            .then_with(|| one.resource_group.cmp(&two.resource_group))
    }
}

impl Record {
    /// What tells an environment from all others: subscription, group and name, in lower case.
    pub fn key(&self) -> String {
        format!("{}/{}/{}", self.subscription_id, self.resource_group, self.full_name)
            .to_lowercase()
    }

    /// True for records of the same environment: the same name, in the same group of the same subscription.
    pub fn is_same(&self, other: &Self) -> bool {
        self.full_name == other.full_name
            && self.subscription_id.eq_ignore_ascii_case(&other.subscription_id)
            && self.resource_group.eq_ignore_ascii_case(&other.resource_group)
    }
}

/// Puts a subscription's records and groups together; returns its rows in order, and what could not be read.
pub fn merge(
    subscription: &SeenSubscription,
    records: Vec<Record>,
    groups: &[SeenGroup],
    finder: Finder,
) -> (Vec<EnvironmentRow>, Vec<Problem>) {
    let mut rows = Vec::new();
    let mut problems = Vec::new();
    let mut by_name: BTreeMap<String, (&SeenGroup, Option<Record>)> = BTreeMap::new();
    for group in groups {
        let found = match from_group(subscription, group, finder) {
            Some(Ok(found)) => Some(found),
            Some(Err(problem)) => {
                problems.push(problem.at(group.name.clone()));
                None
            }
            None => None,
        };
        by_name.insert(group.name.to_lowercase(), (group, found));
    }
    for record in records {
        let key = record.resource_group.to_lowercase();
        let row = match by_name.get_mut(&key) {
            None => absent(record, &subscription.name),
            Some((group, found)) => {
                let same = found.as_ref().is_some_and(|found| found.is_same(&record));
                if same {
                    *found = None;
                }
                let named_otherwise = found.is_some();
                present(record, &subscription.name, group, same, named_otherwise)
            }
        };
        rows.push(row);
    }
    for (group, found) in by_name.into_values() {
        if let Some(record) = found {
            let seed = record.made_by == MadeBy::Terraform;
            rows.push(EnvironmentRow {
                unsettled: !seed && !group.deleting,
                network_unread: seed && group.network.is_none(),
                ..EnvironmentRow::new(record, KnownFrom::AzureOnly, subscription.name.clone())
            });
        }
    }
    rows.sort_by(EnvironmentRow::order);
    (rows, problems)
}

/// A row for a record whose group Azure does not have.
fn absent(record: Record, subscription: &str) -> EnvironmentRow {
    let known =
        if record.phase >= Phase::Submitted { KnownFrom::Gone } else { KnownFrom::HereOnly };
    EnvironmentRow::new(record, known, subscription.to_owned())
}

/// A row for a record whose group is there: `same` when its tags name this environment, `named_otherwise` when they
/// name another one.
fn present(
    mut record: Record,
    subscription: &str,
    group: &SeenGroup,
    same: bool,
    named_otherwise: bool,
) -> EnvironmentRow {
    let sent = record.phase >= Phase::Submitted;
    if named_otherwise || (!same && !sent) {
        return absent(record, subscription);
    }
    if group.deleting {
        record.phase = Phase::Deleting;
        return EnvironmentRow::new(record, KnownFrom::Both, subscription.to_owned());
    }
    // Somebody may have taken the tags away: then the deployments tell whose group it is.
    let (known, settled) = if same {
        let settled = matches!(record.phase, Phase::Draft | Phase::Ready);
        (KnownFrom::Both, settled)
    } else {
        (KnownFrom::HereOnly, false)
    };
    EnvironmentRow {
        unsettled: !settled,
        ..EnvironmentRow::new(record, known, subscription.to_owned())
    }
}

/// The record that a group's tags give; `None` when the group is no environment's.
fn from_group(
    subscription: &SeenSubscription,
    group: &SeenGroup,
    finder: Finder,
) -> Option<Result<Record>> {
    let place = EnvironmentScope {
        subscription_id: subscription.id.clone(),
        tenant_id: subscription.tenant_id.clone(),
        resource_group: group.name.clone(),
        practice: finder.practice,
    };
    let new = |settings| Record::new(settings, place, finder.keeping, finder.now);
    let mut record = match tags::from_tags(&group.location, &group.tags) {
        Some(Ok(found)) => Record {
            template_hash: found.template_hash,
            phase: Phase::Deploying,
            ..new(found.settings)
        },
        Some(Err(problem)) => return Some(Err(problem)),
        None if seed::is_seed(&group.tags) => {
            match seed::settings(&group.name, &group.location, &group.tags, group.network) {
                Ok(settings) => {
                    Record { made_by: MadeBy::Terraform, phase: Phase::Submitted, ..new(settings) }
                }
                Err(problem) => return Some(Err(problem)),
            }
        }
        None => return None,
    };
    if group.deleting {
        record.phase = Phase::Deleting;
    }
    Some(Ok(record))
}

#[cfg(test)]
mod tests;
