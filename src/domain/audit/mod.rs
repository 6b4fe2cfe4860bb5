//! The isolation audit: the one comparison in thirty points, and what the services say to a stranger.
//!
//! A point holds when nothing in its part is unplanned and nothing unread. What was chosen and leaves something open
//! is a list of its own. This module judges an inventory; it must not read anything, and it changes nothing.

mod report;

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::report::markdown;
use super::comparison::{self, Comparison, ComparisonInput, ComparisonItem, Verdict};

/// What a point or a field says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuditAnswer {
    /// It was read and is as planned.
    Holds,
    /// It was read and was not planned.
    DoesNotHold,
    /// It could not be read, or what it means is not known.
    Unknown,
}

impl AuditAnswer {
    /// The answer in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::DoesNotHold => "does not hold",
            Self::Unknown => "unknown",
        }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Name of the resource.
    pub resource: String,
    /// The place in its body; empty for the resource as a whole.
    pub field: String,
    /// What was planned.
    pub expected: String,
    /// What was found.
    pub found: String,
    /// What that means.
    pub answer: AuditAnswer,
    /// What to do about it; for what is open by choice, what closes it; empty where there is nothing to do.
    pub remedy: String,
    /// True where it is open because it was chosen so.
    #[serde(default)]
    pub by_choice: bool,
    /// How wide it is, where it is open by choice.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub width: String,
    /// The way by which data can leave through it, where it is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub way: String,
}

impl Finding {
    /// The end of the place in the body: what it is called.
    pub fn place(&self) -> &str {
        self.field.rsplit("properties.").next().unwrap_or(&self.field)
    }
}

impl From<&ComparisonItem> for Finding {
    fn from(item: &ComparisonItem) -> Self {
        let found = match item.kind {
            comparison::DifferenceKind::Removed if item.property.is_empty() => {
                "it is gone".to_owned()
            }
            comparison::DifferenceKind::Removed => "nothing".to_owned(),
            _ => item.found.clone(),
        };
        let expected = match item.kind {
            comparison::DifferenceKind::Added => "nothing".to_owned(),
            _ => item.expected.clone(),
        };
        Self {
            resource: item.resource.clone(),
            field: item.property.clone(),
            expected,
            found,
            answer: match item.verdict {
                Verdict::Planned | Verdict::Open => AuditAnswer::Holds,
                Verdict::NotPlanned => AuditAnswer::DoesNotHold,
                Verdict::NotReadable => AuditAnswer::Unknown,
            },
            remedy: item.remedy.clone(),
            by_choice: item.verdict == Verdict::Open,
            width: item.width.clone(),
            way: item.way.clone(),
        }
    }
}

/// One point of the audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// 1 to 30.
    pub number: u8,
    /// What was looked at.
    pub title: String,
    /// What its findings say together.
    pub answer: AuditAnswer,
    /// What was looked at, one by one.
    pub findings: Vec<Finding>,
}

/// The whole audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    /// The environment.
    pub full_name: String,
    /// When it was read.
    pub read_at: Option<Timestamp>,
    /// The points, by number.
    pub points: Vec<Point>,
}

/// What an audit says of one of its findings: its three lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// Read, and not planned.
    DoesNotHold,
    /// Not read, or its meaning not known.
    Unknown,
    /// Chosen, and open.
    OpenByChoice,
}

impl List {
    /// The lists in the order in which they matter.
    pub const ALL: [Self; 3] = [Self::DoesNotHold, Self::Unknown, Self::OpenByChoice];

    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            Self::DoesNotHold => "Does not hold",
            Self::Unknown => "Unknown",
            Self::OpenByChoice => "Open by choice",
        }
    }
}

impl Audit {
    /// How many points give an answer.
    pub fn count(&self, answer: AuditAnswer) -> usize {
        let points = self.points.iter();
        points.filter(|each| each.answer == answer).count()
    }

    /// The findings of a list, with their point's number.
    pub fn list(&self, list: List) -> impl Iterator<Item = (u8, &Finding)> {
        let belongs = move |each: &&Finding| match list {
            List::DoesNotHold => each.answer == AuditAnswer::DoesNotHold,
            List::Unknown => each.answer == AuditAnswer::Unknown,
            List::OpenByChoice => each.by_choice,
        };
        self.points.iter().flat_map(move |point| {
            let findings = point.findings.iter().filter(belongs);
            findings.map(|finding| (point.number, finding))
        })
    }

    /// The ways by which data can leave by choice, each once: a way through the firewall has many entries.
    pub fn ways_out(&self) -> BTreeSet<&str> {
        let ways = self.open_by_choice().map(|(_, finding)| finding.way.as_str());
        ways.filter(|way| !way.is_empty()).collect()
    }

    /// The findings that stay open by choice, with their point's number.
    pub fn open_by_choice(&self) -> impl Iterator<Item = (u8, &Finding)> {
        self.list(List::OpenByChoice)
    }
}

/// What no audit of this program looks at, so that a reader of the report alone knows it.
pub const NOT_LOOKED_AT: [&str; 8] = [
    "The inside of the jumpbox and of computes: programs, accounts and files there.",
    "What the data itself says: shared access signatures that were given out, copies, contents.",
    "Microsoft Entra ID: members of groups, eligible (not active) roles, Conditional Access, application secrets.",
    "Contents of custom roles, deny assignments, and conditions of inherited roles.",
    "Security admin rules and routes of Azure Virtual Network Manager, and the networks behind the hub.",
    "Zones of other subscriptions that are linked to this network.",
    "The logs themselves: what happened before, and who read what.",
    "Answers from inside the network: `privateaml verify` asks from where it runs.",
];

/// The points in their order: what each looks at.
const POINTS: [&str; 30] = [
    "Workspace: public network access",
    "Workspace: private endpoint connections",
    "Workspace: its stores and datastores, and how they are reached",
    "Workspace: where images are built and serverless jobs run",
    "Workspace: managed network, endpoints, connections, other settings",
    "Computes: subnet, public address, ports, accounts",
    "Storage: network rules and private endpoint connections",
    "Storage: keys, copies, protocols, other ways to the data",
    "Key vault: network rules, private endpoint connections, access",
    "Registry: network rules, private endpoint connections, sign-in",
    "Logs: networks, private link scope, exports",
    "Private endpoints, and what else is in the subnets",
    "Private names: the records of the zones",
    "Private zones: links, and zones of others in this subscription",
    "Network: its DNS servers",
    "Network: subnets with their security groups and route tables",
    "Network: service endpoints and their policies",
    "Route table",
    "Effective routes of the jumpbox",
    "Security groups: every rule",
    "Public addresses: which there are, and what they are on",
    "Firewall: rules by name",
    "Firewall: rules by address and DNAT rules",
    "Firewall: its policy and settings",
    "Jumpbox: machine, card, disk, extensions, shutdown",
    "Bastion: ways in and out",
    "Peerings and other networks",
    "Rights: role assignments and federated credentials",
    "Diagnostic settings, policies, and what else the group holds",
    "Answers of the services to this machine",
];

/// Judges an environment.
pub fn audit(case: &ComparisonInput<'_>) -> Audit {
    of(case, &comparison::compare(case))
}

/// The audit as a view of a comparison.
pub fn of(case: &ComparisonInput<'_>, comparison: &Comparison) -> Audit {
    let answers = comparison::refusals(case);
    let items: Vec<&ComparisonItem> = comparison.items.iter().chain(&answers).collect();
    let points = POINTS.iter().zip(1..).map(|(title, number)| {
        let items = items.iter().filter(|item| item.point == number);
        let findings: Vec<Finding> = items.map(|item| Finding::from(*item)).collect();
        Point { number, title: (*title).to_owned(), answer: answer(&findings), findings }
    });
    Audit {
        full_name: case.plan.full_name(),
        read_at: comparison.read_at,
        points: points.collect(),
    }
}

/// What findings say together. Without any, nothing has been shown.
fn answer(findings: &[Finding]) -> AuditAnswer {
    let any = |answer| findings.iter().any(|each| each.answer == answer);
    if any(AuditAnswer::DoesNotHold) {
        AuditAnswer::DoesNotHold
    } else if findings.is_empty() || any(AuditAnswer::Unknown) {
        AuditAnswer::Unknown
    } else {
        AuditAnswer::Holds
    }
}
