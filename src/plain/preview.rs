//! A plan in plain lines: what would be made, what may go out, and how long it takes.
//!
//! It only words a `Plan`; it must not work out anything that the plan does not say.

use serde_json::{Value, json};

use super::output::Output;
use crate::domain::cost::Estimate;
use crate::domain::plan::{Plan, PlannedResource, Width};
use crate::domain::sentences::{holes, time_sentence, windows_licence};
use crate::domain::ways::{self, Doors, carries_out};
use crate::domain::{registration, words};

/// The plan as the object that `plan --json` prints.
pub fn to_json(plan: &Plan, cost: &Estimate) -> Value {
    json!({
        "name": plan.name,
        "suffix": plan.suffix,
        "region": plan.region,
        "resource_group": plan.resource_group,
        "address_space": plan.address_space,
        "subnets": plan.subnets,
        "resources": plan.resources.iter().map(resource_to_json).collect::<Vec<_>>(),
        "critical_path": plan.critical_path,
        "critical_seconds": plan.critical_seconds,
        "firewall": plan.firewall,
        "nsg": plan.nsg,
        "routes": plan.routes,
        "dns_zones": registration::needed(plan),
        "secure_parameters": plan.secure_parameters,
        "cost": cost,
        "agreed": windows_licence(plan),
        "ways_out": ways::out(&Doors::of_plan(plan)),
    })
}

fn resource_to_json(resource: &PlannedResource) -> Value {
    json!({
        "symbol": resource.symbol,
        "type": resource.resource_type,
        "name": resource.name,
        "id": resource.id,
        "area": resource.area,
        "description": resource.description,
        "depends_on": resource.depends_on,
        "seconds": resource.seconds,
    })
}

/// The whole plan for a person: resources by area, address ranges, what may go out, and the usual time.
pub fn show(output: Output, plan: &Plan, cost: &Estimate) {
    output.headline(&format!(
        "{}{} in {}: {} in resource group {}",
        plan.name,
        plan.suffix,
        plan.region,
        words::count(plan.resources.len(), "resource"),
        plan.resource_group,
    ));
    show_resources(output, plan);
    show_network(output, plan);
    show_firewall(output, plan);
    super::registration::zones(output, plan);
    output.say("");
    output.headline("Cost");
    super::cost::rows(output, cost);
    output.say("");
    output.headline("Time");
    output.prose(&time_sentence(plan));
    if let Some(licence) = windows_licence(plan) {
        output.say("");
        output.headline("What a deployment agrees to");
        output.prose(licence);
    }
}

fn show_resources(output: Output, plan: &Plan) {
    let mut areas: Vec<(&str, Vec<&PlannedResource>)> = Vec::new();
    for resource in &plan.resources {
        match areas.iter_mut().find(|(area, _)| *area == resource.area) {
            Some((_, members)) => members.push(resource),
            None => areas.push((&resource.area, vec![resource])),
        }
    }
    for (area, members) in areas {
        output.say("");
        output.headline(&format!("{area} ({})", members.len()));
        let width = members.iter().map(|it| it.name.chars().count()).max().unwrap_or(0).min(46);
        for resource in members {
            output.say(&format!("  {:<width$}  {}", resource.name, resource.description));
        }
    }
}

fn show_network(output: Output, plan: &Plan) {
    output.say("");
    output.headline(&format!("Addresses {}", plan.address_space));
    for subnet in &plan.subnets {
        output.say(&format!(
            "  {:<20} {:<18} {} free for use",
            subnet.name,
            subnet.prefix.to_string(),
            subnet.usable
        ));
    }
    for route in &plan.routes {
        output.say(&format!("  route {} goes to {}", route.prefix, route.next_hop));
    }
    for rule in plan.nsg.iter().filter(|rule| !rule.default) {
        output.say(&format!(
            "  {:<20} {:>4} {} {} {} from {} to {} on {}",
            rule.group,
            rule.priority,
            rule.direction.to_lowercase(),
            rule.access.to_lowercase(),
            rule.protocol.to_lowercase(),
            rule.source,
            rule.destination,
            rule.ports,
        ));
    }
}

fn show_firewall(output: Output, plan: &Plan) {
    output.say("");
    output.headline("What may go out");
    for group in &plan.firewall {
        let state = match (group.enabled, group.locked) {
            (true, true) => "on, needed",
            (true, false) => "on",
            (false, _) => "off",
        };
        let mark = if carries_out(group) { "!" } else { " " };
        output.say(&format!("{mark} {} [{state}] {}", group.group, group.title));
        if !group.enabled {
            continue;
        }
        for entry in &group.entries {
            let mark = if entry.width >= Width::SharedTenant { "!" } else { " " };
            output.say(&format!(
                "   {mark} {:<44} {:<16} {}",
                entry.target, entry.ports, entry.reason
            ));
        }
    }
    output.prose(&holes(plan));
}
