//! What was compared so far: items, and how many properties of a resource were as planned.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{ComparisonInput, ComparisonItem, DifferenceKind, Verdict, called, table, told, words};
use crate::domain::additions::{Discrepancy, DiscrepancyKind, Explained};
use crate::domain::plan::PlannedResource;
use crate::domain::words::count;

/// Where an endpoint names the card that it will have.
pub(super) const CARD_NAME: &str = "/properties/customNetworkInterfaceName";
/// What makes something readable that is not.
const READER: &str = "Ask for the role Reader on the resource group, then look again.";

/// A place of a resource.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot<'a> {
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    pub(super) resource_type: &'a str,
    /// Where in its body; empty for the resource as a whole.
    pub(super) place: &'a str,
    /// The point of the audit; `None` leaves it to the table.
    pub(super) point: Option<u8>,
}

impl<'a> Spot<'a> {
    /// A resource as a whole.
    pub(super) fn of(id: &'a str, resource_type: &'a str) -> Self {
        Self { id, name: called(id), resource_type, place: "", point: None }
    }

    /// A planned resource as a whole.
    pub(super) fn planned(planned: &'a PlannedResource) -> Self {
        Self { name: &planned.name, ..Self::of(&planned.id, &planned.resource_type) }
    }

    /// The same resource at a place.
    pub(super) fn place(self, place: &'a str) -> Self {
        Self { place, ..self }
    }

    /// The same at a point of the audit.
    pub(super) fn point(self, point: u8) -> Self {
        Self { point: Some(point), ..self }
    }

    fn number(&self) -> u8 {
        self.point.unwrap_or_else(|| table::point(self.resource_type, self.place))
    }
}

/// A difference before anybody has said whether it comes by itself.
pub(super) struct Difference<'a> {
    pub(super) kind: DifferenceKind,
    pub(super) expected: String,
    pub(super) found: String,
    /// What was found, as it is.
    pub(super) value: Option<&'a Value>,
    /// How to put it right; `None` for the usual.
    pub(super) remedy: Option<String>,
}

impl<'a> Difference<'a> {
    fn new(
        kind: DifferenceKind,
        expected: String,
        found: String,
        remedy: impl Into<String>,
    ) -> Self {
        Self { kind, expected, found, value: None, remedy: Some(remedy.into()) }
    }

    /// Something that was found and not planned.
    pub(super) fn added(found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(DifferenceKind::Added, String::new(), found.into(), remedy)
    }

    /// Something that was planned and not found.
    pub(super) fn removed(expected: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(DifferenceKind::Removed, expected.into(), String::new(), remedy)
    }

    /// Something that is otherwise than it should be.
    pub(super) fn changed(
        expected: impl Into<String>,
        found: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self::new(DifferenceKind::Changed, expected.into(), found.into(), remedy)
    }

    /// The same with what was found, as it is.
    pub(super) fn with(self, value: &'a Value) -> Self {
        Self { value: Some(value), ..self }
    }
}

pub(super) struct Book<'a> {
    pub(super) case: ComparisonInput<'a>,
    items: Vec<ComparisonItem>,
    seen: BTreeMap<(u8, String), (String, String, usize)>,
}

impl<'a> Book<'a> {
    pub(super) fn new(case: ComparisonInput<'a>) -> Self {
        Self { case, items: Vec::new(), seen: BTreeMap::new() }
    }

    /// Whether an item with a verdict belongs to one of the points.
    pub(super) fn has(&self, verdict: Verdict, points: &[u8]) -> bool {
        let mut items = self.items.iter();
        items.any(|each| each.verdict == verdict && points.contains(&each.point))
    }

    /// Something was as planned.
    pub(super) fn as_planned(&mut self, spot: &Spot<'_>) {
        let key = (spot.number(), spot.id.to_ascii_lowercase());
        let names = || (spot.name.to_owned(), spot.resource_type.to_owned(), 0);
        self.seen.entry(key).or_insert_with(names).2 += 1;
    }

    /// Something was chosen and leaves something open.
    pub(super) fn open(&mut self, spot: &Spot<'_>, found: String, width: &str, close: &str) {
        self.open_way(spot, found, width, close, "");
    }

    /// The same with the way by which data can leave through it; empty for none.
    pub(super) fn open_way(
        &mut self,
        spot: &Spot<'_>,
        found: String,
        width: &str,
        close: &str,
        way: &str,
    ) {
        let mut item =
            item(spot, Verdict::Open, DifferenceKind::Changed, String::new(), found, close);
        width.clone_into(&mut item.width);
        way.clone_into(&mut item.way);
        // Commands name the environment.
        item.remedy = item.remedy.replace(" NAME", &format!(" {}", self.case.plan.full_name()));
        self.items.push(item);
    }

    /// The items of a list that can be read; where it cannot, that is told.
    pub(super) fn list(&mut self, spot: &Spot<'_>, path: &str) -> Option<&'a [Value]> {
        self.case.list(path).map_err(|why| self.unread(spot, why)).ok()
    }

    /// Something could not be read.
    pub(super) fn unread(&mut self, spot: &Spot<'_>, why: &str) {
        self.not_known(spot, format!("not known: {why}"), READER);
    }

    /// Something is not known, and this is what would tell it.
    pub(super) fn not_known(&mut self, spot: &Spot<'_>, found: String, remedy: &str) {
        let expected = "as planned".to_owned();
        self.items.push(item(
            spot,
            Verdict::NotReadable,
            DifferenceKind::Changed,
            expected,
            found,
            remedy,
        ));
    }

    /// A planned resource is not there.
    pub(super) fn gone(&mut self, spot: &Spot<'_>) {
        let remedy = "Run `privateaml mend`: it creates again what is missing.";
        self.differs(spot, Difference::removed(spot.name, remedy));
    }

    /// Something differs. What comes by itself is as planned, or open where it leaves something open.
    pub(super) fn differs(&mut self, spot: &Spot<'_>, difference: Difference<'_>) {
        let explained = self.case.scene().explain(&Discrepancy {
            id: spot.id,
            resource_type: spot.resource_type,
            path: spot.place,
            change: match difference.kind {
                DifferenceKind::Added => DiscrepancyKind::Added,
                DifferenceKind::Removed => DiscrepancyKind::Absent,
                DifferenceKind::Changed => DiscrepancyKind::Any,
            },
            found: difference.value,
        });
        match explained {
            Explained::By(row) if row.open.is_empty() => self.as_planned(spot),
            Explained::By(row) => self.open(spot, difference.found, &row.open, row.close()),
            Explained::NotKnown => self.unread(spot, "what it depends on was not read"),
            Explained::No if self.case.terraform => self.chosen_elsewhere(spot, difference),
            Explained::No => self.wrong(spot, difference),
        }
    }

    /// Something that is not as it must be, whoever planned it.
    pub(super) fn wrong(&mut self, spot: &Spot<'_>, difference: Difference<'_>) {
        let (kind, expected, found) = (difference.kind, difference.expected, difference.found);
        let usual = || words::remedy(kind, spot.place, &expected, &found);
        let remedy = difference.remedy.unwrap_or_else(usual);
        self.items.push(item(spot, Verdict::NotPlanned, kind, expected, found, &remedy));
    }

    /// Terraform made the environment, and its files are not known here: what differs from this program's template was
    /// chosen there or changed since.
    fn chosen_elsewhere(&mut self, spot: &Spot<'_>, difference: Difference<'_>) {
        if difference.kind == DifferenceKind::Removed {
            return self.as_planned(spot);
        }
        let width =
            "the Terraform files chose it, or somebody changed it since: which is not known here";
        let close =
            "`terraform plan` tells whether it was changed; change it in the Terraform files.";
        self.open(spot, difference.found, width, close);
    }

    /// The items, with a line for each resource and point where something was as planned. When a resource is gone, what
    /// belongs to it is gone with it: one item says it.
    pub(super) fn close(mut self) -> Vec<ComparisonItem> {
        let gone = self.items.iter().filter(|each| {
            each.kind == DifferenceKind::Removed
                && each.property.is_empty()
                && each.verdict == Verdict::NotPlanned
        });
        let mut parents: Vec<String> = Vec::new();
        for item in gone {
            let id = item.id.to_ascii_lowercase();
            let planned = self.case.plan.resource_by_id(&item.id);
            let card = planned.and_then(|planned| told(&planned.body, CARD_NAME));
            if let (Some(card), Some((before, _))) = (card, id.rsplit_once("/privateendpoints/")) {
                parents.push(format!("{before}/networkinterfaces/{}/", card.to_ascii_lowercase()));
            }
            parents.push(format!("{id}/"));
        }
        self.items.retain(|each| {
            let id = each.id.to_ascii_lowercase();
            !parents.iter().any(|parent| id.starts_with(parent))
        });
        let mut items: Vec<ComparisonItem> = Vec::new();
        for item in self.items {
            match items.iter_mut().find(|each| is_of_one(each, &item)) {
                Some(first) => fold(first, &item),
                None => items.push(item),
            }
        }
        for ((point, id), (name, resource_type, number)) in self.seen {
            let (id, point) = (id.as_str(), Some(point));
            let spot = Spot { id, name: &name, resource_type: &resource_type, place: "", point };
            let found = format!("{} as planned", count(number, "property"));
            let expected = "as planned".to_owned();
            items.push(item(&spot, Verdict::Planned, DifferenceKind::Changed, expected, found, ""));
        }
        items
    }
}

/// The item of a list that a place lies in, or the place itself: items of sets are compared whole.
fn root(property: &str) -> &str {
    match property.rfind(']') {
        Some(at) => property.get(..=at).unwrap_or(property),
        None => property,
    }
}

/// Whether two differences are about one item of a set, or one list.
fn is_of_one(one: &ComparisonItem, other: &ComparisonItem) -> bool {
    let strange = one.verdict == Verdict::NotPlanned && other.verdict == Verdict::NotPlanned;
    let listed =
        !one.property.is_empty() && (one.property.contains('[') || one.property == other.property);
    let whole = |item: &ComparisonItem| {
        item.kind != DifferenceKind::Changed && item.property.ends_with(']')
    };
    strange
        && listed
        && !whole(one)
        && !whole(other)
        && one.point == other.point
        && one.id.eq_ignore_ascii_case(&other.id)
        && root(&one.property) == root(&other.property)
}

/// Makes one item of two.
fn fold(first: &mut ComparisonItem, second: &ComparisonItem) {
    let place = root(&first.property).to_owned();
    let told = |item: &ComparisonItem, words: &str| {
        let rest = item.property.strip_prefix(&place).unwrap_or_default();
        let last = rest.rsplit('.').next().unwrap_or_default();
        match (words, last) {
            ("", "") => String::new(),
            ("", last) => format!("{last} not set"),
            (words, "") => words.to_owned(),
            (words, last) => format!("{last} {words}"),
        }
    };
    let join = |one: String, other: String| match (one.as_str(), other.as_str()) {
        ("", _) => other,
        (_, "") => one,
        _ => format!("{one}, {other}"),
    };
    first.expected = join(told(first, &first.expected), told(second, &second.expected));
    first.found = join(told(first, &first.found), told(second, &second.found));
    if first.kind != second.kind {
        first.kind = DifferenceKind::Changed;
    }
    if first.kind == DifferenceKind::Changed {
        for words in [&mut first.expected, &mut first.found] {
            if words.is_empty() {
                "nothing".clone_into(words);
            }
        }
    }
    "Set back what differs, or run `privateaml mend`.".clone_into(&mut first.remedy);
    first.property = place;
}

fn item(
    spot: &Spot<'_>,
    verdict: Verdict,
    kind: DifferenceKind,
    expected: String,
    found: String,
    remedy: &str,
) -> ComparisonItem {
    ComparisonItem {
        point: spot.number(),
        id: spot.id.to_owned(),
        resource: spot.name.to_owned(),
        resource_type: spot.resource_type.to_owned(),
        verdict,
        kind,
        property: spot.place.to_owned(),
        expected,
        found,
        remedy: remedy.to_owned(),
        width: String::new(),
        way: String::new(),
        who: None,
        when: None,
    }
}
