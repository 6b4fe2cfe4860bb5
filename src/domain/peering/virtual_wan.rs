//! Hubs of Azure Virtual WAN: known by their ids, and what their owner is handed.
//!
//! Nobody can make a peering to such a hub. Its owner makes a hub connection to our network, and Azure then makes
//! both sides: ours is named `RemoteVnetToHubPeering_…` and leads to a network `HV_…` in a subscription of
//! Microsoft's (<https://learn.microsoft.com/azure/virtual-wan/virtual-wan-faq>). No DNS zone can be linked to such a
//! hub, and none is needed: a network that is connected to it answers for it
//! (<https://learn.microsoft.com/azure/architecture/networking/guide/private-link-virtual-wan-dns-guide>).

use serde_json::json;

use super::hand_over::{Asking, HandOver};
use super::zones::link_command;
use super::{AzCommand, Fallback, IdParts};
use crate::domain::foreign::{code, markdown};
use crate::domain::inventory::name_of;

/// Stands for the id of a network in which DNS is answered, which only the hub's owner knows.
const DNS_NETWORK: &str = "ID-OF-THE-NETWORK-WITH-THE-DNS-RESOLVER";
/// How Azure names our half of a hub connection.
const HALF: &str = "RemoteVnetToHubPeering_";
/// How Azure names the network of a hub.
const NETWORK: &str = "HV_";

/// Whether an id is that of a hub of Virtual WAN, or of the network that such a hub shows to those connected to it.
pub fn is_hub(id: &str) -> bool {
    let lowered = id.to_ascii_lowercase();
    lowered.contains("/providers/microsoft.network/virtualhubs/") || is_hub_network(id)
}

/// Whether an id is that of the network that a hub of Virtual WAN shows to those connected to it.
pub fn is_hub_network(id: &str) -> bool {
    name_of(id).starts_with(NETWORK)
}

/// Whether a half of a peering is our end of a hub connection: by its name and by where it leads.
pub fn is_connection(name: &str, remote_id: &str) -> bool {
    name.starts_with(HALF) && is_hub_network(remote_id)
}

/// Whether such a half leads to a hub, by the hub's id or that of its network.
pub fn leads_to(remote_id: &str, hub_id: &str) -> bool {
    remote_id.eq_ignore_ascii_case(hub_id)
        || (is_hub_network(remote_id) && hub_name(remote_id).eq_ignore_ascii_case(hub_name(hub_id)))
}

/// The name of a hub: its own, or the part that its network's name has of it (`HV_<hub>_<digits>`).
pub fn hub_name(id: &str) -> &str {
    let name = name_of(id);
    match name.strip_prefix(NETWORK) {
        Some(rest) => rest.rsplit_once('_').map_or(rest, |(hub, _)| hub),
        None => name,
    }
}

/// The command that connects our network to a hub. `--internet-security false` keeps the hub from advertising a default
/// route to us, which the environment's firewall would follow.
pub fn connect_command(hub_id: &str, network_id: &str) -> AzCommand {
    of_hub("create", hub_id, network_id)
        .with("--remote-vnet", network_id)
        .with("--internet-security", "false")
}

/// The command that takes the connection away.
pub fn disconnect_command(hub_id: &str, network_id: &str) -> AzCommand {
    of_hub("delete", hub_id, network_id).flag("--yes")
}

fn of_hub(verb: &str, hub_id: &str, network_id: &str) -> AzCommand {
    let mut place = IdParts::of(hub_id);
    // Where the network stands in for the hub, its subscription and group are Microsoft's.
    if is_hub_network(hub_id) {
        place.subscription = "SUBSCRIPTION-OF-THE-HUB";
        place.resource_group = "RESOURCE-GROUP-OF-THE-HUB";
    }
    AzCommand::az(&format!("network vhub connection {verb}"))
        .within(place)
        .with("--vhub-name", hub_name(hub_id))
        .with("--name", &format!("to-{}", name_of(network_id)))
}

/// What the owner of a hub of Virtual WAN is handed.
pub fn hand_over(hub_id: &str, network_id: &str, asking: &Asking) -> HandOver {
    HandOver {
        text: text(hub_id, network_id, asking),
        template: template(hub_id, network_id, asking),
    }
}

fn text(hub_id: &str, network_id: &str, asking: &Asking) -> String {
    let (name, hub) = (markdown(&asking.full_name), markdown(hub_name(hub_id)));
    let link = |zone: &String| link_command(zone, DNS_NETWORK, "virtual-wan", Fallback::Internet);
    let links: Vec<String> = asking.zones.iter().map(|zone| link(zone).line()).collect();
    format!(
        "# Connecting {name} to the Virtual WAN hub {hub}\n\n\
         {name} is a private Azure Machine Learning environment: its workspace, data, vault and registry answer only \
         at private addresses. To work in it over your Virtual WAN, its network must be connected to the hub {hub}. No \
         peering can be made to a hub of Virtual WAN from outside: its owner makes a hub connection.\n\n\
         | | |\n|---|---|\n| Environment | {name} |\n| Its network | `{network}` |\n| Its addresses | {space} |\n\n\
         ## 1. The connection\n\n\
         You need Network Contributor on the hub, and `Microsoft.Network/virtualNetworks/peer/action` on the \
         environment's network.\n\n```sh\n{connect}\n```\n\n\
         `--internet-security false` matters: with it on, or with routing intent for internet traffic, the hub \
         advertises a default route to the environment, and the firewall of the environment loses its way to the \
         internet.\n\n\
         ## 2. Private names\n\n\
         No private DNS zone can be linked to a hub of Virtual WAN. Link the zones of the environment to the network \
         that has your DNS Private Resolver or DNS server and is connected to the same hub, with its id in place of \
         {DNS_NETWORK}. Where that network has zones of the same name already, add the records to those \
         instead.\n\n```sh\n{links}\n```\n\n\
         On-premises then forwards the public names to that resolver: `privateaml verify {name}` lists them.\n\n\
         ## To undo it\n\n```sh\n{disconnect}\n```\n",
        network = code(network_id),
        space = markdown(&asking.address_space),
        connect = connect_command(hub_id, network_id).line(),
        links = links.join("\n"),
        disconnect = disconnect_command(hub_id, network_id).line(),
    )
}

fn template(hub_id: &str, network_id: &str, asking: &Asking) -> serde_json::Value {
    json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "metadata": {
            "description": format!(
                "The hub connection to the network of the private Azure Machine Learning environment {}.",
                asking.full_name
            )
        },
        "parameters": {
            "hubName": { "type": "string", "defaultValue": hub_name(hub_id) },
            "environmentNetworkId": { "type": "string", "defaultValue": network_id },
        },
        "resources": [{
            "type": "Microsoft.Network/virtualHubs/hubVirtualNetworkConnections",
            "apiVersion": "2025-05-01",
            "name": format!("[concat(parameters('hubName'), '/to-{}')]", name_of(network_id)),
            "properties": {
                "remoteVirtualNetwork": { "id": "[parameters('environmentNetworkId')]" },
                "enableInternetSecurity": false,
            },
        }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HUB: &str =
        "/subscriptions/s2/resourceGroups/rg-wan/providers/Microsoft.Network/virtualHubs/hub-weu";
    const SHOWN: &str = "/subscriptions/m/resourceGroups/RG_hub-weu_0d6e/providers/Microsoft.Network/\
        virtualNetworks/HV_hub-weu_0d6e1a2b";
    const OURS: &str = "/subscriptions/s1/resourceGroups/rg-test4821/providers/Microsoft.Network/\
        virtualNetworks/vnet-test4821";

    #[test]
    fn a_hub_of_virtual_wan_is_known_by_its_id_and_by_its_network() {
        for (id, is) in [(HUB, true), (SHOWN, true), (OURS, false)] {
            assert_eq!(is_hub(id), is, "{id}");
        }
        assert_eq!((hub_name(HUB), hub_name(SHOWN)), ("hub-weu", "hub-weu"));
        assert!(is_connection("RemoteVnetToHubPeering_1b0c", SHOWN));
        assert!(
            !is_connection("RemoteVnetToHubPeering_1b0c", OURS) && !is_connection("to-hub", SHOWN)
        );
        assert!(leads_to(SHOWN, HUB) && leads_to(SHOWN, SHOWN) && !leads_to(OURS, HUB));
    }

    #[test]
    fn the_owner_is_handed_a_hub_connection_and_what_to_do_about_names() {
        let asking = Asking {
            full_name: "test4821".into(),
            address_space: "10.1.0.0/22".into(),
            tenant_id: String::new(),
            account: None,
            zones: vec![
                "/subscriptions/s1/resourceGroups/rg-test4821/providers/Microsoft.Network/\
                privateDnsZones/privatelink.azurecr.io"
                    .into(),
            ],
            records: Vec::new(),
        };
        for (hub, place) in [
            (HUB, "--subscription s2 --resource-group rg-wan"),
            (SHOWN, "--subscription SUBSCRIPTION-OF-THE-HUB"),
        ] {
            let handed = hand_over(hub, OURS, &asking);
            for part in [
                "az network vhub connection create",
                "--vhub-name hub-weu",
                "--internet-security false",
                "privatelink.azurecr.io",
                "--resolution-policy NxDomainRedirect",
                place,
            ] {
                assert!(handed.text.contains(part), "{part}: {}", handed.text);
            }
            let resource = &handed.template["resources"][0];
            assert_eq!(resource["properties"]["enableInternetSecurity"], false);
        }
    }
}
