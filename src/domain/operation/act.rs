//! The steps of operations that are no deployment: pausing, resuming, setting a password, connecting to a hub,
//! deleting. `words` says them.

use serde::{Deserialize, Serialize};

/// A step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum OperationStep {
    /// A machine is being started.
    StartingMachine { name: String },
    /// A machine is being deallocated.
    StoppingMachine { name: String },
    /// Compute instances are being stopped.
    StoppingComputes { names: Vec<String> },
    /// The firewall is being deallocated.
    PausingFirewall { name: String },
    /// The firewall is coming back.
    ResumingFirewall { name: String },
    /// The default route is led to the firewall's new address.
    RepairingRoute { table: String, from: String, to: String },
    /// A new password is being written to the store, beside the old one.
    KeepingPassword,
    /// A new password is being set on a machine.
    SettingPassword { name: String },
    /// The copy of the password in the vault is being replaced.
    CopyingToVault,
    /// Log stores are being taken out of a private link scope.
    EmptyingScope { name: String },
    /// Locks are being removed, as was asked for.
    RemovingLocks { names: Vec<String> },
    /// Computes are being deleted.
    DeletingComputes { count: usize },
    /// Peerings and links of other networks are being removed.
    LeavingNetworks,
    /// The hub is being noted, so that every machine knows it.
    NotingHub,
    /// The hub is being forgotten.
    ForgettingHub,
    /// A half of a peering that was left behind is being deleted.
    DeletingHalf { name: String, network: String },
    /// A half of a peering is being made.
    MakingHalf { name: String, network: String },
    /// A half of a peering gets the right switches.
    MendingHalf { name: String, network: String },
    /// A half of a peering learns the other network's ranges.
    SyncingHalf { name: String, network: String },
    /// Private zones are being linked to the hub.
    LinkingZones { count: usize, hub: String },
    /// Records are being added to zones that the hub has already.
    AddingRecords { count: usize, hub: String },
    /// Both halves of the peering with the hub are being removed.
    LeavingHub { hub: String },
    /// Links of our zones to the hub are being removed.
    UnlinkingZones { hub: String },
    /// Records that were added to the hub's zones are being removed.
    RemovingRecords { hub: String },
    /// Another environment's own zones or records take the place of the zones whose link to the hub is gone.
    HandingOver { environment: String, hub: String },
    /// Diagnostic settings are being deleted, which would outlive what they are on.
    DeletingDiagnostics { count: usize },
    /// A workspace is being deleted for good.
    PurgingWorkspace { name: String },
    /// Private endpoints are being deleted.
    DeletingEndpoints { count: usize },
    /// A log workspace is being deleted for good.
    PurgingLogs { name: String },
    /// A vault is being deleted, and purged where that is allowed.
    DeletingVault { name: String },
    /// The resource group is being deleted with what is left in it.
    DeletingGroup { name: String },
}
