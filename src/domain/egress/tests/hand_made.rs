//! Policies made by hand: order, priorities, wildcards, protocols and sources.

use super::*;

pub fn on(groups: &[Value], table: &[(&str, &str)]) {
    check(&policy(groups), &open_walls(), &known(), table);
}

pub fn nearest(groups: &[Value], text: &str) -> Vec<RuleDifference> {
    let ruling = rule_on(&policy(groups), &asked(text), &known());
    let FirewallOutcome::Denied { nearest, .. } = ruling.outcome else {
        panic!("{text} is not denied: {ruling:?}");
    };
    nearest.into_iter().flat_map(|near| near.differences).collect()
}

#[test]
fn every_network_rule_comes_before_every_application_rule() {
    let web = collection("net-web", 900, "Allow", &[network("web", &["TCP"], &["*"], &["443"])]);
    on(
        &[
            group("first", 100, &[names("app-deny", 100, "Deny", &["*.contoso.com"])]),
            group("last", 60_000, &[web]),
        ],
        &[("www.contoso.com", "allowed net-web"), ("http://www.contoso.com", "denied")],
    );
    let refusal =
        collection("net-deny", 60_000, "Deny", &[network("x", &["Any"], &["0.0.0.0/0"], &["*"])]);
    on(
        &[
            group("apps", 100, &[names("app-allow", 100, "Allow", &["*"])]),
            group("nets", 200, &[refusal]),
        ],
        &[("www.contoso.com", "denied net-deny")],
    );
}

#[test]
fn lower_numbers_come_first_in_groups_and_in_collections() {
    let allow = names("allow", 200, "Allow", &["www.contoso.com"]);
    let deny = names("deny", 100, "Deny", &["*.contoso.com"]);
    // Written in the wrong order, as Azure may return them.
    on(&[group("g", 100, &[allow.clone(), deny.clone()])], &[("www.contoso.com", "denied deny")]);
    on(
        &[
            group("late", 300, std::slice::from_ref(&deny)),
            group("early", 200, std::slice::from_ref(&allow)),
        ],
        &[("www.contoso.com", "allowed allow"), ("ftp.contoso.com", "denied deny")],
    );
    // A collection of a later group has the lower number; the group counts first.
    on(
        &[
            group("early", 200, std::slice::from_ref(&allow)),
            group("late", 201, std::slice::from_ref(&deny)),
        ],
        &[("www.contoso.com", "allowed allow")],
    );
    let groups = [group("g", 100, &[allow, deny])];
    assert_eq!(nearest(&groups, "www.contoso.com"), [RuleDifference::DecidedBefore]);
}

#[test]
fn the_parent_policy_comes_first_whatever_its_numbers() {
    let body = json!({"properties": {"threatIntelMode": "Deny"}});
    let parent = group("parent", 60_000, &[names("deny", 60_000, "Deny", &["www.contoso.com"])]);
    let child = group("child", 100, &[names("allow", 100, "Allow", &["*"])]);
    let policy = Policy::read(&body, &[child], &[parent]).unwrap();
    check(
        &policy,
        &open_walls(),
        &known(),
        &[("www.contoso.com", "denied deny"), ("ftp.contoso.com", "allowed allow")],
    );
    let verdict = judge(&asked("www.contoso.com"), &policy, &known(), &open_walls());
    assert!(verdict.sentences().join(" ").contains("of the parent policy"));
    let verdict = judge(&asked("ftp.contoso.com"), &policy, &known(), &open_walls());
    assert!(verdict.notes.iter().any(|note| note.contains("Threat intelligence")));
}

#[test]
fn a_star_works_at_the_left_only_and_a_dot_behind_it_counts() {
    let groups = [group(
        "g",
        100,
        &[
            names("below", 100, "Allow", &["*.contoso.com"]),
            names("ends", 110, "Allow", &["*github.com"]),
            names("upper", 120, "Allow", &["WWW.Fabrikam.COM"]),
            names("idn", 130, "Allow", &["xn--bcher-kva.example"]),
            names("middle", 140, "Allow", &["a*.adatum.com", "www.adatum.*"]),
        ],
    )];
    on(
        &groups,
        &[
            ("www.contoso.com", "allowed below"),
            ("a.b.c.contoso.com", "allowed below"),
            ("WWW.CONTOSO.COM.", "allowed below"),
            ("contoso.com", "denied"),
            ("evilcontoso.com", "denied"),
            ("www.contoso.com.evil.example", "denied"),
            ("github.com", "allowed ends"),
            ("evilgithub.com", "allowed ends"),
            ("api.github.com", "allowed ends"),
            ("github.community", "denied"),
            ("www.fabrikam.com", "allowed upper"),
            ("bücher.example", "allowed idn"),
            ("BÜCHER.example:443", "allowed idn"),
            ("bucher.example", "denied"),
            ("abc.adatum.com", "denied"),
            ("www.adatum.com", "denied"),
        ],
    );
    assert_eq!(
        nearest(&groups, "contoso.com"),
        [RuleDifference::BareDomain { rule: "*.contoso.com".into() }]
    );
    assert_eq!(
        nearest(&groups, "evilcontoso.com"),
        [RuleDifference::LookAlike { rule: "*.contoso.com".into() }]
    );
}

#[test]
fn protocol_and_port_must_both_fit() {
    let web =
        application("web", &["www.contoso.com"], &[("Http", 80), ("Https", 443), ("Https", 8443)]);
    let sql = application("sql", &["db.contoso.com"], &[("Mssql", 1433)]);
    let time = network("time", &["UDP"], &["*"], &["123", "8000-8010"]);
    let ping = network("ping", &["ICMP"], &["198.51.100.7"], &["*"]);
    let groups = [group(
        "g",
        100,
        &[
            collection("app", 300, "Allow", &[web, sql]),
            collection("net", 100, "Allow", &[time, ping]),
        ],
    )];
    on(
        &groups,
        &[
            ("http://www.contoso.com", "allowed app"),
            ("https://www.contoso.com", "allowed app"),
            ("https://www.contoso.com:8443", "allowed app"),
            ("https://www.contoso.com:80", "denied"),
            ("http://www.contoso.com:443", "denied"),
            ("http://www.contoso.com:8443", "denied"),
            ("tcp://www.contoso.com:443", "denied"),
            ("db.contoso.com:1433", "allowed app"),
            ("https://db.contoso.com:1433", "denied"),
            ("www.contoso.com:123", "allowed net"),
            ("tcp://www.contoso.com:123", "denied"),
            ("udp://192.0.2.1:8000", "allowed net"),
            ("udp://192.0.2.1:8010", "allowed net"),
            ("udp://192.0.2.1:8011", "denied"),
            ("udp://192.0.2.1:7999", "denied"),
            ("icmp://198.51.100.7", "allowed net"),
            ("icmp://198.51.100.8", "denied"),
            ("tcp://198.51.100.7:443", "denied"),
        ],
    );
    assert_eq!(
        nearest(&groups, "http://www.contoso.com:8080"),
        [RuleDifference::Port { rule: "http:80, https:443, https:8443".into() }]
    );
}

#[test]
fn addresses_ranges_and_stars_hold_what_they_should() {
    let rule = network(
        "r",
        &["TCP"],
        &["203.0.113.0/28", "198.51.100.10-198.51.100.20", "192.0.2.7"],
        &["22"],
    );
    on(
        &[group("g", 100, &[collection("net", 100, "Allow", &[rule])])],
        &[
            ("203.0.113.0:22", "allowed net"),
            ("203.0.113.15:22", "allowed net"),
            ("203.0.113.16:22", "denied"),
            ("198.51.100.10:22", "allowed net"),
            ("198.51.100.20:22", "allowed net"),
            ("198.51.100.21:22", "denied"),
            ("192.0.2.7:22", "allowed net"),
            ("192.0.2.7:23", "denied"),
            // A name may lie there.
            ("host.contoso.com:22", "maybe"),
        ],
    );
}

#[test]
fn a_name_in_a_network_rule_is_exact() {
    let mut rule = network("git", &["TCP"], &[], &["22"]);
    rule["destinationFqdns"] = json!(["git.contoso.com"]);
    let groups = [group("g", 100, &[collection("net", 100, "Allow", &[rule])])];
    on(
        &groups,
        &[
            ("git.contoso.com:22", "allowed net"),
            // The firewall compares addresses, and these may be the same.
            ("x.git.contoso.com:22", "maybe net"),
            ("192.0.2.1:22", "maybe net"),
            ("192.0.2.1:23", "denied"),
        ],
    );
}

#[test]
fn the_source_must_be_the_shared_subnet() {
    let from = |source: Value| {
        let mut rule = application("r", &["www.contoso.com"], &[("Https", 443)]);
        rule["sourceAddresses"] = source;
        [group("g", 100, &[collection("app", 100, "Allow", &[rule])])]
    };
    for (source, wanted) in [
        (json!(["10.1.2.128/25"]), "allowed app"),
        (json!(["10.1.0.0-10.1.3.255"]), "allowed app"),
        (json!(["10.2.0.0/16"]), "denied"),
        (json!(["10.1.2.130"]), "maybe app"),
        (json!([]), "denied"),
    ] {
        on(&from(source), &[("www.contoso.com", wanted)]);
    }
    assert!(matches!(
        nearest(&from(json!(["10.2.0.0/16"])), "www.contoso.com")[0],
        RuleDifference::Source { .. }
    ));
}

#[test]
fn a_star_in_an_inbound_rule_is_not_the_internet() {
    let nat = json!({"ruleCollectionType": "FirewallPolicyNatRuleCollection", "name": "nat", "priority": 100,
        "action": {"type": "DNAT"}, "rules": [{"ruleType": "NatRule", "name": "in", "ipProtocols": ["TCP"],
        "destinationPorts": ["443"], "destinationAddresses": ["*"], "sourceAddresses": ["*"]}]});
    on(&[group("g", 100, &[nat])], &[("www.contoso.com", "denied"), ("192.0.2.1:443", "denied")]);
}

#[test]
fn rules_of_a_firewall_without_policy_are_read_too() {
    let firewall = json!({"properties": {"threatIntelMode": "Alert",
        "networkRuleCollections": [{"name": "net", "properties": {"priority": 200, "action": {"type": "Allow"}, "rules": [
            {"name": "time", "protocols": ["UDP"], "sourceAddresses": ["*"], "destinationAddresses": ["*"], "destinationPorts": ["123"]}]}}],
        "applicationRuleCollections": [{"name": "app", "properties": {"priority": 100, "action": {"type": "Allow"}, "rules": [
            {"name": "web", "protocols": [{"protocolType": "Https", "port": 443}], "sourceAddresses": ["*"], "targetFqdns": ["*github.com"]}]}}]}});
    let policy = Policy::classic(&firewall).unwrap();
    check(
        &policy,
        &open_walls(),
        &known(),
        &[
            ("udp://192.0.2.1:123", "allowed net"),
            ("evilgithub.com", "allowed app"),
            ("github.com:80", "denied"),
        ],
    );
}

#[test]
fn what_is_no_destination_is_refused_with_what_would_be_right() {
    for (text, advice) in [
        ("", "full name"),
        ("localhost", "full name"),
        ("*.contoso.com", "www.contoso.com"),
        ("contoso.com:0", "1 to 65535"),
        ("contoso.com:70000", "1 to 65535"),
        ("contoso.com:https", "1 to 65535"),
        ("10.0.0.0/24", "10.0.0.0:443"),
        ("10.0.0.300", "0 to 255"),
        ("[2001:db8::1]:443", "IPv4"),
        ("2001:db8::1", "IPv4"),
        ("gopher://contoso.com", "https://"),
        ("https://user@contoso.com", "before the @"),
        ("tcp://contoso.com", "contoso.com:22"),
        ("under score.contoso.com", "full name"),
        ("-x.contoso.com", "full name"),
    ] {
        let problem = text.parse::<Query>().unwrap_err();
        assert_eq!(problem.code, "DestinationInvalid", "{text}");
        assert!(problem.advice.contains(advice), "{text}: {}", problem.advice);
    }
}
