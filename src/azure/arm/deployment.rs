//! Deployments of a resource group: checked, begun, read, cancelled.
//!
//! A running deployment cannot be overwritten: each attempt needs a name of its own. Values of secure parameters and
//! outputs never come back.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::long_running::Started;
use super::submission::Submission;
use super::{Arm, each, each_text, segment, text, unexpected};
use crate::azure::http::{ExpectedShape, HttpAnswer, Request};
use crate::azure::{decode, time};
use crate::domain::json::HasJson as _;
use crate::domain::problem::{Problem, Result};

/// Where the deployments of a group stand.
const DEPLOYMENTS: &str = "/providers/Microsoft.Resources/deployments";

/// What every answer about one deployment has: without its state nothing can be said of it.
const DEPLOYMENT: ExpectedShape =
    ExpectedShape::Object(&["/id", "/name", "/properties/provisioningState"]);

/// A deployment as Azure tells of it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Deployment {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// `Accepted`, `Running`, `Succeeded`, `Failed`, `Canceled` and others.
    pub state: String,
    /// Ties it to Azure's logs.
    pub correlation_id: Option<String>,
    /// Time of its last change, by Azure's clock.
    pub timestamp: Option<Timestamp>,
    /// How long it has run up to `timestamp`.
    pub duration: Duration,
    /// Outputs by name, each `{type, value}`; null before its end.
    pub outputs: Value,
    /// Parameters by name, each `{type, value}`; secure ones without value.
    pub parameters: Value,
    /// Its tags.
    pub tags: Value,
    /// Ids of the resources it made.
    pub resources: Vec<String>,
    /// Why it failed.
    pub error: Option<Problem>,
    /// The pause that Azure asks for before the next look.
    pub pause: Option<Duration>,
    /// Azure's own time when it told this.
    pub read_at: Option<Timestamp>,
}

impl Deployment {
    /// True when nothing more will happen.
    pub fn is_finished(&self) -> bool {
        matches!(self.state.as_str(), "Succeeded" | "Failed" | "Canceled")
    }

    /// Reads a deployment object.
    pub fn of(body: &Value) -> Self {
        let property = |key: &str| text(body, &["properties", key]);
        let inside = |key: &str| body.copy(&format!("/properties/{key}"));
        let correlation_id = property("correlationId");
        Self {
            id: text(body, &["id"]).unwrap_or_default(),
            name: text(body, &["name"]).unwrap_or_default(),
            state: property("provisioningState").unwrap_or_default(),
            timestamp: property("timestamp").and_then(|text| time::timestamp(&text)),
            duration: property("duration")
                .and_then(|text| time::duration(&text))
                .unwrap_or_default(),
            outputs: inside("outputs"),
            parameters: inside("parameters"),
            tags: body.copy("/tags"),
            resources: each_text(body.items("/properties/outputResources"), "id"),
            error: decode::failure(&body.copy("/properties"), correlation_id.as_deref()),
            correlation_id,
            pause: None,
            read_at: None,
        }
    }
}

/// What a check before the deployment found. A refusal is an error, not one of these.
#[derive(Debug, Clone, PartialEq)]
pub struct Validation {
    /// Ids of the resources that were checked.
    pub resources: Vec<String>,
    /// Ties it to Azure's logs.
    pub correlation_id: Option<String>,
}

impl Arm {
    /// The path of a group's deployment, without version; `rest` begins with a slash or is empty.
    pub(super) fn deployment_path(&self, group: &str, name: &str, rest: &str) -> String {
        self.in_group(group, &format!("{DEPLOYMENTS}/{}{rest}", segment(name)))
    }

    /// Checks a deployment without beginning it.
    ///
    /// # Errors
    /// What Azure would refuse, decoded; and as every call.
    pub async fn validate(
        &self,
        group: &str,
        name: &str,
        submission: &Submission,
    ) -> Result<Validation> {
        let path = self.deployment_path(group, name, "/validate");
        self.validated(path, &submission.body()).await
    }

    /// Checks a deployment into a group that does not exist yet, at the scope of the subscription.
    ///
    /// # Errors
    /// As [`Arm::validate`].
    pub async fn validate_around(
        &self,
        group: &str,
        region: &str,
        name: &str,
        submission: &Submission,
    ) -> Result<Validation> {
        let path = self.within(&format!("{DEPLOYMENTS}/{}/validate", segment(name)));
        self.validated(path, &submission.body_around(group, region)).await
    }

    async fn validated(&self, path: String, body: &Value) -> Result<Validation> {
        let request = Request::post(path, Some(body)).repeatable();
        let answer = self.http.send(request).await?;
        let correlation_id = answer.correlation_id.clone();
        let body = self.finish(Started::of(&answer), |_| {}).await?;
        // Some failures of a check come with a status of success.
        if let Some(problem) = decode::failure(&body, correlation_id.as_deref()) {
            return Err(problem);
        }
        let Some(found) = body.get("properties").filter(|all| all.is_object()) else {
            return Err(unexpected("the check of a template without its result").at(answer.path));
        };
        let resources = each_text(found.items("/validatedResources"), "id");
        Ok(Validation { resources, correlation_id })
    }

    /// Begins a deployment under a name of its own.
    ///
    /// When the connection broke after Azure had accepted it, the repetition is refused as `DeploymentActive`: then the
    /// running deployment is the one that was begun.
    ///
    /// # Errors
    /// As every call.
    pub async fn create_deployment(
        &self,
        group: &str,
        name: &str,
        submission: &Submission,
    ) -> Result<Deployment> {
        let path = self.deployment_path(group, name, "");
        let request = Request::put(path, &submission.body()).expecting(DEPLOYMENT);
        match self.http.send(request).await {
            Ok(answer) => Ok(told(&answer)),
            Err(problem) if problem.code.starts_with("DeploymentActive") => {
                self.deployment(group, name).await?.ok_or(problem)
            }
            Err(problem) => Err(problem),
        }
    }

    /// A deployment, or `None` when Azure knows none of that name.
    ///
    /// # Errors
    /// As every call.
    pub async fn deployment(&self, group: &str, name: &str) -> Result<Option<Deployment>> {
        let request = Request::get(self.deployment_path(group, name, "")).expecting(DEPLOYMENT);
        let answer = self.http.exchange(request).await?.found()?;
        Ok(answer.as_ref().map(told))
    }

    /// All deployments in a group's history, newest first.
    ///
    /// # Errors
    /// As every call.
    pub async fn deployments(&self, group: &str) -> Result<Vec<Deployment>> {
        let path = self.in_group(group, &format!("{DEPLOYMENTS}/"));
        Ok(newest_first(self.list_of(path, listed).await?))
    }

    /// The newest deployments in a group's history, at most `most` of them, newest first; `None` when there is no such
    /// group. One read: further pages are not asked for.
    ///
    /// # Errors
    /// As every call.
    pub async fn newest_deployments(
        &self,
        group: &str,
        most: usize,
    ) -> Result<Option<Vec<Deployment>>> {
        let path = self.in_group(group, &format!("{DEPLOYMENTS}/?$top={most}"));
        let answer =
            self.http.exchange(Request::get(path).expecting(ExpectedShape::List)).await?.found()?;
        let all = answer.map(|answer| each(answer.body.items("/value"), listed)).transpose()?;
        Ok(all.map(newest_first))
    }

    /// Asks Azure to cancel a running deployment. What has begun is not undone, and the end takes a while.
    ///
    /// # Errors
    /// As every call; a conflict when it is not running any longer.
    pub async fn cancel(&self, group: &str, name: &str) -> Result<()> {
        let path = self.deployment_path(group, name, "/cancel");
        let request = Request::post(path, None).repeatable();
        self.http.send(request).await.map(|_| ())
    }

    /// The template that a deployment was made with.
    ///
    /// # Errors
    /// As every call.
    pub async fn export_template(&self, group: &str, name: &str) -> Result<Value> {
        let path = self.deployment_path(group, name, "/exportTemplate");
        let request =
            Request::post(path, None).repeatable().expecting(ExpectedShape::Object(&["/template"]));
        let answer = self.http.send(request).await?;
        Ok(answer.body.copy("/template"))
    }
}

fn newest_first(mut all: Vec<Deployment>) -> Vec<Deployment> {
    all.sort_by_key(|each| std::cmp::Reverse(each.timestamp));
    all
}

/// A deployment of a list; `None` for what has neither name nor state.
fn listed(item: &Value) -> Option<Deployment> {
    let deployment = Deployment::of(item);
    let whole = !deployment.name.is_empty() && !deployment.state.is_empty();
    whole.then_some(deployment)
}

fn told(answer: &HttpAnswer) -> Deployment {
    let mut deployment = Deployment::of(&answer.body);
    deployment.pause = answer.retry_after;
    deployment.read_at = answer.date;
    if deployment.correlation_id.is_none() {
        deployment.correlation_id.clone_from(&answer.correlation_id);
    }
    deployment
}
