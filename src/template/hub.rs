//! The template of a new hub, compiled into the program, and the plan that follows from it.
//!
//! It is a template of its own beside the environments' and shares their machinery. The shared key is never among the
//! parameters here.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use crate::domain::peering::NewHub;
use crate::domain::plan::Plan;
use crate::domain::problem::{Problem, Result};
use crate::domain::region;
use crate::domain::settings::Cloud;

use super::embedded::load;
use super::parameters::{declared, file};
use super::plan::{PlanScope, assembled};
use super::{Template, resolve};

/// The template's name for the tunnel's key, a secure parameter.
pub const SHARED_KEY: &str = "sharedKey";

const FRAGMENTS: [(&str, &str); 4] = [
    ("main", include_str!("../../assets/hub/main.json")),
    ("network", include_str!("../../assets/hub/network.json")),
    ("gateway", include_str!("../../assets/hub/gateway.json")),
    ("resolver", include_str!("../../assets/hub/resolver.json")),
];

/// The template.
pub fn template() -> &'static Template {
    static EMBEDDED: LazyLock<Template> = LazyLock::new(|| {
        #[expect(
            clippy::expect_used,
            reason = "the fragments are compiled in, and a test merges them"
        )]
        load(&FRAGMENTS).expect("a readable template")
    });
    &EMBEDDED
}

/// The parameters that follow from what is chosen, without the shared key.
pub fn parameters(hub: &NewHub) -> Map<String, Value> {
    let zones: &[&str] =
        if region_of(hub).is_some_and(|region| region.zones) { &["1", "2", "3"] } else { &[] };
    let ranges: Vec<String> = hub.on_premises_ranges.iter().map(ToString::to_string).collect();
    let values = [
        ("name", json!(hub.name)),
        ("location", json!(hub.region)),
        ("zones", json!(zones)),
        ("addressSpace", json!(hub.address_space)),
        ("gatewaySku", json!(hub.sku.as_str())),
        ("onPremisesAddress", json!(hub.on_premises_address)),
        ("onPremisesRanges", json!(ranges)),
        ("resolver", json!(hub.resolver)),
    ];
    values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn region_of(hub: &NewHub) -> Option<&'static region::Region> {
    let mut regions = region::embedded().iter();
    regions.find(|region| region.name == hub.region)
}

/// What would be made for a hub.
///
/// # Errors
/// When the template cannot be resolved.
pub fn plan(hub: &NewHub, scope: &PlanScope) -> Result<Plan> {
    let cloud = region_of(hub).map_or(Cloud::Public, |region| region.cloud);
    let template = template();
    let sent = declared(template, &parameters(hub), &Map::new())?;
    let group = scope.resource_group.clone().unwrap_or_else(|| hub.name.resource_group());
    let resolved = resolve(template, &sent, &scope.evaluation(group, &hub.region, cloud))
        .map_err(Problem::from)?;
    Ok(Plan {
        name: hub.name.full_name(),
        ..assembled(template, &resolved, sent, &hub.region, hub.address_space)?
    })
}

/// How long one in twenty takes longer than, in seconds: the longest chain by slow durations.
pub fn slow_seconds(plan: &Plan) -> u32 {
    let slow = |symbol: &String| {
        let mut resources = plan.resources.iter();
        resources.find(|each| each.symbol == *symbol).map_or(0, |each| each.slow_seconds)
    };
    plan.critical_path.iter().map(slow).sum()
}

/// The template and its parameters as files, deployable without this program.
///
/// # Errors
/// When they cannot be written as JSON.
pub fn files(plan: &Plan) -> Result<[(&'static str, String); 2]> {
    let values: Map<String, Value> = plan.parameters.clone().into_iter().collect();
    Ok([
        (super::export::TEMPLATE_FILE, super::export::pretty(template().to_json())?),
        (super::export::PARAMETERS_FILE, super::export::pretty(&file(&values))?),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::cost::{Prices, estimate};
    use crate::domain::peering::GatewaySku;

    fn hub() -> NewHub {
        NewHub {
            name: "office".parse().unwrap(),
            region: "westeurope".into(),
            address_space: "10.0.0.0/16".parse().unwrap(),
            sku: GatewaySku::VpnGw1AZ,
            on_premises_address: "203.0.113.7".parse().unwrap(),
            on_premises_ranges: vec!["192.168.0.0/16".parse().unwrap()],
            resolver: true,
        }
    }

    fn planned(hub: &NewHub) -> Plan {
        plan(hub, &PlanScope::default()).unwrap()
    }

    fn body<'plan>(plan: &'plan Plan, symbol: &str) -> &'plan Value {
        let found = plan.resources.iter().find(|each| each.symbol == symbol);
        &found.unwrap().body
    }

    #[test]
    fn the_template_says_what_was_chosen() {
        let plan = planned(&hub());
        let symbols: Vec<&str> = plan.resources.iter().map(|each| each.symbol.as_str()).collect();
        assert_eq!(
            symbols,
            [
                "hubNetwork",
                "gatewayPublicIp",
                "gateway",
                "onPremises",
                "tunnel",
                "resolver",
                "resolverInbound"
            ]
        );
        assert_eq!(plan.resource_group, "rg-hub-office");
        let subnets: Vec<String> =
            plan.subnets.iter().map(|each| format!("{} {}", each.name, each.prefix)).collect();
        assert_eq!(subnets, ["GatewaySubnet 10.0.0.0/27", "ResolverSubnet 10.0.0.32/28"]);
        assert_eq!(plan.critical_path, ["hubNetwork", "gateway", "tunnel"]);
        let address = body(&plan, "gatewayPublicIp");
        assert_eq!(address["zones"], json!(["1", "2", "3"]));
        assert_eq!(address["properties"]["publicIPAllocationMethod"], "Static");
        let gateway = &body(&plan, "gateway")["properties"];
        assert_eq!(gateway["vpnType"], "RouteBased");
        assert_eq!(gateway["vpnGatewayGeneration"], "Generation1");
        let tunnel = &body(&plan, "tunnel")["properties"];
        assert_eq!(tunnel["connectionProtocol"], "IKEv2");
        let inbound = &body(&plan, "resolverInbound")["properties"]["ipConfigurations"][0];
        assert_eq!(inbound["privateIpAddress"], "10.0.0.36");
        assert_eq!(plan.secure_parameters, [SHARED_KEY]);
        assert!(!plan.parameters.contains_key(SHARED_KEY));
    }

    #[test]
    fn without_resolver_there_is_neither_resolver_nor_subnet_for_it() {
        let mut hub = hub();
        hub.resolver = false;
        hub.sku = GatewaySku::VpnGw2AZ;
        hub.address_space = "10.9.0.0/26".parse().unwrap();
        let plan = planned(&hub);
        assert_eq!(plan.resources.len(), 5);
        assert_eq!(plan.subnets.len(), 1);
        assert_eq!(body(&plan, "gateway")["properties"]["vpnGatewayGeneration"], "Generation2");
    }

    #[test]
    fn cost_and_time_are_known_before() {
        let plan = planned(&hub());
        let cost = estimate(&plan, &Prices::snapshot());
        assert!(cost.missing.is_empty(), "{:?}", cost.missing);
        assert!(cost.monthly > 300.0 && cost.monthly < 400.0, "{}", cost.monthly);
        assert!((20..40).contains(&(plan.critical_seconds / 60)));
        assert!((40..60).contains(&(slow_seconds(&plan) / 60)));
    }

    #[test]
    fn a_region_without_zones_gets_none() {
        let region = region::embedded().iter().find(|region| !region.zones).unwrap();
        let mut hub = hub();
        hub.region.clone_from(&region.name);
        let plan = planned(&hub);
        assert!(body(&plan, "gatewayPublicIp").get("zones").is_none_or(Value::is_null));
    }
}
