//! The command line: every command, flag and help text.
//!
//! This module only describes and parses; it must not act on anything.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, builder::FalseyValueParser};

use super::audit::AuditCommand;
use super::flags::one_of;
use super::mend::MendCommand;
use crate::azure::http::Traffic;
use crate::domain::cost::Currency;
use crate::domain::settings::{Cloud, Field};

/// A private Azure Machine Learning environment, from one terminal.
#[derive(Debug, Parser)]
#[command(
    name = "privateaml",
    version,
    about = "Builds a private Azure Machine Learning environment, and finds it again.",
    long_about = "Builds a private Azure Machine Learning environment: a workspace, storage, vault and registry that \
                  answer only inside their own network, a firewall that lets out what you allow, and a jumpbox to \
                  work from.\n\nWithout a command it asks the questions and deploys to Azure. `privateaml practice` \
                  does the same on a simulated cloud: no account, no cost, nothing to break.",
    after_help = "Exit codes: 0 done, 1 failed, 2 usage, 3 left running, 4 needs an answer (names the \
        flag), 5 cancelled.\n\
                  Start with `privateaml practice`: it can harm nothing."
)]
pub struct Arguments {
    /// What to do; without it, the questions are asked and the answers deployed.
    #[command(subcommand)]
    pub command: Option<CliCommand>,
    /// Flags that every command takes.
    #[command(flatten)]
    pub global: Global,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum CliCommand {
    /// Try everything on the practice cloud: no account, no cost.
    Practice(Practice),
    /// Show what would be created; writes nothing and needs no account.
    Plan(Box<super::plan::Plan>),
    /// Ask everything that could keep a deployment from succeeding, before anything is written; exits with 1 when
    /// something would fail, 6 when something could not be told.
    Check(Box<super::check::CheckCommand>),
    /// Deploy the environment, follow one that is being deployed, or finish one that failed.
    Deploy(Box<super::deploy::Deploy>),
    /// Tell what an environment or a hub costs, by Azure's public price list: a day and a month, paused or not.
    Cost(Box<super::cost::CostCommand>),
    /// List the environments known here and found in Azure.
    List,
    /// Show one environment's state; with --follow, until its deployment ends.
    Status(super::inspect::StatusCommand),
    /// Compare it with its plan: thirty points, what does not hold, what is unknown, what is open by choice; exits
    /// with 1 when a point does not hold, 6 when one is unknown, 7 when it could not be audited.
    Audit(AuditCommand),
    /// Look from on-premises whether it is reached privately, and which of the twelve steps fit what was found where
    /// not.
    Verify(Box<super::verify::Verify>),
    /// Repair an environment: set again what the template sets.
    Mend(MendCommand),
    /// Show where the jumpbox credentials are, print them in a terminal, or set a new password.
    Credentials(super::credentials::CredentialsCommand),
    /// Open the way to the jumpbox: start it, show its Bastion page, tell where the password is.
    Connect(super::connect::Connect),
    /// Start the jumpbox.
    Start(super::power::Machine),
    /// Stop the jumpbox, so that it costs nothing but its disk.
    Stop(super::power::Machine),
    /// Switch off what costs by the hour: firewall, jumpbox, compute instances.
    Pause(super::pause::Pause),
    /// Switch a paused environment on again.
    Resume(super::pause::Resume),
    /// Ask what gets out through the firewall, what was refused, and let a host through.
    Egress(super::egress::Egress),
    /// Create a hub network with a VPN gateway, show the VPN device settings, or delete it.
    Hub(Box<super::hub::HubCommand>),
    /// Connect an environment to a hub, and so to the VPN: list the hubs, link both sides, take the link away.
    Peer(super::peer::Peer),
    /// Delete an environment with everything in it.
    Delete(super::delete::Delete),
    /// Write what happened to an environment into a directory, for whoever is to help; no secret is in it.
    Support(super::support::Support),
    /// Play a recorded session back.
    Replay(Replay),
    /// Write the ARM template and its parameters, deployable without this program.
    Export(Box<super::plan::Export>),
    /// Write a training script and a notebook that runs it on a private cluster.
    Samples(super::samples::Samples),
}

/// Flags that every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line, independent of the others"
)]
pub struct Global {
    /// Use the practice cloud instead of Azure.
    #[arg(long, global = true, env = "PRIVATEAML_PRACTICE", value_parser = FalseyValueParser::new())]
    #[arg(action = clap::ArgAction::SetTrue)]
    pub practice: bool,
    /// Practice cloud: simulated seconds per real second.
    #[arg(long, global = true, value_name = "N", default_value_t = 60.0, value_parser = speed)]
    pub speed: f64,
    /// Practice cloud: spread durations between usual and slow, the same way for the same number.
    #[arg(long, global = true, value_name = "SEED")]
    pub vary: Option<u64>,
    /// Practice cloud: how many subscriptions it has from now on, 1 to 200.
    #[arg(long, global = true, value_name = "N", value_parser = subscriptions)]
    pub subscriptions: Option<usize>,
    /// Practice cloud: put no hubs into it (the wizard, peer, verify and hub do; those that are there stay).
    #[arg(long, global = true)]
    pub no_hubs: bool,
    /// Whether hubs are put into the practice cloud: the command decides.
    #[arg(skip)]
    pub hubs: bool,
    /// Practice cloud: make something go wrong, such as quota or throttle:5 (repeatable; `practice serve --help`
    /// lists them).
    #[arg(long, global = true, value_name = "FAULT")]
    pub fault: Vec<String>,
    /// Practice cloud: a file of faults.
    #[arg(long, global = true, value_name = "FILE")]
    pub fault_file: Option<PathBuf>,
    /// Azure subscription, by id or name.
    #[arg(long, global = true, env = "PRIVATEAML_SUBSCRIPTION", value_name = "ID")]
    pub subscription: Option<String>,
    /// Microsoft Entra tenant, by id or domain.
    #[arg(long, global = true, env = "PRIVATEAML_TENANT", value_name = "ID")]
    pub tenant: Option<String>,
    /// Resource group to use instead of rg-<name><suffix>.
    #[arg(long, global = true, value_name = "NAME")]
    pub resource_group: Option<String>,
    /// Which Azure.
    #[arg(long, global = true, value_name = "CLOUD", value_parser = one_of::<Cloud>(Field::Cloud))]
    pub cloud: Option<Cloud>,
    /// Another Azure Resource Manager endpoint: https, or http on loopback.
    #[arg(long, global = true, env = "PRIVATEAML_ENDPOINT", value_name = "URL")]
    pub endpoint: Option<String>,
    /// Certificate authority to trust besides the system's, as a PEM file.
    #[arg(long, global = true, env = "PRIVATEAML_CA_FILE", value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// Application (client) id for signing in with a code.
    #[arg(
        long,
        global = true,
        env = "PRIVATEAML_CLIENT_ID",
        value_name = "ID",
        hide_env_values = true
    )]
    pub client_id: Option<String>,
    /// Currency of prices, such as EUR; others than USD are indicative.
    #[arg(long, global = true, env = "PRIVATEAML_CURRENCY", value_name = "CODE")]
    pub currency: Option<Currency>,
    /// Plain lines, no cursor movement: for screen readers and logs.
    #[arg(long, global = true, env = "ACCESSIBLE", value_parser = FalseyValueParser::new())]
    #[arg(action = clap::ArgAction::SetTrue)]
    pub plain: bool,
    /// One JSON object per line on standard output; words for people go to standard error.
    #[arg(long, global = true)]
    pub json: bool,
    /// No colours (as with `NO_COLOR`).
    #[arg(long, global = true)]
    pub no_color: bool,
    /// Full screen: only ASCII, for terminals without UTF-8.
    #[arg(long, global = true)]
    pub ascii: bool,
    /// Full screen: colours for this background; found out by itself where the terminal tells.
    #[arg(long, global = true, value_enum, value_name = "BACKGROUND")]
    pub theme: Option<ThemeName>,
    /// Full screen: record what happens, without secrets, for `privateaml replay`.
    #[arg(long, global = true, value_name = "FILE")]
    pub record_session: Option<PathBuf>,
    /// Write each exchange with Azure as one JSON line, without secrets and with ids, names and addresses replaced;
    /// look at it before you share it.
    #[arg(long, global = true, value_name = "FILE")]
    pub record_traffic: Option<PathBuf>,
    /// That file, once it is open.
    #[arg(skip)]
    pub traffic: Option<Traffic>,
    /// Write what happens to a log file (never a secret): error, warn, info or debug.
    #[arg(long, global = true, env = "PRIVATEAML_LOG", value_name = "LEVEL")]
    pub log: Option<tracing::level_filters::LevelFilter>,
}

/// `--theme`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ThemeName {
    /// A dark background.
    Dark,
    /// A light background.
    Light,
}

/// `replay`.
#[derive(Debug, Args)]
pub struct Replay {
    /// The recording, as `--record-session` writes it.
    #[arg(value_name = "FILE", required_unless_present = "demo")]
    pub file: Option<PathBuf>,
    /// Play the recording that the program carries: the whole journey on the practice cloud.
    #[arg(long, conflicts_with = "file")]
    pub demo: bool,
    /// How many times as fast; 0 goes to the end at once.
    #[arg(long, value_name = "N", default_value_t = 1.0)]
    pub pace: f64,
}

/// `practice`.
#[derive(Debug, Args)]
pub struct Practice {
    /// What to do on the practice cloud; without it, the questions are asked and the answers deployed there.
    #[command(subcommand)]
    pub command: Option<PracticeCommand>,
}

/// Commands of `practice`.
#[derive(Debug, Subcommand)]
pub enum PracticeCommand {
    /// Run the practice cloud alone, for any client that speaks to Azure Resource Manager.
    #[command(
        after_help = "Faults (--fault, repeatable; a number behind a colon says how often):\n  \
        quota, policy, sku, name-taken, soft-deleted-vault, throttle[:n], drop[:n], 5xx[:n],\n  \
        token-expiry[:seconds], slow-bastion, firewall-error, region-outage, no-role-assignments,\n  \
        slow-subscription[:number], unreadable-subscription[:number],\n  \
         firewall-moves, reset-error, no-hub-rights, slow-gateway,\n  \
         second-factor, late-roles, defender-for-storage, policy-tags, endpoint-race,\n  \
         zone-policy, address-policy, no-schedules, old-versions, no-region, region-lacks-ml,\n  \
         prices-down, prices-slow, prices-cut, prices-missing"
    )]
    Serve(super::serve::Serve),
    /// Replay recorded answers of Azure on the practice cloud and print what differs.
    Compare(super::compare::Compare),
}

fn subscriptions(text: &str) -> Result<usize, String> {
    match text.parse::<usize>() {
        Ok(number) if (1..=crate::practice::MOST_SUBSCRIPTIONS).contains(&number) => Ok(number),
        _ => Err("use a whole number between 1 and 200".into()),
    }
}

fn speed(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if (0.1..=100_000.0).contains(&value) => Ok(value),
        _ => Err("use a number between 0.1 and 100000, such as 60".into()),
    }
}
