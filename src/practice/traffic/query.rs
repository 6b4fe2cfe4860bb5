//! `POST {log workspace}/query`: answers the one query that privateaml sends, in the form of the Log Analytics query
//! API (operationalinsights `Query_Execute`, version 2017-10-01), and refuses any other as that API refuses.
//!
//! It is no Kusto engine and must not become one.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Span, Timestamp};
use serde_json::{Value, json};

use crate::domain::egress::log::{COLUMNS, MOST_ROWS, QUERY};
use crate::practice::identifier::ResourceId;
use crate::practice::json;
use crate::practice::reply::Reply;
use crate::practice::request::Request;
use crate::practice::state::{Cloud, StoredGroup, StoredResource};

/// The errors of the query API have an error inside and a correlation id.
fn refusal(status: u16, code: &str, message: &str, inner: Value, request: &Request) -> Reply {
    let correlation = request.header("x-ms-correlation-request-id").unwrap_or("");
    let mut error = json!({ "message": message, "code": code, "correlationId": correlation });
    if !inner.is_null() {
        json::set(&mut error, "innererror", inner);
    }
    Reply::of(status, json!({ "error": error }))
}

fn bad(message: &str, request: &Request) -> Reply {
    let inner = json!({ "code": "SemanticError", "message": message });
    refusal(400, "BadArgumentError", "The request had some invalid properties", inner, request)
}

/// Answers a query of a log workspace that is known to exist.
pub(in crate::practice) fn query(cloud: &Cloud, request: &Request, id: &ResourceId) -> Reply {
    let Some(workspace) = cloud.resource(id) else {
        return refusal(
            404,
            "PathNotFoundError",
            "The requested path does not exist",
            Value::Null,
            request,
        );
    };
    let access = workspace.text("/properties/publicNetworkAccessForQuery");
    if access.eq_ignore_ascii_case("Disabled") {
        // A client of the practice cloud is never inside the private network.
        return refusal(
            403,
            "InsufficientAccessError",
            "The provided credentials have insufficient access to perform the requested operation",
            Value::Null,
            request,
        );
    }
    let Some(asked) = request.body.get("query").and_then(Value::as_str) else {
        return bad("The query is missing.", request);
    };
    if words(asked) != words(QUERY) {
        return bad(
            "The practice cloud answers the query for what its firewalls refused, and no other.",
            request,
        );
    }
    let since = match request.body.get("timespan").and_then(Value::as_str) {
        None => Timestamp::MIN,
        Some(span) => match begin(span, cloud.now()) {
            Some(since) => since,
            None => return bad("The timespan is no ISO 8601 period.", request),
        },
    };
    let columns: Vec<Value> =
        COLUMNS.iter().map(|(name, kind)| json!({ "name": name, "type": kind })).collect();
    Reply::ok(json!({ "tables": [{
        "name": "PrimaryResult", "columns": columns, "rows": rows(cloud, id, since),
    }] }))
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

/// The beginning of a period such as `PT1H` that ends now.
fn begin(span: &str, now: Timestamp) -> Option<Timestamp> {
    let span: Span = span.parse().ok()?;
    let hours = SignedDuration::try_from(span).ok().or_else(|| {
        let days = i64::from(span.get_days());
        Some(SignedDuration::from_hours(days * 24 + i64::from(span.get_hours())))
    })?;
    now.checked_sub(hours).ok()
}

/// The grouped rows, newest first.
fn rows(cloud: &Cloud, workspace: &ResourceId, since: Timestamp) -> Vec<Value> {
    let mut grouped: BTreeMap<Vec<String>, (u64, i64, Timestamp)> = BTreeMap::new();
    let groups = cloud.groups(&workspace.subscription);
    for (group, row) in groups.flat_map(|group| group.refused.iter().map(move |row| (group, row))) {
        let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
        let Ok(time) = text("TimeGenerated").parse::<Timestamp>() else { continue };
        if time < since || !is_sent(group, &text("_ResourceId"), workspace) {
            continue;
        }
        let named = text("Type") == "AZFWApplicationRule";
        let (kind, column) =
            if named { ("application", "Fqdn") } else { ("network", "DestinationIp") };
        let port = row.get("DestinationPort").and_then(Value::as_i64).unwrap_or(0);
        let key = vec![
            kind.to_owned(),
            text(column),
            port.to_string(),
            text("Protocol"),
            text("RuleCollection"),
            text("Rule"),
            text("ActionReason"),
        ];
        let entry = grouped.entry(key).or_insert((0, port, time));
        entry.0 += 1;
        entry.2 = entry.2.max(time);
    }
    let mut rows: Vec<(Vec<String>, (u64, i64, Timestamp))> = grouped.into_iter().collect();
    rows.sort_by_key(|(_, (_, _, last))| std::cmp::Reverse(*last));
    rows.truncate(MOST_ROWS);
    rows.into_iter()
        .map(|(key, (count, port, last))| {
            let mut row: Vec<Value> = key.into_iter().map(Value::String).collect();
            if let Some(cell) = row.get_mut(2) {
                *cell = json!(port);
            }
            row.extend([json!(count), json!(last.to_string())]);
            Value::Array(row)
        })
        .collect()
}

/// Whether a firewall's diagnostic setting sends its structured logs to a workspace.
fn is_sent(group: &StoredGroup, firewall: &str, workspace: &ResourceId) -> bool {
    let prefix = format!("{firewall}/providers/microsoft.insights/diagnosticsettings/");
    let sends = |setting: &StoredResource| {
        setting.says("/properties/workspaceId", &workspace.to_string())
            && setting.says("/properties/logAnalyticsDestinationType", "Dedicated")
    };
    group.resources.iter().any(|(key, setting)| key.starts_with(&prefix) && sends(setting))
}
