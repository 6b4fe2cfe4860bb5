use super::*;

fn net(text: &str) -> Ipv4Network {
    text.parse().unwrap()
}

fn known(name: &str, prefix: &str, relation: Relation) -> KnownNetwork {
    KnownNetwork { name: name.into(), prefixes: vec![prefix.parse().unwrap()], relation }
}

/// Output of Terraform's `cidrsubnets(x, 6, 2, 4, 3)`, items 1 to 3, and usable addresses of the last.
const CUT_BY_TERRAFORM: [(&str, &str, u64); 8] = [
    ("10.0.0.0/8", "10.64.0.0/10 10.128.0.0/12 10.160.0.0/11", 2_097_147),
    ("10.0.0.0/12", "10.4.0.0/14 10.8.0.0/16 10.10.0.0/15", 131_067),
    ("10.0.0.0/16", "10.0.64.0/18 10.0.128.0/20 10.0.160.0/19", 8_187),
    ("10.0.0.0/18", "10.0.16.0/20 10.0.32.0/22 10.0.40.0/21", 2_043),
    ("10.0.0.0/20", "10.0.4.0/22 10.0.8.0/24 10.0.10.0/23", 507),
    ("10.0.0.0/21", "10.0.2.0/23 10.0.4.0/25 10.0.5.0/24", 251),
    ("10.0.0.0/22", "10.0.1.0/24 10.0.2.0/26 10.0.2.128/25", 123),
    ("10.1.0.0/22", "10.1.1.0/24 10.1.2.0/26 10.1.2.128/25", 123),
];

#[test]
fn subnets_are_those_that_terraform_cuts() {
    for (space, subnets, usable) in CUT_BY_TERRAFORM {
        let layout = Layout::of(net(space)).unwrap();
        let cut: Vec<String> =
            layout.subnets().iter().map(|subnet| subnet.prefix.to_string()).collect();
        assert_eq!(cut.join(" "), subnets, "{space}");
        assert_eq!(layout.shared.usable, usable, "{space}");
    }
}

#[test]
fn what_terraform_cuts_too_small_is_refused_with_the_larger_range() {
    for space in ["10.0.0.0/23", "10.0.0.0/24", "10.0.0.0/26", "10.0.0.0/27"] {
        let answer = check(space, &[]);
        assert_eq!(answer.layout, None);
        assert_eq!(answer.findings[0].code, "AddressSpaceTooSmall");
        assert!(answer.findings[0].what.contains("Bastion"));
        assert_eq!(answer.findings[0].replacement.as_deref(), Some("10.0.0.0/22"));
        assert!(Layout::of(net(space)).is_err());
    }
}

#[test]
fn the_firewall_takes_the_fourth_address() {
    let layout = Layout::of(net("10.1.0.0/22")).unwrap();
    assert_eq!(layout.free_addresses(), 576);
}

#[test]
fn each_mistake_has_its_own_code_and_offer() {
    let table = [
        ("10.1.0.5/22", "AddressHostBits", Some("10.1.0.0/22")),
        ("10.1.0.0/255.255.252.0", "AddressSpaceSyntax", Some("10.1.0.0/22")),
        ("10.1.0.0/33", "AddressSpaceSyntax", Some("10.1.0.0/22")),
        ("10.1.0.0/022", "AddressSpaceSyntax", Some("10.1.0.0/22")),
        ("10.1.0.0/22, 10.2.0.0/22", "AddressSpaceSyntax", Some("10.1.0.0/22")),
        ("10.1.0.256/22", "AddressSpaceSyntax", None),
        ("10.01.0.0/22", "AddressSpaceSyntax", None),
        ("10.1.0.0.0/22", "AddressSpaceSyntax", None),
        ("10.1/22", "AddressSpaceSyntax", None),
        (".1.0.0/22", "AddressSpaceSyntax", None),
        ("ten/22", "AddressSpaceSyntax", None),
        ("fd00::/48", "AddressSpaceIpv6", None),
        ("10.0.0.0/7", "AddressSpaceTooLarge", None),
        ("224.0.0.0/22", "AddressSpaceForbidden", None),
        ("127.0.0.0/16", "AddressSpaceForbidden", None),
        ("169.254.0.0/22", "AddressSpaceForbidden", None),
        ("168.63.128.0/22", "AddressSpaceForbidden", None),
        ("255.255.252.0/22", "AddressSpaceForbidden", None),
        ("172.17.4.0/22", "AddressSpaceOfDocker", None),
        ("172.16.0.0/12", "AddressSpaceOfDocker", None),
    ];
    for (text, code, replacement) in table {
        let answer = check(text, &[]);
        assert_eq!(answer.layout, None, "{text}");
        let first = answer.refusal().unwrap();
        assert_eq!(first.code, code, "{text}");
        assert_eq!(first.severity, Severity::Error, "{text}");
        assert_eq!(first.replacement.as_deref(), replacement, "{text}");
        assert!(!first.remedy.is_empty());
    }
}

#[test]
fn a_text_on_its_way_is_unfinished_and_not_wrong() {
    let whole = "192.168.16.0/20";
    for length in 0..whole.len() {
        let answer = check(&whole[..length], &[]);
        assert_eq!(answer.layout, None);
        assert_eq!(answer.findings[0].severity, Severity::Note, "{}", &whole[..length]);
        assert!(answer.refusal().is_some());
    }
    assert!(check(whole, &[]).layout.is_some());
}

#[test]
fn public_ranges_are_warned_about_and_private_ones_are_not() {
    for text in ["8.0.0.0/22", "192.0.0.0/8", "100.0.0.0/8", "172.32.0.0/16"] {
        let answer = check(text, &[]);
        assert_eq!(answer.findings[0].code, "AddressSpacePublic", "{text}");
        assert_eq!(answer.findings[0].severity, Severity::Warning);
        assert!(answer.layout.is_some());
    }
    for text in [" 10.1.0.0/22 ", "172.18.0.0/16", "192.168.0.0/16", "100.64.0.0/16"] {
        assert_eq!(check(text, &[]).findings, [], "{text}");
    }
}

#[test]
fn every_overlap_is_named_and_a_free_range_offered() {
    let networks = [
        known("vnet-lab", "10.1.0.0/16", Relation::Readable),
        known("vnet-hub", "10.2.0.0/16", Relation::Hub),
        known("vnet-sales", "10.3.0.0/16", Relation::HubPeer("vnet-hub".into())),
        known("vnet-six", "fd00::/48", Relation::Hub),
    ];
    let lab = check("10.1.4.0/22", &networks);
    assert_eq!(lab.findings[0].severity, Severity::Warning);
    assert!(lab.findings[0].what.contains("vnet-lab"));
    assert_eq!(lab.findings[0].replacement.as_deref(), Some("10.4.0.0/22"));
    assert!(lab.layout.is_some());
    for (text, name) in [("10.2.0.0/20", "vnet-hub"), ("10.3.0.0/22", "vnet-sales")] {
        let answer = check(text, &networks);
        assert_eq!(answer.findings[0].severity, Severity::Error);
        assert!(answer.findings[0].what.contains(name));
        assert_eq!(answer.layout, None);
    }
    let all = check("10.0.0.0/8", &networks);
    assert_eq!(
        all.findings.iter().filter(|finding| finding.code == "AddressSpaceOverlaps").count(),
        3
    );
}

#[test]
fn a_free_range_avoids_everything_or_there_is_none() {
    assert_eq!(free_range(22, &[]), Some(net("10.1.0.0/22")));
    assert_eq!(free_range(8, &[]), Some(net("10.0.0.0/8")));
    assert_eq!(free_range(7, &[]), None);
    let ten = known("ten", "10.0.0.0/8", Relation::Readable);
    assert_eq!(free_range(16, std::slice::from_ref(&ten)), Some(net("172.16.0.0/16")));
    assert_eq!(free_range(13, std::slice::from_ref(&ten)), Some(net("172.24.0.0/13")));
    let all = known("all", "0.0.0.0/0", Relation::Readable);
    assert_eq!(free_range(22, &[all]), None);
}

proptest::proptest! {
    #[test]
    fn subnets_lie_inside_apart_and_leave_the_rest(address: u32, prefix in 8_u8..=22) {
        let network = Ipv4Network::new(address.into(), prefix).unwrap();
        let network = Ipv4Network::new(network.network(), prefix).unwrap();
        let layout = Layout::of(network).unwrap();
        let mut parts: Vec<Ipv4Network> = layout.subnets().iter().map(|subnet| subnet.prefix).collect();
        for (part, longer_by) in parts.iter().zip([2, 4, 3]) {
            proptest::prop_assert_eq!(part.prefix(), prefix + longer_by);
        }
        for subnet in layout.subnets() {
            proptest::prop_assert_eq!(subnet.usable, u64::from(subnet.prefix.size()) - 5);
        }
        parts.extend(&layout.free);
        parts.sort();
        let mut next = u64::from(u32::from(network.network()));
        for part in parts {
            // Aligned, without gap and without overlap.
            proptest::prop_assert_eq!(part.ip(), part.network());
            proptest::prop_assert_eq!(u64::from(u32::from(part.network())), next);
            next += u64::from(part.size());
        }
        proptest::prop_assert_eq!(next, u64::from(u32::from(network.network())) + u64::from(network.size()));
    }

    #[test]
    fn no_text_makes_the_check_fail(text in ".{0,24}") {
        let answer = check(&text, &[]);
        proptest::prop_assert!(answer.layout.is_some() || answer.refusal().is_some());
    }

    #[test]
    fn a_range_that_is_offered_is_accepted(address: u32, prefix in 8_u8..=32, other: u32, length in 6_u8..=24) {
        let taken = Ipv4Network::new(other.into(), length).unwrap();
        let networks = [KnownNetwork {
            name: "vnet-lab".into(),
            prefixes: vec![IpNetwork::V4(taken)],
            relation: Relation::Hub,
        }];
        let text = Ipv4Network::new(address.into(), prefix).unwrap().to_string();
        for finding in check(&text, &networks).findings {
            if let (Some(offer), "AddressSpaceOverlaps") = (finding.replacement, finding.code) {
                let answer = check(&offer, &networks);
                proptest::prop_assert_eq!(answer.refusal(), None);
            }
        }
    }
}

#[test]
fn ranges_that_no_host_can_have_never_pass() {
    for space in [
        "0.0.0.0/8",
        "0.1.0.0/22",
        "127.0.0.0/22",
        "169.254.0.0/22",
        "168.63.128.0/22",
        "224.0.0.0/22",
        "239.255.252.0/22",
        "240.0.0.0/8",
        "255.255.252.0/22",
    ] {
        let answer = check(space, &[]);
        let refusal = answer.refusal().unwrap_or_else(|| panic!("{space}"));
        assert_eq!(refusal.code, "AddressSpaceForbidden", "{space}");
    }
}
