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

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
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
pub use submission::Submission;

use super::http::{ExpectedShape, Http, HttpAnswer, Request};
use crate::domain::json::HasJson as _;
use crate::domain::problem::{Problem, Result, Retry, UNEXPECTED};

/// Version of providers.
const PROVIDERS: &str = "2025-04-01";
/// Version of subscriptions, tenants and locations.
const SUBSCRIPTIONS: &str = "2022-12-01";
/// Most pages of one list: a list that never ends must not keep us for ever.
const MOST_PAGES: usize = 500;
/// Most items of one list, for the same reason. Azure allows 980 groups in a subscription and 800 resources of a type
/// in a group
/// (<https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits>).
const MOST_ITEMS: usize = 100_000;

/// Azure Resource Manager, seen from one subscription.
#[derive(Clone)]
pub struct Arm {
    http: Http,
    subscription_id: String,
}

impl Arm {
    /// Calls over a client, for one subscription. With an empty id only the calls that need none may be made:
    /// `subscriptions` and `tenants`.
    pub fn new(http: Http, subscription_id: impl Into<String>) -> Self {
        Self { http, subscription_id: subscription_id.into() }
    }

    /// The client below.
    pub fn http(&self) -> &Http {
        &self.http
    }

    /// The subscription's id.
    pub fn subscription_id(&self) -> &str {
        &self.subscription_id
    }

    /// A path within the subscription: `/subscriptions/{id}{rest}?api-version=…`.
    pub(super) fn within(&self, rest: &str) -> String {
        versioned(&self.within_plain(rest))
    }

    /// The same without a version.
    pub(super) fn within_plain(&self, rest: &str) -> String {
        format!("/subscriptions/{}{rest}", segment(&self.subscription_id))
    }

    /// A path within a group of the subscription; `rest` begins with a slash or is empty.
    pub(super) fn in_group(&self, group: &str, rest: &str) -> String {
        self.within(&format!("/resourcegroups/{}{rest}", segment(group)))
    }

    /// Everything in a list, page by page.
    pub(super) async fn list<T: DeserializeOwned>(&self, path: String) -> Result<Vec<T>> {
        let pages = self.pages(path, |answer| answer.into_result().map(Some));
        Ok(pages.await?.unwrap_or_default())
    }

    /// The same; `None` when what the list belongs to is not there.
    pub(super) async fn list_if_there<T: DeserializeOwned>(
        &self,
        path: String,
    ) -> Result<Option<Vec<T>>> {
        self.pages(path, HttpAnswer::found).await
    }

    /// Everything in a list, each item read by `item`.
    pub(super) async fn list_of<T>(
        &self,
        path: String,
        item: fn(&Value) -> Option<T>,
    ) -> Result<Vec<T>> {
        let items: Vec<Value> = self.list(path).await?;
        each(&items, item)
    }

    async fn pages<T: DeserializeOwned>(
        &self,
        path: String,
        admit: fn(HttpAnswer) -> Result<Option<HttpAnswer>>,
    ) -> Result<Option<Vec<T>>> {
        let mut all = Vec::new();
        let mut next = Some(path);
        for _ in 0..MOST_PAGES {
            let Some(path) = next else { return Ok(Some(all)) };
            let request = Request::get(path).expecting(ExpectedShape::List);
            let Some(answer) = admit(self.http.exchange(request).await?)? else { return Ok(None) };
            for item in answer.body.items("/value") {
                all.push(read(item, &answer)?);
            }
            if all.len() > MOST_ITEMS {
                break;
            }
            next = Some(answer.body.text("/nextLink").to_owned()).filter(|link| !link.is_empty());
        }
        Err(Problem::new(
            "ListWithoutEnd",
            "A list from Azure did not end.",
            "Run the command again; if it stays, check what lies between this machine and Azure.",
        ))
    }
}

/// Items of a list in their type. One that cannot be read is a failure: left out, it would pass for not being there.
pub(super) fn each<T>(items: &[Value], item: fn(&Value) -> Option<T>) -> Result<Vec<T>> {
    items
        .iter()
        .map(|value| {
            item(value).ok_or_else(|| {
                let id = value.get("id").and_then(Value::as_str).unwrap_or_default();
                unexpected("an item of the list lacks what it must have").at(id)
            })
        })
        .collect()
}

/// The failure of an answer without the expected shape; it may pass by itself.
pub(super) fn unexpected(why: impl Into<String>) -> Problem {
    Problem::new(
        UNEXPECTED,
        "Azure answered in a form that this program does not know, so nothing can be said from it.",
        "Run the command again in a minute. If it stays, check the proxy and the VPN, or update this program.",
    )
    .saying(why)
    .retry(Retry::Transient)
}

/// A path with the API version of its type, unless it names one.
pub(super) fn versioned(path: &str) -> String {
    if path.contains("api-version=") {
        return path.to_owned();
    }
    with_version(path, crate::domain::resource::api_version(path))
}

/// A path with a version.
fn with_version(path: &str, version: &str) -> String {
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}api-version={version}")
}

#[rustfmt::skip]
const PART: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-').remove(b'_').remove(b'.').remove(b'(').remove(b')').remove(b'~');

/// A name as one part of a path or a query: everything but letters, digits and `-_.()~` is encoded.
pub(super) fn segment(name: &str) -> String {
    utf8_percent_encode(name, PART).to_string()
}

/// One object of an answer in its type.
pub(super) fn read<T: DeserializeOwned>(value: &Value, answer: &HttpAnswer) -> Result<T> {
    T::deserialize(value).map_err(|error| {
        let mut problem = unexpected(error.to_string()).at(answer.path.clone());
        problem.correlation_id.clone_from(&answer.correlation_id);
        problem
    })
}

/// The texts of items that have one under this name.
pub(super) fn each_text(items: &[Value], name: &str) -> Vec<String> {
    items.iter().filter_map(|item| text(item, &[name])).collect()
}

/// A text inside an object, by its path.
pub(super) fn text(value: &Value, path: &[&str]) -> Option<String> {
    let found = path.iter().try_fold(value, |inside, key| inside.get(key))?;
    found.as_str().map(str::to_owned)
}

#[cfg(test)]
mod shape_tests;
#[cfg(test)]
mod tests;
