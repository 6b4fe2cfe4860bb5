//! Rules that are laid over what stands.

use super::*;
use crate::domain::allowlist::{Allowlist, Selection};
use crate::domain::egress::amend;

fn selected(hosts: &[&str]) -> Selection {
    let mut chosen = settings(Preset::Recommended);
    chosen.hosts = hosts.iter().map(|host| host.parse().unwrap()).collect();
    Allowlist::embedded().select(&chosen).unwrap()
}

#[test]
fn an_untouched_policy_becomes_what_a_deployment_would_make() {
    for (first, then) in [
        (vec![], vec!["a.contoso.com"]),
        (vec!["a.contoso.com"], vec!["a.contoso.com", "b.contoso.com=tcp:22"]),
        (vec!["b.contoso.com=tcp:22"], vec!["b.contoso.com=tcp:22", "*.contoso.com"]),
    ] {
        let (before, after) = (selected(&first), selected(&then));
        let amended = amend::collections(
            &before.rule_collections,
            &before.rule_collections,
            &after.rule_collections,
        );
        assert_eq!(amended.unwrap(), after.rule_collections, "{then:?}");
        let amended =
            amend::security_rules(&before.nsg_rules, &before.nsg_rules, &after.nsg_rules).unwrap();
        assert_eq!(amended, after.nsg_rules, "{then:?}");
    }
}

#[test]
fn what_others_have_added_or_changed_stays() {
    let (before, after) =
        (selected(&["a.contoso.com"]), selected(&["a.contoso.com", "b.contoso.com"]));
    let mut current = before.rule_collections.clone();
    let items = current.as_array_mut().unwrap();
    items[0]["rules"][0]["destinationPorts"] = json!(["443"]);
    let changed = items[0]["rules"].clone();
    let own = items.iter_mut().find(|item| item["name"] == "app-own-hosts").unwrap();
    own["rules"].as_array_mut().unwrap().push(application(
        "by-hand",
        &["c.contoso.com"],
        &[("Https", 443)],
    ));
    items.push(names("foreign", 5000, "Deny", &["bad.example"]));
    let amended =
        amend::collections(&current, &before.rule_collections, &after.rule_collections).unwrap();
    let items = amended.as_array().unwrap();
    assert_eq!(items[0]["rules"], changed);
    assert_eq!(items.last().unwrap()["name"], "foreign");
    let own = items.iter().find(|item| item["name"] == "app-own-hosts").unwrap();
    let names: Vec<&str> = own["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| rule["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["a.contoso.com", "b.contoso.com", "by-hand"]);
}

#[test]
fn a_priority_that_somebody_else_has_is_told_and_nothing_is_made() {
    let (before, after) = (selected(&[]), selected(&["a.contoso.com"]));
    let wanted = after.rule_collections.as_array().unwrap().last().unwrap()["priority"].clone();
    let mut current = before.rule_collections.clone();
    let mut foreign = names("foreign", 1, "Allow", &["x.example"]);
    foreign["priority"] = wanted;
    current.as_array_mut().unwrap().push(foreign);
    let problem = amend::collections(&current, &before.rule_collections, &after.rule_collections)
        .unwrap_err();
    assert_eq!(problem.code, "PriorityTaken");
    assert!(problem.what.contains("foreign"));
}
