//! Connecting an environment to a hub: finding hubs, making and mending both halves, taking them away again, and looking
//! from on-premises whether it works.
//!
//! Azure is read before anything is judged, and every function here can be called again: it goes on from what stands. It
//! must not decide what fits: `domain::peering` does.

mod connection;
mod ground;
mod halves;
pub(super) mod leave;
mod link;
mod names;
mod remember;
mod unlink;

pub use self::{
    connection::connection,
    link::{Linked, link},
    remember::recorded_hub,
    unlink::{Unlinked, unlink},
};

pub(super) use self::{
    ground::{DNS, NETWORK, NETWORKS, ZONES},
    halves::{is_gone, is_refused},
};

use super::Context;
use crate::domain::{
    environment::Record,
    peering::{Candidate, Fit, Hub, Known, Rights},
    problem::Problem,
};

/// TEMPORARY until the branch of the hubs is merged.
///
/// # Errors
/// When it cannot be read.
pub async fn hub(context: &Context, _record: &Record, id: &str) -> Result<Candidate, Problem> {
    let network = context.arm.hub(id, &[]).await?;
    Ok(Candidate {
        hub: Hub {
            id: network.id,
            name: network.name,
            region: network.location,
            subscription: String::new(),
            tenant_id: context.tenant_id.clone(),
            prefixes: network.prefixes,
            dns_servers: Vec::new(),
            peers: Vec::new(),
            gateways: Known::Unread("not read".into()),
            on_premises: Known::Read(Vec::new()),
            firewall: Known::Read(None),
            resolvers: Known::Read(vec!["10.0.1.4".into()]),
            zones: Known::Read(Vec::new()),
            rights: Known::Read(Rights {
                write: true,
                peer: true,
                join: true,
            }),
        },
        fit: Fit::Good,
        reasons: Vec::new(),
    })
}
