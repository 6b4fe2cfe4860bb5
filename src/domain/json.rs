//! Reading JSON bodies of Azure's: what is not there reads as empty, so that a body of another shape stops no judgement.

use serde_json::Value;

/// A text; empty where there is none.
pub(crate) fn text<'a>(body: &'a Value, pointer: &str) -> &'a str {
    body.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// A text that says something.
pub(crate) fn told<'a>(body: &'a Value, pointer: &str) -> Option<&'a str> {
    Some(text(body, pointer)).filter(|text| !text.is_empty())
}

/// The items of a list; none where there is no list.
pub(crate) fn items<'a>(body: &'a Value, pointer: &str) -> &'a [Value] {
    body.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The texts of a list.
pub(crate) fn texts<'a>(body: &'a Value, pointer: &str) -> impl Iterator<Item = &'a str> + use<'a> {
    items(body, pointer).iter().filter_map(Value::as_str)
}

/// What Azure tells in the singular or in the plural: the plural first.
pub(crate) fn one_or_many<'a>(body: &'a Value, one: &str, many: &str) -> Vec<&'a str> {
    texts(body, many).chain(told(body, one)).collect()
}

/// Whether a switch is on.
pub(crate) fn is_on(body: &Value, pointer: &str) -> bool {
    body.pointer(pointer) == Some(&Value::Bool(true))
}

/// The pointer to a place such as `properties.publicNetworkAccess`.
pub(crate) fn pointer(place: &str) -> String {
    format!("/{}", place.replace('.', "/"))
}
