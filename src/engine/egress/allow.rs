//! Lets one more host through: the firewall's rules, the security group where it needs one, tags and record.
//!
//! The rules become what a deployment with `--allow-host` would make, and what others have added stays. Azure documents
//! no `If-Match` for rule collection groups, so the group is read immediately before each write and read back after it.
//! Every step may be done again: the record is written last, when Azure has everything.

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Map, Value, json};

use super::{missing, of_type, shared_subnet, text};
use crate::domain::allowlist::{Allowlist, Judgement, OwnHost, check_host, judge};
use crate::domain::egress::amend;
use crate::domain::environment::{Record, tags};
use crate::domain::problem::{Problem, Result};
use crate::domain::resource;
use crate::engine::Context;

/// Tries of a write that meets another change of the same policy.
const MOST_TRIES: u32 = 12;
/// Pause between two of them, in Azure's time.
const PAUSE: Duration = Duration::from_secs(30);
/// The rule collection group that the template makes.
const GROUP: &str = "allowlist";

/// What was let through.
#[derive(Debug, Clone, PartialEq)]
pub struct Allowed {
    /// The environment, with the host among its choices.
    pub record: Record,
    /// The host as it stands in the rule.
    pub host: String,
    /// Protocols and ports.
    pub ports: String,
    /// What that opens.
    pub judgement: Judgement,
    /// False when the rules were there already.
    pub changed: bool,
}

/// What letting a host through would open; nothing is changed.
///
/// # Errors
/// When the host or its ports are none; the advice has what would be right.
pub fn opening(host: &str, ports: Option<&str>) -> Result<Judgement> {
    let entry = check_host(&own(host, ports))?;
    Ok(judge(entry.target.as_str()))
}

fn own(host: &str, ports: Option<&str>) -> OwnHost {
    OwnHost {
        host: host.trim().to_owned(),
        ports: ports.map(|ports| ports.trim().to_owned()),
        reason: None,
    }
}

/// Lets a host through, as a deployment with `--allow-host HOST[=PORTS]` would.
///
/// # Errors
/// When the host is none; when another window works on the environment; when the rules are not ours, or somebody
/// else's stand in the way; when Azure refuses. What was done by then stays, and the same call goes on from there.
pub async fn allow(
    context: &Context,
    record: &Record,
    host: &str,
    ports: Option<&str>,
) -> Result<Allowed> {
    let mut own = own(host, ports);
    let entry = check_host(&own)?;
    entry.target.as_str().clone_into(&mut own.host);
    let _lock = context.records.lock(&record.full_name)?.ok_or_else(|| busy(&record.full_name))?;
    let mut record = context.records.read(&record.full_name)?.unwrap_or_else(|| record.clone());
    let list = Allowlist::embedded();
    let before = list.select(&record.settings)?;
    let known = record.settings.hosts.iter().any(|each| {
        check_host(each)
            .is_ok_and(|known| known.target == entry.target && known.ports == entry.ports)
    });
    if !known {
        record.settings.hosts.push(own);
    }
    let after = list.select(&record.settings)?;
    // Too many choices for the tags must be known before anything is changed.
    let ours = tags::tags(&record.settings, record.template_hash.as_deref())?;
    let places = places(context, &record).await?;
    let gate = change(context, &places.security_group, "securityRules", &|rules| {
        amend::security_rules(rules, &before.nsg_rules, &after.nsg_rules)
    })
    .await?;
    let rules = change(context, &places.rules, "ruleCollections", &|collections| {
        amend::collections(collections, &before.rule_collections, &after.rule_collections)
    })
    .await?;
    set_tags(context, &record, ours).await?;
    context.records.write(&record)?;
    Ok(Allowed {
        host: entry.target.as_str().to_owned(),
        ports: entry.ports.to_string(),
        judgement: judge(entry.target.as_str()),
        changed: gate || rules,
        record,
    })
}

/// Ids of what is changed.
struct Places {
    rules: String,
    security_group: String,
}

async fn places(context: &Context, record: &Record) -> Result<Places> {
    let listed = context.arm.resources(&record.resource_group).await?;
    let firewall = super::required(context, &listed, resource::FIREWALL, "firewall").await?;
    let network = of_type(&listed, resource::VIRTUAL_NETWORK)
        .ok_or_else(|| missing("virtual network"))?
        .id
        .clone();
    let network = context.arm.resource(&network).await?;
    let network = network.ok_or_else(|| missing("virtual network"))?;
    let policy = text(&firewall, "/properties/firewallPolicy/id")
        .ok_or_else(|| foreign("the firewall has no policy"))?;
    let security_group = text(shared_subnet(&network)?, "/properties/networkSecurityGroup/id")
        .ok_or_else(|| missing("security group of the shared subnet"))?;
    Ok(Places {
        rules: format!("{policy}/ruleCollectionGroups/{GROUP}"),
        security_group: security_group.to_owned(),
    })
}

/// Reads a resource, changes one list of its properties and writes it, again while another change is going on; true
/// when there was something to change.
async fn change(
    context: &Context,
    id: &str,
    list: &str,
    amended: &(dyn Fn(&Value) -> Result<Value> + Sync),
) -> Result<bool> {
    let mut tries = 0;
    loop {
        let body = read(context, id).await?;
        let pointer = format!("/properties/{list}");
        let standing = body.pointer(&pointer).cloned().unwrap_or_else(|| json!([]));
        let wanted = amended(&standing)?;
        if wanted == standing {
            return Ok(false);
        }
        let body = writable(&body, list, &wanted);
        let ended = match context.arm.put_resource(id, &body).await {
            Ok(started) => context.arm.finish(started, |_| {}).await,
            Err(problem) => Err(problem),
        };
        tries += 1;
        match ended {
            Ok(_) => {
                let kept = read(context, id).await?;
                return check_kept(id, &wanted, kept.pointer(&pointer)).map(|()| true);
            }
            Err(problem) if problem.is_transient() && tries < MOST_TRIES => {
                let wait = problem.wait.unwrap_or(PAUSE);
                context.pace().pass(&context.arm, wait).await;
            }
            Err(problem) => return Err(problem),
        }
    }
}

/// The resource as it is written: what Azure adds on reading left out, for it is not ours to send.
fn writable(body: &Value, list: &str, wanted: &Value) -> Value {
    let mut items = wanted.clone();
    for item in items.as_array_mut().into_iter().flatten() {
        if let Some(members) = item.as_object_mut() {
            members.retain(|name, _| !matches!(name.as_str(), "id" | "etag" | "type"));
        }
        if let Some(properties) = item.get_mut("properties").and_then(Value::as_object_mut) {
            properties.shift_remove("provisioningState");
        }
    }
    let mut properties = Map::new();
    for name in ["priority", "flushConnection"] {
        if let Some(value) = body.pointer(&format!("/properties/{name}")) {
            properties.insert(name.to_owned(), value.clone());
        }
    }
    properties.insert(list.to_owned(), items);
    let mut written = Map::new();
    for name in ["location", "tags"] {
        if let Some(value) = body.get(name) {
            written.insert(name.to_owned(), value.clone());
        }
    }
    written.insert("properties".to_owned(), Value::Object(properties));
    Value::Object(written)
}

async fn read(context: &Context, id: &str) -> Result<Value> {
    let body = context.arm.resource(id).await?;
    body.ok_or_else(|| {
        foreign("the rules that this program creates are not there").at(id.to_owned())
    })
}

/// Every item that was written must have come to stay: another client may have written at the same moment.
fn check_kept(id: &str, wanted: &Value, kept: Option<&Value>) -> Result<()> {
    let names = |items: Option<&Value>| -> Vec<String> {
        let items = items.and_then(Value::as_array);
        items
            .into_iter()
            .flatten()
            .flat_map(|item| {
                let own = text(item, "/name").unwrap_or_default().to_owned();
                let rules = item.get("rules").and_then(Value::as_array);
                let below = rules
                    .into_iter()
                    .flatten()
                    .filter_map(|rule| text(rule, "/name"))
                    .map(|rule| format!("{own}/{rule}"))
                    .collect::<Vec<_>>();
                std::iter::once(own.clone()).chain(below)
            })
            .collect()
    };
    let kept = names(kept);
    match names(Some(wanted)).into_iter().find(|name| !kept.contains(name)) {
        None => Ok(()),
        Some(lost) => Err(Problem::new(
            "RuleNotKept",
            format!("Azure took the change, but {lost} is not there: somebody else wrote the same rules at \
                the same moment."),
            "Run the same command again.",
        )
        .at(id.to_owned())),
    }
}

/// Renews the group's tags, so that the environment is found with this choice; tags of others stay.
async fn set_tags(
    context: &Context,
    record: &Record,
    ours: BTreeMap<String, String>,
) -> Result<()> {
    let name = &record.resource_group;
    let group = context.arm.resource_group(name).await?;
    let group = group.ok_or_else(|| missing("resource group"))?;
    let mut all: BTreeMap<String, String> = group
        .tags
        .iter()
        .filter(|(key, _)| !tags::is_ours(key))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    all.extend(ours);
    if all != group.tags {
        context.arm.create_resource_group(name, &group.location, &all).await?;
    }
    Ok(())
}

fn busy(name: &str) -> Problem {
    Problem::new(
        "EnvironmentBusy",
        format!("Another window is working on {name}."),
        "Wait until it is done, then run the same command again.",
    )
    .at(name.to_owned())
}

fn foreign(why: &str) -> Problem {
    Problem::new(
        "RulesNotOurs",
        format!("The rules cannot be changed from here: {why}."),
        "Add the host where these rules are managed, such as the Azure portal or the Terraform files.",
    )
}
