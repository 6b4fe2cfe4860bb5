//! The sentences of operations, the same on the screen and in lines.

use std::time::Duration;

use super::{Event, Notice, Operation, OperationStep, SecretKind, Stage};
use crate::domain::plan::Plan;
use crate::domain::problem::Problem;
use crate::domain::words::{count, duration};

/// One sentence for a step.
pub fn act(act: &OperationStep) -> String {
    match act {
        OperationStep::StartingMachine { name } => format!("Starting {name}, usually a minute."),
        OperationStep::StoppingMachine { name } => {
            format!("Stopping {name}; only its disk costs from then on.")
        }
        OperationStep::StoppingComputes { names } => format!("Stopping {}.", names.join(", ")),
        OperationStep::PausingFirewall { name } => format!(
            "Switching the firewall {name} off; nothing inside reaches the outside from now on."
        ),
        OperationStep::ResumingFirewall { name } => format!(
            "Switching the firewall {name} on with the same public address, usually some minutes."
        ),
        OperationStep::RepairingRoute { table, from, to } => format!(
            "The firewall came back with another private address: the default route of {table} is led from \
             {from} to {to}."
        ),
        OperationStep::KeepingPassword => "Saving a new password beside the old one.".into(),
        OperationStep::SettingPassword { name } => format!("Setting the password on {name}."),
        OperationStep::CopyingToVault => "Replacing the copy in the environment's vault.".into(),
        OperationStep::RemovingLocks { names } => {
            format!("Removing the locks {}.", names.join(", "))
        }
        OperationStep::DeletingComputes { count: number } => {
            format!("Deleting {}, so that the network is free.", count(*number, "compute"))
        }
        OperationStep::LeavingNetworks => {
            "Removing peerings and links that other networks have to this one.".into()
        }
        OperationStep::NotingHub => {
            "Noting the hub with the environment, so that every machine knows it.".into()
        }
        OperationStep::ForgettingHub => "Forgetting the hub.".into(),
        OperationStep::DeletingHalf { name, network } => {
            format!("Deleting the peering {name} of {network}, which was left behind.")
        }
        OperationStep::MakingHalf { name, network } => {
            format!("Creating the peering {name} in {network}.")
        }
        OperationStep::MendingHalf { name, network } => {
            format!("Setting the switches of the peering {name} in {network}.")
        }
        OperationStep::SyncingHalf { name, network } => {
            format!("Telling the peering {name} in {network} the other network's addresses.")
        }
        OperationStep::LinkingZones { count: number, hub } => {
            format!("Linking {} to {hub}.", count(*number, "private zone"))
        }
        OperationStep::AddingRecords { count: number, hub } => {
            format!("Adding {} to the zones that {hub} has already.", count(*number, "record"))
        }
        OperationStep::LeavingHub { hub } => {
            format!("Removing both sides of the peering with {hub}, the hub's side first.")
        }
        OperationStep::HandingOver { environment, hub } => {
            format!("Registering the names of {environment} in {hub} by its own zones or records.")
        }
        OperationStep::UnlinkingZones { hub } => {
            format!("Removing the links of our zones to {hub}.")
        }
        OperationStep::RemovingRecords { hub } => {
            format!("Removing the records that were added to zones of {hub}.")
        }
        OperationStep::DeletingDiagnostics { count: number } => format!(
            "Deleting {}, which would outlive what they watch.",
            count(*number, "diagnostic setting")
        ),
        OperationStep::PurgingWorkspace { name } => {
            format!("Deleting the workspace {name} for good, so that Azure keeps none of it.")
        }
        OperationStep::DeletingEndpoints { count: number } => {
            format!("Deleting {}.", count(*number, "private endpoint"))
        }
        OperationStep::EmptyingScope { name } => {
            format!("Taking the log stores out of the private link scope {name}.")
        }
        OperationStep::PurgingLogs { name } => {
            format!("Deleting the log workspace {name} for good.")
        }
        OperationStep::DeletingVault { name } => format!("Deleting the key vault {name}."),
        OperationStep::DeletingGroup { name } => {
            format!("Deleting resource group {name} with everything that is left in it.")
        }
    }
}

/// The words for a stage.
pub fn stage(stage: &Stage) -> String {
    match stage {
        Stage::TryingStore => "Checking that the credential store works.".into(),
        Stage::Looking => "Looking at what exists.".into(),
        Stage::Registering(names) => {
            format!("Registering the subscription for {} (once, a few minutes).", names.join(", "))
        }
        Stage::MakingGroup(name) => format!("Creating resource group {name}."),
        Stage::Validating => "Azure validates the deployment.".into(),
        Stage::KeepingCredentials => "Creating the jumpbox credentials.".into(),
        Stage::KeepingKey => "Saving the shared key.".into(),
        Stage::Submitting => "Sending the deployment.".into(),
        Stage::Cancelling => "Cancelling; what has started ends first.".into(),
        Stage::Checking => "Verifying the deployed resources.".into(),
        Stage::Previewing => "Asking what a new deployment would change.".into(),
        Stage::Deleting(name) => format!("Deleting resource group {name} with everything in it."),
    }
}

/// A pause in words; one too short to count in seconds is no "0s".
fn pause(wait: Duration) -> String {
    if wait < Duration::from_secs(1) { "a moment".into() } else { duration(wait) }
}

/// One sentence for a notice.
pub fn notice(notice: &Notice) -> String {
    match notice {
        Notice::Throttled { wait } => format!("Asked to slow down; waiting {}.", pause(*wait)),
        Notice::Repeating { attempt, why, wait } => {
            format!("{why}; attempt {attempt} follows in {}.", pause(*wait))
        }
        Notice::StillTrying(problem) => {
            format!("{} Trying on; what Azure works on goes on meanwhile.", problem.what)
        }
        Notice::Reconnected => "The connection works again.".into(),
        Notice::AnotherWindow => {
            "Another window prepares the same environment; waiting for it.".into()
        }
        Notice::Vanished => "This environment no longer exists in Azure; creating it again.".into(),
        Notice::SettingsKept => {
            "The running deployment keeps its own settings; the ones given now are not used.".into()
        }
        Notice::GroupMoved => {
            "The resource group was empty and in another region: it was removed, and is created in \
                               the region that was chosen."
                .into()
        }
        Notice::PasswordUntouched => {
            "The jumpbox exists and keeps its password, which is not known on this machine.".into()
        }
        Notice::Waiting(problem) => format!("{} Waiting for it.", problem.what),
        Notice::Minor(problem) => format!("{} {}", problem.what, problem.advice),
    }
}

/// One sentence for what will be created.
pub fn planned(plan: &Plan) -> String {
    format!(
        "{}{} in {}: {}, usually {}.",
        plan.name,
        plan.suffix,
        plan.region,
        count(plan.resources.len(), "resource"),
        duration(Duration::from_secs(plan.critical_seconds.into())),
    )
}

/// One sentence for a repetition; `attempt` is the number of the automatic repetition, from 1.
pub fn retrying(attempt: u32, wait: Duration, because: &[Problem]) -> String {
    let why = because.first().map_or_else(String::new, |problem| format!("{} ", problem.what));
    format!(
        "{why}This is usually temporary. Retrying in {} (attempt {}); only missing resources are created.",
        duration(wait),
        attempt + 1
    )
}

/// One sentence for a secret that was written and read back.
pub fn kept(secret: SecretKind, place: &str) -> String {
    match secret {
        SecretKind::Credentials => {
            format!("The jumpbox credentials are in {place}, and were read back.")
        }
        SecretKind::SharedKey => format!("The shared key is in {place}, and was read back."),
    }
}

/// The sentence for an event that has one and changes nothing else.
pub fn of(event: &Event) -> Option<String> {
    Some(match event {
        Event::Stage(stage) => self::stage(stage),
        Event::Planned(plan) => planned(plan),
        Event::SecretKept { secret, place } => kept(*secret, place),
        Event::Retrying { attempt, wait, because } => retrying(*attempt, *wait, because),
        Event::Act { act, number, of } => format!("{number} of {of}: {}", self::act(act)),
        Event::Detail(text) => text.clone(),
        Event::Deleting { left } => format!("{} left.", count(*left, "resource")),
        Event::Notice(notice) => self::notice(notice),
        Event::Started { .. } | Event::Steps { .. } => return None,
    })
}

/// What is going on while something is done.
pub fn doing(operation: &Operation) -> &'static str {
    match operation {
        Operation::Deploy(order) if order.mend => "The environment is being repaired",
        Operation::Deploy(_) | Operation::Follow(_) => "The environment is being deployed",
        Operation::Delete(_) => "The environment is being deleted",
        Operation::Start(_) => "The jumpbox is being started",
        Operation::Stop(_) => "The jumpbox is being stopped",
        Operation::Pause(_) => "The environment is being paused",
        Operation::Resume(_) => "The environment is being resumed",
        Operation::Reset(_) => "A new password is being set",
        Operation::Allow { .. } => "The firewall is being changed",
        Operation::Link { .. } => "Environment and hub are being linked",
        Operation::Unlink(_) => "The link to the hub is being taken away",
        Operation::MakeHub { .. } => "The hub is being deployed",
    }
}

/// The same in a word or two, beside a name.
pub fn in_short(operation: &Operation) -> &'static str {
    match operation {
        Operation::Deploy(order) if order.mend => "repairing",
        Operation::Deploy(_) | Operation::Follow(_) | Operation::MakeHub { .. } => "deploying",
        Operation::Delete(_) => "deleting",
        Operation::Start(_) => "jumpbox starting",
        Operation::Stop(_) => "jumpbox stopping",
        Operation::Pause(_) => "pausing",
        Operation::Resume(_) => "resuming",
        Operation::Reset(_) => "new password",
        Operation::Allow { .. } => "firewall changing",
        Operation::Link { .. } => "linking",
        Operation::Unlink(_) => "unlinking",
    }
}

/// What holds once it is done.
pub fn done(operation: &Operation) -> &'static str {
    match operation {
        Operation::Deploy(order) if order.mend => "The template was deployed again over it.",
        Operation::Deploy(_) | Operation::Follow(_) => "The environment is deployed.",
        Operation::Delete(_) => "The environment is deleted.",
        Operation::Start(_) => "The jumpbox runs.",
        Operation::Stop(_) => "The jumpbox is stopped; only its disk is paid for.",
        Operation::Pause(_) => "Paused: nothing inside has egress until it is resumed.",
        Operation::Resume(_) => "Resumed: the firewall has its public address again.",
        Operation::Reset(_) => "The new password is set and saved; the old one is deleted.",
        Operation::Allow { .. } => "The host gets through now.",
        Operation::Link { .. } => "Linked. The guided steps say what is left to do.",
        Operation::Unlink(_) => "The link is gone on both sides.",
        Operation::MakeHub { .. } => "The hub is deployed.",
    }
}

/// The command that goes on with what was left.
pub fn command(operation: &Operation) -> String {
    let name = operation.name();
    match operation {
        Operation::Deploy(_) | Operation::Follow(_) => format!("privateaml status {name} --follow"),
        Operation::Delete(_) => format!("privateaml delete {name} --yes"),
        Operation::Start(_) => format!("privateaml start {name}"),
        Operation::Stop(_) => format!("privateaml stop {name}"),
        Operation::Pause(_) => format!("privateaml pause {name} --yes"),
        Operation::Resume(_) => format!("privateaml resume {name}"),
        Operation::Reset(_) => format!("privateaml credentials {name} --reset"),
        Operation::Allow { host, .. } => {
            let ports = host.ports.as_ref().map(|ports| format!("={ports}")).unwrap_or_default();
            format!("privateaml egress {name} --allow {}{ports} --yes", host.host)
        }
        Operation::Link { hub, .. } => format!("privateaml peer {name} --hub {hub} --yes"),
        Operation::Unlink(_) => format!("privateaml peer {name} --remove --yes"),
        Operation::MakeHub { .. } => format!("privateaml hub {name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_reads_as_people_say_it() {
        let said = |millis| notice(&Notice::Throttled { wait: Duration::from_millis(millis) });
        assert_eq!(said(100), "Asked to slow down; waiting a moment.");
        assert_eq!(said(14_000), "Asked to slow down; waiting 14s.");
    }
}
