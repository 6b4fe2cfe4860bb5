//! Tokens of the practice directory: shaped like JSON Web Tokens because clients look inside, signed by nobody because
//! there is nothing to protect.
//!
//! They expire in real time, as clients expect. This module must not be used for anything but the practice cloud.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::fault::Fault;
use super::json;
use super::reply::{ArmError, Reply};
use super::state::{Cloud, TENANT};

/// How long a token lives, in real seconds.
pub const LIFETIME: i64 = 3600;
/// Object id of the one person in the practice directory.
pub const OBJECT_ID: &str = "00000000-0000-4000-8000-0000000000b1";
/// The authentication context that stands for a second factor.
const FACTOR: &str = "p1";
/// The name of that person.
pub const USER_NAME: &str = "you@practice.example";

/// A token for the given audience, made at the given real time.
pub fn issue(audience: &str, issuer: &str, now: Timestamp) -> String {
    encode(&claims_of(audience, issuer, now))
}

/// A token that says that a second factor was shown.
pub fn issue_with_factor(audience: &str, issuer: &str, now: Timestamp) -> String {
    let mut claims = claims_of(audience, issuer, now);
    json::merge(&mut claims, json!({ "amr": ["pwd", "mfa"], "acrs": [FACTOR] }));
    encode(&claims)
}

/// Whether a request for a token asks for a second factor.
pub fn asks_for_factor(claims: &str) -> bool {
    let wanted: Value = serde_json::from_str(claims).unwrap_or_default();
    wanted.pointer("/access_token/acrs").is_some()
}

/// A token for an application, as client credentials give it.
pub fn issue_to_application(audience: &str, issuer: &str, client: &str, now: Timestamp) -> String {
    let mut claims = claims_of(audience, issuer, now);
    json::merge(&mut claims, json!({ "appid": client, "idtyp": "app" }));
    encode(&claims)
}

/// Who a token was issued to: a person's name, or an application's id.
pub fn caller(token: &str) -> String {
    let claims = claims(token).unwrap_or_default();
    let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
    let name = if text("idtyp").as_deref() == Some("app") { text("appid") } else { text("upn") };
    name.unwrap_or_default()
}

/// While the fault `second-factor` is on, a change needs a token that a second factor was shown for; reading does not.
/// The challenge is Azure's
/// (<https://learn.microsoft.com/entra/identity/authentication/concept-mandatory-multifactor-authentication>).
///
/// # Errors
/// 401 with the claims that the token must have.
pub fn check_factor(
    cloud: &Cloud,
    bearer: Option<&str>,
    method: &str,
    base: &str,
) -> Result<(), Reply> {
    let changes = matches!(method, "PUT" | "PATCH" | "DELETE");
    if !changes || cloud.fault("second-factor").is_none() {
        return Ok(());
    }
    let shown = bearer.and_then(claims).unwrap_or_default();
    if shown.pointer("/acrs/0").and_then(Value::as_str) == Some(FACTOR) {
        return Ok(());
    }
    let wanted = json!({"access_token": {"acrs": {"essential": true, "values": [FACTOR]}}});
    let claims = STANDARD.encode(wanted.to_string());
    let challenge = format!(
        "Bearer realm=\"\", authorization_uri=\"{base}/{TENANT}\", error=\"insufficient_claims\", claims=\"{claims}\""
    );
    let words = "Authentication failed: the access token does not satisfy the claims that this operation requires.";
    Err(Reply::from(ArmError::new(401, "AuthenticationFailed", words))
        .header("www-authenticate", challenge))
}

fn claims_of(audience: &str, issuer: &str, now: Timestamp) -> Value {
    let issued_at = now.as_second();
    json!({
        "aud": audience, "iss": issuer, "tid": TENANT, "oid": OBJECT_ID, "sub": OBJECT_ID,
        "upn": USER_NAME, "unique_name": USER_NAME, "preferred_username": USER_NAME, "name": "Practice user",
        "iat": issued_at, "nbf": issued_at, "exp": issued_at + LIFETIME,
        "issued_ms": now.as_millisecond(), "ver": "1.0",
    })
}

fn encode(claims: &Value) -> String {
    format!(
        "{}.{}.",
        URL_SAFE_NO_PAD.encode(json!({"typ": "JWT", "alg": "none"}).to_string()),
        URL_SAFE_NO_PAD.encode(claims.to_string())
    )
}

/// The claims of a token; `None` when it is none of ours.
fn claims(token: &str) -> Option<Value> {
    let payload = token.split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}

/// Checks the bearer token of a request to the resource manager.
///
/// # Errors
/// 401 with a challenge, as Azure gives it.
pub fn check(cloud: &mut Cloud, bearer: Option<&str>, base: &str) -> Result<(), Reply> {
    let refuse = |code: &str, message: &str| {
        let challenge = format!(
            "Bearer authorization_uri=\"{base}/{TENANT}\", error=\"invalid_token\", error_description=\"{message}\""
        );
        Reply::from(ArmError::new(401, code, message)).header("www-authenticate", challenge)
    };
    let Some(bearer) = bearer else {
        return Err(refuse(
            "AuthenticationFailed",
            "Authentication failed. The 'Authorization' header is missing.",
        ));
    };
    let Some(claims) = claims(bearer) else {
        return Err(refuse("InvalidAuthenticationToken", "The access token is invalid."));
    };
    let number = |name: &str| claims.get(name).and_then(Value::as_i64).unwrap_or(0);
    let now = cloud.real_now();
    if let Some(Fault::TokenExpiry(age)) = cloud.fault("token-expiry")
        && now.as_millisecond() - number("issued_ms") >= i64::from(age) * 1000
    {
        cloud.strike("token-expiry");
        cloud.root.refuse_tokens_before = Some(now);
    }
    let refused_before =
        cloud.root.refuse_tokens_before.map_or(i64::MIN, Timestamp::as_millisecond);
    if number("exp") <= now.as_second() || number("issued_ms") < refused_before {
        return Err(refuse(
            "ExpiredAuthenticationToken",
            "The access token expiry UTC time is earlier than the current UTC time. Sign in again.",
        ));
    }
    Ok(())
}
