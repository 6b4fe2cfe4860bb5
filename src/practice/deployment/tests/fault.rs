//! Faults of a deployment: each ends with the code and the wrapping that Azure would give.

use serde_json::{Value, json};

use super::{asking, path, shown, template};
use crate::practice::fault::Fault;
use crate::practice::testing::{Bench, in_group};

fn machine() -> Value {
    template(json!({ "machine": {
        "type": "Microsoft.Compute/virtualMachines",
        "apiVersion": "2025-04-01",
        "name": "vm-test1234",
        "location": "westeurope",
        "properties": {
            "hardwareProfile": { "vmSize": "Standard_D2s_v5" },
            "storageProfile": { "osDisk": { "createOption": "FromImage" } },
            "networkProfile": { "networkInterfaces": [] },
        },
    }}))
}

fn storage() -> Value {
    template(json!({ "storage": {
        "type": "Microsoft.Storage/storageAccounts",
        "apiVersion": "2025-06-01",
        "name": "stgtest1234",
        "location": "westeurope",
        "kind": "StorageV2",
        "sku": { "name": "Standard_LRS" },
        "properties": {},
    }}))
}

fn vault() -> Value {
    template(json!({ "vault": {
        "type": "Microsoft.KeyVault/vaults",
        "apiVersion": "2026-02-01",
        "name": "kv-test1234",
        "location": "westeurope",
        "properties": { "tenantId": "00000000-0000-4000-8000-00000000a111", "sku": { "family": "A", "name": "standard" } },
    }}))
}

#[test]
fn preflight_faults_are_told_by_validate_and_by_create_alike() {
    for (fault, asked, code) in [
        (Fault::Quota, machine(), "QuotaExceeded"),
        (Fault::Sku, machine(), "SkuNotAvailable"),
        (Fault::NameTaken, storage(), "StorageAccountAlreadyTaken"),
        (Fault::SoftDeletedVault, vault(), "ConflictError"),
        (Fault::Policy, storage(), "RequestDisallowedByPolicy"),
    ] {
        let mut bench = Bench::with_group();
        bench.faults(&[fault]);
        let body = asking(&asked, &json!({}));
        let validated = bench.post(&format!("{}/validate", path("d")), body.clone());
        let created = bench.put(&path("d"), body.clone());
        for answer in [validated, created] {
            assert_eq!(
                (answer.status, Bench::code(&answer)),
                (400, "InvalidTemplateDeployment"),
                "{fault}"
            );
            assert_eq!(answer.body["error"]["details"][0]["code"], code, "{fault}");
        }
        assert_eq!(bench.get(&path("d")).status, 404);
        bench.faults(&[]);
        let answer = bench.post(&format!("{}/validate", path("d")), body);
        assert_eq!(answer.status, 200, "{fault}: {:#}", answer.body);
    }
}

#[test]
fn a_policy_names_itself() {
    let mut bench = Bench::with_group();
    bench.faults(&[Fault::Policy]);
    let answer = bench.put(&path("d"), asking(&storage(), &json!({})));
    let info = &answer.body["error"]["details"][0]["additionalInfo"][0]["info"];
    assert_eq!(info["policyDefinitionDisplayName"], "Allowed locations");
}

#[test]
fn a_region_outage_is_met_when_the_resource_starts() {
    let mut bench = Bench::with_group();
    bench.faults(&[Fault::RegionOutage]);
    assert_eq!(bench.put(&path("d"), asking(&storage(), &json!({}))).status, 201);
    bench.pass(60);
    let error = &shown(&mut bench, "d")["properties"]["error"];
    assert_eq!(error["details"][0]["code"], "RegionDoesNotAllowProvisioning");
}

#[test]
fn a_slow_bastion_takes_more_than_half_an_hour() {
    let mut bench = Bench::with_group();
    bench.faults(&[Fault::SlowBastion]);
    bench.make(
        &in_group("Microsoft.Network/virtualNetworks/vnet"),
        json!({ "location": "westeurope", "properties": {
            "addressSpace": { "addressPrefixes": ["10.1.0.0/22"] },
        }}),
    );
    let asked = template(json!({ "bastion": {
        "type": "Microsoft.Network/bastionHosts",
        "apiVersion": "2025-05-01",
        "name": "bas-test1234",
        "location": "westeurope",
        "sku": { "name": "Developer" },
        "properties": { "virtualNetwork": { "id": "[resourceId('Microsoft.Network/virtualNetworks', 'vnet')]" } },
    }}));
    bench.put(&path("d"), asking(&asked, &json!({})));
    bench.pass(1800);
    assert_eq!(super::state(&mut bench, "d"), "Running");
    bench.pass(1800);
    assert_eq!(super::state(&mut bench, "d"), "Succeeded");
}

#[test]
fn a_deployment_registers_the_providers_that_it_needs() {
    let mut bench = Bench::with_group();
    let subscription = crate::practice::state::SUBSCRIPTION;
    bench.on(|cloud| {
        crate::practice::provider::set_state(
            cloud,
            subscription,
            "Microsoft.Storage",
            "NotRegistered",
        );
    });
    let provider = format!("/subscriptions/{subscription}/providers/Microsoft.Storage");
    let validated = bench.post(&format!("{}/validate", path("d")), asking(&storage(), &json!({})));
    assert_eq!(validated.status, 200, "{}", validated.body);
    assert_eq!(bench.get(&provider).body["registrationState"], "NotRegistered");
    let answer = bench.put(&path("d"), asking(&storage(), &json!({})));
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(bench.get(&provider).body["registrationState"], "Registered");
}
