//! What a virtual network gateway has learned by BGP: the ranges of the sites at the other end of its connections.
//!
//! Azure answers after a while (202); here it is known at once.

use serde_json::{Value, json};

use crate::practice::identifier::ResourceId;
use crate::practice::json::HasJson as _;
use crate::practice::reply::Reply;
use crate::practice::state::Cloud;

const CONNECTION: &str = "Microsoft.Network/connections";

/// Answers `POST {gateway}/getLearnedRoutes`.
pub(super) fn handle(cloud: &Cloud, id: &ResourceId) -> Reply {
    let gateway = id.to_string();
    let connections = cloud.all_resources().filter(|each| {
        each.is(CONNECTION)
            && each.flag("/properties/enableBgp")
            && each.says("/properties/virtualNetworkGateway1/id", &gateway)
    });
    let sites = connections.filter_map(|connection| {
        let site = connection.id_at("/properties/localNetworkGateway2/id")?;
        cloud.resource(&site)
    });
    let routes: Vec<Value> = sites
        .flat_map(|site| site.items("/properties/localNetworkAddressSpace/addressPrefixes"))
        .map(|prefix| {
            json!({ "network": prefix, "origin": "EBgp", "asPath": "65001", "weight": 32768,
                "sourcePeer": super::super::SITE_DEVICE })
        })
        .collect();
    Reply::ok(json!({ "value": routes }))
}
