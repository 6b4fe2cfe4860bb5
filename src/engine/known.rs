//! What is known of an environment before `deploy` acts, and whether the settings given fit it.

use jiff::Timestamp;

use super::decide::GroupState;
use super::survey::Survey;
use super::{Context, DeployRequest};
use crate::domain::environment::{Phase, Record, tags};
use crate::domain::problem::{Problem, Result, Retry};
use crate::domain::settings::Settings;

/// The environment's record, or a new one.
pub(super) fn known_record(context: &Context, request: &DeployRequest) -> Result<Record> {
    let settings = &request.settings;
    let known = context.records.read(&settings.full_name())?;
    let group = &request.resource_group;
    let here = |record: &Record| {
        let subscription = context.arm.subscription_id();
        record.subscription_id.eq_ignore_ascii_case(subscription)
            && record.resource_group.eq_ignore_ascii_case(group)
    };
    match known {
        Some(record) if here(&record) => Ok(record),
        // Nothing exists of a draft: it may still move.
        Some(record) if !matches!(record.phase, Phase::Draft | Phase::Deleted) => {
            Err(elsewhere(&record))
        }
        _ => Ok(Record::new(
            settings.clone(),
            context.place(group),
            context.keeping(),
            Timestamp::now(),
        )),
    }
}

fn elsewhere(record: &Record) -> Problem {
    Problem::new(
        "EnvironmentElsewhere",
        format!(
            "An environment {} is known in subscription {}, resource group {}.",
            record.full_name, record.subscription_id, record.resource_group
        ),
        "Choose that subscription and group (--subscription, --resource-group), or another --suffix.",
    )
    .at(record.full_name.clone())
}

/// Refuses settings that an environment which exists cannot take: its region and its addresses stay for its life.
/// Returns those it was made with: where this machine has sent nothing yet, the tags of the group tell them.
pub(super) fn check_fits(record: &Record, survey: &Survey, given: &Settings) -> Result<Settings> {
    let group = survey.resource_group.as_ref();
    let Some(group) = group.filter(|_| survey.group == GroupState::Ours) else {
        return Ok(record.settings.clone());
    };
    let mut kept = record.settings.clone();
    if record.attempts.is_empty()
        && let Some(Ok(found)) = tags::from_tags(&group.location, &group.tags)
    {
        kept = found.settings;
    }
    kept.region.clone_from(&group.location);
    let made_with = kept.clone();
    if survey.deployments.is_empty() {
        // The group is empty: everything may still change, and the group moves to another region.
        kept.address_space = given.address_space;
        kept.region.clone_from(&given.region);
    }
    check_unchanged(&kept, given)?;
    Ok(made_with)
}

/// Refuses settings that an environment which exists cannot take: its region and its addresses stay for its life.
fn check_unchanged(kept: &Settings, given: &Settings) -> Result<()> {
    let differing = if kept.region != given.region {
        Some(("--region", kept.region.clone()))
    } else if kept.address_space != given.address_space {
        Some(("--cidr", kept.address_space.to_string()))
    } else if kept.cloud != given.cloud {
        Some(("--cloud", format!("{:?}", kept.cloud).to_lowercase()))
    } else {
        None
    };
    let Some((flag, value)) = differing else { return Ok(()) };
    Err(Problem::new(
        "SettingsDiffer",
        format!(
            "The environment {} exists with {flag} {value}, which cannot be changed.",
            kept.full_name()
        ),
        format!("Leave {flag} out, choose another --suffix, or delete the environment first."),
    )
    .at(flag)
    .retry(Retry::AfterChange))
}
