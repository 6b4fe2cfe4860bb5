//! The credential of an endpoint on this machine, which issues its own tokens.
//!
//! No secret of the person is sent: the endpoint is asked with a made-up client, and its token is opaque to us.

use async_trait::async_trait;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};

use super::directory;
use crate::azure::cloud::Endpoints;
use crate::azure::http::Connection;

/// The tenant asked for when none is named.
const TENANT: &str = "common";

/// Gets tokens from the endpoint itself.
#[derive(Debug)]
pub struct LoopbackCredential {
    connection: Connection,
    endpoints: Endpoints,
    tenant: String,
}

impl LoopbackCredential {
    /// A credential for an endpoint on this machine.
    pub fn new(connection: Connection, endpoints: Endpoints, tenant: Option<&str>) -> Self {
        Self { connection, endpoints, tenant: tenant.unwrap_or(TENANT).to_owned() }
    }
}

#[async_trait]
impl TokenCredential for LoopbackCredential {
    async fn get_token(
        &self,
        scopes: &[&str],
        _: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        let failed = |words: String| {
            azure_core::Error::with_message(azure_core::error::ErrorKind::Credential, words)
        };
        let address = directory::address(&self.endpoints.authority, &self.tenant, "token")
            .map_err(|problem| failed(problem.to_string()))?;
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", "privateaml"),
            ("client_secret", "not a secret"),
            ("scope", &scopes.join(" ")),
        ];
        let answer =
            directory::token(&self.connection, &address, &form).await.map_err(|problem| {
                let original = problem.original.unwrap_or_default();
                failed(format!("{} {original}", problem.what))
            })?;
        match answer {
            Ok(given) => Ok(given.access),
            Err(declined) => Err(failed(format!("{}: {}", declined.error, declined.description))),
        }
    }
}
