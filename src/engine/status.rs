//! Which environments there are, and how one stands: from the records of this machine and from the tags in Azure.
//!
//! Reads only; not even records are written.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{
    Blueprint, Context,
    decide::{Group, Sent},
    event::Snapshot,
    finish,
    follow::{begin, elapsed},
    survey::Survey,
};
use crate::{
    azure::arm::ResourceGroup,
    domain::{
        environment::{Attempt, Phase, Record, tags},
        plan::Plan,
        problem::Problem,
        progress::End,
    },
    template::parameters::ADMIN_USER_NAME,
};

/// What Azure has of an environment's group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It is there.
    There,
    /// It is not there (any more).
    Absent,
    /// It belongs to a subscription that was not looked into.
    NotLookedInto,
}

/// One environment of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// Its record, rebuilt from the group's tags where this machine has none.
    pub record: Record,
    /// Whether this machine has a record of it.
    pub local: bool,
    /// What Azure has of its group.
    pub presence: Presence,
}

/// All environments that are known here or found in Azure.
#[derive(Debug, Default)]
pub struct Listing {
    /// The environments, by name.
    pub environments: Vec<Overview>,
    /// Records and tags that cannot be read.
    pub broken: Vec<Problem>,
}

/// How an environment stands.
#[derive(Debug)]
pub struct Status {
    /// Its record.
    pub record: Record,
    /// How far it has come, by what Azure has.
    pub phase: Phase,
    /// The newest deployment.
    pub deployment: Option<String>,
    /// How long that has taken, by Azure's clock.
    pub took: Duration,
    /// Progress of the newest deployment.
    pub snapshot: Option<Snapshot>,
    /// Why it failed.
    pub problems: Vec<Problem>,
    /// Its outputs; secret ones are left out.
    pub outputs: Map<String, Value>,
    /// What was to be made.
    pub plan: Plan,
}

/// Lists the environments.
///
/// # Errors
/// When neither the records nor Azure can be read.
pub async fn list(context: &Context) -> Result<Listing, Problem> {
    let local = context.records.list()?;
    let groups = context
        .arm
        .resource_groups_by_tag(tags::MARK, tags::VERSION)
        .await?;
    let mut listing = Listing {
        environments: Vec::new(),
        broken: local.broken,
    };
    for record in local.records {
        let presence = presence(context, &record, &groups);
        listing.environments.push(Overview {
            record,
            local: true,
            presence,
        });
    }
    for group in &groups {
        let known = listing
            .environments
            .iter()
            .any(|each| is_group_of(context, &each.record, group));
        if known {
            continue;
        }
        match rebuild(context, group).await {
            Some(Ok(record)) => listing.environments.push(Overview {
                record,
                local: false,
                presence: Presence::There,
            }),
            Some(Err(problem)) => listing.broken.push(problem),
            None => {}
        }
    }
    listing
        .environments
        .sort_by(|one, other| one.record.full_name.cmp(&other.record.full_name));
    Ok(listing)
}

/// Finds an environment by its full name (`test4821`), or by its name alone (`test`) where only one has it.
///
/// # Errors
/// When there is none or several, or Azure cannot be asked for what no record knows.
pub async fn find(context: &Context, name: &str) -> Result<Overview, Problem> {
    let name = name.to_lowercase();
    let fits = |record: &Record| record.full_name == name || record.settings.name.as_str() == name;
    let local = context.records.list()?;
    let known: Vec<Record> = local
        .records
        .into_iter()
        .filter(|each| fits(each))
        .collect();
    if !known.is_empty() {
        let record = only(known, &name)?;
        return Ok(Overview {
            record,
            local: true,
            presence: Presence::NotLookedInto,
        });
    }
    let listing = list(context).await?;
    let found: Vec<Record> = listing
        .environments
        .into_iter()
        .map(|each| each.record)
        .filter(|each| fits(each))
        .collect();
    let record = only(found, &name)?;
    Ok(Overview {
        record,
        local: false,
        presence: Presence::There,
    })
}

/// The one environment of a name: an exact match goes before a match of the name alone.
fn only(mut found: Vec<Record>, name: &str) -> Result<Record, Problem> {
    if let Some(exact) = found.iter().position(|each| each.full_name == name) {
        return Ok(found.swap_remove(exact));
    }
    if found.len() > 1 {
        let names: Vec<&str> = found.iter().map(|each| each.full_name.as_str()).collect();
        return Err(Problem::new(
            "SeveralEnvironments",
            format!(
                "Several environments are called {name}: {}.",
                names.join(", ")
            ),
            "Give the name with its four digits.",
        )
        .at(name.to_owned()));
    }
    found.pop().ok_or_else(|| {
        Problem::new(
            "NoSuchEnvironment",
            format!("No environment {name} is known here or found in this subscription."),
            "`privateaml list` shows those that are; another subscription is chosen with --subscription.",
        )
        .at(name.to_owned())
    })
}

/// Looks how an environment stands.
///
/// # Errors
/// When Azure cannot be asked, or the template that it was made with cannot be read.
pub async fn status(context: &Context, record: &Record) -> Result<Status, Problem> {
    let group = &record.resource_group;
    let survey = Survey::read(context, group, &record.full_name, record.last_deployment()).await?;
    let plan = Blueprint::of(record)?.plan(context, &record.settings, group)?;
    let mut status = Status {
        phase: phase(survey.group, &survey.sent(), record.phase),
        record: record.clone(),
        deployment: None,
        took: Duration::ZERO,
        snapshot: None,
        problems: Vec::new(),
        outputs: Map::new(),
        plan,
    };
    let Some(deployment) = survey.running().or_else(|| survey.deployments.first()) else {
        return Ok(status);
    };
    let mut progress = begin(context, &status.plan, &survey, &deployment.name, group).await;
    let operations = context.arm.operations(group, &deployment.name).await?;
    progress.absorb(&operations, deployment.read_at);
    if let Some(end) = End::of(&deployment.state) {
        progress.finish(end);
        if end == End::Failed {
            status.problems = finish::reasons(deployment, &progress);
        }
    }
    status.took = elapsed(deployment, deployment.begun(), progress.now());
    status.deployment = Some(deployment.name.clone());
    status.snapshot = Some(Snapshot::of(&progress, status.took));
    status.outputs = finish::outputs(deployment);
    Ok(status)
}

/// How far an environment has come, by what Azure has and what the record remembers.
fn phase(group: Group, sent: &[Sent], remembered: Phase) -> Phase {
    match group {
        Group::BeingDeleted => Phase::Deleting,
        Group::Foreign => remembered,
        Group::Absent => match remembered {
            Phase::Draft | Phase::Preparing => remembered,
            _ => Phase::Deleted,
        },
        Group::Ours => {
            if sent.iter().any(|each| each.end.is_none()) {
                return Phase::Deploying;
            }
            match sent.first().and_then(|newest| newest.end) {
                None => Phase::Preparing,
                // Made, but not as it must be.
                Some(End::Succeeded) if remembered == Phase::Failed => Phase::Failed,
                Some(End::Succeeded) => Phase::Ready,
                Some(End::Failed) => Phase::Failed,
                Some(End::Cancelled) => Phase::Cancelled,
            }
        }
    }
}

fn presence(context: &Context, record: &Record, groups: &[ResourceGroup]) -> Presence {
    if !is_here(context, record) {
        Presence::NotLookedInto
    } else if groups
        .iter()
        .any(|group| is_group_of(context, record, group))
    {
        Presence::There
    } else {
        Presence::Absent
    }
}

fn is_here(context: &Context, record: &Record) -> bool {
    record
        .subscription_id
        .eq_ignore_ascii_case(context.arm.subscription_id())
}

fn is_group_of(context: &Context, record: &Record, group: &ResourceGroup) -> bool {
    is_here(context, record) && record.resource_group.eq_ignore_ascii_case(&group.name)
}

/// A record made of a group's tags and of its deployments; `None` when the group is not one of ours.
async fn rebuild(context: &Context, group: &ResourceGroup) -> Option<Result<Record, Problem>> {
    let found = match tags::from_tags(&group.location, &group.tags)? {
        Ok(found) => found,
        Err(problem) => return Some(Err(problem)),
    };
    let place = context.place(&group.name);
    let keeping = context.keeping();
    let mut record = Record::new(found.settings, place, keeping, Timestamp::UNIX_EPOCH);
    record.template_hash = found.template_hash;
    let survey = match Survey::read(context, &group.name, &record.full_name, None).await {
        Ok(survey) => survey,
        Err(problem) => return Some(Err(problem)),
    };
    let user_name = format!("/{ADMIN_USER_NAME}/value");
    record.user_name = survey
        .deployments
        .first()
        .and_then(|newest| newest.parameters.pointer(&user_name)?.as_str())
        .map(str::to_owned);
    record.attempts = survey
        .deployments
        .iter()
        .rev()
        .map(|each| Attempt {
            deployment: each.name.clone(),
            sent: each.timestamp.unwrap_or(Timestamp::UNIX_EPOCH),
        })
        .collect();
    if let Some(first) = record.attempts.first() {
        record.created = first.sent;
    }
    record.phase = phase(survey.group, &survey.sent(), Phase::Preparing);
    Some(Ok(record))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_phase_follows_azure_before_the_record() {
        let sent = |end| {
            vec![Sent {
                name: "d".into(),
                end,
            }]
        };
        for (group, sent, remembered, expected) in [
            (Group::Absent, vec![], Phase::Preparing, Phase::Preparing),
            (Group::Absent, vec![], Phase::Ready, Phase::Deleted),
            (Group::BeingDeleted, vec![], Phase::Ready, Phase::Deleting),
            (Group::Ours, vec![], Phase::Submitted, Phase::Preparing),
            (Group::Ours, sent(None), Phase::Failed, Phase::Deploying),
            (
                Group::Ours,
                sent(Some(End::Succeeded)),
                Phase::Deploying,
                Phase::Ready,
            ),
            (
                Group::Ours,
                sent(Some(End::Succeeded)),
                Phase::Failed,
                Phase::Failed,
            ),
            (
                Group::Ours,
                sent(Some(End::Cancelled)),
                Phase::Ready,
                Phase::Cancelled,
            ),
        ] {
            assert_eq!(
                phase(group, &sent, remembered),
                expected,
                "{group:?} {remembered:?}"
            );
        }
    }
}
