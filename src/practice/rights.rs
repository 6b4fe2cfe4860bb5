//! What the caller may do where: everything, but for groups that can only be read, and networks that belong to others
//! while the fault `no-hub-rights` is on.
//!
//! The words of the refusals are Azure's. Whoever sends the header `x-ms-practice-as: owner` plays the owner of the
//! hubs and may do everything. Reading is never refused here.

use super::identifier::{ResourceId, Scope};
use super::reply::{ArmError, Reply, Result};
use super::request::Request;
use super::state::Cloud;
use super::token::{OBJECT_ID, USER_NAME};

/// The header with which a client says whom it plays.
const AS: &str = "x-ms-practice-as";
const NETWORKS: &str = "Microsoft.Network/virtualNetworks";

/// Who a request comes from, as far as rights are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Caller {
    /// The person who practises.
    #[default]
    Person,
    /// The owner of everything.
    Owner,
}

impl Caller {
    /// The caller of a request.
    pub fn of(request: &Request) -> Self {
        match request.header(AS) {
            Some(who) if who.eq_ignore_ascii_case("owner") => Self::Owner,
            _ => Self::Person,
        }
    }
}

/// Whether the caller may only read what stands at a path, such as a group's or a resource's.
pub fn only_reads(cloud: &Cloud, segments: &[String]) -> bool {
    if cloud.caller == Caller::Owner {
        return false;
    }
    let at = |index: usize| segments.get(index).map_or("", String::as_str);
    if !at(2).eq_ignore_ascii_case("resourcegroups") {
        return false;
    }
    let scope = Scope::group(at(1), at(3));
    if cloud.root.read_only.contains(&scope) {
        return true;
    }
    match ResourceId::from_segments(segments) {
        Some(id) => is_of_others(cloud, &id),
        None => segments.len() == 4 && holds_network_of_others(cloud, &scope),
    }
}

/// Whether the caller may only read a resource.
fn only_reads_resource(cloud: &Cloud, id: &ResourceId) -> bool {
    cloud.caller != Caller::Owner
        && (cloud.root.read_only.contains(&id.scope()) || is_of_others(cloud, id))
}

/// Networks outside environments belong to somebody else, when the practice cloud was told so. What does not stand yet
/// belongs to nobody.
fn is_of_others(cloud: &Cloud, id: &ResourceId) -> bool {
    let mut top = id.clone();
    while let Some(parent) = top.parent() {
        top = parent;
    }
    cloud.fault("no-hub-rights").is_some()
        && id.namespace().eq_ignore_ascii_case("Microsoft.Network")
        && is_outside_environments(cloud, &id.scope())
        && cloud.resource(&top).is_some()
}

fn holds_network_of_others(cloud: &Cloud, scope: &Scope) -> bool {
    cloud.fault("no-hub-rights").is_some()
        && is_outside_environments(cloud, scope)
        && cloud
            .group(scope)
            .is_some_and(|group| group.resources.values().any(|each| each.is(NETWORKS)))
}

fn is_outside_environments(cloud: &Cloud, scope: &Scope) -> bool {
    cloud.group(scope).is_some_and(|group| !group.tags.contains_key("privateaml"))
}

/// Azure's refusal of a request that would change something where the caller may only read; `None` lets it through.
/// <https://learn.microsoft.com/azure/role-based-access-control/troubleshooting>
pub fn refuse(cloud: &Cloud, request: &Request) -> Option<Reply> {
    let method = request.method.as_str();
    if matches!(method, "GET" | "HEAD") {
        return None;
    }
    let acted_on = match (method, request.segments.split_last()) {
        ("POST", Some((_, before))) => before,
        _ => request.segments.as_slice(),
    };
    let is_reader = cloud.fault("reader").is_some() && cloud.caller != Caller::Owner;
    let asks = request.path.to_ascii_lowercase().ends_with("/checknameavailability");
    if !only_reads(cloud, acted_on) && (!is_reader || asks) {
        return None;
    }
    let kind = ResourceId::from_segments(acted_on).map_or_else(
        || "Microsoft.Resources/subscriptions/resourceGroups".to_owned(),
        |id| id.resource_type(),
    );
    let action = match method {
        "DELETE" => format!("{kind}/delete"),
        "POST" => {
            let verb = request.segments.last().map_or("", String::as_str);
            format!("{kind}/{verb}/action")
        }
        _ => format!("{kind}/write"),
    };
    let scope = format!("/{}", acted_on.join("/"));
    Some(not_authorized(&action, &scope).into())
}

fn not_authorized(action: &str, scope: &str) -> ArmError {
    arm_error!(
        403,
        "AuthorizationFailed",
        "The client '{USER_NAME}' with object id '{OBJECT_ID}' does not have authorization to perform action \
         '{action}' over scope '{scope}' or the scope is invalid. If access was recently granted, please refresh \
         your credentials."
    )
}

/// What a template may write: each of its resources is judged as if it were sent by itself.
///
/// # Errors
/// `AuthorizationFailed`, or as [`check_linked`].
pub fn check_write(cloud: &Cloud, id: &ResourceId, body: &serde_json::Value) -> Result<()> {
    if only_reads_resource(cloud, id) {
        let action = format!("{}/write", id.resource_type());
        return Err(not_authorized(&action, &id.to_string()));
    }
    check_linked(cloud, id, body)
}

/// A peering, a link and a resolver need a right on the network that they name, wherever that is: `peer` for the first,
/// `join` for the others
/// (<https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering#permissions>).
///
/// # Errors
/// `LinkedAuthorizationFailed`.
pub fn check_linked(cloud: &Cloud, id: &ResourceId, body: &serde_json::Value) -> Result<()> {
    let (pointer, action) = match id.resource_type().to_ascii_lowercase().as_str() {
        "microsoft.network/virtualnetworks/virtualnetworkpeerings" => {
            ("/properties/remoteVirtualNetwork/id", "peer/action")
        }
        "microsoft.network/privatednszones/virtualnetworklinks"
        | "microsoft.network/dnsresolvers" => ("/properties/virtualNetwork/id", "join/action"),
        _ => return Ok(()),
    };
    let linked = body.pointer(pointer).and_then(serde_json::Value::as_str);
    let Some(linked) = linked.and_then(ResourceId::parse) else { return Ok(()) };
    if !only_reads_resource(cloud, &linked) {
        return Ok(());
    }
    Err(arm_error!(
        403,
        "LinkedAuthorizationFailed",
        "The client '{USER_NAME}' with object id '{OBJECT_ID}' has permission to perform action '{}/write' on \
         scope '{id}'; however, it does not have permission to perform action '{action}' on the linked scope(s) \
         '{linked}' or the linked scope(s) are invalid.",
        id.resource_type()
    ))
}

#[cfg(test)]
mod tests {
    use hyper::Method;
    use serde_json::{Value, json};

    use crate::practice::clock::Clock as _;
    use crate::practice::reply::Reply;
    use crate::practice::request::Request;
    use crate::practice::state::TENANT;
    use crate::practice::testing::{Bench, subscription};
    use crate::practice::{Fault, route, sample_hubs, token};

    fn bench() -> Bench {
        let mut bench = Bench::with_group();
        bench.on(sample_hubs::hubs);
        bench
    }

    fn network(group: &str, name: &str) -> String {
        format!(
            "{}/resourceGroups/{group}/providers/Microsoft.Network/virtualNetworks/{name}",
            subscription()
        )
    }

    fn peering(remote: &str) -> Value {
        json!({ "properties": { "remoteVirtualNetwork": { "id": remote } } })
    }

    fn as_owner(bench: &mut Bench, method: Method, path: &str, body: Value) -> Reply {
        let token = token::issue("https://management.azure.com/", TENANT, bench.clock.now());
        let mut request =
            Request::new(method, &format!("{path}?api-version=2025-05-01")).with(body);
        request.headers.insert("x-ms-practice-as".into(), "owner".into());
        bench.on(|cloud| route::answer(cloud, &request, Some(&token)))
    }

    #[test]
    fn a_group_that_can_only_be_read_says_so_and_refuses_every_change() {
        let mut bench = bench();
        let team = network("rg-team", "vnet-team");
        let permissions = format!("{team}/providers/Microsoft.Authorization/permissions");
        assert_eq!(bench.get(&permissions).body["value"][0]["actions"], json!(["*/read"]));
        assert_eq!(bench.get(&team).status, 200);
        let other = network("rg-hub", "vnet-hub-weu");
        let half = format!("{team}/virtualNetworkPeerings/to-hub");
        let refusals = [
            bench.put(&half, peering(&other)),
            bench.delete(&team),
            bench.delete(&format!("{}/resourceGroups/rg-team", subscription())),
            bench.post(&format!("{team}/explode"), Value::Null),
        ];
        for refused in refusals {
            assert_eq!((refused.status, Bench::code(&refused)), (403, "AuthorizationFailed"));
        }
        let free = network("rg-hub", "vnet-hub-weu");
        let permissions = format!("{free}/providers/Microsoft.Authorization/permissions");
        assert_eq!(bench.get(&permissions).body["value"][0]["actions"], json!(["*"]));
    }

    #[test]
    fn what_leads_there_from_elsewhere_is_refused_too_until_the_owner_acts() {
        let mut bench = bench();
        let (team, lab) = (network("rg-team", "vnet-team"), network("rg-lab", "vnet-lab"));
        let half = format!("{lab}/virtualNetworkPeerings/to-team");
        let refused = bench.put(&half, peering(&team));
        assert_eq!((refused.status, Bench::code(&refused)), (403, "LinkedAuthorizationFailed"));
        assert!(refused.body.to_string().contains("peer/action"));
        let zone = format!(
            "{}/resourceGroups/rg-lab/providers/Microsoft.Network/privateDnsZones/a.example",
            subscription()
        );
        bench.make(&format!("{zone}?api-version=2024-06-01"), json!({ "location": "global" }));
        let link =
            json!({ "location": "global", "properties": { "virtualNetwork": { "id": team } } });
        let refused =
            bench.put(&format!("{zone}/virtualNetworkLinks/l?api-version=2024-06-01"), link);
        assert!(refused.body.to_string().contains("join/action"), "{}", refused.body);
        let back = format!("{team}/virtualNetworkPeerings/to-lab");
        assert_eq!(as_owner(&mut bench, Method::PUT, &back, peering(&lab)).status, 201);
        bench.pass(600);
        assert_eq!(as_owner(&mut bench, Method::PUT, &half, peering(&team)).status, 201);
        bench.pass(600);
        // Nobody is the owner for longer than a request.
        assert_eq!(Bench::code(&bench.delete(&back)), "AuthorizationFailed");
    }

    #[test]
    fn a_template_may_not_write_there_either() {
        let mut bench = bench();
        let team = network("rg-team", "vnet-team");
        let template = json!({ "properties": { "mode": "Incremental", "template": {
            "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
            "contentVersion": "1.0.0.0",
            "resources": [{
                "type": "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
                "apiVersion": "2025-05-01", "name": "vnet-lab/to-team",
                "properties": { "remoteVirtualNetwork": { "id": team } },
            }],
        }}});
        for (group, code) in
            [("rg-lab", "LinkedAuthorizationFailed"), ("rg-team", "AuthorizationFailed")]
        {
            let path = format!(
                "{}/resourcegroups/{group}/providers/Microsoft.Resources/deployments/d",
                subscription()
            );
            let refused = bench.put(&path, template.clone());
            assert!(refused.body.to_string().contains(code), "{}", refused.body);
        }
    }

    #[test]
    fn networks_outside_environments_belong_to_others_while_the_fault_is_on() {
        let mut bench = bench();
        bench.faults(&[Fault::NoHubRights]);
        let (hub, lab) = (network("rg-hub", "vnet-hub-weu"), network("rg-lab", "vnet-lab"));
        let half = format!("{hub}/virtualNetworkPeerings/to-lab");
        assert_eq!(Bench::code(&bench.put(&half, peering(&lab))), "AuthorizationFailed");
        assert_eq!(Bench::code(&bench.delete(&hub)), "AuthorizationFailed");
        // What does not stand yet belongs to nobody.
        let new = network("rg-test", "vnet-new");
        let body = json!({ "location": "westeurope", "properties": { "addressSpace": { "addressPrefixes": ["10.99.0.0/16"] } } });
        assert_eq!(bench.put(&new, body).status, 201);
    }
}
