//! What may leave an environment: its firewall's real rules read and judged, what was refused, and what Azure Machine
//! Learning needs.
//!
//! Everything is read from Azure at the moment of the question; the record only says where to look. Reads only: `allow`
//! changes rules.

mod allow;
mod gateways;
mod network_controls;

use serde::Serialize;
use serde_json::Value;

use super::Context;
use crate::azure::arm::ResourceSummary;
use crate::domain::egress::log::{QUERY, RefusedDestination};
use crate::domain::egress::{
    Destination, EgressAnswer, EgressVerdict, Facts, NetworkControls, Policy, Query, ServiceTags,
    judge,
};
use crate::domain::environment::Record;
use crate::domain::problem::{Problem, Result};
use crate::domain::resource;

pub use allow::{Allowed, allow, opening};

/// The subnet of jumpbox, computes and endpoints.
const SHARED: &str = "SharedSubnet";
/// How far back refusals are looked for, as ISO 8601 has it.
const LAST_HOUR: &str = "PT1H";

/// What a question is judged by, as Azure has it now.
#[derive(Debug, Clone, PartialEq)]
pub struct Surroundings {
    /// The firewall's rules.
    pub policy: Policy,
    /// Where traffic comes from, and what else is known.
    pub known: Facts,
    /// Security group and route.
    pub controls: NetworkControls,
}

impl Surroundings {
    /// Judges a question.
    pub fn judge(&self, query: &Query) -> EgressVerdict {
        judge(query, &self.policy, &self.known, &self.controls)
    }
}

/// Reads what questions about an environment are judged by.
///
/// # Errors
/// When the environment has no firewall or no network, or they cannot be read.
pub async fn surroundings(context: &Context, record: &Record) -> Result<Surroundings> {
    let listed = context.arm.resources(&record.resource_group).await?;
    let firewall = required(context, &listed, resource::FIREWALL, "firewall").await?;
    let network = required(context, &listed, resource::VIRTUAL_NETWORK, "virtual network").await?;
    let policy = read_policy(context, &firewall).await?;
    let subnet = shared_subnet(&network)?;
    let source =
        network_controls::range(subnet).ok_or_else(|| missing("range of the shared subnet"))?;
    let mut known = Facts::from(source);
    for id in policy.ip_groups() {
        // A group that cannot be read stays unknown, and the verdict says so.
        if let Ok(Some(body)) = context.arm.resource(&id).await {
            known.ip_groups.insert(id, texts(&body, "/properties/ipAddresses"));
        }
    }
    let controls = network_controls::read(context, record, &firewall, &network).await?;
    Ok(Surroundings { policy, known, controls })
}

/// Whether something gets out of an environment.
///
/// # Errors
/// As `surroundings`.
pub async fn egress(context: &Context, record: &Record, query: &Query) -> Result<EgressVerdict> {
    let mut surroundings = surroundings(context, record).await?;
    if matches!(query.destination, Destination::Address(_)) {
        // Only an address can be looked up in the list; without it the verdict says what it depends on.
        let listed = context.arm.service_tags(&record.settings.region).await;
        surroundings.known.service_tags = match listed {
            Ok(body) => body.as_ref().map(ServiceTags::read),
            Err(_) => None,
        };
    }
    Ok(surroundings.judge(query))
}

/// What the firewall refused in the last hour, newest first.
///
/// # Errors
/// When there is no log store, or it cannot be asked.
pub async fn denied(context: &Context, record: &Record) -> Result<Vec<RefusedDestination>> {
    let listed = context.arm.resources(&record.resource_group).await?;
    let logs = of_type(&listed, resource::LOGS).ok_or_else(|| missing("log store"))?;
    let rows = context.arm.query_logs(&logs.id, QUERY, LAST_HOUR).await?;
    let now = if context.practice { context.arm.now().await? } else { None };
    let ahead = context.ahead(now);
    let refused = rows.iter().filter_map(|row| RefusedDestination::read(row));
    Ok(refused
        .map(|row| RefusedDestination {
            last: row.last.checked_sub(ahead).unwrap_or(row.last),
            ..row
        })
        .collect())
}

/// A host that Azure Machine Learning says it needs, with the firewall's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dependency {
    /// The category that it stands in.
    pub category: String,
    /// The host, or a pattern of hosts; a pattern is judged by one host below it.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The answer in one word.
    pub answer: EgressAnswer,
    /// The whole verdict.
    pub verdict: EgressVerdict,
}

/// What Azure Machine Learning says it needs, compared with what the firewall lets through.
///
/// # Errors
/// As `surroundings`, and when the workspace cannot be read.
pub async fn dependencies(context: &Context, record: &Record) -> Result<Vec<Dependency>> {
    let listed = context.arm.resources(&record.resource_group).await?;
    let workspace = of_type(&listed, resource::WORKSPACE).ok_or_else(|| missing("workspace"))?;
    let wanted = context.arm.outbound_dependencies(&workspace.id).await?;
    let surroundings = surroundings(context, record).await?;
    let mut found = Vec::new();
    for dependency in wanted {
        for port in &dependency.ports {
            let host = dependency.host.replacen('*', "sample", 1);
            let query: Query = format!("{}://{host}:{port}", protocol(*port)).parse()?;
            let verdict = surroundings.judge(&query);
            found.push(Dependency {
                category: dependency.category.clone(),
                host: dependency.host.clone(),
                port: *port,
                answer: verdict.answer(),
                verdict,
            });
        }
    }
    Ok(found)
}

/// How Azure Machine Learning uses a port
/// (<https://learn.microsoft.com/azure/machine-learning/how-to-access-azureml-behind-firewall>).
fn protocol(port: u16) -> &'static str {
    match port {
        80 => "http",
        443 => "https",
        5831 => "udp",
        _ => "tcp",
    }
}

fn of_type<'list>(
    listed: &'list [ResourceSummary],
    resource_type: &str,
) -> Option<&'list ResourceSummary> {
    listed.iter().find(|resource| resource.resource_type.eq_ignore_ascii_case(resource_type))
}

async fn required(
    context: &Context,
    listed: &[ResourceSummary],
    resource_type: &str,
    words: &str,
) -> Result<Value> {
    let found = of_type(listed, resource_type).ok_or_else(|| missing(words))?;
    let body = context.arm.resource(&found.id).await?;
    body.ok_or_else(|| missing(words))
}

fn missing(what: &str) -> Problem {
    Problem::new(
        "EgressUnknown",
        format!("The environment has no {what}, so nothing can be said about what leaves it."),
        "`privateaml status NAME` shows what is there; deploy again to create what is missing.",
    )
}

fn text<'body>(body: &'body Value, pointer: &str) -> Option<&'body str> {
    body.pointer(pointer).and_then(Value::as_str)
}

fn texts(body: &Value, pointer: &str) -> Vec<String> {
    let listed = body.pointer(pointer).and_then(Value::as_array);
    listed.into_iter().flatten().filter_map(|item| item.as_str().map(str::to_owned)).collect()
}

/// The policy with its parents' rules. A parent that cannot be read, as one of another team may be, is kept as unread.
async fn read_policy(context: &Context, firewall: &Value) -> Result<Policy> {
    let Some(id) = text(firewall, "/properties/firewallPolicy/id") else {
        return Policy::classic(firewall);
    };
    let body = context.arm.resource(id).await?.ok_or_else(|| missing("firewall policy"))?;
    let groups = context.arm.rule_collection_groups(id).await?;
    let (base, unread) = match text(&body, "/properties/basePolicy/id") {
        Some(base) => parent(context, base).await,
        None => (Vec::new(), None),
    };
    let mut policy = Policy::read(&body, &groups, &base)?;
    policy.unread.extend(unread);
    Ok(policy)
}

/// The rules of a parent policy, and what of it or of its own parent could not be read.
async fn parent(context: &Context, id: &str) -> (Vec<Value>, Option<String>) {
    let name = id.rsplit('/').next().unwrap_or(id);
    let unread = |why: &str| (Vec::new(), Some(format!("{name} ({why})")));
    let body = match context.arm.resource(id).await {
        Ok(Some(body)) => body,
        Ok(None) => return unread("Azure does not show it"),
        Err(problem) => return unread(problem.what.trim_end_matches('.')),
    };
    match context.arm.rule_collection_groups(id).await {
        Ok(groups) => {
            let above = text(&body, "/properties/basePolicy/id");
            (groups, above.map(|above| format!("{above} (parent of {name})")))
        }
        Err(problem) => unread(problem.what.trim_end_matches('.')),
    }
}

/// The shared subnet; in networks of another making, the first that has a route table.
fn shared_subnet(network: &Value) -> Result<&Value> {
    let subnets = || {
        let listed = network.pointer("/properties/subnets");
        listed.and_then(Value::as_array).into_iter().flatten()
    };
    subnets()
        .find(|subnet| text(subnet, "/name").is_some_and(|name| name.eq_ignore_ascii_case(SHARED)))
        .or_else(|| subnets().find(|subnet| text(subnet, "/properties/routeTable/id").is_some()))
        .ok_or_else(|| missing("shared subnet"))
}
