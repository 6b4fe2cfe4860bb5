//! Tests of resources over the whole handler, with a clock of their own.

use hyper::Method;
use serde_json::{Value, json};

use crate::practice::fault::Fault;
use crate::practice::testing::{Bench, in_group, subscription};

fn network(prefix: &str) -> Value {
    json!({ "location": "westeurope", "properties": {
        "addressSpace": { "addressPrefixes": [prefix] },
        "subnets": [],
    }})
}

fn route_table() -> Value {
    json!({ "location": "westeurope", "tags": {"a": "b"}, "properties": { "routes": [] } })
}

#[test]
fn a_write_is_under_way_until_its_time_has_come_and_both_urls_agree() {
    let mut bench = Bench::with_group();
    let path = in_group("Microsoft.Network/routeTables/rt");
    let begun = bench.put(&path, route_table());
    assert_eq!(begun.status, 201);
    assert_eq!(begun.body["properties"]["provisioningState"], "Updating");
    let status_url = begun.get("azure-asyncoperation").unwrap().to_owned();
    assert!(begun.get("retry-after").is_some());
    let polled = bench.get(&status_url);
    assert_eq!(polled.body["status"], "InProgress");
    let second = bench.put(&path, route_table());
    assert_eq!((second.status, Bench::code(&second)), (409, "AnotherOperationInProgress"));
    bench.pass(3600);
    assert_eq!(bench.get(&status_url).body["status"], "Succeeded");
    let made = bench.get(&path);
    assert_eq!(made.body["properties"]["provisioningState"], "Succeeded");
    assert_eq!(made.body["type"], "Microsoft.Network/routeTables");
    assert_eq!(bench.put(&path, route_table()).status, 200);
}

#[test]
fn a_storage_account_is_answered_with_a_location() {
    let mut bench = Bench::with_group();
    let path = in_group("Microsoft.Storage/storageAccounts/stgtest1234");
    let body = json!({ "location": "westeurope", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}, "properties": {} });
    let path = format!("{path}?api-version=2025-06-01");
    let begun = bench.put(&path, body);
    assert_eq!((begun.status, &begun.body), (202, &Value::Null));
    let location = begun.get("location").unwrap().to_owned();
    assert_eq!(bench.get(&location).status, 202);
    bench.pass(3600);
    let done = bench.get(&location);
    assert_eq!((done.status, &done.body["name"]), (200, &json!("stgtest1234")));
}

#[test]
fn tags_can_be_patched_and_found() {
    let mut bench = Bench::with_group();
    let path = in_group("Microsoft.Network/routeTables/rt");
    bench.make(&path, route_table());
    let patched = bench.ask(Method::PATCH, &path, json!({ "tags": {"purpose": "test"} }));
    assert_eq!((patched.status, &patched.body["tags"]), (200, &json!({"purpose": "test"})));
    let listed = |bench: &mut Bench, filter: &str| -> usize {
        let path = format!("{}/resources?$filter={filter}&$expand=createdTime", subscription());
        bench.get(&path).body["value"].as_array().unwrap().len()
    };
    assert_eq!(listed(&mut bench, "tagName eq 'purpose' and tagValue eq 'test'"), 1);
    assert_eq!(listed(&mut bench, "tagName eq 'a' and tagValue eq 'b'"), 0);
    assert_eq!(listed(&mut bench, "resourceGroup eq 'RG-TEST'"), 1);
    assert_eq!(listed(&mut bench, "resourceType eq 'Microsoft.Compute/virtualMachines'"), 0);
}

#[test]
fn a_deletion_takes_its_time_and_repeats_as_204() {
    let mut bench = Bench::with_group();
    let path = in_group("Microsoft.Network/routeTables/rt");
    bench.make(&path, route_table());
    let begun = bench.delete(&path);
    assert_eq!(begun.status, 202);
    assert_eq!(bench.get(&path).body["properties"]["provisioningState"], "Deleting");
    let (status, location) = (
        begun.get("azure-asyncoperation").unwrap().to_owned(),
        begun.get("location").unwrap().to_owned(),
    );
    bench.pass(3600);
    assert_eq!(bench.get(&status).body["status"], "Succeeded");
    assert_eq!(bench.get(&location).status, 200);
    assert_eq!(Bench::code(&bench.get(&path)), "ResourceNotFound");
    assert_eq!(bench.delete(&path).status, 204);
}

#[test]
fn locks_hold_the_resource_its_group_and_nothing_else() {
    let mut bench = Bench::with_group();
    let table = in_group("Microsoft.Network/routeTables/rt");
    bench.make(&table, route_table());
    let lock =
        format!("{table}/providers/Microsoft.Authorization/locks/keep?api-version=2020-05-01");
    let made = bench.put(&lock, json!({ "properties": {"level": "CanNotDelete"} }));
    assert_eq!((made.status, &made.body["type"]), (201, &json!("Microsoft.Authorization/locks")));
    assert_eq!(Bench::code(&bench.delete(&table)), "ScopeLocked");
    let group = format!("{}/resourcegroups/rg-test", subscription());
    assert_eq!(Bench::code(&bench.delete(&group)), "ScopeLocked");
    let list = bench.get(&in_group("Microsoft.Authorization/locks"));
    assert_eq!(list.body["value"].as_array().unwrap().len(), 1);
    assert_eq!(bench.delete(&lock).status, 200);
    assert_eq!(bench.delete(&group).status, 202);
}

#[test]
fn what_cannot_be_written_is_refused_with_azures_code() {
    let mut bench = Bench::with_group();
    let subnet = in_group("Microsoft.Network/virtualNetworks/none/subnets/s");
    let cases = [
        (in_group("Microsoft.Network/routeTablez/rt"), route_table(), 404, "InvalidResourceType"),
        (in_group("Microsoft.Nothing/things/t"), route_table(), 404, "InvalidResourceNamespace"),
        (
            in_group("Microsoft.Network/routeTables/rt"),
            json!({ "properties": {} }),
            400,
            "LocationRequired",
        ),
        (
            in_group("Microsoft.Network/routeTables/rt"),
            json!({ "location": "atlantis", "properties": {} }),
            400,
            "LocationNotAvailableForResourceType",
        ),
        (in_group("Microsoft.Network/routeTables/rt"), json!("text"), 400, "InvalidRequestContent"),
        (
            subnet,
            json!({ "properties": {"addressPrefix": "10.1.0.0/24"} }),
            404,
            "ParentResourceNotFound",
        ),
        (
            in_group("Microsoft.Network/routeTables/rt").replace("rg-test", "rg-none"),
            route_table(),
            404,
            "ResourceGroupNotFound",
        ),
    ];
    for (path, body, status, code) in cases {
        let reply = bench.put(&path, body);
        assert_eq!((reply.status, Bench::code(&reply)), (status, code), "{path}");
    }
}

#[test]
fn an_unregistered_provider_refuses_until_it_is_registered() {
    let mut bench = Bench::new();
    bench.put(
        &format!("{}/resourcegroups/rg-test", subscription()),
        json!({ "location": "westeurope" }),
    );
    let path = format!(
        "{}?api-version=2025-07-01",
        in_group("Microsoft.OperationalInsights/workspaces/log-test")
    );
    let body = json!({ "location": "westeurope", "properties": {"sku": {"name": "PerGB2018"}} });
    assert_eq!(Bench::code(&bench.put(&path, body.clone())), "MissingSubscriptionRegistration");
    let provider = format!("{}/providers/microsoft.operationalinsights", subscription());
    assert_eq!(bench.get(&provider).body["registrationState"], "NotRegistered");
    let begun = bench.post(&format!("{provider}/register"), Value::Null);
    assert_eq!(begun.body["registrationState"], "Registering");
    bench.pass(61);
    assert_eq!(bench.get(&provider).body["registrationState"], "Registered");
    assert!(bench.put(&path, body).status < 300);
}

#[test]
fn a_contributor_cannot_assign_roles() {
    let mut bench = Bench::with_group();
    bench.faults(&[Fault::NoRoleAssignments]);
    let guid = "11111111-1111-4111-8111-111111111111";
    let path = format!(
        "{}?api-version=2022-04-01",
        in_group(&format!("Microsoft.Authorization/roleAssignments/{guid}"))
    );
    let body = json!({ "properties": {"roleDefinitionId": "x", "principalId": guid} });
    let refused = bench.put(&path, body);
    assert_eq!((refused.status, Bench::code(&refused)), (403, "AuthorizationFailed"));
    let rights = bench.get(&in_group("Microsoft.Authorization/permissions"));
    let not_actions = rights.body["value"][0]["notActions"].to_string();
    assert!(not_actions.contains("Microsoft.Authorization/*/Write"));
}

#[test]
fn networks_are_listed_in_a_group_and_in_a_subscription() {
    let mut bench = Bench::with_group();
    bench.make(&in_group("Microsoft.Network/virtualNetworks/v1"), network("10.1.0.0/22"));
    bench.make(&in_group("Microsoft.Network/virtualNetworks/v2"), network("10.2.0.0/22"));
    for path in [
        in_group("Microsoft.Network/virtualNetworks"),
        format!("{}/providers/Microsoft.Network/virtualNetworks", subscription()),
    ] {
        let listed = bench.get(&path);
        assert_eq!(listed.body["value"].as_array().unwrap().len(), 2, "{path}");
    }
    let peerings = in_group("Microsoft.Network/virtualNetworks/v1/virtualNetworkPeerings");
    assert_eq!(bench.get(&peerings).body, json!({ "value": [] }));
    let none = in_group("Microsoft.Network/virtualNetworks/v9/virtualNetworkPeerings");
    assert_eq!(bench.get(&none).status, 404);
}

#[test]
fn a_workspace_goes_into_the_recycle_bin_unless_it_is_purged() {
    let mut bench = Bench::with_group();
    let path = in_group("Microsoft.MachineLearningServices/workspaces/ml-test");
    for (query, kept) in [("?forceToPurge=true", 0), ("", 1), ("?forceToPurge=true", 0)] {
        bench.put_directly(&path, json!({ "location": "westeurope", "properties": {} }));
        assert_eq!(bench.delete(&format!("{path}{query}")).status, 202);
        bench.pass(3600);
        assert_eq!(bench.get(&path).status, 404);
        assert_eq!(bench.on(|cloud| cloud.root.deleted.len()), kept, "{query}");
    }
}

#[test]
fn a_public_address_in_use_cannot_be_deleted() {
    let mut bench = Bench::with_group();
    let address = in_group("Microsoft.Network/publicIPAddresses/pip");
    bench.put_directly(&address, json!({ "location": "westeurope" }));
    let user = in_group("Microsoft.Network/bastionHosts/bas");
    let body = json!({ "properties": {"ipConfigurations": [{"properties": {"publicIPAddress": {"id": address.to_uppercase()}}}]} });
    bench.put_directly(&user, body);
    assert_eq!(Bench::code(&bench.delete(&address)), "PublicIPAddressCannotBeDeleted");
    assert_eq!(bench.delete(&user).status, 202);
    bench.pass(3600);
    assert_eq!(bench.delete(&address).status, 202);
}

#[test]
fn a_peering_needs_both_sides_and_is_lost_with_one() {
    let mut bench = Bench::with_group();
    let network_path = |name: &str| in_group(&format!("Microsoft.Network/virtualNetworks/{name}"));
    bench.make(&network_path("v1"), network("10.1.0.0/22"));
    bench.make(&network_path("v2"), network("10.2.0.0/22"));
    let path = |from: &str| format!("{}/virtualNetworkPeerings/p", network_path(from));
    let body = |to: &str| {
        json!({ "properties": {
            "remoteVirtualNetwork": {"id": network_path(to)}, "allowVirtualNetworkAccess": true,
        }})
    };
    let state = |bench: &mut Bench, from: &str| -> Value {
        bench.get(&path(from)).body["properties"]["peeringState"].clone()
    };
    bench.make(&path("v1"), body("v2"));
    assert_eq!(state(&mut bench, "v1"), "Initiated");
    bench.make(&path("v2"), body("v1"));
    assert_eq!(state(&mut bench, "v1"), "Connected");
    assert_eq!(state(&mut bench, "v2"), "Connected");
    let shown = bench.get(&network_path("v1")).body;
    assert_eq!(shown["properties"]["virtualNetworkPeerings"][0]["name"], "p");
    assert_eq!(bench.delete(&network_path("v2")).status, 202);
    bench.pass(3600);
    assert_eq!(state(&mut bench, "v1"), "Disconnected");
}

#[test]
fn subnets_are_part_of_their_network_and_resources_of_their_own() {
    let mut bench = Bench::with_group();
    let path = in_group("Microsoft.Network/virtualNetworks/v1");
    let with = |names: &[&str]| -> Value {
        let subnet = |(index, name): (usize, &&str)| json!({ "name": name, "properties": {"addressPrefix": format!("10.1.{index}.0/24")} });
        let subnets: Vec<Value> = names.iter().enumerate().map(subnet).collect();
        json!({ "location": "westeurope", "properties": {
            "addressSpace": {"addressPrefixes": ["10.1.0.0/22"]}, "subnets": subnets,
        }})
    };
    bench.make(&path, with(&["a", "ab"]));
    let one = bench.get(&format!("{path}/subnets/ab")).body;
    assert_eq!(one["properties"]["addressPrefix"], "10.1.1.0/24");
    let third = json!({ "properties": {"addressPrefix": "10.1.2.0/24"} });
    bench.make(&format!("{path}/subnets/c"), third);
    let names = |bench: &mut Bench| -> Vec<String> {
        let shown = bench.get(&path).body;
        let subnets = shown["properties"]["subnets"].as_array().unwrap();
        subnets.iter().map(|subnet| subnet["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&mut bench), ["a", "ab", "c"]);
    bench.make(&path, with(&["a"]));
    assert_eq!(names(&mut bench), ["a"]);
    assert_eq!(bench.get(&format!("{path}/subnets/ab")).status, 404);
}
