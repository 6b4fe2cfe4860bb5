//! `peer NAME --hub ID` and `peer NAME --remove`: making, mending and taking away the connection to a hub.
//!
//! It must not list hubs; `peer` does.

use super::{exit::Ending, inspect::Desk, peer::Peer};
use crate::domain::problem::Problem;

/// Links or unlinks.
///
/// # Errors
/// As the engine; for now always, because this version only lists hubs.
pub fn run(_desk: &Desk<'_>, arguments: &Peer) -> Result<(), Ending> {
    let problem = Problem::new(
        "LinkingNotBuiltIn",
        "This version lists hubs and does not connect to them yet.",
        "List them with --list-hubs, and peer the two networks in the Azure portal.",
    );
    Err(Ending::Usage(Box::new(problem.at(arguments.name.clone()))))
}
