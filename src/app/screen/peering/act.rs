//! What can be done about a peering: asked first, done once agreed to.

use super::look;
use crate::app::App;
use crate::app::dialog::prompt::PromptPurpose;
use crate::app::dialog::reliance;
use crate::app::effect::Effect;
use crate::domain::operation::Operation;
use crate::domain::peering::reliance::Parting;
use crate::domain::peering::{Far, Hub};

/// Id of the hub that a link would lead to.
fn wanted(app: &App) -> Option<&Hub> {
    let shown = app.peering.shown().map(|shown| &shown.hub);
    shown.or_else(|| app.peering.chosen().map(|chosen| &chosen.hub))
}

/// Asks before environment and hub are linked.
pub(super) fn ask_link(app: &mut App) {
    let (Some(hub), Some(record)) = (wanted(app), app.peering.record.as_ref()) else { return };
    let rights = hub.rights.read();
    let ours_only = rights.is_some_and(|rights| !rights.write);
    let nothing = rights.is_some_and(|rights| !rights.peer);
    let far = match app.peering.shown().map(|shown| &shown.far) {
        Some(Far::Found(_)) => "The hub's side exists already; what is missing is created.",
        _ if nothing => {
            "This account may not even let its own side lead there: the hub is noted, nothing is \
             made yet, and h then writes what its owner needs."
        }
        _ if ours_only => {
            "This account may not change the hub: only this side is created. h then writes what its owner needs."
        }
        _ => {
            "Both sides are created, the hub's first: the hub lets its gateway through, and the environment uses it."
        }
    };
    let sentences = vec![
        far.to_owned(),
        "Whoever reaches the hub (over VPN, or from networks beside it) then reaches the private \
         endpoints and the jumpbox's subnet by address."
            .to_owned(),
        "The environment's private DNS zones are linked to the hub, or the hub's own zones of the same name \
         get the records."
            .to_owned(),
        "It takes a minute or two. Traffic between peered networks is charged by the gigabyte. U takes it away again."
            .to_owned(),
    ];
    let title = format!("Link {} and {}?", record.full_name, hub.name);
    let operation = Operation::Link { record: record.clone(), hub: hub.id.clone() };
    app.agree(operation, title, sentences);
}

/// Asks before the link is taken away.
pub(super) fn ask_unlink(app: &mut App) -> Vec<Effect> {
    let (Some(record), Some(hub)) = (app.peering.record.as_ref(), app.peering.own_hub()) else {
        return Vec::new();
    };
    let name = hub.rsplit('/').next().unwrap_or(hub);
    let looked_for = reliance::look(record, Parting::Unlink);
    let title = format!("Take the link to {name} away?");
    let sentences = vec![
        format!(
            "Whoever works in {} over the hub is cut off. The way over Bastion stays.",
            record.full_name
        ),
        "Both sides are deleted, with the DNS links and the records created for it; nothing else of the hub is \
         touched."
            .to_owned(),
        reliance::LOOKING.to_owned(),
    ];
    let operation = Operation::Unlink(record.clone());
    app.agree(operation, title, sentences);
    looked_for
}

/// Asks for the id of a hub that is in no list.
pub(super) fn ask_id(app: &mut App) {
    let question = [
        "The resource id of the hub's virtual network. Its owner finds it in the portal: the network, \
         Properties, Resource ID.",
        "It is looked at only; nothing is changed.",
    ];
    let begin = "/subscriptions/";
    app.ask(PromptPurpose::HubId, "A hub by its id", question, begin);
}

/// Looks at the hub whose id was typed.
///
/// # Errors
/// When it is no id of a virtual network; the sentence has the form that would be right.
pub(in crate::app) fn id_typed(app: &mut App, typed: &str) -> Result<Vec<Effect>, String> {
    if !is_network_id(typed) {
        return Err("An id of a virtual network is: \
             /subscriptions/…/resourceGroups/…/providers/Microsoft.Network/virtualNetworks/…"
            .into());
    }
    Ok(look(app, typed.to_owned()))
}

fn is_network_id(id: &str) -> bool {
    let parts: Vec<&str> = id.split('/').collect();
    match parts.as_slice() {
        ["", subscriptions, _, groups, _, providers, network, networks, name] => {
            let same = |text: &str, wanted: &str| text.eq_ignore_ascii_case(wanted);
            same(subscriptions, "subscriptions")
                && same(groups, "resourceGroups")
                && same(providers, "providers")
                && same(network, "Microsoft.Network")
                && (same(networks, "virtualNetworks") || same(networks, "virtualHubs"))
                && !name.is_empty()
        }
        _ => false,
    }
}

/// Asks where the file for the hub's owner is to be written.
pub(super) fn ask_hand_over(app: &mut App) {
    let Some(record) = &app.peering.record else { return };
    let question = [
        "The directory to write into: a text for the hub's owner with the commands, and the same as a small template.",
        "They hold no secret.",
    ];
    let name = format!("hand-over-{}", record.full_name);
    app.ask(PromptPurpose::HandOver, "For the hub's owner", question, &name);
}

/// Writes what the hub's owner needs into the directory that was typed.
///
/// # Errors
/// When nothing is typed, or no hub was looked at.
pub(in crate::app) fn hand_over_named(app: &App, typed: &str) -> Result<Vec<Effect>, String> {
    if typed.is_empty() {
        return Err("Type the name of a directory.".into());
    }
    let connection = app.peering.shown().cloned();
    let record = app.peering.record.clone();
    let (Some(connection), Some(record)) = (connection, record) else {
        return Err("Look at a hub first.".into());
    };
    Ok(vec![Effect::SaveHandOver {
        directory: typed.into(),
        record,
        connection: Box::new(connection),
    }])
}

/// Asks where the script is to be written.
pub(super) fn ask_script(app: &mut App) {
    let Some(record) = &app.peering.record else { return };
    let question = [
        "The file to write. An ending .ps1 gives PowerShell, .sh a shell script.",
        "Run it on a machine on-premises and paste what it writes here: the terminal's paste is enough.",
    ];
    let name = format!("verify-{}.ps1", record.full_name);
    app.ask(PromptPurpose::SaveScript, "The test as a script", question, &name);
}

/// Writes the script under the name that was typed.
///
/// # Errors
/// When the ending is neither .ps1 nor .sh.
pub(in crate::app) fn script_named(app: &App, typed: &str) -> Result<Vec<Effect>, String> {
    let known = [".ps1", ".sh"].iter().any(|ending| typed.ends_with(ending));
    if !known {
        return Err("End the name with .ps1 for PowerShell or .sh for a shell script.".into());
    }
    let record = app.peering.record.clone();
    let record = record.ok_or("No environment is open.")?;
    Ok(vec![Effect::SaveScript { path: typed.into(), record }])
}
