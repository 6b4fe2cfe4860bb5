//! One recorded exchange: a line of a recording, in the form that `--record-traffic` writes.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::domain::problem::{Problem, Result};
use crate::practice::identifier::ResourceId;
use crate::practice::request::Request;

/// A request to Azure with the answer that Azure gave.
#[derive(Debug, Clone, Deserialize)]
pub struct Exchange {
    /// Where it was recorded; what precedes the last `#` names the recording.
    pub source: String,
    /// HTTP method, in capitals.
    pub method: String,
    /// Path and query, without host.
    pub url: String,
    /// The request's body; `Null` when there was none or it is not known.
    #[serde(default)]
    pub request_body: Value,
    /// HTTP status of the answer.
    pub status: u16,
    /// Headers of the answer.
    #[serde(default)]
    pub headers: Map<String, Value>,
    /// The answer's body; `Null` when there was none.
    #[serde(default)]
    pub body: Value,
}

/// Reads a recording: one JSON object a line, empty lines left out.
///
/// # Errors
/// When a line is no exchange; the place is the line's number, counted from 1.
pub fn read(text: &str, name: &str) -> Result<Vec<Exchange>> {
    let lines = text.lines().enumerate();
    lines
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(index, line)| {
            let read = serde_json::from_str::<Exchange>(line);
            read.map(|exchange| exchange.within(name, index + 1)).map_err(|error| {
                Problem::new(
                    "RecordingUnreadable",
                    "A line of the recording is no exchange.",
                    "Give a file that `--record-traffic` wrote, whole lines only.",
                )
                .at(format!("{name}:{}", index + 1))
                .saying(error.to_string())
            })
        })
        .collect()
}

impl Exchange {
    /// The same as a line of a file, where it does not say itself where it was recorded: each file is a recording.
    fn within(mut self, file: &str, line: usize) -> Self {
        if !self.source.contains('#') {
            self.source = format!("{file}#{line}");
        }
        self
    }

    /// The recording that it belongs to: exchanges of one recording follow each other.
    pub fn recording(&self) -> &str {
        self.source.rsplit_once('#').map_or(&self.source, |(recording, _)| recording)
    }

    /// Its place in the recording; 0 where none is told.
    pub fn place(&self) -> u64 {
        let place = self.source.rsplit_once('#').map(|(_, place)| place);
        place.and_then(|place| place.parse().ok()).unwrap_or(0)
    }

    /// Whether Azure did what was asked.
    pub fn succeeded(&self) -> bool {
        self.status < 400
    }

    /// Azure's error code, wherever it lies in the body; empty when there is none.
    pub fn code(&self) -> &str {
        code(&self.body)
    }

    /// The path's segments, decoded.
    pub fn segments(&self) -> Vec<String> {
        Request::new(hyper::Method::GET, &self.url).segments
    }

    /// What the request filters by, decoded; empty when it does not.
    pub fn filter(&self) -> String {
        let request = Request::new(hyper::Method::GET, &self.url);
        request.query("$filter").unwrap_or_default().to_owned()
    }

    /// The id of the resource that the path leads to; `None` for a list, an action and anything else.
    pub fn resource_id(&self) -> Option<String> {
        self.resource().map(|id| id.to_string())
    }

    pub(super) fn resource(&self) -> Option<ResourceId> {
        ResourceId::from_segments(&self.segments())
    }
}

/// The error code of a body, wherever it lies; empty when there is none.
pub fn code(body: &Value) -> &str {
    let code = body.pointer("/error/code").or_else(|| body.get("code"));
    code.and_then(Value::as_str).unwrap_or("")
}

/// What an answer is about, in lower case: a resource type, with the action behind it, or the last word of the path.
pub fn kind(segments: &[String]) -> String {
    let lowered: Vec<String> = segments.iter().map(|each| each.to_ascii_lowercase()).collect();
    let provider = lowered.iter().rposition(|segment| segment == "providers");
    let Some(at) = provider.filter(|at| at + 1 < lowered.len()) else {
        let rest = lowered.get(2..).unwrap_or_default();
        let words: Vec<&str> = rest.iter().step_by(2).map(String::as_str).collect();
        return words.join("/");
    };
    let rest = lowered.get(at + 1..).unwrap_or_default();
    let mut kind = rest.first().cloned().unwrap_or_default();
    for word in rest.iter().skip(1).step_by(2) {
        kind.push('/');
        kind.push_str(word);
    }
    kind
}

/// Whether a path is that of an operation under way.
pub fn is_poll(segments: &[String]) -> bool {
    let from_end = |back: usize| {
        let at = segments.len().checked_sub(back);
        at.and_then(|at| segments.get(at)).map_or(String::new(), |each| each.to_ascii_lowercase())
    };
    from_end(2).contains("operation") && !from_end(2).contains('.') && from_end(4) != "deployments"
        || from_end(2).contains("operationstatus")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind_of(path: &str) -> String {
        kind(&Request::new(hyper::Method::GET, path).segments)
    }

    #[test]
    fn an_answer_is_filed_under_its_type() {
        for (path, wanted) in [
            (
                "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v",
                "microsoft.network/virtualnetworks",
            ),
            (
                "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks",
                "microsoft.network/virtualnetworks",
            ),
            (
                "/subscriptions/s/providers/Microsoft.Compute/locations/l/operations/o",
                "microsoft.compute/locations/operations",
            ),
            (
                "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/v/start",
                "microsoft.compute/virtualmachines/start",
            ),
            ("/subscriptions/s/resourceGroups/g", "resourcegroups"),
            ("/subscriptions/s/providers/Microsoft.KeyVault", "microsoft.keyvault"),
            ("/subscriptions/s/locations", "locations"),
        ] {
            assert_eq!(kind_of(path), wanted);
        }
    }

    #[test]
    fn a_line_that_is_no_exchange_is_named() {
        let line = r#"{"source":"a#3","method":"GET","url":"/subscriptions/s","status":200}"#;
        let read_one = read(&format!("{line}\n\n"), "f").unwrap();
        assert_eq!((read_one[0].recording(), read_one[0].place()), ("a", 3));
        let problem = read(&format!("{line}\nnonsense"), "f").unwrap_err();
        assert_eq!(problem.place.as_deref(), Some("f:2"));
    }
}
