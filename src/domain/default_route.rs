//! Where an environment's default route leads, and where its firewall is.
//!
//! What Azure does not tell stays absent: a sentence or a remedy must never be filled with it. Reads bodies only.

use serde_json::Value;

use super::json::{items, text, told};

/// Where a route table sends what no other route takes: an address, or Azure's word for a next hop without one, such as
/// `Internet`. `None` when the table says nothing, so that Azure's own route to the internet holds.
pub fn default_hop(table: &Value) -> Option<&str> {
    let mut routes = items(table, "/properties/routes").iter();
    let default = routes.find(|each| text(each, "/properties/addressPrefix") == "0.0.0.0/0")?;
    let hop = told(default, "/properties/nextHopIpAddress");
    let hop = hop.or_else(|| told(default, "/properties/nextHopType"));
    Some(hop.unwrap_or("somewhere that Azure does not tell"))
}

/// The private address of a firewall; `None` while it has none.
pub fn firewall_address(firewall: &Value) -> Option<&str> {
    told(firewall, "/properties/ipConfigurations/0/properties/privateIPAddress")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_hop_is_an_address_a_word_or_nothing() {
        let table = |route: Value| json!({"properties": {"routes": [{"properties": route}]}});
        for (route, hop) in [
            (
                json!({"addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.1.1.4"}),
                Some("10.1.1.4"),
            ),
            (
                json!({"addressPrefix": "0.0.0.0/0", "nextHopType": "Internet", "nextHopIpAddress": ""}),
                Some("Internet"),
            ),
            (json!({"addressPrefix": "0.0.0.0/0"}), Some("somewhere that Azure does not tell")),
            (json!({"addressPrefix": "10.0.0.0/8", "nextHopType": "None"}), None),
        ] {
            assert_eq!(default_hop(&table(route)), hop);
        }
        assert_eq!(default_hop(&json!({})), None);
        let firewall = |address: &str| json!({"properties": {"ipConfigurations": [{"properties": {"privateIPAddress": address}}]}});
        assert_eq!(firewall_address(&firewall("10.1.1.4")), Some("10.1.1.4"));
        assert_eq!(firewall_address(&firewall("")), None);
        assert_eq!(firewall_address(&json!({})), None);
    }
}
