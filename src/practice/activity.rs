//! The activity log: who has written, deleted or acted upon what, and when.
//!
//! Only requests that were taken are noted, and of a deployment only its own request, not what it makes in turn.
//! Reading understands the filter that Azure's clients send: a begin, an end, and a resource group.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::identifier::{ResourceId, Scope};
use super::reply::Reply;
use super::request::Request;
use super::state::Cloud;
use super::token;

/// Entries kept of each group; Azure keeps ninety days.
const MOST: usize = 300;
/// How far back the log reaches
/// (<https://learn.microsoft.com/azure/azure-monitor/platform/activity-log#retention-period>). One day more, because
/// clients ask for ninety days to the minute.
const KEPT: SignedDuration = SignedDuration::from_hours(91 * 24);

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityEntry {
    /// When, in simulated time.
    pub time: Timestamp,
    /// Name of the person, or id of the application.
    pub caller: String,
    /// Such as `Microsoft.Network/routeTables/write`.
    pub operation: String,
    /// Id of the resource.
    pub resource: String,
    /// Ties it to the request.
    pub correlation: String,
    /// HTTP method of the request.
    pub method: String,
}

/// Notes a request that was taken.
pub fn note(cloud: &mut Cloud, request: &Request, bearer: Option<&str>, reply: &Reply) {
    let method = request.method.as_str();
    let in_group = request.segment(2).eq_ignore_ascii_case("resourcegroups");
    if !in_group || !matches!(method, "PUT" | "PATCH" | "DELETE" | "POST") || reply.status >= 300 {
        return;
    }
    let Some(operation) = operation(request) else { return };
    let resource = match method {
        "POST" => parent(request),
        _ => request.path.clone(),
    };
    let entry = ActivityEntry {
        time: cloud.now(),
        caller: bearer.map(token::caller).unwrap_or_default(),
        operation,
        resource,
        correlation: request.header("x-ms-correlation-request-id").unwrap_or_default().to_owned(),
        method: method.to_owned(),
    };
    let scope = Scope::group(request.segment(1), request.segment(3));
    if let Some(group) = cloud.group_mut(&scope) {
        group.activity.push(entry, MOST);
    }
}

fn parent(request: &Request) -> String {
    let (_, before) = request.segments.split_last().unzip();
    format!("/{}", before.unwrap_or_default().join("/"))
}

/// The operation's name; `None` for what only reads.
fn operation(request: &Request) -> Option<String> {
    let method = request.method.as_str();
    if request.segments.len() == 4 {
        let verb = if method == "DELETE" { "delete" } else { "write" };
        return Some(format!("Microsoft.Resources/subscriptions/resourceGroups/{verb}"));
    }
    if method == "POST" {
        let (action, before) = request.segments.split_last()?;
        let id = ResourceId::from_segments(before)?;
        let reads = [
            "validate",
            "whatif",
            "effectiveroutetable",
            "effectivenetworksecuritygroups",
            "listkeys",
            "query",
            "summarize",
        ];
        let lowered = action.to_ascii_lowercase();
        return (!reads.contains(&lowered.as_str()))
            .then(|| format!("{}/{action}/action", id.resource_type()));
    }
    let verb = if method == "DELETE" { "delete" } else { "write" };
    let id = ResourceId::from_segments(&request.segments)?;
    Some(format!("{}/{verb}", id.resource_type()))
}

/// Answers `GET …/providers/Microsoft.Insights/eventtypes/management/values`
/// (<https://learn.microsoft.com/rest/api/monitor/activity-logs/list>).
pub fn list(cloud: &Cloud, request: &Request) -> Reply {
    let filter = request.query("$filter").unwrap_or_default();
    let Some(begin) = operand(filter, "eventTimestamp ge ").and_then(|text| moment(&text)) else {
        return refusal("The $filter must contain a begin: eventTimestamp ge '<time>'.");
    };
    // Recorded: `microsoft.insights_eventtypes_values.jsonl#1`.
    if cloud.now().duration_since(begin) > KEPT {
        return refusal("The start time cannot be more than 90 days in the past.");
    }
    let end = operand(filter, "eventTimestamp le ")
        .and_then(|text| moment(&text))
        .unwrap_or(Timestamp::MAX);
    let group =
        operand(filter, "resourceGroupName eq ").or_else(|| operand(filter, "resourceGroup eq "));
    let subscription = request.segment(1);
    let wanted = |name: &str| group.as_deref().is_none_or(|group| group.eq_ignore_ascii_case(name));
    let mut entries: Vec<(String, &ActivityEntry)> = cloud
        .groups(subscription)
        .filter(|group| wanted(&group.name))
        .flat_map(|group| group.activity.iter().map(|entry| (group.name.clone(), entry)))
        .filter(|(_, entry)| entry.time >= begin && entry.time <= end)
        .collect();
    // Azure gives the newest first; the log has them as they came.
    entries.reverse();
    entries.sort_by_key(|(_, entry)| std::cmp::Reverse(entry.time));
    let views = entries.iter().map(|(group, entry)| view(subscription, group, entry));
    Reply::list(views.collect())
}

/// A refusal of the activity log: its code lies at the top.
fn refusal(message: &str) -> Reply {
    Reply::of(400, json!({ "code": "BadRequest", "message": message }))
}

/// The operand after a field and its operator, with or without quotes: clients send both.
fn operand(filter: &str, before: &str) -> Option<String> {
    let at = filter.to_ascii_lowercase().find(&before.to_ascii_lowercase())?;
    let rest = filter.get(at + before.len()..)?.trim_start();
    let text = match rest.strip_prefix('\'') {
        Some(quoted) => quoted.split('\'').next()?,
        None => rest.split(" and ").next()?.trim_end(),
    };
    Some(text.to_owned())
}

/// A time that a client names; without a zone it is meant in UTC.
fn moment(text: &str) -> Option<Timestamp> {
    // A plus sign in a query stands for a blank.
    let text = text.replace(' ', "+");
    text.parse().ok().or_else(|| {
        let text = text.replace('+', "T");
        let time = text.parse::<jiff::civil::DateTime>().ok()?;
        jiff::tz::TimeZone::UTC.to_timestamp(time).ok()
    })
}

fn view(subscription: &str, group: &str, entry: &ActivityEntry) -> Value {
    json!({
        "caller": entry.caller,
        "correlationId": entry.correlation,
        "eventTimestamp": entry.time.to_string(),
        "submissionTimestamp": entry.time.to_string(),
        "level": "Informational",
        "operationName": {"value": entry.operation, "localizedValue": entry.operation},
        "category": {"value": "Administrative", "localizedValue": "Administrative"},
        "resourceGroupName": group,
        "resourceId": entry.resource,
        "status": {"value": "Succeeded", "localizedValue": "Succeeded"},
        "httpRequest": {"method": entry.method},
        "subscriptionId": subscription,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::practice::testing::{Bench, in_group, subscription};
    use crate::practice::token::USER_NAME;

    fn log(bench: &mut Bench, filter: &str) -> Vec<(String, String)> {
        let path = format!(
            "{}/providers/Microsoft.Insights/eventtypes/management/values?$filter={filter}",
            subscription()
        );
        let answer = bench.get(&path);
        let entries = answer.body["value"].as_array().cloned().unwrap_or_default();
        entries
            .iter()
            .map(|entry| {
                assert_eq!(entry["caller"], USER_NAME);
                let text = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
                let operation = entry["operationName"]["value"].as_str().unwrap().to_owned();
                (operation, text("resourceId"))
            })
            .collect()
    }

    #[test]
    fn what_changes_is_noted_and_what_reads_is_not() {
        let mut bench = Bench::with_group();
        let table = in_group("Microsoft.Network/routeTables/rt");
        bench.make(&table, json!({ "location": "westeurope", "properties": {} }));
        bench.get(&table);
        let states = in_group("Microsoft.PolicyInsights/policyStates/latest/summarize");
        assert_eq!(bench.post(&states, json!(null)).status, 200);
        bench.put(&table, json!("no body"));
        bench.delete(&table);
        let since = "eventTimestamp ge '2026-01-01T00:00:00Z'";
        let noted = log(&mut bench, &format!("{since} and resourceGroupName eq 'RG-TEST'"));
        let operations: Vec<&str> = noted.iter().map(|(operation, _)| operation.as_str()).collect();
        assert_eq!(
            operations,
            [
                "Microsoft.Network/routeTables/delete",
                "Microsoft.Network/routeTables/write",
                "Microsoft.Resources/subscriptions/resourceGroups/write",
            ],
            "newest first; what was refused is not there"
        );
        assert_eq!(noted[0].1, table);
        assert_eq!(log(&mut bench, &format!("{since} and resourceGroupName eq 'other'")), []);
        assert_eq!(log(&mut bench, "eventTimestamp ge '2027-01-01T00:00:00Z'"), []);
        for (begin, end) in [
            ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"),
            ("2026-01-01T00:00:00", "2026-02-01T00:00:00"),
            ("2026-01-01 00:00:00.123456", "2026-02-01"),
            ("2025-12-31T00:00:00.5+00:00", "'2026-02-01T00:00:00'"),
        ] {
            let filter = format!(
                "eventTimestamp ge {begin} and eventTimestamp le {end} and resourceGroupName eq 'rg-test'"
            );
            assert!(!log(&mut bench, &filter).is_empty(), "{filter}");
            let before =
                format!("eventTimestamp ge {begin} and eventTimestamp le 2025-12-31T12:00:00");
            assert_eq!(log(&mut bench, &before), [], "{before}");
        }
        assert_eq!(
            Bench::code(&bench.get(&format!(
                "{}/providers/Microsoft.Insights/eventtypes/management/values",
                subscription()
            ))),
            "BadRequest"
        );
    }
}
