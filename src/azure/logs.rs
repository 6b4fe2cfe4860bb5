//! Queries of a Log Analytics workspace through Azure Resource Manager, so that the same token does.
//!
//! The form is `Query_Execute` of the operationalinsights specification (2017-10-01, resource manager paths). What a
//! query means is not known here.

use serde_json::{Value, json};

use super::arm::{Arm, versioned};
use super::http::{ExpectedShape, Request};
use crate::domain::json::HasJson as _;
use crate::domain::problem::{Problem, Result};

impl Arm {
    /// Asks a workspace, by its id, over a time span such as `PT1H`; the rows of the first table.
    ///
    /// # Errors
    /// `LogsNotReadable` when the account may not ask, or the workspace answers private networks only; else as every
    /// call.
    pub async fn query_logs(
        &self,
        workspace: &str,
        query: &str,
        span: &str,
    ) -> Result<Vec<Vec<Value>>> {
        let path = versioned(&format!("{workspace}/query"));
        let body = json!({ "query": query, "timespan": span });
        let request = Request::post(path, Some(&body))
            .repeatable()
            .expecting(ExpectedShape::Object(&["/tables/0/rows"]));
        let answer = match self.http().send(request).await {
            Ok(answer) => answer,
            Err(problem) if problem.code == "InsufficientAccessError" => {
                return Err(not_readable(workspace, &problem));
            }
            Err(problem) => return Err(problem),
        };
        let rows = answer.body.items("/tables/0/rows").iter();
        Ok(rows.filter_map(|row| row.as_array().cloned()).collect())
    }
}

fn not_readable(workspace: &str, problem: &Problem) -> Problem {
    Problem {
        code: "LogsNotReadable".into(),
        what: "The log store does not answer this account from here.".into(),
        advice: "Ask for the role Log Analytics Reader on it. Where it answers private networks only, run \
            this command inside the network.".into(),
        place: Some(workspace.to_owned()),
        ..problem.clone()
    }
}
