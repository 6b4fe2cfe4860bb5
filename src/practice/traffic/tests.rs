//! What the practice firewall refuses is found in the log, where it is sent there.

use serde_json::{Value, json};

use crate::domain::egress::log::QUERY;
use crate::practice::identifier::ResourceId;
use crate::practice::testing::{Bench, in_group};

const FIREWALL: &str = "Microsoft.Network/azureFirewalls/fw";
const LOGS: &str = "Microsoft.OperationalInsights/workspaces/log";

fn bench() -> Bench {
    let mut bench = Bench::with_group();
    let policy = in_group("Microsoft.Network/firewallPolicies/fwp");
    bench.put_directly(&policy, json!({"properties": {"threatIntelMode": "Deny"}}));
    bench.put_directly(
        &format!("{policy}/ruleCollectionGroups/g"),
        json!({"properties": {"priority": 200, "ruleCollections": [{
            "ruleCollectionType": "FirewallPolicyFilterRuleCollection", "name": "app", "priority": 100,
            "action": {"type": "Allow"}, "rules": [{"ruleType": "ApplicationRule", "name": "web",
                "sourceAddresses": ["*"], "targetFqdns": ["*.contoso.com"],
                "protocols": [{"protocolType": "Https", "port": 443}]}]}]}}),
    );
    bench.put_directly(
        &in_group(FIREWALL),
        json!({"location": "westeurope", "properties": {
            "firewallPolicy": {"id": policy}, "ipConfigurations": [{"name": "outbound"}]}}),
    );
    bench.put_directly(
        &in_group(LOGS),
        json!({"location": "westeurope", "properties": {"publicNetworkAccessForQuery": "Enabled"}}),
    );
    bench
}

fn send_logs(bench: &mut Bench, destination: &str) {
    let path =
        format!("{}/providers/Microsoft.Insights/diagnosticSettings/to-log", in_group(FIREWALL));
    bench.put_directly(
        &path,
        json!({"properties": {"workspaceId": in_group(LOGS), "logAnalyticsDestinationType": destination}}),
    );
}

fn traffic(bench: &mut Bench, host: &str, port: u16, protocol: &str) -> Value {
    let body =
        json!({"firewall": in_group(FIREWALL), "host": host, "port": port, "protocol": protocol});
    bench.post("/practice/traffic", body).body
}

fn rows(bench: &mut Bench, span: &str) -> Vec<Value> {
    let body = json!({"query": QUERY, "timespan": span});
    let answer = bench.post(&format!("{}/query", in_group(LOGS)), body);
    assert_eq!(answer.status, 200, "{}", answer.body);
    let table = &answer.body["tables"][0];
    assert_eq!(table["name"], "PrimaryResult");
    assert_eq!(table["columns"][1], json!({"name": "Destination", "type": "string"}));
    table["rows"].as_array().unwrap().clone()
}

#[test]
fn what_is_refused_is_in_the_log_and_what_is_allowed_is_not() {
    let mut bench = bench();
    send_logs(&mut bench, "Dedicated");
    assert_eq!(traffic(&mut bench, "www.contoso.com", 443, "https")["action"], "Allow");
    for _ in 0..2 {
        assert_eq!(traffic(&mut bench, "contoso.com", 443, "https")["action"], "Deny");
    }
    traffic(&mut bench, "192.0.2.9", 123, "udp");
    let found = rows(&mut bench, "PT1H");
    assert_eq!(found.len(), 2, "{found:?}");
    let named = found.iter().find(|row| row[0] == "application").unwrap();
    assert_eq!(
        (&named[1], &named[2], &named[3]),
        (&json!("contoso.com"), &json!(443), &json!("HTTPS"))
    );
    assert_eq!((&named[6], &named[7]), (&json!("Default Action"), &json!(2)));
    let packets = found.iter().find(|row| row[0] == "network").unwrap();
    assert_eq!((&packets[1], &packets[3]), (&json!("192.0.2.9"), &json!("UDP")));
    // After more than an hour it is out of the last hour, but not out of the last day.
    bench.pass(4000);
    assert!(rows(&mut bench, "PT1H").is_empty());
    assert_eq!(rows(&mut bench, "P1D").len(), 2);
}

#[test]
fn logs_arrive_only_where_they_are_sent() {
    let mut bench = bench();
    traffic(&mut bench, "contoso.com", 443, "https");
    assert!(rows(&mut bench, "PT1H").is_empty());
    send_logs(&mut bench, "AzureDiagnostics");
    assert!(rows(&mut bench, "PT1H").is_empty());
    send_logs(&mut bench, "Dedicated");
    assert_eq!(rows(&mut bench, "PT1H").len(), 1);
}

#[test]
fn other_queries_and_closed_workspaces_are_refused_in_the_services_own_form() {
    let mut bench = bench();
    let path = format!("{}/query", in_group(LOGS));
    let answer = bench.post(&path, json!({"query": "Heartbeat | count"}));
    assert_eq!((answer.status, Bench::code(&answer)), (400, "BadArgumentError"));
    assert_eq!(answer.body["error"]["innererror"]["code"], "SemanticError");
    let span = json!({"query": QUERY, "timespan": "soon"});
    assert_eq!(bench.post(&path, span).status, 400);
    let closed = json!({"location": "westeurope", "properties": {"publicNetworkAccessForQuery": "Disabled"}});
    bench.put_directly(&in_group(LOGS), closed);
    let answer = bench.post(&path, json!({"query": QUERY}));
    assert_eq!((answer.status, Bench::code(&answer)), (403, "InsufficientAccessError"));
}

#[test]
fn a_log_is_bounded_and_senseless_traffic_is_refused() {
    let mut bench = bench();
    send_logs(&mut bench, "Dedicated");
    let scope = ResourceId::parse(&in_group(FIREWALL)).unwrap().scope();
    bench.on(|cloud| {
        let rows = std::iter::repeat_n(json!({"Type": "AZFWNetworkRule"}), 1000);
        let group = cloud.group_mut(&scope).unwrap();
        rows.for_each(|row| group.refused.push(row, super::MOST_ROWS));
    });
    traffic(&mut bench, "contoso.com", 443, "https");
    let last = bench.on(|cloud| {
        let kept = &cloud.group(&scope).unwrap().refused;
        assert_eq!(kept.len(), 1000);
        kept.last().cloned().unwrap()
    });
    assert_eq!(last["Fqdn"], "contoso.com");
    let nothing = json!({"firewall": in_group(FIREWALL)});
    assert_eq!(Bench::code(&bench.post("/practice/traffic", nothing)), "NoDestination");
    let nowhere =
        json!({"firewall": in_group("Microsoft.Network/azureFirewalls/x"), "host": "contoso.com"});
    assert_eq!(bench.post("/practice/traffic", nowhere).status, 404);
    bench.put_directly(&in_group(FIREWALL), json!({"properties": {"ipConfigurations": []}}));
    let paused = json!({"firewall": in_group(FIREWALL), "host": "contoso.com"});
    assert_eq!(Bench::code(&bench.post("/practice/traffic", paused)), "FirewallDeallocated");
}

const MACHINE: &str = "Microsoft.Compute/virtualMachines/vm";

/// A machine behind the firewall that has just been created.
fn new_machine(bench: &mut Bench) {
    bench.put_directly(
        &in_group("Microsoft.Network/virtualNetworks/vnet/subnets/SharedSubnet"),
        json!({"properties": {"addressPrefix": "10.1.2.128/25", "routeTable": {"id": in_group("x/y/rt")}}}),
    );
    bench.put_directly(&in_group(MACHINE), json!({"location": "westeurope", "properties": {}}));
    let id = ResourceId::parse(&in_group(MACHINE)).unwrap();
    bench.on(|cloud| super::begin(cloud, &id));
}

fn hosts(rows: &[Value]) -> Vec<String> {
    rows.iter().map(|row| row[1].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_first_day_is_refused_what_no_rule_lets_through() {
    let mut bench = bench();
    send_logs(&mut bench, "Dedicated");
    new_machine(&mut bench);
    assert_eq!(rows(&mut bench, "P1D"), Vec::<Value>::new(), "not yet");
    bench.pass(600);
    let early = hosts(&rows(&mut bench, "P1D"));
    assert!(early.contains(&"www.msftconnecttest.com".to_owned()), "{early:?}");
    assert!(!early.contains(&"edge.microsoft.com".to_owned()), "nobody has signed in: {early:?}");
    bench.pass(3 * 3600);
    let later = hosts(&rows(&mut bench, "P1D"));
    assert!(later.contains(&"repo.anaconda.com".to_owned()), "{later:?}");
    // A rule that comes later lets through what follows; what was refused before stays told.
    let count = |rows: &[Value]| {
        let row = rows.iter().find(|row| row[1] == "wdcp.microsoft.com").unwrap();
        row[7].as_u64().unwrap()
    };
    let before = count(&rows(&mut bench, "P1D"));
    let rules = in_group("Microsoft.Network/firewallPolicies/fwp/ruleCollectionGroups/g");
    bench.put_directly(
        &rules,
        json!({"properties": {"priority": 200, "ruleCollections": [{
            "ruleCollectionType": "FirewallPolicyFilterRuleCollection", "name": "app", "priority": 100,
            "action": {"type": "Allow"}, "rules": [{"ruleType": "ApplicationRule", "name": "defender",
                "sourceAddresses": ["*"], "targetFqdns": ["wdcp.microsoft.com"],
                "protocols": [{"protocolType": "Https", "port": 443}]}]}]}}),
    );
    bench.pass(4 * 3600);
    assert_eq!(count(&rows(&mut bench, "P1D")), before);
    assert!(bench.on(|cloud| cloud.root.events().count()) == 0, "the day has an end");
}

#[test]
fn a_first_day_leaves_nothing_where_no_log_is_sent_or_no_firewall_is_in_the_way() {
    let mut bench = bench();
    new_machine(&mut bench);
    bench.pass(8 * 3600);
    assert_eq!(rows(&mut bench, "P1D"), Vec::<Value>::new(), "no diagnostic setting");
    let mut bench = Bench::with_group();
    bench.put_directly(&in_group(MACHINE), json!({"location": "westeurope", "properties": {}}));
    let id = ResourceId::parse(&in_group(MACHINE)).unwrap();
    bench.on(|cloud| super::begin(cloud, &id));
    bench.pass(8 * 3600);
    let refused = bench.on(|cloud| cloud.group(&id.scope()).unwrap().refused.iter().count());
    assert_eq!(refused, 0);
}
