//! `peer NAME`, `peer NAME --hub ID` and `peer NAME --remove`: showing, making, mending and taking away the
//! connection to a hub.
//!
//! It exits with 0 when the connection is done, and with 3 when somebody else must act or the person left: running the
//! same command again goes on. It must not list hubs; `peer` does.

use std::path::Path;

use serde_json::json;
use tokio::task::block_in_place;

use super::exit::Ending;
use super::inspect::CommandContext;
use super::peer::Peer;
use super::{hand_over, session};
use crate::domain::environment::Record;
use crate::domain::operation::Ended;
use crate::domain::peering::hand_over::{HandOver, hand_over as hand_over_of};
use crate::domain::peering::reliance::Parting;
use crate::domain::peering::{HubConnection, virtual_wan};
use crate::domain::problem::Problem;
use crate::engine::peering::LinkOptions;
use crate::engine::{self, Context};
use crate::plain::connection as words;
use crate::plain::prompt::Question;

/// Shows, links or unlinks.
///
/// # Errors
/// When nobody says yes, the environment or the hub is not found, or as the engine.
pub async fn run(command: &CommandContext<'_>, arguments: &Peer) -> Result<(), Ending> {
    let reach = command.reach().await?;
    let (context, record) = command.find(&reach, &arguments.name, None).await?;
    let ended = act(command, arguments, &context, &record).await;
    reach.close().await;
    ended
}

async fn act(
    command: &CommandContext<'_>,
    arguments: &Peer,
    context: &Context,
    record: &Record,
) -> Result<(), Ending> {
    let noted = engine::peering::recorded_hub(context, record).await?;
    if arguments.remove {
        return remove(command, arguments, context, record, noted.as_deref()).await;
    }
    let Some(hub) = arguments.hub.clone().or(noted) else { return Err(no_hub(record).into()) };
    if virtual_wan::is_hub(&hub) {
        return of_virtual_wan(command, arguments, context, record, &hub).await;
    }
    if let Some(directory) = &arguments.hand_over {
        return hand(command, context, record, &hub, directory).await;
    }
    if arguments.hub.is_none() && !arguments.yes {
        return show(command, context, record, &hub).await;
    }
    link(command, arguments, context, record, &hub).await
}

/// A hub of Virtual WAN: its owner makes the connection; what they need is written, and once it is there it is noted.
async fn of_virtual_wan(
    command: &CommandContext<'_>,
    arguments: &Peer,
    context: &Context,
    record: &Record,
    hub: &str,
) -> Result<(), Ending> {
    let name = &record.full_name;
    if let Some(directory) = &arguments.hand_over {
        let asking = engine::peering::asking(context, record).await?;
        let network = engine::peering::network_id(record);
        let handed = virtual_wan::hand_over(hub, &network, &asking);
        return written(command, record, hub, virtual_wan::hub_name(hub), directory, &handed);
    }
    let found = engine::peering::hub_connection(context, record, hub).await?;
    let Some(half) = found else {
        engine::peering::hub(context, record, hub).await?;
        return Err(Ending::LeftRunning);
    };
    if arguments.yes {
        session::narrated(context, command.prompter, command.output, async |context, _, events| {
            engine::peering::note_hub(&context, record, hub, &events).await
        })
        .await?;
    }
    let side = engine::peering::hub_side::read(context, record, hub).await;
    command.output.prose(&format!(
        "{name} is connected to the Virtual WAN hub {} by {}.",
        virtual_wan::hub_name(hub),
        half.name
    ));
    words::hub_side(command.output, &side);
    Ok(())
}

fn no_hub(record: &Record) -> Problem {
    let name = &record.full_name;
    Problem::new(
        "NoHub",
        format!("No hub is noted for {name}."),
        format!(
            "See which there are with `privateaml peer {name} --list-hubs`, then name one with --hub."
        ),
    )
    .at("--hub")
}

async fn show(
    command: &CommandContext<'_>,
    context: &Context,
    record: &Record,
    hub: &str,
) -> Result<(), Ending> {
    let found = engine::peering::connection(context, record, hub).await?;
    let name = &record.full_name;
    words::connection(command.output, &found);
    command.output.prose(&format!("To go on: privateaml peer {name} --yes"));
    command.output.event("peer", words::connection_json(name, "shown", &found));
    Ok(())
}

/// Writes what the hub's owner must do.
async fn hand(
    command: &CommandContext<'_>,
    context: &Context,
    record: &Record,
    hub: &str,
    directory: &Path,
) -> Result<(), Ending> {
    let found = engine::peering::connection(context, record, hub).await?;
    let asking = engine::peering::asking(context, record).await?;
    let handed = hand_over_of(&found, &asking);
    written(command, record, hub, &found.hub.name, directory, &handed)
}

/// Writes a hand-over and says to whom it goes.
fn written(
    command: &CommandContext<'_>,
    record: &Record,
    hub: &str,
    hub_name: &str,
    directory: &Path,
    handed: &HandOver,
) -> Result<(), Ending> {
    let files = hand_over::write(directory, handed)?;
    let name = &record.full_name;
    for file in &files {
        command.output.say(&format!("Written: {}", file.display()));
    }
    command.output.prose(&format!(
        "Give both files to the owner of {hub_name}. When they have acted, go on: privateaml peer {name} \
         --hub {hub} --yes"
    ));
    let files: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    command.output.event("handed-over", json!({ "full_name": name, "hub": hub, "files": files }));
    Ok(())
}

async fn link(
    command: &CommandContext<'_>,
    arguments: &Peer,
    context: &Context,
    record: &Record,
    hub: &str,
) -> Result<(), Ending> {
    let name = &record.full_name;
    if !arguments.yes {
        command.output.prose(&format!(
            "Connecting {name} creates a side of the peering in both networks, lets on-premises reach this \
             environment through \
             the hub's gateway, and links its private zones to the hub. Traffic over a peering costs by the gigabyte."
        ));
        ask(command, "Connect it?")?;
    }
    let options = LinkOptions { fallback: arguments.internet_fallback.map(Into::into) };
    let linked = session::narrated(
        context,
        command.prompter,
        command.output,
        async |context, control, events| {
            engine::peering::link(&context, record, hub, options, &control, &events).await
        },
    )
    .await?;
    match linked {
        Ended::Done(found) if !found.waits() => {
            report_connection(command, name, "done", &found);
            command.output.prose(&format!(
                "{name} is connected to {}. Look from a machine on-premises whether it works: privateaml verify {name}",
                found.hub.name
            ));
            Ok(())
        }
        Ended::Done(found) => {
            report_connection(command, name, "waiting", &found);
            command.output.prose(&format!(
                "Somebody else must act. What to hand over: privateaml peer {name} --hub {hub} --hand-over \
                 DIRECTORY. When \
                 they have acted, go on: privateaml peer {name} --yes"
            ));
            Err(Ending::LeftRunning)
        }
        Ended::Left { .. } | Ended::Stopped(_) => left(command, name, "--yes"),
    }
}

fn report_connection(command: &CommandContext<'_>, name: &str, state: &str, found: &HubConnection) {
    words::connection(command.output, found);
    command.output.event("peer", words::connection_json(name, state, found));
}

async fn remove(
    command: &CommandContext<'_>,
    arguments: &Peer,
    context: &Context,
    record: &Record,
    noted: Option<&str>,
) -> Result<(), Ending> {
    let name = &record.full_name;
    relied_on(command, context, record, Parting::Unlink).await;
    if !arguments.yes {
        command.output.prose(&format!(
            "Both sides of the peering go, with the links of zones and the records that were added for {name}. From \
             on-premises it cannot be reached any more; Bastion stays."
        ));
        ask(command, "Take the connection away?")?;
    }
    let unlinked = session::narrated(
        context,
        command.prompter,
        command.output,
        async |context, control, events| {
            engine::peering::unlink(&context, record, &control, &events).await
        },
    )
    .await?;
    match unlinked {
        Ended::Done(remains) => {
            let text = if remains.is_empty() {
                format!("{name} is connected to no hub.")
            } else {
                format!("{name} is connected to no hub. This was left to others:")
            };
            command.output.prose(&text);
            words::remains(command.output, &remains);
            command.output.event(
                "finished",
                json!({ "state": "unpeered", "full_name": name, "hub": noted, "remains": remains }),
            );
            Ok(())
        }
        Ended::Left { .. } | Ended::Stopped(_) => left(command, name, "--remove --yes"),
    }
}

/// Says what others rely on, before it is taken away.
pub(super) async fn relied_on(
    command: &CommandContext<'_>,
    context: &Context,
    record: &Record,
    parting: Parting,
) {
    let reliance = engine::peering::reliance(context, record).await;
    let sentences = reliance.sentences(parting);
    if sentences.is_empty() {
        return;
    }
    for sentence in &sentences {
        command.output.prose(sentence);
    }
    command.output.event("relied-on", json!(reliance));
}

fn left(command: &CommandContext<'_>, name: &str, flags: &str) -> Result<(), Ending> {
    command.output.prose(&format!("Left before the end. To go on: privateaml peer {name} {flags}"));
    command.output.event("left", json!({ "full_name": name, "command": "peer" }));
    Err(Ending::LeftRunning)
}

fn ask(command: &CommandContext<'_>, prompt: &str) -> Result<(), Ending> {
    let question =
        Question { prompt, help: "y does it; Enter alone changes nothing", flag: "--yes" };
    if block_in_place(|| command.prompter.confirm(question))? {
        return Ok(());
    }
    Err(Ending::GaveUp)
}
