//! A plan in plain lines: what would be made, what may go out, and how long it takes.
//!
//! It only words a `Plan`; it must not work out anything that the plan does not say.

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Value, json};

use super::{output::Output, words};
use crate::domain::{
    cost::{self, Estimate, Prices},
    plan::{Plan, PlannedEntry, PlannedResource, Width},
};

/// The plan as the object that `plan --json` prints.
#[must_use]
pub fn to_json(plan: &Plan) -> Value {
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
        "secure_parameters": plan.secure_parameters,
        "cost": cost::estimate(plan, Prices::embedded()),
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
pub fn show(output: Output, plan: &Plan) {
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
    show_cost(output, &cost::estimate(plan, Prices::embedded()));
    output.say("");
    output.headline("Time");
    output.prose(&time_sentence(plan));
}

/// One sentence on how long it usually takes.
#[must_use]
pub fn time_sentence(plan: &Plan) -> String {
    let decides = longest(plan).map_or_else(String::new, |it| {
        format!(" {} ({}) decides when it ends.", it.name, it.description)
    });
    let usual = Duration::from_secs(plan.critical_seconds.into());
    format!("Usually about {}.{decides}", words::duration(usual))
}

/// The resource of the critical path that takes longest.
fn longest(plan: &Plan) -> Option<&PlannedResource> {
    plan.resources
        .iter()
        .filter(|resource| plan.critical_path.contains(&resource.symbol))
        .max_by_key(|resource| resource.seconds)
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
        let width = members
            .iter()
            .map(|it| it.name.chars().count())
            .max()
            .unwrap_or(0)
            .min(46);
        for resource in members {
            output.say(&format!(
                "  {:<width$}  {}",
                resource.name, resource.description
            ));
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
        output.say(&format!(
            "  route {} goes to {}",
            route.prefix, route.next_hop
        ));
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
        output.say(&format!("  {} [{state}] {}", group.group, group.title));
        if !group.enabled {
            continue;
        }
        for entry in &group.entries {
            let mark = if entry.width >= Width::SharedTenant {
                "!"
            } else {
                " "
            };
            output.say(&format!(
                "   {mark} {:<44} {:<16} {}",
                entry.target, entry.ports, entry.reason
            ));
        }
    }
    output.prose(&holes(plan));
}

fn show_cost(output: Output, estimate: &Estimate) {
    output.say("");
    output.headline("Cost");
    for line in &estimate.lines {
        output.say(&format!(
            "  {:>9.2}  {} ({})",
            line.monthly, line.what, line.count
        ));
    }
    output.prose(&cost_sentence(estimate));
}

/// One sentence on what it costs to keep, with the date of the prices.
#[must_use]
pub fn cost_sentence(estimate: &Estimate) -> String {
    let unknown = if estimate.missing.is_empty() {
        String::new()
    } else {
        format!(" Not known: {}.", estimate.missing.join(", "))
    };
    format!(
        "About {:.0} US dollars a month, {:.0} a day, idle or not; data and computes come on top. List prices of {}.{unknown}",
        estimate.monthly, estimate.daily, estimate.as_of
    )
}

/// One sentence on the entries through which data can reach strangers.
#[must_use]
pub fn holes(plan: &Plan) -> String {
    let mut by_width: BTreeMap<Width, usize> = BTreeMap::new();
    for entry in enabled_entries(plan) {
        *by_width.entry(entry.width).or_default() += 1;
    }
    let number = |width| by_width.get(&width).copied().unwrap_or(0);
    let (shared, any) = (number(Width::SharedTenant), number(Width::Any));
    if shared + any == 0 {
        return "Every entry leads to a named service or domain.".to_owned();
    }
    let width = match (shared, any) {
        (_, 0) => "services where strangers can have an account too".to_owned(),
        (0, _) => "anywhere".to_owned(),
        _ => format!(
            "services where strangers can have an account too ({shared}) or anywhere ({any})"
        ),
    };
    format!(
        "Open holes: {} of the firewall's allowlist {} to {width}. The plan marks them with !.",
        words::count(shared + any, "entry"),
        if shared + any == 1 { "leads" } else { "lead" },
    )
}

fn enabled_entries(plan: &Plan) -> impl Iterator<Item = &PlannedEntry> {
    plan.firewall
        .iter()
        .filter(|group| group.enabled)
        .flat_map(|group| &group.entries)
}
