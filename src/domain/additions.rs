//! What Azure, a policy or a service of Microsoft's changes by itself, so that nobody is told to put it back.
//!
//! The table (`assets/azure-adds.toml`) says what, under which condition and how that is known; this module only asks
//! it about one environment. It must not read anything, and explains nothing that the table does not name exactly:
//! what a row depends on and was not read is not known, and never explained.

use crate::domain::resource;
use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;
use serde_json::Value;

use super::health::{self, Power};
use super::inventory::{Inventory, Listed, Reading};
use super::json::{is_on, items, pointer, text, told};
use super::plan::{Plan, PlannedResource};

static ROWS: LazyLock<Vec<KnownDifference>> = LazyLock::new(|| {
    let asset = toml::from_str::<Asset>(include_str!("../../assets/azure-adds.toml"));
    asset.map(|asset| asset.row).unwrap_or_default()
});

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asset {
    row: Vec<KnownDifference>,
}

/// What is different by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DiscrepancyKind {
    /// Something is there that the template does not set.
    Added,
    /// The template sets it, and Azure does not tell it.
    Absent,
    /// Whatever Azure tells.
    Any,
    /// It can be written and not read.
    WriteOnly,
}

/// What must be so for a row to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum When {
    Deallocated,
    Paused,
    AccountKey,
}

/// One row of the table; the asset's head says what each member means.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct KnownDifference {
    #[serde(rename = "type")]
    resource_type: String,
    #[serde(default)]
    path: String,
    change: DiscrepancyKind,
    #[serde(default)]
    when: Vec<When>,
    #[serde(default)]
    item: BTreeMap<String, String>,
    #[serde(default)]
    named_by: String,
    #[serde(default)]
    tag: String,
    /// What it leaves open; empty when nothing.
    #[serde(default)]
    pub open: String,
    /// What closes that.
    #[serde(default)]
    close: String,
    /// What does it, in words that fit behind "because" or into a list.
    pub why: String,
    /// Where that is known from: a page, an issue, or a recorded answer of Azure.
    pub source: String,
}

impl KnownDifference {
    /// Where in the body.
    pub fn path(&self) -> &str {
        &self.path
    }

    fn comes_with_another(&self) -> bool {
        !self.named_by.is_empty() || !self.tag.is_empty()
    }

    /// What closes what it leaves open.
    pub fn close(&self) -> &str {
        &self.close
    }

    fn is_of(&self, resource_type: &str, path: &str, change: DiscrepancyKind) -> bool {
        let fits = self.change == change || self.change == DiscrepancyKind::Any;
        let place = match self.path.strip_suffix(".*") {
            Some(above) => path
                .strip_prefix(above)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '['])),
            None => self.path == path,
        };
        let kind =
            self.resource_type == "*" || self.resource_type.eq_ignore_ascii_case(resource_type);
        kind && place && fits
    }
}

/// What the table says of something that differs from the template.
#[derive(Debug, Clone, Copy)]
pub enum Explained {
    /// Nothing: somebody did it.
    No,
    /// It comes by itself.
    By(&'static KnownDifference),
    /// It may come by itself; what that depends on could not be read.
    NotKnown,
}

/// Something that differs from the template.
#[derive(Debug, Clone, Copy)]
pub struct Discrepancy<'a> {
    /// Id of the resource.
    pub id: &'a str,
    /// Its type.
    pub resource_type: &'a str,
    /// Where in its body, such as `properties.accessPolicies`.
    pub path: &'a str,
    /// What is different.
    pub change: DiscrepancyKind,
    /// What was found there.
    pub found: Option<&'a Value>,
}

/// One environment, as far as rows depend on it.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// What the template makes.
    pub plan: &'a Plan,
    /// What Azure has.
    pub inventory: &'a Inventory,
    /// True while the firewall is switched off on purpose.
    pub paused: bool,
}

impl<'a> Scene<'a> {
    /// Whether something that differs comes by itself.
    pub fn explain(&self, seen: &Discrepancy<'_>) -> Explained {
        let mut explained = Explained::No;
        for row in ROWS.iter() {
            // What comes with a planned resource is told apart by its name or tag, not by what it says.
            if !row.is_of(seen.resource_type, seen.path, seen.change) || row.comes_with_another() {
                continue;
            }
            let conditions = row.when.iter().map(|when| self.holds(*when, seen.id));
            let item = self.says(seen.found.unwrap_or(&Value::Null), row);
            match conditions.chain([item]).try_fold(true, |all, each| Some(all && each?)) {
                Some(true) => return Explained::By(row),
                Some(false) => {}
                None => explained = Explained::NotKnown,
            }
        }
        explained
    }

    /// Whether a resource that the template does not make comes with one that it does.
    pub fn comes_along(&self, listed: &Listed) -> bool {
        let mut rows = ROWS.iter();
        rows.any(|row| {
            row.is_of(&listed.resource_type, "", DiscrepancyKind::Added)
                && row.item.is_empty()
                && (row.named_by.is_empty() || self.names(&row.named_by, &listed.name))
                && (row.tag.is_empty() || self.is_tagged(&row.tag, &listed.id))
        })
    }

    /// Whether what a resource of a write-only type wrote stands in its parent: `None` when that is not known.
    pub fn is_in_parent(&self, planned: &PlannedResource) -> Option<bool> {
        let row = write_only(&planned.resource_type)?;
        let parent = match self.inventory.reading(parent(&planned.id)?)? {
            Reading::Found(parent) => parent,
            // The parent's absence is told of the parent.
            Reading::Absent => return Some(true),
            Reading::Unreadable(_) => return None,
        };
        let mut found = Some(false);
        for item in items(parent, &pointer(&row.path)) {
            match self.says(item, row) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => found = None,
            }
        }
        found
    }

    /// Whether a thing says what a row demands of it; `None` when what it is compared with was not read.
    fn says(&self, item: &Value, row: &KnownDifference) -> Option<bool> {
        let mut all = true;
        for (name, wanted) in &row.item {
            let wanted = self.filled(wanted)?;
            let found = text(item, &pointer(name));
            all &= match wanted.strip_suffix('*') {
                Some(begin) => found.to_ascii_lowercase().starts_with(&begin.to_ascii_lowercase()),
                None => found.eq_ignore_ascii_case(&wanted),
            };
        }
        Some(all)
    }

    /// A text with the environment's own ids in it; `None` when one of them is not known.
    fn filled(&self, text: &str) -> Option<String> {
        let mut filled = text.to_owned();
        for (hole, own) in [
            ("{tenant}", Self::tenant as fn(&Self) -> Option<&'a str>),
            ("{subscription}", Self::subscription),
            ("{workspace-principal}", Self::workspace_principal),
        ] {
            if filled.contains(hole) {
                filled = filled.replace(hole, own(self)?);
            }
        }
        Some(filled)
    }

    fn tenant(&self) -> Option<&'a str> {
        self.plan.resources.iter().find_map(|each| told(&each.body, "/properties/tenantId"))
    }

    fn subscription(&self) -> Option<&'a str> {
        self.plan.resources.first()?.id.split('/').nth(2)
    }

    fn workspace_principal(&self) -> Option<&'a str> {
        let workspace = self.plan.of_type(resource::WORKSPACE).next()?;
        told(self.inventory.found(&workspace.id)?, "/identity/principalId")
    }

    fn holds(&self, when: When, id: &str) -> Option<bool> {
        match when {
            When::Paused => Some(self.paused),
            When::AccountKey => {
                let storage = self.plan.of_type(resource::STORAGE).next();
                let keys = "/properties/allowSharedKeyAccess";
                Some(storage.is_some_and(|each| is_on(&each.body, keys)))
            }
            When::Deallocated => {
                let view = self.inventory.found(&format!("{id}/instanceView"))?;
                Some(health::power(view)? == Power::Deallocated)
            }
        }
    }

    /// Whether a planned body has a name at a place.
    fn names(&self, pointer: &str, name: &str) -> bool {
        let mut named = self.plan.resources.iter();
        named.any(|each| told(&each.body, pointer).is_some_and(|it| it.eq_ignore_ascii_case(name)))
    }

    fn is_tagged(&self, part: &str, id: &str) -> bool {
        let tags = self.inventory.found(id).and_then(|body| body.get("tags")?.as_object());
        tags.is_some_and(|tags| tags.keys().any(|key| key.to_ascii_lowercase().contains(part)))
    }
}

/// What is said of a type that can be written and not read; `None` for every other.
pub fn write_only(resource_type: &str) -> Option<&'static KnownDifference> {
    let mut rows = ROWS.iter();
    rows.find(|row| {
        row.change == DiscrepancyKind::WriteOnly
            && row.resource_type.eq_ignore_ascii_case(resource_type)
    })
}

/// Id of what a child belongs to.
pub fn parent(id: &str) -> Option<&str> {
    let (rest, _) = id.rsplit_once('/')?;
    rest.rsplit_once('/').map(|(parent, _)| parent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_readable_and_every_row_says_why_and_from_where() {
        let asset: Asset = toml::from_str(include_str!("../../assets/azure-adds.toml")).unwrap();
        for row in &asset.row {
            assert!(!row.why.is_empty(), "{row:?}");
            assert_eq!(row.open.is_empty(), row.close.is_empty(), "{row:?}");
            assert!(
                row.source.starts_with("https://learn.microsoft.com/") || row.source.contains('/'),
                "{row:?}"
            );
            let known = ["{tenant}", "{subscription}", "{workspace-principal}"];
            for text in row.item.values() {
                let left = known.iter().fold(text.clone(), |text, hole| text.replace(hole, ""));
                assert!(!left.contains('{'), "{row:?}");
            }
            let whole = row.path.is_empty();
            assert!(whole || (row.named_by.is_empty() && row.tag.is_empty()), "{row:?}");
        }
    }

    #[test]
    fn a_place_is_met_exactly_or_with_what_is_below_it() {
        let row = |path: &str| KnownDifference {
            resource_type: "*".into(),
            path: path.into(),
            change: DiscrepancyKind::Any,
            when: Vec::new(),
            item: BTreeMap::new(),
            named_by: String::new(),
            tag: String::new(),
            open: String::new(),
            close: String::new(),
            why: String::new(),
            source: String::new(),
        };
        for (pattern, path, expected) in [
            ("tags.*", "tags.costCenter", true),
            ("tags.*", "tags[a].b", true),
            ("tags.*", "tagsOfOthers.a", false),
            ("properties.value", "properties.value", true),
            ("properties.value", "properties.value.more", false),
            ("properties.value", "properties.other.properties.value", false),
        ] {
            let is_of = row(pattern).is_of("any/type", path, DiscrepancyKind::Added);
            assert_eq!(is_of, expected, "{pattern} {path}");
        }
    }
}
