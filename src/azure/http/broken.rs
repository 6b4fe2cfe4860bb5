//! An exchange that ended without an answer, and what that means for the person waiting.
//!
//! The kinds differ in whether the request can have reached the other side: only then is repeating it a question.

use std::error::Error as _;

use crate::domain::problem::{Problem, Retry, UNEXPECTED};

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// No connection came about: the request certainly did not arrive.
    NeverSent(String),
    /// The connection broke after it stood: the request may have arrived.
    Interrupted(String),
    /// No answer in time: the request may have arrived.
    TimedOut,
    /// The other side's certificate is not trusted.
    Untrusted(String),
    /// The request could not be formed.
    Unusable(String),
    /// What came is not what Azure answers to this: a page of something in between, nothing, or another shape. The
    /// request may have arrived.
    Unexpected(String),
}

impl Broken {
    /// Sorts an error of the HTTP library. Addresses are left out: their query can hold a signed ticket.
    pub fn from_error(error: reqwest::Error) -> Self {
        let error = error.without_url();
        let mut words = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            words = format!("{words}: {inner}");
            cause = inner.source();
        }
        if words.contains("invalid peer certificate") || words.contains("UnknownIssuer") {
            Self::Untrusted(words)
        } else if error.is_connect() {
            Self::NeverSent(words)
        } else if error.is_timeout() {
            Self::TimedOut
        } else if error.is_builder() {
            Self::Unusable(words)
        } else {
            Self::Interrupted(words)
        }
    }

    /// The reason in a few words, as the beginning of a sentence.
    pub fn why(&self) -> &'static str {
        match self {
            Self::NeverSent(_) => "No connection",
            Self::Interrupted(_) => "The connection broke",
            Self::TimedOut => "No answer in time",
            Self::Untrusted(_) => "The certificate is not trusted",
            Self::Unusable(_) => "The request could not be formed",
            Self::Unexpected(_) => "The answer is not one of Azure's",
        }
    }

    /// The failure as a person meets it.
    pub fn into_problem(self, host: &str) -> Problem {
        let why = self.why();
        let (code, what, advice, retry, words) = match self {
            Self::NeverSent(words) => (
                "NoConnection",
                format!("{host} cannot be reached from here."),
                "Check the network, the VPN and the proxy settings (HTTPS_PROXY), then run the command again.",
                Retry::Transient,
                Some(words),
            ),
            Self::Interrupted(words) => (
                "ConnectionBroken",
                format!("The connection to {host} broke before an answer came."),
                "Run the command again. What Azure has started goes on; nothing is lost.",
                Retry::Transient,
                Some(words),
            ),
            Self::TimedOut => (
                "NoAnswer",
                format!("{host} did not answer in time."),
                "Run the command again in a minute. What Azure has started goes on; nothing is lost.",
                Retry::Transient,
                None,
            ),
            Self::Untrusted(words) => (
                "CertificateNotTrusted",
                format!("The certificate that {host} shows is not trusted on this machine."),
                "If your organisation inspects encrypted traffic, ask for its root certificate to be \
                 installed on this machine. On any other network, do not go on: somebody may be reading along.",
                Retry::AfterChange,
                Some(words),
            ),
            Self::Unusable(words) => (
                "RequestNotFormed",
                format!("A request to {host} could not be formed."),
                "Check the addresses and names given on the command line.",
                Retry::No,
                Some(words),
            ),
            Self::Unexpected(words) => (
                UNEXPECTED,
                format!(
                    "What {host} answered is not what Azure answers to this, so nothing can be said from it."
                ),
                "Run the command again in a minute. If it stays, something between this machine and Azure \
                 changes the answers: check the proxy (HTTPS_PROXY) and the VPN.",
                Retry::Transient,
                Some(words),
            ),
        };
        Problem::new(code, what, advice)
            .retry(retry)
            .saying(words.unwrap_or_else(|| why.to_owned()))
    }
}
