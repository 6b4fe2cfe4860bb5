//! Compliance with policies: the practice cloud has no policies of its own, so everything complies.
//!
//! It answers in the form of a summary and knows nothing of resources.

use serde_json::json;

use crate::practice::reply::Reply;
use crate::practice::request::Request;

/// Answers `POST …/policyStates/latest/summarize`
/// (<https://learn.microsoft.com/rest/api/policy/policy-states/summarize-for-resource-group>).
pub fn summary(request: &Request) -> Reply {
    Reply::list(vec![json!({
        "@odata.id": format!("{}{}", request.base, request.path),
        "results": {"nonCompliantResources": 0, "nonCompliantPolicies": 0},
        "policyAssignments": [],
    })])
}
