//! Compares the body of one resource with its plan, property by property and list by list.
//!
//! Order and case are no differences. A property that the template does not set is decided by the table; one that the
//! table does not have is not known.

use serde_json::{Map, Value};

use super::value::{
    is_empty, is_equal, is_expression, is_same, key, label, member, refer, says_nothing,
};
use super::{Book, Difference, DifferenceKind, PropertyRule, Spot, pointer, table, text, words};

/// The body's members that the template may set; the others name the resource.
const COMPARED: [&str; 7] = ["location", "tags", "sku", "kind", "identity", "zones", "properties"];

/// Compares a resource as it was found with its plan; `Value::Null` for one that comes with another.
pub(super) fn compare(book: &mut Book<'_>, spot: Spot<'_>, wanted: &Value, found: &Value) {
    let before = text(found, "/properties/provisioningState");
    for (name, found) in found.as_object().into_iter().flatten() {
        let wanted = member(Some(wanted), name).filter(|_| COMPARED.contains(&name.as_str()));
        Walk { book: &mut *book, spot }.any(wanted, Some(found), name);
    }
    for (name, wanted) in wanted.as_object().into_iter().flatten() {
        if COMPARED.contains(&name.as_str()) && member(Some(found), name).is_none() {
            Walk { book: &mut *book, spot }.any(Some(wanted), None, name);
        }
    }
    for place in table::places(spot.resource_type) {
        book.as_planned(&spot.place(place));
    }
    for opening in table::openings(spot.resource_type) {
        let absent = found.pointer(&pointer(&opening.at)).is_none_or(Value::is_null);
        if absent && opening.is_of_absent() {
            let found = "not set".to_owned();
            open(book, &spot.place(&opening.at), found, opening);
        }
    }
    match before {
        "" | "Succeeded" => {}
        "Failed" | "Canceled" => {
            let remedy = "Look at its activity log for the reason, then run `privateaml mend`: what it says \
                may not be in effect.";
            let difference = Difference::changed("Succeeded", before, remedy);
            book.differs(&spot.place("properties.provisioningState"), difference);
        }
        busy => {
            let found = format!("Azure is changing it now ({busy})");
            let place = "properties.provisioningState";
            book.not_known(&spot.place(place), found, "Look again when the change has ended.");
        }
    }
}

/// What a value leaves open.
fn open(book: &mut Book<'_>, spot: &Spot<'_>, found: String, opening: &table::Opening) {
    book.open_way(spot, found, &opening.width, &opening.close, &opening.way);
}

struct Walk<'a, 'b, 'c> {
    book: &'a mut Book<'b>,
    spot: Spot<'c>,
}

impl<'b, 'c> Walk<'_, 'b, 'c> {
    fn at<'p>(&self, path: &'p str) -> Spot<'p>
    where
        Self: 'p,
    {
        Spot { place: path, ..self.spot }
    }

    /// Compares what is wanted at a place with what is there.
    fn any(&mut self, wanted: Option<&Value>, found: Option<&Value>, path: &str) {
        let found = found.filter(|value| !value.is_null());
        let Some(wanted) = wanted.filter(|wanted| !wanted.is_null()) else {
            return self.unset(found, path);
        };
        match (wanted, found) {
            (Value::String(text), _) if is_expression(text) => self.late(text, found, path),
            (Value::Object(members), _) if members.is_empty() => self.unset(found, path),
            (Value::Object(wanted), Some(Value::Object(_))) => self.members(wanted, found, path),
            (Value::Array(wanted), found) => {
                let found = found.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
                self.lists(wanted, found, path);
            }
            (wanted, None) if says_nothing(wanted) => self.fine(Some(wanted), path),
            (wanted, None) => {
                self.tell(DifferenceKind::Removed, words::value(wanted), String::new(), None, path);
            }
            (wanted, Some(found)) if is_same(wanted, found, path) || self.is_told(path) => {
                self.fine(Some(found), path);
            }
            (wanted, Some(found)) => {
                let (wanted, words) = (words::value(wanted), words::value(found));
                self.tell(DifferenceKind::Changed, wanted, words, Some(found), path);
            }
        }
    }

    /// Whether Azure alone decides what a place says.
    fn is_told(&self, path: &str) -> bool {
        table::rule(self.spot.resource_type, path).is_some_and(|row| row.rule == PropertyRule::Told)
    }

    fn members(&mut self, wanted: &Map<String, Value>, found: Option<&Value>, path: &str) {
        for (name, wanted) in wanted {
            self.any(Some(wanted), member(found, name), &format!("{path}.{name}"));
        }
        let known = |name: &str| wanted.keys().any(|each| each.eq_ignore_ascii_case(name));
        let found = found.and_then(Value::as_object).into_iter().flatten();
        for (name, found) in found.filter(|(name, _)| !known(name)) {
            self.any(None, Some(found), &format!("{path}.{name}"));
        }
    }

    /// A value that only Azure knew when the plan was made: what it refers to was read, or it is not known.
    fn late(&mut self, expression: &str, found: Option<&Value>, path: &str) {
        let case = self.book.case;
        if let Some(wanted) = refer(case.plan, case.inventory, expression) {
            return self.any(Some(wanted), found, path);
        }
        let rule = table::rule(self.spot.resource_type, path).map(|row| row.rule);
        if matches!(rule, Some(PropertyRule::Any | PropertyRule::Told)) {
            return self.fine(found, path);
        }
        let words = format!(
            "the template computes it ({expression}), and what it is computed from was not read"
        );
        let remedy = "Compare it yourself with what the template says.";
        self.book.not_known(&self.at(path), words, remedy);
    }

    /// What is there and the template does not set.
    fn unset(&mut self, found: Option<&Value>, path: &str) {
        let Some(found) = found else { return };
        let Some(row) = table::rule(self.spot.resource_type, path) else {
            return self.undecided(found, path);
        };
        match row.rule {
            PropertyRule::Any | PropertyRule::Told => self.fine(Some(found), path),
            PropertyRule::None if says_nothing(found) => self.fine(Some(found), path),
            PropertyRule::None => match found {
                Value::Array(items) => items.iter().for_each(|item| self.added(item, path)),
                other => {
                    self.tell(
                        DifferenceKind::Added,
                        String::new(),
                        words::value(other),
                        Some(other),
                        path,
                    );
                }
            },
            PropertyRule::OneOf => {
                let closed = row.values.iter().any(|each| table::is_same(each, found));
                if closed || is_empty(found) {
                    self.fine(Some(found), path);
                } else {
                    let wanted: Vec<String> = row.values.iter().map(words::value).collect();
                    let wanted = wanted.join(" or ");
                    let remedy = format!("Set {path} to {wanted}: {}.", row.why);
                    let difference = Difference::changed(wanted, words::value(found), remedy);
                    self.book.differs(&self.at(path), difference.with(found));
                }
            }
        }
    }

    /// A property that no row decides: its members may be decided.
    fn undecided(&mut self, found: &Value, path: &str) {
        match found {
            Value::Object(members) if !members.is_empty() => {
                for (name, found) in members {
                    self.any(None, Some(found), &format!("{path}.{name}"));
                }
            }
            Value::Array(items) if items.iter().any(Value::is_object) => {
                for item in items {
                    self.any(None, Some(item), &format!("{path}[{}]", label(item)));
                }
            }
            nothing if says_nothing(nothing) => self.fine(Some(nothing), path),
            other => {
                let found = format!(
                    "{}, which this version of privateaml does not know",
                    words::value(other)
                );
                let remedy = "Look up what the property means, and tell the project of it: a newer version \
                    may know it.";
                self.book.not_known(&self.at(path), found, remedy);
            }
        }
    }

    /// What is as planned; where it leaves something open, that is said.
    fn fine(&mut self, found: Option<&Value>, path: &str) {
        match found.and_then(|found| table::opening(self.spot.resource_type, path, found)) {
            Some(opening) => {
                let found = found.map(words::value).unwrap_or_default();
                let spot = self.at(path);
                open(self.book, &spot, found, opening);
            }
            None => self.book.as_planned(&self.at(path)),
        }
    }

    fn added(&mut self, item: &Value, path: &str) {
        let name = label(item);
        let (path, found) = match name.as_str() {
            "" => (path.to_owned(), words::value(item)),
            name => (format!("{path}[{name}]"), name.to_owned()),
        };
        self.of_rule(item).tell(DifferenceKind::Added, String::new(), found, Some(item), &path);
    }

    fn tell(
        &mut self,
        kind: DifferenceKind,
        expected: String,
        found: String,
        value: Option<&Value>,
        path: &str,
    ) {
        let difference = Difference { kind, expected, found, value, remedy: None };
        self.book.differs(&Spot { place: path, ..self.spot }, difference);
    }

    fn lists(&mut self, wanted: &[Value], found: &[Value], path: &str) {
        let keyed = |list: &[Value]| list.iter().all(|item| key(item).is_some());
        let mut left: Vec<&Value> = found.iter().collect();
        let by_name = keyed(wanted) && keyed(found);
        for item in wanted {
            let fits = |each: &&Value| {
                if by_name { key(each) == key(item) } else { is_equal(self.spot, item, each, path) }
            };
            match left.iter().position(fits) {
                Some(at) if by_name => {
                    let found = left.remove(at);
                    let path = format!("{path}[{}]", label(item));
                    self.of_rule(item).any(Some(item), Some(found), &path);
                }
                Some(at) => {
                    left.remove(at);
                    self.fine(None, path);
                }
                None => {
                    let name = if by_name { label(item) } else { words::value(item) };
                    let path = if by_name { format!("{path}[{name}]") } else { path.to_owned() };
                    self.of_rule(item).tell(
                        DifferenceKind::Removed,
                        name,
                        String::new(),
                        None,
                        &path,
                    );
                }
            }
        }
        for item in left {
            self.added(item, path);
        }
    }

    /// The same walk for a rule of the firewall, whose kind tells the point; for anything else the same.
    fn of_rule(&mut self, item: &Value) -> Walk<'_, 'b, 'c> {
        let point = super::firewall::point_of(item).or(self.spot.point);
        Walk { book: &mut *self.book, spot: Spot { point, ..self.spot } }
    }
}
