//! Reading JSON by pointers such as `/properties/subnet/id`.
//!
//! What is absent, or of another kind, reads as empty. This is for bodies whose shape does not matter or was checked
//! before; whether an answer of Azure has its shape is decided where it is received.

use serde_json::{Map, Value};

use super::identifier::ResourceId;

/// Something that has JSON within.
pub trait HasJson {
    /// What stands at a pointer.
    fn at(&self, pointer: &str) -> Option<&Value>;

    /// The text there.
    fn text(&self, pointer: &str) -> &str {
        self.at(pointer).and_then(Value::as_str).unwrap_or_default()
    }

    /// Whether this text stands there, in whatever case.
    fn says(&self, pointer: &str, text: &str) -> bool {
        self.text(pointer).eq_ignore_ascii_case(text)
    }

    /// The items of the list there.
    fn items(&self, pointer: &str) -> &[Value] {
        self.at(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// Whether `true` stands there.
    fn flag(&self, pointer: &str) -> bool {
        self.at(pointer) == Some(&Value::Bool(true))
    }

    /// A copy of what stands there; null where nothing does.
    fn copy(&self, pointer: &str) -> Value {
        self.at(pointer).cloned().unwrap_or_default()
    }

    /// The id of a resource there.
    fn id_at(&self, pointer: &str) -> Option<ResourceId> {
        ResourceId::parse(self.text(pointer))
    }
}

impl HasJson for Value {
    fn at(&self, pointer: &str) -> Option<&Value> {
        self.pointer(pointer)
    }
}

/// A text; empty where there is none.
pub(crate) fn text<'a>(body: &'a Value, pointer: &str) -> &'a str {
    body.text(pointer)
}

/// A text that says something.
pub(crate) fn told<'a>(body: &'a Value, pointer: &str) -> Option<&'a str> {
    Some(text(body, pointer)).filter(|text| !text.is_empty())
}

/// The items of a list; none where there is no list.
pub(crate) fn items<'a>(body: &'a Value, pointer: &str) -> &'a [Value] {
    body.items(pointer)
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
    body.flag(pointer)
}

/// The pointer to a place such as `properties.publicNetworkAccess`.
pub(crate) fn pointer(place: &str) -> String {
    format!("/{}", place.replace('.', "/"))
}

/// Lays JSON over JSON: objects are joined member by member, anything else is replaced.
pub fn merge(under: &mut Value, over: Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for (name, value) in over {
                match under.get_mut(&name) {
                    Some(known) => merge(known, value),
                    None => drop(under.insert(name, value)),
                }
            }
        }
        (under, over) => *under = over,
    }
}

/// Sets a member of an object; nothing happens to what is none.
pub fn set(object: &mut Value, name: &str, value: impl Into<Value>) {
    if let Value::Object(members) = object {
        members.insert(name.to_owned(), value.into());
    }
}

/// The members of an object there to be changed; none where there is no object.
pub fn members<'a>(value: &'a mut Value, pointer: &str) -> Option<&'a mut Map<String, Value>> {
    value.pointer_mut(pointer).and_then(Value::as_object_mut)
}
