//! `hub`: makes a hub for somebody who has none, goes on with one that is begun, tells what the VPN device
//! on-premises must be set to, and takes it away.
//!
//! What can work is the domain's to say and what is done the engine's; here it is asked for, shown and consented to.
//! The shared key is never an argument.

mod ask;
mod tell;

use std::{net::Ipv4Addr, path::PathBuf, sync::Arc};

use clap::Args;
use ipnetwork::Ipv4Network;
use serde_json::json;
use tokio::task::block_in_place;

use super::exit::Ending;
use super::flags::one_of;
use super::inspect::CommandContext;
use super::keeping::{self, KeepingRequest};
use super::{deploy, session};
use crate::domain::environment::Keeping;
use crate::domain::operation::Ended;
use crate::domain::peering::{GatewaySku, HubName, NewHub};
use crate::domain::problem::Problem;
use crate::domain::secret::Secret;
use crate::domain::settings::Field;
use crate::engine::Context;
use crate::engine::peering::{
    FoundHub, HubPhase, SharedKey, delete_hub, find_hub, hub_plan, kept_key, make_hub,
};
use crate::plain::prompt::{Prompter, Question};
use crate::store::atomic_file;
use crate::store::keychain::SecretStore;
use crate::template::hub as template;
use crate::template::plan::PlanScope;

/// The variable that a shared key is read from.
const KEY_VARIABLE: &str = "PRIVATEAML_SHARED_KEY";

/// `hub`.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line, independent of the others"
)]
pub struct HubCommand {
    /// The hub: 1 to 12 lower-case letters and digits, beginning with a letter, such as office.
    pub name: HubName,
    /// Azure region, such as westeurope; that of your environments.
    #[arg(long, value_name = "REGION")]
    pub region: Option<String>,
    /// Address space of the hub's network, /8 to /26; a free one when left out.
    #[arg(long, value_name = "PREFIX")]
    pub cidr: Option<Ipv4Network>,
    /// Public address of the VPN device on-premises.
    #[arg(long, value_name = "ADDRESS")]
    pub on_premises_address: Option<Ipv4Addr>,
    /// Range behind the VPN device, such as 192.168.0.0/16 (repeatable).
    #[arg(long, value_name = "PREFIX")]
    pub on_premises_range: Vec<Ipv4Network>,
    /// Make a DNS Private Resolver too, so that on-premises can ask for private names.
    #[arg(long)]
    pub resolver: bool,
    /// Tier of the gateway: `VpnGw1AZ`, `VpnGw2AZ` or `VpnGw3AZ`.
    #[arg(long, value_name = "TIER")]
    pub gateway: Option<GatewaySku>,
    /// Do it without asking; it costs money on Azure.
    #[arg(long, short = 'y')]
    pub yes: bool,
    /// Type the shared key instead of having one created; the variable `PRIVATEAML_SHARED_KEY` does the same.
    #[arg(long)]
    pub ask_key: bool,
    /// Give an existing hub a new shared key.
    #[arg(long)]
    pub new_key: bool,
    /// Print the shared key.
    #[arg(long, conflicts_with_all = ["new_key", "delete", "export"])]
    pub show_key: bool,
    /// Where to save the shared key.
    #[arg(long = "credentials", value_parser = one_of::<Keeping>(Field::Keeping), value_name = "WHERE")]
    pub place: Option<Keeping>,
    /// File whose first line is the passphrase for --credentials file; asked for when left out.
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// Write the hub's template and parameters into a directory instead; needs no account.
    #[arg(long, value_name = "DIR", conflicts_with = "delete")]
    pub export: Option<PathBuf>,
    /// Delete the hub with everything in it, and its key.
    #[arg(long)]
    pub delete: bool,
}

/// Does what is asked for about a hub.
///
/// # Errors
/// What keeps it from being done; see `engine::peering::make_hub`.
pub async fn run(command: &CommandContext<'_>, arguments: &HubCommand) -> Result<(), Ending> {
    if let Some(directory) = &arguments.export {
        return export(command, arguments, directory);
    }
    let reach = command.reach().await?;
    let reading = session::reading(&reach, command.paths)?;
    let ended = act(command, arguments, reading).await;
    reach.close().await;
    ended
}

async fn act(
    command: &CommandContext<'_>,
    arguments: &HubCommand,
    reading: Context,
) -> Result<(), Ending> {
    let found = find_hub(&reading, &arguments.name).await?;
    if let Some(found) = &found {
        is_where_asked(command, &reading, found)?;
    }
    let context = found.as_ref().map_or(reading, |found| found.context.clone());
    let context = with_store(command, arguments, context, found.as_ref()).await?;
    if arguments.show_key {
        return show_key(command, arguments, &context).await;
    }
    if arguments.delete {
        return delete(command, arguments, context, found.as_ref()).await;
    }
    let hub = ask::choices(command, arguments, &context, found.as_ref()).await?;
    let plan = hub_plan(&context, &hub)?;
    let phase = found.as_ref().map(|found| found.phase);
    let spends =
        !matches!(phase, Some(HubPhase::Deploying | HubPhase::Stands)) || arguments.new_key;
    if spends && !arguments.yes && !tell::consent(command, &hub, &plan, &context).await? {
        return Err(Ending::GaveUp);
    }
    let key = key(command, arguments)?;
    let outcome = session::narrated(
        &context,
        command.prompter,
        command.output,
        async |context, control, events| make_hub(&context, &hub, key, &control, &events).await,
    )
    .await?;
    tell::outcome(command.output, &hub, &outcome);
    match outcome {
        Ended::Done(_) => Ok(()),
        Ended::Left { deployment } => Err(deploy::left(deployment.as_deref())),
        Ended::Stopped(stopped) if stopped.cancelled => Err(Ending::Cancelled),
        Ended::Stopped(_) => Err(Ending::Told),
    }
}

/// Refuses a hub of another subscription than the one that the flag names.
fn is_where_asked(
    command: &CommandContext<'_>,
    reading: &Context,
    found: &FoundHub,
) -> Result<(), Ending> {
    let there = found.context.arm.subscription_id();
    let asked = reading.arm.subscription_id();
    if command.global.subscription.is_none() || there.eq_ignore_ascii_case(asked) {
        return Ok(());
    }
    let problem = Problem::new(
        "HubElsewhere",
        format!("The hub {} is in the subscription {there}, not in {asked}.", found.hub.name),
        "Leave --subscription out, give the hub's own, or choose another name. Nothing was changed.",
    );
    Err(Ending::Usage(Box::new(problem.at("--subscription"))))
}

/// The key that the person gives, or the wish for one that is kept or made.
fn key(command: &CommandContext<'_>, arguments: &HubCommand) -> Result<SharedKey, Ending> {
    let wish = if arguments.new_key { SharedKey::renewed() } else { SharedKey::kept() };
    let given = match std::env::var(KEY_VARIABLE) {
        Ok(text) if !text.is_empty() => Some(Secret::new(text)),
        _ if arguments.ask_key => {
            let question = Question {
                prompt: "Shared key of the tunnel:",
                help: "16 to 128 characters, the same as on the VPN device; it is not shown",
                flag: KEY_VARIABLE,
            };
            Some(block_in_place(|| command.prompter.secret(question, true))?)
        }
        _ => None,
    };
    Ok(wish.with(given))
}

/// The context with the store that has the key, or will have it.
async fn with_store(
    command: &CommandContext<'_>,
    arguments: &HubCommand,
    context: Context,
    found: Option<&FoundHub>,
) -> Result<Context, Ending> {
    let wish = |recorded| KeepingRequest {
        flag: arguments.place,
        recorded,
        practice: context.practice,
        passphrase_file: arguments.passphrase_file.as_deref(),
    };
    if arguments.place.is_none() {
        let mut places = vec![Keeping::Keychain];
        if context.practice {
            places.push(Keeping::Practice);
        }
        for place in places {
            let store: Option<Arc<dyn SecretStore>> = keeping::open(
                place,
                wish(Some(place)),
                command.paths,
                command.prompter,
                command.output,
            );
            let here = Context { secrets: store, ..context.clone() };
            if matches!(kept_key(&here, &arguments.name).await, Ok(Some(_))) {
                return Ok(here);
            }
        }
    }
    let settled = matches!(
        found.map(|found| found.phase),
        Some(HubPhase::Stands | HubPhase::Deploying | HubPhase::Deleting)
    );
    let reads_only = arguments.show_key || arguments.delete || (settled && !arguments.new_key);
    if reads_only && arguments.place.is_none() {
        return Ok(context);
    }
    let secrets =
        keeping::settle(wish(None), command.paths, command.prompter, command.output).await?;
    Ok(Context { secrets, ..context })
}

async fn show_key(
    command: &CommandContext<'_>,
    arguments: &HubCommand,
    context: &Context,
) -> Result<(), Ending> {
    let name = &arguments.name;
    let Some(key) = kept_key(context, name).await? else {
        return Err(Problem::new(
            "NoSharedKey",
            format!("The shared key of the hub {name} is not saved on this machine."),
            format!(
                "Whoever may read the connection's key can ask Azure: az network vpn-connection shared-key show \
                 --resource-group {} --connection-name {}. Or set a new one here and on the VPN device: privateaml hub \
                 {name} --new-key",
                name.resource_group(),
                name.connection(),
            ),
        )
        .at(name.to_string())
        .into());
    };
    command.output.say(&format!("Shared key  {}", key.expose()));
    command.output.event("shared_key", json!({ "hub": name, "shared_key": key.expose() }));
    Ok(())
}

async fn delete(
    command: &CommandContext<'_>,
    arguments: &HubCommand,
    context: Context,
    found: Option<&FoundHub>,
) -> Result<(), Ending> {
    let name = &arguments.name;
    if found.is_none() && kept_key(&context, name).await?.is_none() {
        return Err(Problem::new(
            "HubNotFound",
            format!("There is no hub {name} that this program created."),
            "Check the name and the subscription; `privateaml hub` deletes only hubs of its own.",
        )
        .at(name.resource_group())
        .into());
    }
    if !arguments.yes {
        if command.prompter == Prompter::Nobody {
            return Err(ask::needs_yes(
                "deleting a hub cannot be undone",
                "Add --yes to delete it without being asked.",
            ));
        }
        let prompt = format!(
            "Delete the hub {name} with its gateway, its public address and its shared key?"
        );
        let question = Question {
            prompt: &prompt,
            help: "y deletes it; Enter alone changes nothing",
            flag: "--yes",
        };
        if !block_in_place(|| command.prompter.confirm(question))? {
            return Err(Ending::GaveUp);
        }
    }
    let ended = session::narrated(
        &context,
        command.prompter,
        command.output,
        async |context, control, events| delete_hub(&context, name, &control, &events).await,
    )
    .await?;
    if ended != Ended::Done(()) {
        command.output.prose(&format!(
            "Left before the hub was gone; Azure goes on. To see it to its end: privateaml hub {name} --delete --yes"
        ));
        command.output.event("left", json!({ "hub": name }));
        return Err(Ending::LeftRunning);
    }
    command.output.prose(&format!(
        "The hub {name} is gone, and so is its shared key. Take the tunnel off the VPN device too."
    ));
    command.output.event("finished", json!({ "state": "deleted", "hub": name }));
    Ok(())
}

/// Writes template and parameters, for whoever deploys them otherwise.
fn export(
    command: &CommandContext<'_>,
    arguments: &HubCommand,
    directory: &std::path::Path,
) -> Result<(), Ending> {
    let hub: NewHub = ask::offline(command, arguments)?;
    let plan = template::plan(&hub, &PlanScope::default())?;
    for (name, text) in template::files(&plan)? {
        let file = directory.join(name);
        atomic_file::write(&file, text.as_bytes())?;
        command.output.say(&format!("wrote {}", file.display()));
        command.output.event("file", json!({ "path": file }));
    }
    command.output.prose(&format!(
        "The shared key is not in them: the Azure CLI asks for sharedKey. az group create --name {group} \
         --location {region}, \
         then az deployment group create --resource-group {group} --template-file main.json --parameters \
         @main.parameters.json",
        group = hub.name.resource_group(),
        region = hub.region,
    ));
    Ok(())
}
