//! Names of endpoints that somebody else registers: where their records belong, and what was seen of them.

use serde_json::{Value, json};

use super::*;
use crate::domain::inventory::Reading;

const PE: &str = "/subscriptions/s/resourceGroups/rg-test4821/providers/Microsoft.Network/privateEndpoints/\
    pe-blob-test4821";
const NIC: &str = "/subscriptions/s/resourceGroups/rg-test4821/providers/Microsoft.Network/networkInterfaces/\
    nic-pe-blob";
const VNET: &str = "/subscriptions/s/resourceGroups/rg-test4821/providers/Microsoft.Network/virtualNetworks/\
    vnet-test4821";
const ZONE: &str = "/subscriptions/hub/resourceGroups/rg-dns/providers/Microsoft.Network/privateDnsZones/\
    privatelink.blob.core.windows.net";

fn plan(choice: &str) -> Plan {
    let resource = |kind: &str, id: &str| {
        json!({"symbol": kind, "type": format!("Microsoft.Network/{kind}"), "name": name_of(id), "id": id,
               "area": "network", "depends_on": [], "seconds": 1,
               "body": {"properties": {"privateLinkServiceConnections": [{"properties": {"groupIds": ["blob"]}}]}}})
    };
    serde_json::from_value(json!({
        "name": "test", "suffix": "4821", "region": "westeurope", "resource_group": "rg-test4821",
        "address_space": "10.1.0.0/22", "subnets": [], "critical_path": [], "critical_seconds": 0, "firewall": [],
        "nsg": [], "parameters": {"dnsZones": choice},
        "resources": [resource("privateEndpoints", PE), resource("virtualNetworks", VNET)],
    }))
    .unwrap()
}

fn card(names: &Value) -> Value {
    json!({"properties": {"ipConfigurations": [{"properties": {
        "privateIPAddress": "10.1.1.8", "privateLinkConnectionProperties": {"fqdns": names}}}]}})
}

fn inventory() -> Inventory {
    let mut inventory = Inventory::default();
    let endpoint = json!({"properties": {"networkInterfaces": [{"id": NIC}]}});
    inventory.put(PE, Reading::Found(endpoint));
    let names = json!(["stgtest4821.blob.core.windows.net"]);
    inventory.put(NIC, Reading::Found(card(&names)));
    inventory
}

/// A zone elsewhere that was seen, with a record and perhaps a link to our network.
fn with_zone(addresses: &[&str], linked: bool) -> Inventory {
    let mut inventory = inventory();
    inventory.put(SEEN_ZONES, Reading::Found(json!([ZONE])));
    let addresses: Vec<Value> = addresses.iter().map(|each| json!({"ipv4Address": each})).collect();
    let records = json!([{"name": "stgtest4821", "properties": {"aRecords": addresses}}]);
    inventory.put(&format!("{ZONE}/A"), Reading::Found(records));
    let links = if linked {
        json!([{"properties": {"virtualNetwork": {"id": VNET}, "virtualNetworkLinkState": "Completed"}}])
    } else {
        json!([])
    };
    inventory.put(&format!("{ZONE}/virtualNetworkLinks"), Reading::Found(links));
    inventory
}

#[test]
fn each_name_belongs_to_a_zone_with_a_record() {
    let names = json!([
        "AB.workspace.westeurope.cert.api.azureml.ms",
        "*.ab.inference.westeurope.api.azureml.ms",
        "kv-test4821.vault.azure.net",
        "acrtest4821.westeurope.data.azurecr.io",
        "ml-x.westeurope.notebooks.azure.net",
        "stgtest4821.file.core.usgovcloudapi.net",
        "scadvisorcontentpl.blob.core.windows.net",
        "ab.ods.opinsights.azure.com",
        "strange.example.com"
    ]);
    let found = of_card("pe", &card(&names));
    let told: Vec<(&str, &str, bool)> = found
        .iter()
        .map(|each| (each.zone.as_deref().unwrap_or("-"), each.record.as_str(), each.shared))
        .collect();
    assert_eq!(
        told,
        [
            ("privatelink.api.azureml.ms", "ab.workspace.westeurope.cert", false),
            ("privatelink.api.azureml.ms", "*.ab.inference.westeurope", false),
            ("privatelink.vaultcore.azure.net", "kv-test4821", false),
            ("privatelink.azurecr.io", "acrtest4821.westeurope.data", false),
            ("privatelink.notebooks.azure.net", "ml-x.westeurope", false),
            ("privatelink.file.core.usgovcloudapi.net", "stgtest4821", false),
            ("privatelink.blob.core.windows.net", "scadvisorcontentpl", true),
            ("privatelink.ods.opinsights.azure.com", "ab", true),
            ("-", "", false),
        ]
    );
}

#[test]
fn what_was_not_seen_is_never_registered() {
    for (inventory, sight) in [
        (inventory(), RegistrationState::Unseen),
        (with_zone(&["10.1.1.8"], false), RegistrationState::Unlinked),
        (with_zone(&["10.9.9.9"], false), RegistrationState::Unseen),
        (with_zone(&["10.1.1.8"], true), RegistrationState::Registered),
        (with_zone(&["10.9.9.9"], true), RegistrationState::Otherwise("10.9.9.9".into())),
        (
            with_zone(&["10.1.1.8", "10.9.9.9"], true),
            RegistrationState::Otherwise("10.1.1.8, 10.9.9.9".into()),
        ),
        (with_zone(&[], true), RegistrationState::Missing),
    ] {
        let found = elsewhere(&plan("existing"), &inventory).unwrap();
        assert_eq!(found.names.len(), 1);
        assert_eq!(found.names[0].sight, sight);
        assert_eq!(found.registered(), usize::from(sight == RegistrationState::Registered));
    }
    assert_eq!(elsewhere(&plan("create"), &inventory()), None);
    let found = elsewhere(&plan("existing"), &Inventory::default()).unwrap();
    assert_eq!(found.unread, ["pe-blob-test4821"]);
}

#[test]
fn the_owner_of_the_zones_gets_commands_for_what_is_missing() {
    let unseen = elsewhere(&plan("existing"), &inventory()).unwrap().commands;
    assert_eq!(
        unseen,
        [
            format!("az network private-dns link vnet create --subscription SUBSCRIPTION-OF-THE-ZONES \
                --resource-group RESOURCE-GROUP-OF-THE-ZONES --zone-name privatelink.blob.core.windows.net \
                --name to-vnet-test4821 --virtual-network {VNET} --registration-enabled false"),
            "az network private-dns record-set a create --subscription SUBSCRIPTION-OF-THE-ZONES \
             --resource-group RESOURCE-GROUP-OF-THE-ZONES --zone-name privatelink.blob.core.windows.net \
             --name stgtest4821 --ttl 300 --metadata privateaml=test4821".to_owned(),
            "az network private-dns record-set a add-record --subscription SUBSCRIPTION-OF-THE-ZONES \
             --resource-group RESOURCE-GROUP-OF-THE-ZONES --zone-name privatelink.blob.core.windows.net \
             --record-set-name stgtest4821 --ipv4-address 10.1.1.8".to_owned(),
        ]
    );
    let linked = elsewhere(&plan("existing"), &with_zone(&[], true)).unwrap().commands;
    assert_eq!(linked.len(), 2);
    assert!(linked[0].contains("--subscription hub --resource-group rg-dns"), "{linked:?}");
    let recorded = elsewhere(&plan("existing"), &with_zone(&["10.1.1.8"], false)).unwrap().commands;
    assert_eq!(recorded.len(), 1, "{recorded:?}");
    assert!(recorded[0].contains("link vnet create"));
    let whole = elsewhere(&plan("existing"), &with_zone(&["10.1.1.8"], true)).unwrap();
    assert_eq!(whole.commands, Vec::<String>::new());
}

#[test]
fn a_warning_stands_before_the_names_that_are_the_same_for_everybody() {
    let mut inventory = inventory();
    let names = json!(["api.monitor.azure.com", "stgtest4821.blob.core.windows.net"]);
    inventory.put(NIC, Reading::Found(card(&names)));
    let commands = elsewhere(&plan("existing"), &inventory).unwrap().commands;
    let warning = commands.iter().position(|each| each.starts_with("# ")).unwrap();
    let monitor = commands.iter().position(|each| each.contains("monitor.azure.com")).unwrap();
    let blob = commands.iter().rposition(|each| each.contains("blob.core")).unwrap();
    assert!(blob < warning && warning < monitor, "{commands:#?}");
}
