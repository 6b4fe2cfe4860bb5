//! Typed calls against a server on loopback: paths, pages, long operations, deployments.

use serde_json::{Map, json};

use super::*;
use crate::azure::http::support::{Counting, Reply, SeenRequest, Server};
use crate::domain::forecast::ChangeKind;

pub(super) const RG: &str = "/subscriptions/s/resourcegroups/rg-test4821";

pub(super) fn arm(server: &Server) -> Arm {
    Arm::new(server.http(Counting::new(3600)), "s")
}

fn submission() -> Submission {
    Submission::new(json!({"resources": {}}), Map::new())
}

fn refusal(code: &str) -> Value {
    json!({"error": {"code": code, "message": "no"}})
}

pub(super) fn no_group(name: &str) -> Value {
    let message = format!("Resource group '{name}' could not be found.");
    json!({"error": {"code": "ResourceGroupNotFound", "message": message}})
}

#[tokio::test]
async fn a_list_is_read_page_by_page() {
    let server = Server::start(|seen, before| {
        let page = |id: &str, state: &str| json!([{"subscriptionId": id, "displayName": id, "state": state}]);
        if before == 0 {
            let next = seen.here("/subscriptions?api-version=2022-12-01&page=2");
            Reply::json(200, json!({"value": page("a", "Enabled"), "nextLink": next}))
        } else {
            Reply::json(200, json!({"value": page("b", "Disabled")}))
        }
    })
    .await;
    let all = arm(&server).subscriptions().await.unwrap();
    let ids: Vec<&str> = all.iter().map(|each| each.subscription_id.as_str()).collect();
    assert_eq!(ids, ["a", "b"]);
    assert!(all[0].is_enabled() && !all[1].is_enabled());
    assert!(server.seen()[1].query.contains("page=2"));
}

#[tokio::test]
async fn a_next_page_at_a_strangers_is_refused() {
    let server = Server::start(|_, _| {
        Reply::json(200, json!({"value": [], "nextLink": "http://127.0.0.1:9/subscriptions"}))
    })
    .await;
    let problem = arm(&server).subscriptions().await.unwrap_err();
    assert_eq!(problem.code, "ForeignAddress");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_list_without_end_ends() {
    let server = Server::start(|_, _| {
        Reply::json(200, json!({"value": [], "nextLink": "/tenants?api-version=2022-12-01"}))
    })
    .await;
    let problem = arm(&server).tenants().await.unwrap_err();
    assert_eq!(problem.code, "ListWithoutEnd");
}

#[tokio::test]
async fn paths_and_versions_are_those_of_azure() {
    let server = Server::start(|seen, _| match seen.method.as_str() {
        "GET" if seen.path.ends_with("/operations") => Reply::json(200, json!({"value": []})),
        "POST" if seen.path.ends_with("/cancel") => Reply::empty(204),
        _ => Reply::json(404, no_group("rg-test4821")),
    })
    .await;
    let arm = arm(&server);
    arm.operations("rg-test4821", "d").await.unwrap();
    arm.cancel("rg-test4821", "d").await.unwrap();
    assert_eq!(arm.resource_group("rg-test4821").await.unwrap(), None);
    assert_eq!(arm.deployment("rg-test4821", "d").await.unwrap(), None);
    let asked: Vec<String> = server
        .seen()
        .iter()
        .map(|each| format!("{} {}?{}", each.method, each.path, each.query))
        .collect();
    let deployment = format!("{RG}/providers/Microsoft.Resources/deployments/d");
    assert_eq!(
        asked,
        [
            format!("GET {RG}/deployments/d/operations?api-version=2025-04-01"),
            format!("POST {deployment}/cancel?api-version=2025-04-01"),
            format!("GET {RG}?api-version=2025-04-01"),
            format!("GET {deployment}?api-version=2025-04-01"),
        ]
    );
}

#[tokio::test]
async fn names_cannot_leave_their_place_in_a_path() {
    let server = Server::start(|_, _| Reply::json(404, no_group("a/b?c#d"))).await;
    let arm = arm(&server);
    assert_eq!(arm.resource_group("a/b?c#d").await.unwrap(), None);
    assert_eq!(server.seen()[0].path, "/subscriptions/s/resourcegroups/a%2Fb%3Fc%23d");
}

#[tokio::test]
async fn a_check_refused_with_nested_reasons_gives_its_leaf() {
    let server = Server::start(|_, _| {
        Reply::json(400, json!({"error": {"code": "InvalidTemplateDeployment", "message": "see inner", "details": [
            {"code": "StorageAccountAlreadyTaken", "message": "taken", "target": "sttest4821"}]}}))
    })
    .await;
    let problem = arm(&server).validate("rg", "d", &submission()).await.unwrap_err();
    assert_eq!(problem.code, "StorageAccountAlreadyTaken");
    assert!(problem.remedies().contains(&crate::domain::action::Action::NewDigits));
}

/// Answers 202 with a header that leads to `/result`, which is not ready at the first question.
fn later(header: &'static str, last: Value) -> impl Fn(&SeenRequest, usize) -> Reply + Send + Sync {
    move |seen, before| {
        if seen.path != "/result" {
            return Reply::empty(202)
                .header(header, &seen.here("/result?t=1"))
                .header("x-ms-retry-after-ms", "1");
        }
        if before == 0 {
            return Reply::json(202, json!({"status": "Running"}))
                .header("x-ms-retry-after-ms", "1");
        }
        Reply::json(200, last.clone())
    }
}

#[tokio::test]
async fn a_check_answered_later_is_followed() {
    let found = json!({"properties": {"validatedResources": [{"id": "/x"}]}});
    let server = Server::start(later("location", found)).await;
    let checked = arm(&server).validate("rg", "d", &submission()).await.unwrap();
    assert_eq!(checked.resources, ["/x"]);
    assert_eq!(server.seen().last().unwrap().query, "t=1");
    let server = Server::start(later("location", refusal("QuotaExceeded"))).await;
    let problem = arm(&server).validate("rg", "d", &submission()).await.unwrap_err();
    assert_eq!(problem.code, "QuotaExceeded");
}

#[tokio::test]
async fn a_preview_is_read_and_its_failure_in_an_answer_of_success_too() {
    let found = json!({"status": "Succeeded", "properties": {"changes": [
        {"resourceId": "/a", "changeType": "NoChange"},
        {"resourceId": "/b", "changeType": "Modify", "delta": [{"path": "tags.x", "propertyChangeType": "Create", "after": "1"}]},
        {"resourceId": "/c", "changeType": "SomethingNew", "unsupportedReason": "reference"}]}});
    let server = Server::start(later("location", found)).await;
    let preview = arm(&server).what_if("rg", "d", &submission()).await.unwrap();
    let kinds: Vec<ChangeKind> = preview.iter().map(|change| change.kind).collect();
    assert_eq!(kinds, [ChangeKind::NoChange, ChangeKind::Modify, ChangeKind::Unsupported]);
    assert_eq!(preview[1].delta.as_ref().unwrap()[0].after, "1");
    let sent = server.seen()[0].json();
    assert_eq!(sent["properties"]["whatIfSettings"]["resultFormat"], "FullResourcePayloads");

    let failed =
        json!({"status": "Failed", "error": {"code": "InvalidTemplate", "message": "bad"}});
    let server = Server::start(later("location", failed)).await;
    let problem = arm(&server).what_if("rg", "d", &submission()).await.unwrap_err();
    assert_eq!(problem.code, "InvalidTemplate");
}

#[tokio::test]
async fn an_operation_tells_its_end_in_the_body() {
    for (last, code) in [
        (json!({"status": "Succeeded"}), None),
        (
            json!({"status": "Failed", "error": {"code": "ScopeLocked", "message": "no"}}),
            Some("ScopeLocked"),
        ),
        (json!({"status": "Canceled"}), Some("Canceled")),
        (json!({"status": "Failed"}), Some("OperationFailed")),
    ] {
        let server = Server::start(later("azure-asyncoperation", last)).await;
        let arm = arm(&server);
        let started = arm.put_resource("/x", &json!({})).await.unwrap();
        let mut states = Vec::new();
        let end = arm.finish(started, |state| states.push(state.to_owned())).await;
        assert_eq!(end.err().map(|problem| problem.code).as_deref(), code);
        assert_eq!(states, ["Running"]);
    }
}

#[tokio::test]
async fn an_operation_at_a_strangers_is_not_asked() {
    let server =
        Server::start(|_, _| Reply::empty(202).header("location", "https://example.com/operation"))
            .await;
    let arm = arm(&server);
    let Started::Running(mut operation) = arm.delete_resource_group("rg").await.unwrap() else {
        panic!("202 with Location goes on");
    };
    let problem = arm.poll(&mut operation).await.unwrap_err();
    assert_eq!(problem.code, "ForeignAddress");
}

#[tokio::test]
async fn what_is_gone_counts_as_removed() {
    let server = Server::start(|_, _| Reply::json(404, no_group("rg"))).await;
    let arm = arm(&server);
    let network =
        "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v";
    for begun in [arm.delete_resource_group("rg").await, arm.delete_resource(network).await] {
        assert_eq!(begun.unwrap(), Started::Done(Value::Null));
    }
}

fn nested_operation(id: &str, name: &str) -> Value {
    json!({"operationId": id, "properties": {
        "provisioningOperation": "Create", "provisioningState": "Succeeded",
        "timestamp": "2026-11-24T03:00:00Z", "duration": "PT1S", "statusCode": "OK",
        "targetResource": {
            "id": format!("/subscriptions/s/resourceGroups/hub/providers/Microsoft.Resources/deployments/{name}"),
            "resourceType": "Microsoft.Resources/deployments", "resourceName": name}}})
}

#[tokio::test]
async fn operations_of_nested_deployments_are_found_with_ids_of_their_own() {
    let leaf = json!({"operationId": "1", "properties": {
        "provisioningOperation": "Create", "provisioningState": "Running",
        "timestamp": "2026-11-24T03:00:01Z", "duration": "PT1S",
        "targetResource": {"id": "/n", "resourceType": "Microsoft.Network/routeTables", "resourceName": "n"}}});
    let server = Server::start(move |seen, _| {
        let parts: Vec<&str> = seen.path.split('/').collect();
        match parts[parts.len() - 2] {
            "outer" => Reply::json(
                200,
                json!({"value": [nested_operation("1", "inner"), nested_operation("2", "gone")]}),
            ),
            "inner" => Reply::json(200, json!({"value": [leaf]})),
            _ => Reply::json(404, refusal("DeploymentNotFound")),
        }
    })
    .await;
    let all = arm(&server).operations("rg", "outer").await.unwrap();
    let mut ids: Vec<&str> = all.iter().map(|each| each.id.as_str()).collect();
    ids.dedup();
    assert_eq!(ids.len(), 3);
    assert_eq!(all[2].target.as_ref().unwrap().name, "n");
}

#[tokio::test]
async fn a_deployment_is_begun_with_its_secrets_and_read_without() {
    let server = Server::start(|seen, _| {
        if seen.method == "PUT" {
            let body = json!({"id": "/d", "name": "d", "properties": {"provisioningState": "Accepted",
                "correlationId": "c-1", "timestamp": "2026-11-24T03:00:00Z", "duration": "PT0.5S"}});
            return Reply::json(201, body)
                .header("azure-asyncoperation", &seen.here("/status"))
                .header("x-ms-retry-after-ms", "250");
        }
        Reply::json(200, json!({"id": "/d", "name": "d", "properties": {"provisioningState": "Failed",
            "correlationId": "c-1", "duration": "PT12M", "outputs": {"a": {"type": "String", "value": "b"}},
            "outputResources": [{"id": "/r"}],
            "error": {"code": "DeploymentFailed", "message": "x", "details": [{"code": "AllocationFailed", "message": "full"}]}}}))
    })
    .await;
    let arm = arm(&server);
    let mut sent = submission();
    sent.secure
        .push(("adminPassword".into(), crate::domain::secret::Secret::new("pw-pw-pw".into())));
    let begun = arm.create_deployment("rg", "d", &sent).await.unwrap();
    assert_eq!((begun.state.as_str(), begun.is_finished()), ("Accepted", false));
    assert_eq!(begun.pause, Some(std::time::Duration::from_millis(250)));
    let body = server.seen()[0].json();
    assert_eq!(body["properties"]["parameters"]["adminPassword"]["value"], "pw-pw-pw");
    assert_eq!(body["properties"]["mode"], "Incremental");
    let read = arm.deployment("rg", "d").await.unwrap().unwrap();
    assert!(read.is_finished());
    assert_eq!((read.duration.as_secs(), read.resources), (720, vec!["/r".to_owned()]));
    let error = read.error.unwrap();
    assert_eq!(
        (error.code.as_str(), error.correlation_id.as_deref()),
        ("AllocationFailed", Some("c-1"))
    );
}

/// The first request took effect, but its answer was lost; the repetition meets what it began itself.
#[tokio::test]
async fn a_deployment_whose_answer_was_lost_is_the_one_that_runs() {
    let server = Server::start(|seen, before| match (seen.method.as_str(), before) {
        ("PUT", 0) => Reply::broken(),
        ("PUT", _) => Reply::json(409, refusal("DeploymentActive")),
        _ => Reply::json(
            200,
            json!({"id": "/d", "name": "d", "properties": {"provisioningState": "Running"}}),
        ),
    })
    .await;
    let begun = arm(&server).create_deployment("rg", "d", &submission()).await.unwrap();
    assert_eq!((begun.name.as_str(), begun.state.as_str()), ("d", "Running"));
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn a_group_that_is_being_removed_is_followed_until_it_is_gone() {
    let server = Server::start(|seen, before| match (seen.method.as_str(), before) {
        ("DELETE", _) => Reply::json(409, refusal("ResourceGroupBeingDeleted")),
        (_, 0) => Reply::json(200, json!({"id": "/g", "name": "rg", "location": "x", "properties": {"provisioningState": "Deleting"}}))
            .header("x-ms-retry-after-ms", "1"),
        _ => Reply::json(404, no_group("rg")),
    })
    .await;
    let arm = arm(&server);
    let Started::Running(mut removal) = arm.delete_resource_group("rg").await.unwrap() else {
        panic!("a group that is being removed goes on");
    };
    removal.pause = Some(std::time::Duration::from_millis(1));
    let mut states = Vec::new();
    let told = |state: &str| states.push(state.to_owned());
    arm.finish(Started::Running(removal), told).await.unwrap();
    assert_eq!(states, ["Deleting"]);
}
