//! The table of properties (`assets/properties`): what a property opens that the template does not set, to which
//! point of the audit a place belongs, and what a chosen value leaves open.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;
use serde_json::Value;

/// The point of what no row places: what else the group holds.
const ELSEWHERE: u8 = 29;

static TABLE: LazyLock<PropertyTable> = LazyLock::new(|| {
    let assets = [
        include_str!("../../../assets/properties/common.toml"),
        include_str!("../../../assets/properties/data.toml"),
        include_str!("../../../assets/properties/firewall.toml"),
        include_str!("../../../assets/properties/machine.toml"),
        include_str!("../../../assets/properties/monitor.toml"),
        include_str!("../../../assets/properties/network.toml"),
        include_str!("../../../assets/properties/workspace.toml"),
    ];
    let mut table = PropertyTable::default();
    for asset in assets {
        // A test reads each of them: what cannot be read would leave every property undecided.
        let part: PropertyTable = toml::from_str(asset).unwrap_or_default();
        table.row.extend(part.row);
        table.place.extend(part.place);
        table.open.extend(part.open);
    }
    table
});

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct PropertyTable {
    #[serde(default)]
    row: Vec<PropertyRow>,
    #[serde(default)]
    place: Vec<PointMapping>,
    #[serde(default)]
    open: Vec<Opening>,
}

/// What a row says of its places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum PropertyRule {
    /// No value opens anything.
    Any,
    /// Azure tells it; nobody sets it.
    Told,
    /// Nothing may be there, nor below it.
    None,
    /// Opens nothing while it is absent or one of the row's values.
    OneOf,
}

/// One row; the head of `assets/properties/common.toml` says what each member means.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PropertyRow {
    #[serde(rename = "type")]
    resource_type: String,
    at: Vec<String>,
    pub(super) rule: PropertyRule,
    #[serde(default)]
    pub(super) values: Vec<Value>,
    pub(super) why: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PointMapping {
    #[serde(rename = "type")]
    resource_type: String,
    point: u8,
    #[serde(default)]
    at: BTreeMap<String, u8>,
}

/// What a chosen value leaves open.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Opening {
    #[serde(rename = "type")]
    resource_type: String,
    pub(super) at: String,
    /// The value; an empty text stands for a property that is absent.
    value: Value,
    /// How wide it is.
    pub(super) width: String,
    /// What closes it.
    pub(super) close: String,
    /// The way by which data can leave through it; empty for none.
    #[serde(default)]
    pub(super) way: String,
}

/// A place without the labels of list items: `properties.subnets[a].name` as `properties.subnets.name`.
fn plain(path: &str) -> String {
    let mut plain = String::with_capacity(path.len());
    let mut depth = 0_usize;
    for sign in path.chars() {
        match sign {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            other if depth == 0 => plain.push(other.to_ascii_lowercase()),
            _ => {}
        }
    }
    plain
}

fn is_of(wanted: &str, resource_type: &str) -> bool {
    wanted == "*" || wanted.eq_ignore_ascii_case(resource_type)
}

/// A place of the table, ready to be compared.
#[derive(Debug)]
struct At {
    place: String,
    /// Whether it takes in what is below.
    below: bool,
}

impl At {
    fn of(place: &str, below: bool) -> Self {
        let (place, below) = match place.strip_suffix(".*") {
            Some(above) => (above, true),
            None => (place, below),
        };
        Self { place: place.to_ascii_lowercase(), below }
    }

    /// How closely it names a path, when it does.
    fn reach(&self, path: &str) -> Option<usize> {
        let rest = path.strip_prefix(&self.place)?;
        (rest.is_empty() || (self.below && rest.starts_with('.'))).then_some(self.place.len())
    }
}

/// The rows by type, `*` for those of every type.
static ROWS: LazyLock<BTreeMap<String, Vec<(At, &'static PropertyRow)>>> = LazyLock::new(|| {
    let mut rows: BTreeMap<String, Vec<(At, &'static PropertyRow)>> = BTreeMap::new();
    for row in &TABLE.row {
        let own = rows.entry(row.resource_type.to_ascii_lowercase()).or_default();
        own.extend(row.at.iter().map(|at| (At::of(at, row.rule == PropertyRule::None), row)));
    }
    rows
});

/// The row that decides a place: the one that names it most closely. `None` for a property that nobody has decided.
pub(super) fn rule(resource_type: &str, path: &str) -> Option<&'static PropertyRow> {
    let path = plain(path);
    let kinds = [resource_type.to_ascii_lowercase(), "*".to_owned()];
    let rows = kinds.iter().filter_map(|kind| Some((kind != "*", ROWS.get(kind)?)));
    let reached = rows.flat_map(|(own, rows)| {
        let path = &path;
        rows.iter().filter_map(move |(at, row)| Some((at.reach(path)?, own, *row)))
    });
    reached.max_by_key(|(reach, own, _)| (*reach, *own)).map(|(.., row)| row)
}

/// The point of the audit to which a place of a resource belongs.
pub(super) fn point(resource_type: &str, path: &str) -> u8 {
    let path = plain(path);
    let mut places = TABLE.place.iter();
    let Some(place) = places.find(|each| is_of(&each.resource_type, resource_type)) else {
        return ELSEWHERE;
    };
    let nearer = place.at.iter();
    let nearest =
        nearer.filter_map(|(at, point)| Some((At::of(at, true).reach(&path)?, *point))).max();
    nearest.map_or(place.point, |(_, point)| point)
}

/// The places of a type that have a point of their own: each is looked at, whether something is there or not.
pub(super) fn places(resource_type: &str) -> impl Iterator<Item = &'static str> {
    let mut places = TABLE.place.iter();
    let place = places.find(|each| is_of(&each.resource_type, resource_type));
    place.into_iter().flat_map(|place| place.at.keys().map(String::as_str))
}

/// Whether the table has places of a type.
pub(super) fn is_placed(resource_type: &str) -> bool {
    TABLE.place.iter().any(|each| is_of(&each.resource_type, resource_type))
}

/// What a value that is as planned leaves open.
pub(super) fn opening(resource_type: &str, path: &str, value: &Value) -> Option<&'static Opening> {
    let path = plain(path);
    openings(resource_type)
        .find(|each| each.at.to_ascii_lowercase() == path && is_same(&each.value, value))
}

impl Opening {
    /// Whether it is about a property that is absent.
    pub(super) fn is_of_absent(&self) -> bool {
        self.value == Value::String(String::new())
    }
}

/// All that values of a type can leave open.
pub(super) fn openings(resource_type: &str) -> impl Iterator<Item = &'static Opening> {
    let rows = TABLE.open.iter();
    rows.filter(move |each| each.resource_type.eq_ignore_ascii_case(resource_type))
}

/// Whether two values are the same to Azure, which has no case in its words.
pub(super) fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::String(one), Value::String(other)) => one.eq_ignore_ascii_case(other),
        (one, other) => one == other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_part_is_readable_and_every_row_has_a_reason() {
        assert!(TABLE.row.len() > 80, "{}", TABLE.row.len());
        for kind in [
            "Microsoft.Storage/storageAccounts",
            "Microsoft.Network/bastionHosts",
            "Microsoft.Compute/disks",
            "Microsoft.Insights/components",
            "Microsoft.Network/routeTables",
            "Microsoft.MachineLearningServices/workspaces",
        ] {
            assert!(TABLE.place.iter().any(|each| each.resource_type == kind), "{kind}");
        }
        for row in &TABLE.row {
            assert!(!row.why.is_empty() && !row.at.is_empty(), "{row:?}");
            assert_eq!(row.rule == PropertyRule::OneOf, !row.values.is_empty(), "{row:?}");
        }
        for each in &TABLE.open {
            assert!(!each.width.is_empty() && !each.close.is_empty(), "{each:?}");
        }
        assert!(TABLE.place.iter().all(|each| (1..=30).contains(&each.point)));
    }

    #[test]
    fn the_closest_row_decides_and_case_and_labels_do_not_matter() {
        let network = "Microsoft.Network/virtualNetworks";
        let rule_of = |path: &str| rule(network, path).map(|row| row.rule);
        assert_eq!(
            rule_of("properties.subnets[Shared].properties.natGateway.id"),
            Some(PropertyRule::None)
        );
        assert_eq!(
            rule_of("Properties.Subnets[a[0]].properties.IPCONFIGURATIONS[x].id"),
            Some(PropertyRule::Told)
        );
        assert_eq!(
            rule_of("properties.subnets[a].properties.networkSecurityGroup.etag"),
            Some(PropertyRule::Told)
        );
        assert_eq!(rule_of("properties.subnets[a].properties.ofTomorrow"), None);
        assert_eq!(rule_of("properties.provisioningState"), Some(PropertyRule::Told));
        assert_eq!(point(network, "properties.subnets[a].properties.serviceEndpoints[b]"), 17);
        assert_eq!(point(network, "properties.subnets[a].properties.natGateway"), 16);
        assert_eq!(point("Microsoft.Sql/servers", ""), ELSEWHERE);
        let disks = "Microsoft.Compute/disks";
        assert!(openings(disks).any(Opening::is_of_absent));
        assert!(opening(disks, "properties.networkAccessPolicy", &json!("allowall")).is_some());
        assert!(opening(disks, "properties.networkAccessPolicy", &json!("DenyAll")).is_none());
    }
}
