#![expect(clippy::float_cmp, reason = "the same figures, summed alike")]

use serde_json::json;

use super::*;

fn of(resources: &[(&str, Value)]) -> Estimate {
    by(resources, &Prices::snapshot())
}

fn by(resources: &[(&str, Value)], prices: &Prices) -> Estimate {
    estimate_existing(resources.iter().map(|(kind, body)| (*kind, body)), prices)
}

/// A firewall and a jumpbox by the dated prices.
pub(crate) fn sample() -> Estimate {
    of(&[firewall("Standard"), machine("Standard_D2s_v5")])
}

const FIREWALL: &str = "Microsoft.Network/azureFirewalls";
const BASTION: &str = "Microsoft.Network/bastionHosts";
const MACHINE: &str = "Microsoft.Compute/virtualMachines";
const COMPUTE: &str = "Microsoft.MachineLearningServices/workspaces/computes";

fn firewall(tier: &str) -> (&'static str, Value) {
    (FIREWALL, json!({"properties": {"sku": {"tier": tier}, "ipConfigurations": [{}]}}))
}

fn machine(size: &str) -> (&'static str, Value) {
    (MACHINE, json!({"properties": {"hardwareProfile": {"vmSize": size}}}))
}

fn euro() -> Currency {
    "EUR".parse().unwrap()
}

/// A row as Azure's list has it.
fn row(service: &str, product: &str, sku: &str, meter: &str, unit: &str, price: f64) -> Value {
    json!({"serviceName": service, "productName": product, "skuName": sku, "meterName": meter,
           "unitOfMeasure": unit, "retailPrice": price, "currencyCode": "EUR", "type": "Consumption",
           "armRegionName": "westeurope", "armSkuName": "", "tierMinimumUnits": 0.0})
}

fn with(mut row: Value, field: &str, value: impl Into<Value>) -> Value {
    row[field] = value.into();
    row
}

fn machine_row(size: &str, product: &str, sku: &str, price: f64) -> Value {
    let row = row("Virtual Machines", product, sku, sku, "1 Hour", price);
    with(row, "armSkuName", size)
}

fn read(rows: Vec<Value>) -> Prices {
    let rows: Vec<PriceRow> =
        rows.into_iter().map(|row| serde_json::from_value(row).unwrap()).collect();
    Prices::read(&rows, "westeurope", euro(), "2026-11-30".into())
}

#[test]
fn the_asset_is_read_and_every_figure_has_a_source() {
    let table = MeterTable::parse(include_str!("../../../assets/meters.toml")).unwrap();
    assert!(table.as_of.parse::<jiff::civil::Date>().is_ok());
    let mut ids: Vec<&str> = table.meters.iter().map(|meter| meter.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), table.meters.len());
    for meter in &table.meters {
        let id = &meter.id;
        assert!(!meter.source.is_empty(), "{id}");
        assert!(!meter.source.contains("unverified") || meter.estimate, "{id}");
        assert!(meter.service.is_some() || meter.amount == Some(0.0), "{id}: asked nowhere");
        assert_eq!(meter.amount.is_none(), meter.size_at.is_some(), "{id}: one price");
        assert_eq!(meter.per == Per::Use, meter.each.is_some(), "{id}: billed of what");
        assert!(meter.amount.is_none_or(|amount| amount >= 0.0), "{id}");
    }
    assert!(table.sizes.len() > 30);
}

#[test]
fn one_question_is_asked_for_each_service() {
    let questions = MeterTable::embedded().questions("westeurope");
    let services: Vec<&str> = questions.iter().map(|each| each.service.as_str()).collect();
    let mut once = services.clone();
    once.dedup();
    assert_eq!(services, once);
    assert!(questions.len() <= 11, "{services:?}");
    let of = |service: &str| {
        let question = questions.iter().find(|each| each.service == service);
        question.unwrap().filter.clone()
    };
    assert_eq!(
        of("Virtual Machines"),
        "serviceName eq 'Virtual Machines' and priceType eq 'Consumption' and armRegionName eq 'westeurope'"
    );
    assert_eq!(
        of("Container Registry"),
        "serviceName eq 'Container Registry' and priceType eq 'Consumption' and (armRegionName eq 'westeurope' or \
         armRegionName eq '' or armRegionName eq 'Global' or armRegionName eq 'Zone 1') and (meterName eq 'Premium \
         Registry Unit')"
    );
}

#[test]
fn a_pause_stops_the_firewall_and_the_machine_but_not_its_disk() {
    let whole = of(&[firewall("Standard"), machine("Standard_D2s_v5")]);
    let paused = whole.in_mode(Mode::Paused);
    assert_eq!(paused.lines.len(), 1);
    assert!(paused.lines[0].what.contains("disk"));
    // 1.25 and 0.096 an hour for 730, 220 and no hours, and 9.60 for the disk in each: 912.50 + 70.08 + 9.60, and
    // 275.00 + 21.12 + 9.60.
    assert_eq!(whole.monthly, 992.18);
    assert_eq!(whole.in_mode(Mode::WorkingHours).monthly, 305.72);
    assert_eq!(paused.monthly, 9.6);
    assert_eq!(whole.in_mode(Mode::Always), whole);
}

/// The fixed part of the design of 2022, from the same figures: 912.50 + 138.70 + about 50.70 + 7.30 + 36.50 + 3.50.
#[test]
fn the_environment_of_2022_costs_what_it_is_known_to_cost() {
    let mut resources = vec![
        firewall("Standard"),
        (BASTION, json!({"sku": {"name": "Basic"}})),
        ("Microsoft.ContainerRegistry/registries", json!({"sku": {"name": "Premium"}})),
        ("Microsoft.Network/virtualNetworks", json!({})),
        ("Microsoft.Network/privateDnsZones/virtualNetworkLinks", json!({})),
    ];
    resources.extend((0..2).map(|_| ("Microsoft.Network/publicIPAddresses", json!({}))));
    resources.extend((0..5).map(|_| ("Microsoft.Network/privateEndpoints", json!({}))));
    resources.extend((0..7).map(|_| ("Microsoft.Network/privateDnsZones", json!({}))));
    let estimate = of(&resources);
    assert_eq!(estimate.missing, [""; 0]);
    assert_eq!(estimate.monthly, 1_149.20);
    assert_eq!(estimate.lines[0].name(), "Azure Firewall Standard");
    let endpoints = estimate.lines.iter().find(|line| line.what == "Private endpoint");
    assert_eq!(endpoints.unwrap().count, 5);
    assert_eq!(estimate.total(), "$1,149.20 a month, $37.79 a day");
}

#[test]
fn rows_add_up_exactly_as_they_are_shown() {
    let estimate = of(&[firewall("Premium"), machine("Standard_D4as_v5"), machine("Standard_B2s")]);
    let cents = |text: String| text.replace(['$', '.', ','], "").parse::<u64>().unwrap();
    for (rows, sum) in [
        (estimate.lines.iter().map(|line| line.monthly).collect::<Vec<_>>(), estimate.monthly),
        (estimate.lines.iter().map(|line| line.daily).collect(), estimate.daily),
    ] {
        let shown: u64 = rows.iter().map(|row| cents(Currency::USD.exactly(*row))).sum();
        assert_eq!(shown, cents(Currency::USD.exactly(sum)));
    }
}

#[test]
fn a_dearer_or_an_unknown_size_never_lowers_the_total() {
    let of_size = |size: &str| of(&[machine(size)]);
    let table = MeterTable::embedded();
    let mut sizes: Vec<(&str, f64)> = table
        .sizes
        .iter()
        .map(|(key, price)| (key.strip_prefix("machine/").unwrap(), *price))
        .collect();
    sizes.sort_by(|one, other| one.1.total_cmp(&other.1));
    for pair in sizes.windows(2) {
        assert!(of_size(pair[0].0).monthly <= of_size(pair[1].0).monthly, "{pair:?}");
    }
    for (known, unknown) in [
        ("Standard_D8s_v5", "Standard_D8s_v9"),
        ("Standard_D16s_v5", "Standard_D64s_v9"),
        ("Standard_DS3_v2", "Standard_DS4_v2"),
        ("Standard_E8s_v5", "Standard_M128s"),
        ("Standard_NC4as_T4_v3", "Standard_NC24s_v9"),
    ] {
        let (before, after) = (of_size(known), of_size(unknown));
        assert!(before.is_whole());
        assert!(after.monthly >= before.monthly, "{unknown}: {} {}", after.monthly, before.monthly);
        assert_eq!(after.missing, [format!("Jumpbox {unknown}")]);
        assert!(after.total().starts_with("at least $"), "{}", after.total());
        assert!(after.total().ends_with(&format!("without the price of Jumpbox {unknown}")));
        assert!(
            after.remarks().iter().any(|it| it.contains("is counted as Standard_")),
            "{unknown}"
        );
    }
}

#[test]
fn a_tier_without_a_price_is_counted_as_the_one_below_it() {
    let prices = read(vec![
        row("Azure Firewall", "Azure Firewall", "Standard", "Standard Deployment", "1 Hour", 1.0),
        row("Azure Bastion", "Azure Bastion", "Basic", "Basic Gateway", "1 Hour", 0.2),
    ]);
    let standard = by(&[firewall("Standard")], &prices);
    let premium = by(&[firewall("Premium")], &prices);
    assert_eq!((standard.monthly, premium.monthly), (730.0, 730.0));
    assert_eq!(premium.missing, ["Azure Firewall Premium"]);
    assert_eq!(premium.lines[0].counted_as.as_deref(), Some("Azure Firewall Standard"));
    let bastion = |tier: &str| by(&[(BASTION, json!({"sku": {"name": tier}}))], &prices);
    assert_eq!(bastion("Developer").monthly, 0.0);
    assert!(bastion("Developer").is_whole());
    assert_eq!(bastion("Premium").monthly, 146.0);
    // Below the lowest there is nothing to count it as.
    let nothing = by(&[firewall("Standard")], &read(Vec::new()));
    assert_eq!(
        nothing.total(),
        "at least EUR 0.00 a month, EUR 0.00 a day, without the price of Azure Firewall Standard"
    );
}

#[test]
fn a_paused_firewall_costs_nothing_and_what_is_unknown_is_named() {
    let paused = json!({"properties": {"sku": {"tier": "Standard"}, "ipConfigurations": []}});
    let estimate = of(&[
        ("microsoft.network/AZUREFIREWALLS", paused),
        ("Contoso.Things/things", json!({})),
        ("Contoso.Things/things", json!({})),
        ("Microsoft.ContainerRegistry/registries", json!({"sku": {"name": "Basic"}})),
        ("Microsoft.Network/dnsResolvers/outboundEndpoints", json!({})),
    ]);
    assert_eq!(estimate.monthly, 0.0);
    assert!(estimate.monthly.is_sign_positive());
    assert_eq!(
        estimate.missing,
        [
            "Contoso.Things/things",
            "Microsoft.ContainerRegistry/registries Basic",
            "Microsoft.Network/dnsResolvers/outboundEndpoints"
        ]
    );
}

#[test]
fn what_is_billed_by_use_is_named_with_its_price_and_never_counted() {
    let compute = |kind: &str| json!({"properties": {"computeType": kind, "properties": {"vmSize": "Standard_D2ds_v4"}}});
    let (cluster, instance) = (compute("AmlCompute"), compute("ComputeInstance"));
    let estimate = of(&[
        (COMPUTE, cluster),
        (COMPUTE, instance),
        ("Microsoft.OperationalInsights/workspaces", json!({})),
        ("Microsoft.KeyVault/vaults", json!({})),
    ]);
    assert_eq!(estimate.missing, [""; 0]);
    assert_eq!(estimate.monthly, 82.49, "the instance alone: 0.113 an hour");
    let words: Vec<String> = estimate
        .usage
        .iter()
        .map(|line| format!("{}: {}", line.what, line.unit_price(Currency::USD)))
        .collect();
    assert_eq!(
        words,
        [
            "Nodes of the build cluster, while they run (Standard_D2ds_v4): $0.113 per node hour",
            "Logs that are ingested: $2.99 per GB, the first 5 GB a month free",
            "Operations of the key vault: $0.03 per 10,000 operations",
        ]
    );
    // 30 GB less the 5 that are free, 2.99 each.
    let logs = estimate.usage[1].example_words(Currency::USD);
    assert_eq!(logs.as_deref(), Some("30 GB a month: $74.75"));
    let nodes = estimate.usage[0].example_words(Currency::USD);
    assert_eq!(nodes.as_deref(), Some("10 node hours a month: $1.13"));
}

#[test]
fn a_row_that_counts_something_else_is_no_price() {
    let firewall_row = |unit: &str, price: f64| {
        row("Azure Firewall", "Azure Firewall", "Standard", "Standard Deployment", unit, price)
    };
    let monthly = |rows: Vec<Value>| by(&[firewall("Standard")], &read(rows)).monthly;
    assert_eq!(monthly(vec![firewall_row("1 Hour", 1.0)]), 730.0);
    assert_eq!(monthly(vec![firewall_row("100 Hours", 1.0)]), 0.0);
    assert_eq!(monthly(vec![firewall_row("10 Hour", 1.0)]), 73.0);
    assert_eq!(monthly(vec![firewall_row("1/Day", 24.0)]), 730.0);
    assert_eq!(monthly(vec![firewall_row("1/Month", 500.0)]), 500.0);
    assert_eq!(monthly(vec![firewall_row("1 GB", 1.0)]), 0.0);
    assert_eq!(monthly(vec![with(firewall_row("1 Hour", 1.0), "type", "Reservation")]), 0.0);
    assert_eq!(monthly(vec![with(firewall_row("1 Hour", 1.0), "armRegionName", "eastus")]), 0.0);
    assert_eq!(monthly(vec![with(firewall_row("1 Hour", 1.0), "armRegionName", "Global")]), 730.0);
    // The region's own row comes first, of two like ones the dearer.
    let everywhere = with(firewall_row("1 Hour", 9.0), "armRegionName", "Global");
    assert_eq!(
        monthly(vec![everywhere, firewall_row("1 Hour", 1.0), firewall_row("1 Hour", 2.0)]),
        1460.0
    );
}

#[test]
fn a_machine_is_priced_without_windows_and_as_long_as_it_is_wanted() {
    let prices = read(vec![
        machine_row("Standard_D2s_v5", "Virtual Machines Dsv5 Series Windows", "D2s v5", 0.2),
        machine_row("Standard_D2s_v5", "Virtual Machines Dsv5 Series", "D2s v5 Spot", 0.02),
        machine_row("Standard_D2s_v5", "Virtual Machines Dsv5 Series", "D2s v5 Low Priority", 0.03),
        machine_row("Standard_D2s_v5", "CloudServices Extended Support", "D2s v5", 0.3),
        machine_row("Standard_D2s_v5", "Virtual Machines Dsv5 Series", "D2s v5", 0.1),
    ]);
    assert_eq!(prices.machine("standard_d2s_V5"), Some(0.1));
    assert_eq!(prices.machine("Standard_D4s_v5"), None, "the dated prices are in dollars");
}

#[test]
fn in_dollars_the_dated_price_stands_where_the_list_has_a_hole_and_is_told() {
    let rows: Vec<PriceRow> = Vec::new();
    let prices = Prices::read(&rows, "westeurope", Currency::USD, "2026-11-30".into());
    let estimate = by(&[firewall("Standard")], &prices);
    assert_eq!(estimate.monthly, 912.5);
    assert!(estimate.is_whole() && estimate.lines[0].dated);
    let told = estimate.remarks().join(" ");
    assert!(told.contains("List prices of 2026-11-30 for West Europe, USD."), "{told}");
    assert!(told.contains("The list has no price for Azure Firewall Standard"), "{told}");
    let dated = of(&[firewall("Standard")]).age();
    assert!(dated.contains("2026-08-21 for East US, USD, carried by this program"), "{dated}");
}
