//! The token that requests carry: kept while it is good, renewed in time, renewed once when it is refused.
//!
//! A token is held in memory only and given to nobody but the request that carries it.

use std::{sync::Arc, time::Duration};

use azure_core::credentials::{AccessToken, Secret, TokenCredential};
use jiff::Timestamp;
use tokio::{sync::Mutex, time::Instant};

use super::notice::{Hook, Notice};
use crate::azure::decode;
use crate::domain::problem::Result;

/// How long before its end a token is renewed.
const MARGIN: Duration = Duration::from_mins(5);
/// Longest time for a credential to give a token; the Azure CLI takes a second or two.
const PATIENCE: Duration = Duration::from_secs(45);

/// A token with the number of its issue.
#[derive(Clone)]
pub(super) struct Issued {
    pub(super) token: Secret,
    pub(super) issue: u64,
}

struct CachedToken {
    issued: Issued,
    /// By the clock that tests can stop.
    until: Instant,
    /// By the clock that goes on while a laptop sleeps, in seconds since 1970.
    until_second: i64,
}

/// The token of one credential for one scope.
pub(super) struct Tokens {
    credential: Arc<dyn TokenCredential>,
    scope: String,
    kept: Mutex<(u64, Option<CachedToken>)>,
}

impl Tokens {
    pub(super) fn new(credential: Arc<dyn TokenCredential>, scope: String) -> Self {
        Self { credential, scope, kept: Mutex::new((0, None)) }
    }

    /// The token at hand, or a new one when it ends within five minutes. Callers that come together share one renewal.
    pub(super) async fn get(&self, notify: Option<&Hook>) -> Result<Issued> {
        let mut kept = self.kept.lock().await;
        if let (_, Some(held)) = &*kept
            && Instant::now() < held.until
            && Timestamp::now().as_second() < held.until_second
        {
            return Ok(held.issued.clone());
        }
        let fresh = self.fetch().await?;
        let issue = kept.0 + 1;
        if let (Some(hook), true) = (notify, issue > 1) {
            hook(&Notice::TokenRefreshed);
        }
        let held = hold(fresh, issue);
        let issued = held.issued.clone();
        *kept = (issue, Some(held));
        Ok(issued)
    }

    /// Forgets a token that was refused, unless it has been renewed meanwhile.
    pub(super) async fn refuse(&self, issue: u64) {
        let mut kept = self.kept.lock().await;
        if kept.0 == issue {
            kept.1 = None;
        }
    }

    async fn fetch(&self) -> Result<AccessToken> {
        let scopes = [self.scope.as_str()];
        let asked = self.credential.get_token(&scopes, None);
        match tokio::time::timeout(PATIENCE, asked).await {
            Ok(Ok(token)) => Ok(token),
            Ok(Err(error)) => Err(decode::sign_in_ended(&error.to_string())),
            Err(_) => Err(decode::sign_in_ended("no token within 45 seconds")),
        }
    }
}

fn hold(fresh: AccessToken, issue: u64) -> CachedToken {
    let now = Timestamp::now().as_second();
    let left = fresh.expires_on.unix_timestamp().saturating_sub(now);
    let left = Duration::from_secs(u64::try_from(left).unwrap_or(0));
    // A token that lives no longer than twice the margin would be renewed at every request.
    let good = left.saturating_sub(MARGIN.min(left / 2));
    CachedToken {
        issued: Issued { token: fresh.token, issue },
        until: Instant::now() + good,
        until_second: now.saturating_add(i64::try_from(good.as_secs()).unwrap_or(0)),
    }
}
