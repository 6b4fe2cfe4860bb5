//! The directory side: what a client asks before it talks to the resource manager, so that the unmodified Azure CLI and
//! the official SDKs can sign in.
//!
//! Every client and every secret is accepted, and none is kept. Facts about what clients need are from running them:
//! an answer to client credentials must not hold an id token, and `/metadata/endpoints` must be one object.

#[cfg(test)]
mod tests;

use jiff::SignedDuration;
use rand::RngExt as _;
use serde_json::{Value, json};

use super::clock::later;
use super::reply::Reply;
use super::request::Request;
use super::state::{Cloud, DeviceCode, TENANT};
use super::{json, token};

/// Nobody has to visit the page of a device code: after this simulated time it counts as approved.
const APPROVED_AFTER: SignedDuration = SignedDuration::from_secs(60);

/// Answers a request to the directory; `None` when it is not one.
pub fn handle(cloud: &mut Cloud, request: &Request) -> Option<Reply> {
    let lowered: Vec<String> =
        request.segments.iter().map(|segment| segment.to_ascii_lowercase()).collect();
    let path: Vec<&str> = lowered.iter().map(String::as_str).collect();
    match path.as_slice() {
        ["metadata", "endpoints"] => Some(Reply::ok(endpoints(&request.base))),
        ["practice", "devicelogin"] => Some(approve(cloud, request)),
        [_, "discovery", "instance"] => Some(Reply::ok(json!({
            "tenant_discovery_endpoint": format!("{}/{TENANT}/v2.0/.well-known/openid-configuration", request.base),
            "api-version": "1.1",
            "metadata": [],
        }))),
        [tenant, ".well-known", "openid-configuration"]
        | [tenant, "v2.0", ".well-known", "openid-configuration"] => {
            Some(Reply::ok(configuration(&request.base, tenant)))
        }
        [tenant, "oauth2", "token"] | [tenant, "oauth2", "v2.0", "token"] => {
            Some(token_answer(cloud, request, tenant))
        }
        [_, "oauth2", "devicecode"] | [_, "oauth2", "v2.0", "devicecode"] => {
            Some(device_code(cloud, request))
        }
        [_, "discovery", "v2.0", "keys"] => Some(Reply::ok(json!({ "keys": [] }))),
        _ => None,
    }
}

fn concrete(tenant: &str) -> &str {
    match tenant {
        "common" | "organizations" | "consumers" => TENANT,
        other => other,
    }
}

fn issuer(base: &str, tenant: &str) -> String {
    format!("{base}/{}/v2.0", concrete(tenant))
}

fn configuration(base: &str, tenant: &str) -> Value {
    let root = format!("{base}/{tenant}/oauth2/v2.0");
    json!({
        "issuer": issuer(base, tenant),
        "authorization_endpoint": format!("{root}/authorize"),
        "token_endpoint": format!("{root}/token"),
        "device_authorization_endpoint": format!("{root}/devicecode"),
        "jwks_uri": format!("{base}/{tenant}/discovery/v2.0/keys"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["none"],
        "scopes_supported": ["openid", "profile", "offline_access"],
        "tenant_region_scope": null,
        "cloud_instance_name": "practice",
    })
}

fn endpoints(base: &str) -> Value {
    json!({
        "name": "Practice",
        "portal": base,
        "resourceManager": base,
        "graph": base,
        "microsoftGraphResourceId": base,
        "activeDirectoryGraphResourceId": base,
        "media": base,
        "batch": base,
        "gallery": base,
        "sqlManagement": base,
        "vmImageAliasDoc": format!("{base}/practice/aliases.json"),
        "authentication": {
            "loginEndpoint": base,
            "audiences": ["https://management.core.windows.net/", "https://management.azure.com/"],
            "tenant": "common",
            "identityProvider": "AAD",
        },
        "suffixes": {
            "storage": "core.windows.net",
            "keyVaultDns": "vault.azure.net",
            "acrLoginServer": "azurecr.io",
            "sqlServerHostname": "database.windows.net",
        },
    })
}

fn oauth_error(error: &str, description: &str) -> Reply {
    Reply::of(400, json!({ "error": error, "error_description": description, "error_codes": [] }))
}

fn token_answer(cloud: &mut Cloud, request: &Request, tenant: &str) -> Reply {
    let field = |name: &str| request.body.get(name).and_then(Value::as_str).unwrap_or("");
    let now = cloud.real_now();
    let audience = match field("resource") {
        "" => field("scope")
            .split_whitespace()
            .find_map(|scope| scope.strip_suffix("/.default"))
            .unwrap_or("https://management.azure.com/"),
        resource => resource,
    };
    let issuer = issuer(&request.base, tenant);
    // A person shows a second factor when asked to; an application has none to show.
    let issue = if token::asks_for_factor(field("claims")) {
        token::issue_with_factor
    } else {
        token::issue
    };
    let mut answer = json!({
        "token_type": "Bearer",
        "expires_in": token::LIFETIME,
        "ext_expires_in": token::LIFETIME,
        "access_token": issue(audience, &issuer, now),
    });
    let grant = field("grant_type");
    match grant {
        "client_credentials" => {
            // Applications have ids; this program itself signs in by its name, as the one person there is.
            let client = field("client_id");
            let token = match uuid::Uuid::parse_str(client) {
                Ok(_) => token::issue_to_application(audience, &issuer, client, now),
                Err(_) => token::issue(audience, &issuer, now),
            };
            json::merge(&mut answer, json!({ "access_token": token }));
            return Reply::ok(answer);
        }
        "urn:ietf:params:oauth:grant-type:device_code" | "device_code" => {
            let code = match field("device_code") {
                "" => field("code"),
                code => code,
            };
            match cloud.root.device_codes.get(code) {
                None => return oauth_error("expired_token", "The device code is unknown or used."),
                Some(waiting) if waiting.approved_at > cloud.now() => {
                    return oauth_error(
                        "authorization_pending",
                        "Nobody has confirmed the sign-in yet.",
                    );
                }
                Some(_) => {
                    cloud.root.device_codes.remove(code);
                }
            }
        }
        "refresh_token" | "authorization_code" | "password" => {}
        _ => return oauth_error("unsupported_grant_type", "This grant type is not known."),
    }
    let client = field("client_id");
    for (name, value) in [
        ("id_token", token::issue(client, &issuer, now)),
        ("refresh_token", "practice".to_owned()),
        ("scope", field("scope").to_owned()),
        ("client_info", client_info()),
    ] {
        json::merge(&mut answer, json!({ name: value }));
    }
    Reply::ok(answer)
}

fn client_info() -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    URL_SAFE_NO_PAD.encode(json!({ "uid": token::OBJECT_ID, "utid": TENANT }).to_string())
}

fn device_code(cloud: &mut Cloud, request: &Request) -> Reply {
    let letters = b"BCDFGHJKLMNPQRSTVWXZ";
    let mut random = rand::rng();
    let user_code: String = (0..9)
        .map(|_| {
            let index = random.random_range(0..letters.len());
            letters.get(index).copied().map_or('B', char::from)
        })
        .collect();
    let device_code = cloud.new_guid();
    let approved_at = later(cloud.now(), APPROVED_AFTER);
    cloud
        .root
        .device_codes
        .insert(device_code.clone(), DeviceCode { user_code: user_code.clone(), approved_at });
    let page = format!("{}/practice/devicelogin", request.base);
    Reply::ok(json!({
        "device_code": device_code,
        "user_code": user_code,
        "verification_uri": page,
        "expires_in": 900,
        "interval": 1,
        "message": format!("PRACTICE: open {page}?code={user_code} to sign in to the practice cloud, or \
         just wait a moment."),
    }))
}

fn approve(cloud: &mut Cloud, request: &Request) -> Reply {
    let typed = request.query("code").unwrap_or("");
    let now = cloud.now();
    let found = cloud
        .root
        .device_codes
        .values_mut()
        .find(|waiting| waiting.user_code.eq_ignore_ascii_case(typed));
    match found {
        Some(waiting) => {
            waiting.approved_at = now;
            Reply::ok(json!({ "practice": "You are signed in. Go back to the terminal." }))
        }
        None => Reply::of(
            404,
            json!({ "practice": "No sign-in waits for this code. Add ?code= and the code to the address." }),
        ),
    }
}
