//! Azure's own validation of a deployment, before anything is written: at the group where there is one, else at the
//! subscription, around the group that will be.

use super::Context;
use crate::azure::arm::Submission;
use crate::domain::problem::{Problem, Result};

/// Name under which a deployment is validated; Azure keeps no record of it.
const NAME: &str = "privateaml-check";

/// Lets Azure validate a deployment. Nothing is written. `None` when Azure has validated every resource, else why it could
/// not be told yet.
///
/// # Errors
/// What Azure would refuse; and as every call.
pub(super) async fn validate(
    context: &Context,
    group: &str,
    region: &str,
    group_exists: bool,
    submission: &Submission,
) -> Result<Option<Problem>> {
    let arm = &context.arm;
    let told = if group_exists {
        arm.validate(group, NAME, submission).await
    } else {
        arm.validate_around(group, region, NAME, submission).await
    };
    let validation = match told {
        Ok(validation) => validation,
        Err(problem) if is_no_answer(&problem) => return Ok(Some(problem)),
        Err(problem) => return Err(problem),
    };
    let inside = format!("/resourcegroups/{}/providers/", group.to_lowercase());
    if validation.resources.iter().any(|id| id.to_lowercase().contains(&inside)) {
        return Ok(None);
    }
    Ok(Some(Problem::new(
        "NotValidated",
        "Azure does not say that it has validated the resources.",
        "It validates them once the resource group exists, before anything that costs.",
    )))
}

/// Whoever may deploy to a group alone may not validate at the subscription, and a service that is not registered
/// validates nothing: neither says anything of the deployment.
fn is_no_answer(problem: &Problem) -> bool {
    let words = problem.original.as_deref().unwrap_or_default();
    words.contains("deployments/validate/action")
        || problem.code == "MissingSubscriptionRegistration"
}
