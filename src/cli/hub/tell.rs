//! What is said of a hub: before it is made, and once it stands.

use std::time::Duration;

use serde_json::json;
use tokio::task::block_in_place;

use crate::cli::exit::Ending;
use crate::cli::inspect::CommandContext;
use crate::domain::cost::{Prices, estimate};
use crate::domain::operation::{DeployedHub, Ended, Stopped};
use crate::domain::peering::NewHub;
use crate::domain::plan::Plan;
use crate::domain::sentences::cost_sentence;
use crate::domain::words::{self, count};
use crate::plain::output::Output;
use crate::plain::prompt::{Prompter, Question};
use crate::plain::report::{counted, stopped_json};
use crate::template::hub::slow_seconds;

/// Says what will be made, what it costs and how long it takes, and asks.
pub(super) fn consent(
    command: &CommandContext<'_>,
    hub: &NewHub,
    plan: &Plan,
    practice: bool,
) -> Result<bool, Ending> {
    if command.prompter == Prompter::Nobody {
        return Err(super::ask::needs_yes(
            "a VPN gateway costs money",
            "Add --yes to do it without being asked.",
        ));
    }
    preview(command.output, hub, plan, practice);
    let question = Question {
        prompt: if practice {
            "Deploy it on the practice cloud?"
        } else {
            "Deploy it in Azure? It costs money from now on."
        },
        help: "y deploys it; Enter alone does nothing",
        flag: "--yes",
    };
    Ok(block_in_place(|| command.prompter.confirm(question))?)
}

fn preview(output: Output, hub: &NewHub, plan: &Plan, practice: bool) {
    output.say("");
    output.headline(&format!(
        "Hub {} in {}: {} in resource group {}",
        hub.name,
        hub.region,
        count(plan.resources.len(), "resource"),
        plan.resource_group
    ));
    output.say(&format!("  {:<20} {}", "Address space", hub.address_space));
    for subnet in &plan.subnets {
        output.say(&format!("  {:<20} {}", subnet.name, subnet.prefix));
    }
    output.say(&format!("  {:<20} {}", "On-premises", hub.on_premises_address));
    for range in &hub.on_premises_ranges {
        output.say(&format!("  {:<20} {range}", ""));
    }
    let minutes = |seconds: u32| words::duration(Duration::from_secs(seconds.into()));
    output.prose(&format!(
        "Usually about {}; one in twenty takes {} or more. The VPN gateway decides when it ends, and \
         nothing of it can be used \
         before.",
        minutes(plan.critical_seconds),
        minutes(slow_seconds(plan)),
    ));
    if practice {
        output
            .prose("On the practice cloud nothing is created in Azure and nothing costs anything.");
    } else {
        output.prose(&cost_sentence(&estimate(plan, Prices::embedded())));
    }
    output.say("");
}

/// Says how it ended.
pub(super) fn outcome(output: Output, hub: &NewHub, ended: &Ended<DeployedHub>) {
    let name = &hub.name;
    match ended {
        Ended::Done(stands) => {
            output.say("");
            let (words, state) = match stands.took {
                Some(took) => (format!("done after {}.", words::duration(took)), "ready"),
                None => ("exists already; nothing was changed.".to_owned(), "stands"),
            };
            output.headline(&format!("Hub {name}: {words}"));
            device_settings(output, stands, state);
        }
        Ended::Stopped(stopped) => self::stopped(output, hub, stopped),
        Ended::Left { deployment } => {
            output.prose(&match deployment {
                Some(deployment) => format!(
                    "Left. Deployment {deployment} goes on in Azure; to come back to it: privateaml hub {name}"
                ),
                None => "Left before anything was sent.".to_owned(),
            });
            output.event("left", json!({ "hub": name, "deployment": deployment }));
        }
    }
}

fn device_settings(output: Output, stands: &DeployedHub, state: &str) {
    let hub = &stands.hub;
    let settings = stands.device();
    output.say("");
    output.say("On the VPN device on-premises:");
    for setting in &settings {
        output.hanging(&format!("  {:<26}", setting.name), &setting.value);
    }
    if let Some(tunnel) = &stands.tunnel {
        output.say(&format!("  {:<26}{tunnel}", "Tunnel, as Azure sees it"));
    }
    output.say("");
    if let Some(address) = &stands.resolver_address {
        output.prose(&format!(
            "DNS servers on-premises forward private names to {address}; the names are told once an \
             environment is connected."
        ));
    }
    let (wish, flag) = match &stands.key {
        Some(_) => ("To see it", "--show-key"),
        None => ("For a new one", "--new-key"),
    };
    output.prose(&format!("{} {wish}: privateaml hub {} {flag}", stands.key_sentence(), hub.name));
    output.prose(&format!(
        "Next, connect an environment: privateaml peer ENVIRONMENT --hub {}",
        stands.network_id
    ));
    output.event(
        "finished",
        json!({
            "state": state,
            "hub": hub.name,
            "seconds": stands.took.unwrap_or_default().as_secs_f64(),
            "stands": stands,
            "device": settings,
        }),
    );
}

fn stopped(output: Output, hub: &NewHub, stopped: &Stopped) {
    output.say("");
    let (state, took) = (stopped.word(), words::duration(stopped.took));
    output.headline(&format!("Hub {}: {state} after {took}.", hub.name));
    output.event("finished", stopped_json("hub", &hub.name.to_string(), stopped));
    for problem in &stopped.problems {
        output.problem(problem);
    }
    counted(output, stopped);
    output.prose(&format!(
        "Finish it with the same command again: only what is missing is created. Or delete everything: \
         privateaml hub {} --delete",
        hub.name
    ));
}
