//! Both halves of a peering: read, and changed one change at a time.
//!
//! What is known of a half is written, and everything else that it has stays. What to change is
//! `domain::peering::link`'s.

use serde_json::{Map, Value, json};

use super::environment_network::EnvironmentNetwork;
use crate::domain::operation::OperationStep;
use crate::domain::peering::link::{PeeringChange, Side, Sides, free_name};
use crate::domain::peering::{Far, Flags, Half, Hub, Known};
use crate::domain::problem::{Problem, Result};
use crate::engine::Context;
use crate::engine::work::{self, Work};

/// What Azure fills in, and what only mirrors the networks: it is never sent back.
const READ_ONLY: [&str; 10] = [
    "peeringState",
    "peeringSyncLevel",
    "provisioningState",
    "resourceGuid",
    "remoteAddressSpace",
    "remoteVirtualNetworkAddressSpace",
    "remoteVirtualNetworkEncryption",
    "localAddressSpace",
    "localVirtualNetworkAddressSpace",
    "didUseRemoteGateways",
];

/// The halves between two networks, and the names that are taken beside them.
#[derive(Debug)]
pub(super) struct PeeringPair {
    pub near: Option<Half>,
    pub far: Far,
    near_bodies: Vec<Value>,
    far_bodies: Vec<Value>,
}

impl PeeringPair {
    /// Reads them.
    pub(super) async fn read(context: &Context, network_id: &str, hub_id: &str) -> Result<Self> {
        let list = |id: &str| format!("{}/virtualNetworkPeerings", id.trim_end_matches('/'));
        let near_bodies = context.arm.resources_at(&list(network_id)).await?;
        let (far, far_bodies) = match context.arm.resource_list(&list(hub_id)).await {
            Ok(bodies) => {
                let bodies = bodies.unwrap_or_default();
                let far = leading(&bodies, network_id).map_or(Far::Absent, Far::Found);
                (far, bodies)
            }
            Err(problem) if is_refused(&problem) => {
                let why = problem.what.clone();
                (Far::Unread { why }, Vec::new())
            }
            Err(problem) => return Err(problem),
        };
        Ok(Self { near: leading(&near_bodies, hub_id), far, near_bodies, far_bodies })
    }

    pub(super) fn sides(&self) -> Sides<'_> {
        Sides { near: self.near.as_ref(), far: &self.far }
    }

    /// Our halves that lead elsewhere than into our own group.
    pub(super) fn all_near(&self) -> impl Iterator<Item = Half> {
        self.near_bodies.iter().filter_map(Half::read)
    }

    fn bodies(&self, side: Side) -> &[Value] {
        match side {
            Side::Near => &self.near_bodies,
            Side::Far => &self.far_bodies,
        }
    }

    /// The half of a name as Azure told it.
    fn body(&self, side: Side, name: &str) -> Option<&Value> {
        let mut bodies = self.bodies(side).iter();
        bodies.find(|body| {
            let text = body.get("name").and_then(Value::as_str);
            text.is_some_and(|text| text.eq_ignore_ascii_case(name))
        })
    }

    /// A name for a new half.
    fn name(&self, side: Side, remote: &str) -> String {
        let bodies = self.bodies(side).iter();
        let taken: Vec<String> =
            bodies.filter_map(|body| Some(body.get("name")?.as_str()?.to_owned())).collect();
        free_name(remote, &taken)
    }

    /// Makes a change and waits for its end.
    pub(super) async fn apply(
        &self,
        work: Work<'_>,
        change: &PeeringChange,
        network: &EnvironmentNetwork,
        hub: &Hub,
    ) -> Result<()> {
        let side = change.side();
        let (own, remote, remote_name, place) = match side {
            Side::Near => (&network.network_id, &hub.id, &hub.name, &network.name),
            Side::Far => (&hub.id, &network.network_id, &network.name, &hub.name),
        };
        let at =
            |name: &str| format!("{}/virtualNetworkPeerings/{name}", own.trim_end_matches('/'));
        let network = place.clone();
        let (act, request) = match change {
            PeeringChange::Delete { name, .. } => {
                let name = name.clone();
                let request = work::ResourceChange::Delete { id: at(&name) };
                (OperationStep::DeletingHalf { name, network }, request)
            }
            PeeringChange::Make { flags, .. } => {
                let name = self.name(side, remote_name);
                let request = put(at(&name), None, remote, Some(*flags));
                (OperationStep::MakingHalf { name, network }, request)
            }
            PeeringChange::Mend { name, flags, .. } => {
                let name = name.clone();
                let request = put(at(&name), self.body(side, &name), remote, Some(*flags));
                (OperationStep::MendingHalf { name, network }, request)
            }
            PeeringChange::Sync { name, .. } => {
                let id = format!("{}?syncRemoteAddressSpace=true", at(name));
                let request = put(id, self.body(side, name), remote, None);
                let name = name.clone();
                (OperationStep::SyncingHalf { name, network }, request)
            }
        };
        work.step(act, 2, super::link::STEPS);
        work.run_to_completion(&request).await.map(|_| ())
    }
}

/// Our half alone, as far as it can be read.
pub(super) async fn near(context: &Context, network_id: &str, hub_id: &str) -> Known<Option<Half>> {
    let path = format!("{network_id}/virtualNetworkPeerings");
    match context.arm.resources_at(&path).await {
        Ok(bodies) => Known::Read(leading(&bodies, hub_id)),
        Err(problem) => Known::Unread(problem.what),
    }
}

/// The half that leads to a network.
fn leading(bodies: &[Value], remote: &str) -> Option<Half> {
    let mut halves = bodies.iter().filter_map(Half::read);
    halves.find(|half| half.remote_id.eq_ignore_ascii_case(remote))
}

/// A half as it is to be: what it has, less what Azure fills in, with other switches where they are given.
fn put(
    id: String,
    before: Option<&Value>,
    remote: &str,
    flags: Option<Flags>,
) -> work::ResourceChange {
    let known = before.and_then(|body| body.get("properties")?.as_object().cloned());
    let mut properties: Map<String, Value> = known.unwrap_or_default();
    for name in READ_ONLY {
        properties.remove(name);
    }
    properties.insert("remoteVirtualNetwork".into(), json!({ "id": remote }));
    if let Some(flags) = flags {
        for (name, value) in [
            ("allowVirtualNetworkAccess", flags.access),
            ("allowForwardedTraffic", flags.forwarded),
            ("allowGatewayTransit", flags.gateway_transit),
            ("useRemoteGateways", flags.remote_gateways),
        ] {
            properties.insert(name.into(), value.into());
        }
    }
    work::ResourceChange::Put { id, body: json!({ "properties": properties }) }
}

/// Whether Azure refuses for want of rights, by a lock or by a policy. Not to see a subscription is a want of rights
/// too.
pub(in crate::engine) fn is_refused(problem: &Problem) -> bool {
    matches!(
        problem.code.as_str(),
        "AuthorizationFailed"
            | "AuthorizationFailure"
            | "Forbidden"
            | "LinkedAuthorizationFailed"
            | "LinkedAccessCheckFailed"
            | "ScopeLocked"
            | "RequestDisallowedByPolicy"
            | "InvalidAuthenticationTokenTenant"
            | "SubscriptionNotFound"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_of_a_half_is_kept_and_what_azure_fills_in_is_not_sent() {
        let before = json!({"id": "/p", "name": "p", "etag": "x", "properties": {
            "peeringState": "Connected", "provisioningState": "Succeeded", "peeringSyncLevel": "FullyInSync",
            "remoteAddressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
            "doNotVerifyRemoteGateways": true, "peerCompleteVnets": true, "allowForwardedTraffic": false,
            "remoteVirtualNetwork": {"id": "/hub"}}});
        let flags =
            Flags { access: true, forwarded: true, gateway_transit: false, remote_gateways: true };
        let work::ResourceChange::Put { body, .. } =
            put("/p".into(), Some(&before), "/hub", Some(flags))
        else {
            panic!("a put");
        };
        let expected = json!({"properties": {
            "doNotVerifyRemoteGateways": true, "peerCompleteVnets": true, "allowForwardedTraffic": true,
            "remoteVirtualNetwork": {"id": "/hub"}, "allowVirtualNetworkAccess": true,
            "allowGatewayTransit": false, "useRemoteGateways": true}});
        assert_eq!(body, expected);
        let work::ResourceChange::Put { body, .. } = put("/p".into(), Some(&before), "/hub", None)
        else {
            panic!("a put");
        };
        assert_eq!(body["properties"]["allowForwardedTraffic"], false);
    }
}
