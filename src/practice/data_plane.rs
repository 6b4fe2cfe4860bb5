//! The data planes' endpoints: what a storage account, a vault, a registry or a workspace says to a stranger.
//!
//! A client reaches them under their public host names, resolved to loopback. There is nothing behind them:
//! whoever is not refused for where they come from is refused for not having signed in.

use serde_json::{Value, json};

use super::reply::Reply;
use super::request::Request;
use super::state::{Cloud, StoredResource};

/// True for a request that was made under a host name of a service.
pub fn is_for_service(request: &Request) -> bool {
    host(request).is_some()
}

/// The host asked for, unless it is this machine.
fn host(request: &Request) -> Option<&str> {
    let host = request.header("host")?;
    let host = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let here = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok();
    (!here && host.contains('.')).then_some(host)
}

/// Answers a stranger at a service's public endpoint.
pub fn answer(cloud: &Cloud, request: &Request) -> Reply {
    let Some(host) = host(request) else { return Reply::empty(404) };
    let found = cloud.all_resources().find_map(|stored| {
        let endpoint = ServiceEndpoint::of(stored, host)?;
        Some((endpoint, is_closed(stored)))
    });
    match found {
        Some((endpoint, true)) => endpoint.refusal(),
        Some((endpoint, false)) => endpoint.challenge(),
        None => Reply::empty(404),
    }
}

/// Answers a stranger who came by a private endpoint: nobody is refused for where they come from.
pub fn answer_privately(cloud: &Cloud, request: &Request) -> Reply {
    let found = host(request).and_then(|host| {
        cloud.all_resources().find_map(|stored| ServiceEndpoint::of(stored, host))
    });
    found.map_or_else(|| Reply::empty(404), |endpoint| endpoint.challenge())
}

/// The kinds of services, each with its own words.
enum ServiceEndpoint {
    Storage,
    Vault,
    Registry,
    Workspace,
}

impl ServiceEndpoint {
    fn of(stored: &StoredResource, host: &str) -> Option<Self> {
        let is = |text: &str| {
            let name = text.trim_start_matches("https://").trim_end_matches('/');
            name.eq_ignore_ascii_case(host)
        };
        if stored.is("Microsoft.Storage/storageAccounts") {
            let endpoints = stored.get("/properties/primaryEndpoints")?.as_object()?;
            let own = endpoints.values().filter_map(Value::as_str).any(is);
            return own.then_some(Self::Storage);
        }
        if stored.is("Microsoft.KeyVault/vaults") {
            return is(stored.text("/properties/vaultUri")).then_some(Self::Vault);
        }
        if stored.is("Microsoft.ContainerRegistry/registries") {
            return is(stored.text("/properties/loginServer")).then_some(Self::Registry);
        }
        if stored.is("Microsoft.MachineLearningServices/workspaces") {
            let id = stored.text("/properties/workspaceId");
            let own = !id.is_empty() && host.starts_with(&format!("{id}.workspace."));
            return own.then_some(Self::Workspace);
        }
        None
    }

    /// What an endpoint says whose network is closed.
    fn refusal(&self) -> Reply {
        let body = match self {
            Self::Storage => json!({"error": {
                "code": "AuthorizationFailure",
                "message": "This request is not authorized to perform this operation.",
            }}),
            Self::Vault => json!({"error": {
                "code": "Forbidden",
                "message": "Public network access is disabled and request is not from a trusted service nor \
                 via an approved private link.",
                "innererror": {"code": "ForbiddenByConnection"},
            }}),
            Self::Registry => json!({"errors": [{
                "code": "DENIED",
                "message": "client is not allowed access. Refer https://aka.ms/acr/firewall to grant access.",
            }]}),
            Self::Workspace => json!({"error": {
                "code": "UserError",
                "message": "Request is denied based on workspace private link configuration.",
                "innererror": {"code": "ForbiddenError"},
            }}),
        };
        Reply::of(403, body)
    }

    /// What an open endpoint says to somebody without a token.
    fn challenge(&self) -> Reply {
        match self {
            // An account that nobody may read anonymously answers so.
            Self::Storage => Reply::of(
                409,
                json!({"error": {
                    "code": "PublicAccessNotPermitted",
                    "message": "Public access is not permitted on this storage account.",
                }}),
            ),
            Self::Vault | Self::Registry | Self::Workspace => Reply::of(
                401,
                json!({"error": {"code": "Unauthorized", "message": "A token is needed."}}),
            )
            .header("www-authenticate", "Bearer"),
        }
    }
}

fn is_closed(stored: &StoredResource) -> bool {
    stored.says("/properties/publicNetworkAccess", "Disabled")
        || stored.says("/properties/networkAcls/defaultAction", "Deny")
        || stored.says("/properties/networkRuleSet/defaultAction", "Deny")
}
