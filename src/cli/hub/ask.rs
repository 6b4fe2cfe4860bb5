//! What a new hub is to be: from flags, from a hub that is found, and by asking for what is missing.

use std::net::Ipv4Addr;

use ipnetwork::Ipv4Network;
use tokio::task::block_in_place;

use super::HubCommand;
use crate::azure::network::VirtualNetwork;
use crate::cli::exit::Ending;
use crate::cli::inspect::CommandContext;
use crate::cli::networks::seen_networks;
use crate::cli::{azure_session, choices};
use crate::domain::network::{self, KnownNetwork, SeenNetwork};
use crate::domain::peering::NewHub;
use crate::domain::peering::new_hub::{self, typed};
use crate::domain::problem::Problem;
use crate::domain::region::{self, Region};
use crate::engine::Context;
use crate::engine::peering::{FoundHub, HubPhase, add_environments};
use crate::plain::prompt::{Prompter, Question};

/// What cannot be done without a yes, where nobody can give it.
pub(super) fn needs_yes(why: &str, advice: &str) -> Ending {
    let what = format!("There is no terminal to ask in, and {why}.");
    Ending::NeedsAnswer(Box::new(Problem::new("NeedsAnswer", what, advice).at("--yes")))
}

/// The hub that is meant: the one that is found, with what the flags say, or a new one.
pub(super) async fn choices(
    command: &CommandContext<'_>,
    arguments: &HubCommand,
    context: &Context,
    found: Option<&FoundHub>,
) -> Result<NewHub, Ending> {
    if let Some(found) = found {
        let hub = over(arguments, found.hub.clone(), command)?;
        if found.phase == HubPhase::Unfinished && hub != found.hub {
            let known = known(command, context, Some(&found.hub)).await;
            new_hub::check(&hub, &known).map_err(usage)?;
        }
        return Ok(hub);
    }
    if command.prompter == Prompter::Nobody && !arguments.yes {
        return Err(needs_yes(
            "a VPN gateway costs money",
            "Add --yes to deploy it without being asked.",
        ));
    }
    let known = known(command, context, None).await;
    fresh(command, arguments, &known)
}

/// The same without an account: everything must be given.
pub(super) fn offline(
    command: &CommandContext<'_>,
    arguments: &HubCommand,
) -> Result<NewHub, Ending> {
    fresh(command, arguments, &[])
}

fn over(
    arguments: &HubCommand,
    mut hub: NewHub,
    command: &CommandContext<'_>,
) -> Result<NewHub, Ending> {
    if let Some(region) = &arguments.region {
        hub.region.clone_from(&find_region(region, command)?.name);
    }
    hub.address_space = arguments.cidr.unwrap_or(hub.address_space);
    hub.on_premises_address = arguments.on_premises_address.unwrap_or(hub.on_premises_address);
    if !arguments.on_premises_range.is_empty() {
        hub.on_premises_ranges.clone_from(&arguments.on_premises_range);
    }
    hub.sku = arguments.gateway.unwrap_or(hub.sku);
    hub.resolver |= arguments.resolver;
    Ok(hub)
}

fn fresh(
    command: &CommandContext<'_>,
    arguments: &HubCommand,
    known: &[KnownNetwork],
) -> Result<NewHub, Ending> {
    block_in_place(|| {
        let region = match &arguments.region {
            Some(text) => find_region(text, command)?.name.clone(),
            None => ask_region(command)?,
        };
        let address = match arguments.on_premises_address {
            Some(address) => address,
            None => ask_address(command.prompter)?,
        };
        let ranges = if arguments.on_premises_range.is_empty() {
            ask_ranges(command.prompter, known)?
        } else {
            arguments.on_premises_range.clone()
        };
        let space = match arguments.cidr {
            Some(space) => space,
            None => ask_space(command.prompter, known, &ranges)?,
        };
        let resolver = arguments.resolver || ask_resolver(command.prompter)?;
        let hub = NewHub {
            name: arguments.name.clone(),
            region,
            address_space: space,
            sku: arguments.gateway.unwrap_or_default(),
            on_premises_address: address,
            on_premises_ranges: ranges,
            resolver,
        };
        new_hub::check(&hub, known).map_err(usage)?;
        Ok(hub)
    })
}

fn usage(problem: Problem) -> Ending {
    Ending::Usage(Box::new(problem))
}

fn find_region(text: &str, command: &CommandContext<'_>) -> Result<&'static Region, Ending> {
    region::find(text, azure_session::cloud(command.global))
        .map_err(|problem| usage(problem.at("--region")))
}

fn ask_region(command: &CommandContext<'_>) -> Result<String, Ending> {
    let cloud = azure_session::cloud(command.global);
    let question = Question {
        prompt: "Azure region of the hub:",
        help: "that of your environments",
        flag: "--region",
    };
    let check = move |text: &str| {
        let found = region::find(text, cloud).map(|_| ());
        found.map_err(|problem| format!("{} {}", problem.what, problem.advice))
    };
    let offered = choices::regions()
        .iter()
        .find(|region| region.cloud == cloud && region.name == region::OFFERED);
    let text =
        command.prompter.text(question, offered.map(|region| region.name.as_str()), check)?;
    Ok(find_region(&text, command)?.name.clone())
}

fn ask_address(prompter: Prompter) -> Result<Ipv4Addr, Ending> {
    let question = Question {
        prompt: "Public address of the VPN device on-premises:",
        help: "the address that it has on the internet, such as 203.0.113.7",
        flag: "--on-premises-address",
    };
    let text = prompter.text(question, None, |text| typed::device(text).map(drop))?;
    typed::device(&text).map_err(|words| usage(invalid("--on-premises-address", words)))
}

fn ask_ranges(prompter: Prompter, known: &[KnownNetwork]) -> Result<Vec<Ipv4Network>, Ending> {
    let question = Question {
        prompt: "Ranges on-premises behind it:",
        help: "one or more, with commas between, such as 192.168.0.0/16",
        flag: "--on-premises-range",
    };
    let networks = known.to_vec();
    let check = move |text: &str| typed::ranges(text, &networks).map(drop);
    let text = prompter.text(question, None, check)?;
    typed::ranges(&text, known).map_err(|words| usage(invalid("--on-premises-range", words)))
}

/// The first free space is taken where nobody can be asked: it is shown before anything is made, and binds nobody.
fn ask_space(
    prompter: Prompter,
    known: &[KnownNetwork],
    ranges: &[Ipv4Network],
) -> Result<Ipv4Network, Ending> {
    let free = new_hub::free_space(known, ranges);
    if prompter == Prompter::Nobody
        && let Some(free) = free
    {
        return Ok(free);
    }
    let question = Question {
        prompt: "Address space of the hub's network:",
        help: "/8 to /26; must not overlap on-premises or a network that you will connect",
        flag: "--cidr",
    };
    let networks = known.to_vec();
    let check = move |text: &str| typed::address_space(text, &networks).map(drop);
    let free = free.map(|free| free.to_string());
    let text = prompter.text(question, free.as_deref(), check)?;
    typed::address_space(&text, known).map_err(|words| usage(invalid("--cidr", words)))
}

/// Without anybody to ask, only the flag makes one: it costs more than half of what the gateway costs.
fn ask_resolver(prompter: Prompter) -> Result<bool, Ending> {
    if prompter == Prompter::Nobody {
        return Ok(false);
    }
    let options = [
        "Create a DNS Private Resolver: on-premises DNS servers forward private names to it"
            .to_owned(),
        "None: I run a DNS server in the hub myself".to_owned(),
    ];
    let question = Question {
        prompt: "How shall on-premises ask for private names?",
        help: "without either, names are answered on-premises with public addresses",
        flag: "--resolver",
    };
    Ok(prompter.choose(question, &options, 0)? == 0)
}

fn invalid(flag: &str, what: String) -> Problem {
    Problem::new("InvalidAnswer", what, "Give it in the form that the help shows.").at(flag)
}

/// The networks that a hub must not meet; of a hub that is begun, its own counts not.
async fn known(
    command: &CommandContext<'_>,
    context: &Context,
    own: Option<&NewHub>,
) -> Vec<KnownNetwork> {
    let networks = seen_networks(context, command.output).await;
    let own = own.map(|hub| format!("vnet-{}", hub.name.full_name()));
    let seen: Vec<SeenNetwork> = networks
        .into_iter()
        .filter(|network| own.as_ref() != Some(&network.name))
        .map(VirtualNetwork::seen)
        .collect();
    let mut known = network::known(&seen, None);
    add_environments(context, "", &mut known);
    known
}
