//! One request as the handlers see it: already read, with its path in segments and without its bearer token.
//!
//! Handlers are plain functions of the state and such a request; no handler may reach for the network.

use std::collections::BTreeMap;

use hyper::Method;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::site::SiteDns;

/// A request to the practice cloud.
#[derive(Clone)]
pub struct Request {
    /// HTTP method.
    pub method: Method,
    /// The path, percent-decoded, without a trailing slash.
    pub path: String,
    /// The path's segments, percent-decoded.
    pub segments: Vec<String>,
    /// The query's pairs, decoded, names in lower case.
    pub query: BTreeMap<String, String>,
    /// The same with the names as they were sent, for a recording.
    pub query_as_sent: BTreeMap<String, String>,
    /// Headers with names in lower case, without `authorization`.
    pub headers: BTreeMap<String, String>,
    /// The body; `Null` when there is none. It may hold secrets: never log or keep it as it is.
    pub body: Value,
    /// Where the client reached us, such as `https://127.0.0.1:4711`, for the links in answers.
    pub base: String,
    /// Where the site's DNS is asked, while a server runs.
    pub site_dns: Option<SiteDns>,
}

impl Request {
    /// A request for the given method and path with query, without body. The base address is a fixed loopback one.
    pub fn new(method: Method, path_and_query: &str) -> Self {
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        let segments: Vec<String> = path
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
            .collect();
        let query_as_sent: BTreeMap<String, String> =
            url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Self {
            method,
            path: format!("/{}", segments.join("/")),
            segments,
            query: query_as_sent
                .iter()
                .map(|(name, value)| (name.to_ascii_lowercase(), value.clone()))
                .collect(),
            query_as_sent,
            headers: BTreeMap::new(),
            body: Value::Null,
            base: "http://127.0.0.1".to_owned(),
            site_dns: None,
        }
    }

    /// The same request with a body.
    #[cfg(test)]
    pub fn with(mut self, body: Value) -> Self {
        self.body = body;
        self
    }

    /// A query value by its name in lower case.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    /// The API version asked for; empty when none was named.
    pub fn api_version(&self) -> &str {
        self.query("api-version").unwrap_or("")
    }

    /// A header by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// The segment at an index, empty when the path is shorter.
    pub fn segment(&self, index: usize) -> &str {
        self.segments.get(index).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_decoded_and_its_trailing_slash_dropped() {
        let request = Request::new(
            Method::GET,
            "/subscriptions/S/deployments/a%20b/?$filter=tagname%20eq%20%27k%27&Api-Version=1",
        );
        assert_eq!(request.path, "/subscriptions/S/deployments/a b");
        assert_eq!(request.api_version(), "1");
        assert_eq!(request.query("$filter"), Some("tagname eq 'k'"));
        assert_eq!(request.segment(9), "");
    }
}
