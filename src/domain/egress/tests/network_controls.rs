//! Security group, route and what never reaches the firewall.

use super::*;
use crate::domain::private_name::PrivateName;

fn everything() -> Policy {
    let all = application("all", &["*"], &[("Http", 80), ("Https", 443)]);
    policy(&[group("g", 100, &[collection("app", 100, "Allow", &[all])])])
}

fn endpoint(host: &str, address: &str) -> PrivateName {
    PrivateName {
        host: host.into(),
        address: address.into(),
        group: String::new(),
        member: String::new(),
    }
}

fn rule(name: &str, priority: u32, access: &str, to: &str, port: &str) -> Value {
    json!({"name": name, "properties": {"direction": "Outbound", "priority": priority, "access": access,
        "protocol": "Tcp", "sourceAddressPrefix": "*", "destinationAddressPrefix": to, "destinationPortRange": port}})
}

#[test]
fn the_route_decides_whether_the_firewall_is_asked_at_all() {
    let policy = everything();
    for (list, wanted) in [
        (vec![("0.0.0.0/0", "VirtualAppliance", Some(FIREWALL))], "allowed app"),
        (vec![("0.0.0.0/0", "VirtualAppliance", Some("10.1.1.9"))], "denied"),
        (vec![("0.0.0.0/0", "Internet", None)], "unfiltered"),
        (vec![("0.0.0.0/0", "None", None)], "denied"),
        (vec![], "unfiltered"),
    ] {
        let walls = open_walls().with_routes(&routes(&list));
        check(&policy, &walls, &known(), &[("www.contoso.com", wanted)]);
    }
    let walls = open_walls().with_routes(&routes(&[
        ("0.0.0.0/0", "VirtualAppliance", Some(FIREWALL)),
        ("203.0.113.0/24", "Internet", None),
        ("203.0.113.128/25", "VirtualAppliance", Some(FIREWALL)),
    ]));
    check(
        &policy,
        &walls,
        &known(),
        &[
            ("http://203.0.113.5", "unfiltered"),
            ("http://203.0.113.200", "allowed app"),
            ("http://198.51.100.1", "allowed app"),
        ],
    );
}

#[test]
fn a_paused_firewall_lets_nothing_through() {
    let walls = NetworkControls { firewall: None, ..open_walls() };
    check(
        &everything(),
        &walls,
        &known(),
        &[("www.contoso.com", "denied"), ("10.1.2.200:443", "inside")],
    );
    let walls = walls.with_routes(&routes(&[("0.0.0.0/0", "VirtualAppliance", Some(FIREWALL))]));
    let verdict = judge(&asked("www.contoso.com"), &everything(), &known(), &walls);
    assert!(verdict.sentences().join(" ").contains("paused"));
}

#[test]
fn what_stays_inside_is_not_asked_about_at_the_firewall() {
    let mut walls =
        open_walls().with_routes(&routes(&[("0.0.0.0/0", "VirtualAppliance", Some(FIREWALL))]));
    walls.connected = vec!["10.0.0.0/16".parse().unwrap()];
    walls.inside = vec![endpoint("stgtest4821.blob.core.windows.net", "10.1.2.133")];
    let refuse_all = policy(&[]);
    check(
        &refuse_all,
        &walls,
        &known(),
        &[
            ("10.1.3.255:443", "inside"),
            ("10.1.4.0:443", "denied"),
            ("10.0.9.9:1433", "inside"),
            ("stgtest4821.blob.core.windows.net", "inside"),
            ("https://STGTEST4821.blob.core.windows.net/data", "inside"),
            ("other.blob.core.windows.net", "denied"),
        ],
    );
    walls.service_endpoints = vec!["Microsoft.Storage".into()];
    check(
        &refuse_all,
        &walls,
        &known(),
        &[
            ("other.blob.core.windows.net", "maybe"),
            ("stgtest4821.blob.core.windows.net", "inside"),
        ],
    );
}

#[test]
fn the_security_group_comes_before_the_firewall() {
    let policy = everything();
    let body = json!({"properties": {"securityRules": [
        rule("no-internet", 4000, "Deny", "Internet", "*"),
        rule("web", 200, "Allow", "Internet", "443"),
        rule("no-sql", 100, "Deny", "*", "1433"),
        rule("inside", 300, "Deny", "VirtualNetwork", "22"),
    ]}});
    let walls = open_walls().with_security_group(&body);
    check(
        &policy,
        &walls,
        &known(),
        &[
            ("www.contoso.com", "allowed app"),
            ("http://www.contoso.com", "denied app"),
            ("10.1.2.140:22", "denied"),
            ("10.1.2.140:443", "inside"),
            ("10.1.2.140:1433", "denied"),
        ],
    );
    let tagged = json!({"properties": {"securityRules": [
        rule("storage", 200, "Allow", "Storage", "443"),
        rule("rest", 4000, "Deny", "*", "*"),
    ]}});
    let walls = open_walls().with_security_group(&tagged);
    check(
        &policy,
        &walls,
        &known(),
        &[("x.blob.core.windows.net", "maybe app"), ("www.contoso.com", "denied app")],
    );
}

#[test]
fn a_verdict_names_rule_collection_and_what_to_change() {
    let (policy, walls) = made(&settings(Preset::Recommended));
    let said = |text: &str| {
        let verdict = judge(&asked(text), &policy, &known(), &walls);
        format!("{} {}", verdict.headline(), verdict.sentences().join(" "))
    };
    let allowed = said("github.com");
    assert!(
        allowed.contains("gets through")
            && allowed.contains("app-github")
            && allowed.contains("allowlist"),
        "{allowed}"
    );
    let port = said("http://github.com");
    assert!(port.contains("does not get through") && port.contains("https:443"), "{port}");
    let inside = said("10.1.2.130:443");
    assert!(inside.contains("never reaches the firewall"), "{inside}");
}
