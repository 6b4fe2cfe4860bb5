//! The hub that an environment belongs to, kept where every machine finds it: in the record, and in the group's tags.
//!
//! It is noted before the first change and forgotten after the last one, so that whoever is interrupted, anywhere,
//! can go on from any machine without being told the hub again.

use std::collections::BTreeMap;

use crate::azure::arm::Started;
use crate::domain::environment::{Record, tags};
use crate::domain::operation::OperationStep;
use crate::domain::problem::Result;
use crate::engine::Context;
use crate::engine::work::Work;

/// The hub that is noted for an environment: in this machine's record, or in the group's tags.
///
/// # Errors
/// When the group cannot be read.
pub async fn recorded_hub(context: &Context, record: &Record) -> Result<Option<String>> {
    if record.settings.hub.is_some() {
        return Ok(record.settings.hub.clone());
    }
    let group = context.arm.resource_group(&record.resource_group).await?;
    let found = group.and_then(|group| tags::from_tags(&group.location, &group.tags));
    Ok(found.and_then(Result::ok).and_then(|found| found.settings.hub))
}

/// Notes the hub, or that there is none. Where it is noted already, nothing is written.
pub(super) async fn remember(
    work: Work<'_>,
    record: &Record,
    hub: Option<&str>,
    number: usize,
    of: usize,
) -> Result<()> {
    let context = work.context;
    let group = &record.resource_group;
    if let Some(found) = context.arm.resource_group(group).await? {
        // The tags tell what was chosen last, on whatever machine.
        let told = tags::from_tags(&found.location, &found.tags).and_then(Result::ok);
        let mut settings = told.map_or_else(|| record.settings.clone(), |told| told.settings);
        settings.hub = hub.map(str::to_owned);
        let tags::TagChanges { set, gone } = tags::change(&settings, &found.tags)?;
        if !set.is_empty() || !gone.is_empty() {
            let act = match hub {
                Some(_) => OperationStep::NotingHub,
                None => OperationStep::ForgettingHub,
            };
            work.step(act, number, of);
        }
        change(work, group, &set, true).await?;
        change(work, group, &gone, false).await?;
    }
    if let Some(mut newest) = context.records.read(&record.full_name)?
        && newest.settings.hub.as_deref() != hub
    {
        newest.settings.hub = hub.map(str::to_owned);
        context.records.write(&newest)?;
    }
    Ok(())
}

async fn change(
    work: Work<'_>,
    group: &str,
    tags: &BTreeMap<String, String>,
    on: bool,
) -> Result<()> {
    if tags.is_empty() {
        return Ok(());
    }
    let arm = &work.context.arm;
    let mut tries = 0;
    loop {
        let sent: Result<Started> =
            if on { arm.merge_tags(group, tags).await } else { arm.remove_tags(group, tags).await };
        let ended = match sent {
            Ok(started) => work.follow(started).await,
            Err(problem) => Err(problem),
        };
        match ended {
            Ok(_) => return Ok(()),
            Err(problem) => work.backoff_or_fail(problem, &mut tries).await?,
        }
    }
}
