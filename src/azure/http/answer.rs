//! One answer of the other side: status, body and the few headers that matter.
//!
//! Reading headers is all that happens here; whether to try again is decided in `retry`, and what a failure means in
//! `decode`.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::HeaderMap;
use serde_json::Value;
use url::Url;

use super::challenge::Challenge;
use super::reading::{self, ExpectedShape};
use crate::azure::{decode, time};
use crate::domain::problem::{Problem, Result};

/// Longest text kept of an answer that is not JSON, in characters: enough for a proxy's error page to be recognised.
const LONGEST_TEXT: usize = 2000;

/// Longest pause that is taken from the other side: what asks for more is out of order, and would hold a person up for
/// ever. Azure's own longest recorded are a few minutes.
const LONGEST_PAUSE: Duration = Duration::from_mins(10);

/// One answer, whatever its status.
#[derive(Debug, Clone, PartialEq)]
pub struct HttpAnswer {
    /// HTTP status.
    pub status: u16,
    /// The body: JSON, `Null` when empty, a string (cut) when it is something else.
    pub body: Value,
    /// Azure's correlation id, for a support request.
    pub correlation_id: Option<String>,
    /// Azure's id of this very request.
    pub request_id: Option<String>,
    /// The pause that the other side asks for.
    pub retry_after: Option<Duration>,
    /// The other side's clock.
    pub date: Option<Timestamp>,
    /// Where the state of a long operation can be asked, with a status in the body.
    pub async_operation: Option<Url>,
    /// Where the result of a long operation will be.
    pub location: Option<Url>,
    /// What a token must hold, where this one holds too little.
    pub challenge: Option<Challenge>,
    /// Whether the other side says that it is a practice cloud.
    pub practice: bool,
    /// Path of the request, for messages.
    pub path: String,
}

impl HttpAnswer {
    /// Puts an answer together from its parts.
    pub fn new(status: u16, headers: &HeaderMap, body: &[u8], path: &str) -> Self {
        let text =
            |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
        let url = |name: &str| text(name).and_then(|value| Url::parse(value).ok());
        let date = text("date").and_then(time::http_date);
        Self {
            status,
            body: body_of(body),
            correlation_id: text("x-ms-correlation-request-id").map(str::to_owned),
            request_id: text("x-ms-request-id").map(str::to_owned),
            retry_after: pause(text, date).map(|wait| wait.min(LONGEST_PAUSE)),
            date,
            async_operation: url("azure-asyncoperation"),
            location: url("location"),
            challenge: text("www-authenticate").filter(|_| status == 401).and_then(Challenge::read),
            practice: text("x-ms-practice").is_some_and(|value| value == "true"),
            path: path.to_owned(),
        }
    }

    /// True for a status from 200 to 299.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The answer when it tells of success.
    ///
    /// # Errors
    /// The decoded failure for any other status.
    pub fn into_result(self) -> Result<Self> {
        if self.is_success() {
            return Ok(self);
        }
        Err(self.problem())
    }

    /// The answer, or `None` when Azure says that what the path names, or what it is part of, is not there.
    ///
    /// # Errors
    /// The decoded failure for any other status that is not success, a 404 about something else among them.
    pub fn found(self) -> Result<Option<Self>> {
        if self.is_absence() {
            return Ok(None);
        }
        self.into_result().map(Some)
    }

    /// Whether this says that what the path names is not there.
    pub fn is_absence(&self) -> bool {
        self.status == 404 && reading::is_absence(&self.path, &self.body)
    }

    /// What is wrong with the form of this answer, in a few words: a success without the shape that was asked for, or a
    /// "not found" that is no error of Azure's. `None` when it can be read.
    pub(super) fn misfit(&self, shape: ExpectedShape) -> Option<String> {
        match self.status {
            // It goes on: what it will be is not there yet.
            202 => ExpectedShape::Any.misfit(&self.body),
            200..=299 => shape.misfit(&self.body),
            404 if !self.body.is_object() => Some("a 404 that names no error".to_owned()),
            _ => None,
        }
    }

    /// The failure that this answer tells of.
    pub fn problem(&self) -> Problem {
        let mut problem = decode::problem(self.status, &self.body, self.correlation_id.as_deref());
        if let Some(challenge) = &self.challenge {
            problem = Problem {
                original: problem.original,
                correlation_id: problem.correlation_id,
                ..challenge.problem()
            };
        }
        problem.wait = problem.wait.or(self.retry_after);
        if problem.place.is_none() {
            problem.place = Some(self.path.clone());
        }
        problem
    }
}

fn body_of(bytes: &[u8]) -> Value {
    // Some of Azure's services put a byte order mark before their JSON.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Value::Null;
    }
    serde_json::from_slice(bytes).unwrap_or_else(|_| {
        let text = String::from_utf8_lossy(bytes);
        Value::String(text.chars().take(LONGEST_TEXT).collect())
    })
}

/// The pause asked for, most exact header first. A date counts from the other side's own clock where it is told.
fn pause<'a>(
    header: impl Fn(&str) -> Option<&'a str>,
    date: Option<Timestamp>,
) -> Option<Duration> {
    for name in ["retry-after-ms", "x-ms-retry-after-ms"] {
        if let Some(milliseconds) = header(name).and_then(|value| value.parse().ok()) {
            return Some(Duration::from_millis(milliseconds));
        }
    }
    let value = header("retry-after")?;
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = time::http_date(value)?;
    let wait = until.duration_since(date.unwrap_or_else(Timestamp::now));
    Some(Duration::try_from(wait).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> HttpAnswer {
        let headers = headers
            .iter()
            .map(|(name, value)| {
                (name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value).unwrap())
            })
            .collect();
        HttpAnswer::new(status, &headers, body.as_bytes(), "/x")
    }

    #[test]
    fn the_pause_is_read_from_the_most_exact_header() {
        let milliseconds = Duration::from_millis;
        for (headers, wait) in [
            (vec![("retry-after", "17")], milliseconds(17_000)),
            (vec![("retry-after", "17"), ("x-ms-retry-after-ms", "283")], milliseconds(283)),
            (vec![("retry-after-ms", "5"), ("x-ms-retry-after-ms", "283")], milliseconds(5)),
            (
                vec![
                    ("date", "Sun, 06 Nov 1994 08:49:37 GMT"),
                    ("retry-after", "Sun, 06 Nov 1994 08:50:07 GMT"),
                ],
                milliseconds(30_000),
            ),
            (
                vec![
                    ("date", "Sun, 06 Nov 1994 08:49:37 GMT"),
                    ("retry-after", "Sun, 06 Nov 1994 08:49:00 GMT"),
                ],
                milliseconds(0),
            ),
        ] {
            assert_eq!(answer(429, &headers, "").retry_after, Some(wait));
        }
        for (text, wait) in [
            ("soon", None),
            ("-1", None),
            ("999999999999", Some(LONGEST_PAUSE)),
            ("Tue, 01 Jan 2999 00:00:00 GMT", Some(LONGEST_PAUSE)),
        ] {
            let told = answer(429, &[("retry-after", text)], "").retry_after;
            assert_eq!(told, wait, "{text}");
        }
    }

    #[test]
    fn bodies_that_are_no_json_are_kept_as_text() {
        assert_eq!(answer(200, &[], " \r\n").body, Value::Null);
        assert_eq!(answer(200, &[], "\u{feff}{\"a\":1}").body["a"], 1);
        let page = format!("<html>{}", "x".repeat(5000));
        let kept = answer(502, &[], &page);
        assert_eq!(kept.body.as_str().unwrap().len(), LONGEST_TEXT);
    }

    #[test]
    fn a_missing_thing_is_no_failure_where_it_may_be_missing() {
        let body = r#"{"error":{"code":"ResourceNotFound"}}"#;
        let path =
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v";
        let missing = HttpAnswer::new(404, &HeaderMap::new(), body.as_bytes(), path);
        assert_eq!(missing.clone().found().unwrap(), None);
        assert_eq!(missing.into_result().unwrap_err().code, "ResourceNotFound");
    }

    #[test]
    fn very_long_addresses_of_operations_are_kept() {
        let long = format!("https://management.azure.com/x?t={}", "a".repeat(6000));
        let kept = answer(201, &[("Azure-AsyncOperation", &long)], "");
        assert_eq!(kept.async_operation.unwrap().as_str(), long);
    }
}
