//! The text of a hand-over: sections in the order in which an owner wants to know.

use super::steps::{CONTRIBUTOR, JOIN, PEER, Steps, ZONES};
use super::{ASKER, Asking, OWNER, TEMPLATE_FILE};
use crate::domain::foreign::{code, markdown};
use crate::domain::peering::{AzCommand, Far, HubConnection};
use crate::domain::resource;
use crate::domain::words::count;

/// The text, in Markdown.
pub(super) fn text(connection: &HubConnection, asking: &Asking) -> String {
    let steps = Steps::new(connection, asking);
    let sections = [
        Some(asked(connection, &steps)),
        Some(meaning(connection, asking)),
        tenants(connection, asking),
        Some(before(&steps)),
        Some(your_side(&steps)),
        Some(our_side(&steps)),
        names(connection, &steps),
        Some(done(connection, &steps)),
        Some(undo(&steps)),
    ];
    let mut text = sections.into_iter().flatten().collect::<Vec<_>>().join("\n\n");
    text.push('\n');
    text
}

fn block(commands: &[AzCommand]) -> String {
    let lines: Vec<String> = commands.iter().map(AzCommand::line).collect();
    format!("```sh\n{}\n```", lines.join("\n"))
}

fn asked(connection: &HubConnection, steps: &Steps<'_>) -> String {
    let (name, hub) = (markdown(&steps.asking.full_name), &connection.hub);
    let account = match steps.asker() {
        ASKER => "not known".to_owned(),
        id => format!("`{}`", code(id)),
    };
    format!(
        "# Connecting {name} to the hub {hub_name}\n\n\
         {name} is a private Azure Machine Learning environment: its workspace, data, vault and registry answer only \
         at private addresses. To work in it over your VPN, its network must be peered with the hub {hub_name}. The \
         account that runs the environment may not do that on the hub, so its owner is asked to.\n\n\
         | | |\n|---|---|\n\
         | Environment | {name} |\n\
         | Its network | `{network}` |\n\
         | Its addresses | {space} |\n\
         | Your hub | `{hub_id}` |\n\
         | Your hub's addresses | {prefixes} |\n\
         | Object id of the account that asks | {account} |\n\n\
         The commands are for the Azure CLI in Bash, such as in Azure Cloud Shell; each is one line. Nothing in this \
         file is secret.",
        network = code(&connection.network_id),
        space = markdown(&steps.asking.address_space),
        hub_name = markdown(&hub.name),
        hub_id = code(&hub.id),
        prefixes = markdown(&hub.prefixes.join(", ")),
    )
}

fn meaning(connection: &HubConnection, asking: &Asking) -> String {
    let name = markdown(&asking.full_name);
    let space = markdown(&asking.address_space);
    let hub = markdown(&connection.hub.name);
    format!(
        "## What it means for you\n\n\
         - Machines in {hub}, and those that its gateway leads to, reach the environment's private endpoints: TCP port \
         443, and 445 for its file share. A security group keeps everything else in it out of their reach.\n\
         - A peering has no direction. What may leave the environment is decided by its own security group; what may \
         enter your hub and your sites is decided by yours.\n\
         - The environment gets no gateway of its own: it shares yours, and its bandwidth.\n\
         - Your VPN device must send {space} into the tunnel. With BGP it learns that by itself; without, add the \
         range to it.\n\
         - What goes through a peering is charged by the gigabyte on both sides \
         (https://azure.microsoft.com/pricing/details/virtual-network/).\n\
         - Nothing else changes: no address, route table, firewall rule or DNS setting of the hub is touched, and \
         nothing that is connected to it is interrupted. {name} can be disconnected at any time."
    )
}

/// Two tenants, or two that may be.
fn tenants(connection: &HubConnection, asking: &Asking) -> Option<String> {
    let (ours, theirs) = (&asking.tenant_id, &connection.hub.tenant_id);
    let unknown = ours.is_empty() || theirs.is_empty();
    if !unknown && ours.eq_ignore_ascii_case(theirs) {
        return None;
    }
    let (begin, tenant) = if unknown {
        ("Perhaps the environment is in another tenant than the hub. Then", "ITS-TENANT-ID")
    } else {
        ("The environment is in another tenant than the hub. So", ours.as_str())
    };
    let login = block(&[
        AzCommand::az("login").with("--tenant", tenant),
        if theirs.is_empty() {
            AzCommand::az("login")
        } else {
            AzCommand::az("login").with("--tenant", theirs)
        },
    ]);
    Some(format!(
        "## Two tenants\n\n\
         {begin} whoever runs a command that names both networks needs an account that both tenants know: have the \
         other tenant invite you as a guest, accept the invitation, then sign in to both before you begin. With the \
         template, append `--aux-tenants {}`. See \
         https://learn.microsoft.com/azure/virtual-network/create-peering-different-subscriptions.\n\n{login}",
        code(tenant),
    ))
}

fn before(steps: &Steps<'_>) -> String {
    let name = markdown(&steps.asking.full_name);
    format!(
        "## Before you start: rights on the environment's network\n\n\
         Making your side also needs `{PEER}` on the environment's network; without it Azure answers \
         `LinkedAuthorizationFailed`. Whoever owns {name} gives you that, on its network only, with your object id in \
         place of {OWNER} (`az ad signed-in-user show --query id` tells it):\n\n{}\n\n\
         Or by a role of its own that allows nothing else:\n\n{}\n\n\
         It can take some minutes until a role counts.",
        block(&[steps.grant_owner()]),
        block(&steps.grant_owner_least()),
    )
}

fn your_side(steps: &Steps<'_>) -> String {
    let orphan = if steps.is_orphan() {
        " The side that exists lost its other side and cannot be repaired: it is deleted first."
    } else {
        ""
    };
    format!(
        "## 1. Your side of the peering\n\n\
         You need the role {CONTRIBUTOR} on the hub's network, or `{}/write`.{orphan}\n\n{}\n\n\
         Or deploy `{TEMPLATE_FILE}`, which creates the same:\n\n{}",
        resource::PEERING,
        block(&steps.hub_half()),
        block(&[steps.deploy()]),
    )
}

fn our_side(steps: &Steps<'_>) -> String {
    let name = markdown(&steps.asking.full_name);
    let begin = "## 2. The environment's side\n\n";
    if !steps.asks_for_rights() {
        return format!(
            "{begin}Nothing for you to do: the account that asks creates it as soon as yours exists."
        );
    }
    let unknown = if steps.asker() == ASKER {
        format!(" Put the object id of that account in place of {ASKER}.")
    } else {
        String::new()
    };
    format!(
        "{begin}The account that runs {name} needs `{PEER}` on the hub to create it, and `{JOIN}` to link names. \
         Give it a role that allows these two and nothing else:{unknown}\n\n{}\n\n\
         Or the role {CONTRIBUTOR} on the hub's network:\n\n{}\n\n\
         If you would rather give no rights, make that side yourself, after yours. It needs {CONTRIBUTOR} on the \
         environment's network:\n\n{}",
        block(&steps.grant_asker()),
        block(&[steps.grant_asker_wide()]),
        block(&[steps.our_half()]),
    )
}

fn names(connection: &HubConnection, steps: &Steps<'_>) -> Option<String> {
    if steps.asking.zones.is_empty() {
        return None;
    }
    let parts = [linking(steps), unknown_zones(steps), clashing(connection, steps)];
    let told: Vec<String> = parts.into_iter().flatten().collect();
    Some(format!("## 3. Private names\n\n{}", told.join("\n\n")))
}

/// Zones of ours that the hub can be linked to.
fn linking(steps: &Steps<'_>) -> Option<String> {
    let linked = steps.linked();
    if linked.is_empty() {
        return None;
    }
    let grants: Vec<AzCommand> = steps.grant_zones().into_iter().collect();
    Some(format!(
        "The hub must answer the environment's private names, so {} of the environment {} linked to it. The account \
         that asks does that with the right of step 2. If you would rather do it yourself, have the role {ZONES} given \
         to you:\n\n\
         {}\n\nand link them:\n\n{}\n\n\
         `--resolution-policy NxDomainRedirect` lets names that these zones do not have be asked for publicly. Without \
         it every other account of these services that has a private endpoint of its own, such as a supplier's, does \
         not exist any more for your hub and all who ask it \
         (https://learn.microsoft.com/azure/dns/private-dns-fallback).",
        count(linked.len(), "zone"),
        if linked.len() == 1 { "is" } else { "are" },
        block(&grants),
        block(&steps.links()),
    ))
}

/// Where it was not read which zones the hub has.
fn unknown_zones(steps: &Steps<'_>) -> Option<String> {
    if steps.zones_are_known() {
        return None;
    }
    Some(format!(
        "A network can be linked to one zone of a name only. If one of these names is in the answer to this command \
         for a zone that is linked to the hub, do not link ours: add the records below to yours instead.\n\n{}\n\n{}",
        block(&[steps.look_for_zones()]),
        table(steps),
    ))
}

/// Zones of the hub's own with the same names.
fn clashing(connection: &HubConnection, steps: &Steps<'_>) -> Option<String> {
    let zones = steps.asking.zones.iter();
    let names = zones.filter_map(|id| id.rsplit('/').next());
    let clashing: Vec<&str> = names.filter(|zone| steps.clash(zone).is_some()).collect();
    if clashing.is_empty() {
        return None;
    }
    let records = steps.records();
    let told = if records.is_empty() {
        "The account that asks tells their names and addresses.".to_owned()
    } else {
        block(&records)
    };
    Some(format!(
        "{} is linked to zones of the same name already: {}. A network can be linked to one zone of a name only, so \
         the environment's records go into yours:\n\n{told}",
        markdown(&connection.hub.name),
        markdown(&clashing.join(", ")),
    ))
}

/// The records as a table, for a hub whose zones are not known.
fn table(steps: &Steps<'_>) -> String {
    if steps.asking.records.is_empty() {
        return "The account that asks tells the names and addresses.".into();
    }
    let rows = steps.asking.records.iter().map(|record| {
        format!(
            "| {} | {} | {} |",
            markdown(&record.zone),
            markdown(&record.name),
            markdown(&record.addresses.join(", "))
        )
    });
    let head = ["| Zone | Name | Addresses |".to_owned(), "|---|---|---|".to_owned()];
    head.into_iter().chain(rows).collect::<Vec<_>>().join("\n")
}

fn done(connection: &HubConnection, steps: &Steps<'_>) -> String {
    let firewall = match connection.hub.firewall.read() {
        Some(Some(address)) => format!(
            "\n\nThe hub has a firewall at {}. A peering does not lead through it by itself; if traffic to the \
             environment has to, say so before routes are created: answers must take the same way.",
            markdown(address)
        ),
        _ => String::new(),
    };
    let unread = if matches!(connection.far, Far::Unread { .. }) {
        " The account that asks cannot see your side; it sees its own become Connected."
    } else {
        ""
    };
    format!(
        "## When it is done\n\n{}\n\n\
         `state` is `Initiated` after step 1 and `Connected` once the environment's side is there, with `sync` \
         `FullyInSync`.{unread} If `sync` says anything else after a change of addresses:\n\n{}\n\n\
         `Disconnected` means that one side was deleted: delete the other as well, and begin again at step \
         1.{firewall}",
        block(&[steps.show()]),
        block(&[steps.sync()]),
    )
}

fn undo(steps: &Steps<'_>) -> String {
    let name = markdown(&steps.asking.full_name);
    let rights = if steps.asks_for_rights() {
        format!("\n\nand the rights that were given, if any:\n\n{}", block(&[steps.undo_rights()]))
    } else {
        String::new()
    };
    format!(
        "## To undo it\n\nNothing of {name} stays in your hub after this:\n\n{}{rights}",
        block(&steps.undo()),
    )
}
