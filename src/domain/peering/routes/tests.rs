use serde_json::json;

use super::*;
use crate::domain::peering::hub::{Gateway, Range};
use crate::domain::peering::testing;

const OFFICE: &str = "192.168.0.0/16";
const OURS: &str = "10.1.0.0/22";
const FIREWALL: &str = "10.0.9.4";

fn hub(firewall: Option<&str>) -> Hub {
    Hub {
        on_premises: Known::Read(vec![Range {
            source: "lgw-office".into(),
            prefix: OFFICE.into(),
        }]),
        firewall: Known::Read(firewall.map(str::to_owned)),
        ..testing::hub()
    }
}

fn gateway(bgp: bool, pool: &[&str]) -> Gateway {
    Gateway {
        bgp,
        client_pool: pool.iter().map(|each| (*each).to_owned()).collect(),
        ..testing::gateway()
    }
}

fn table(off: bool, further: &[(&str, &str)]) -> Value {
    let route = |(prefix, hop): &(&str, &str)| {
        let kind = if hop.contains('.') { "VirtualAppliance" } else { hop };
        json!({"name": format!("to-{prefix}"), "properties": {
            "addressPrefix": prefix, "nextHopType": kind,
            "nextHopIpAddress": if hop.contains('.') { hop } else { "" }}})
    };
    let mut routes = vec![route(&(ANYWHERE, "10.1.1.4"))];
    routes.extend(further.iter().map(route));
    json!({"id": "/rt", "name": "rt-test4821",
        "properties": {"disableBgpRoutePropagation": off, "routes": routes}})
}

/// What is found, without what is said of on-premises each time.
fn found(table: &Value, group: &Value, hub: &Hub, gateway_table: Option<Value>) -> Guide {
    found_with(table, group, hub, &Known::Read(gateway_table))
}

fn found_with(table: &Value, group: &Value, hub: &Hub, gateway: &Known<Option<Value>>) -> Guide {
    let ranges = [OURS.to_owned()];
    let subnet = json!({"properties": {"privateEndpointNetworkPolicies": "Disabled"}});
    let mut guide = judge(&Ways {
        ranges: &ranges,
        route_table: Some(table),
        subnet: Some(&subnet),
        security_group: Some(group),
        hub,
        gateway_table: gateway,
    });
    let last = guide.lacks.pop().unwrap();
    assert!(last.what.contains(OURS), "{}", last.what);
    guide
}

fn mistakes(guide: &Guide) -> Vec<Mistake> {
    guide.lacks.iter().map(|lack| lack.mistake).collect()
}

/// Priority, access, source and ports.
type Rule<'a> = (u16, &'a str, &'a str, &'a str);

fn group(rules: &[Rule<'_>]) -> Value {
    let rules: Vec<Value> = rules
        .iter()
        .map(|(priority, access, source, ports)| {
            json!({"name": format!("{access}{priority}"), "properties": {
                "priority": priority, "access": access, "direction": "Inbound", "protocol": "*",
                "sourceAddressPrefix": source, "destinationAddressPrefix": "*",
                "destinationPortRange": ports}})
        })
        .collect();
    json!({"name": "nsg-shared", "properties": {"securityRules": rules}})
}

/// Our table, the hub's firewall, the table of its `GatewaySubnet`; what is found.
type Case<'a> = (Value, Option<&'a str>, Option<Value>, &'a [Mistake], StepStatus);

#[test]
fn the_ways_back_are_judged() {
    let gateway_table = |hop: &str| Some(table(false, &[(OURS, hop)]));
    let through = [(OFFICE, FIREWALL)];
    let open = group(&[]);
    let cases: [Case<'_>; 9] = [
        (table(false, &[]), None, None, &[], StepStatus::Outside),
        (table(true, &[]), None, None, &[Mistake::Routes], StepStatus::ToDo),
        (table(false, &[]), Some(FIREWALL), None, &[], StepStatus::Outside),
        (
            table(false, &[]),
            Some(FIREWALL),
            gateway_table(FIREWALL),
            &[Mistake::Return],
            StepStatus::Waiting,
        ),
        (table(false, &through), Some(FIREWALL), None, &[Mistake::Return], StepStatus::Waiting),
        // Symmetric, but for endpoints with routes of their own.
        (
            table(true, &through),
            Some(FIREWALL),
            gateway_table(FIREWALL),
            &[Mistake::Return],
            StepStatus::Waiting,
        ),
        (
            table(false, &[("192.168.7.0/24", "10.1.1.4")]),
            None,
            None,
            &[Mistake::Routes],
            StepStatus::ToDo,
        ),
        (
            table(false, &[("192.168.0.0/16", "None")]),
            None,
            None,
            &[Mistake::Routes],
            StepStatus::ToDo,
        ),
        (table(false, &[("172.20.0.0/16", "None")]), None, None, &[], StepStatus::Outside),
    ];
    for (index, (ours, firewall, theirs, expected, standing)) in cases.into_iter().enumerate() {
        let guide = found(&ours, &open, &hub(firewall), theirs);
        assert_eq!(mistakes(&guide), expected, "{index}: {guide:#?}");
        assert_eq!(guide.standing, standing, "{index}");
    }
}

#[test]
fn what_could_not_be_read_is_said() {
    let (ours, open) = (table(false, &[]), group(&[]));
    let mut hidden = hub(None);
    hidden.firewall = Known::Unread("no rights".into());
    let guide = found(&ours, &open, &hidden, None);
    assert_eq!(mistakes(&guide), [Mistake::Return]);
    let unread = Known::Unread("no rights".into());
    let guide = found_with(&ours, &open, &hub(Some(FIREWALL)), &unread);
    assert_eq!(mistakes(&guide), [Mistake::Return]);
    assert!(guide.lacks[0].what.contains("no rights"));
}

#[test]
fn the_first_rule_that_fits_decides() {
    let ours = table(false, &[]);
    // Rules; names of those told.
    let cases: [(&[Rule<'_>], &[&str]); 7] = [
        (&[], &[]),
        (&[(4000, "Deny", "*", "*")], &["Deny4000"]),
        (&[(100, "Allow", "VirtualNetwork", "443"), (4000, "Deny", "*", "*")], &["Deny4000"]),
        (&[(100, "Allow", OFFICE, "400-500"), (4000, "Deny", "*", "*")], &[]),
        (&[(100, "Deny", "Internet", "*")], &[]),
        (&[(100, "Deny", "192.0.0.0/8", "445"), (90, "Allow", "10.0.0.0/8", "*")], &["Deny100"]),
        (&[(100, "Deny", OFFICE, "22")], &[]),
    ];
    for (index, (rules, expected)) in cases.into_iter().enumerate() {
        let guide = found(&ours, &group(rules), &hub(None), None);
        assert_eq!(guide.lacks.len(), expected.len(), "{index}: {guide:#?}");
        for (lack, name) in guide.lacks.iter().zip(expected) {
            assert_eq!(lack.mistake, Mistake::SecurityGroup);
            assert!(lack.what.contains(name), "{index}: {}", lack.what);
        }
    }
}

#[test]
fn what_must_be_done_on_premises_depends_on_who_comes_in() {
    let (ours, open, ranges) = (table(false, &[]), group(&[]), [OURS.to_owned()]);
    let said = |hub: &Hub| {
        let known = Known::Read(None);
        let ways = Ways {
            ranges: &ranges,
            route_table: Some(&ours),
            subnet: None,
            security_group: Some(&open),
            hub,
            gateway_table: &known,
        };
        judge(&ways).lacks.pop().unwrap()
    };
    let mut hub = hub(None);
    assert!(said(&hub).remedy.contains("VPN device"));
    hub.gateways = Known::Read(vec![gateway(true, &[])]);
    assert!(said(&hub).remedy.contains("BGP"));
    hub.gateways = Known::Read(vec![gateway(false, &["172.31.1.0/24"])]);
    hub.on_premises = Known::Read(Vec::new());
    let lack = said(&hub);
    assert_eq!(lack.mistake, Mistake::Client);
    assert!(!lack.remedy.contains("device") && lack.remedy.contains("profile"));
}
