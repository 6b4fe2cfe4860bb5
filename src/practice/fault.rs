//! Faults on demand: what a practice cloud can be told to do wrong, so that people and tests can see it happen.
//!
//! Faults of the connection (throttling, dropped connections, 5xx, expired tokens) strike here; faults of a deployment
//! only stand in the state, and the deployment asks for them. Counts are part of the state, so that "once" means once
//! even over a restart.

use std::{fmt, mem::discriminant, str::FromStr, time::Duration};

use super::catalog::subscription;
use super::reply::Reply;
use super::request::Request;
use super::state::{Cloud, What};
use crate::domain::problem::{Problem, Result};

mod file;

pub use file::read_file;

/// Something that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The core quota of the region is used up.
    Quota,
    /// A policy denies the deployment.
    Policy,
    /// The size of the virtual machine is not available.
    Sku,
    /// The storage account's name is taken.
    NameTaken,
    /// The vault's name is held by a deleted vault.
    SoftDeletedVault,
    /// That many requests are answered with 429.
    Throttle(u32),
    /// That many connections are closed without an answer: by turns before and after the request has taken effect.
    Drop(u32),
    /// That many requests are answered with 503.
    ServerError(u32),
    /// Once, tokens older than that many real seconds are refused.
    TokenExpiry(u32),
    /// Bastion takes its slowest.
    SlowBastion,
    /// The firewall fails once with an internal error.
    FirewallError,
    /// The region takes no new resources.
    RegionOutage,
    /// The caller is a Contributor: no role assignments.
    NoRoleAssignments,
    /// The subscription of that number answers late, by real time.
    SlowSubscription(u32),
    /// Groups, networks and resources of the subscription of that number may not be listed.
    UnreadableSubscription(u32),
    /// A firewall that comes back from a pause gets another private address than before.
    FirewallMoves,
    /// The access extension fails once, and the password stays.
    ResetError,
    /// The caller may not change networks outside environments, such as a company's hub.
    NoHubRights,
    /// A private endpoint fails while another one of its subnet is being created.
    EndpointRace,
    /// A gateway takes its slowest.
    SlowGateway,
    /// Changes need a token that a second factor was shown for.
    SecondFactor,
    /// Once, the roles of the workspace's identity are not known yet.
    LateRoles,
    /// The subscription has Defender for Storage, which lets itself into each storage account that is written.
    DefenderForStorage,
    /// A policy adds tags to each resource that is written.
    PolicyTags,
    /// A policy denies private DNS zones, as landing zones do.
    ZonePolicy,
    /// A policy denies public IP addresses.
    AddressPolicy,
    /// No region offers the daily shutdown of machines.
    NoSchedules,
    /// The price list is not available.
    PricesDown,
    /// The price list answers too late, by real time.
    PricesSlow,
    /// The price list fails after the first page of an answer.
    PricesCut,
    /// The price list lacks Bastion's basic tier and the usual machine size.
    PricesMissing,
    /// The cloud lags: it offers no API version of 2025 or later.
    OldVersions,
    /// No public addresses, networks or storage accounts are left.
    Limits,
    /// Azure Machine Learning has no cores left.
    LearningQuota,
    /// No region offers an image of Windows 11.
    NoImage,
    /// A read-only lock is on the subscription.
    Locked,
    /// A deny assignment takes deployments away.
    DenyAssignment,
    /// The caller could activate the role Owner.
    EligibleRole,
    /// The caller may assign some roles only.
    ConditionalRoles,
    /// The caller may only read.
    Reader,
    /// The clocks are a quarter of an hour apart.
    WrongClock,
    /// The subscription offers no region but northeurope.
    RegionNotOffered,
    /// The region northeurope does not offer Azure Machine Learning.
    RegionLacksLearning,
    /// What is asked before a deployment may not be read.
    UnreadableChecks,
    /// What-if lists changes that are none, as Azure's does.
    WhatIfNoise,
    /// Switches every fault off.
    None,
}

/// How many requests a fault without a number strikes.
const DEFAULT_STRIKES: u32 = 5;
/// Age in real seconds from which a token counts as expired, unless a number is given.
const DEFAULT_TOKEN_AGE: u32 = 2;
/// Number of the subscription that a fault strikes, unless one is given.
const DEFAULT_SUBSCRIPTION: u32 = 2;
/// How late a slow subscription answers, in real time.
const LATE: Duration = Duration::from_secs(3);
/// How late a slow price list answers, in real time: nobody waits that long for a price.
const TOO_LATE: Duration = Duration::from_mins(2);
/// A row for each fault: its name, what a number behind it counts, and how it is made of that number.
type FaultRow = (&'static str, &'static str, fn(Option<u32>) -> Fault);

#[rustfmt::skip]
const ROWS: [FaultRow; 46] = [
    ("quota", "", |_| Fault::Quota),
    ("policy", "", |_| Fault::Policy),
    ("sku", "", |_| Fault::Sku),
    ("name-taken", "", |_| Fault::NameTaken),
    ("soft-deleted-vault", "", |_| Fault::SoftDeletedVault),
    ("throttle", "n", |count| Fault::Throttle(count.unwrap_or(DEFAULT_STRIKES))),
    ("drop", "n", |count| Fault::Drop(count.unwrap_or(DEFAULT_STRIKES))),
    ("5xx", "n", |count| Fault::ServerError(count.unwrap_or(DEFAULT_STRIKES))),
    ("token-expiry", "seconds", |age| Fault::TokenExpiry(age.unwrap_or(DEFAULT_TOKEN_AGE))),
    ("slow-bastion", "", |_| Fault::SlowBastion),
    ("firewall-error", "", |_| Fault::FirewallError),
    ("region-outage", "", |_| Fault::RegionOutage),
    ("no-role-assignments", "", |_| Fault::NoRoleAssignments),
    ("slow-subscription", "number", |given| Fault::SlowSubscription(given.unwrap_or(DEFAULT_SUBSCRIPTION))),
    ("unreadable-subscription", "number", |given| {
        Fault::UnreadableSubscription(given.unwrap_or(DEFAULT_SUBSCRIPTION))
    }),
    ("firewall-moves", "", |_| Fault::FirewallMoves),
    ("reset-error", "", |_| Fault::ResetError),
    ("no-hub-rights", "", |_| Fault::NoHubRights),
    ("slow-gateway", "", |_| Fault::SlowGateway),
    ("second-factor", "", |_| Fault::SecondFactor),
    ("late-roles", "", |_| Fault::LateRoles),
    ("defender-for-storage", "", |_| Fault::DefenderForStorage),
    ("policy-tags", "", |_| Fault::PolicyTags),
    ("endpoint-race", "", |_| Fault::EndpointRace),
    ("zone-policy", "", |_| Fault::ZonePolicy),
    ("address-policy", "", |_| Fault::AddressPolicy),
    ("no-schedules", "", |_| Fault::NoSchedules),
    ("old-versions", "", |_| Fault::OldVersions),
    ("limits", "", |_| Fault::Limits),
    ("ml-quota", "", |_| Fault::LearningQuota),
    ("no-image", "", |_| Fault::NoImage),
    ("locked", "", |_| Fault::Locked),
    ("deny-assignment", "", |_| Fault::DenyAssignment),
    ("eligible-role", "", |_| Fault::EligibleRole),
    ("conditional-roles", "", |_| Fault::ConditionalRoles),
    ("reader", "", |_| Fault::Reader),
    ("clock", "", |_| Fault::WrongClock),
    ("no-region", "", |_| Fault::RegionNotOffered),
    ("region-lacks-ml", "", |_| Fault::RegionLacksLearning),
    ("unreadable-checks", "", |_| Fault::UnreadableChecks),
    ("prices-down", "", |_| Fault::PricesDown),
    ("prices-slow", "", |_| Fault::PricesSlow),
    ("prices-cut", "", |_| Fault::PricesCut),
    ("prices-missing", "", |_| Fault::PricesMissing),
    ("what-if-noise", "", |_| Fault::WhatIfNoise),
    ("none", "", |_| Fault::None),
];

impl Fault {
    /// The name without a number.
    pub fn name(self) -> &'static str {
        let mut rows = ROWS.iter();
        let own = rows.find(|(_, _, made)| discriminant(&made(None)) == discriminant(&self));
        own.map_or("", |(name, ..)| name)
    }

    fn strikes(self) -> Option<u32> {
        match self {
            Self::Throttle(count) | Self::Drop(count) | Self::ServerError(count) => Some(count),
            Self::TokenExpiry(_) | Self::FirewallError | Self::ResetError | Self::LateRoles => {
                Some(1)
            }
            _ => None,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())?;
        match self {
            Self::Throttle(number)
            | Self::Drop(number)
            | Self::ServerError(number)
            | Self::TokenExpiry(number)
            | Self::SlowSubscription(number)
            | Self::UnreadableSubscription(number) => write!(formatter, ":{number}"),
            _ => Ok(()),
        }
    }
}

impl FromStr for Fault {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self> {
        let (name, number) = text.trim().split_once(':').unwrap_or((text.trim(), ""));
        let number = (!number.is_empty()).then(|| number.parse::<u32>()).transpose().ok();
        let row = ROWS.iter().find(|(known, ..)| *known == name);
        match (row, number) {
            (Some((_, "", _)), Some(Some(_))) | (None, _) | (_, None) => Err(unknown(text)),
            (Some((_, _, made)), Some(number)) => Ok(made(number)),
        }
    }
}

fn unknown(text: &str) -> Problem {
    let names = ROWS.map(|(name, counts, _)| match counts {
        "" => name.to_owned(),
        counts => format!("{name}[:{counts}]"),
    });
    Problem::new(
        "UnknownFault",
        format!("'{text}' is not a fault that the practice cloud knows."),
        format!("Use one of: {}.", names.join(", ")),
    )
}

impl Cloud {
    /// The fault of the given name, when it is switched on and not used up.
    pub fn fault(&self, name: &str) -> Option<Fault> {
        self.root
            .faults
            .iter()
            .filter(|(_, left)| **left != Some(0))
            .filter_map(|(text, _)| text.parse::<Fault>().ok())
            .find(|fault| fault.name() == name)
    }

    /// As [`Cloud::fault`], and counts the strike.
    pub fn strike(&mut self, name: &str) -> Option<Fault> {
        let struck = self.fault(name)?;
        if let Some(Some(left)) = self.root.faults.get_mut(&struck.to_string()) {
            *left = left.saturating_sub(1);
        }
        Some(struck)
    }

    /// Switches exactly these faults on when a server starts. A fault that was on already keeps its count. Without any,
    /// what a deployment under way was started with stays until it has ended.
    pub(super) fn set_faults(&mut self, faults: &[Fault]) {
        let deploying = self.root.events().any(|what| matches!(what, What::DeploymentStep { .. }));
        if faults.is_empty() && deploying {
            return;
        }
        let before = std::mem::take(&mut self.root.faults);
        for fault in faults.iter().filter(|fault| **fault != Fault::None) {
            let text = fault.to_string();
            let left = before.get(&text).copied().unwrap_or(fault.strikes());
            self.root.faults.insert(text, left);
        }
    }
}

/// The number of the subscription that a request is about, where there is one.
fn subscription_of(cloud: &Cloud, request: &Request) -> Option<u32> {
    if !request.segment(0).eq_ignore_ascii_case("subscriptions") {
        return None;
    }
    let number = subscription::number(cloud, request.segment(1))?;
    u32::try_from(number).ok()
}

/// How much later than usual a request is answered, in real time.
pub fn delay(cloud: &Cloud, request: &Request) -> Duration {
    if request.path == "/api/retail/prices" && cloud.fault("prices-slow").is_some() {
        return TOO_LATE;
    }
    let slow = subscription_of(cloud, request).is_some_and(|number| {
        let wanted = Fault::SlowSubscription(number).to_string();
        cloud.root.faults.contains_key(&wanted)
    });
    if slow { LATE } else { Duration::ZERO }
}

/// The refusal to list what is in a subscription that the account may not read; the words are Azure's
/// (<https://learn.microsoft.com/azure/role-based-access-control/troubleshooting>).
pub fn refuse_lists(cloud: &Cloud, request: &Request) -> Option<Reply> {
    let lowered: Vec<String> =
        request.segments.iter().skip(2).map(|segment| segment.to_ascii_lowercase()).collect();
    let path: Vec<&str> = lowered.iter().map(String::as_str).collect();
    let what = match path.as_slice() {
        ["resourcegroups"] => "Microsoft.Resources/subscriptions/resourcegroups".to_owned(),
        ["resources"] => "Microsoft.Resources/subscriptions/resources".to_owned(),
        ["providers", "microsoft.network", _] => {
            format!("Microsoft.Network/{}", request.segment(4))
        }
        _ => return None,
    };
    let number = subscription_of(cloud, request)?;
    let wanted = Fault::UnreadableSubscription(number).to_string();
    cloud.root.faults.get(&wanted)?;
    let scope = format!("/subscriptions/{}", request.segment(1));
    Some(fault!(
        403,
        "AuthorizationFailed",
        "The client does not have authorization to perform action '{what}/read' over scope '{scope}' or the scope \
         is invalid. If access was recently granted, please refresh your credentials."
    ))
}

/// The refusal of what is asked before a deployment, while the fault `unreadable-checks` is on.
pub fn refuse_checks(cloud: &Cloud, request: &Request) -> Option<Reply> {
    cloud.fault("unreadable-checks")?;
    let path = request.path.to_ascii_lowercase();
    let asked = [
        "/permissions",
        "/checknameavailability",
        "/usages",
        "/skus",
        "/deletedworkspaces",
        "/locks",
        "/locations",
        "/practice/clock",
    ];
    let is_check = asked.iter().any(|end| path.ends_with(end))
        || path.ends_with("/validate")
        || request.segments.len() == 4 && path.contains("/resourcegroups/");
    is_check.then(|| {
        fault!(
            403,
            "AuthorizationFailed",
            "The client does not have authorization to perform action \
             'Microsoft.Resources/deployments/validate/action' over scope '{}' or the scope is invalid. If access \
             was recently granted, please refresh your credentials.",
            request.path
        )
    })
}

/// What a fault of the connection does to a request.
#[derive(Debug, Clone, PartialEq)]
pub enum Strike {
    /// This answer is given in place of the real one.
    Answer(Reply),
    /// The connection is closed before anything is done.
    LoseRequest,
    /// The request is carried out and its answer is lost.
    LoseAnswer,
}

/// Says whether a fault of the connection strikes this request. At most two requests in a row are struck, then one is
/// let through: a client that repeats itself a few times gets on.
pub fn strike_connection(cloud: &mut Cloud, number: u64) -> Option<Strike> {
    if number % 3 == 2 {
        return None;
    }
    if cloud.strike("drop").is_some() {
        return Some(if number.is_multiple_of(2) {
            Strike::LoseRequest
        } else {
            Strike::LoseAnswer
        });
    }
    if cloud.strike("throttle").is_some() {
        let reply = fault!(
            429,
            "SubscriptionRequestsThrottled",
            "Number of requests for subscription exceeded the limit. Please try again after the seconds in \
             Retry-After."
        );
        return Some(Strike::Answer(
            reply.header("retry-after", "1").header("x-ms-retry-after-ms", "100"),
        ));
    }
    cloud.strike("5xx").map(|_| {
        Strike::Answer(fault!(
            503,
            "ServiceUnavailable",
            "The service is temporarily unavailable. Please try again."
        ))
    })
}

#[cfg(test)]
mod tests;
