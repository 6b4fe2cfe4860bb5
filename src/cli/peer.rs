//! `peer NAME`: which hubs an environment may be connected to, and the way to the commands that connect it.
//!
//! Listing changes nothing. It must not decide what fits; the domain does.

use std::path::PathBuf;

use clap::Args;

use super::{exit::Ending, inspect::Desk, peer_link};
use crate::{domain::problem::Problem, engine, plain::hubs};

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
    /// Do it without asking; it changes both networks.
    #[arg(long, short = 'y')]
    pub yes: bool,
    /// Write what the hub's owner must do into this directory, with a template, and change nothing.
    #[arg(long, value_name = "DIR", requires = "hub", conflicts_with = "yes")]
    pub hand_over: Option<PathBuf>,
}

impl Desk<'_> {
    /// Lists hubs, or links or unlinks one.
    ///
    /// # Errors
    /// When nothing is asked for, or as what is asked for.
    pub async fn peer(&self, arguments: &Peer) -> Result<(), Ending> {
        if arguments.list_hubs {
            return self.list_hubs(&arguments.name).await;
        }
        if arguments.hub.is_none() && !arguments.remove {
            let problem = Problem::new(
                "NothingAsked",
                "It is not said what to do with the environment's connection.",
                "Add --list-hubs to see the hubs, --hub ID to connect one, or --remove to take the connection away.",
            );
            return Err(Ending::Usage(Box::new(problem)));
        }
        if let (Some(directory), Some(hub)) = (&arguments.hand_over, &arguments.hub) {
            return self.hand_over(&arguments.name, hub, directory).await;
        }
        peer_link::run(self, arguments)
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
