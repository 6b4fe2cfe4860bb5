//! What a deployment over an environment would change: what Azure's what-if lists and no deployment does is told as
//! that, and every change with its values.

use privateaml::domain::forecast::{ChangeKind, Forecast};
use privateaml::engine::foresee;
use privateaml::practice::{Fault, SUBSCRIPTION};
use serde_json::json;

use super::bench::{Bench, GROUP, ready};
use super::stranger::Stranger;

const NETWORK: &str = "providers/Microsoft.Network/virtualNetworks/vnet-test4821";

/// The properties of a forecast that are known to be no change.
fn noise(forecast: &Forecast) -> Vec<&str> {
    let changes = forecast.changes.iter().chain(&forecast.apart);
    let properties = changes.flat_map(|change| &change.properties);
    properties.filter(|one| one.noise.is_some()).map(|one| one.path.as_str()).collect()
}

#[tokio::test]
async fn noise_is_told_apart_from_what_changes() {
    let bench = Bench::new();
    let record = ready(bench.deploy().await).record;
    let bench = bench.again(&[Fault::WhatIfNoise]);
    let (context, stranger) = (bench.context(), Stranger::at(&bench.server).await);
    let group = format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}");
    let peering = format!("{group}/{NETWORK}/virtualNetworkPeerings/to-vnet-other");
    let other = format!("/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-other");
    let elsewhere = format!("{other}/providers/Microsoft.Network/virtualNetworks/vnet-other");
    let space = json!({"addressSpace": {"addressPrefixes": ["10.200.0.0/16"]}});
    stranger.put(&other, json!({"location": "westeurope"})).await;
    stranger.put(&elsewhere, json!({"location": "westeurope", "properties": space})).await;
    let remote = json!({"properties": {"remoteVirtualNetwork": {"id": elsewhere}}});
    stranger.put(&peering, remote).await;

    let forecast = foresee(&context, &record, &record.settings).await.unwrap();
    assert!(forecast.is_empty(), "{:#?}", forecast.changes);
    let told = noise(&forecast);
    assert!(told.contains(&"properties.virtualNetworkPeerings"), "{told:?}");
    assert!(told.contains(&"properties.privateEndpointVNetPolicies"), "{told:?}");
    assert!(told.iter().any(|path| path.ends_with("privateEndpointNetworkPolicies")), "{told:?}");

    let mut longer = record.settings.clone();
    longer.log_retention_days = 90;
    let forecast = foresee(&context, &record, &longer).await.unwrap();
    let [change] = &forecast.changes[..] else { panic!("{:#?}", forecast.changes) };
    assert_eq!(change.kind, ChangeKind::Modify);
    assert!(change.id.ends_with("/workspaces/log-test4821"), "{}", change.id);
    let [property] = &change.properties[..] else { panic!("{change:#?}") };
    assert_eq!(property.path, "properties.retentionInDays");
    assert_eq!((&property.before, &property.after), (&json!(30), &json!(90)));
    // Asking has changed nothing.
    assert_eq!(bench.record().unwrap(), record);
}
