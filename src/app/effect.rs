//! Effects: what the program asks of the outside world. `update` only names them; others carry them out.
//!
//! An effect says what is wanted, never how. Each answers with messages; none waits for another.

use std::path::PathBuf;

use super::hidden::Hidden;
use super::screen::basics::checks::CheckOrder;
use crate::domain::audit::Audit;
use crate::domain::environment::Record;
use crate::domain::operation::{Operation, Order};
use crate::domain::peering::reliance::Parting;
use crate::domain::peering::{HubConnection, HubName};
use crate::domain::problem::Problem;
use crate::domain::settings::Settings;

/// How to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInMethod {
    /// With what this machine has: Azure CLI, azd, environment, managed identity.
    Found,
    /// With a code that is typed in a browser.
    Code,
}

/// Something to be done outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// End the program.
    Quit,
    /// Look for a sign-in.
    SignIn {
        /// The tenant; `None` takes the sign-in's own.
        tenant: Option<String>,
        /// How.
        way: SignInMethod,
    },
    /// Stop waiting for a code to be typed.
    StopSignIn,
    /// List the tenants that the account belongs to.
    ListTenants,
    /// Work in this subscription from now on.
    UseSubscription(String),
    /// Read the records of this machine.
    ReadRecords,
    /// Find environments in all subscriptions by their tags, beside those recorded here.
    FindEnvironments,
    /// Read how the newest deployments of these environments stand.
    ReadNewest(Vec<Record>),
    /// Read what others rely on in an environment, before it is unlinked or deleted.
    ReadReliance {
        /// The environment.
        record: Box<Record>,
        /// What is about to be taken away.
        parting: Parting,
    },
    /// Begin an operation, and tell what happens and how it ends.
    Run { id: u64, operation: Box<Operation> },
    /// Stop watching an operation; Azure carries on.
    Leave(u64),
    /// Ask Azure to cancel the deployment of an operation.
    Cancel(u64),
    /// Read a plan file.
    LoadPlan(PathBuf),
    /// Ask pip on this machine which package index it uses.
    AskPip,
    /// Draw four digits.
    DrawSuffix,
    /// Try whether the keychain keeps what it is given.
    TryKeychain,
    /// Read the networks that an address space should not overlap.
    ReadNetworks,
    /// Read the regions that the subscription offers.
    ReadRegions,
    /// Read a network by its id, in whatever subscription it is.
    ReadHub(String),
    /// Read the machine sizes and quotas of a region.
    ReadMachines(String),
    /// Read the prices of a region.
    ReadPrices(String),
    /// Run one check of the form.
    Check(CheckOrder),
    /// Work out what would be made.
    Plan {
        /// Number of the question; answers to older ones are dropped.
        generation: u64,
        /// What was chosen.
        settings: Box<Settings>,
        /// The record of an environment that exists, whose group and template are used again.
        existing: Option<Box<Record>>,
    },
    /// Let Azure validate what would be deployed.
    Validate {
        /// Number of the plan; answers to older ones are dropped.
        generation: u64,
        /// What was chosen.
        settings: Box<Settings>,
        /// The record of an environment that exists.
        existing: Option<Box<Record>>,
    },
    /// Ask Azure what a deployment over an environment that exists would change.
    Foresee(Box<Order>),
    /// Write the settings as a plan file.
    SavePlan { path: PathBuf, settings: Box<Settings> },
    /// Write template, parameters and graph into a directory.
    Export { directory: PathBuf, settings: Box<Settings> },
    /// Read how an environment is.
    Inspect(Box<Record>),
    /// Audit an environment's isolation.
    Audit(Box<Record>),
    /// Write a report of an audit.
    SaveReport {
        /// The file; its ending tells the form.
        path: PathBuf,
        /// The audit.
        audit: Box<Audit>,
    },
    /// Read what an environment's firewall refused in the last hour.
    ReadRefused(Box<Record>),
    /// Ask whether something would get out of an environment.
    TryHost {
        /// The environment.
        record: Box<Record>,
        /// The destination, as `domain::egress::Query` reads it.
        destination: String,
    },
    /// Find the networks that an environment could be linked to.
    FindHubs(Box<Record>),
    /// Look closely at a hub, and at what stands between it and an environment.
    ReadConnection { record: Box<Record>, hub: String },
    /// Look whether a hub of that name was begun.
    FindNewHub(HubName),
    /// Test from this machine whether an environment is reached.
    Verify(Box<Record>),
    /// Judge what a script has written on a machine on-premises.
    JudgeResults { record: Box<Record>, text: String },
    /// Write the test as a script.
    SaveScript {
        /// The file; its ending tells the kind.
        path: PathBuf,
        /// The environment.
        record: Box<Record>,
    },
    /// Write what a hub's owner needs.
    SaveHandOver {
        /// The directory.
        directory: PathBuf,
        /// The environment.
        record: Box<Record>,
        /// What stands between it and the hub.
        connection: Box<HubConnection>,
    },
    /// List what DNS on-premises must forward.
    ListForwarders(Box<Record>),
    /// Write what happened to an environment, for whoever is to help.
    SaveSupport {
        /// The environment.
        record: Box<Record>,
        /// What went wrong in front of the person.
        problems: Vec<Problem>,
    },
    /// Find out where the credentials are.
    FindCredentials(Box<Record>),
    /// Read the password, to be shown.
    Reveal(Box<Record>),
    /// Put the password into the clipboard for a short time.
    CopyPassword(Box<Record>),
    /// Put a text into the clipboard.
    Copy {
        /// The text.
        text: String,
        /// What it is, for the sentence that says so.
        what: String,
    },
    /// Empty the clipboard if it still holds the password.
    ClearClipboard,
    /// Hand over a passphrase that was asked for; `None` gives up.
    Passphrase(Option<Hidden>),
    /// Open an address in the browser.
    Open {
        /// The address.
        address: String,
        /// What it is, for the sentence that says so.
        what: String,
    },
}
