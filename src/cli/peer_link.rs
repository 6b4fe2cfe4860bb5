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
pub async fn run(desk: &CommandContext<'_>, arguments: &Peer) -> Result<(), Ending> {
    let reach = desk.reach().await?;
    let (context, record) = desk.find(&reach, &arguments.name, None).await?;
    let ended = act(desk, arguments, &context, &record).await;
    reach.close().await;
    ended
}

async fn act(
    desk: &CommandContext<'_>,
    arguments: &Peer,
    context: &Context,
    record: &Record,
) -> Result<(), Ending> {
    let noted = engine::peering::recorded_hub(context, record).await?;
    if arguments.remove {
        return remove(desk, arguments, context, record, noted.as_deref()).await;
    }
    let Some(hub) = arguments.hub.clone().or(noted) else { return Err(no_hub(record).into()) };
    if virtual_wan::is_hub(&hub) {
        return of_virtual_wan(desk, arguments, context, record, &hub).await;
    }
    if let Some(directory) = &arguments.hand_over {
        return hand(desk, context, record, &hub, directory).await;
    }
    if arguments.hub.is_none() && !arguments.yes {
        return show(desk, context, record, &hub).await;
    }
    link(desk, arguments, context, record, &hub).await
}

/// A hub of Virtual WAN: its owner makes the connection; what they need is written, and once it is there it is noted.
async fn of_virtual_wan(
    desk: &CommandContext<'_>,
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
        return written(desk, record, hub, virtual_wan::hub_name(hub), directory, &handed);
    }
    let found = engine::peering::hub_connection(context, record, hub).await?;
    let Some(half) = found else {
        engine::peering::hub(context, record, hub).await?;
        return Err(Ending::LeftRunning);
    };
    if arguments.yes {
        session::narrated(context, desk.prompter, desk.output, async |context, _, events| {
            engine::peering::note_hub(&context, record, hub, &events).await
        })
        .await?;
    }
    let side = engine::peering::hub_side::read(context, record, hub).await;
    desk.output.prose(&format!(
        "{name} is connected to the Virtual WAN hub {} by {}.",
        virtual_wan::hub_name(hub),
        half.name
    ));
    words::hub_side(desk.output, &side);
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
    desk: &CommandContext<'_>,
    context: &Context,
    record: &Record,
    hub: &str,
) -> Result<(), Ending> {
    let found = engine::peering::connection(context, record, hub).await?;
    let name = &record.full_name;
    words::connection(desk.output, &found);
    desk.output.prose(&format!("To go on: privateaml peer {name} --yes"));
    desk.output.event("peer", words::connection_json(name, "shown", &found));
    Ok(())
}

/// Writes what the hub's owner must do.
async fn hand(
    desk: &CommandContext<'_>,
    context: &Context,
    record: &Record,
    hub: &str,
    directory: &Path,
) -> Result<(), Ending> {
    let found = engine::peering::connection(context, record, hub).await?;
    let asking = engine::peering::asking(context, record).await?;
    let handed = hand_over_of(&found, &asking);
    written(desk, record, hub, &found.hub.name, directory, &handed)
}

/// Writes a hand-over and says to whom it goes.
fn written(
    desk: &CommandContext<'_>,
    record: &Record,
    hub: &str,
    hub_name: &str,
    directory: &Path,
    handed: &HandOver,
) -> Result<(), Ending> {
    let files = hand_over::write(directory, handed)?;
    let name = &record.full_name;
    for file in &files {
        desk.output.say(&format!("Written: {}", file.display()));
    }
    desk.output.prose(&format!(
        "Give both files to the owner of {hub_name}. When they have acted, go on: privateaml peer {name} \
         --hub {hub} --yes"
    ));
    let files: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    desk.output.event("handed-over", json!({ "full_name": name, "hub": hub, "files": files }));
    Ok(())
}

async fn link(
    desk: &CommandContext<'_>,
    arguments: &Peer,
    context: &Context,
    record: &Record,
    hub: &str,
) -> Result<(), Ending> {
    let name = &record.full_name;
    if !arguments.yes {
        desk.output.prose(&format!(
            "Connecting {name} makes a side of the peering in both networks, lets on-premises reach this \
             environment through \
             the hub's gateway, and links its private zones to the hub. Traffic over a peering costs by the gigabyte."
        ));
        ask(desk, "Connect it?")?;
    }
    let options = LinkOptions { fallback: arguments.internet_fallback.map(Into::into) };
    let linked =
        session::narrated(context, desk.prompter, desk.output, async |context, control, events| {
            engine::peering::link(&context, record, hub, options, &control, &events).await
        })
        .await?;
    match linked {
        Ended::Done(found) if !found.waits() => {
            report_connection(desk, name, "done", &found);
            desk.output.prose(&format!(
                "{name} is connected to {}. Look from a machine on-premises whether it works: privateaml verify {name}",
                found.hub.name
            ));
            Ok(())
        }
        Ended::Done(found) => {
            report_connection(desk, name, "waiting", &found);
            desk.output.prose(&format!(
                "Somebody else must act. What to hand over: privateaml peer {name} --hub {hub} --hand-over \
                 DIRECTORY. When \
                 they have acted, go on: privateaml peer {name} --yes"
            ));
            Err(Ending::LeftRunning)
        }
        Ended::Left { .. } | Ended::Stopped(_) => left(desk, name, "--yes"),
    }
}

fn report_connection(desk: &CommandContext<'_>, name: &str, state: &str, found: &HubConnection) {
    words::connection(desk.output, found);
    desk.output.event("peer", words::connection_json(name, state, found));
}

async fn remove(
    desk: &CommandContext<'_>,
    arguments: &Peer,
    context: &Context,
    record: &Record,
    noted: Option<&str>,
) -> Result<(), Ending> {
    let name = &record.full_name;
    relied_on(desk, context, record, Parting::Unlink).await;
    if !arguments.yes {
        desk.output.prose(&format!(
            "Both sides of the peering go, with the links of zones and the records that were added for {name}. From \
             on-premises it cannot be reached any more; Bastion stays."
        ));
        ask(desk, "Take the connection away?")?;
    }
    let unlinked =
        session::narrated(context, desk.prompter, desk.output, async |context, control, events| {
            engine::peering::unlink(&context, record, &control, &events).await
        })
        .await?;
    match unlinked {
        Ended::Done(remains) => {
            let text = if remains.is_empty() {
                format!("{name} is connected to no hub.")
            } else {
                format!("{name} is connected to no hub. This was left to others:")
            };
            desk.output.prose(&text);
            words::remains(desk.output, &remains);
            desk.output.event(
                "finished",
                json!({ "state": "unpeered", "full_name": name, "hub": noted, "remains": remains }),
            );
            Ok(())
        }
        Ended::Left { .. } | Ended::Stopped(_) => left(desk, name, "--remove --yes"),
    }
}

/// Says what others rely on, before it is taken away.
pub(super) async fn relied_on(
    desk: &CommandContext<'_>,
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
        desk.output.prose(sentence);
    }
    desk.output.event("relied-on", json!(reliance));
}

fn left(desk: &CommandContext<'_>, name: &str, flags: &str) -> Result<(), Ending> {
    desk.output.prose(&format!("Left before the end. To go on: privateaml peer {name} {flags}"));
    desk.output.event("left", json!({ "full_name": name, "command": "peer" }));
    Err(Ending::LeftRunning)
}

fn ask(desk: &CommandContext<'_>, prompt: &str) -> Result<(), Ending> {
    let question =
        Question { prompt, help: "y does it; Enter alone changes nothing", flag: "--yes" };
    if block_in_place(|| desk.prompter.confirm(question))? {
        return Ok(());
    }
    Err(Ending::GaveUp)
}
