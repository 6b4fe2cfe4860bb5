//! Every question of `questions.txt`, each in its world.

use super::*;
use crate::domain::private_name::PrivateName;

/// A world as the file describes it.
struct World {
    name: String,
    policy: Option<Policy>,
    rules: Vec<Value>,
    parent: Vec<Value>,
    security: Option<Vec<Value>>,
    routes: Vec<(String, String)>,
    behind: Vec<(String, String)>,
    /// `route`, `behind` or `parent`.
    unread: Vec<String>,
    propagates: bool,
    tags: Vec<Value>,
    known: Facts,
    controls: NetworkControls,
}

impl World {
    fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            policy: None,
            rules: Vec::new(),
            parent: Vec::new(),
            security: None,
            routes: vec![("0.0.0.0/0".into(), "firewall".into())],
            behind: Vec::new(),
            unread: Vec::new(),
            propagates: true,
            tags: Vec::new(),
            known: known(),
            controls: open_walls(),
        }
    }

    /// One line that says what is otherwise; false when it is none.
    fn says(&mut self, line: &str) -> bool {
        let words: Vec<&str> = line.split_whitespace().collect();
        let controls = &mut self.controls;
        match words.as_slice() {
            ["preset", preset] => {
                let preset = match *preset {
                    "recommended" => Preset::Recommended,
                    "locked-down" => Preset::LockedDown,
                    "privateaml-2022" => Preset::PrivateAml2022,
                    other => panic!("{other}"),
                };
                let (policy, made) = made(&settings(preset));
                self.policy = Some(policy);
                *controls = made;
            }
            ["route", "none"] => self.routes.clear(),
            [what @ ("route" | "behind" | "parent"), "unread"] => {
                self.unread.push((*what).into());
            }
            ["route", prefix, hop] => {
                self.routes.retain(|(before, _)| before != prefix);
                self.routes.push(((*prefix).into(), (*hop).into()));
            }
            ["route-behind", prefix, hop] => self.behind.push(((*prefix).into(), (*hop).into())),
            ["propagation", "off"] => self.propagates = false,
            ["firewall", "paused"] => controls.firewall = None,
            ["peer", range] => controls.connected.push(range.parse().unwrap()),
            ["learned", "unread"] => controls.learned.unread = Some("it may not be read".into()),
            ["learned", range] => {
                let range = (range.parse().unwrap(), "the company".to_owned());
                controls.learned.ranges.push(range);
            }
            ["endpoint", host, address] => controls.inside.push(PrivateName {
                host: (*host).into(),
                address: address.trim_matches('-').into(),
                group: String::new(),
                member: String::new(),
            }),
            ["endpoints-follow"] => controls.endpoints_follow_table = true,
            ["service-endpoint", service] => controls.service_endpoints.push((*service).into()),
            ["endpoint-policy"] => controls.endpoint_policy = true,
            ["nat", name] => controls.nat_gateway = Some((*name).into()),
            ["default-outbound"] => controls.default_outbound = true,
            ["nsg", "unread"] => {
                *controls = controls.clone().without_security_group(Some("refused"));
            }
            ["nsg", access, priority, protocol, to, ports] => {
                self.security.get_or_insert_default().push(json!({
                    "name": format!("{access}{priority}"), "properties": {
                        "direction": "Outbound", "priority": priority.parse::<u32>().unwrap(),
                        "access": if *access == "allow" { "Allow" } else { "Deny" },
                        "protocol": protocol, "sourceAddressPrefix": "*",
                        "destinationAddressPrefix": to, "destinationPortRange": ports}}));
            }
            ["tags", name, ranges @ ..] => {
                self.tags.push(json!({"name": name, "properties": {"addressPrefixes": ranges}}));
            }
            ["group", name, ranges @ ..] => {
                let ranges = ranges.iter().map(ToString::to_string).collect();
                self.known.ip_groups.insert((*name).into(), ranges);
            }
            ["rule", "parent", rest @ ..] => self.parent.push(rule(rest)),
            ["rule", rest @ ..] => self.rules.push(rule(rest)),
            _ => return false,
        }
        true
    }

    fn table(routes: &[(String, String)], propagates: bool) -> Value {
        let list: Vec<(&str, &str, Option<&str>)> = routes
            .iter()
            .map(|(prefix, hop)| match hop.as_str() {
                "firewall" => (prefix.as_str(), "VirtualAppliance", Some(FIREWALL)),
                "internet" => (prefix.as_str(), "Internet", None),
                "none" => (prefix.as_str(), "None", None),
                "gateway" => (prefix.as_str(), "VirtualNetworkGateway", None),
                "local" => (prefix.as_str(), "VnetLocal", None),
                other => {
                    let hop = other.strip_prefix("appliance=").unwrap();
                    (prefix.as_str(), "VirtualAppliance", Some(hop))
                }
            })
            .collect();
        let mut table = super::routes(&list);
        table["properties"]["disableBgpRoutePropagation"] = json!(!propagates);
        table
    }

    fn built(&self) -> (Policy, Facts, NetworkControls) {
        let groups = |rules: &[Value]| -> Vec<Value> {
            let numbered = rules.iter().map(|rule| {
                let priority = rule["priority"].as_u64().unwrap();
                group(
                    &format!("g{priority}"),
                    u32::try_from(priority).unwrap(),
                    std::slice::from_ref(rule),
                )
            });
            numbered.collect()
        };
        let is_unread = |what: &str| self.unread.iter().any(|each| each == what);
        let mut policy = self.policy.clone().unwrap_or_else(|| {
            let body = json!({"properties": {"threatIntelMode": "Alert"}});
            Policy::read(&body, &groups(&self.rules), &groups(&self.parent)).unwrap()
        });
        if is_unread("parent") {
            policy.unread.push("company (refused)".into());
        }
        let mut known = self.known.clone();
        if !self.tags.is_empty() {
            known.service_tags = Some(ServiceTags::read(&json!({"values": self.tags})));
        }
        let mut controls = self.controls.clone();
        controls.table = None;
        controls.behind = None;
        controls = if is_unread("route") {
            controls.without_routes("the route table could not be read")
        } else {
            controls.with_routes(&Self::table(&self.routes, self.propagates))
        };
        if !is_unread("behind") {
            controls = controls.with_routes_behind(&Self::table(&self.behind, true));
        }
        if let Some(rules) = &self.security {
            controls =
                controls.with_security_group(&json!({"properties": {"securityRules": rules}}));
        }
        (policy, known, controls)
    }
}

/// `PRIORITY allow|deny net PROTOCOL TO PORTS`, `PRIORITY allow|deny app PROTOCOLS WHAT...`, `PRIORITY nat ...`.
fn rule(words: &[&str]) -> Value {
    let list = |text: &str| -> Vec<String> { text.split(',').map(str::to_owned).collect() };
    let placed = |priority: &str, action: &str, rule: &Value| {
        let action = match action {
            "allow" => "Allow",
            "deny" => "Deny",
            _ => "DNAT",
        };
        collection(
            &format!("c{priority}"),
            priority.parse().unwrap(),
            action,
            std::slice::from_ref(rule),
        )
    };
    match words {
        [priority, "nat", protocol, to, port, inside] => placed(
            priority,
            "nat",
            &json!({"ruleType": "NatRule", "name": "in", "ipProtocols": [protocol.to_uppercase()],
                "sourceAddresses": ["*"], "destinationAddresses": [to], "destinationPorts": [port],
                "translatedAddress": inside, "translatedPort": port}),
        ),
        [priority, action, "net", protocol, to, ports] => {
            let part = |prefix: &str| -> Vec<String> {
                let entries = list(to);
                entries
                    .iter()
                    .filter_map(|each| each.strip_prefix(prefix).map(str::to_owned))
                    .collect()
            };
            let plain: Vec<String> =
                list(to).into_iter().filter(|each| !each.contains('=')).collect();
            placed(
                priority,
                action,
                &json!({"ruleType": "NetworkRule", "name": "n", "ipProtocols": [protocol.to_uppercase()],
                    "sourceAddresses": ["*"], "destinationAddresses": plain, "destinationPorts": list(ports),
                    "destinationFqdns": part("fqdn="), "destinationIpGroups": part("group=")}),
            )
        }
        [priority, action, "app", protocols, what @ ..] => {
            let protocols: Vec<Value> = list(protocols)
                .iter()
                .map(|each| {
                    let (kind, port) = each.split_once(':').unwrap();
                    json!({"protocolType": kind, "port": port.parse::<u16>().unwrap()})
                })
                .collect();
            let part = |prefix: &str| -> Vec<&str> {
                what.iter().filter_map(|each| each.strip_prefix(prefix)).collect()
            };
            let names: Vec<&&str> =
                what.iter().filter(|each| !each.contains('=') && **each != "inspected").collect();
            let from = part("from=");
            placed(
                priority,
                action,
                &json!({"ruleType": "ApplicationRule", "name": "a", "protocols": protocols,
                    "sourceAddresses": if from.is_empty() { vec!["*"] } else { from },
                    "targetFqdns": names, "destinationAddresses": part("to="), "webCategories": part("category="),
                    "fqdnTags": part("tag="), "targetUrls": part("url="), "terminateTLS": what.contains(&"inspected")}),
            )
        }
        other => panic!("{other:?}"),
    }
}

/// The answer in the words of the file.
fn answered(verdict: &EgressVerdict) -> &'static str {
    let headline = verdict.headline();
    match verdict.answer() {
        EgressAnswer::Allowed => "allowed",
        EgressAnswer::Denied => "denied",
        EgressAnswer::Inside => "inside",
        EgressAnswer::Host => "host",
        EgressAnswer::Unfiltered => "unfiltered",
        EgressAnswer::Gateway => "gateway",
        EgressAnswer::Maybe if headline.contains("likely") => "likely",
        EgressAnswer::Maybe if headline.contains("depends on its") => "depends",
        EgressAnswer::Maybe if headline.contains("could be read") => "unread",
        EgressAnswer::Maybe if headline.contains("another appliance") => "appliance",
        EgressAnswer::Maybe => "maybe",
    }
}

const ANSWERS: [&str; 11] = [
    "allowed",
    "denied",
    "inside",
    "host",
    "unfiltered",
    "gateway",
    "likely",
    "depends",
    "unread",
    "appliance",
    "maybe",
];

#[test]
fn every_question_has_the_answer_that_azures_documents_give() {
    let mut world = World::new("");
    let mut asked_of = 0;
    let mut wrong = Vec::new();
    for line in include_str!("questions.txt").lines().map(str::trim) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix("= ") {
            world = World::new(name);
            continue;
        }
        let (head, questions) = line.split_once(": ").unwrap_or((line, ""));
        let (answer, words) = head.split_once(' ').unwrap_or((head, ""));
        if !ANSWERS.contains(&answer) {
            assert!(world.says(line), "{}: {line}", world.name);
            continue;
        }
        let (policy, known, controls) = world.built();
        for text in questions.split_whitespace() {
            asked_of += 1;
            let verdict = judge(&asked(text), &policy, &known, &controls);
            let said = format!("{} {}", verdict.headline(), verdict.sentences().join(" "));
            let found = answered(&verdict);
            if found != answer || !said.to_lowercase().contains(&words.to_lowercase()) {
                wrong
                    .push(format!("{}: {text}: {found}, not {answer} {words}: {said}", world.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(asked_of >= 400, "only {asked_of} questions");
}
