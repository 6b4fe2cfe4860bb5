//! Writes that Azure refuses: types, names, properties, names that are taken.

use serde_json::json;

use super::{at, make, refuses, regional, storage, subnet, vault, virtual_network};
use crate::practice::testing::{Bench, in_group};

#[test]
fn unknown_types_versions_and_regions() {
    let mut bench = Bench::with_group();
    let table = regional(json!({ "routes": [] }));
    for version in ["2031-01-01", "1999-01-01-preview"] {
        let path =
            format!("{}?api-version={version}", in_group("Microsoft.Network/routeTables/rt"));
        assert!(bench.put(&path, table.clone()).status < 300, "{version}");
        bench.pass(60);
    }
    bench.faults(&[crate::practice::Fault::OldVersions]);
    let new = in_group("Microsoft.Network/routeTables/rt?api-version=2025-05-01");
    let answer = bench.put(&new, table.clone());
    assert_eq!(Bench::code(&answer), "NoRegisteredProviderFound");
    assert!(answer.body.to_string().contains("2024-05-01"));
    bench.faults(&[]);
    refuses(
        &mut bench,
        &[
            ("Microsoft.Network/routeTable/rt", table, "InvalidResourceType"),
            ("Microsoft.Nowhere/things/t", json!({}), "InvalidResourceNamespace"),
            ("Microsoft.Network/routeTables/new", json!({ "properties": {} }), "LocationRequired"),
            (
                "Microsoft.Network/routeTables/new",
                json!({ "location": "atlantis" }),
                "LocationNotAvailableForResourceType",
            ),
        ],
    );
}

#[test]
fn names_that_do_not_fit() {
    let mut bench = Bench::with_group();
    let machine_learning =
        json!({ "location": "westeurope", "identity": { "type": "SystemAssigned" } });
    refuses(
        &mut bench,
        &[
            ("Microsoft.Storage/storageAccounts/Upper", storage(), "AccountNameInvalid"),
            ("Microsoft.Storage/storageAccounts/ab", storage(), "AccountNameInvalid"),
            ("Microsoft.KeyVault/vaults/kv--x", vault(), "VaultNameNotValid"),
            ("Microsoft.KeyVault/vaults/1kv", vault(), "VaultNameNotValid"),
            (
                "Microsoft.ContainerRegistry/registries/acr-test",
                json!({ "location": "westeurope", "sku": { "name": "Premium" } }),
                "InvalidResourceName",
            ),
            ("Microsoft.MachineLearningServices/workspaces/m", machine_learning, "ValidationError"),
            ("Microsoft.Network/routeTables/-x", regional(json!({})), "InvalidResourceName"),
            (
                "Microsoft.Network/virtualNetworks/vnet",
                virtual_network("10.0.0.0/16", &json!([subnet("bad name", "10.0.0.0/24")])),
                "InvalidResourceName",
            ),
        ],
    );
}

#[test]
fn missing_and_wrong_properties() {
    let mut bench = Bench::with_group();
    refuses(
        &mut bench,
        &[
            (
                "Microsoft.Network/virtualNetworks/vnet",
                regional(json!({})),
                "MissingRequiredProperty",
            ),
            (
                "Microsoft.Storage/storageAccounts/stgtest",
                json!({ "location": "westeurope", "sku": { "name": "x" } }),
                "InvalidRequestContent",
            ),
            ("Microsoft.Compute/virtualMachines/vm", regional(json!({})), "InvalidParameter"),
            (
                "Microsoft.Network/bastionHosts/bas",
                json!({ "location": "westeurope", "sku": { "name": "Huge" } }),
                "InvalidParameter",
            ),
            (
                "Microsoft.Network/publicIPAddresses/pip",
                json!({ "location": "westeurope", "sku": { "name": "Standard" }, "properties": { "publicIPAllocationMethod": "Dynamic" } }),
                "StandardSkuPublicIPAddressesMustBeStatic",
            ),
        ],
    );
}

#[test]
fn names_that_are_taken_in_the_whole_cloud_and_in_the_recycle_bin() {
    let mut bench = Bench::with_group();
    let other = format!("{}/resourcegroups/rg-other", crate::practice::testing::subscription());
    bench.put(&other, json!({ "location": "westeurope" }));
    let elsewhere = |rest: &str| at(rest).replace("rg-test", "rg-other");
    let registry = json!({ "location": "westeurope", "sku": { "name": "Premium" } });
    for (rest, body, code) in [
        ("Microsoft.Storage/storageAccounts/stgtest1234", storage(), "StorageAccountAlreadyTaken"),
        ("Microsoft.KeyVault/vaults/kv-test1234", vault(), "VaultAlreadyExists"),
        ("Microsoft.ContainerRegistry/registries/acrtest1234", registry, "AlreadyInUse"),
    ] {
        make(&mut bench, rest, body.clone());
        let answer = bench.put(&elsewhere(rest), body);
        assert_eq!((answer.status, Bench::code(&answer)), (409, code));
    }
    let kv = "Microsoft.KeyVault/vaults/kv-test1234";
    assert!(bench.delete(&at(kv)).status < 300);
    bench.pass(7200);
    refuses(&mut bench, &[(kv, vault(), "ConflictError")]);
    let mut recovered = vault();
    recovered["properties"]["createMode"] = json!("recover");
    make(&mut bench, kv, recovered.clone());
    let mut unprotected = vault();
    unprotected["properties"]["enablePurgeProtection"] = json!(false);
    refuses(
        &mut bench,
        &[
            (kv, unprotected, "BadRequest"),
            ("Microsoft.KeyVault/vaults/kv-other", recovered, "SoftDeletedVaultDoesNotExist"),
        ],
    );
}
