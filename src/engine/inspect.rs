//! How an environment that stands really is: its parts, what has changed since it was made, and the audit.
//!
//! It reads and judges; nothing is changed, whatever it finds.

use jiff::{SignedDuration, Timestamp};

use super::survey::Survey;
use super::{Blueprint, Context, inventory, peering};
use crate::azure::activity::Activity;
use crate::azure::arm::Deployment;
use crate::domain::audit::{self, Audit};
use crate::domain::comparison::{self, ComparisonInput};
use crate::domain::drift::{Difference, DifferenceKind, Drift};
use crate::domain::environment::{MadeBy, Record};
use crate::domain::health::{self, HealthPart};
use crate::domain::inventory::Inventory;
use crate::domain::peering::hub_side::{self, HubLack};
use crate::domain::plan::Plan;
use crate::domain::problem::{Problem, Result};
use crate::domain::registration::{self, Elsewhere};
use crate::template::plan::{Caller, PrincipalType};

/// How long Azure keeps its activity log, less a day.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 89);
/// How far beyond the begin of the reading the activity log is read.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);
/// Most lines of history.
const MOST: usize = 50;

/// Something that has happened to an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happening {
    /// When, by Azure's clock; what the practice cloud tells, by this machine's.
    pub time: Timestamp,
    /// What, such as `deployment succeeded`.
    pub what: String,
    /// Who, where that is told.
    pub who: Option<String>,
}

/// How an environment is.
#[derive(Debug)]
pub struct Inspection {
    /// What its settings make.
    pub plan: Plan,
    /// Its parts.
    pub parts: Vec<HealthPart>,
    /// What has changed.
    pub drift: Drift,
    /// What has happened, newest first.
    pub history: Vec<Happening>,
    /// What has to be registered, where its private DNS zones exist elsewhere.
    pub elsewhere: Option<Elsewhere>,
    /// True while its firewall is paused.
    pub paused: bool,
    /// What could not be read besides.
    pub problems: Vec<Problem>,
}

/// Looks at an environment.
///
/// # Errors
/// When its template cannot be read, or Azure does not tell of its group.
pub async fn inspect(context: &Context, record: &Record) -> Result<Inspection> {
    let survey =
        Survey::read(context, &record.resource_group, &record.full_name, record.last_deployment())
            .await?;
    let plan = plan_of(context, record, &survey)?;
    let inventory = inventory::read(context, &plan, false).await;
    let hub = hub(context, record).await;
    let mut comparison = comparison::compare(&case(record, &plan, &inventory, hub.as_ref()));
    let now = inventory.read_at.unwrap_or_else(Timestamp::now);
    let made = last_success(&survey.deployments);
    let since = now.checked_sub(KEPT).unwrap_or(Timestamp::UNIX_EPOCH);
    // The reading itself takes a moment, in which more can happen.
    let until = now.checked_add(AHEAD).unwrap_or(now);
    let group = &record.resource_group;
    let mut problems = Vec::new();
    let activity = match context.arm.activity(group, since, until).await {
        Ok(activity) => activity,
        Err(problem) => {
            problems.push(problem);
            Vec::new()
        }
    };
    let ahead = context.ahead(inventory.read_at);
    for item in &mut comparison.items {
        attribute(item, &activity, made);
        item.when = item.when.map(|when| earlier(when, ahead));
    }
    let mut history = history(&survey.deployments, &activity);
    for each in &mut history {
        each.time = earlier(each.time, ahead);
    }
    Ok(Inspection {
        parts: health::parts(&plan, &inventory, &comparison),
        drift: Drift::from(&comparison),
        paused: health::is_paused(&plan, &inventory),
        elsewhere: registration::elsewhere(&plan, &inventory),
        history,
        plan,
        problems,
    })
}

fn earlier(time: Timestamp, ahead: SignedDuration) -> Timestamp {
    time.checked_sub(ahead).unwrap_or(time)
}

/// The hub that an environment is connected to, with what lacks there; `None` where it is connected to none.
async fn hub(context: &Context, record: &Record) -> Option<(String, Vec<HubLack>)> {
    let hub = match peering::recorded_hub(context, record).await {
        Ok(hub) => hub?,
        // A group that cannot be read is told as such.
        Err(_) => record.settings.hub.clone()?,
    };
    let side = peering::hub_side::read(context, record, &hub).await;
    Some((hub, hub_side::lacks(&side)))
}

/// What is compared of a record's environment.
fn case<'a>(
    record: &'a Record,
    plan: &'a Plan,
    inventory: &'a Inventory,
    hub: Option<&'a (String, Vec<HubLack>)>,
) -> ComparisonInput<'a> {
    ComparisonInput {
        hub_side: hub.map(|(_, lacks)| lacks.as_slice()),
        plan,
        inventory,
        hub: hub.map(|(hub, _)| hub.as_str()),
        paused: health::is_paused(plan, inventory),
        terraform: record.made_by == MadeBy::Terraform,
    }
}

/// Audits an environment; with `probing`, its services are asked what they say to a stranger.
///
/// # Errors
/// As `inspect`.
pub async fn audit(context: &Context, record: &Record, probing: bool) -> Result<Audit> {
    let (plan, inventory) = evidence(context, record, probing).await?;
    let hub = hub(context, record).await;
    Ok(audit::audit(&case(record, &plan, &inventory, hub.as_ref())))
}

/// What an audit is judged from.
///
/// # Errors
/// As `inspect`.
pub async fn evidence(
    context: &Context,
    record: &Record,
    probing: bool,
) -> Result<(Plan, Inventory)> {
    let survey =
        Survey::read(context, &record.resource_group, &record.full_name, record.last_deployment())
            .await?;
    let plan = plan_of(context, record, &survey)?;
    let inventory = inventory::read(context, &plan, probing).await;
    Ok((plan, inventory))
}

/// The plan with the roles of the account that deployed it: names of role assignments are made of it, and another
/// account may look.
///
/// # Errors
/// When nothing has been deployed: a list of everything that is missing would help nobody.
fn plan_of(context: &Context, record: &Record, survey: &Survey) -> Result<Plan> {
    let newest = survey.deployments.first();
    if newest.is_none() && record.made_by == MadeBy::PrivateAml {
        return Err(Problem::new(
            "NothingStands",
            format!(
                "Nothing of {} has been deployed, so there is nothing to look at.",
                record.full_name
            ),
            "Deploy it first (`privateaml deploy`), or see with `privateaml list` what there is.",
        )
        .at(record.resource_group.clone()));
    }
    let parameter = |name: &str| {
        let found = newest?.parameters.get(name)?.get("value")?.as_str()?;
        (!found.is_empty()).then(|| found.to_owned())
    };
    let caller = parameter("userObjectId").map(|object_id| Caller {
        object_id,
        tenant_id: parameter("tenantId").unwrap_or_else(|| context.tenant_id.clone()),
        principal_type: match parameter("userPrincipalType").as_deref() {
            Some("ServicePrincipal") => PrincipalType::ServicePrincipal,
            _ => PrincipalType::User,
        },
    });
    let context = Context { caller: caller.or_else(|| context.caller.clone()), ..context.clone() };
    Blueprint::of(record)?.plan(&context, &record.settings, &record.resource_group)
}

fn last_success(deployments: &[Deployment]) -> Option<Timestamp> {
    let succeeded = deployments.iter().filter(|each| each.state == "Succeeded");
    succeeded.filter_map(|each| each.timestamp).max()
}

/// Finds who made a difference: the newest change after the last deployment of the resource, of something in it, or of
/// what it is in.
fn attribute(difference: &mut Difference, activity: &[Activity], made: Option<Timestamp>) {
    let other_side = ["peeringState", "peeringSyncLevel"];
    if other_side.iter().any(|each| difference.property.ends_with(each)) {
        // The other side was changed in its own group, which is not read here.
        return;
    }
    let id = difference.id.to_ascii_lowercase();
    let concerns = |entry: &&Activity| {
        let changed = entry.resource_id.to_ascii_lowercase();
        let near = changed == id
            || changed.starts_with(&format!("{id}/"))
            || id.starts_with(&format!("{changed}/"));
        let group = changed.split('/').count() <= 5;
        let removal = entry.operation.ends_with("/delete");
        let fits = difference.kind != DifferenceKind::Removed
            || !difference.property.is_empty()
            || removal;
        near && !group && fits && made.is_none_or(|made| entry.time > made)
    };
    if let Some(entry) = activity.iter().filter(concerns).max_by_key(|entry| entry.time) {
        difference.who = Some(entry.caller.clone()).filter(|caller| !caller.is_empty());
        difference.when = Some(entry.time);
    }
}

fn history(deployments: &[Deployment], activity: &[Activity]) -> Vec<Happening> {
    let ended = deployments.iter().filter_map(|each| {
        let minutes = each.duration.as_secs() / 60;
        let what = match each.state.as_str() {
            "Succeeded" => format!("deployment succeeded after {minutes} min"),
            "Failed" => format!("deployment failed after {minutes} min"),
            "Canceled" => "deployment cancelled".to_owned(),
            _ => "deployment under way".to_owned(),
        };
        let time = each.timestamp?;
        let starter = activity.iter().find(|entry| entry.resource_id.ends_with(&each.name));
        let who = starter.map(|entry| entry.caller.clone());
        Some(Happening { time, what, who })
    });
    let own: Vec<&str> =
        deployments.iter().filter_map(|each| each.correlation_id.as_deref()).collect();
    let changes = activity
        .iter()
        .filter(|entry| !own.contains(&entry.correlation_id.as_str()))
        .filter(|entry| !entry.operation.to_ascii_lowercase().starts_with("microsoft.resources/"))
        .map(|entry| Happening {
            time: entry.time,
            what: in_words(entry),
            who: Some(entry.caller.clone()),
        });
    let mut history: Vec<Happening> = ended.chain(changes).collect();
    history.sort_by_key(|each| std::cmp::Reverse(each.time));
    history.truncate(MOST);
    history
}

/// `Microsoft.Network/routeTables/write` of `rt-test4821` as `rt-test4821 written`.
fn in_words(entry: &Activity) -> String {
    let name = crate::domain::inventory::name_of(&entry.resource_id);
    let mut parts = entry.operation.rsplit('/');
    match parts.next() {
        Some("delete") => format!("{name} deleted"),
        Some("action") => format!("{name}: {}", parts.next().unwrap_or("action")),
        _ => format!("{name} changed"),
    }
}
