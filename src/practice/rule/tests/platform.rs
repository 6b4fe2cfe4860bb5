//! Writes that Azure refuses outside networking: machines, endpoints, roles, logs, machine learning.

use serde_json::{Value, json};

use super::{
    PASSWORD, at, card, endpoint, id, in_subnet, machine, make, make_network, put, refuses,
    regional, storage, vault, virtual_network,
};
use crate::practice::testing::{Bench, in_group};

#[test]
fn machines_with_bad_names_users_passwords_and_sizes() {
    let mut bench = Bench::with_group();
    make_network(&mut bench);
    make(&mut bench, "Microsoft.Network/networkInterfaces/nic", card("SharedSubnet"));
    let vm = "Microsoft.Compute/virtualMachines/vm";
    let mut old = machine("vm", "jumper", PASSWORD);
    old["properties"]["hardwareProfile"]["vmSize"] = json!("Standard_A2_v2");
    refuses(
        &mut bench,
        &[
            (vm, machine("sixteen-letters-", "jumper", PASSWORD), "InvalidParameter"),
            (vm, machine("1234", "jumper", PASSWORD), "InvalidParameter"),
            (vm, machine("vm", "Administrator", PASSWORD), "InvalidParameter"),
            (vm, machine("vm", "ends.", PASSWORD), "InvalidParameter"),
            (vm, machine("vm", "jumper", "alllowercase"), "InvalidParameter"),
            (vm, machine("vm", "jumper", "P@ssw0rd"), "InvalidParameter"),
            (vm, machine("vm", "jumper", "Aa1!"), "InvalidParameter"),
            (vm, old, "BadRequest"),
        ],
    );
    make(&mut bench, vm, machine("vm", "jumper", PASSWORD));
    refuses(
        &mut bench,
        &[
            (vm, machine("vm", "jumper", "Example-Other-1"), "PropertyChangeNotAllowed"),
            (vm, machine("vm", "somebody", PASSWORD), "PropertyChangeNotAllowed"),
            (
                "Microsoft.Compute/virtualMachines/vm2",
                machine("vm2", "jumper", PASSWORD),
                "NicInUse",
            ),
        ],
    );
    assert!(put(&mut bench, vm, machine("vm", "jumper", PASSWORD)).status < 300);
}

#[test]
fn endpoints_groups_and_zones() {
    let mut bench = Bench::with_group();
    make_network(&mut bench);
    let zone = json!({ "location": "global", "properties": {} });
    let link = json!({ "location": "global", "properties": { "virtualNetwork": id("Microsoft.Network/\
        virtualNetworks/vnet") } });
    make(&mut bench, "Microsoft.Storage/storageAccounts/stgtest1234", storage());
    make(
        &mut bench,
        "Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net",
        zone.clone(),
    );
    make(
        &mut bench,
        "Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net/virtualNetworkLinks/l",
        link.clone(),
    );
    let other = format!("{}/resourcegroups/rg-other", crate::practice::testing::subscription());
    bench.put(&other, json!({ "location": "westeurope" }));
    let second = at("Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net")
        .replace("rg-test", "rg-other");
    bench.put(&second, zone);
    bench.pass(600);
    let second_link = second.replace('?', "/virtualNetworkLinks/l?");
    let answer = bench.put(&second_link, link);
    assert_eq!(Bench::code(&answer), "BadRequest");
    assert!(answer.body.to_string().contains("overlapping namespaces"));
    refuses(
        &mut bench,
        &[
            (
                "Microsoft.Network/privateEndpoints/pe",
                endpoint("Microsoft.Storage/storageAccounts/stgtest1234", "vault"),
                "PrivateLinkServiceGroupIdInvalid",
            ),
            (
                "Microsoft.Network/privateEndpoints/pe",
                endpoint("Microsoft.Storage/storageAccounts/missing", "blob"),
                "InvalidResourceReference",
            ),
            (
                "Microsoft.Network/privateDnsZones/a.example",
                json!({ "location": "westeurope" }),
                "LocationNotAvailableForResourceType",
            ),
        ],
    );
}

#[test]
fn role_assignments() {
    let mut bench = Bench::with_group();
    make(&mut bench, "Microsoft.Storage/storageAccounts/stgtest1234", storage());
    let identity = make(
        &mut bench,
        "Microsoft.ManagedIdentity/userAssignedIdentities/me",
        regional(json!({})),
    );
    let on = |name: &str| {
        format!(
            "Microsoft.Storage/storageAccounts/stgtest1234/providers/Microsoft.Authorization/roleAssignments/{name}"
        )
    };
    let role = |principal: &Value| {
        json!({ "properties": {
            "roleDefinitionId": "/subscriptions/x/providers/Microsoft.Authorization/roleDefinitions/\
             acdd72a7-3385-48ef-bd42-f606fba81ae7",
            "principalId": principal,
        }})
    };
    let principal = identity["properties"]["principalId"].clone();
    let (first, second) =
        ("00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002");
    make(&mut bench, &on(first), role(&principal));
    let fresh = put(
        &mut bench,
        "Microsoft.ManagedIdentity/userAssignedIdentities/new",
        regional(json!({})),
    )
    .body;
    refuses(
        &mut bench,
        &[
            (&on(second), role(&principal), "RoleAssignmentExists"),
            (&on(second), role(&json!("nobody")), "InvalidPrincipalId"),
            (&on(second), role(&fresh["properties"]["principalId"]), "PrincipalNotFound"),
            (&on("no-guid"), role(&principal), "InvalidRoleAssignmentId"),
        ],
    );
}

#[test]
fn diagnostic_settings_and_schedules() {
    let mut bench = Bench::with_group();
    make(&mut bench, "Microsoft.Storage/storageAccounts/stgtest1234", storage());
    let setting = |properties: Value| json!({ "properties": properties });
    let schedule = |time: &str| {
        regional(json!({
            "taskType": "ComputeVmShutdownTask",
            "dailyRecurrence": { "time": time },
            "targetResourceId": in_group("Microsoft.Compute/virtualMachines/vm"),
        }))
    };
    let diagnostics = "Microsoft.Storage/storageAccounts/stgtest1234/providers/Microsoft.Insights/diagnosticSettings/d";
    refuses(
        &mut bench,
        &[
            (diagnostics, setting(json!({ "logs": [] })), "BadRequest"),
            (
                diagnostics,
                setting(
                    json!({ "workspaceId": in_group("Microsoft.OperationalInsights/workspaces/none") }),
                ),
                "ResourceNotFound",
            ),
            ("Microsoft.DevTestLab/schedules/off", schedule("1900"), "InvalidScheduleName"),
            (
                "Microsoft.DevTestLab/schedules/shutdown-computevm-vm",
                schedule("2560"),
                "InvalidScheduleTime",
            ),
            (
                "Microsoft.DevTestLab/schedules/shutdown-computevm-vm",
                schedule("1900"),
                "ResourceNotFound",
            ),
        ],
    );
}

#[test]
fn workspaces_and_computes() {
    let mut bench = Bench::with_group();
    make(&mut bench, "Microsoft.KeyVault/vaults/kv-test1234", vault());
    let mut tree = storage();
    tree["properties"]["isHnsEnabled"] = json!(true);
    make(&mut bench, "Microsoft.Storage/storageAccounts/stgtree", tree);
    make(&mut bench, "Microsoft.Storage/storageAccounts/stgtest1234", storage());
    let ml = "Microsoft.MachineLearningServices/workspaces/ml-test1234";
    refuses(
        &mut bench,
        &[
            (
                ml,
                json!({ "location": "westeurope", "identity": { "type": "None" }, "properties": {} }),
                "ValidationError",
            ),
            (ml, workspace("stgtree"), "ValidationError"),
            (ml, workspace("missing"), "ResourceNotFound"),
        ],
    );
}

#[test]
fn computes_without_public_address_need_policies_off() {
    let mut bench = Bench::with_group();
    make(&mut bench, "Microsoft.KeyVault/vaults/kv-test1234", vault());
    make(&mut bench, "Microsoft.Storage/storageAccounts/stgtest1234", storage());
    let ml = "Microsoft.MachineLearningServices/workspaces/ml-test1234";
    make(&mut bench, ml, workspace("stgtest1234"));
    let open = json!([{ "name": "Open", "properties": { "addressPrefix": "10.1.0.0/24" } }]);
    make(
        &mut bench,
        "Microsoft.Network/virtualNetworks/vnet",
        virtual_network("10.1.0.0/22", &open),
    );
    let cluster = json!({ "location": "westeurope", "properties": { "computeType": "AmlCompute", "properties": {
        "enableNodePublicIp": false, "subnet": in_subnet("Open"),
    }}});
    refuses(
        &mut bench,
        &[
            (&format!("{ml}/computes/image-build"), cluster.clone(), "BadRequest"),
            (&format!("{ml}/computes/ci-1"), cluster, "InvalidComputeName"),
        ],
    );
}

fn workspace(account: &str) -> Value {
    json!({
        "location": "westeurope",
        "identity": { "type": "SystemAssigned" },
        "properties": {
            "storageAccount": in_group(&format!("Microsoft.Storage/storageAccounts/{account}")),
            "keyVault": in_group("Microsoft.KeyVault/vaults/kv-test1234"),
        },
    })
}
