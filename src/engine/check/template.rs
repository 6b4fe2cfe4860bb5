//! Azure's own validation of the whole deployment, policies included, as findings.

use super::Proposal;
use crate::azure::arm::Submission;
use crate::domain::check::{CheckFinding, CheckKind, code};
use crate::domain::problem::{Problem, Result};
use crate::engine::Context;
use crate::engine::credentials::{self, Supply};
use crate::engine::validation;

/// Lets Azure validate what would be deployed. Nothing is written, and the password is one of its own.
pub async fn validate(context: &Context, proposal: &Proposal<'_>) -> Vec<CheckFinding> {
    match validated(context, proposal).await {
        Ok(None) => {
            vec![CheckFinding::pass(CheckKind::Template, "Azure accepts the deployment")]
        }
        Ok(Some(problem)) => {
            vec![CheckFinding::failed(CheckKind::Template, &problem)]
        }
        // What passes by itself says nothing of the deployment.
        Err(problem)
            if problem.is_unanswered() || problem.is_unexpected() || problem.is_transient() =>
        {
            vec![CheckFinding::failed(CheckKind::Template, &problem)]
        }
        Err(problem) => {
            let mut told: Vec<&str> = Vec::new();
            let mut found = Vec::new();
            for leaf in problem.leaves() {
                if !told.contains(&cause(leaf)) {
                    told.push(cause(leaf));
                    found.push(finding(leaf));
                }
            }
            found
        }
    }
}

/// What two refusals have in common when they have one cause: the policy with its assignment, else the whole sentence.
fn cause(problem: &Problem) -> &str {
    let policy = problem.what.split_once(": ").filter(|_| problem.what.contains("(assignment "));
    policy.and_then(|(_, named)| named.split_once(')')).map_or(&problem.what, |(named, _)| named)
}

fn finding(problem: &Problem) -> CheckFinding {
    let words = problem.original.as_deref().unwrap_or_default();
    let code = code::of_azure(&problem.code, words);
    let what = if code == code::AZURE_REFUSES && !words.is_empty() {
        format!("{} Azure: {}: {words}", problem.what, problem.code)
    } else {
        problem.what.clone()
    };
    CheckFinding::problem(CheckKind::Template, code, what, problem.advice.clone())
        .helped_by(problem.remedies())
}

async fn validated(context: &Context, proposal: &Proposal<'_>) -> Result<Option<Problem>> {
    let Proposal { settings, group, .. } = proposal;
    // Before Azure has been asked nothing is its refusal.
    let (exists, submission) = match submission(context, proposal).await {
        Ok(ready) => ready,
        Err(problem) => return Ok(Some(problem)),
    };
    validation::validate(context, group, &settings.region, exists, &submission).await
}

/// What would be sent, and whether its group exists.
async fn submission(context: &Context, proposal: &Proposal<'_>) -> Result<(bool, Submission)> {
    let Proposal { settings, group, blueprint, existing } = proposal;
    let plan = blueprint.plan(context, settings, group)?;
    let exists = context.arm.resource_group(group).await?.is_some();
    let supply = match existing.filter(|_| exists) {
        Some(record) => credentials::for_preview(context, record, &plan).await?,
        None => Supply::unsaved(&plan),
    };
    Ok((exists, credentials::submission(blueprint.template(), &plan, &supply)))
}
