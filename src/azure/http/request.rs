//! One request: method, target, body and whether it may be repeated.
//!
//! The body can hold a password, so a request has no `Debug` that shows it; the query of a target can hold a signed
//! ticket, so that is not shown either.

use std::fmt;

use reqwest::Method;
use serde_json::Value;
use zeroize::Zeroizing;

use super::reading::ExpectedShape;

/// One request to be sent, perhaps more than once.
pub struct Request {
    pub(super) method: Method,
    pub(super) target: String,
    pub(super) body: Option<Zeroizing<Vec<u8>>>,
    pub(super) repeatable: bool,
    pub(super) shape: ExpectedShape,
}

impl Request {
    fn new(method: Method, target: impl Into<String>, body: Option<&Value>) -> Self {
        let repeatable = matches!(method, Method::GET | Method::PUT | Method::DELETE);
        // What is read is an object, until the caller says more of it; of what is done, nothing need come back.
        let shape = match method {
            Method::GET => ExpectedShape::Object(&[]),
            _ => ExpectedShape::Any,
        };
        Self {
            shape,
            method,
            target: target.into(),
            body: body.map(|body| Zeroizing::new(body.to_string().into_bytes())),
            repeatable,
        }
    }

    /// Reads. The target is a path of the endpoint, or a full address that belongs to it.
    pub fn get(target: impl Into<String>) -> Self {
        Self::new(Method::GET, target, None)
    }

    /// Creates or replaces.
    pub fn put(target: impl Into<String>, body: &Value) -> Self {
        Self::new(Method::PUT, target, Some(body))
    }

    /// Changes a part. Not repeated unless marked.
    pub fn patch(target: impl Into<String>, body: &Value) -> Self {
        Self::new(Method::PATCH, target, Some(body))
    }

    /// Acts. Not repeated unless marked, except when the other side certainly did not act on it.
    pub fn post(target: impl Into<String>, body: Option<&Value>) -> Self {
        Self::new(Method::POST, target, body)
    }

    /// Removes.
    pub fn delete(target: impl Into<String>) -> Self {
        Self::new(Method::DELETE, target, None)
    }

    /// Says what the body of a success must look like.
    pub fn expecting(mut self, shape: ExpectedShape) -> Self {
        self.shape = shape;
        self
    }

    /// Marks an act as one that does no more when it arrives twice.
    pub fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.target.split('?').next().unwrap_or_default();
        write!(formatter, "{} {path}", self.method)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn neither_body_nor_ticket_is_shown() {
        let body = json!({"password": "hunter2hunter2"});
        let request = Request::put("/deployments/x?t=ticket", &body);
        assert_eq!(format!("{request:?}"), "PUT /deployments/x");
    }

    #[test]
    fn acts_are_repeated_only_when_marked() {
        assert!(Request::get("/").repeatable);
        assert!(Request::put("/", &Value::Null).repeatable);
        assert!(Request::delete("/").repeatable);
        assert!(!Request::post("/", None).repeatable);
        assert!(!Request::patch("/", &Value::Null).repeatable);
        assert!(Request::post("/", None).repeatable().repeatable);
    }
}
