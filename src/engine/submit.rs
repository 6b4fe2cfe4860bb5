//! The moment in which a deployment is sent. Credentials are kept and the record is on disk before the request leaves;
//! whatever happens afterwards, the same command finds the deployment again.

use jiff::Timestamp;

use super::{
    Context, credentials,
    event::{Events, Stage, stage},
    prepare::Prepared,
    survey::Survey,
};
use crate::domain::{
    environment::{Phase, Record},
    problem::Problem,
};

/// Sends a prepared deployment under a new name, which is returned.
pub(super) async fn submit(
    context: &Context,
    record: &mut Record,
    prepared: &Prepared,
    survey: &Survey,
    hash: String,
    events: &Events,
) -> Result<String, Problem> {
    credentials::keep(context, record, &prepared.supply, events).await?;
    let taken: Vec<String> = survey
        .deployments
        .iter()
        .map(|each| each.name.clone())
        .collect();
    let name = record.begin_attempt(Timestamp::now(), &taken);
    record.phase = Phase::Submitted;
    record.template_hash = Some(hash);
    record.user_name = prepared.supply.user_name().map(str::to_owned);
    context.records.write(record)?;
    stage(events, Stage::Submitting);
    let group = &record.resource_group;
    let answer = context
        .arm
        .create_deployment(group, &name, &prepared.submission)
        .await;
    if let Err(problem) = answer {
        // The request may have arrived though its answer did not.
        let arrived = context.arm.deployment(group, &name).await;
        if !matches!(arrived, Ok(Some(_))) {
            return Err(problem);
        }
    }
    record.phase = Phase::Deploying;
    context.records.write(record)?;
    Ok(name)
}
