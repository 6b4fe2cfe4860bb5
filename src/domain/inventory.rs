//! What Azure has of an environment at one moment, by the paths it was read from.
//!
//! Drift, audit and status are judged from this alone, so that all three speak of the same moment. What could not be
//! read is kept as such: it must never look like something that is absent, or that is as it should be.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What came of reading one path.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reading {
    /// The body, or the items of a list as an array.
    Found(Value),
    /// Azure says that there is no such thing.
    Absent,
    /// It could not be read, and why.
    Unreadable(String),
}

/// A resource as the list of its group names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// Its type.
    #[serde(rename = "type")]
    pub resource_type: String,
    /// Its name.
    pub name: String,
}

/// Everything that was read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Inventory {
    readings: BTreeMap<String, Reading>,
    /// What the group holds; `None` when it could not be listed.
    pub listed: Option<Vec<Listed>>,
    /// When it was read, by Azure's clock where it told the time.
    pub read_at: Option<Timestamp>,
}

impl Inventory {
    /// Keeps what was read at a path: a resource id, or an id with a list or an action behind it.
    pub fn put(&mut self, path: &str, reading: Reading) {
        self.readings.insert(key(path), reading);
    }

    /// What was read at a path; `None` when nobody has tried.
    pub fn reading(&self, path: &str) -> Option<&Reading> {
        self.readings.get(&key(path))
    }

    /// The body at a path, when it was found.
    pub fn found(&self, path: &str) -> Option<&Value> {
        match self.reading(path)? {
            Reading::Found(body) => Some(body),
            Reading::Absent | Reading::Unreadable(_) => None,
        }
    }

    /// The same, to be changed.
    pub fn found_mut(&mut self, path: &str) -> Option<&mut Value> {
        match self.readings.get_mut(&key(path))? {
            Reading::Found(body) => Some(body),
            Reading::Absent | Reading::Unreadable(_) => None,
        }
    }

    /// The items of a list, when it was found.
    pub fn items(&self, path: &str) -> Option<&[Value]> {
        self.found(path)?.as_array().map(Vec::as_slice)
    }

    /// Why a path is not known, when it is not.
    pub fn why_unknown(&self, path: &str) -> Option<&str> {
        match self.reading(path) {
            Some(Reading::Unreadable(why)) => Some(why),
            Some(Reading::Found(_) | Reading::Absent) => None,
            None => Some("it was not read"),
        }
    }
}

/// Azure's ids are compared without case.
fn key(path: &str) -> String {
    path.trim_end_matches('/').to_ascii_lowercase()
}

/// The last part of an id: the name of what it leads to.
pub fn name_of(id: &str) -> &str {
    id.trim_end_matches('/').rsplit('/').next().unwrap_or(id)
}

/// What something is called in a sentence: its name, or words for one that Azure does not name.
pub fn called(id: &str) -> &str {
    match name_of(id) {
        "" => "something that Azure does not name",
        name => name,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_not_read_is_neither_there_nor_absent() {
        let mut inventory = Inventory::default();
        inventory.put("/a/B", Reading::Found(json!([{"x": 1}])));
        inventory.put("/a/c/", Reading::Absent);
        inventory.put("/a/d", Reading::Unreadable("no rights".into()));
        assert_eq!(inventory.items("/A/b/").unwrap().len(), 1);
        assert_eq!(inventory.why_unknown("/a/b"), None);
        assert_eq!(inventory.why_unknown("/a/c"), None);
        assert_eq!(inventory.why_unknown("/a/d"), Some("no rights"));
        assert_eq!(inventory.why_unknown("/a/e"), Some("it was not read"));
        assert!(inventory.found("/a/d").is_none());
    }

    #[test]
    fn what_has_no_name_has_words() {
        assert_eq!(called("/a/b/"), "b");
        assert!(called("").contains("does not name"));
    }
}
