//! The steps of acts that are no deployment: pausing, resuming, setting a password, connecting to a hub, deleting.
//!
//! Plain data: a face makes words of it.

use serde::Serialize;

/// A step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "step", rename_all = "kebab-case")]
pub enum Act {
    /// A machine is being started.
    StartingMachine {
        /// Its name.
        name: String,
    },
    /// A machine is being deallocated.
    StoppingMachine {
        /// Its name.
        name: String,
    },
    /// Compute instances are being stopped.
    StoppingComputes {
        /// Their names.
        names: Vec<String>,
    },
    /// The firewall is being deallocated.
    PausingFirewall {
        /// Its name.
        name: String,
    },
    /// The firewall is coming back.
    ResumingFirewall {
        /// Its name.
        name: String,
    },
    /// The default route is led to the firewall's new address.
    RepairingRoute {
        /// The route table's name.
        table: String,
        /// Where the route led.
        from: String,
        /// Where it leads now.
        to: String,
    },
    /// A new password is being written to the store, beside the old one.
    KeepingPassword,
    /// A new password is being set on a machine.
    SettingPassword {
        /// Its name.
        name: String,
    },
    /// The copy of the password in the vault is being replaced.
    CopyingToVault,
    /// Log stores are being taken out of a private link scope.
    EmptyingScope {
        /// The scope's name.
        name: String,
    },
    /// Locks are being removed, as was asked for.
    RemovingLocks {
        /// Their names.
        names: Vec<String>,
    },
    /// Computes are being deleted.
    DeletingComputes {
        /// How many.
        count: usize,
    },
    /// Peerings and links of other networks are being removed.
    LeavingNetworks,
    /// The hub is being noted, so that every machine knows it.
    NotingHub,
    /// The hub is being forgotten.
    ForgettingHub,
    /// A half of a peering that was left behind is being deleted.
    DeletingHalf {
        /// Its name.
        name: String,
        /// The network that it stands in.
        network: String,
    },
    /// A half of a peering is being made.
    MakingHalf {
        /// Its name.
        name: String,
        /// The network that it stands in.
        network: String,
    },
    /// A half of a peering gets the right switches.
    MendingHalf {
        /// Its name.
        name: String,
        /// The network that it stands in.
        network: String,
    },
    /// A half of a peering learns the other network's ranges.
    SyncingHalf {
        /// Its name.
        name: String,
        /// The network that it stands in.
        network: String,
    },
    /// Private zones are being linked to the hub.
    LinkingZones {
        /// How many.
        count: usize,
        /// The hub's name.
        hub: String,
    },
    /// Records are being added to zones that the hub has already.
    AddingRecords {
        /// How many.
        count: usize,
        /// The hub's name.
        hub: String,
    },
    /// Both halves of the peering with the hub are being removed.
    LeavingHub {
        /// The hub's name.
        hub: String,
    },
    /// Links of our zones to the hub are being removed.
    UnlinkingZones {
        /// The hub's name.
        hub: String,
    },
    /// Records that were added to the hub's zones are being removed.
    RemovingRecords {
        /// The hub's name.
        hub: String,
    },
    /// Another environment's own zones take the place of the ones whose link to the hub is gone.
    HandingOver {
        /// The other environment.
        environment: String,
        /// The hub's name.
        hub: String,
    },
    /// Diagnostic settings are being deleted, which would outlive what they are on.
    DeletingDiagnostics {
        /// How many.
        count: usize,
    },
    /// A workspace is being deleted for good.
    PurgingWorkspace {
        /// Its name.
        name: String,
    },
    /// Private endpoints are being deleted.
    DeletingEndpoints {
        /// How many.
        count: usize,
    },
    /// A log workspace is being deleted for good.
    PurgingLogs {
        /// Its name.
        name: String,
    },
    /// A vault is being deleted, and purged where that is allowed.
    DeletingVault {
        /// Its name.
        name: String,
    },
    /// The resource group is being deleted with what is left in it.
    DeletingGroup {
        /// Its name.
        name: String,
    },
}
