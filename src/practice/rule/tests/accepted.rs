//! Writes that a strict cloud would refuse and Azure takes.

use serde_json::{Value, json};

use super::{
    at, id, in_subnet, machine, make, make_network, regional, storage, subnet, virtual_network,
};
use crate::practice::testing::{Bench, in_group};

#[test]
fn keys_are_listed_while_their_use_is_switched_off() {
    let mut bench = Bench::with_group();
    let account = "Microsoft.Storage/storageAccounts/stgtest1234";
    let mut body = storage();
    body["properties"]["allowSharedKeyAccess"] = json!(false);
    make(&mut bench, account, body);
    let answer = bench.post(&format!("{}/listKeys", in_group(account)), Value::Null);
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.body["keys"][0]["keyName"], "key1");
}

#[test]
fn a_gateways_subnet_is_known_whatever_its_case() {
    let mut bench = Bench::with_group();
    let network = "Microsoft.Network/virtualNetworks/hub";
    let subnets = json!([subnet("gatewaysubnet", "10.5.0.0/27")]);
    make(&mut bench, network, virtual_network("10.5.0.0/16", &subnets));
    let mut address = regional(json!({ "publicIPAllocationMethod": "Static" }));
    address["sku"] = json!({ "name": "Standard" });
    make(&mut bench, "Microsoft.Network/publicIPAddresses/pip", address);
    let gateway = regional(json!({
        "gatewayType": "Vpn", "vpnType": "RouteBased", "sku": { "name": "VpnGw1AZ", "tier": "VpnGw1AZ" },
        "ipConfigurations": [{ "name": "main", "properties": {
            "subnet": id(&format!("{network}/subnets/gatewaysubnet")),
            "publicIPAddress": id("Microsoft.Network/publicIPAddresses/pip"),
        }}],
    }));
    make(&mut bench, "Microsoft.Network/virtualNetworkGateways/gw", gateway);
}

#[test]
fn a_firewall_has_a_tier_and_its_address_can_be_written_as_it_is_read() {
    let mut bench = Bench::with_group();
    make_network(&mut bench);
    let address = "Microsoft.Network/publicIPAddresses/pip";
    let mut body = regional(json!({ "publicIPAllocationMethod": "Static" }));
    body["sku"] = json!({ "name": "Standard" });
    make(&mut bench, address, body);
    make(&mut bench, "Microsoft.Network/firewallPolicies/policy", regional(json!({})));
    let firewall = regional(json!({
        "firewallPolicy": id("Microsoft.Network/firewallPolicies/policy"),
        "ipConfigurations": [{ "name": "main", "properties": {
            "subnet": in_subnet("AzureFirewallSubnet"), "publicIPAddress": id(address),
        }}],
    }));
    let made = make(&mut bench, "Microsoft.Network/azureFirewalls/fw", firewall);
    assert_eq!(made["properties"]["sku"], json!({ "name": "AZFW_VNet", "tier": "Standard" }));
    let read = bench.get(&at(address)).body;
    assert!(read["properties"]["ipConfiguration"]["id"].is_string());
    let again = make(&mut bench, address, read.clone());
    assert_eq!(again["properties"], read["properties"]);
    assert_eq!(bench.delete(&at("Microsoft.Network/azureFirewalls/fw")).status, 202);
    bench.pass(7200);
    let free = bench.get(&at(address)).body;
    assert_eq!(free["properties"].get("ipConfiguration"), None);
}

#[test]
fn a_machine_gets_a_disk_that_it_does_not_ask_for() {
    let mut bench = Bench::with_group();
    make_network(&mut bench);
    make(&mut bench, "Microsoft.Network/networkInterfaces/nic", super::card("SharedSubnet"));
    let mut body = machine("vm", "someone", super::PASSWORD);
    body["properties"]["storageProfile"] =
        json!({ "imageReference": { "publisher": "MicrosoftWindowsDesktop" } });
    let made = make(&mut bench, "Microsoft.Compute/virtualMachines/vm", body);
    let disk = &made["properties"]["storageProfile"]["osDisk"];
    assert_eq!(
        (&disk["createOption"], &disk["diskSizeGB"], &disk["managedDisk"]["storageAccountType"]),
        (&json!("FromImage"), &json!(127), &json!("Premium_LRS"))
    );
    let disk = disk["managedDisk"]["id"].as_str().unwrap().to_owned();
    assert_eq!(bench.get(&disk).body["sku"]["name"], "Premium_LRS");
}
