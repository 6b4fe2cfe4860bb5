//! The one HTTP client of the program: TLS, roots of trust, proxy and timeouts.
//!
//! It is built at the first request and on a worker thread, because loading the system's roots takes longer than a
//! first frame may. It is also what `azure_identity` sends its requests with, since that crate's own client panics on
//! a machine without a certificate file. It knows nothing of tokens or repetitions.

use std::{path::PathBuf, sync::Arc, time::Duration};

use async_trait::async_trait;
use azure_core::http::{AsyncRawResponse, HttpClient};
use reqwest::{Certificate, Client, ClientBuilder};
use tokio::sync::OnceCell;

use crate::azure::cloud::Endpoints;
use crate::domain::problem::{Problem, Result};

/// Longest time to open a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Longest time for one exchange. Azure ends a synchronous call after about a minute.
const EXCHANGE_TIMEOUT: Duration = Duration::from_secs(90);
/// How the program names itself to servers.
pub const USER_AGENT: &str = concat!("privateaml/", env!("CARGO_PKG_VERSION"));

/// Installs the cryptography that TLS uses. Call it first in `main`; calling it again does no harm.
pub fn install_provider() {
    // An error says that a provider is installed already, which is what is wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// A connection to the outside, shared by all who hold a clone of it.
#[derive(Debug, Clone, Default)]
pub struct Connection(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    ca_file: Option<PathBuf>,
    direct: bool,
    client: OnceCell<Client>,
}

impl Connection {
    /// A connection with the system's roots and proxy, and further roots from a PEM file.
    pub fn new(ca_file: Option<PathBuf>) -> Self {
        Self(Arc::new(Inner { ca_file, direct: false, client: OnceCell::new() }))
    }

    /// Without the system's proxy and roots, for addresses of this machine, which no proxy can or may reach.
    pub fn direct(ca_file: Option<PathBuf>) -> Self {
        Self(Arc::new(Inner { ca_file, direct: true, client: OnceCell::new() }))
    }

    /// The connection that suits an endpoint: without proxy on this machine, with the system's elsewhere.
    pub fn to(endpoints: &Endpoints, ca_file: Option<PathBuf>) -> Self {
        if endpoints.is_loopback() { Self::direct(ca_file) } else { Self::new(ca_file) }
    }

    /// The HTTP client, built at the first call.
    ///
    /// # Errors
    /// When the extra certificate file cannot be read, or TLS cannot be set up.
    pub async fn client(&self) -> Result<&Client> {
        self.0
            .client
            .get_or_try_init(|| async {
                let inner = Arc::clone(&self.0);
                tokio::task::spawn_blocking(move || inner.build())
                    .await
                    .map_err(|error| not_set_up(&error.to_string()))?
            })
            .await
    }
}

impl Inner {
    fn build(&self) -> Result<Client> {
        install_provider();
        let extra = self.extra_roots()?;
        if self.direct {
            let local = Self::builder().no_proxy().tls_certs_only(extra).build();
            return local.map_err(|error| not_set_up(&error.to_string()));
        }
        Self::builder()
            .tls_certs_merge(extra.iter().cloned())
            .build()
            .or_else(|_| {
                // A machine without a certificate file, such as a bare container: trust Mozilla's list instead.
                let roots = bundled_roots()?.into_iter().chain(extra);
                Self::builder().tls_certs_only(roots).build()
            })
            .map_err(|error| not_set_up(&error.to_string()))
    }

    fn builder() -> ClientBuilder {
        Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(EXCHANGE_TIMEOUT)
            // Azure's manager does not redirect; following one could carry a token elsewhere.
            .redirect(reqwest::redirect::Policy::none())
    }

    fn extra_roots(&self) -> Result<Vec<Certificate>> {
        let Some(file) = &self.ca_file else { return Ok(Vec::new()) };
        let unreadable = |words: String| {
            Problem::new(
                "CertificateFileUnreadable",
                "The file with further certificates cannot be used.",
                "Give a file with one or more certificates in PEM form (-----BEGIN CERTIFICATE-----).",
            )
            .at(file.display().to_string())
            .saying(words)
        };
        let bytes = std::fs::read(file).map_err(|error| unreadable(error.to_string()))?;
        let roots =
            Certificate::from_pem_bundle(&bytes).map_err(|error| unreadable(error.to_string()))?;
        if roots.is_empty() {
            return Err(unreadable("no certificate in it".into()));
        }
        Ok(roots)
    }
}

fn bundled_roots() -> reqwest::Result<Vec<Certificate>> {
    webpki_root_certs::TLS_SERVER_ROOT_CERTS
        .iter()
        .map(|root| Certificate::from_der(root))
        .collect()
}

fn not_set_up(words: &str) -> Problem {
    Problem::new(
        "TlsUnavailable",
        "Encrypted connections cannot be set up on this machine.",
        "Check that the system's certificates are installed (package ca-certificates on Linux).",
    )
    .saying(words)
}

#[async_trait]
impl HttpClient for Connection {
    async fn execute_request(
        &self,
        request: &azure_core::http::Request,
    ) -> azure_core::Result<AsyncRawResponse> {
        let client = self.client().await.map_err(|problem| {
            azure_core::Error::with_message(azure_core::error::ErrorKind::Io, problem.to_string())
        })?;
        HttpClient::execute_request(client, request).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::http::support::without_system_roots;

    #[test]
    fn the_provider_may_be_installed_twice() {
        install_provider();
        install_provider();
    }

    #[test]
    fn a_machine_without_certificates_is_served() {
        without_system_roots("azure::http::connection::tests::without_roots");
    }

    #[tokio::test]
    #[ignore = "run by a_machine_without_certificates_is_served, with that machine's environment"]
    async fn without_roots() {
        install_provider();
        let plain = Client::builder().build().unwrap_err();
        assert!(format!("{plain:?}").contains("No CA certificates"));
        assert!(Connection::new(None).client().await.is_ok());
    }

    #[tokio::test]
    async fn a_certificate_file_without_certificates_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let empty = directory.path().join("empty.pem");
        std::fs::write(&empty, "nothing").unwrap();
        for file in [empty, directory.path().join("missing.pem")] {
            let connection = Connection::direct(Some(file));
            let problem = connection.client().await.unwrap_err();
            assert_eq!(problem.code, "CertificateFileUnreadable");
        }
    }
}
