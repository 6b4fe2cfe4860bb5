//! `peer NAME`: which hubs an environment may be connected to, and the way to the commands that connect it.
//!
//! Listing changes nothing. It must not decide what fits; the domain does.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::exit::Ending;
use super::inspect::CommandContext;
use super::peer_link;
use crate::domain::peering::zones::Fallback;
use crate::engine;
use crate::plain::hubs;

/// A switch of a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

impl From<Switch> for Fallback {
    fn from(switch: Switch) -> Self {
        match switch {
            Switch::On => Self::Internet,
            Switch::Off => Self::None,
        }
    }
}

/// `peer`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("act").args(["list_hubs", "hub", "remove"]))]
pub struct Peer {
    /// The environment, such as test4821.
    pub name: String,
    /// List the networks that it may be connected to, best first, each with its reasons; changes nothing.
    #[arg(long)]
    pub list_hubs: bool,
    /// Connect it to the hub network with this resource id, from whatever state it is in.
    #[arg(long, value_name = "ID")]
    pub hub: Option<String>,
    /// Take the connection to its hub away, on both sides.
    #[arg(long)]
    pub remove: bool,
    /// What the links of the environment's zones to the hub do with names that the zones do not have, such as
    /// accounts of other companies with private endpoints of their own. On: they are asked for publicly (new links
    /// have it). Off: they do not exist for the hub and all who ask it. Given, it changes links that exist too; the
    /// environment's own network never gets it.
    #[arg(long, value_name = "on|off", conflicts_with_all = ["remove", "list_hubs", "hand_over"])]
    pub internet_fallback: Option<Switch>,
    /// Do it without asking; it changes both networks.
    #[arg(long, short = 'y')]
    pub yes: bool,
    /// Write what the hub's owner must do into this directory, with a template, and change nothing.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["yes", "remove", "list_hubs"])]
    pub hand_over: Option<PathBuf>,
}

impl CommandContext<'_> {
    /// Lists hubs, shows how the connection stands, or links or unlinks one.
    ///
    /// # Errors
    /// As what is asked for.
    pub async fn peer(&self, arguments: &Peer) -> Result<(), Ending> {
        if arguments.list_hubs {
            return self.list_hubs(&arguments.name).await;
        }
        peer_link::run(self, arguments).await
    }

    /// Lists the networks that an environment may be connected to. What could not be read is told beside them.
    async fn list_hubs(&self, name: &str) -> Result<(), Ending> {
        let reach = self.reach().await?;
        let (context, record) = self.find(&reach, name, None).await?;
        let (candidates, problems) = engine::peering::hubs(&context, &record).await?;
        hubs::list(self.output, &record.full_name, &candidates);
        for problem in &problems {
            self.output.problem(problem);
        }
        reach.close().await;
        Ok(())
    }
}
