//! Writes this client's exchanges with Azure into a file that a person can look at and share.
//!
//! One exchange is one line, in the form of the recorded answers of Azure that the practice cloud is compared with.
//! Tokens and what identifies a person never get into it. What is asked of Microsoft Entra does not come here at all.

mod anonymous;
mod names;
mod rules;
pub(crate) mod scan;

use std::{
    fmt,
    fs::{File, OpenOptions},
    io::{ErrorKind, Write},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::Timestamp;
use reqwest::{Method, header::HeaderMap};
use serde_json::{Map, Value, json};
use url::Url;

use self::anonymous::Anonymous;
use super::connection::USER_AGENT;
use crate::domain::problem::{Problem, Result};
use crate::domain::telling::{hide_texts, hide_vault_value};

/// Headers that are kept besides those that tell of requests and rates.
const HEADERS: [&str; 5] =
    ["location", "azure-asyncoperation", "retry-after", "etag", "content-type"];

/// A file that exchanges are written to. Clones write to the same.
#[derive(Clone)]
pub struct Traffic(Arc<Mutex<Recording>>);

struct Recording {
    out: Box<dyn Write + Send>,
    place: String,
    anonymous: Anonymous,
    failure: Option<Problem>,
}

impl fmt::Debug for Traffic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Traffic").finish_non_exhaustive()
    }
}

impl Traffic {
    /// Makes the file, readable by its owner alone.
    ///
    /// # Errors
    /// When there is a file of that name, or none can be made.
    pub fn create(path: &Path) -> Result<Self> {
        let place = path.display().to_string();
        let file = create_new(path).map_err(|error| {
            let problem = if error.kind() == ErrorKind::AlreadyExists {
                Problem::new(
                    "TrafficFileExists",
                    "The file for the exchanges with Azure is there already.",
                    "Give --record-traffic the name of a file that does not exist, or move that one away.",
                )
            } else {
                Problem::new(
                    "TrafficFileUnwritable",
                    "The file for the exchanges with Azure cannot be created.",
                    "Give --record-traffic a file in a directory that exists and is writable.",
                )
                .saying(error.to_string())
            };
            problem.at(place.clone())
        })?;
        Ok(Self::over(Box::new(file), place))
    }

    fn over(out: Box<dyn Write + Send>, place: String) -> Self {
        Self(Arc::new(Mutex::new(Recording {
            out,
            place,
            anonymous: Anonymous::default(),
            failure: None,
        })))
    }

    /// What kept an exchange from being written: from then on nothing is.
    pub fn failure(&self) -> Option<Problem> {
        let recording = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        recording.failure.clone()
    }

    /// Writes one exchange with Azure.
    pub(super) fn write(&self, exchange: &Exchange<'_>) {
        // The practice cloud's own addresses are none of Azure's.
        if exchange.address.path().starts_with("/practice/") {
            return;
        }
        let mut recording = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if recording.failure.is_some() {
            return;
        }
        let line = format!("{}\n", line(&mut recording.anonymous, exchange));
        // The whole line at once: who is killed leaves whole lines.
        let written = recording.out.write_all(line.as_bytes());
        if let Err(error) = written.and_then(|()| recording.out.flush()) {
            let problem = Problem::new(
                "TrafficNotWhole",
                "The recording of the exchanges with Azure is not whole: it could not be written to its end.",
                "What was asked of Azure is not touched by that. Make room on the disk, and record again \
                 into another file.",
            )
            .at(recording.place.clone())
            .saying(error.to_string());
            recording.failure = Some(problem);
        }
    }
}

#[cfg(unix)]
fn create_new(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn create_new(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

/// One request with its answer.
pub(super) struct Exchange<'a> {
    pub(super) method: &'a Method,
    pub(super) address: &'a Url,
    pub(super) request: Option<&'a [u8]>,
    pub(super) status: u16,
    pub(super) headers: &'a HeaderMap,
    /// As it was read: JSON, a text that is none, or `Null`.
    pub(super) answer: &'a Value,
}

fn line(anonymous: &mut Anonymous, exchange: &Exchange<'_>) -> Value {
    let mut request: Value =
        exchange.request.and_then(|bytes| serde_json::from_slice(bytes).ok()).unwrap_or_default();
    hide_vault_value(exchange.address.path(), &mut request);
    let answer = answered(exchange);
    let address = without_host(exchange.address);
    let headers = kept(exchange.headers);
    // First everything is learned, so that a name is replaced in front of the place that tells that it is one.
    anonymous.learn_text(&address);
    for (_, text) in &headers {
        anonymous.learn_text(text);
    }
    anonymous.learn(&request);
    anonymous.learn(&answer);
    let url = anonymous.text(&address);
    let version = exchange
        .address
        .query_pairs()
        .find(|(name, _)| name.eq_ignore_ascii_case("api-version"))
        .map(|(_, version)| version.into_owned());
    let headers: Map<String, Value> =
        headers.into_iter().map(|(name, text)| (name, json!(anonymous.text(&text)))).collect();
    json!({
        "source": USER_AGENT.replace('/', " "),
        "recorded": Timestamp::now().strftime("%Y-%m-%d").to_string(),
        "method": exchange.method.as_str(),
        "url": url,
        "api_version": version,
        "request_body": anonymous.body(&request),
        "status": exchange.status,
        "headers": headers,
        "body": anonymous.body(&answer),
    })
}

/// An answer without the secret that it may be itself: then members of any name have it.
fn answered(exchange: &Exchange<'_>) -> Value {
    let mut answer = exchange.answer.clone();
    let path = exchange.address.path().to_lowercase();
    let last = path.rsplit('/').next().unwrap_or_default();
    let is_secret = last.starts_with("list") || last.contains("key") || last.contains("secret");
    if exchange.method == Method::POST && is_secret {
        hide_texts(&mut answer);
    }
    hide_vault_value(&path, &mut answer);
    answer
}

fn without_host(address: &Url) -> String {
    match address.query() {
        Some(query) => format!("{}?{query}", address.path()),
        None => address.path().to_owned(),
    }
}

fn kept(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .filter(|(name, _)| {
            let name = name.as_str();
            HEADERS.contains(&name)
                || name.contains("ratelimit")
                || (name.starts_with("x-ms-") && name.contains("request"))
        })
        .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
        .collect()
}

#[cfg(test)]
mod tests;
