//! Lists: of one type in a group or a subscription, of children, and `resources` with its filter and expansions.

use serde_json::{Map, Value, json};

use super::view;
use crate::practice::catalog::kind::ResourceType;
use crate::practice::identifier::{ResourceId, Scope};
use crate::practice::reply::Reply;
use crate::practice::request::Request;
use crate::practice::state::{Cloud, StoredResource};
use crate::practice::{group, json};

/// Rows in one answer of `resources`.
const PAGE: usize = 1000;

/// Every resource of one type, or those of them that concern one principal. `pattern` is an id whose last name is a
/// placeholder.
pub(super) fn of_type(cloud: &Cloud, pattern: &ResourceId, principal: Option<&str>) -> Reply {
    if !pattern.group.is_empty() && cloud.group(&pattern.scope()).is_none() {
        return group::not_found(&pattern.group);
    }
    let resource_type = pattern.resource_type();
    let whole = pattern.key();
    let prefix = whole.rsplit_once('/').map_or("", |(before, _)| before);
    let above = pattern.parent().is_some();
    let extension = ResourceType::of(&resource_type).is_some_and(ResourceType::is_extension);
    let scope = extension.then(|| prefix.split("/providers/").next().unwrap_or("").to_owned());
    // Role assignments of a scope are those at it, below it and above it
    // (https://learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest).
    let inherited = pattern.is("Microsoft.Authorization/roleAssignments");
    let target = pattern.target().map(|target| target.key());
    let items = cloud
        .resources(&pattern.subscription)
        .filter(|stored| stored.is(&resource_type))
        .filter(|stored| {
            let own = stored.text("/properties/principalId");
            principal.is_none_or(|principal| own.eq_ignore_ascii_case(principal))
        })
        .filter(|stored| {
            let key = stored.id.key();
            match (&scope, above) {
                (Some(scope), _) => {
                    let scope = target.as_ref().unwrap_or(scope);
                    key.starts_with(scope) || (inherited && is_above(&key, scope))
                }
                (None, true) => key.starts_with(&format!("{prefix}/")),
                (None, false) => {
                    pattern.group.is_empty() || stored.id.group.eq_ignore_ascii_case(&pattern.group)
                }
            }
        })
        .map(|stored| view::render(cloud, stored))
        .collect();
    Reply::list(items)
}

/// Whether an extension resource is of something that holds a scope.
fn is_above(key: &str, scope: &str) -> bool {
    let of = key.rsplit_once("/providers/").map_or("", |(of, _)| of);
    scope.strip_prefix(of).is_some_and(|rest| rest.starts_with('/'))
}

/// `/subscriptions/{id}/resources`.
pub fn all(cloud: &Cloud, request: &Request) -> Reply {
    let subscription = request.segment(1);
    page(request, &filtered(request, cloud.resources(subscription)))
}

/// `/subscriptions/{id}/resourceGroups/{group}/resources`.
pub fn in_group(cloud: &Cloud, request: &Request) -> Reply {
    let scope = Scope::group(request.segment(1), request.segment(3));
    let stored = cloud.resources_in(&scope);
    page(request, &filtered(request, stored))
}

/// Top-level resources and the children that ARM tracks by themselves; extension resources are not listed.
fn is_tracked(stored: &StoredResource) -> bool {
    let Some(kind) = ResourceType::of(&stored.resource_type) else {
        return stored.id.parent().is_none() && stored.id.target().is_none();
    };
    !kind.is_extension() && (!kind.name.contains('/') || kind.regional)
        || kind.name == "privateDnsZones/virtualNetworkLinks"
}

fn filtered<'cloud>(
    request: &Request,
    stored: impl Iterator<Item = &'cloud StoredResource>,
) -> Vec<Value> {
    let filter = Filter::of(request.query("$filter").unwrap_or(""));
    let expand = request.query("$expand").unwrap_or("").to_ascii_lowercase();
    stored
        .filter(|stored| is_tracked(stored) && filter.admits(stored))
        .map(|stored| row(stored, &expand))
        .collect()
}

fn row(stored: &StoredResource, expand: &str) -> Value {
    let mut row = Map::new();
    let resource_type = ResourceType::of(&stored.resource_type)
        .map_or_else(|| stored.resource_type.clone(), ResourceType::full_name);
    row.insert("id".to_owned(), json!(stored.id.to_string()));
    row.insert("name".to_owned(), json!(stored.id.full_name()));
    row.insert("type".to_owned(), json!(resource_type));
    for name in ["location", "tags", "kind", "sku", "identity", "zones", "managedBy"] {
        if let Some(value) = stored.get(&format!("/{name}")) {
            row.insert(name.to_owned(), value.clone());
        }
    }
    if expand.contains("createdtime") {
        row.insert("createdTime".to_owned(), json!(stored.created.to_string()));
    }
    if expand.contains("changedtime") {
        row.insert("changedTime".to_owned(), json!(stored.changed.to_string()));
    }
    if expand.contains("provisioningstate") {
        row.insert("provisioningState".to_owned(), json!(stored.provisioning_state));
    }
    Value::Object(row)
}

/// The part of `OData` that clients use: `field eq 'value'` joined by `and`.
#[derive(Debug, Default)]
pub(in crate::practice) struct Filter {
    clauses: Vec<(String, String)>,
}

impl Filter {
    pub(in crate::practice) fn of(text: &str) -> Self {
        let lowered = text.to_ascii_lowercase();
        let mut clauses = Vec::new();
        let mut from = 0;
        while let Some(found) = lowered.get(from..).and_then(|rest| rest.find(" eq '")) {
            let at = from + found;
            let field = lowered
                .get(..at)
                .and_then(|before| before.split([' ', '(']).next_back())
                .unwrap_or("");
            let value_from = at + " eq '".len();
            let length = text.get(value_from..).and_then(|rest| rest.find('\'')).unwrap_or(0);
            let value = text.get(value_from..value_from + length).unwrap_or("");
            clauses.push((field.to_owned(), value.to_owned()));
            from = value_from + length;
        }
        Self { clauses }
    }

    fn value(&self, field: &str) -> Option<&str> {
        self.clauses.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_str())
    }

    /// True when the tags are as asked for, or none were asked for. Names of tags have no case, values do.
    pub(in crate::practice) fn admits_tags(&self, tags: Option<&Map<String, Value>>) -> bool {
        let Some(name) = self.value("tagname") else { return true };
        let found = tags.and_then(|tags| {
            tags.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
        });
        match (found, self.value("tagvalue")) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(found), Some(wanted)) => found.as_str() == Some(wanted),
        }
    }

    fn admits(&self, stored: &StoredResource) -> bool {
        let same = |field: &str, actual: &str| {
            self.value(field).is_none_or(|wanted| wanted.eq_ignore_ascii_case(actual))
        };
        same("resourcetype", &stored.resource_type)
            && same("resourcegroup", &stored.id.group)
            && same("name", &stored.name)
            && same("location", stored.text("/location"))
            && self.admits_tags(stored.get("/tags").and_then(Value::as_object))
    }
}

/// One page of a list, with the link to the next one.
fn page(request: &Request, rows: &[Value]) -> Reply {
    page_of(request, rows, Value::clone)
}

/// As [`page`], of rows of which only those shown are made into what is shown.
pub(in crate::practice) fn page_of<T>(
    request: &Request,
    rows: &[T],
    view: impl Fn(&T) -> Value,
) -> Reply {
    let number = |name: &str| request.query(name).and_then(|text| text.parse::<usize>().ok());
    let skip = number("$skiptoken").unwrap_or(0);
    let size = number("$top").filter(|top| *top > 0).unwrap_or(PAGE).min(PAGE);
    let shown: Vec<Value> = rows.iter().skip(skip).take(size).map(view).collect();
    let mut body = json!({ "value": shown });
    if skip + size < rows.len() {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in request.query.iter().filter(|(name, _)| *name != "$skiptoken") {
            query.append_pair(name, value);
        }
        query.append_pair("$skiptoken", &(skip + size).to_string());
        let link = format!("{}{}?{}", request.base, request.path, query.finish());
        json::merge(&mut body, json!({ "nextLink": link }));
    }
    Reply::ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_read_whatever_their_case() {
        let filter = Filter::of("TagName eq 'a b' and tagValue eq 'It, and that'");
        let tags = json!({"A B": "It, and that"});
        assert!(filter.admits_tags(tags.as_object()));
        assert!(!filter.admits_tags(json!({"a b": "it, and that"}).as_object()));
        assert!(!filter.admits_tags(None));
        assert!(Filter::of("").admits_tags(None));
        assert!(Filter::of("tagname eq 'x'").admits_tags(json!({"x": "y"}).as_object()));
    }
}
