//! The moment in which a deployment is sent. Credentials are kept and the record is on disk before the request leaves;
//! whatever happens afterwards, the same command finds the deployment again.

use jiff::Timestamp;

use super::event::Events;
use super::finish::told_if_lost;
use super::prepare::Prepared;
use super::survey::Survey;
use super::{Context, credentials};
use crate::domain::environment::{Phase, Record};
use crate::domain::operation::Stage;
use crate::domain::problem::{Problem, Result};

/// Sends a prepared deployment under a new name, which is returned.
pub(super) async fn submit(
    context: &Context,
    record: &mut Record,
    prepared: &Prepared,
    survey: &Survey,
    hash: String,
    events: &Events,
) -> Result<String> {
    credentials::keep(context, record, &prepared.supply, events).await?;
    let taken: Vec<String> = survey.deployments.iter().map(|each| each.name.clone()).collect();
    let name = record.begin_attempt(Timestamp::now(), &taken);
    record.phase = Phase::Submitted;
    record.template_hash = Some(hash);
    record.user_name = prepared.supply.user_name().map(str::to_owned);
    context.records.write(record)?;
    events.stage(Stage::Submitting);
    let group = &record.resource_group;
    let answer = context.arm.create_deployment(group, &name, &prepared.submission).await;
    if let Err(problem) = answer {
        // The request may have arrived though its answer did not.
        match context.arm.deployment(group, &name).await {
            Ok(Some(_)) => {}
            Ok(None) => return Err(problem),
            Err(_) => return Err(unclear(problem, &record.full_name)),
        }
    }
    record.phase = Phase::Deploying;
    told_if_lost(context.records.write(record), events);
    Ok(name)
}

/// The failure of a request that may have arrived all the same.
fn unclear(problem: Problem, full_name: &str) -> Problem {
    // A refusal is an answer: then nothing was begun.
    if !(problem.is_unanswered() || problem.is_transient()) {
        return problem;
    }
    Problem {
        what: format!(
            "{} It is not known whether Azure has started the deployment; if it has, it goes on and costs.",
            problem.what
        ),
        advice: format!(
            "{} `privateaml status {full_name}` tells, and the same command again goes on from there.",
            problem.advice
        ),
        ..problem
    }
}
