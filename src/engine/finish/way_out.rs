//! Whether what leaves an environment goes through its firewall, read back after a deployment.
//!
//! A default route that misses the firewall is a hole or a wall, and each is said as what it is. What does not exist is
//! never part of a remedy. Reads only.

use serde_json::Value;

use super::{PAUSED, of_type, read};
use crate::domain::plan::{Plan, PlannedResource};
use crate::domain::problem::{Problem, Result, Retry};
use crate::domain::{default_route, resource};
use crate::engine::Context;
use crate::engine::pause::is_paused;

/// What is not as it must be of firewall and default route.
pub(super) async fn differences(context: &Context, plan: &Plan) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for firewall in of_type(plan, resource::FIREWALL) {
        let Some(body) = read(context, firewall).await? else {
            problems.push(without_firewall(plan, firewall));
            continue;
        };
        if is_paused(&body) {
            problems.push(paused(plan, firewall));
            continue;
        }
        let Some(address) = default_route::firewall_address(&body) else {
            problems.push(without_address(plan, firewall, &body));
            continue;
        };
        for table in of_type(plan, resource::ROUTE_TABLE) {
            match read(context, table).await? {
                Some(body) => problems.extend(route_problem(plan, &table.name, &body, address)),
                None => problems.push(without_routes(plan, table)),
            }
        }
    }
    Ok(problems)
}

fn paused(plan: &Plan, firewall: &PlannedResource) -> Problem {
    Problem::new(
        PAUSED,
        "The environment is paused: its firewall is switched off, and nothing inside reaches the outside.",
        format!("Take it up again: privateaml resume {}{}", plan.name, plan.suffix),
    )
    .at(firewall.name.clone())
    .retry(Retry::AfterChange)
}

/// The remedy for what only the template knows how to set.
fn mend(plan: &Plan) -> String {
    format!(
        "Run `privateaml mend {}{}`: it sets again what the template says, and shows the changes first.",
        plan.name, plan.suffix
    )
}

fn without_firewall(plan: &Plan, firewall: &PlannedResource) -> Problem {
    Problem::new(
        "FirewallMissing",
        "The firewall does not exist any more. The default route leads to where it was, so nothing inside \
         reaches the outside.",
        mend(plan),
    )
    .at(firewall.name.clone())
    .retry(Retry::AfterChange)
}

fn without_address(plan: &Plan, firewall: &PlannedResource, body: &Value) -> Problem {
    let state = body.pointer("/properties/provisioningState");
    let state = state.and_then(Value::as_str).unwrap_or("not told");
    Problem::new(
        "FirewallWithoutAddress",
        format!("Azure tells no private address of the firewall (its state is {state}), so it is not known \
            where the default route must lead."),
        format!(
            "Wait until its state is Succeeded: privateaml status {}{}. If it stays, start the firewall: \
             privateaml resume {}{}",
            plan.name, plan.suffix, plan.name, plan.suffix
        ),
    )
    .at(firewall.name.clone())
    .retry(Retry::AfterChange)
}

fn without_routes(plan: &Plan, table: &PlannedResource) -> Problem {
    Problem::new(
        "RouteMissesFirewall",
        "The route table does not exist any more. Without it, Azure sends traffic to the internet past the firewall.",
        mend(plan),
    )
    .at(table.name.clone())
    .retry(Retry::AfterChange)
}

/// The default route must lead to the firewall's real address.
fn route_problem(plan: &Plan, table: &str, body: &Value, firewall: &str) -> Option<Problem> {
    let what = match default_route::default_hop(body) {
        Some(hop) if hop == firewall => return None,
        Some("Internet") => format!(
            "The default route leads to the internet, past the firewall at {firewall}: what inside may \
             reach is not filtered."
        ),
        Some(hop) => format!(
            "The default route leads to {hop}, but the firewall's address is {firewall}. Nothing inside \
             reaches the outside through it."
        ),
        None => format!(
            "There is no default route to the firewall at {firewall}: Azure sends traffic to the internet past it."
        ),
    };
    Some(
        Problem::new("RouteMissesFirewall", what, mend(plan))
            .at(table.to_owned())
            .retry(Retry::AfterChange),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn resource() -> PlannedResource {
        serde_json::from_value(json!({
            "symbol": "firewall", "type": resource::FIREWALL, "name": "fw-test4821", "id": "/x", "area": "firewall",
            "depends_on": [], "seconds": 1,
        }))
        .unwrap()
    }

    fn plan() -> Plan {
        serde_json::from_value(json!({
            "name": "test", "suffix": "4821", "region": "westeurope", "resource_group": "rg", "resources": [],
            "address_space": "10.1.0.0/22", "subnets": [], "critical_path": [], "critical_seconds": 0,
            "firewall": [], "nsg": [],
        }))
        .unwrap()
    }

    #[test]
    fn a_route_that_misses_the_firewall_is_a_failure_and_says_where_it_leads() {
        let table = |route: Value| json!({"properties": {"routes": [{"properties": route}]}});
        let to = |next: &str| {
            table(
                json!({"addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance", "nextHopIpAddress": next}),
            )
        };
        let judged = |body: &Value| route_problem(&plan(), "rt", body, "10.1.1.4");
        assert!(judged(&to("10.1.1.4")).is_none());
        for (body, words) in [
            (to("10.1.1.5"), "leads to 10.1.1.5"),
            (
                table(json!({"addressPrefix": "0.0.0.0/0", "nextHopType": "Internet"})),
                "past the firewall",
            ),
            (table(json!({"addressPrefix": "0.0.0.0/0", "nextHopType": "None"})), "leads to None"),
            (
                table(json!({"addressPrefix": "10.9.0.0/16", "nextHopType": "None"})),
                "no default route",
            ),
            (json!({"properties": {"routes": []}}), "no default route"),
        ] {
            let problem = judged(&body).unwrap();
            assert!(problem.what.contains(words), "{}", problem.what);
            assert!(problem.advice.contains("privateaml mend test4821"), "{}", problem.advice);
        }
    }

    #[test]
    fn a_firewall_that_is_not_there_is_not_routed_to() {
        for problem in [
            without_firewall(&plan(), &resource()),
            without_address(&plan(), &resource(), &json!({})),
            without_routes(&plan(), &resource()),
        ] {
            let text = format!("{} {}", problem.what, problem.advice);
            assert!(!text.contains("none") && text.contains("privateaml"), "{text}");
        }
    }
}
