//! The words for steps of acts that are no deployment.

use crate::{domain::words::count, engine::act::Act};

/// One sentence for a step.
#[must_use]
pub fn words(act: &Act) -> String {
    match act {
        Act::StartingMachine { name } => format!("Starting {name}, usually a minute."),
        Act::StoppingMachine { name } => {
            format!("Stopping {name}; only its disk costs from then on.")
        }
        Act::StoppingComputes { names } => format!("Stopping {}.", names.join(", ")),
        Act::PausingFirewall { name } => format!(
            "Switching the firewall {name} off; nothing inside reaches the outside from now on."
        ),
        Act::ResumingFirewall { name } => format!(
            "Switching the firewall {name} on with the same public address, usually some minutes."
        ),
        Act::RepairingRoute { table, from, to } => format!(
            "The firewall came back with another private address: the default route of {table} is led from \
             {from} to {to}."
        ),
        Act::KeepingPassword => "Keeping a new password beside the old one.".into(),
        Act::SettingPassword { name } => format!("Setting the password on {name}."),
        Act::CopyingToVault => "Replacing the copy in the environment's vault.".into(),
        Act::RemovingLocks { names } => format!("Removing the locks {}.", names.join(", ")),
        Act::DeletingComputes { count: number } => {
            format!("Deleting {}, so that the network is free.", count(*number, "compute"))
        }
        Act::LeavingNetworks => {
            "Removing peerings and links that other networks have to this one.".into()
        }
        Act::NotingHub => {
            "Noting the hub with the environment, so that every machine knows it.".into()
        }
        Act::ForgettingHub => "Forgetting the hub.".into(),
        Act::DeletingHalf { name, network } => {
            format!("Deleting the peering {name} of {network}, which was left behind.")
        }
        Act::MakingHalf { name, network } => format!("Making the peering {name} in {network}."),
        Act::MendingHalf { name, network } => {
            format!("Setting the switches of the peering {name} in {network}.")
        }
        Act::SyncingHalf { name, network } => {
            format!("Telling the peering {name} in {network} the other network's addresses.")
        }
        Act::LinkingZones { count: number, hub } => {
            format!("Linking {} to {hub}.", count(*number, "private zone"))
        }
        Act::AddingRecords { count: number, hub } => {
            format!("Adding {} to the zones that {hub} has already.", count(*number, "record"))
        }
        Act::LeavingHub { hub } => {
            format!("Removing both sides of the peering with {hub}, the hub's side first.")
        }
        Act::HandingOver { environment, hub } => {
            format!("Making the names of {environment} known in {hub} by its own zones.")
        }
        Act::UnlinkingZones { hub } => format!("Removing the links of our zones to {hub}."),
        Act::RemovingRecords { hub } => {
            format!("Removing the records that were added to zones of {hub}.")
        }
        Act::DeletingDiagnostics { count: number } => format!(
            "Deleting {}, which would outlive what they watch.",
            count(*number, "diagnostic setting")
        ),
        Act::PurgingWorkspace { name } => {
            format!("Deleting the workspace {name} for good, so that Azure keeps none of it.")
        }
        Act::DeletingEndpoints { count: number } => {
            format!("Deleting {}.", count(*number, "private endpoint"))
        }
        Act::EmptyingScope { name } => {
            format!("Taking the log stores out of the private link scope {name}.")
        }
        Act::PurgingLogs { name } => format!("Deleting the log workspace {name} for good."),
        Act::DeletingVault { name } => format!("Deleting the key vault {name}."),
        Act::DeletingGroup { name } => {
            format!("Deleting resource group {name} with everything that is left in it.")
        }
    }
}
