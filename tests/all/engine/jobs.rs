//! The cluster that the sample notebook creates, with its roles, and what is created beside it in one subnet.

use std::collections::BTreeSet;

use privateaml::{
    domain::{audit::AuditAnswer, settings::MonitorAccess},
    engine::{Control, audit},
    practice::{Fault, SUBSCRIPTION},
};
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    bench::{Bench, GROUP, ready, request},
    stranger::Stranger,
};

const NOTEBOOK: &str = include_str!("../../../assets/samples/runner.ipynb");
const BLOB: &str = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
const FILE: &str = "69566ab7-960f-475b-8e7c-b3118f30c6bd";
const PULL: &str = "7f951dda-4ed3-4680-a7ca-43fe172d538d";
const PUSH: &str = "8311e382-0749-4cb8-b61a-304f252e45ec";

/// The code of a cell.
fn cell(id: &str) -> String {
    let notebook: Value = serde_json::from_str(NOTEBOOK).unwrap();
    let cells = notebook["cells"].as_array().unwrap();
    let cell = cells.iter().find(|each| each["id"] == id).unwrap();
    let lines = cell["source"].as_array().unwrap().iter();
    lines.map(|line| line.as_str().unwrap()).collect()
}

/// What follows a mark in a text, up to the closing quote.
fn quoted<'text>(text: &'text str, mark: &str) -> &'text str {
    let (_, rest) = text.split_once(mark).unwrap();
    rest.split('"').next().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_samples_cluster_may_read_data_and_pull_images_and_not_push_them() {
    let bench = Bench::at(4000.0, &[]);
    ready(bench.deploy_with(&request(), &Control::default()).await);
    let group = format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}");
    let code = cell("cluster");
    assert!(
        code.contains("type=\"user_assigned\"") && code.contains("enable_node_public_ip=False")
    );
    let filled = |text: &str| text.replace("{group}", &group).replace("{environment}", "test4821");
    let identity = filled(quoted(&code, "job_identity = f\""));
    let network = filled(quoted(&code, "vnet_name=f\""));
    let subnet = quoted(&code, "subnet=\"");
    let providers = format!("{group}/providers");
    let subnet =
        format!("{providers}/Microsoft.Network/virtualNetworks/{network}/subnets/{subnet}");
    let workspace = format!("{providers}/Microsoft.MachineLearningServices/workspaces/ml-test4821");
    let cluster = format!("{workspace}/computes/{}", quoted(&code, "cluster_name = \""));
    let stranger = Stranger::at(&bench.server).await;
    let body = json!({
        "location": "westeurope",
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {(identity.as_str()): {}}},
        "properties": {"computeType": "AmlCompute", "properties": {
            "vmSize": "Standard_DS3_v2", "enableNodePublicIp": false, "subnet": {"id": subnet},
            "scaleSettings": {"minNodeCount": 0, "maxNodeCount": 2, "nodeIdleTimeBeforeScaleDown": "PT5M"},
        }},
    });
    stranger.put(&cluster, body).await;

    let made = stranger.ask(Method::GET, &cluster, Value::Null).await;
    let principal = &made["identity"]["userAssignedIdentities"][&identity]["principalId"];
    assert!(principal.is_string(), "{made}");
    let path = format!("{providers}/Microsoft.Authorization/roleAssignments");
    let assignments = stranger.ask(Method::GET, &path, Value::Null).await;
    let assignments = assignments["value"].as_array().unwrap();
    let role = |each: &Value| {
        let role = each["properties"]["roleDefinitionId"].as_str().unwrap();
        role.rsplit('/').next().unwrap().to_owned()
    };
    let roles: BTreeSet<(String, &str)> = assignments
        .iter()
        .filter(|each| each["properties"]["principalId"] == *principal)
        .map(|each| {
            let scope = each["properties"]["scope"].as_str().unwrap();
            (role(each), scope.rsplit('/').next().unwrap())
        })
        .collect();
    let wanted = [
        (BLOB.to_owned(), "stgtest4821"),
        (FILE.to_owned(), "stgtest4821"),
        (PULL.to_owned(), "acrtest4821"),
    ];
    assert_eq!(roles, wanted.into_iter().collect());
    let builder = format!("{workspace}/computes/image-build");
    let builder = stranger.ask(Method::GET, &builder, Value::Null).await;
    let pushers: Vec<&Value> = assignments
        .iter()
        .filter(|each| role(each) == PUSH)
        .map(|each| &each["properties"]["principalId"])
        .collect();
    assert_eq!(pushers, [&builder["identity"]["principalId"]]);
}

/// Two endpoints of one subnet at the same time are refused; the template never asks for that.
#[tokio::test(flavor = "multi_thread")]
async fn endpoints_of_one_subnet_do_not_race() {
    let bench = Bench::at(4000.0, &[Fault::EndpointRace]);
    let ready = ready(bench.deploy_with(&request(), &Control::default()).await);
    assert_eq!(ready.record.attempts.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_monitor_scope_is_open_by_choice_where_it_was_chosen_and_wrong_where_not() {
    for mode in [MonitorAccess::Open, MonitorAccess::PrivateOnly] {
        let bench = Bench::at(4000.0, &[]);
        let mut wanted = request();
        wanted.settings.monitor_access = mode;
        ready(bench.deploy_with(&wanted, &Control::default()).await);
        let scope = format!(
            "/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.Insights/privateLinkScopes/ampls-test4821"
        );
        let stranger = Stranger::at(&bench.server).await;
        stranger
            .change(&scope, |body| {
                body["properties"]["accessModeSettings"]["queryAccessMode"] = json!("Open");
            })
            .await;
        let audit = audit(&bench.context(), &bench.record().unwrap(), true).await.unwrap();
        let field = "properties.accessModeSettings.queryAccessMode";
        let mut findings = audit.points.iter().flat_map(|point| &point.findings);
        let finding = findings.find(|each| each.field == field).unwrap();
        let chosen = mode == MonitorAccess::Open;
        assert_eq!(finding.by_choice, chosen, "{finding:?}");
        let answer = if chosen { AuditAnswer::Holds } else { AuditAnswer::DoesNotHold };
        assert_eq!(finding.answer, answer, "{finding:?}");
        assert!(!finding.remedy.is_empty());
    }
}
