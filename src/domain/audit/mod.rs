//! The isolation audit: thirty points that together say whether an environment is still private.
//!
//! Each point names the fields it read, what was expected, what was found and the remedy. What could not be read is
//! unknown, never "holds". This module judges an inventory; it must not read anything, and it changes nothing.

mod access;
mod case;
mod data;
mod firewall;
mod machine;
mod names;
mod network;
mod probes;
mod report;
mod routes;
mod sheet;
mod walls;
mod workspace;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use self::sheet::Sheet;
pub use self::{
    case::Case,
    probes::{Probe, ProbeAnswer, code_in, hosts, probe_path},
    report::markdown,
};

/// What a point or a field says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// It was read and is as expected.
    Holds,
    /// It was read and is not as expected.
    DoesNotHold,
    /// It could not be read or proved.
    Unknown,
}

impl Answer {
    /// The answer in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::DoesNotHold => "does not hold",
            Self::Unknown => "unknown",
        }
    }
}

/// One field that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Name of the resource.
    pub resource: String,
    /// The field read, by its path in the body.
    pub field: String,
    /// What is expected.
    pub expected: String,
    /// What was found.
    pub found: String,
    /// What that means.
    pub answer: Answer,
    /// What to do; empty where it holds and nothing is left open.
    pub remedy: String,
    /// True where it holds only because it was chosen so: it stays open, and is said.
    #[serde(default)]
    pub by_choice: bool,
}

/// One point of the audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// 1 to 30.
    pub number: u8,
    /// What it is about.
    pub title: String,
    /// What its findings say together.
    pub answer: Answer,
    /// The fields looked at.
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

impl Audit {
    /// How many points give an answer.
    #[must_use]
    pub fn count(&self, answer: Answer) -> usize {
        self.points
            .iter()
            .filter(|each| each.answer == answer)
            .count()
    }

    /// The findings that stay open by choice, with their point's number.
    pub fn open_by_choice(&self) -> impl Iterator<Item = (u8, &Finding)> {
        self.points.iter().flat_map(|point| {
            let open = point.findings.iter().filter(|each| each.by_choice);
            open.map(|finding| (point.number, finding))
        })
    }
}

type Check = fn(&Case<'_>, &mut Sheet);

/// The points in their order, with what each is about.
const POINTS: [(&str, Check); 30] = [
    (
        "The workspace answers only inside the network",
        workspace::closed,
    ),
    (
        "It has one private endpoint, approved and ours",
        workspace::endpoint,
    ),
    (
        "Data is reached by identities, not by keys",
        workspace::identities,
    ),
    (
        "Images are built inside the network",
        workspace::image_building,
    ),
    (
        "No managed network with rules of its own",
        workspace::managed_network,
    ),
    (
        "Computes have no public address or open port",
        workspace::computes,
    ),
    (
        "Storage answers only inside the network",
        data::storage_network,
    ),
    (
        "The storage account gives nothing away",
        data::storage_options,
    ),
    ("The key vault answers only inside the network", data::vault),
    (
        "The registry answers only inside the network",
        data::registry,
    ),
    ("Logs come in only over the private endpoint", data::logs),
    ("Endpoints are approved and in our subnet", names::endpoints),
    ("Every private name leads to its endpoint", names::records),
    ("Private zones are linked to no other network", names::links),
    ("Names are resolved by Azure's resolver", network::resolver),
    ("Every subnet has its walls", network::subnets),
    (
        "Service endpoints lead to known accounts only",
        network::endpoint_policies,
    ),
    (
        "The default route leads to the firewall",
        routes::default_route,
    ),
    (
        "No machine has a way round the firewall",
        routes::effective_routes,
    ),
    ("Security groups admit no stranger", walls::security_groups),
    (
        "Only firewall and Bastion have public addresses",
        network::public_addresses,
    ),
    (
        "Firewall rules by name admit no unknown hosts",
        firewall::application_rules,
    ),
    (
        "Firewall rules by address admit no wide ranges",
        firewall::network_rules,
    ),
    ("The firewall runs, filters and logs", firewall::running),
    ("The jumpbox is closed and shuts down", machine::jumpbox),
    ("Bastion lets no files out", machine::bastion),
    (
        "Only the expected networks are connected",
        network::peerings,
    ),
    (
        "Nobody has more rights than the template gave",
        access::roles,
    ),
    ("Logs are kept, and policies are met", access::diagnostics),
    ("From outside, every service refuses", probes::refusals),
];

/// Judges an environment.
#[must_use]
pub fn audit(case: &Case<'_>) -> Audit {
    let points = POINTS.iter().zip(1..).map(|((title, check), number)| {
        let mut sheet = Sheet::default();
        check(case, &mut sheet);
        Point {
            number,
            title: (*title).to_owned(),
            answer: sheet.answer(),
            findings: sheet.findings,
        }
    });
    Audit {
        full_name: format!("{}{}", case.plan.name, case.plan.suffix),
        read_at: case.inventory.read_at,
        points: points.collect(),
    }
}
