//! Requests to the directory's token endpoint, for the two credentials of our own.
//!
//! Forms hold secrets: they are sent and dropped, never logged, and an answer is never shown, only its error words.

use std::time::Duration;

use azure_core::{
    credentials::AccessToken,
    time::{Duration as Span, OffsetDateTime},
};
use serde_json::Value;
use url::Url;

use crate::azure::http::{Connection, HttpAnswer, Policy, read, retry};
use crate::domain::problem::{Problem, Result};

/// What the directory answers when it gives no token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Declined {
    /// The OAuth error, such as `authorization_pending`.
    pub(super) error: String,
    /// Its words, with the directory's own code (`AADSTS…`).
    pub(super) description: String,
}

/// A token, and the one by which it can be renewed.
pub(super) struct Given {
    pub(super) access: AccessToken,
    pub(super) refresh: Option<String>,
}

/// Sends a form, again after broken connections and failures inside the directory.
pub(super) async fn post(
    connection: &Connection,
    address: &Url,
    form: &[(&str, &str)],
) -> Result<HttpAnswer> {
    let client = connection.client().await?;
    let policy = Policy { total: Duration::from_mins(1), ..Policy::default() };
    let sent = retry::repeat(policy, true, None, || {
        read(client.post(address.clone()).form(form), address.path())
    });
    let host = address.host_str().unwrap_or_default();
    sent.await.map_err(|broken| broken.into_problem(host))
}

/// Sends a token request and reads its answer.
pub(super) async fn token(
    connection: &Connection,
    address: &Url,
    form: &[(&str, &str)],
) -> Result<Result<Given, Declined>> {
    let answer = post(connection, address, form).await?;
    Ok(given(&answer.body).ok_or_else(|| declined(&answer)))
}

fn given(body: &Value) -> Option<Given> {
    let text = |key: &str| Some(body.get(key)?.as_str()?.to_owned());
    let lives = body.get("expires_in")?;
    // Some token endpoints write the number as text.
    let lives = lives.as_i64().or_else(|| lives.as_str()?.parse().ok())?;
    let lives = i32::try_from(lives.max(0)).unwrap_or(i32::MAX);
    let end = OffsetDateTime::now_utc() + Span::seconds(i64::from(lives));
    Some(Given {
        access: AccessToken::new(text("access_token")?, end),
        refresh: text("refresh_token"),
    })
}

/// The error words of an answer that is no token.
pub(super) fn declined(answer: &HttpAnswer) -> Declined {
    let text =
        |key: &str| answer.body.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let error = text("error");
    Declined {
        error: if error.is_empty() { format!("http_{}", answer.status) } else { error },
        description: text("error_description"),
    }
}

/// The address of a directory endpoint: `{authority}/{tenant}/oauth2/v2.0/{what}`.
pub(super) fn address(authority: &Url, tenant: &str, what: &str) -> Result<Url> {
    let refused = || {
        Problem::new(
            "InvalidTenant",
            "This is not an organisation's (tenant's) id or domain.",
            "Give --tenant as an id or as a domain, such as contoso.com.",
        )
        .at(tenant)
    };
    let well_formed = tenant.starts_with(|first: char| first.is_ascii_alphanumeric())
        && tenant.chars().all(|each| each.is_ascii_alphanumeric() || matches!(each, '.' | '-'));
    if !well_formed {
        return Err(refused());
    }
    authority.join(&format!("/{tenant}/oauth2/v2.0/{what}")).map_err(|_| refused())
}
