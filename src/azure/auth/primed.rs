//! A credential that hands out a token it already has before it asks for another.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use std::sync::Arc;

/// Gives the first token once, then whatever the credential behind it gives.
pub(super) struct Primed {
    behind: Arc<dyn TokenCredential>,
    first: Mutex<Option<AccessToken>>,
}

impl Primed {
    pub(super) fn new(behind: Arc<dyn TokenCredential>, first: AccessToken) -> Self {
        Self { behind, first: Mutex::new(Some(first)) }
    }
}

impl std::fmt::Debug for Primed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Primed")
    }
}

#[async_trait]
impl TokenCredential for Primed {
    async fn get_token(
        &self,
        scopes: &[&str],
        options: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        let first = self.first.lock().unwrap_or_else(PoisonError::into_inner).take();
        match first {
            Some(token) => Ok(token),
            None => self.behind.get_token(scopes, options).await,
        }
    }
}
