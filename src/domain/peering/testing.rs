//! A hub and a gateway as tests begin with; each test changes what it is about.

use super::{Gateway, GatewayKind, Hub, Known, Rights};

/// A VPN gateway that is up.
pub(crate) fn gateway() -> Gateway {
    Gateway {
        id: "/gateway".into(),
        name: "vgw".into(),
        kind: GatewayKind::Vpn,
        sku: "VpnGw1AZ".into(),
        state: "Succeeded".into(),
        route_based: true,
        bgp: false,
        client_pool: Vec::new(),
    }
}

/// Every right.
pub(crate) const FREE: Rights = Rights { write: true, peer: true, join: true };

/// A hub with a gateway that is up and every right, and nothing else.
pub(crate) fn hub() -> Hub {
    Hub {
        id: "/subscriptions/s/hub".into(),
        name: "vnet-hub".into(),
        region: "westeurope".into(),
        subscription: "Example".into(),
        tenant_id: String::new(),
        prefixes: vec!["10.0.0.0/16".into()],
        dns_servers: Vec::new(),
        peers: Vec::new(),
        gateways: Known::Read(vec![gateway()]),
        on_premises: Known::Read(Vec::new()),
        learned: Known::Read(Vec::new()),
        route_server: false,
        appliances: Known::Read(Vec::new()),
        firewall: Known::Read(None),
        resolvers: Known::Read(Vec::new()),
        zones: Known::Read(Vec::new()),
        rights: Known::Read(FREE),
    }
}
