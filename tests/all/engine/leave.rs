//! An environment goes: in order, past what stands in the way, and with word of what remains.

use std::collections::BTreeMap;

use privateaml::{
    azure::arm::Started,
    domain::{
        environment::remains::Remain,
        operation::{Ended, Event, OperationStep},
        problem::Problem,
    },
    engine::{Context, Control, DeleteOptions, delete_environment},
    practice::Fault,
};
use serde_json::{Value, json};

use super::bench::{Bench, GROUP, ready, request};

async fn put(context: &Context, id: &str, body: &Value) {
    let started = context.arm.put_resource(id, body).await.unwrap();
    context.arm.finish(started, |_| ()).await.unwrap();
}

fn group_of(context: &Context, group: &str) -> String {
    format!("/subscriptions/{}/resourceGroups/{group}", context.arm.subscription_id())
}

/// A hub with a gateway-less network, peered with the environment's in both directions.
pub async fn hub(context: &Context) -> String {
    let none = BTreeMap::new();
    context.arm.create_resource_group("rg-hub", "westeurope", &none).await.unwrap();
    let networks = "providers/Microsoft.Network/virtualNetworks";
    let hub = format!("{}/{networks}/hub", group_of(context, "rg-hub"));
    let spoke = format!("{}/{networks}/vnet-test4821", group_of(context, GROUP));
    let body = json!({"location": "westeurope", "properties": {
        "addressSpace": {"addressPrefixes": ["10.9.0.0/16"]}, "subnets": []}});
    put(context, &hub, &body).await;
    for (from, to) in [(&hub, &spoke), (&spoke, &hub)] {
        let id = format!("{from}/virtualNetworkPeerings/to-other");
        let body = json!({"properties": {
            "remoteVirtualNetwork": {"id": to}, "allowVirtualNetworkAccess": true}});
        put(context, &id, &body).await;
    }
    hub
}

async fn remove(bench: &Bench, options: DeleteOptions) -> Result<Ended<Vec<Remain>>, Problem> {
    let context = bench.context();
    let record = bench.record().unwrap();
    let control = Control::default();
    delete_environment(&context, &record, options, &control, &bench.events).await
}

#[tokio::test]
async fn everything_goes_and_the_result_says_what_remains() {
    let mut bench = Bench::new();
    let mut wanted = request();
    wanted.settings.compute_instance = true;
    ready(bench.deploy_with(&wanted, &Control::default()).await);
    let context = bench.context();
    let hub = hub(&context).await;
    bench.heard();
    let Ok(Ended::Done(remains)) = remove(&bench, DeleteOptions::default()).await else {
        panic!("gone");
    };
    let acts: Vec<OperationStep> = bench
        .heard()
        .into_iter()
        .filter_map(|event| match event {
            Event::Act { act, number, of } => {
                assert!(number <= of);
                Some(act)
            }
            _ => None,
        })
        .collect();
    let at = |wanted: fn(&OperationStep) -> bool| acts.iter().position(wanted).expect("told");
    let order = [
        at(|act| matches!(act, OperationStep::DeletingComputes { count: 2 })),
        at(|act| matches!(act, OperationStep::LeavingNetworks)),
        at(|act| matches!(act, OperationStep::PurgingWorkspace { .. })),
        at(|act| matches!(act, OperationStep::DeletingEndpoints { .. })),
        at(|act| matches!(act, OperationStep::EmptyingScope { .. })),
        at(|act| matches!(act, OperationStep::PurgingLogs { .. })),
        at(|act| matches!(act, OperationStep::DeletingVault { .. })),
        at(|act| matches!(act, OperationStep::DeletingGroup { .. })),
    ];
    assert!(order.is_sorted(), "{acts:#?}");
    assert_eq!(context.arm.virtual_network_peerings(&hub).await.unwrap(), Some(Vec::new()));
    assert_eq!(context.arm.resource_group(GROUP).await.unwrap(), None);
    let vaults = context.arm.deleted_vaults().await.unwrap();
    let told: Vec<&str> = remains
        .iter()
        .filter_map(|remain| match remain {
            Remain::Vault { name, free_from } => {
                assert!(free_from.len() > 10, "{free_from}");
                Some(name.as_str())
            }
            _ => None,
        })
        .collect();
    let kept: Vec<&str> = vaults.iter().map(|vault| vault.name.as_str()).collect();
    assert_eq!(told, kept);
    assert_eq!(remains.len(), kept.len());
    assert_eq!(context.arm.deleted_log_workspaces(GROUP).await.unwrap(), [""; 0]);
    assert!(bench.secrets.accounts().is_empty());
}

#[tokio::test]
async fn what_belongs_to_the_hub_s_owner_is_handed_over() {
    let bench = Bench::new();
    ready(bench.deploy().await);
    let context = bench.context();
    let hub = hub(&context).await;
    // The hub's owner is somebody else from now on.
    let bench = bench.again(&[Fault::NoHubRights]);
    let Ok(Ended::Done(remains)) = remove(&bench, DeleteOptions::default()).await else {
        panic!("gone");
    };
    let command = remains.iter().find_map(|remain| match remain {
        Remain::Foreign { command, .. } => Some(command.as_str()),
        _ => None,
    });
    let expected = format!("{hub}/virtualNetworkPeerings/to-other");
    assert!(command.unwrap().contains(&expected), "{command:?}");
    let left = bench.context().arm.virtual_network_peerings(&hub).await.unwrap();
    assert_eq!(left.unwrap()[0].state, "Disconnected");
}

#[tokio::test]
async fn locks_are_named_and_removed_only_when_asked() {
    let bench = Bench::new();
    ready(bench.deploy().await);
    let context = bench.context();
    let vault = "providers/Microsoft.KeyVault/vaults/kv-test4821";
    let lock = format!(
        "{}/{vault}/providers/Microsoft.Authorization/locks/keep",
        group_of(&context, GROUP)
    );
    let body = json!({"properties": {"level": "CanNotDelete"}});
    put(&context, &lock, &body).await;
    let before = context.arm.resources(GROUP).await.unwrap();
    let problem = remove(&bench, DeleteOptions::default()).await.unwrap_err();
    assert_eq!(problem.code, "EnvironmentLocked");
    assert!(problem.what.contains("keep (CanNotDelete)"), "{problem}");
    assert!(problem.advice.contains("--remove-locks"), "{problem}");
    assert_eq!(context.arm.resources(GROUP).await.unwrap(), before);
    let group = context.arm.resource_group(GROUP).await.unwrap().unwrap();
    assert!(!group.tags.contains_key("privateaml-intent"));
    let removed = remove(&bench, DeleteOptions { remove_locks: true }).await;
    assert!(matches!(removed, Ok(Ended::Done(_))), "{removed:?}");
}

/// Azure's own refusals, which the order of the removal avoids.
#[tokio::test]
async fn the_practice_cloud_refuses_what_azure_refuses() {
    let bench = Bench::new();
    ready(bench.deploy().await);
    let context = bench.context();
    let group = group_of(&context, GROUP);
    for (rest, code) in [
        ("Microsoft.Network/virtualNetworks/vnet-test4821", "InUseSubnetCannotBeDeleted"),
        ("Microsoft.Network/publicIPAddresses/pip-fw-test4821", "PublicIPAddressCannotBeDeleted"),
        ("Microsoft.Network/privateDnsZones/privatelink.api.azureml.ms", "CannotDeleteResource"),
        ("Microsoft.Network/routeTables/rt-test4821", "InUseRouteTableCannotBeDeleted"),
    ] {
        let id = format!("{group}/providers/{rest}");
        let refused: Result<Started, Problem> = context.arm.delete_resource(&id).await;
        assert_eq!(refused.unwrap_err().code, code, "{rest}");
    }
}
