//! Targets that only Azure can list, and those that the firewall sees only in part.

use super::hand_made::{nearest, on};
use super::*;

#[test]
fn tags_are_decided_only_by_azures_own_list() {
    let rule = network("aad", &["TCP"], &["AzureActiveDirectory", "Storage.WestEurope"], &["443"]);
    let groups = [group("g", 100, &[collection("net", 100, "Allow", &[rule])])];
    let table = [
        ("login.microsoftonline.com", "maybe net"),
        ("x.blob.core.windows.net", "maybe net"),
        ("mcr.microsoft.com", "denied"),
        ("20.190.129.1:443", "maybe net"),
        ("10.200.0.1:443", "denied"),
    ];
    on(&groups, &table);
    let mut listed = known();
    listed.service_tags = Some(ServiceTags::read(&json!({"values": [
        {"name": "AzureActiveDirectory", "properties": {"addressPrefixes": ["20.190.128.0/18", "2603:1006::/40"]}},
        {"name": "Storage.WestEurope", "properties": {"addressPrefixes": ["20.150.8.0/23"]}},
    ]})));
    check(
        &policy(&groups),
        &open_walls(),
        &listed,
        &[
            ("20.190.129.1:443", "allowed net"),
            ("20.150.9.255:443", "allowed net"),
            ("192.0.2.1:443", "denied"),
            ("20.150.10.0:443", "denied"),
            ("login.microsoftonline.com", "maybe net"),
        ],
    );
    let ruling = rule_on(&policy(&groups), &asked("x.blob.core.windows.net"), &known());
    let FirewallOutcome::Maybe { conditions, otherwise } = ruling.outcome else { panic!("maybe") };
    assert!(conditions[0].when.contains("service tag Storage.WestEurope"));
    assert!(matches!(*otherwise, FirewallOutcome::Denied { by: None, .. }));
    assert!(ruling.infrastructure);
}

#[test]
fn a_refusing_tag_before_an_allowing_name_leaves_it_open() {
    let deny = network("no-storage", &["Any"], &["Storage"], &["*"]);
    on(
        &[group(
            "g",
            100,
            &[
                collection("net-deny", 100, "Deny", &[deny]),
                names("app", 200, "Allow", &["*.blob.core.windows.net", "www.contoso.com"]),
            ],
        )],
        &[
            ("x.blob.core.windows.net", "maybe net-deny"),
            ("www.contoso.com", "allowed app"),
            ("x.blob.core.windows.net:80", "denied"),
        ],
    );
}

#[test]
fn the_hosts_of_a_name_tag_are_not_known() {
    let mut rule = application("updates", &[], &[("Http", 80), ("Https", 443)]);
    rule["fqdnTags"] = json!(["WindowsUpdate"]);
    on(
        &[group("g", 100, &[collection("app", 100, "Allow", &[rule])])],
        &[
            ("fe2.update.microsoft.com", "maybe app"),
            ("download.windowsupdate.com:80", "maybe app"),
            ("fe2.update.microsoft.com:8443", "denied"),
            ("www.contoso.com", "denied"),
        ],
    );
}

#[test]
fn web_addresses_are_seen_in_plain_http_or_behind_tls_inspection() {
    let with = |inspected: bool| {
        let mut rule = application("url", &[], &[("Http", 80), ("Https", 443)]);
        rule["targetUrls"] = json!(["www.contoso.com/news/*", "*.fabrikam.com/*"]);
        rule["terminateTLS"] = json!(inspected);
        [group("g", 100, &[collection("app", 100, "Allow", &[rule])])]
    };
    on(
        &with(true),
        &[
            ("https://www.contoso.com/news/today?x=1", "allowed app"),
            ("https://www.contoso.com/news", "allowed app"),
            ("https://www.contoso.com/other", "denied"),
            ("https://www.contoso.com", "denied"),
            ("www.contoso.com", "maybe app"),
            ("https://a.fabrikam.com/x", "allowed app"),
            ("https://fabrikam.com/x", "denied"),
        ],
    );
    on(
        &with(false),
        &[
            ("http://www.contoso.com/news/today", "allowed app"),
            ("https://www.contoso.com/news/today", "denied"),
        ],
    );
    assert!(matches!(
        nearest(&with(false), "https://www.contoso.com/news/1")[0],
        RuleDifference::TlsInspection { .. }
    ));
}

#[test]
fn a_greeting_without_a_name_fits_no_name_rule() {
    let all = application("all", &["*"], &[("Http", 80), ("Https", 443)]);
    on(
        &[group("g", 100, &[collection("app", 100, "Allow", &[all])])],
        &[
            ("http://192.0.2.1", "allowed app"),
            ("https://192.0.2.1", "denied"),
            ("https://www.contoso.com", "allowed app"),
        ],
    );
}

#[test]
fn address_groups_count_when_they_can_be_read() {
    let id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/ipGroups/Partners";
    let mut rule = network("r", &["TCP"], &[], &["443"]);
    rule["destinationIpGroups"] = json!([id]);
    let groups = [group("g", 100, &[collection("net", 100, "Allow", &[rule])])];
    on(&groups, &[("203.0.113.5:443", "maybe net")]);
    assert_eq!(policy(&groups).ip_groups(), [id.to_lowercase()]);
    let mut read = known();
    read.ip_groups.insert(id.to_lowercase(), vec!["203.0.113.0/29".into()]);
    check(
        &policy(&groups),
        &open_walls(),
        &read,
        &[("203.0.113.5:443", "allowed net"), ("203.0.113.9:443", "denied")],
    );
}
