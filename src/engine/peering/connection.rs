//! What stands between an environment and a hub, read from both sides and judged step by step. Reads only.

use serde_json::Value;

use super::environment_network::{EnvironmentNetwork, behind, named};
use super::names::{self, RefusedNameChanges};
use super::peering_pair::PeeringPair;
use crate::domain::environment::Record;
use crate::domain::peering::az::quote;
use crate::domain::peering::link::{self, May, Side, Transit};
use crate::domain::peering::routes::{self, Ways};
use crate::domain::peering::{
    Candidate, Guide, Hub, HubConnection, Known, Lack, Mistake, StepStatus, Topic, zones,
};
use crate::domain::problem::Result;
use crate::engine::Context;

/// What was learned on the way, which Azure tells only by refusing.
#[derive(Debug)]
pub(super) struct LinkPermissions {
    pub transit: Transit,
    pub may: May,
    /// What else the first step lacks.
    pub lacks: Vec<Lack>,
    pub refused: RefusedNameChanges,
    /// The sides that were synced already.
    pub synced: Vec<Side>,
}

impl LinkPermissions {
    /// As the facts about a hub tell. `tenant` is the environment's.
    pub(super) fn of(hub: &Hub, tenant: &str) -> Self {
        let mut permissions = Self {
            transit: Transit::of(hub),
            may: May::of(hub),
            lacks: Vec::new(),
            refused: RefusedNameChanges::default(),
            synced: Vec::new(),
        };
        if is_elsewhere(hub, tenant) {
            (permissions.may.near, permissions.may.far) = (false, false);
            permissions.lacks.push(other_tenant(hub, tenant));
        }
        permissions
    }
}

fn is_elsewhere(hub: &Hub, tenant: &str) -> bool {
    let known = !hub.tenant_id.is_empty() && !tenant.is_empty();
    known && !hub.tenant_id.eq_ignore_ascii_case(tenant)
}

/// Azure takes such a half only with a token of each tenant, and this program signs in to one
/// (<https://learn.microsoft.com/azure/azure-resource-manager/management/authenticate-multi-tenant>).
fn other_tenant(hub: &Hub, tenant: &str) -> Lack {
    Lack::new(
        Mistake::Rights,
        format!(
            "{} lies in another tenant ({}): Azure takes a peering between tenants only from somebody who \
             is signed in to both.",
            hub.name, hub.tenant_id
        ),
        format!(
            "Sign in to both (az login --tenant {} and az login --tenant {}) and create both sides by the \
             hand-over; then run `privateaml peer` again.",
            quote(&hub.tenant_id),
            quote(tenant)
        ),
    )
}

/// Reads both sides, names and routes, and judges the four guided steps.
///
/// # Errors
/// When the environment's network or the hub cannot be read.
pub async fn connection(context: &Context, record: &Record, hub_id: &str) -> Result<HubConnection> {
    let (_, connection) = closely(context, record, hub_id).await?;
    Ok(connection)
}

/// The same with the hub as it was judged, from one reading of it.
///
/// # Errors
/// As [`connection`].
pub async fn closely(
    context: &Context,
    record: &Record,
    hub_id: &str,
) -> Result<(Candidate, HubConnection)> {
    let candidate = super::hub(context, record, hub_id).await?;
    let network = EnvironmentNetwork::read(context, record).await?;
    let permissions = LinkPermissions::of(&candidate.hub, &context.tenant_id);
    let connection = judged(context, record, candidate.hub.clone(), &network, &permissions).await?;
    Ok((candidate, connection))
}

/// The same with what was learned by changing.
pub(super) async fn judged(
    context: &Context,
    record: &Record,
    hub: Hub,
    network: &EnvironmentNetwork,
    permissions: &LinkPermissions,
) -> Result<HubConnection> {
    let pair = PeeringPair::read(context, &network.network_id, &hub.id).await?;
    let mut names = names::read(context, network, &hub, &record.full_name, None).await?;
    permissions.refused.tell(&mut names, &hub, &record.full_name);
    let gateway_table = gateway_table(context, &hub).await;
    let mut link = link::judge(
        pair.sides(),
        &hub,
        &network.name,
        permissions.transit,
        permissions.may,
        &permissions.synced,
    );
    link.lacks.splice(0..0, permissions.lacks.iter().cloned());
    let steps = vec![
        link,
        zones::judge(&names, &hub),
        routes::judge(&Ways {
            ranges: &network.ranges,
            route_table: network.route_table.as_ref(),
            subnet: network.subnet.as_ref(),
            security_group: network.security_group.as_ref(),
            hub: &hub,
            gateway_table: &gateway_table,
        }),
        test(record),
    ];
    Ok(HubConnection {
        network_id: network.network_id.clone(),
        near: pair.near,
        far: pair.far,
        hub,
        steps,
        names,
    })
}

/// The route table of the hub's gateway subnet, which decides how questions come in past a firewall there.
async fn gateway_table(context: &Context, hub: &Hub) -> Known<Option<Value>> {
    let read = async {
        let network = context.arm.resource(&hub.id).await?;
        let subnet = network.and_then(|network| named(&network, "GatewaySubnet"));
        behind(context, subnet.as_ref(), "routeTable").await
    };
    match read.await {
        Ok(table) => Known::Read(table),
        Err(problem) => Known::Unread(problem.what),
    }
}

fn test(record: &Record) -> Guide {
    Guide {
        topic: Topic::Test,
        standing: StepStatus::Outside,
        summary: format!("on a machine on-premises: privateaml verify {}", record.full_name),
        lacks: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_hub_of_another_tenant_is_left_to_somebody_who_is_signed_in_to_both() {
        let hub: Hub = serde_json::from_value(json!({
            "id": "/hub", "name": "vnet-hub", "region": "westeurope", "subscription": "s",
            "tenant_id": "tenant-b", "prefixes": [], "dns_servers": [], "peers": [],
            "gateways": {"read": []}, "on_premises": {"read": []}, "firewall": {"read": null},
            "resolvers": {"read": []}, "zones": {"read": []},
            "rights": {"read": {"write": true, "peer": true, "join": true}}}))
        .unwrap();
        for (tenant, may) in [("TENANT-B", true), ("", true), ("tenant-a", false)] {
            let permissions = LinkPermissions::of(&hub, tenant);
            assert_eq!((permissions.may.near, permissions.may.far), (may, may), "{tenant}");
            assert_eq!(permissions.lacks.len(), usize::from(!may));
        }
    }
}
