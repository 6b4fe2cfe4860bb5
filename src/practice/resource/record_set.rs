//! All record sets of a private zone in one list, the start-of-authority record that every zone has included
//! (<https://learn.microsoft.com/rest/api/dns/privatedns/record-sets/list>).

use serde_json::{Value, json};

use super::handle::not_found;
use super::view;
use crate::practice::identifier::ResourceId;
use crate::practice::reply::Reply;
use crate::practice::state::Cloud;

const ZONE: &str = "Microsoft.Network/privateDnsZones";

/// Answers `GET {zone}/ALL`; `None` when the path is another's.
pub(super) fn list(cloud: &Cloud, last: &str, zone: Option<ResourceId>) -> Option<Reply> {
    let zone = zone.filter(|zone| last == "all" && zone.is(ZONE))?;
    if cloud.resource(&zone).is_none() {
        return Some(not_found(&zone));
    }
    let kept = cloud.below(&zone).filter(|stored| {
        stored.id.target().is_none()
            && !stored.is("Microsoft.Network/privateDnsZones/virtualNetworkLinks")
    });
    let mut sets = vec![authority(&zone)];
    sets.extend(kept.map(|stored| view::render(cloud, stored)));
    Some(Reply::list(sets))
}

fn authority(zone: &ResourceId) -> Value {
    json!({
        "id": zone.child("SOA", "@").to_string(),
        "name": "@",
        "type": format!("{ZONE}/SOA"),
        "properties": {
            "ttl": 3600,
            "fqdn": format!("{}.", zone.name()),
            "isAutoRegistered": false,
            "soaRecord": {
                "host": "azureprivatedns.net",
                "email": "azureprivatedns-host.microsoft.com",
                "serialNumber": 1,
                "refreshTime": 3600,
                "retryTime": 300,
                "expireTime": 2_419_200,
                "minimumTtl": 10,
            },
        },
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::practice::testing::{Bench, in_group};

    #[test]
    fn records_of_every_type_are_listed_together() {
        let mut bench = Bench::with_group();
        let zone = in_group("Microsoft.Network/privateDnsZones/a.example");
        bench.make(&zone, json!({ "location": "global" }));
        for (record, properties) in [
            ("A/web", json!({ "ttl": 60, "aRecords": [{ "ipv4Address": "10.0.0.4" }] })),
            ("CNAME/www", json!({ "ttl": 60, "cnameRecord": { "cname": "web.a.example" } })),
        ] {
            bench.make(&format!("{zone}/{record}"), json!({ "properties": properties }));
        }
        let found = bench.get(&format!("{zone}/ALL")).body;
        let names: Vec<&str> = found["value"]
            .as_array()
            .unwrap()
            .iter()
            .map(|set| set["name"].as_str().unwrap())
            .collect();
        assert_eq!(names, ["@", "web", "www"]);
        assert_eq!(bench.get(&format!("{zone}x/ALL")).status, 404);
    }
}
