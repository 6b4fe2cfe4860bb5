//! What an answer must be before it is believed: its shape, its subject, and the end that is read back.

use serde_json::json;

use super::tests::{RG, arm, no_group};
use super::*;
use crate::azure::http::support::{Reply, Server};

#[tokio::test]
async fn what_was_to_be_removed_is_read_whatever_was_answered() {
    let there = json!({"id": "/g", "name": "rg", "location": "x"});
    for accepted in [Reply::empty(200), Reply::empty(204), Reply::json(200, json!({}))] {
        let there = there.clone();
        let server = Server::start(move |seen, before| match (seen.method.as_str(), before) {
            ("DELETE", _) => accepted.clone(),
            (_, 0) => Reply::json(200, there.clone()).header("x-ms-retry-after-ms", "1"),
            _ => Reply::json(404, no_group("rg")),
        })
        .await;
        let arm = arm(&server);
        let begun = arm.delete_resource_group("rg").await.unwrap();
        let mut states = Vec::new();
        let told = |state: &str| states.push(state.to_owned());
        arm.finish(begun, told).await.unwrap();
        assert_eq!(states, ["Deleting"]);
    }
}

#[tokio::test]
async fn what_stays_is_not_called_removed() {
    let there = json!({"id": "/g", "name": "rg", "location": "x"});
    let server = Server::start(move |seen, _| match seen.method.as_str() {
        "DELETE" => Reply::empty(204),
        _ => Reply::json(200, there.clone()).header("x-ms-retry-after-ms", "0"),
    })
    .await;
    let arm = arm(&server);
    let begun = arm.delete_resource_group("rg").await.unwrap();
    let problem = arm.finish(begun, |_| {}).await.unwrap_err();
    assert_eq!(problem.code, "StillThere");
}

#[tokio::test]
async fn an_answer_without_the_expected_shape_is_an_error_that_may_pass() {
    let page = || Reply::text(200, "<html>Sign in to the guest network</html>");
    let answers: Vec<Reply> = vec![
        page(),
        Reply::empty(200),
        Reply::json(200, json!({})),
        Reply::json(200, json!([])),
        Reply::text(404, "<html>404</html>"),
        Reply::empty(404),
    ];
    for answer in answers {
        let answered = answer.clone();
        let server = Server::start(move |_, _| answered.clone()).await;
        let arm = arm(&server);
        let network = format!("{RG}/providers/Microsoft.Network/virtualNetworks/v");
        let codes = [
            arm.resource_group("rg-test4821").await.err(),
            arm.resource(&network).await.err(),
            arm.resources("rg-test4821").await.err(),
            arm.deployment("rg-test4821", "d").await.err(),
            arm.deployments("rg-test4821").await.err(),
            arm.virtual_networks().await.err(),
            arm.virtual_network_peerings(&network).await.err(),
            arm.power(&network).await.err(),
            arm.subscription().await.err(),
            arm.deleted_vaults().await.err(),
        ];
        for problem in codes {
            let problem = problem.expect("nothing was told");
            assert_eq!(problem.code, "UnexpectedAnswer", "{answer:?}");
            assert!(problem.is_transient());
        }
    }
}

#[tokio::test]
async fn one_such_answer_passes() {
    let server = Server::start(|_, before| match before {
        0 => Reply::text(200, "<html>"),
        1 => Reply::json(200, json!({})),
        _ => Reply::json(200, json!({"value": []})),
    })
    .await;
    assert_eq!(arm(&server).virtual_networks().await.unwrap(), []);
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn a_poll_without_a_status_is_no_end() {
    let server = Server::start(|seen, before| match (seen.method.as_str(), before) {
        ("DELETE", _) => {
            let at = seen.here("/operation");
            Reply::empty(202).header("azure-asyncoperation", &at).header("x-ms-retry-after-ms", "1")
        }
        _ => Reply::json(200, json!({"value": "nothing of use"})),
    })
    .await;
    let arm = arm(&server);
    let begun = arm.delete_resource_group("rg").await.unwrap();
    let problem = arm.finish(begun, |_| {}).await.unwrap_err();
    assert_eq!(problem.code, "UnexpectedAnswer");
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_not_read_to_its_end() {
    let large = "x".repeat(25 << 20);
    let server = Server::start(move |_, _| Reply::text(200, &large)).await;
    let problem = arm(&server).subscription().await.unwrap_err();
    assert_eq!(problem.code, "UnexpectedAnswer");
    assert!(problem.original.unwrap().contains("24 MiB"));
}

#[tokio::test]
async fn a_write_that_names_no_operation_is_settled_by_the_resource() {
    let body = |state: &str| json!({"id": "/v", "properties": {"provisioningState": state}});
    let server = Server::start(move |seen, before| match (seen.method.as_str(), before) {
        ("PUT", _) | (_, 0) => {
            Reply::json(200, body("RegisteringDns")).header("x-ms-retry-after-ms", "1")
        }
        _ => Reply::json(200, body("Succeeded")),
    })
    .await;
    let arm = arm(&server);
    let vault = format!("{RG}/providers/Microsoft.KeyVault/vaults/kv-test4821");
    let begun = arm.put_resource(&vault, &json!({})).await.unwrap();
    let Started::Running(mut settling) = begun else {
        panic!("a state that is not final goes on");
    };
    settling.pause = Some(std::time::Duration::ZERO);
    let end = arm.finish(Started::Running(settling), |_| {}).await;
    assert_eq!(end.unwrap()["properties"]["provisioningState"], "Succeeded");
}
