//! What gets out of an environment that stands: judged, refused and logged, let through.

use privateaml::{
    azure::http::Request,
    domain::{
        allowlist::Preset,
        egress::{
            EgressAnswer, FirewallOutcome,
            log::{QUERY, RefusedDestination},
        },
        environment::tags,
        operation::Ended,
    },
    engine::{
        Context, Control, egress, list,
        peering::{LinkOptions, link},
    },
};
use serde_json::{Value, json};

use super::bench::{Bench, FULL_NAME, GROUP, ready, request};

fn firewall(context: &Context) -> String {
    format!(
        "/subscriptions/{}/resourceGroups/{GROUP}/providers/Microsoft.Network/azureFirewalls/fw-{FULL_NAME}",
        context.arm.subscription_id()
    )
}

async fn send(context: &Context, host: &str, port: u16, protocol: &str) -> Value {
    let body =
        json!({"firewall": firewall(context), "host": host, "port": port, "protocol": protocol});
    let request = Request::post("/practice/traffic", Some(&body));
    context.arm.http().send(request).await.unwrap().body
}

async fn answer(
    context: &Context,
    record: &privateaml::domain::environment::Record,
    text: &str,
) -> EgressAnswer {
    let query = text.parse().unwrap();
    egress::egress(context, record, &query).await.unwrap().answer()
}

#[tokio::test]
async fn a_host_is_refused_found_in_the_log_and_let_through() {
    let bench = Bench::new();
    let record = ready(bench.deploy().await).record;
    let context = bench.context();
    // The verdict on the real resources, and what the firewall then does.
    for (text, wanted) in [
        ("github.com", EgressAnswer::Allowed),
        ("http://github.com", EgressAnswer::Denied),
        ("packages.contoso.com", EgressAnswer::Denied),
        ("10.1.2.130:443", EgressAnswer::Inside),
        ("stgtest4821.blob.core.windows.net", EgressAnswer::Inside),
        // The practice cloud's list of tags holds this range.
        ("192.0.2.5:443", EgressAnswer::Allowed),
        // Its list is short: a tag that is not in it stays unknown.
        ("198.51.100.5:443", EgressAnswer::Maybe),
        ("198.51.100.5:22", EgressAnswer::Denied),
    ] {
        assert_eq!(answer(&context, &record, text).await, wanted, "{text}");
    }
    assert_eq!(send(&context, "github.com", 443, "https").await["action"], "Allow");
    // Of others the jumpbox's first day tells.
    let told = async |host: &str| {
        let mut refused = egress::denied(&context, &record).await.unwrap();
        refused.retain(|each| each.destination == host);
        refused
    };
    assert!(told("packages.contoso.com").await.is_empty());
    for _ in 0..3 {
        assert_eq!(send(&context, "packages.contoso.com", 443, "https").await["action"], "Deny");
    }
    let refused = told("packages.contoso.com").await;
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert_eq!(
        (refused[0].destination.as_str(), refused[0].port, refused[0].count),
        ("packages.contoso.com", 443, 3)
    );
    assert_eq!((refused[0].rule.as_deref(), refused[0].reason.as_str()), (None, "Default Action"));
    let ports = refused[0].ports().unwrap();
    let allowed =
        egress::allow(&context, &record, "packages.contoso.com", Some(&ports)).await.unwrap();
    assert!(allowed.changed);
    assert_eq!(
        answer(&context, &allowed.record, "packages.contoso.com").await,
        EgressAnswer::Allowed
    );
    assert_eq!(send(&context, "packages.contoso.com", 443, "https").await["action"], "Allow");
    // A second time there is nothing to do.
    let again =
        egress::allow(&context, &allowed.record, "packages.contoso.com", None).await.unwrap();
    assert!(!again.changed);
    assert_eq!(again.record.settings.hosts.len(), 1);
}

/// All that was refused within a day.
async fn logged(context: &Context) -> Vec<RefusedDestination> {
    let path = format!(
        "/subscriptions/{}/resourceGroups/{GROUP}/providers/Microsoft.OperationalInsights/workspaces/log-{FULL_NAME}/\
         query?api-version=2017-10-01",
        context.arm.subscription_id()
    );
    let body = json!({"query": QUERY, "timespan": "P1D"});
    let answer = context.arm.http().send(Request::post(path, Some(&body))).await.unwrap().body;
    let rows = answer["tables"][0]["rows"].as_array().unwrap().clone();
    rows.iter().filter_map(|row| RefusedDestination::read(row.as_array()?)).collect()
}

#[tokio::test]
async fn a_first_day_is_refused_only_what_the_rules_refuse() {
    for (preset, conda) in [(Preset::Recommended, false), (Preset::LockedDown, true)] {
        let bench = Bench::at(4000.0, &[]);
        let mut wanted = request();
        wanted.settings.preset = preset;
        let record = ready(bench.deploy_with(&wanted, &Control::default()).await).record;
        let context = bench.context();
        // The editor comes some forty minutes after the jumpbox; by then the deployment may be hours ago.
        let mut refused = Vec::new();
        for _ in 0..200 {
            refused = logged(&context).await;
            if refused.iter().any(|each| each.destination == "marketplace.visualstudio.com") {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        let told = |host: &str| refused.iter().any(|each| each.destination == host);
        assert!(told("marketplace.visualstudio.com") && told("edge.microsoft.com"), "{refused:?}");
        assert!(!told("ml.azure.com"), "every preset lets the studio through");
        assert_eq!(told("repo.anaconda.com"), conda, "{preset:?}: {refused:?}");
        for each in &refused {
            let place = format!("{}://{}:{}", each.protocol, each.destination, each.port);
            assert_eq!(answer(&context, &record, &place).await, EgressAnswer::Denied, "{place}");
        }
    }
}

#[tokio::test]
async fn a_host_let_through_is_no_difference_and_is_found_from_another_machine() {
    let bench = Bench::new();
    let record = ready(bench.deploy().await).record;
    let context = bench.context();
    // One by name, one that also needs the security group, by address.
    let first = egress::allow(&context, &record, "packages.contoso.com", None).await.unwrap();
    let second =
        egress::allow(&context, &first.record, "203.0.113.7", Some("tcp:22")).await.unwrap();
    assert_eq!(bench.record().unwrap(), second.record);
    assert_eq!(answer(&context, &second.record, "203.0.113.7:22").await, EgressAnswer::Allowed);
    // A deployment of the same choices would change nothing.
    let mut wanted = super::bench::request();
    wanted.settings = second.record.settings.clone();
    let stands = bench.deploy_with(&wanted, &Control::default()).await;
    let stands = super::bench::stands(stands);
    let changed: Vec<_> = stands.forecast.changes.iter().collect();
    assert!(changed.is_empty(), "{changed:#?}");
    let group = context.arm.resource_group(GROUP).await.unwrap().unwrap();
    assert!(group.tags.keys().any(|key| tags::is_ours(key) && key.contains("choices")));
    context.records.remove(FULL_NAME).unwrap();
    let (rows, _) = list(&context).await.unwrap();
    assert_eq!(rows[0].record.settings, second.record.settings);
}

/// Reads a resource of the network, changes it and writes it.
async fn amend(context: &Context, kind: &str, name: &str, change: impl FnOnce(&mut Value)) {
    let id = firewall(context).replace("azureFirewalls/fw-", &format!("{kind}/{name}-"));
    let mut body = context.arm.resource(&id).await.unwrap().unwrap();
    change(&mut body);
    let started = context.arm.put_resource(&id, &body).await.unwrap();
    context.arm.finish(started, |_| {}).await.unwrap();
}

/// Takes something off the shared subnet.
async fn strip(context: &Context, what: &[&str]) {
    amend(context, "virtualNetworks", "vnet", |network| {
        let subnets = network["properties"]["subnets"].as_array_mut().unwrap();
        let mut shared = subnets.iter_mut().filter(|each| each["name"] == "SharedSubnet");
        let properties = shared.next().unwrap()["properties"].as_object_mut().unwrap();
        properties.retain(|name, _| !what.contains(&name.as_str()));
    })
    .await;
}

#[tokio::test]
async fn what_is_routed_past_the_firewall_is_not_judged_by_it() {
    let bench = Bench::new();
    let record = ready(bench.deploy().await).record;
    let context = bench.context();
    let direct = |name: &str, prefix: &str| json!({"name": name, "properties": {"addressPrefix": prefix, "nextHopType": "Internet"}});
    amend(&context, "routeTables", "rt", |table| {
        let routes = table["properties"]["routes"].as_array_mut().unwrap();
        routes.push(direct("low", "0.0.0.0/1"));
    })
    .await;
    for (text, wanted) in [
        ("github.com", EgressAnswer::Maybe),
        ("evil.example", EgressAnswer::Maybe),
        ("8.8.8.8:443", EgressAnswer::Unfiltered),
        ("203.0.113.1:22", EgressAnswer::Denied),
        ("168.63.129.16", EgressAnswer::Host),
    ] {
        assert_eq!(answer(&context, &record, text).await, wanted, "{text}");
    }
    amend(&context, "routeTables", "rt", |table| {
        let routes = table["properties"]["routes"].as_array_mut().unwrap();
        routes.push(direct("high", "128.0.0.0/1"));
    })
    .await;
    for text in ["github.com", "evil.example", "8.8.8.8:443"] {
        let found = answer(&context, &record, text).await;
        assert_eq!(found, EgressAnswer::Unfiltered, "{text}");
    }
    let query = "evil.example".parse().unwrap();
    let verdict = egress::egress(&context, &record, &query).await.unwrap();
    let said = verdict.sentences().join(" ");
    assert!(said.contains("(0.0.0.0/1)") || said.contains("(128.0.0.0/1)"), "{said}");
    strip(&context, &["routeTable", "networkSecurityGroup"]).await;
    let verdict = egress::egress(&context, &record, &query).await.unwrap();
    assert_eq!(verdict.answer(), EgressAnswer::Unfiltered);
    let said = verdict.sentences().join(" ");
    assert!(
        said.contains("no security group") && said.contains("Azure's own default route"),
        "{said}"
    );
}

#[tokio::test]
async fn an_address_of_the_company_goes_to_the_gateway() {
    let bench = Bench::with_hubs(1);
    let record = ready(bench.deploy().await).record;
    let context = bench.context();
    assert_eq!(answer(&context, &record, "192.168.10.4:443").await, EgressAnswer::Denied);
    let hub = firewall(&context)
        .replace(GROUP, "rg-hub")
        .replace(&format!("azureFirewalls/fw-{FULL_NAME}"), "virtualNetworks/vnet-hub-weu");
    let linked =
        link(&context, &record, &hub, LinkOptions::default(), &Control::default(), &bench.events)
            .await;
    assert!(matches!(linked, Ok(Ended::Done(_))), "{linked:?}");
    // The group of the template lets nothing out to the company, and the route is told all the same.
    let query = "192.168.10.4:443".parse().unwrap();
    let verdict = egress::egress(&context, &record, &query).await.unwrap();
    let said = verdict.sentences().join(" ");
    assert_eq!(verdict.answer(), EgressAnswer::Denied, "{said}");
    for part in ["DenyOtherOutbound", "192.168.0.0/16", "network gateway"] {
        assert!(said.contains(part), "{said}");
    }
    strip(&context, &["networkSecurityGroup"]).await;
    for (text, wanted) in [
        ("192.168.10.4:443", EgressAnswer::Gateway),
        ("github.com", EgressAnswer::Allowed),
        ("evil.example", EgressAnswer::Denied),
    ] {
        assert_eq!(answer(&context, &record, text).await, wanted, "{text}");
    }
}

#[tokio::test]
async fn a_log_store_that_answers_inside_only_is_said_to() {
    let bench = Bench::new();
    let record = ready(bench.deploy().await).record;
    let context = bench.context();
    let id = firewall(&context).replace(
        "Microsoft.Network/azureFirewalls/fw-",
        "Microsoft.OperationalInsights/workspaces/log-",
    );
    let mut body = context.arm.resource(&id).await.unwrap().unwrap();
    body["properties"]["publicNetworkAccessForQuery"] = json!("Disabled");
    let started = context.arm.put_resource(&id, &body).await.unwrap();
    context.arm.finish(started, |_| {}).await.unwrap();
    let problem = egress::denied(&context, &record).await.unwrap_err();
    assert_eq!(problem.code, "LogsNotReadable");
    assert!(problem.advice.contains("inside the network"));
}

#[tokio::test]
async fn rules_of_others_stay_when_a_host_is_let_through() {
    let bench = Bench::new();
    let record = ready(bench.deploy().await).record;
    let context = bench.context();
    let id = firewall(&context).replace("azureFirewalls/fw-", "firewallPolicies/fwp-")
        + "/ruleCollectionGroups/allowlist";
    let mut body = context.arm.resource(&id).await.unwrap().unwrap();
    let foreign = json!({
        "ruleCollectionType": "FirewallPolicyFilterRuleCollection", "name": "by-hand", "priority": 5000,
        "action": {"type": "Allow"}, "rules": [{"ruleType": "ApplicationRule", "name": "x", "sourceAddresses": ["*"],
            "targetFqdns": ["by-hand.example"], "protocols": [{"protocolType": "Https", "port": 443}]}]});
    body["properties"]["ruleCollections"].as_array_mut().unwrap().push(foreign);
    let started = context.arm.put_resource(&id, &body).await.unwrap();
    // The policy is still being changed: the next change has to wait for it.
    let allowed = egress::allow(&context, &record, "packages.contoso.com", None).await.unwrap();
    context.arm.finish(started, |_| {}).await.unwrap();
    assert_eq!(answer(&context, &allowed.record, "by-hand.example").await, EgressAnswer::Allowed);
    assert_eq!(
        answer(&context, &allowed.record, "packages.contoso.com").await,
        EgressAnswer::Allowed
    );
    let problem = egress::allow(&context, &record, "*", None).await.unwrap_err();
    assert_eq!(problem.code, "HostInvalid");
}

#[tokio::test]
async fn what_azure_ml_needs_is_compared_with_the_firewall() {
    let bench = Bench::new();
    let record = ready(bench.deploy().await).record;
    let context = bench.context();
    let found = egress::dependencies(&context, &record).await.unwrap();
    let of = |host: &str, port: u16| {
        let fitting = found.iter().find(|each| each.host == host && each.port == port);
        fitting.unwrap_or_else(|| panic!("{host}:{port} in {found:#?}"))
    };
    assert_eq!(of("mcr.microsoft.com", 443).answer, EgressAnswer::Allowed);
    assert_eq!(of("login.microsoftonline.com", 443).answer, EgressAnswer::Allowed);
    assert_eq!(of("stgtest4821.blob.core.windows.net", 443).answer, EgressAnswer::Inside);
    // Python packages are off until somebody switches them on.
    let denied: Vec<&str> = found
        .iter()
        .filter(|each| each.answer == EgressAnswer::Denied)
        .map(|each| each.host.as_str())
        .collect();
    assert_eq!(denied, ["packages.practice.example"]);
    // Without the rules everything that is not inside is refused.
    let id = firewall(&context).replace("azureFirewalls/fw-", "firewallPolicies/fwp-")
        + "/ruleCollectionGroups/allowlist";
    let empty = json!({"properties": {"priority": 200, "ruleCollections": []}});
    let started = context.arm.put_resource(&id, &empty).await.unwrap();
    context.arm.finish(started, |_| {}).await.unwrap();
    let found = egress::dependencies(&context, &record).await.unwrap();
    let refused = found.iter().find(|each| each.host == "mcr.microsoft.com").unwrap();
    let ruling = refused.verdict.part.firewall.as_ref().unwrap();
    assert!(matches!(ruling.outcome, FirewallOutcome::Denied { by: None, .. }), "{ruling:?}");
}
