//! Examples of <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-cidr>, and the
//! same arithmetic done by another crate.

use ipnetwork::{IpNetwork, Ipv4Network};
use proptest::prelude::*;
use serde_json::json;

use super::{check, check_refused, evaluate};

#[test]
fn documented_ranges() {
    check(&[
        (
            "parseCidr('10.144.0.0/20')",
            json!({
                "network": "10.144.0.0",
                "netmask": "255.255.240.0",
                "broadcast": "10.144.15.255",
                "firstUsable": "10.144.0.1",
                "lastUsable": "10.144.15.254",
                "cidr": 20
            }),
        ),
        (
            "parseCidr('fdad:3236:5555::/48')",
            json!({
                "network": "fdad:3236:5555::",
                "netmask": "ffff:ffff:ffff::",
                "firstUsable": "fdad:3236:5555::",
                "lastUsable": "fdad:3236:5555:ffff:ffff:ffff:ffff:ffff",
                "cidr": 48
            }),
        ),
    ]);
}

#[test]
fn documented_subnets_and_hosts() {
    check(&[
        (
            "map(range(0, 5), lambda('i', cidrSubnet('10.144.0.0/20', 24, lambdaVariables('i'))))",
            json!([
                "10.144.0.0/24",
                "10.144.1.0/24",
                "10.144.2.0/24",
                "10.144.3.0/24",
                "10.144.4.0/24"
            ]),
        ),
        (
            "map(range(0, 5), lambda('i', cidrSubnet('fdad:3236:5555::/48', 52, lambdaVariables('i'))))",
            json!([
                "fdad:3236:5555::/52",
                "fdad:3236:5555:1000::/52",
                "fdad:3236:5555:2000::/52",
                "fdad:3236:5555:3000::/52",
                "fdad:3236:5555:4000::/52"
            ]),
        ),
        (
            "map(range(0, 5), lambda('i', cidrHost('10.144.3.0/24', lambdaVariables('i'))))",
            json!(["10.144.3.1", "10.144.3.2", "10.144.3.3", "10.144.3.4", "10.144.3.5"]),
        ),
        (
            "map(range(0, 5), lambda('i', cidrHost('fdad:3236:5555:3000::/52', lambdaVariables('i'))))",
            json!([
                "fdad:3236:5555:3000::1",
                "fdad:3236:5555:3000::2",
                "fdad:3236:5555:3000::3",
                "fdad:3236:5555:3000::4",
                "fdad:3236:5555:3000::5"
            ]),
        ),
        // The firewall's first address that Azure does not keep: the fourth usable one.
        ("cidrHost('10.1.0.64/26', 3)", json!("10.1.0.68")),
        ("cidrSubnet('10.0.0.0/8', 8, 0)", json!("10.0.0.0/8")),
        ("cidrSubnet('0.0.0.0/0', 32, 1)", json!("0.0.0.1/32")),
    ]);
}

#[test]
fn what_lies_outside_is_refused() {
    check_refused(&[
        ("cidrSubnet('10.1.0.0/22', 24, 4)", "out of bounds"),
        ("cidrSubnet('10.1.0.0/22', 24, -1)", "out of bounds"),
        ("cidrSubnet('10.1.0.0/22', 20, 0)", "from 22 to 32"),
        ("cidrHost('10.1.0.0/30', 2)", "out of bounds"),
        ("cidrHost('10.1.0.0/32', 0)", "out of bounds"),
        ("parseCidr('10.1.0.0')", "CIDR"),
        ("parseCidr('10.1.0.0/33')", "32 bits"),
    ]);
}

proptest! {
    #[test]
    fn agrees_with_ipnetwork(address: u32, prefix in 0_u8..=30, deeper in 0_u8..=8, index in 0_u32..256) {
        let network = Ipv4Network::new(address.into(), prefix).unwrap();
        let parsed = evaluate(&format!("parseCidr('{network}')")).unwrap();
        prop_assert_eq!(&parsed["network"], &json!(network.network().to_string()));
        prop_assert_eq!(&parsed["netmask"], &json!(network.mask().to_string()));
        prop_assert_eq!(&parsed["broadcast"], &json!(network.broadcast().to_string()));

        let new_prefix = (prefix + deeper).min(32);
        let bits = u32::from(new_prefix - prefix);
        let subnet = evaluate(&format!("cidrSubnet('{network}', {new_prefix}, {index})"));
        if u64::from(index) < 1_u64 << bits {
            let subnet: IpNetwork = subnet.unwrap().as_str().unwrap().parse().unwrap();
            let size = 1_u64 << (32 - new_prefix);
            let first = u64::from(u32::from(network.network())) + u64::from(index) * size;
            prop_assert_eq!(subnet.network().to_string(), std::net::Ipv4Addr::from(u32::try_from(first).unwrap()).to_string());
            prop_assert_eq!(subnet.prefix(), new_prefix);
        } else {
            prop_assert!(subnet.is_err());
        }

        let host = evaluate(&format!("cidrHost('{network}', {index})"));
        match network.nth(index + 1).filter(|host| *host < network.broadcast()) {
            Some(expected) => prop_assert_eq!(host.unwrap(), json!(expected.to_string())),
            None => prop_assert!(host.is_err()),
        }
    }
}
