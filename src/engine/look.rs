//! The first glance of `deploy`: the environment's lock, its record, and what Azure has of it.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    Context, DeployRequest,
    event::{Events, Notice, Stage, notice, stage},
    prepare::check_unchanged,
    survey::Survey,
};
use crate::{
    domain::{
        environment::{Phase, Record, tags},
        problem::Problem,
        settings::Settings,
    },
    store::records::Lock,
};

/// How often another window's lock is tried.
const LOCK_PAUSE: Duration = Duration::from_millis(500);

/// What the glance found.
pub(super) struct Looked {
    pub lock: Lock,
    pub record: Record,
    pub survey: Survey,
}

/// Takes the lock, then reads the record and Azure. The record has the settings that the environment was made with.
pub(super) async fn look(
    context: &Context,
    request: &DeployRequest,
    events: &Events,
) -> Result<Looked, Problem> {
    let full_name = request.settings.full_name();
    let lock = lock(context, &full_name, events).await?;
    let mut record = known_record(context, request)?;
    stage(events, Stage::Looking);
    let survey = Survey::read(
        context,
        &record.resource_group,
        &full_name,
        record.last_deployment(),
    )
    .await?;
    if let Some(group) = &survey.resource_group {
        let mut kept = tagged(&survey)
            .filter(|_| record.attempts.is_empty())
            .unwrap_or_else(|| record.settings.clone());
        kept.region.clone_from(&group.location);
        check_unchanged(&kept, &request.settings)?;
        record.settings = kept;
    }
    Ok(Looked {
        lock,
        record,
        survey,
    })
}

/// What the group's tags tell of the settings: for an environment that another machine made.
fn tagged(survey: &Survey) -> Option<Settings> {
    let group = survey.resource_group.as_ref()?;
    let found = tags::from_tags(&group.location, &group.tags)?;
    found.ok().map(|found| found.settings)
}

/// The environment's record, or a new one.
pub(super) fn known_record(context: &Context, request: &DeployRequest) -> Result<Record, Problem> {
    let settings = &request.settings;
    let default = settings.resource_group();
    let known = context.records.read(&settings.full_name())?;
    let fresh = || {
        let group = request.resource_group.as_ref().unwrap_or(&default);
        let keeping = context.keeping();
        Record::new(
            settings.clone(),
            context.place(group),
            keeping,
            Timestamp::now(),
        )
    };
    let Some(record) = known else {
        return Ok(fresh());
    };
    let elsewhere = !record
        .subscription_id
        .eq_ignore_ascii_case(context.arm.subscription_id());
    let given = request.resource_group.as_ref();
    let moved = given.is_some_and(|given| !given.eq_ignore_ascii_case(&record.resource_group));
    if !elsewhere && !moved {
        return Ok(record);
    }
    // Nothing exists of a draft: it may still move.
    if matches!(record.phase, Phase::Draft | Phase::Deleted) {
        return Ok(fresh());
    }
    Err(Problem::new(
        "EnvironmentElsewhere",
        format!(
            "An environment {} is known in subscription {}, resource group {}.",
            record.full_name, record.subscription_id, record.resource_group
        ),
        "Choose that subscription and group, or another --suffix.",
    ))
}

async fn lock(context: &Context, full_name: &str, events: &Events) -> Result<Lock, Problem> {
    let mut told = false;
    loop {
        if let Some(lock) = context.records.lock(full_name)? {
            return Ok(lock);
        }
        if !told {
            notice(events, Notice::AnotherWindow);
            told = true;
        }
        tokio::time::sleep(LOCK_PAUSE).await;
    }
}
