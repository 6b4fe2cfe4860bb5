//! What providers add on reading.

use serde_json::{Value, json};

use super::{
    PASSWORD, at, card, endpoint, id, in_subnet, machine, make, make_network, put, regional,
    storage, vault, virtual_network,
};
use crate::practice::testing::{Bench, in_group};

#[test]
fn subnets_can_be_read_by_themselves_and_stand_in_the_network() {
    let mut bench = Bench::with_group();
    make_network(&mut bench);
    let vnet = "Microsoft.Network/virtualNetworks/vnet";
    make(
        &mut bench,
        &format!("{vnet}/subnets/More"),
        json!({ "properties": { "addressPrefix": "10.1.3.0/24" } }),
    );
    let view = bench.get(&at(vnet)).body;
    let names: Vec<&str> = view["properties"]["subnets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|subnet| subnet["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        ["AzureFirewallSubnet", "AzureBastionSubnet", "SharedSubnet", "Small", "More"]
    );
    bench.delete(&at(&format!("{vnet}/subnets/More")));
    bench.pass(600);
    let view = bench.get(&at(vnet)).body;
    assert_eq!(view["properties"]["subnets"].as_array().unwrap().len(), 4);
}

#[test]
fn a_firewall_has_the_first_usable_address_and_a_public_one_of_nobody() {
    let mut bench = Bench::with_group();
    make_network(&mut bench);
    let address = json!({ "location": "westeurope", "sku": { "name": "Standard" }, "properties": { "publicIPAllocationMethod": "Static" } });
    let public = make(&mut bench, "Microsoft.Network/publicIPAddresses/pip", address);
    assert_eq!(public["properties"]["ipAddress"], "203.0.113.10");
    let body = regional(
        json!({ "sku": { "name": "AZFW_VNet", "tier": "Standard" }, "ipConfigurations": [{ "name": "c", "properties": {
            "subnet": in_subnet("AzureFirewallSubnet"), "publicIPAddress": id("Microsoft.Network/\
             publicIPAddresses/pip"),
        }}]}),
    );
    let firewall = make(&mut bench, "Microsoft.Network/azureFirewalls/f", body);
    let configuration = &firewall["properties"]["ipConfigurations"][0];
    assert_eq!(configuration["properties"]["privateIPAddress"], "10.1.1.4");
    let holder = bench.get(&at("Microsoft.Network/publicIPAddresses/pip")).body;
    assert_eq!(holder["properties"]["ipConfiguration"]["id"], configuration["id"]);
}

#[test]
fn a_machine_runs_holds_its_card_and_takes_it_along() {
    let mut bench = Bench::with_group();
    make_network(&mut bench);
    let nic = "Microsoft.Network/networkInterfaces/nic";
    let shown = make(&mut bench, nic, card("SharedSubnet"));
    assert_eq!(
        shown["properties"]["ipConfigurations"][0]["properties"]["privateIPAddress"],
        "10.1.2.132"
    );
    let vm = "Microsoft.Compute/virtualMachines/vm";
    let shown = make(&mut bench, vm, machine("vm", "jumper", PASSWORD));
    assert!(shown["properties"]["vmId"].is_string());
    let expanded = bench.get(&format!("{}&$expand=instanceView", at(vm))).body;
    assert_eq!(expanded["properties"]["instanceView"]["statuses"][1]["code"], "PowerState/running");
    assert!(!shown.to_string().contains(PASSWORD));
    assert_eq!(bench.get(&at("Microsoft.Compute/disks/disk")).body["managedBy"], in_group(vm));
    let extension = regional(json!({
        "publisher": "Microsoft.Compute", "type": "VMAccessAgent", "typeHandlerVersion": "2.4",
        "settings": { "UserName": "jumper" }, "protectedSettings": { "Password": "Example-New-9876" },
    }));
    make(&mut bench, &format!("{vm}/extensions/access"), extension.clone());
    let path = in_group(vm);
    let kept = bench.on(|cloud| {
        cloud.resource_at(&path).unwrap().body["properties"]["osProfile"]["adminPassword"].clone()
    });
    assert!(crate::practice::secure::matches(&kept, &json!("Example-New-9876")));
    let twin = put(&mut bench, &format!("{vm}/extensions/second"), extension);
    assert_eq!(Bench::code(&twin), "BadRequest");
    bench.delete(&at(vm));
    bench.pass(7200);
    for gone in [vm, nic, "Microsoft.Compute/disks/disk"] {
        assert_eq!(bench.get(&at(gone)).status, 404, "{gone}");
    }
}

#[test]
fn an_endpoint_brings_a_card_approval_and_records_and_takes_them_along() {
    let mut bench = Bench::with_group();
    make_network(&mut bench);
    let kv = "Microsoft.KeyVault/vaults/kv-test1234";
    let shown = make(&mut bench, kv, vault());
    assert_eq!(shown["properties"]["vaultUri"], "https://kv-test1234.vault.azure.net/");
    let zone = "Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net";
    make(&mut bench, zone, json!({ "location": "global" }));
    let pe = "Microsoft.Network/privateEndpoints/pe";
    let mut body = endpoint(kv, "vault");
    body["properties"]["customNetworkInterfaceName"] = json!("nic-pe");
    let made = make(&mut bench, pe, body);
    assert_eq!(made["properties"]["customDnsConfigs"][0]["fqdn"], "kv-test1234.vault.azure.net");
    let group = json!({ "properties": { "privateDnsZoneConfigs": [{ "name": "z", "properties": { "privateDnsZoneId": in_group(zone) } }] } });
    let group = make(&mut bench, &format!("{pe}/privateDnsZoneGroups/default"), group);
    let own = bench.get(&at(pe)).body["properties"]["customDnsConfigs"].clone();
    assert_eq!(own, json!([]), "the zone group has the names now");
    let set = &group["properties"]["privateDnsZoneConfigs"][0]["properties"]["recordSets"][0];
    assert_eq!(set["recordSetName"], "kv-test1234");
    let record = bench.get(&at(&format!("{zone}/A/kv-test1234"))).body;
    let nic = bench.get(&at("Microsoft.Network/networkInterfaces/nic-pe")).body;
    let configuration = &nic["properties"]["ipConfigurations"][0]["properties"];
    assert_eq!(
        record["properties"]["aRecords"][0]["ipv4Address"],
        configuration["privateIPAddress"]
    );
    assert_eq!(
        configuration["privateLinkConnectionProperties"]["fqdns"][0],
        "kv-test1234.vault.azure.net"
    );
    let connections = |bench: &mut Bench| {
        bench.get(&at(kv)).body["properties"]["privateEndpointConnections"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(connections(&mut bench), 1);
    bench.delete(&at(pe));
    bench.pass(7200);
    assert_eq!(connections(&mut bench), 0);
    assert_eq!(bench.get(&at("Microsoft.Network/networkInterfaces/nic-pe")).status, 404);
    assert_eq!(bench.get(&at(&format!("{zone}/A/kv-test1234"))).status, 404);
}

#[test]
fn two_halves_of_a_peering_connect_and_one_is_left_behind() {
    let mut bench = Bench::with_group();
    make_network(&mut bench);
    make(
        &mut bench,
        "Microsoft.Network/virtualNetworks/hub",
        virtual_network("10.9.0.0/16", &json!([])),
    );
    let half =
        |from: &str| format!("Microsoft.Network/virtualNetworks/{from}/virtualNetworkPeerings/p");
    let peer = |remote: &str| {
        json!({ "properties": { "remoteVirtualNetwork": id(&format!("Microsoft.Network/\
        virtualNetworks/{remote}")) } })
    };
    let state = |view: &Value| view["properties"]["peeringState"].as_str().unwrap().to_owned();
    let first = make(&mut bench, &half("vnet"), peer("hub"));
    assert_eq!(state(&first), "Initiated");
    let second = make(&mut bench, &half("hub"), peer("vnet"));
    assert_eq!(state(&second), "Connected");
    assert_eq!(state(&bench.get(&at(&half("vnet"))).body), "Connected");
    bench.delete(&at(&half("hub")));
    bench.pass(7200);
    assert_eq!(state(&bench.get(&at(&half("vnet"))).body), "Disconnected");
}

#[test]
fn workspaces_and_identities_have_ids_that_last() {
    let mut bench = Bench::with_group();
    make(&mut bench, "Microsoft.Storage/storageAccounts/stgtest1234", storage());
    make(&mut bench, "Microsoft.KeyVault/vaults/kv-test1234", vault());
    let identity = make(
        &mut bench,
        "Microsoft.ManagedIdentity/userAssignedIdentities/me",
        regional(json!({})),
    );
    let own = in_group("Microsoft.ManagedIdentity/userAssignedIdentities/me");
    let body = json!({
        "location": "westeurope",
        "identity": { "type": "SystemAssigned,UserAssigned", "userAssignedIdentities": { own.clone(): {} } },
        "properties": {
            "storageAccount": in_group("Microsoft.Storage/storageAccounts/stgtest1234"),
            "keyVault": in_group("Microsoft.KeyVault/vaults/kv-test1234"),
            "primaryUserAssignedIdentity": own,
        },
    });
    let ml = "Microsoft.MachineLearningServices/workspaces/ml-test1234";
    let first = make(&mut bench, ml, body.clone());
    let second = make(&mut bench, ml, body);
    let id = &first["properties"]["workspaceId"];
    assert!(id.is_string());
    assert_eq!(second["properties"]["workspaceId"], *id);
    assert_eq!(first["properties"]["discoveryUrl"], "https://westeurope.api.azureml.ms/discovery");
    assert!(
        first["properties"]["notebookInfo"]["fqdn"]
            .as_str()
            .unwrap()
            .contains(id.as_str().unwrap())
    );
    assert!(first["identity"]["principalId"].is_string());
    assert_eq!(
        first["identity"]["userAssignedIdentities"][&own]["principalId"],
        identity["properties"]["principalId"]
    );
    let accounts = bench.get(&at("Microsoft.Storage/storageAccounts/stgtest1234")).body;
    assert_eq!(
        accounts["properties"]["primaryEndpoints"]["blob"],
        "https://stgtest1234.blob.core.windows.net/"
    );
}

#[test]
fn the_first_label_of_a_notebook_host_fits_into_dns() {
    use crate::practice::rule::fully_qualified::{notebook_host, record};
    let id = "00000000-0000-4000-8000-000000000001";
    let host = notebook_host(&"long-name".repeat(4), "westeurope", id);
    let label = host.split('.').next().unwrap();
    assert_eq!(label.len(), 63);
    assert!(label.ends_with(id));
    assert_eq!(record("acr1.azurecr.io", "privatelink.azurecr.io").as_deref(), Some("acr1"));
    assert_eq!(record("acr1.azurecr.io", "privatelink.blob.core.windows.net"), None);
}

#[test]
fn an_endpoint_tells_its_names_again_when_its_zone_group_is_gone() {
    let mut bench = Bench::with_group();
    make_network(&mut bench);
    let kv = "Microsoft.KeyVault/vaults/kv-test1234";
    make(&mut bench, kv, vault());
    let zone = "Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net";
    make(&mut bench, zone, json!({ "location": "global" }));
    let pe = "Microsoft.Network/privateEndpoints/pe";
    make(&mut bench, pe, endpoint(kv, "vault"));
    let zones = json!([{ "name": "z", "properties": { "privateDnsZoneId": in_group(zone) } }]);
    let group = format!("{pe}/privateDnsZoneGroups/default");
    let body = json!({ "properties": { "privateDnsZoneConfigs": zones } });
    make(&mut bench, &group, body);
    let written = make(&mut bench, pe, endpoint(kv, "vault"));
    assert_eq!(written["properties"]["customDnsConfigs"], json!([]));
    bench.delete(&at(&group));
    bench.pass(7200);
    let shown = bench.get(&at(pe)).body;
    let name = &shown["properties"]["customDnsConfigs"][0]["fqdn"];
    assert_eq!(name, "kv-test1234.vault.azure.net");
}

#[test]
fn access_policies_are_written_below_a_vault_and_read_in_it() {
    let mut bench = Bench::with_group();
    let kv = "Microsoft.KeyVault/vaults/kv-test1234";
    let mut body = vault();
    body["properties"]["enableRbacAuthorization"] = json!(false);
    body["properties"]["accessPolicies"] = json!([]);
    make(&mut bench, kv, body);
    let policy = |who: &str, secrets: Value| {
        json!({ "properties": { "accessPolicies": [{
            "tenantId": "00000000-0000-4000-8000-00000000a111", "objectId": who,
            "permissions": { "secrets": secrets },
        }]}})
    };
    for (change, who, secrets, expected) in [
        ("add", "a", json!(["get"]), json!([["a", ["get"]]])),
        ("add", "A", json!(["get", "list"]), json!([["a", ["get", "list"]]])),
        ("add", "b", json!(["set"]), json!([["a", ["get", "list"]], ["b", ["set"]]])),
        ("replace", "b", json!(["get"]), json!([["a", ["get", "list"]], ["b", ["get"]]])),
        ("remove", "a", json!([]), json!([["b", ["get"]]])),
    ] {
        let path = format!("{kv}/accessPolicies/{change}");
        let answer = put(&mut bench, &path, policy(who, secrets));
        assert!(answer.status < 300, "{:?}", answer.body);
        let shown = bench.get(&at(kv)).body;
        let told: Vec<Value> = shown["properties"]["accessPolicies"]
            .as_array()
            .unwrap()
            .iter()
            .map(|each| json!([each["objectId"], each["permissions"]["secrets"]]))
            .collect();
        assert_eq!(json!(told), expected, "{change} {who}");
        let read = bench.get(&at(&path));
        assert_eq!((read.status, Bench::code(&read)), (405, "MethodNotAllowed"));
    }
    let other = put(&mut bench, &format!("{kv}/accessPolicies/other"), policy("a", json!([])));
    assert_eq!(Bench::code(&other), "BadRequest");
}
