use serde_json::json;

use super::*;

fn of(resources: &[(&str, Value)]) -> Estimate {
    estimate_existing(resources.iter().map(|(kind, body)| (*kind, body)), Prices::embedded())
}

#[test]
fn the_asset_is_read_and_every_figure_has_a_source() {
    let prices = Prices::parse(include_str!("../../../assets/prices.toml")).unwrap();
    assert!(prices.as_of.parse::<jiff::civil::Date>().is_ok());
    for price in &prices.prices {
        assert!(price.amount >= 0.0 && !price.source.is_empty());
        assert_eq!(price.sku.is_some(), price.sku_at.is_some());
        assert!(!price.source.contains("unverified") || price.estimate, "{}", price.what);
        assert!(!prices.are_free(&price.resource_type), "{}", price.what);
    }
}

#[test]
fn a_pause_stops_the_firewall_and_the_machine_but_not_its_disk() {
    let machine = json!({"properties": {"hardwareProfile": {"vmSize": "Standard_D2s_v5"}}});
    let firewall = json!({"properties": {"sku": {"tier": "Standard"}, "ipConfigurations": [{}]}});
    let whole = of(&[
        ("Microsoft.Network/azureFirewalls", firewall),
        ("Microsoft.Compute/virtualMachines", machine),
    ]);
    let paused = whole.while_paused();
    assert_eq!(paused.lines.len(), 1);
    assert!(paused.lines[0].what.contains("disk"));
    let saved = whole.daily - paused.daily;
    assert!((saved - 24.0 * (1.25 + 0.096)).abs() < 0.01, "{saved}");
}

/// The fixed part of the design of 2022, from the same figures: 912.50 + 138.70 + about 50 + 7.30 + 36.50 + 3.50.
#[test]
fn the_environment_of_2022_costs_what_it_is_known_to_cost() {
    let firewall = json!({"properties": {"sku": {"tier": "Standard"}, "ipConfigurations": [{}]}});
    let mut resources = vec![
        ("Microsoft.Network/azureFirewalls", firewall),
        ("Microsoft.Network/bastionHosts", json!({"sku": {"name": "Basic"}})),
        ("Microsoft.ContainerRegistry/registries", json!({"sku": {"name": "Premium"}})),
        ("Microsoft.Network/virtualNetworks", json!({})),
        ("Microsoft.Network/privateDnsZones/virtualNetworkLinks", json!({})),
    ];
    resources.extend((0..2).map(|_| ("Microsoft.Network/publicIPAddresses", json!({}))));
    resources.extend((0..5).map(|_| ("Microsoft.Network/privateEndpoints", json!({}))));
    resources.extend((0..7).map(|_| ("Microsoft.Network/privateDnsZones", json!({}))));
    let estimate = of(&resources);
    assert_eq!(estimate.missing, [""; 0]);
    assert!((estimate.monthly - 1_149.2).abs() < 0.1, "{}", estimate.monthly);
    assert!((estimate.daily - estimate.hourly * 24.0).abs() < 1e-9);
    assert_eq!(estimate.lines[0].what, "Azure Firewall Standard");
    let endpoints = estimate.lines.iter().find(|line| line.what == "Private endpoint");
    assert_eq!(endpoints.unwrap().count, 5);
}

#[test]
fn a_machine_costs_its_disk_even_where_its_size_is_unknown() {
    let of_size = |size: &str| {
        let body = json!({"properties": {"hardwareProfile": {"vmSize": size}}});
        of(&[("Microsoft.Compute/virtualMachines", body)])
    };
    assert_eq!(of_size("standard_d2s_v5").lines.len(), 2);
    let large = of_size("Standard_M128s");
    assert_eq!(large.missing, ["Microsoft.Compute/virtualMachines Standard_M128s"]);
    assert_eq!(large.lines.len(), 1);
}

#[test]
fn a_paused_firewall_costs_nothing_and_what_is_unknown_is_named() {
    let paused = json!({"properties": {"sku": {"tier": "Standard"}, "ipConfigurations": []}});
    let estimate = of(&[
        ("microsoft.network/AZUREFIREWALLS", paused),
        ("Contoso.Things/things", json!({})),
        ("Contoso.Things/things", json!({})),
    ]);
    assert!(estimate.monthly.abs() < f64::EPSILON);
    assert!(estimate.monthly.is_sign_positive());
    assert_eq!(estimate.missing, ["Contoso.Things/things"]);
    assert!(!estimate.as_of.is_empty());
}

#[test]
fn a_cluster_and_an_instance_are_told_apart() {
    let kind = "Microsoft.MachineLearningServices/workspaces/computes";
    let instance = json!({"properties": {"computeType": "ComputeInstance", "properties": {"vmSize": "Standard_D2ds_v4"}}});
    let cluster = json!({"properties": {"computeType": "AmlCompute", "properties": {"vmSize": "Standard_D2ds_v4"}}});
    let estimate = of(&[(kind, instance), (kind, cluster)]);
    assert_eq!(estimate.missing, [""; 0]);
    assert_eq!(estimate.lines.len(), 2);
    assert!((estimate.monthly - 0.113 * HOURS_PER_MONTH).abs() < 1e-9);
    let large = json!({"properties": {"computeType": "ComputeInstance", "properties": {"vmSize": "Standard_M128s"}}});
    assert_eq!(of(&[(kind, large)]).missing, [format!("{kind} Standard_M128s")]);
}
