//! How long a write takes in simulated time.

use serde_json::Value;

use crate::template::duration::{Durations, kind};

/// Usual and slow duration of making this resource, in simulated seconds.
pub fn seconds(resource_type: &str, body: &Value) -> (u32, u32) {
    let span = Durations::embedded().of(resource_type, kind(body)).create;
    (span.typical, span.slow)
}
