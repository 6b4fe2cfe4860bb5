//! One answer of the practice cloud, and errors in the shape of Azure Resource Manager.
//!
//! Only the status, the headers that a handler decides, and the JSON body are here; what every answer carries (request
//! ids, the practice mark, the date) is added where it leaves.

use serde_json::{Map, Value, json};

/// An [`ArmError`] of a status, a code, and a message as `format!` takes it.
macro_rules! arm_error {
    ($status:expr, $code:expr, $($message:tt)+) => {
        $crate::practice::reply::ArmError::new($status, $code, format!($($message)+))
    };
}

/// An [`ArmError`] of status 400: what was asked for is wrong.
macro_rules! bad_request {
    ($($error:tt)+) => {
        arm_error!(400, $($error)+)
    };
}

/// An [`ArmError`] of status 409: what stands is in the way.
macro_rules! conflict {
    ($($error:tt)+) => {
        arm_error!(409, $($error)+)
    };
}

/// An error, as `arm_error!` takes it, as a [`Reply`].
macro_rules! fault {
    ($($error:tt)+) => {
        $crate::practice::reply::Reply::from(arm_error!($($error)+))
    };
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Further headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body; `Null` means none.
    pub body: Value,
    /// The body as text, where it was made before; it then stands in place of `body`.
    pub text: Option<String>,
}

impl Reply {
    /// 200 with a body.
    pub fn ok(body: Value) -> Self {
        Self::of(200, body)
    }

    /// Any status with a body.
    pub fn of(status: u16, body: Value) -> Self {
        Self { status, headers: Vec::new(), body, text: None }
    }

    /// 200 with a body that is JSON already.
    pub fn text(text: String) -> Self {
        Self { text: Some(text), ..Self::empty(200) }
    }

    /// The body, whichever form it has.
    pub fn value(&self) -> Value {
        match &self.text {
            Some(text) => serde_json::from_str(text).unwrap_or_default(),
            None => self.body.clone(),
        }
    }

    /// True when there is nothing in it but the status.
    pub fn is_empty(&self) -> bool {
        self.body.is_null() && self.text.is_none()
    }

    /// A status without body.
    pub fn empty(status: u16) -> Self {
        Self::of(status, Value::Null)
    }

    /// 200 with `{"value": [...]}`, the shape of every list.
    pub fn list(items: Vec<Value>) -> Self {
        let mut body = Map::new();
        body.insert("value".to_owned(), Value::Array(items));
        Self::ok(Value::Object(body))
    }

    /// The same answer with a further header.
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_ascii_lowercase(), value.into()));
        self
    }

    /// The value of a header by its name in lower case.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What a request leads to, unless it is refused.
pub type Result<T, E = ArmError> = std::result::Result<T, E>;

/// An error as Azure Resource Manager words it.
#[derive(Debug, Clone, PartialEq)]
pub struct ArmError {
    /// HTTP status.
    pub status: u16,
    /// Azure's code.
    pub code: String,
    /// The sentence.
    pub message: String,
    /// What it is about.
    pub target: Option<String>,
    /// Errors inside this one.
    pub details: Vec<ArmError>,
    /// Further facts, as Azure Policy gives them.
    pub additional_info: Vec<Value>,
}

impl ArmError {
    /// An error with its HTTP status, code and sentence.
    pub fn new(status: u16, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.into(),
            message: message.into(),
            target: None,
            details: Vec::new(),
            additional_info: Vec::new(),
        }
    }

    /// Names what it is about.
    pub fn about(mut self, target: impl Into<String>) -> Self {
        self.target = Some(target.into());
        self
    }

    /// Puts errors inside this one.
    pub fn with(mut self, details: Vec<Self>) -> Self {
        self.details = details;
        self
    }

    /// The content of `error`.
    pub fn to_value(&self) -> Value {
        let mut error = Map::new();
        error.insert("code".to_owned(), json!(self.code));
        error.insert("message".to_owned(), json!(self.message));
        if let Some(target) = &self.target {
            error.insert("target".to_owned(), json!(target));
        }
        if !self.details.is_empty() {
            let details: Vec<Value> = self.details.iter().map(Self::to_value).collect();
            error.insert("details".to_owned(), json!(details));
        }
        if !self.additional_info.is_empty() {
            error.insert("additionalInfo".to_owned(), json!(self.additional_info));
        }
        Value::Object(error)
    }
}

impl From<ArmError> for Reply {
    fn from(error: ArmError) -> Self {
        Self::of(error.status, json!({ "error": error.to_value() }))
    }
}

impl From<Result<Reply, ArmError>> for Reply {
    fn from(result: Result<Reply, ArmError>) -> Self {
        result.unwrap_or_else(Self::from)
    }
}
