//! Puts hubs into a practice cloud: networks as a company has them, each good or bad for an environment in its own way.
//!
//! They are written as any client writes them, so that every rule and every property that a provider adds holds for
//! them too, but finished at once: nobody shall wait an hour for a gateway before there is anything to practise with.
//! What a person has done to a hub stays: a hub is only made where its group does not exist. Ranges leave 10.1.0.0/22
//! free, but for the hubs that are there to be refused.

#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::catalog::subscription;
use super::identifier::{ResourceId, Scope};
use super::reply::{ArmError, Result};
use super::state::{Cloud, StoredGroup};
use super::{json, resource, rule};

const NETWORK: &str = "2025-05-01";
const ZONE: &str = "2024-06-01";
const RESOLVER: &str = "2025-05-01";

/// Zones that the company has linked to its shared network already.
const SHARED_ZONES: [&str; 3] = [
    "privatelink.blob.core.windows.net",
    "privatelink.vaultcore.azure.net",
    "privatelink.api.azureml.ms",
];

/// A hub as it is to be made.
#[derive(Debug, Clone, Copy)]
struct SampleHub {
    /// Number of its subscription, from 1.
    subscription: usize,
    group: &'static str,
    name: &'static str,
    region: &'static str,
    /// The first two numbers of its range; everything in it lies below.
    net: &'static str,
    /// Length of its range's prefix.
    length: u8,
    /// Whether it has a VPN gateway, for clients with addresses of this pool, or for an office where there is none.
    gateway: Option<HubEntry>,
    /// Whether names are answered in it.
    resolver: bool,
    /// Name and range of a network that it is connected to.
    spoke: Option<(&'static str, &'static str)>,
    /// Whether zones are linked to it.
    zones: bool,
    /// Whether the account may only read it.
    read_only: bool,
}

/// Who comes in by a gateway.
#[derive(Debug, Clone, Copy)]
enum HubEntry {
    /// An office, by a connection to its VPN device.
    Office,
    /// Single machines, with addresses of this pool.
    Clients(&'static str),
}

const fn plain(group: &'static str, name: &'static str, net: &'static str) -> SampleHub {
    SampleHub {
        subscription: 1,
        group,
        name,
        region: "westeurope",
        net,
        length: 16,
        gateway: None,
        resolver: false,
        spoke: None,
        zones: false,
        read_only: false,
    }
}

const HUBS: [SampleHub; 8] = [
    SampleHub {
        gateway: Some(HubEntry::Office),
        resolver: true,
        spoke: Some(("vnet-spoke-web", "10.90.0.0/22")),
        ..plain("rg-hub", "vnet-hub-weu", "10.0")
    },
    SampleHub {
        region: "northeurope",
        gateway: Some(HubEntry::Clients("172.31.1.0/24")),
        ..plain("rg-core", "vnet-core-ne", "10.1")
    },
    SampleHub { length: 20, ..plain("rg-lab", "vnet-lab", "172.16") },
    SampleHub {
        gateway: Some(HubEntry::Clients("172.31.2.0/24")),
        resolver: true,
        read_only: true,
        ..plain("rg-team", "vnet-team", "10.40")
    },
    SampleHub {
        gateway: Some(HubEntry::Clients("172.31.3.0/24")),
        zones: true,
        ..plain("rg-shared", "vnet-shared", "10.50")
    },
    SampleHub {
        gateway: Some(HubEntry::Clients("172.31.4.0/24")),
        spoke: Some(("vnet-spoke-erp", "10.1.0.0/20")),
        ..plain("rg-peered", "vnet-peered", "10.60")
    },
    SampleHub {
        subscription: 2,
        gateway: Some(HubEntry::Clients("172.31.5.0/24")),
        resolver: true,
        ..plain("rg-far", "vnet-far", "10.70")
    },
    SampleHub {
        subscription: 2,
        gateway: Some(HubEntry::Clients("172.31.6.0/24")),
        read_only: true,
        ..plain("rg-far-ro", "vnet-far-ro", "10.80")
    },
];

/// Puts the hubs into the cloud that are not there yet, as far as their subscriptions are.
pub fn hubs(cloud: &mut Cloud) {
    // What goes wrong on demand is for what a person does.
    let faults = std::mem::take(&mut cloud.root.faults);
    for hub in HUBS {
        let scope = Scope::group(&subscription::id(hub.subscription), hub.group);
        if hub.subscription > cloud.root.subscriptions || cloud.group(&scope).is_some() {
            continue;
        }
        if let Err(error) = hub.make(cloud, &scope) {
            let (code, message) = (error.code, error.message);
            tracing::error!(code, message, hub = hub.name, "a hub could not be created");
        }
    }
    cloud.root.faults = faults;
}

impl SampleHub {
    fn make(&self, cloud: &mut Cloud, scope: &Scope) -> Result<()> {
        let now = cloud.now();
        let subscription = subscription::id(self.subscription);
        cloud.put_group(StoredGroup::new(&subscription, self.group, self.region, now));
        self.network(cloud)?;
        if let Some(way) = self.gateway {
            self.gateway(cloud, way)?;
        }
        if self.resolver {
            self.resolver(cloud)?;
        }
        if let Some((name, range)) = self.spoke {
            self.spoke(cloud, name, range)?;
        }
        if self.zones {
            for zone in SHARED_ZONES {
                self.zone(cloud, zone)?;
            }
        }
        if self.read_only {
            cloud.root.read_only.insert(scope.clone());
        }
        Ok(())
    }

    /// Id of something in the hub's group.
    fn id(&self, rest: &str) -> String {
        format!(
            "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.Network/{rest}",
            subscription::id(self.subscription),
            self.group
        )
    }

    fn write(&self, cloud: &mut Cloud, rest: &str, version: &str, mut body: Value) -> Result<()> {
        // The half of a peering is part of its network and has no region of its own.
        if !rest.contains("/virtualNetworkPeerings/") && body.get("location").is_none() {
            json::set(&mut body, "location", self.region);
        }
        let text = self.id(rest);
        let Some(id) = ResourceId::parse(&text) else {
            return Err(ArmError::new(400, "InvalidResourceId", text));
        };
        resource::begin(cloud, &id, version, &body)?;
        resource::finish(cloud, &id);
        Ok(())
    }

    fn network(&self, cloud: &mut Cloud) -> Result<()> {
        let net = self.net;
        let subnet = |name: &str, prefix: String, further: Value| {
            let mut properties = json!({ "addressPrefix": prefix });
            json::merge(&mut properties, further);
            json!({ "name": name, "properties": properties })
        };
        let mut subnets = vec![subnet("snet-servers", format!("{net}.2.0/24"), json!({}))];
        if self.gateway.is_some() {
            subnets.push(subnet("GatewaySubnet", format!("{net}.0.0/27"), json!({})));
        }
        if self.resolver {
            let delegation = json!({ "delegations": [{
                "name": "resolver",
                "properties": { "serviceName": "Microsoft.Network/dnsResolvers" },
            }]});
            subnets.push(subnet("snet-dns-inbound", format!("{net}.1.0/28"), delegation));
        }
        let space = json!({ "addressPrefixes": [format!("{net}.0.0/{}", self.length)] });
        let body = json!({ "properties": { "addressSpace": space, "subnets": subnets } });
        self.write(cloud, &format!("virtualNetworks/{}", self.name), NETWORK, body)
    }

    fn gateway(&self, cloud: &mut Cloud, way: HubEntry) -> Result<()> {
        let short = self.name.trim_start_matches("vnet-");
        let address = format!("publicIPAddresses/pip-vgw-{short}");
        let gateway = format!("virtualNetworkGateways/vgw-{short}");
        let fixed = json!({
            "properties": { "publicIPAllocationMethod": "Static", "publicIPAddressVersion": "IPv4" },
            "sku": { "name": "Standard", "tier": "Regional" },
            "zones": ["1", "2", "3"],
        });
        self.write(cloud, &address, NETWORK, fixed)?;
        let subnet = self.id(&format!("virtualNetworks/{}/subnets/GatewaySubnet", self.name));
        let mut properties = json!({
            "gatewayType": "Vpn",
            "vpnType": "RouteBased",
            "vpnGatewayGeneration": "Generation1",
            "sku": { "name": "VpnGw1AZ", "tier": "VpnGw1AZ" },
            "activeActive": false,
            "enableBgp": false,
            "ipConfigurations": [{ "name": "default", "properties": {
                "privateIPAllocationMethod": "Dynamic",
                "subnet": { "id": subnet },
                "publicIPAddress": { "id": self.id(&address) },
            }}],
        });
        if let HubEntry::Clients(pool) = way {
            let clients = json!({ "vpnClientConfiguration": {
                "vpnClientAddressPool": { "addressPrefixes": [pool] },
                "vpnClientProtocols": ["OpenVPN"],
            }});
            json::merge(&mut properties, clients);
        }
        self.write(cloud, &gateway, NETWORK, json!({ "properties": properties }))?;
        match way {
            HubEntry::Office => self.office(cloud, &gateway),
            HubEntry::Clients(_) => Ok(()),
        }
    }

    /// The practice office and the connection to it, which has been up for long.
    fn office(&self, cloud: &mut Cloud, gateway: &str) -> Result<()> {
        let (site, connection) = ("localNetworkGateways/lgw-office", "connections/cn-office");
        let office = json!({ "properties": {
            "gatewayIpAddress": super::SITE_DEVICE,
            "localNetworkAddressSpace": { "addressPrefixes": [super::SITE_RANGE] },
        }});
        self.write(cloud, site, NETWORK, office)?;
        let way = json!({ "properties": {
            "connectionType": "IPsec",
            "connectionProtocol": "IKEv2",
            "virtualNetworkGateway1": { "id": self.id(gateway), "properties": {} },
            "localNetworkGateway2": { "id": self.id(site), "properties": {} },
            "enableBgp": false,
            // Nobody needs it: the practice office takes any.
            "sharedKey": cloud.new_guid(),
        }});
        self.write(cloud, connection, NETWORK, way)?;
        if let Some(id) = ResourceId::parse(&self.id(connection)) {
            rule::negotiated(cloud, &id);
        }
        Ok(())
    }

    fn resolver(&self, cloud: &mut Cloud) -> Result<()> {
        let network = self.id(&format!("virtualNetworks/{}", self.name));
        let resolver = json!({ "properties": { "virtualNetwork": { "id": network } } });
        self.write(cloud, "dnsResolvers/dnspr", RESOLVER, resolver)?;
        let inbound = json!({ "properties": { "ipConfigurations": [{
            "privateIpAllocationMethod": "Dynamic",
            "subnet": { "id": format!("{network}/subnets/snet-dns-inbound") },
        }]}});
        self.write(cloud, "dnsResolvers/dnspr/inboundEndpoints/inbound", RESOLVER, inbound)
    }

    /// A network beside the hub, connected to it from both sides.
    fn spoke(&self, cloud: &mut Cloud, name: &str, range: &str) -> Result<()> {
        let [hub, spoke] = [self.name, name].map(|name| format!("virtualNetworks/{name}"));
        let space = json!({ "addressSpace": { "addressPrefixes": [range] } });
        self.write(cloud, &spoke, NETWORK, json!({ "properties": space }))?;
        for (from, to, is_hub) in [(&hub, &spoke, true), (&spoke, &hub, false)] {
            let remote = to.trim_start_matches("virtualNetworks/");
            let properties = json!({ "properties": {
                "remoteVirtualNetwork": { "id": self.id(to) },
                "allowVirtualNetworkAccess": true,
                "allowForwardedTraffic": true,
                "allowGatewayTransit": is_hub,
                "useRemoteGateways": !is_hub,
            }});
            let half = format!("{from}/virtualNetworkPeerings/to-{remote}");
            self.write(cloud, &half, NETWORK, properties)?;
        }
        Ok(())
    }

    fn zone(&self, cloud: &mut Cloud, zone: &str) -> Result<()> {
        let zone = format!("privateDnsZones/{zone}");
        self.write(cloud, &zone, ZONE, json!({ "location": "global", "properties": {} }))?;
        let network = json!({ "id": self.id(&format!("virtualNetworks/{}", self.name)) });
        let properties = json!({ "virtualNetwork": network, "registrationEnabled": false });
        let link = format!("{zone}/virtualNetworkLinks/{}", self.name);
        self.write(cloud, &link, ZONE, json!({ "location": "global", "properties": properties }))
    }
}
