//! What an environment costs, by the prices of its region. What is paid while it is paused is less.

use std::time::Duration;

use serde_json::Value;

use super::peering::hub_plan;
use super::{Context, power};
use crate::domain::cost::money::rounded;
use crate::domain::cost::{Estimate, Mode, estimate, estimate_existing};
use crate::domain::environment::{Phase, Record};
use crate::domain::peering::NewHub;
use crate::domain::plan::Plan;
use crate::domain::problem::Result;
use crate::template::bill::bill;

/// How long prices are waited for beside something else that is done or asked.
const PATIENCE: Duration = Duration::from_secs(4);

/// What everything of a plan costs while it exists, with its prices asked for where they are not known yet.
pub async fn of_plan(context: &Context, plan: &Plan) -> Estimate {
    estimate(plan, &context.prices.within(&plan.region, PATIENCE).await)
}

/// What resources of a region that exist cost.
pub(super) async fn of_existing<'a>(
    context: &Context,
    region: &str,
    resources: impl IntoIterator<Item = (&'a str, &'a Value)>,
) -> Estimate {
    estimate_existing(resources, &context.prices.within(region, PATIENCE).await)
}

/// What an environment costs that is never paused, by what is recorded of it.
///
/// # Errors
/// When its template cannot be read.
pub async fn of_record(context: &Context, record: &Record) -> Result<Estimate> {
    let plan = power::plan(context, record)?;
    Ok(of_plan(context, &plan).await)
}

/// What an environment costs as it is now, by what is recorded of it; `None` where that does not tell what exists.
///
/// # Errors
/// As [`of_record`].
pub async fn now(context: &Context, record: &Record) -> Result<Option<Estimate>> {
    let mode = match record.phase {
        Phase::Ready => Mode::Always,
        Phase::Paused => Mode::Paused,
        _ => return Ok(None),
    };
    if record.template.is_some() {
        return Ok(Some(of_record(context, record).await?.in_mode(mode)));
    }
    // The list asks for hundreds: most of them have the same bill.
    let bill = bill(&record.settings)?;
    let resources = bill.iter().map(|(kind, body)| (kind.as_str(), body));
    let cost = of_existing(context, &record.settings.region, resources).await;
    Ok(Some(cost.in_mode(mode)))
}

/// What a hub costs, once all of it exists.
///
/// # Errors
/// When its template cannot be resolved.
pub async fn of_hub(context: &Context, hub: &NewHub) -> Result<Estimate> {
    Ok(of_plan(context, &hub_plan(context, hub)?).await)
}

/// What a pause saves: firewall and jumpbox, not their addresses and disks.
///
/// # Errors
/// As [`of_record`].
pub async fn saved_by_pause(context: &Context, record: &Record) -> Result<Saving> {
    let whole = of_record(context, record).await?;
    let paused = whole.in_mode(Mode::Paused);
    Ok(Saving { daily: rounded(whole.daily - paused.daily), estimate: whole })
}

/// What a pause saves.
#[derive(Debug, Clone, PartialEq)]
pub struct Saving {
    /// In a day, in the currency of the estimate.
    pub daily: f64,
    /// What is paid without it.
    pub estimate: Estimate,
}
