//! What `deploy` tells of an environment that stands. Changes nothing but the record's phase.

use super::{
    Context, DeployRequest,
    credentials::{self, Supply},
    event::{Events, Outcome, Stage, Stands, stage},
    finish, prepare, remember,
    survey::Survey,
};
use crate::domain::{
    environment::{Phase, Record},
    problem::Problem,
    secret::Credentials,
};

/// Checks an environment that stands, and asks Azure what a further deployment would change.
pub(super) async fn report(
    context: &Context,
    request: &DeployRequest,
    mut record: Record,
    survey: &Survey,
    name: &str,
    events: &Events,
) -> Result<Outcome, Problem> {
    let blueprint = &request.blueprint;
    let plan = blueprint.plan(context, &request.settings, &record.resource_group)?;
    stage(events, Stage::Checking);
    let problems = finish::check(context, &plan).await?;
    stage(events, Stage::Previewing);
    // Without a password: nobody has to unlock a keychain for a look.
    let supply = match prepare::existing_machine(context, &plan, survey).await? {
        Some(machine) => Supply::untouched(&machine, &record),
        // Somebody has deleted it. What is foreseen does not depend on the password.
        None => Supply::New(Credentials::generate(&mut rand::rng())),
    };
    let submission = credentials::submission(blueprint.template(), &plan, &supply);
    let changes = context
        .arm
        .what_if(&record.resource_group, "privateaml-preview", &submission)
        .await?;
    let phase = if problems.is_empty() {
        Phase::Ready
    } else {
        Phase::Failed
    };
    remember(context, &mut record, |record| record.phase = phase)?;
    let outputs = survey.deployment(name).map(finish::outputs);
    Ok(Outcome::Stands(Box::new(Stands {
        credentials: finish::kept_at(context, &record),
        record,
        deployment: name.to_owned(),
        outputs: outputs.unwrap_or_default(),
        changes,
        problems,
    })))
}
