//! Sign-in by a code that a person types on any device with a browser, for machines without `az`.
//!
//! `azure_identity` has no such credential; this one follows the device authorization grant
//! (<https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code>). The refresh token is kept in memory
//! only: another run asks again.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use serde::Deserialize;
use tokio::{sync::Mutex, time::Instant};
use url::Url;

use super::ShowCode;
use super::directory::{self, Declined};
use crate::azure::cloud::Endpoints;
use crate::azure::decode;
use crate::azure::http::Connection;
use crate::domain::problem::{Problem, Result, Retry};
use crate::domain::secret::Secret;

/// Any work or school account; the account's own tenant is used.
const ANY_ORGANISATION: &str = "organizations";
/// Pause between two questions when the directory names none, in seconds.
const DEFAULT_PAUSE: u64 = 5;
/// How much longer the pause becomes each time the directory asks for that, in seconds.
const SLOWER: u64 = 5;

/// What a person is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceCodePrompt {
    /// The page to open, such as `https://microsoft.com/devicelogin`.
    pub address: String,
    /// The code to type there.
    pub code: String,
    /// How long the code lives.
    pub lives: Duration,
}

/// The directory's answer to the first request. `device_code` is a secret while the code lives.
#[derive(Deserialize)]
struct Begun {
    user_code: String,
    device_code: String,
    #[serde(alias = "verification_url")]
    verification_uri: String,
    expires_in: u64,
    #[serde(default = "default_pause")]
    interval: u64,
}

fn default_pause() -> u64 {
    DEFAULT_PAUSE
}

/// A credential that was signed in by a device code.
pub struct DeviceCode {
    connection: Connection,
    authority: Url,
    tenant: String,
    client_id: String,
    /// What the token must hold, in JSON.
    claims: Option<String>,
    refresh: Mutex<Option<Secret>>,
}

impl fmt::Debug for DeviceCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "DeviceCode({})", self.tenant)
    }
}

impl DeviceCode {
    /// A credential that is not signed in yet.
    pub fn new(
        connection: Connection,
        endpoints: &Endpoints,
        tenant: Option<&str>,
        client_id: &str,
    ) -> Self {
        Self {
            connection,
            authority: endpoints.authority.clone(),
            tenant: tenant.unwrap_or(ANY_ORGANISATION).to_owned(),
            client_id: client_id.to_owned(),
            claims: None,
            refresh: Mutex::new(None),
        }
    }

    /// The same for a token that must hold more, such as that a second factor was shown
    /// (<https://learn.microsoft.com/entra/identity-platform/claims-challenge>).
    pub fn with_claims(mut self, claims: Option<&str>) -> Self {
        self.claims = claims.map(str::to_owned);
        self
    }

    /// A form with the claims, where there are any.
    fn form<'a>(&'a self, fields: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let claims = self.claims.as_deref().map(|claims| ("claims", claims));
        fields.iter().copied().chain(claims).collect()
    }

    /// Shows a code and waits until it was typed, declined, or has ended.
    ///
    /// # Errors
    /// When the directory cannot be reached or gives no token.
    pub async fn sign_in(&self, scope: &str, show: &ShowCode) -> Result<AccessToken> {
        let begun = self.begin(scope).await?;
        show(&DeviceCodePrompt {
            address: begun.verification_uri.clone(),
            code: begun.user_code.clone(),
            lives: Duration::from_secs(begun.expires_in),
        });
        let end = Instant::now() + Duration::from_secs(begun.expires_in);
        let mut pause = Duration::from_secs(begun.interval.max(1));
        let address = directory::address(&self.authority, &self.tenant, "token")?;
        let form = self.form(&[
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("client_id", self.client_id.as_str()),
            ("device_code", begun.device_code.as_str()),
        ]);
        loop {
            tokio::time::sleep_until((Instant::now() + pause).min(end)).await;
            match directory::token(&self.connection, &address, &form).await {
                Ok(Ok(given)) => {
                    *self.refresh.lock().await = given.refresh.map(Secret::new);
                    return Ok(given.access);
                }
                Ok(Err(declined)) => match declined.error.as_str() {
                    "authorization_pending" => {}
                    "slow_down" => pause += Duration::from_secs(SLOWER),
                    _ => return Err(refused(&declined)),
                },
                // The network may fail for a while; the code lives on.
                Err(problem) if problem.retry == Retry::Transient => {}
                Err(problem) => return Err(problem),
            }
            if Instant::now() >= end {
                return Err(ended());
            }
        }
    }

    async fn begin(&self, scope: &str) -> Result<Begun> {
        let address = directory::address(&self.authority, &self.tenant, "devicecode")?;
        let scope = format!("{scope} offline_access");
        let form = self.form(&[("client_id", self.client_id.as_str()), ("scope", &scope)]);
        let answer = directory::post(&self.connection, &address, &form).await?;
        Begun::deserialize(&answer.body).map_err(|_| refused(&directory::declined(&answer)))
    }

    async fn renew(&self, scope: &str) -> Result<AccessToken> {
        let mut kept = self.refresh.lock().await;
        let Some(refresh) = kept.as_ref() else {
            return Err(decode::sign_in_ended("no refresh token was given"));
        };
        let address = directory::address(&self.authority, &self.tenant, "token")?;
        let scope = format!("{scope} offline_access");
        let form = self.form(&[
            ("grant_type", "refresh_token"),
            ("client_id", self.client_id.as_str()),
            ("refresh_token", refresh.expose()),
            ("scope", &scope),
        ]);
        match directory::token(&self.connection, &address, &form).await? {
            Ok(given) => {
                if let Some(next) = given.refresh {
                    *kept = Some(Secret::new(next));
                }
                Ok(given.access)
            }
            Err(declined) => Err(decode::sign_in_ended(&words(&declined))),
        }
    }
}

#[async_trait]
impl TokenCredential for DeviceCode {
    async fn get_token(
        &self,
        scopes: &[&str],
        _: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        self.renew(&scopes.join(" ")).await.map_err(|problem| {
            // What happened tells a missing network from a missing sign-in; the original alone may not.
            let words = match problem.original {
                Some(original) => format!("{} {original}", problem.what),
                None => problem.what,
            };
            azure_core::Error::with_message(azure_core::error::ErrorKind::Credential, words)
        })
    }
}

fn words(declined: &Declined) -> String {
    format!("{}: {}", declined.error, declined.description)
}

fn ended() -> Problem {
    Problem::new(
        "DeviceCodeEnded",
        "The code was not typed in time.",
        "Run the same command again for a new code.",
    )
    .retry(Retry::AfterChange)
}

fn refused(declined: &Declined) -> Problem {
    match declined.error.as_str() {
        "expired_token" | "code_expired" => ended(),
        "authorization_declined" | "access_denied" => Problem::new(
            "DeviceCodeDeclined",
            "The sign-in was declined on the other device.",
            "Run the same command again and confirm the sign-in, or use `az login`.",
        )
        .retry(Retry::AfterChange),
        _ => decode::sign_in_ended(&words(declined)),
    }
}
