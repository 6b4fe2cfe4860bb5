//! Long-running operations: begun with 201 or 202 and a status URL, polled until they end.
//!
//! Both headers lead to the same operation; which of them an answer carries is decided by the caller. How long to wait
//! between polls is said in real time: `Retry-After` in whole seconds as every client understands it, and
//! `x-ms-retry-after-ms` exactly, so that a client that knows it polls a fast cloud quickly.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::clock::later;
use super::reply::Reply;
use super::request::Request;
use super::state::{Cloud, Operation, OperationStatus};

/// Simulated pause that answers ask for between polls.
pub const POLL_PAUSE: SignedDuration = SignedDuration::from_secs(5);
/// Operations that ended longer ago than this may be forgotten. How long Azure keeps them is not recorded.
const KEPT: SignedDuration = SignedDuration::from_hours(2);

/// The header that leads to the state of an operation.
pub const STATUS: &str = "azure-asyncoperation";
/// The header that leads to its result.
pub const RESULT: &str = "location";

/// Begins an operation that is expected to end at the given simulated time; the result is its id.
pub fn begin(cloud: &mut Cloud, expected: Timestamp, resource: Option<String>) -> String {
    let now = cloud.now();
    cloud
        .root
        .tidy_operations(|known| known.ended.is_none_or(|ended| now.duration_since(ended) < KEPT));
    let id = cloud.new_guid();
    cloud.root.operations.insert(
        id.clone(),
        Operation {
            id: id.clone(),
            status: OperationStatus::InProgress,
            started: now,
            expected,
            ended: None,
            error: None,
            resource,
            result: None,
        },
    );
    id
}

/// Begins an operation whose result is known already and is shown at the given simulated time.
pub fn begin_with_result(cloud: &mut Cloud, expected: Timestamp, result: Value) -> String {
    let id = begin(cloud, expected, None);
    if let Some(operation) = cloud.root.operations.get_mut(&id) {
        operation.result = Some(result);
    }
    cloud.schedule(expected, super::state::What::OperationDone { operation: id.clone() });
    id
}

/// Begins an operation that has succeeded already.
pub fn begin_ended(cloud: &mut Cloud, resource: Option<String>) -> String {
    let id = begin(cloud, cloud.now(), resource);
    end(cloud, &id, OperationStatus::Succeeded, None);
    id
}

/// Ends an operation that goes with something else, where there is one: it has succeeded.
pub fn succeed(cloud: &mut Cloud, id: Option<&str>) {
    if let Some(id) = id {
        end(cloud, id, OperationStatus::Succeeded, None);
    }
}

/// Ends an operation now; the first end counts.
pub fn end(cloud: &mut Cloud, id: &str, status: OperationStatus, error: Option<Value>) {
    let now = cloud.now();
    if let Some(operation) = cloud.root.operations.get_mut(id)
        && operation.ended.is_none()
    {
        operation.status = status;
        operation.ended = Some(now);
        operation.error = error;
    }
}

/// The status URL of an operation. `scope` is the path before `/providers`, such as `/subscriptions/{id}`; `namespace`
/// is the provider that would run the operation.
pub fn status_url(request: &Request, scope: &str, namespace: &str, id: &str) -> String {
    url(request, scope, namespace, "operationStatuses", id)
}

/// The URL for a `Location` header.
pub fn location_url(request: &Request, scope: &str, namespace: &str, id: &str) -> String {
    url(request, scope, namespace, "operationResults", id)
}

fn url(request: &Request, scope: &str, namespace: &str, kind: &str, id: &str) -> String {
    format!(
        "{}{scope}/providers/{namespace}/{kind}/{id}?api-version={}",
        request.base,
        request.api_version()
    )
}

/// Says in headers where an operation is polled, and the pause before that.
pub fn told(
    reply: Reply,
    cloud: &Cloud,
    request: &Request,
    namespace: &str,
    operation: &str,
    headers: &[&str],
) -> Reply {
    let scope = format!("/subscriptions/{}", request.segment(1));
    let told = headers.iter().fold(reply, |reply, header| {
        let url = match *header {
            STATUS => status_url(request, &scope, namespace, operation),
            _ => location_url(request, &scope, namespace, operation),
        };
        reply.header(header, url)
    });
    with_pause(told, cloud, POLL_PAUSE)
}

/// 202 with nothing but the place where an operation is polled.
pub fn accepted(
    cloud: &Cloud,
    request: &Request,
    namespace: &str,
    operation: &str,
    headers: &[&str],
) -> Reply {
    told(Reply::empty(202), cloud, request, namespace, operation, headers)
}

/// Accepted now, with a result that is there after a while.
pub fn accepted_with_result(
    cloud: &mut Cloud,
    request: &Request,
    namespace: &str,
    span: SignedDuration,
    result: Value,
) -> Reply {
    let expected = later(cloud.now(), span);
    let operation = begin_with_result(cloud, expected, result);
    accepted(cloud, request, namespace, &operation, &[RESULT])
}

/// Adds the pause before the next poll.
pub fn with_pause(reply: Reply, cloud: &Cloud, simulated: SignedDuration) -> Reply {
    let real = cloud.root.pace.real_span(simulated);
    let seconds = real.as_secs() + u64::from(real.subsec_nanos() > 0);
    reply
        .header("retry-after", seconds.to_string())
        .header("x-ms-retry-after-ms", real.as_millis().max(1).to_string())
}

/// The answer to a poll of a status URL (`Azure-AsyncOperation`).
pub fn status(cloud: &Cloud, request: &Request, id: &str) -> Reply {
    let Some(operation) = cloud.root.operations.get(id) else { return unknown(id) };
    let mut body = Map::new();
    body.insert("id".to_owned(), json!(request.path));
    body.insert("name".to_owned(), json!(id));
    // Deployments have a word of their own (recorded: `microsoft.resources_deployments_operationstatuses.jsonl`).
    let running = operation.ended.is_none() && request.path.contains("/Microsoft.Resources/");
    let status = if running { json!("Running") } else { json!(operation.status) };
    body.insert("status".to_owned(), status);
    body.insert("startTime".to_owned(), json!(operation.started.to_string()));
    if let Some(ended) = operation.ended {
        body.insert("endTime".to_owned(), json!(ended.to_string()));
    }
    body.insert("percentComplete".to_owned(), json!(percent(operation, cloud.now())));
    if let Some(error) = &operation.error {
        body.insert("error".to_owned(), error.clone());
    }
    if operation.ended.is_some()
        && let Some(result) = &operation.result
    {
        return Reply::ok(result.clone());
    }
    let reply = Reply::ok(Value::Object(body));
    if operation.ended.is_none() {
        return with_pause(reply, cloud, POLL_PAUSE);
    }
    reply
}

fn percent(operation: &Operation, now: Timestamp) -> f64 {
    if operation.ended.is_some() {
        return 100.0;
    }
    let whole = operation.expected.duration_since(operation.started).as_secs_f64().max(1.0);
    let passed = now.duration_since(operation.started).as_secs_f64();
    (passed / whole * 100.0).clamp(0.0, 99.0).round()
}

/// The answer for an operation nobody knows.
pub(super) fn unknown(id: &str) -> Reply {
    fault!(404, "OperationNotFound", "The operation '{id}' was not found or has expired.")
}

/// The answer to a poll of `Location`: 202 while it goes on, then the resource, or nothing.
pub fn result(cloud: &Cloud, request: &Request, id: &str) -> Reply {
    let Some(operation) = cloud.root.operations.get(id) else { return unknown(id) };
    match operation.status {
        OperationStatus::InProgress => {
            let again =
                format!("{}{}?api-version={}", request.base, request.path, request.api_version());
            with_pause(Reply::empty(202).header("location", again), cloud, POLL_PAUSE)
        }
        OperationStatus::Failed | OperationStatus::Canceled => {
            let error = operation.error.clone().unwrap_or_else(
                || json!({ "code": "OperationFailed", "message": "The operation did not succeed." }),
            );
            Reply::of(409, json!({ "error": error }))
        }
        OperationStatus::Succeeded => operation
            .result
            .clone()
            .or_else(|| {
                let stored = cloud.resource_at(operation.resource.as_deref()?)?;
                Some(super::resource::render(cloud, stored))
            })
            .map_or_else(|| Reply::empty(200), Reply::ok),
    }
}
