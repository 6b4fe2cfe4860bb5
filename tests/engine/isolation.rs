//! Each of the thirty points can fail: one field is changed at a time, and exactly its point says so.

use privateaml::{
    domain::{
        audit::{Answer, Audit, Case, audit, hosts, probe_path},
        inventory::{Inventory, Reading},
        plan::Plan,
    },
    engine::{Control, evidence},
};
use serde_json::{Value, json};

use super::bench::{Bench, ready, request};

fn judged(plan: &Plan, inventory: &Inventory) -> Audit {
    audit(&Case {
        plan,
        inventory,
        hub: None,
        paused: false,
    })
}

fn numbers(audit: &Audit, answer: Answer) -> Vec<u8> {
    let points = audit.points.iter();
    points
        .filter(|each| each.answer == answer)
        .map(|each| each.number)
        .collect()
}

/// The path of a planned resource, by its symbol, with what is below it.
fn path(plan: &Plan, place: &str) -> String {
    let (symbol, rest) = place.split_once('/').unwrap_or((place, ""));
    let found = plan.resources.iter().find(|each| each.symbol == symbol);
    let id = &found.unwrap_or_else(|| panic!("no {symbol}")).id;
    format!("{id}/{rest}").trim_end_matches('/').to_owned()
}

fn group(plan: &Plan, rest: &str) -> String {
    let id = &plan.resources[0].id;
    let at = id.find("/providers/").unwrap();
    format!("{}/providers/{rest}", &id[..at])
}

/// Sets one value; a pointer that ends in `-` adds to a list.
fn set(body: &mut Value, pointer: &str, value: Value) {
    let (before, last) = pointer.rsplit_once('/').unwrap();
    let parent = body
        .pointer_mut(before)
        .unwrap_or_else(|| panic!("no {before}"));
    match parent {
        Value::Array(items) if last == "-" => items.push(value),
        Value::Array(items) => items[last.parse::<usize>().unwrap()] = value,
        Value::Object(members) => drop(members.insert(last.to_owned(), value)),
        other => panic!("{pointer}: {other}"),
    }
}

/// Point, what is changed, where, and to what.
fn changes() -> Vec<(u8, &'static str, &'static str, Value)> {
    let card = json!({"id": "/subscriptions/s/x"});
    let stranger = json!({"name": "s", "properties": {"virtualNetwork": {"id": "/subscriptions/s/virtualNetworks/stranger"},
        "virtualNetworkLinkState": "Completed"}});
    let rule = |direction: &str, source: &str, destination: &str, port: &str| {
        json!({"name": "wide", "properties": {"access": "Allow", "direction": direction, "priority": 999, "protocol": "Tcp",
            "sourceAddressPrefix": source, "destinationAddressPrefix": destination, "destinationPortRange": port}})
    };
    let foreign = json!({"name": "f", "properties": {"privateEndpoint": {"id": "/subscriptions/other/privateEndpoints/pe"},
        "privateLinkServiceConnectionState": {"status": "Approved"}}});
    let peering = json!({"name": "p", "properties": {"remoteVirtualNetwork": {"id": "/subscriptions/s/virtualNetworks/stranger"},
        "peeringState": "Connected", "peeringSyncLevel": "FullyInSync"}});
    let application = |host: &str| json!({"name": "c", "action": {"type": "Allow"}, "rules": [{"name": "r", "ruleType": "ApplicationRule", "targetFqdns": [host]}]});
    let by_address = |target: &str, port: &str, protocol: &str| {
        json!({"name": "c", "action": {"type": "Allow"}, "rules": [{"name": "r", "ruleType": "NetworkRule",
            "destinationAddresses": [target], "destinationPorts": [port], "ipProtocols": [protocol]}]})
    };
    vec![
        (
            1,
            "workspace",
            "/properties/publicNetworkAccess",
            json!("Enabled"),
        ),
        (
            1,
            "workspace",
            "/properties/allowPublicAccessWhenBehindVnet",
            json!(true),
        ),
        (
            2,
            "workspace",
            "/properties/privateEndpointConnections/-",
            foreign,
        ),
        (
            2,
            "workspace",
            "/properties/privateEndpointConnections",
            json!([]),
        ),
        (
            3,
            "workspace",
            "/properties/systemDatastoresAuthMode",
            json!("AccessKey"),
        ),
        (3, "workspace", "/properties/v1LegacyMode", json!(true)),
        (
            4,
            "workspace",
            "/properties/serverlessComputeSettings/serverlessComputeNoPublicIP",
            json!(false),
        ),
        (
            5,
            "workspace",
            "/properties/managedNetwork/isolationMode",
            json!("AllowInternetOutbound"),
        ),
        (
            6,
            "workspace/computes",
            "/0/properties/properties/enableNodePublicIp",
            json!(true),
        ),
        (
            6,
            "workspace/computes",
            "/0/properties/properties/subnet",
            card.clone(),
        ),
        (
            6,
            "workspace/computes",
            "/0/properties/disableLocalAuth",
            json!(false),
        ),
        (
            7,
            "storage",
            "/properties/publicNetworkAccess",
            json!("Enabled"),
        ),
        (
            7,
            "storage",
            "/properties/networkAcls/ipRules",
            json!([{"value": "203.0.113.7"}]),
        ),
        (
            8,
            "storage",
            "/properties/allowSharedKeyAccess",
            json!(true),
        ),
        (
            8,
            "storage",
            "/properties/minimumTlsVersion",
            json!("TLS1_0"),
        ),
        (8, "storage", "/properties/isSftpEnabled", json!(true)),
        (
            9,
            "keyVault",
            "/properties/publicNetworkAccess",
            json!("Enabled"),
        ),
        (
            9,
            "keyVault",
            "/properties/enableRbacAuthorization",
            json!(false),
        ),
        (
            10,
            "registry",
            "/properties/publicNetworkAccess",
            json!("Enabled"),
        ),
        (10, "registry", "/properties/adminUserEnabled", json!(true)),
        (
            10,
            "registry",
            "/properties/policies/exportPolicy/status",
            json!("enabled"),
        ),
        (
            11,
            "logAnalytics",
            "/properties/publicNetworkAccessForIngestion",
            json!("Enabled"),
        ),
        (
            11,
            "monitorScope",
            "/properties/accessModeSettings/ingestionAccessMode",
            json!("Open"),
        ),
        (
            11,
            "monitorScope",
            "/properties/privateEndpointConnections",
            json!([]),
        ),
        (
            12,
            "vaultEndpoint",
            "/properties/privateLinkServiceConnections/0/properties/privateLinkServiceConnectionState/status",
            json!("Pending"),
        ),
        (
            12,
            "vaultEndpoint",
            "/properties/subnet/id",
            json!("/subscriptions/s/virtualNetworks/stranger/subnets/x"),
        ),
        (
            13,
            "vaultZone/A",
            "/0/properties/aRecords/0/ipv4Address",
            json!("203.0.113.7"),
        ),
        (14, "vaultZone/virtualNetworkLinks", "/-", stranger),
        (
            14,
            "vaultZone/virtualNetworkLinks",
            "/0/properties/virtualNetworkLinkState",
            json!("InProgress"),
        ),
        (
            15,
            "virtualNetwork",
            "/properties/dhcpOptions",
            json!({"dnsServers": ["203.0.113.53"]}),
        ),
        (
            16,
            "virtualNetwork",
            "/properties/subnets/2/properties/defaultOutboundAccess",
            json!(true),
        ),
        (
            16,
            "virtualNetwork",
            "/properties/subnets/2/properties/networkSecurityGroup",
            Value::Null,
        ),
        (
            16,
            "virtualNetwork",
            "/properties/subnets/2/properties/routeTable",
            Value::Null,
        ),
        (
            16,
            "virtualNetwork",
            "/properties/subnets/-",
            json!({"name": "bare", "properties": {}}),
        ),
        (
            17,
            "storagePolicy",
            "/properties/serviceEndpointPolicyDefinitions/0/properties/serviceResources/-",
            json!("/subscriptions/s"),
        ),
        (
            18,
            "routeTable",
            "/properties/routes/0/properties/nextHopIpAddress",
            json!("10.1.1.9"),
        ),
        (18, "routeTable", "/properties/routes", json!([])),
        (
            18,
            "routeTable",
            "/properties/routes/-",
            json!({"name": "out", "properties": {"addressPrefix": "198.51.100.0/24", "nextHopType": "Internet"}}),
        ),
        (
            19,
            "jumpboxNic/effectiveRouteTable",
            "/-",
            json!({"state": "Active", "nextHopType": "Internet", "addressPrefix": ["198.51.100.0/24"]}),
        ),
        (
            20,
            "sharedNsg",
            "/properties/securityRules/-",
            rule("Inbound", "Internet", "*", "3389"),
        ),
        (
            20,
            "sharedNsg",
            "/properties/securityRules/-",
            rule("Outbound", "*", "Internet", "*"),
        ),
        (
            20,
            "bastionNsg",
            "/properties/securityRules/-",
            rule("Inbound", "Internet", "*", "22"),
        ),
        (
            21,
            "firewallPublicIp",
            "/properties/ipConfiguration/id",
            json!(
                "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkInterfaces/nic/ipConfigurations/c"
            ),
        ),
        (
            22,
            "firewallPolicy/ruleCollectionGroups",
            "/0/properties/ruleCollections/-",
            application("*"),
        ),
        (
            22,
            "firewallPolicy/ruleCollectionGroups",
            "/0/properties/ruleCollections/-",
            application("*.blob.core.windows.net"),
        ),
        (
            23,
            "firewallPolicy/ruleCollectionGroups",
            "/0/properties/ruleCollections/-",
            by_address("*", "443", "TCP"),
        ),
        (
            23,
            "firewallPolicy/ruleCollectionGroups",
            "/0/properties/ruleCollections/-",
            by_address("AzureMonitor", "*", "TCP"),
        ),
        (
            23,
            "firewallPolicy/ruleCollectionGroups",
            "/0/properties/ruleCollections/-",
            by_address("AzureMonitor", "443", "Any"),
        ),
        (
            23,
            "firewallPolicy/ruleCollectionGroups",
            "/0/properties/ruleCollections/-",
            by_address("Storage", "443", "TCP"),
        ),
        (
            24,
            "firewallPolicy",
            "/properties/threatIntelMode",
            json!("Off"),
        ),
        (
            24,
            "firewallPolicy",
            "/properties/dnsSettings/enableProxy",
            json!(false),
        ),
        (24, "firewall", "/properties/firewallPolicy", card.clone()),
        (
            25,
            "jumpbox",
            "/properties/securityProfile/securityType",
            json!("Standard"),
        ),
        (
            25,
            "jumpboxNic",
            "/properties/ipConfigurations/0/properties/publicIPAddress",
            card,
        ),
        (
            25,
            "jumpboxShutdown",
            "/properties/status",
            json!("Disabled"),
        ),
        (
            26,
            "bastion",
            "/properties/enableShareableLink",
            json!(true),
        ),
        (26, "bastion", "/properties/enableFileCopy", json!(true)),
        (
            27,
            "virtualNetwork",
            "/properties/virtualNetworkPeerings/-",
            peering,
        ),
        (
            29,
            "workspaceLogs",
            "/properties/workspaceId",
            json!("/subscriptions/s/workspaces/elsewhere"),
        ),
        (
            29,
            "workspaceLogs",
            "/properties/logs/0/enabled",
            json!(false),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn each_point_fails_when_its_field_is_changed() {
    let bench = Bench::at(4000.0, &[]);
    let mut wanted = request();
    wanted.settings.service_endpoint_policy = true;
    ready(bench.deploy_with(&wanted, &Control::default()).await);
    let (plan, fresh) = evidence(&bench.context(), &bench.record().unwrap(), true)
        .await
        .unwrap();
    assert_eq!(
        numbers(&judged(&plan, &fresh), Answer::DoesNotHold),
        Vec::<u8>::new()
    );
    let mut shown = Vec::new();
    for (number, place, pointer, value) in changes() {
        let mut changed = fresh.clone();
        let body = changed.found_mut(&path(&plan, place));
        set(
            body.unwrap_or_else(|| panic!("{place} was not read")),
            pointer,
            value,
        );
        let audit = judged(&plan, &changed);
        assert_eq!(
            numbers(&audit, Answer::DoesNotHold),
            [number],
            "{place} {pointer}"
        );
        let point = &audit.points[usize::from(number) - 1];
        let wrong = point
            .findings
            .iter()
            .filter(|each| each.answer == Answer::DoesNotHold);
        assert!(wrong.clone().count() > 0);
        assert!(
            wrong
                .into_iter()
                .all(|each| !each.remedy.is_empty() && !each.field.is_empty())
        );
        shown.push(number);
    }
    // Two points are about lists, one about answers: they are changed by hand.
    let mut changed = fresh.clone();
    let owner = json!([{"id": "/x", "properties": {"principalId": "p", "principalType": "User",
        "scope": group(&plan, "").trim_end_matches("/providers/"),
        "roleDefinitionId": "/r/8e3af657-a8ff-443c-a75c-2fe8c4bcb635"}}]);
    changed.put(
        &group(&plan, "Microsoft.Authorization/roleAssignments"),
        Reading::Found(owner),
    );
    assert_eq!(numbers(&judged(&plan, &changed), Answer::DoesNotHold), [28]);
    shown.push(28);
    let case = Case {
        plan: &plan,
        inventory: &fresh,
        hub: None,
        paused: false,
    };
    for host in hosts(&case)
        .iter()
        .filter(|each| matches!(each.service, "storage" | "workspace"))
    {
        let mut changed = fresh.clone();
        let open = json!({"addresses": ["203.0.113.9"], "status": 200, "code": ""});
        changed.put(&probe_path(&host.host), Reading::Found(open));
        assert_eq!(
            numbers(&judged(&plan, &changed), Answer::DoesNotHold),
            [30],
            "{host:?}"
        );
        shown.push(30);
    }
    shown.sort_unstable();
    shown.dedup();
    assert_eq!(shown, (1..=30).collect::<Vec<u8>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_never_holds() {
    let bench = Bench::at(4000.0, &[]);
    ready(bench.deploy().await);
    let (plan, _) = evidence(&bench.context(), &bench.record().unwrap(), false)
        .await
        .unwrap();
    let audit = judged(&plan, &Inventory::default());
    assert_eq!(numbers(&audit, Answer::Holds), Vec::<u8>::new());
    assert_eq!(numbers(&audit, Answer::DoesNotHold), Vec::<u8>::new());
}
