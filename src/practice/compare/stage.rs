//! The practice cloud on which a recording is replayed.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tempfile::TempDir;

use super::exchange::Exchange;
use crate::domain::problem::{Problem, Result};
use crate::practice::clock::later;
use crate::practice::identifier::ResourceId;
use crate::practice::reply::Reply;
use crate::practice::request::Request;
use crate::practice::state::{Cloud, SUBSCRIPTION, Store, TENANT};
use crate::practice::{catalog, provider, route, token};

/// A practice cloud with a clock of its own.
pub struct ReplayCloud {
    // Deleted with the stage.
    _directory: TempDir,
    store: Store,
    now: Timestamp,
    /// Where operations of the recording are polled here.
    pub(super) polls: Vec<(String, String)>,
    /// What is being changed only because the recording says so.
    pub(super) occupied: Vec<ResourceId>,
}

fn unusable(error: &std::io::Error) -> Problem {
    Problem::new(
        "CompareUnusable",
        "The practice cloud for the comparison cannot be created.",
        "Check that the directory for temporary files is writable and has room.",
    )
    .saying(error.to_string())
}

impl ReplayCloud {
    /// A new practice cloud at a given time.
    ///
    /// # Errors
    /// When temporary files cannot be written.
    pub fn new(now: Timestamp) -> Result<Self> {
        let directory = tempfile::tempdir().map_err(|error| unusable(&error))?;
        let mut store = Store::open(directory.path(), now, 1.0)?;
        store.transact(now, |cloud| {
            for (namespace, _) in catalog::kind::PROVIDERS {
                provider::set_state(cloud, SUBSCRIPTION, namespace, "Registered");
            }
        })?;
        Ok(Self { _directory: directory, store, now, polls: Vec::new(), occupied: Vec::new() })
    }

    /// Lets time pass.
    pub fn pass(&mut self, span: SignedDuration) {
        self.now = later(self.now, span);
    }

    /// Sends the exchange's request. The answer to it may begin an operation, which is then found again.
    ///
    /// # Errors
    /// When the files of the practice cloud cannot be written.
    pub fn replay(&mut self, exchange: &Exchange) -> Result<Reply> {
        let url = self.polled(&exchange.url);
        let request = request(&exchange.method, &url, exchange.request_body.clone());
        let mut reply = self.send(&request)?;
        reply.body = reply.value();
        for name in ["location", "azure-asyncoperation"] {
            let recorded = exchange.headers.get(name).and_then(Value::as_str);
            // Some answers lead back to the resource itself.
            let recorded = recorded.filter(|recorded| path(recorded) != path(&exchange.url));
            if let (Some(recorded), Some(here)) = (recorded, reply.get(name)) {
                self.polls.retain(|(known, _)| known != path(recorded));
                self.polls.push((path(recorded).to_owned(), path_and_query(here)));
            }
        }
        Ok(reply)
    }

    /// Works on the cloud itself.
    pub(super) fn on<T>(&mut self, work: impl FnOnce(&mut Cloud) -> T) -> Result<T> {
        self.store.transact(self.now, work)
    }

    pub(super) fn send(&mut self, request: &Request) -> Result<Reply> {
        let token = token::issue("https://management.azure.com/", TENANT, self.now);
        self.store.transact(self.now, |cloud| route::answer(cloud, request, Some(&token)))
    }

    fn polled(&self, url: &str) -> String {
        let known = self.polls.iter().find(|(known, _)| known == path(url));
        known.map_or_else(|| url.to_owned(), |(_, here)| here.clone())
    }
}

pub(super) fn request(method: &str, url: &str, body: Value) -> Request {
    let method = method.parse().unwrap_or(hyper::Method::GET);
    let mut request = Request::new(method, url);
    request.body = body;
    request
}

/// A path without host and query.
pub(super) fn path(url: &str) -> &str {
    let url = url.split('?').next().unwrap_or(url);
    match url.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"),
        None => url,
    }
}

fn path_and_query(url: &str) -> String {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    format!("{}?{query}", path(url))
}
