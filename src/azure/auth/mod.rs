//! Signing in: which credential is used, and why the others were not.
//!
//! Sources are asked together and chosen in this order: service principal of the environment, workload identity, Azure
//! CLI, Azure Developer CLI, managed identity. What a person set on purpose comes before what happens to be there; a
//! machine's own identity comes last, because a person at a virtual machine means their own. A source that is not set
//! up is not tried. When none works, a code to type on another device can be used. Tokens stay in memory.

mod device_code;
mod directory;
mod loopback;
mod primed;
mod source;
mod who;

use std::{collections::BTreeMap, fmt, sync::Arc, time::Duration};

use azure_core::{
    credentials::{AccessToken, TokenCredential},
    http::HttpClient,
};
use azure_identity::Executor;

pub use device_code::{DeviceCode, DeviceCodePrompt};
pub use loopback::LoopbackCredential;
pub use who::Identity;

use self::primed::Primed;
use self::source::{CredentialSource, MACHINE_IDENTITY, Refusal};
use super::cloud::Endpoints;
use super::decode;
use super::http::Connection;
use crate::domain::problem::{Problem, Result, Retry};

/// Client id of the Azure CLI. Device code sign-in needs a public client that is known in every tenant and may ask for
/// Azure Resource Manager; an application of our own would need an administrator's consent in each one. Who has such
/// an application names it with `PRIVATEAML_CLIENT_ID`.
pub const AZURE_CLI_CLIENT_ID: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/// Shows a code to the person who signs in.
pub type ShowCode = Arc<dyn Fn(&DeviceCodePrompt) + Send + Sync>;

/// How to sign in.
#[derive(Clone)]
pub struct SignInOptions {
    /// The tenant, by id or domain; the account's own when absent.
    pub tenant: Option<String>,
    /// Public client for device code sign-in.
    pub client_id: String,
    /// Longest time for one source; the managed identity's is shorter.
    pub timeout: Duration,
    /// Whether a device code may be used when nothing else works, and how its prompt is shown.
    pub device_code: Option<ShowCode>,
    /// Environment variables that sources are set up by.
    pub variables: BTreeMap<String, String>,
    /// Runs `az` and `azd`; the system's shell when absent.
    pub executor: Option<Arc<dyn Executor>>,
    /// Asks for the machine's own identity; a connection without proxy when absent.
    pub machine: Option<Arc<dyn HttpClient>>,
}

impl Default for SignInOptions {
    fn default() -> Self {
        Self {
            tenant: None,
            client_id: AZURE_CLI_CLIENT_ID.into(),
            timeout: Duration::from_secs(20),
            device_code: None,
            variables: BTreeMap::new(),
            executor: None,
            machine: None,
        }
    }
}

impl SignInOptions {
    /// Options with this process's environment: the variables of `azure_identity`, and `PRIVATEAML_CLIENT_ID`.
    pub fn from_environment() -> Self {
        let variables: BTreeMap<String, String> = source::VARIABLES
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), std::env::var(name).ok()?)))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        let client_id = std::env::var("PRIVATEAML_CLIENT_ID")
            .ok()
            .filter(|id| !id.is_empty())
            .unwrap_or_else(|| AZURE_CLI_CLIENT_ID.into());
        Self { client_id, variables, ..Self::default() }
    }
}

impl fmt::Debug for SignInOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The variables hold a secret.
        formatter
            .debug_struct("SignInOptions")
            .field("tenant", &self.tenant)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// A credential that has given a token.
#[derive(Clone)]
pub struct SignedIn {
    /// Gives tokens for requests.
    pub credential: Arc<dyn TokenCredential>,
    /// How the person is signed in, such as `Azure CLI`.
    pub how: &'static str,
    /// Who that is, as far as the token tells; for display only.
    pub identity: Option<Identity>,
}

impl fmt::Debug for SignedIn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SignedIn")
            .field("how", &self.how)
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}

/// Signs in for an endpoint.
///
/// # Errors
/// `NotSignedIn` with each source's reason when none gives a token; `TlsUnavailable` and the like when nothing can be
/// sent at all.
pub async fn sign_in(
    connection: &Connection,
    endpoints: &Endpoints,
    options: &SignInOptions,
) -> Result<SignedIn> {
    if endpoints.is_loopback() {
        let credential: Arc<dyn TokenCredential> = Arc::new(LoopbackCredential::new(
            connection.clone(),
            endpoints.clone(),
            options.tenant.as_deref(),
        ));
        let token = ask(&credential, endpoints, options.timeout).await;
        return match token {
            Ok(token) => Ok(signed_in("this machine's endpoint", credential, token)),
            Err(refusal) => Err(loopback_refused(endpoints, &refusal)),
        };
    }
    // Built here, so that a machine without TLS is told so once and not by every source.
    connection.client().await?;
    let sources = source::all(connection, endpoints, options);
    match first_that_works(sources, endpoints, options.timeout).await {
        Ok(found) => Ok(found),
        Err(tried) => match &options.device_code {
            Some(show) => by_device_code(connection, endpoints, options, show, None).await,
            None => Err(not_signed_in(&tried)),
        },
    }
}

/// Signs in by a code that the person types on any device, for as long as the code lives (15 minutes as a rule).
/// `claims` is what the token must hold, in JSON.
///
/// # Errors
/// When the code was declined or has ended, or the directory refuses.
pub async fn by_device_code(
    connection: &Connection,
    endpoints: &Endpoints,
    options: &SignInOptions,
    show: &ShowCode,
    claims: Option<&str>,
) -> Result<SignedIn> {
    let credential = DeviceCode::new(
        connection.clone(),
        endpoints,
        options.tenant.as_deref(),
        &options.client_id,
    )
    .with_claims(claims);
    let token = credential.sign_in(&endpoints.scope, show).await?;
    Ok(signed_in("device code", Arc::new(credential), token))
}

/// Asks all sources at once and takes the first in their order that gives a token. The others are dropped.
async fn first_that_works(
    sources: Vec<CredentialSource>,
    endpoints: &Endpoints,
    timeout: Duration,
) -> Result<SignedIn, Vec<(&'static str, String)>> {
    let running: Vec<_> = sources
        .into_iter()
        .map(|source| {
            let endpoints = endpoints.clone();
            let limit = source.limit.unwrap_or(timeout).min(timeout);
            let asked = tokio::spawn(async move {
                let credential = source.credential.map_err(Refusal::NotSetUp)?;
                let token = ask(&credential, &endpoints, limit).await?;
                Ok::<_, Refusal>((credential, token))
            });
            (source.how, tokio_util::task::AbortOnDropHandle::new(asked))
        })
        .collect();
    let mut tried = Vec::new();
    for (how, asked) in running {
        match asked.await {
            Ok(Ok((credential, token))) => return Ok(signed_in(how, credential, token)),
            Ok(Err(refusal)) => tried.push((how, refusal.words())),
            Err(error) => tried.push((how, format!("ended unexpectedly: {error}"))),
        }
    }
    Err(tried)
}

async fn ask(
    credential: &Arc<dyn TokenCredential>,
    endpoints: &Endpoints,
    limit: Duration,
) -> Result<AccessToken, Refusal> {
    match tokio::time::timeout(limit, credential.get_token(&[&endpoints.scope], None)).await {
        Ok(Ok(token)) => Ok(token),
        Ok(Err(error)) => Err(Refusal::Refused(error.to_string())),
        Err(_) => Err(Refusal::Silent(limit)),
    }
}

fn signed_in(
    how: &'static str,
    credential: Arc<dyn TokenCredential>,
    token: AccessToken,
) -> SignedIn {
    let identity = Identity::of(token.token.secret());
    tracing::debug!(how, "signed in");
    SignedIn {
        // The token at hand is used first: the Azure CLI takes more than a second for each.
        credential: Arc::new(Primed::new(credential, token)),
        how,
        identity,
    }
}

fn not_signed_in(tried: &[(&'static str, String)]) -> Problem {
    let list: Vec<String> = tried.iter().map(|(how, why)| format!("{how}: {why}")).collect();
    // A source that is there and says what is wrong: no network, say, or a second factor. Off Azure the machine's own
    // identity cannot be reached, which says nothing.
    let cause = tried
        .iter()
        .filter(|(how, _)| *how != MACHINE_IDENTITY)
        .find_map(|(_, why)| decode::sign_in_cause(why));
    if let Some(cause) = cause {
        return cause.saying(list.join("\n"));
    }
    Problem::new(
        "NotSignedIn",
        "No sign-in to Azure was found on this machine.",
        "Run `az login` (install it from https://aka.ms/azure-cli), then the same command again; with \
         several organisations, `az login --tenant <id>`. To look around without an account, run \
         `privateaml practice`.",
    )
    .saying(list.join("\n"))
    .retry(Retry::AfterChange)
}

fn loopback_refused(endpoints: &Endpoints, refusal: &Refusal) -> Problem {
    Problem::new(
        "EndpointNotAnswering",
        "The endpoint on this machine gives no token.",
        "Check that it runs (`privateaml practice serve` prints its address) and that the address is right.",
    )
    .at(endpoints.resource_manager.to_string())
    .saying(refusal.words())
    .retry(Retry::AfterChange)
}

#[cfg(test)]
mod cause_tests;
#[cfg(test)]
mod tests;
