//! Typed calls of Azure Resource Manager.
//!
//! Paths, versions and the shapes of answers stand here and nowhere else. Nothing is decided here about what to do
//! with an answer; repetitions and tokens are the HTTP layer's.

mod account;
mod deleted;
mod deployment;
mod group;
mod lock;
mod long_running;
mod operation;
mod permission;
mod provider;
mod resource;
mod submission;
mod tag;
mod what_if;

use serde::de::DeserializeOwned;
use serde_json::Value;

pub use account::{Location, Subscription, Tenant};
pub use deployment::{Deployment, Validation};
pub use group::ResourceGroup;
pub use lock::Lock;
pub use long_running::{LongRunning, Poll, Started};
pub use permission::Permissions;
pub use provider::{Provider, ProviderType};
pub use resource::ResourceSummary;
pub use submission::{Submission, ValidationLevel};
pub use what_if::{Change, ChangeKind, PropertyChange, WhatIf};

use super::http::{Answer, Http, Request};
use crate::domain::problem::Problem;

/// Version of deployments, groups, providers and resource lists.
const RESOURCES: &str = "2025-04-01";
/// Version of subscriptions, tenants and locations.
const SUBSCRIPTIONS: &str = "2022-12-01";
/// Most pages of one list: a list that never ends must not keep us for ever.
const MOST_PAGES: usize = 500;

/// Azure Resource Manager, seen from one subscription.
#[derive(Clone)]
pub struct Arm {
    http: Http,
    subscription_id: String,
}

impl Arm {
    /// Calls over a client, for one subscription. With an empty id only the calls that need none may be made:
    /// `subscriptions` and `tenants`.
    #[must_use]
    pub fn new(http: Http, subscription_id: impl Into<String>) -> Self {
        Self {
            http,
            subscription_id: subscription_id.into(),
        }
    }

    /// The client below.
    #[must_use]
    pub fn http(&self) -> &Http {
        &self.http
    }

    /// The subscription's id.
    #[must_use]
    pub fn subscription_id(&self) -> &str {
        &self.subscription_id
    }

    /// A path within the subscription: `/subscriptions/{id}{rest}?api-version={version}`.
    pub(in crate::azure) fn within(&self, rest: &str, version: &str) -> String {
        versioned(
            &format!("/subscriptions/{}{rest}", segment(&self.subscription_id)),
            version,
        )
    }

    /// The same without a version.
    pub(in crate::azure) fn within_plain(&self, rest: &str) -> String {
        format!("/subscriptions/{}{rest}", segment(&self.subscription_id))
    }

    /// Everything in a list, page by page.
    pub(in crate::azure) async fn list<T: DeserializeOwned>(
        &self,
        path: String,
    ) -> Result<Vec<T>, Problem> {
        let mut all = Vec::new();
        let mut next = Some(path);
        for _ in 0..MOST_PAGES {
            let Some(path) = next else {
                return Ok(all);
            };
            let answer = self.http.send(Request::get(path)).await?;
            let items = answer.body.get("value").and_then(Value::as_array);
            for item in items.into_iter().flatten() {
                all.push(read(item, &answer)?);
            }
            next = answer
                .body
                .get("nextLink")
                .and_then(Value::as_str)
                .filter(|link| !link.is_empty())
                .map(str::to_owned);
        }
        Err(Problem::new(
            "ListWithoutEnd",
            "A list from Azure did not end.",
            "Run the command again; if it stays, check what stands between this machine and Azure.",
        ))
    }
}

/// A path with its version.
pub(in crate::azure) fn versioned(path: &str, version: &str) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}api-version={version}")
}

/// A name as one part of a path or a query: everything but letters, digits and `-_.()~` is encoded.
pub(in crate::azure) fn segment(name: &str) -> String {
    name.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'(' | b')' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// One object of an answer in its type.
pub(in crate::azure) fn read<T: DeserializeOwned>(
    value: &Value,
    answer: &Answer,
) -> Result<T, Problem> {
    T::deserialize(value).map_err(|error| {
        let mut problem = Problem::new(
            "UnexpectedAnswer",
            "Azure answered in a form that this program does not know.",
            "Update this program; if it stays, report this as a defect.",
        )
        .at(answer.path.clone())
        .saying(error.to_string());
        problem.correlation_id.clone_from(&answer.correlation_id);
        problem
    })
}

/// A text inside an object, by its path.
pub(in crate::azure) fn text(value: &Value, path: &[&str]) -> Option<String> {
    let found = path.iter().try_fold(value, |inside, key| inside.get(key))?;
    found.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests;
