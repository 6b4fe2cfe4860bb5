//! What a deployment over an environment that exists would change, asked of Azure. Nothing is written, and no stored
//! password is read.

use super::{Blueprint, Context, credentials};
use crate::domain::environment::Record;
use crate::domain::forecast::Forecast;
use crate::domain::plan::Plan;
use crate::domain::problem::Result;
use crate::domain::settings::Settings;

/// Name under which Azure is asked; it keeps no record of it.
const NAME: &str = "privateaml-preview";

/// Asks what deploying these settings over an environment would change. Takes up to some minutes on Azure.
///
/// # Errors
/// When the template cannot be resolved, or Azure does not answer as expected or refuses the deployment.
pub async fn foresee(context: &Context, record: &Record, settings: &Settings) -> Result<Forecast> {
    let blueprint = Blueprint::of(record)?;
    let plan = blueprint.plan(context, settings, &record.resource_group)?;
    let mut record = record.clone();
    of_plan(context, &mut record, &plan, &blueprint).await
}

/// As [`foresee`], of a plan. The record learns the jumpbox's user name where it lacks it: another machine's does.
pub(super) async fn of_plan(
    context: &Context,
    record: &mut Record,
    plan: &Plan,
    blueprint: &Blueprint,
) -> Result<Forecast> {
    let supply = credentials::for_preview(context, record, plan).await?;
    if let (credentials::Supply::Untouched { user_name }, None) = (&supply, &record.user_name) {
        record.user_name = Some(user_name.clone());
    }
    let sent = credentials::submission(blueprint.template(), plan, &supply);
    let answer = context.arm.what_if(&record.resource_group, NAME, &sent).await?;
    Ok(Forecast::of(answer, plan))
}
