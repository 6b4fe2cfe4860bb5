//! The places a credential can come from, each with the reason when it is of no use.
//!
//! Every credential sends through our own connection and without repetitions: on its own, `azure_core` repeats a
//! refused connection in silence for 82 seconds and panics on a machine without a certificate file.

use std::{sync::Arc, time::Duration};

use azure_core::{
    cloud::CloudConfiguration,
    credentials::{Secret, TokenCredential},
    http::{ClientOptions, HttpClient, RetryOptions, Transport},
};
use azure_identity::{
    AzureCliCredential, AzureCliCredentialOptions, AzureDeveloperCliCredential,
    AzureDeveloperCliCredentialOptions, ClientAssertionCredentialOptions, ClientSecretCredential,
    ClientSecretCredentialOptions, ManagedIdentityCredential, ManagedIdentityCredentialOptions,
    UserAssignedId, WorkloadIdentityCredential, WorkloadIdentityCredentialOptions,
};

use super::SignInOptions;
use crate::azure::cloud::Endpoints;
use crate::azure::http::Connection;
use crate::domain::settings::Cloud;

/// Variables that sources are set up by.
pub(super) const VARIABLES: &[&str] =
    &["AZURE_TENANT_ID", "AZURE_CLIENT_ID", "AZURE_CLIENT_SECRET", "AZURE_FEDERATED_TOKEN_FILE"];

/// The name of the machine's own identity as a source.
pub(super) const MACHINE_IDENTITY: &str = "managed identity";
/// Longest time for the machine's own identity: off Azure its address does not answer at all, and on Azure the first
/// token of a machine that has just started can take some seconds.
const IDENTITY_LIMIT: Duration = Duration::from_secs(5);

type Made = azure_core::Result<Arc<dyn TokenCredential>>;

/// One place to ask.
pub(super) struct CredentialSource {
    /// Its name, as shown to the person.
    pub(super) how: &'static str,
    /// The credential, or why there is none.
    pub(super) credential: Result<Arc<dyn TokenCredential>, String>,
    /// A shorter limit than the usual one.
    pub(super) limit: Option<Duration>,
}

impl CredentialSource {
    fn new(how: &'static str, credential: Made) -> Self {
        Self { how, credential: credential.map_err(|error| error.to_string()), limit: None }
    }
}

/// Why a source gave no token.
pub(super) enum Refusal {
    NotSetUp(String),
    Refused(String),
    Silent(Duration),
}

impl Refusal {
    /// The reason on one line, without the crate's own preamble.
    pub(super) fn words(&self) -> String {
        match self {
            Self::NotSetUp(words) => format!("not set up: {}", one_line(words)),
            Self::Refused(words) if words.contains("not found on PATH") => "not installed".into(),
            Self::Refused(words) => one_line(words),
            Self::Silent(limit) => format!("no answer within {:.1} s", limit.as_secs_f32()),
        }
    }
}

fn one_line(words: &str) -> String {
    let words = words.split_once("authentication failed. ").map_or(words, |(_, rest)| rest);
    let line =
        words.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("no reason given");
    line.chars().take(240).collect()
}

/// All sources that are set up here, in the order in which they are chosen.
pub(super) fn all(
    connection: &Connection,
    endpoints: &Endpoints,
    options: &SignInOptions,
) -> Vec<CredentialSource> {
    let client_options = client_options(Arc::new(connection.clone()), endpoints);
    let variable = |name: &str| options.variables.get(name).cloned();
    let tenant = options.tenant.clone();
    let mut sources = Vec::new();
    if let Some(secret) = variable("AZURE_CLIENT_SECRET") {
        let credential = service_principal(
            tenant.clone().or_else(|| variable("AZURE_TENANT_ID")),
            variable("AZURE_CLIENT_ID"),
            secret,
            client_options.clone(),
        );
        sources.push(CredentialSource::new("environment service principal", credential));
    }
    if let Some(file) = variable("AZURE_FEDERATED_TOKEN_FILE") {
        let credential = WorkloadIdentityCredential::new(Some(WorkloadIdentityCredentialOptions {
            credential_options: ClientAssertionCredentialOptions {
                client_options: client_options.clone(),
            },
            client_id: variable("AZURE_CLIENT_ID"),
            tenant_id: tenant.clone().or_else(|| variable("AZURE_TENANT_ID")),
            token_file_path: Some(file.into()),
        }));
        sources.push(CredentialSource::new("workload identity", credential.map(|c| c as _)));
    }
    sources.extend(developer_tools(options, tenant));
    sources.push(machine_identity(options, endpoints));
    sources
}

fn service_principal(
    tenant: Option<String>,
    client: Option<String>,
    secret: String,
    client_options: ClientOptions,
) -> Made {
    let missing = |name: &str| {
        azure_core::Error::with_message(
            azure_core::error::ErrorKind::Credential,
            format!("AZURE_CLIENT_SECRET is set, but {name} is not"),
        )
    };
    let tenant = tenant.ok_or_else(|| missing("AZURE_TENANT_ID"))?;
    let client = client.ok_or_else(|| missing("AZURE_CLIENT_ID"))?;
    let options = ClientSecretCredentialOptions { client_options };
    let made = ClientSecretCredential::new(&tenant, client, Secret::new(secret), Some(options))?;
    Ok(made)
}

fn developer_tools(options: &SignInOptions, tenant: Option<String>) -> [CredentialSource; 2] {
    let az = AzureCliCredential::new(Some(AzureCliCredentialOptions {
        tenant_id: tenant.clone(),
        executor: options.executor.clone(),
        subscription: None,
    }));
    let azd = AzureDeveloperCliCredential::new(Some(AzureDeveloperCliCredentialOptions {
        tenant_id: tenant,
        executor: options.executor.clone(),
    }));
    [
        CredentialSource::new("Azure CLI", az.map(|c| c as _)),
        CredentialSource::new("Azure Developer CLI", azd.map(|c| c as _)),
    ]
}

/// The machine's own identity. Its address is on the machine's own link, where no proxy may be asked for it.
fn machine_identity(options: &SignInOptions, endpoints: &Endpoints) -> CredentialSource {
    let client_id = options.variables.get("AZURE_CLIENT_ID").cloned();
    let transport = options.machine.clone().unwrap_or_else(|| Arc::new(Connection::direct(None)));
    let credential = ManagedIdentityCredential::new(Some(ManagedIdentityCredentialOptions {
        user_assigned_id: client_id.map(UserAssignedId::ClientId),
        client_options: client_options(transport, endpoints),
    }));
    CredentialSource {
        limit: Some(IDENTITY_LIMIT),
        ..CredentialSource::new(MACHINE_IDENTITY, credential.map(|c| c as _))
    }
}

/// Options that keep `azure_core` from repeating in silence and from building a client of its own.
pub(super) fn client_options(
    transport: Arc<dyn HttpClient>,
    endpoints: &Endpoints,
) -> ClientOptions {
    let cloud = match endpoints.cloud {
        Cloud::Public => CloudConfiguration::AzurePublic,
        Cloud::UsGov => CloudConfiguration::AzureGovernment,
        Cloud::China => CloudConfiguration::AzureChina,
    };
    ClientOptions {
        cloud: Some(Arc::new(cloud)),
        transport: Some(Transport::new(transport)),
        retry: RetryOptions::none(),
        ..Default::default()
    }
}
