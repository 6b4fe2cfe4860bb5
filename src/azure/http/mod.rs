//! One HTTP layer for everything that is asked of Azure: tokens, repetitions, correlation ids, decoded failures.
//!
//! Nothing here knows a path or a body of Azure's; `arm` does. No token and no body is ever logged, and no request
//! with a token leaves for an address that is not the endpoint's.

mod answer;
mod broken;
mod challenge;
mod connection;
mod notice;
mod reading;
mod request;
pub(super) mod retry;
#[cfg(test)]
pub(super) mod support;
mod token;
mod traffic;

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use azure_core::credentials::TokenCredential;
use reqwest::{
    Method,
    header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap},
};
use url::Url;
use uuid::Uuid;

pub use answer::HttpAnswer;
pub use broken::Broken;
pub use challenge::{CODE as STRONGER_SIGN_IN, Challenge};
pub use connection::{Connection, USER_AGENT, install_provider};
pub use notice::{Hook, Notice};
pub use reading::ExpectedShape;
pub use request::Request;
pub use retry::Policy;
pub use traffic::Traffic;
pub(crate) use traffic::scan;

use self::token::{Issued, Tokens};
use self::traffic::Exchange;
use super::cloud::Endpoints;
use crate::domain::problem::{Problem, Result};

/// Largest body that is read, in bytes and unpacked. Azure's largest that is asked for, the list of service tags, has
/// about six million; JSON takes some sixty times as much memory at worst.
const LARGEST_BODY: usize = 24 << 20;

/// The client that everything is asked through. Clones share connection, token and what was learned.
#[derive(Clone)]
pub struct Http {
    shared: Arc<ClientState>,
    policy: Policy,
    hook: Option<Hook>,
    traffic: Option<Traffic>,
}

struct ClientState {
    connection: Connection,
    endpoints: Endpoints,
    tokens: Tokens,
    practice: AtomicBool,
    /// What Azure wanted of a token last.
    challenge: Mutex<Option<Challenge>>,
}

impl Http {
    /// A client for an endpoint. Nothing is sent, and no token asked, before the first request.
    pub fn new(
        connection: Connection,
        endpoints: Endpoints,
        credential: Arc<dyn TokenCredential>,
    ) -> Self {
        let tokens = Tokens::new(credential, endpoints.scope.clone());
        Self {
            shared: Arc::new(ClientState {
                connection,
                endpoints,
                tokens,
                practice: AtomicBool::new(false),
                challenge: Mutex::new(None),
            }),
            policy: Policy::default(),
            hook: None,
            traffic: None,
        }
    }

    /// The same client, writing its exchanges into a file where one is given.
    pub fn with_traffic(mut self, traffic: Option<Traffic>) -> Self {
        self.traffic = traffic;
        self
    }

    /// The same client, telling of throttling, repetitions and renewed tokens.
    pub fn with_notices(mut self, hook: Hook) -> Self {
        self.hook = Some(hook);
        self
    }

    /// The same client with other bounds for repetitions.
    pub fn with_policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Where it asks.
    pub fn endpoints(&self) -> &Endpoints {
        &self.shared.endpoints
    }

    /// The connection below it, for what needs no token.
    pub fn connection(&self) -> &Connection {
        &self.shared.connection
    }

    /// True once an answer from this machine has said that it comes from a practice cloud. A server elsewhere cannot
    /// make itself one: the practice cloud's credentials are kept with less care.
    pub fn is_practice(&self) -> bool {
        self.shared.practice.load(Ordering::Relaxed)
    }

    /// What Azure wanted last of a token that held too little, for a sign-in that goes through it; told once.
    pub fn take_challenge(&self) -> Option<Challenge> {
        let last = self.shared.challenge.lock();
        last.unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Sends a request, again where that is safe, and takes success only.
    ///
    /// # Errors
    /// No answer, no token, or the decoded failure that the answer tells of.
    pub async fn send(&self, request: Request) -> Result<HttpAnswer> {
        self.exchange(request).await?.into_result()
    }

    /// Sends a request, again where that is safe, and takes any answer.
    ///
    /// # Errors
    /// No answer, no token, or an address that is not the endpoint's.
    pub async fn exchange(&self, request: Request) -> Result<HttpAnswer> {
        let address = self.address(&request.target)?;
        // One id for the whole call, so that its repetitions are found together in Azure's logs.
        let call = Uuid::new_v4().to_string();
        let issued = self.shared.tokens.get(self.hook.as_ref()).await?;
        let answer = self.attempts(&request, &address, &call, &issued).await?;
        let wants_factor = answer.challenge.as_ref().is_some_and(Challenge::wants_factor);
        if answer.status != 401 || wants_factor {
            // The same kind of token again would be refused again: a person has to sign in.
            return Ok(answer);
        }
        // Refused in the middle of its life: revoked, or a clock is wrong. Once, with a new one.
        self.shared.tokens.refuse(issued.issue).await;
        let issued = self.shared.tokens.get(self.hook.as_ref()).await?;
        self.attempts(&request, &address, &call, &issued).await
    }

    async fn attempts(
        &self,
        request: &Request,
        address: &Url,
        call: &str,
        issued: &Issued,
    ) -> Result<HttpAnswer> {
        let client = self.shared.connection.client().await?;
        let outcome =
            retry::repeat(self.policy, request.repeatable, self.hook.as_ref(), || async {
                let mut builder = client
                    .request(request.method.clone(), address.clone())
                    .bearer_auth(issued.token.secret())
                    .header(ACCEPT, "application/json")
                    .header("x-ms-client-request-id", call);
                if let Some(body) = &request.body {
                    builder = builder.header(CONTENT_TYPE, "application/json").body(body.to_vec());
                } else if request.method == Method::POST {
                    // Azure answers 411 to an act without a length, and the HTTP library sends none for no body.
                    builder = builder.header(CONTENT_LENGTH, 0);
                }
                let started = Instant::now();
                let heard = |answer: &HttpAnswer, headers: &HeaderMap| {
                    self.note(request, address, answer, headers);
                };
                let read = read_telling(builder, address.path(), heard);
                let outcome = read.await.and_then(|answer| match answer.misfit(request.shape) {
                    Some(why) => Err(Broken::Unexpected(format!("{why} (HTTP {})", answer.status))),
                    None => Ok(answer),
                });
                record(request, address, call, started, &outcome);
                outcome
            })
            .await;
        let host = address.host_str().unwrap_or_default();
        let answer = outcome.map_err(|broken| broken.into_problem(host))?;
        if answer.challenge.is_some() {
            let mut last = self.shared.challenge.lock().unwrap_or_else(PoisonError::into_inner);
            last.clone_from(&answer.challenge);
        }
        if answer.practice && self.shared.endpoints.is_loopback() {
            self.shared.practice.store(true, Ordering::Relaxed);
        }
        Ok(answer)
    }

    fn note(&self, request: &Request, address: &Url, answer: &HttpAnswer, headers: &HeaderMap) {
        if let Some(traffic) = &self.traffic {
            traffic.write(&Exchange {
                method: &request.method,
                address,
                request: request.body.as_ref().map(|body| body.as_slice()),
                status: answer.status,
                headers,
                answer: &answer.body,
            });
        }
    }

    /// The full address of a target, refused when it leads away from the endpoint: an answer's `nextLink` or
    /// operation address must not be able to send our token to a stranger.
    fn address(&self, target: &str) -> Result<Url> {
        let endpoints = &self.shared.endpoints;
        let joined = endpoints.resource_manager.join(target);
        match joined {
            Ok(address) if endpoints.owns(&address) => Ok(address),
            Ok(address) => Err(Problem::new(
                "ForeignAddress",
                "An answer pointed to an address that is not part of this Azure.",
                "Nothing was sent there. Check the endpoint given, and the proxy between it and this machine.",
            )
            .at(address.host_str().unwrap_or_default())),
            Err(error) => Err(Problem::new(
                "InvalidAddress",
                "An address could not be read.",
                "Check the names given on the command line.",
            )
            .saying(error.to_string())),
        }
    }
}

/// One exchange without a token's or a repetition's concerns. A body that breaks off counts as a broken connection.
pub(super) async fn read(
    builder: reqwest::RequestBuilder,
    path: &str,
) -> Result<HttpAnswer, Broken> {
    read_telling(builder, path, |_, _| {}).await
}

/// The same, telling of the answer together with all its headers.
async fn read_telling(
    builder: reqwest::RequestBuilder,
    path: &str,
    heard: impl FnOnce(&HttpAnswer, &HeaderMap),
) -> Result<HttpAnswer, Broken> {
    let mut response = builder.send().await.map_err(Broken::from_error)?;
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(Broken::from_error)? {
        if body.len() + chunk.len() > LARGEST_BODY {
            let words = format!("an answer of more than {} MiB", LARGEST_BODY >> 20);
            return Err(Broken::Unexpected(words));
        }
        body.extend_from_slice(&chunk);
    }
    let answer = HttpAnswer::new(status, &headers, &body, path);
    heard(&answer, &headers);
    Ok(answer)
}

fn record(
    request: &Request,
    address: &Url,
    call: &str,
    started: Instant,
    outcome: &Result<HttpAnswer, Broken>,
) {
    let milliseconds = started.elapsed().as_millis();
    let (method, path) = (&request.method, address.path());
    match outcome {
        Ok(answer) => {
            let correlation = answer.correlation_id.as_deref().unwrap_or("none");
            let status = answer.status;
            tracing::debug!(%method, path, status, milliseconds, correlation, call, "answered");
        }
        Err(broken) => {
            let why = broken.why();
            tracing::debug!(%method, path, why, milliseconds, call, "no answer");
        }
    }
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod trust_tests;
