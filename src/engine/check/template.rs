//! Azure's own validation of the whole deployment, policies included, as findings.

use super::Proposal;
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
        Err(problem) if problem.is_unanswered() || problem.is_unexpected() => {
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
    let code = code::of_azure(&problem.code);
    let what = match problem.original.as_deref() {
        Some(words) if code == code::AZURE_REFUSES => {
            format!("{} Azure: {}: {words}", problem.what, problem.code)
        }
        _ => problem.what.clone(),
    };
    CheckFinding::problem(CheckKind::Template, code, what, problem.advice.clone())
        .helped_by(problem.remedies())
}

async fn validated(context: &Context, proposal: &Proposal<'_>) -> Result<Option<Problem>> {
    let Proposal { settings, group, blueprint, .. } = proposal;
    let plan = blueprint.plan(context, settings, group)?;
    let exists = match context.arm.resource_group(group).await {
        Ok(found) => found.is_some(),
        Err(problem) => return Ok(Some(problem)),
    };
    let supply = match proposal.existing.filter(|_| exists) {
        Some(record) => credentials::for_preview(context, record, &plan).await?,
        None => Supply::unsaved(&plan),
    };
    let submission = credentials::submission(blueprint.template(), &plan, &supply);
    validation::validate(context, group, &settings.region, exists, &submission).await
}
