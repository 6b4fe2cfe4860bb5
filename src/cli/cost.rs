//! `cost`: what an environment or a hub costs, before it is made or while it exists, by Azure's public price list.
//!
//! It needs an account only for something that exists. Nothing is made or changed.

use clap::Args;
use serde_json::json;

use super::azure_session::{Endpoint, price_reader};
use super::exit::Ending;
use super::flags::Choices;
use super::inspect::CommandContext;
use super::plan::chosen;
use crate::domain::cost::{Mode, estimate};
use crate::domain::environment::Phase;
use crate::domain::plan::Plan;
use crate::domain::problem::Problem;
use crate::domain::words::capital;
use crate::engine::peering::{find_hub, hub_plan};
use crate::engine::{self, Context};
use crate::plain::cost;
use crate::template::Template;
use crate::template::plan::{PlanScope, plan};

/// `cost`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct CostCommand {
    /// Of a hub that was created with `privateaml hub`.
    #[command(subcommand)]
    pub hub: Option<CostOf>,
    /// An environment that exists, such as test4821; without it, the cost of a new one is told.
    pub environment: Option<String>,
    /// The environment.
    #[command(flatten)]
    pub choices: Choices,
}

/// What else can be asked about.
#[derive(Debug, clap::Subcommand)]
pub enum CostOf {
    /// Of a hub with its VPN gateway.
    Hub {
        /// The hub's name.
        name: crate::domain::peering::HubName,
    },
}

/// Tells what something costs.
///
/// # Errors
/// When a choice is wrong, or what is asked about is not found.
pub async fn run(command: &CommandContext<'_>, arguments: &CostCommand) -> Result<(), Ending> {
    match (&arguments.hub, &arguments.environment) {
        (Some(CostOf::Hub { name }), _) => of_hub(command, name).await,
        (None, Some(name)) => of_environment(command, name).await,
        (None, None) => of_choices(command, &arguments.choices).await,
    }
}

async fn of_choices(command: &CommandContext<'_>, choices: &Choices) -> Result<(), Ending> {
    let (global, output) = (command.global, command.output);
    let settings = chosen(choices, global, command.prompter, output).await?;
    let plan = plan(&settings, Template::embedded(), &PlanScope::default())?;
    let Endpoint { server, endpoints, connection } = Endpoint::open(global, command.paths)?;
    let prices = price_reader(&connection, &endpoints, global, command.paths);
    let prices = prices.of(&settings.region).await;
    if let Some(server) = server {
        server.shutdown().await;
    }
    let cost = estimate(&plan, &prices);
    let title = format!("A private environment in {}", settings.region);
    cost::show(output, &title, &cost);
    output.event("cost", json!({ "region": settings.region, "cost": cost::whole(&cost) }));
    Ok(())
}

async fn of_environment(command: &CommandContext<'_>, name: &str) -> Result<(), Ending> {
    let reach = command.reach().await?;
    let (context, record) = command.find(&reach, name, None).await?;
    // Here prices are what is asked for: they are waited for.
    context.prices.of(&record.settings.region).await;
    let cost = engine::cost::of_record(&context, &record).await?;
    let name = &record.full_name;
    let output = command.output;
    cost::show(output, &format!("{name} in {}", record.settings.region), &cost);
    let now = match record.phase {
        Phase::Ready => Some(Mode::Always),
        Phase::Paused => Some(Mode::Paused),
        _ => None,
    };
    output.say("");
    match now {
        Some(mode) => output.say(&format!(
            "{name} is {}: {}",
            record.phase.word(),
            capital(&cost.in_mode(mode).total())
        )),
        None => output.prose(&format!(
            "{name} is {}: this is what it costs once all of it exists. `privateaml status {name}` tells what exists.",
            record.phase.word()
        )),
    }
    output.event(
        "cost",
        json!({
            "full_name": name,
            "region": record.settings.region,
            "phase": record.phase.word(),
            "now": now.map(|mode| cost::sums(&cost.in_mode(mode))),
            "cost": cost::whole(&cost),
        }),
    );
    reach.close().await;
    Ok(())
}

async fn of_hub(
    command: &CommandContext<'_>,
    name: &crate::domain::peering::HubName,
) -> Result<(), Ending> {
    let reach = command.reach().await?;
    let reading = super::session::reading(&reach, command.paths)?;
    let (context, plan) = hub(&reading, name).await?;
    context.prices.of(&plan.region).await;
    let cost = engine::cost::of_plan(&context, &plan).await;
    cost::show(command.output, &format!("Hub {name} in {}", plan.region), &cost);
    command
        .output
        .event("cost", json!({ "hub": name, "region": plan.region, "cost": cost::whole(&cost) }));
    reach.close().await;
    Ok(())
}

async fn hub(
    reading: &Context,
    name: &crate::domain::peering::HubName,
) -> Result<(Context, Plan), Ending> {
    let found = find_hub(reading, name).await?.ok_or_else(|| {
        Problem::new(
            "HubNotFound",
            format!("There is no hub {name} that this program created."),
            "Check the name and the subscription; `privateaml list` shows the hubs.",
        )
        .at(name.resource_group())
    })?;
    let plan = hub_plan(&found.context, &found.hub)?;
    Ok((found.context, plan))
}
