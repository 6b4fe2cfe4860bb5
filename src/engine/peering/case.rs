//! What a test from on-premises is judged by: what must be found, and what stands between. It reads only.

use std::net::Ipv4Addr;

use super::expectations::expectations;
use super::{connection, recorded_hub};
use crate::domain::environment::Record;
use crate::domain::peering::verify::Expectations;
use crate::domain::peering::{Hub, HubConnection};
use crate::domain::problem::Result;
use crate::engine::Context;

/// What must be found on-premises, and what stands between the environment and its hub, where it is connected to one
/// that can be read.
///
/// # Errors
/// As [`expectations`].
pub async fn case(
    context: &Context,
    record: &Record,
) -> Result<(Expectations, Option<HubConnection>)> {
    let mut expected = expectations(context, record).await?;
    // The names are the heart of it: that the hub cannot be read only makes the verdict less exact.
    let hub = recorded_hub(context, record).await.unwrap_or_default();
    let connection = match hub {
        Some(hub) => match connection(context, record, &hub).await {
            Ok(connection) => Some(connection),
            Err(problem) => {
                tracing::info!(%problem, "what stands between environment and hub was not read");
                None
            }
        },
        None => None,
    };
    if let Some(connection) = &connection {
        expected.resolvers = servers(&connection.hub);
    }
    Ok((expected, connection))
}

/// The DNS servers of a hub that can be asked for private names: its resolver, else the servers that it hands out.
fn servers(hub: &Hub) -> Vec<Ipv4Addr> {
    let resolvers = hub.resolvers.read().filter(|found| !found.is_empty());
    let texts = resolvers.unwrap_or(&hub.dns_servers);
    texts.iter().filter_map(|text| text.parse().ok()).collect()
}
