//! Points 15 to 17, 21 and 27: the network, its subnets, public addresses and connections.

use super::{
    case::{Case, MACHINE, NETWORK, Part, ROUTE_TABLE, SHARED, items, or_not_told, text},
    sheet::{Rule, Sheet},
    workspace::with,
};
use crate::domain::inventory::{called, name_of};

const ADDRESS: &str = "Microsoft.Network/publicIPAddresses";
const POLICY: &str = "Microsoft.Network/serviceEndpointPolicies";
/// Accounts that Azure ML keeps for its computes
/// (<https://learn.microsoft.com/azure/machine-learning/how-to-prevent-data-loss-exfiltration>).
const ALIAS: &str = "/services/Azure/MachineLearning";

pub(super) fn resolver(case: &Case<'_>, sheet: &mut Sheet) {
    let Some(network) = with(case, sheet, NETWORK) else {
        return;
    };
    let field = "/properties/dhcpOptions/dnsServers";
    let remedy = "Remove the DNS servers from the network, or make sure that they ask 168.63.129.16 for the private zones.";
    sheet.field(&network, field, Rule::Empty, remedy);
    if network.body.is_ok() {
        let what = "Azure's resolver answers every name, so a name can carry data out. A DNS security policy can restrict \
                    it (https://learn.microsoft.com/azure/dns/dns-security-policy).";
        sheet.open(network.name, "DNS security policy", "none", what);
    }
}

pub(super) fn subnets(case: &Case<'_>, sheet: &mut Sheet) {
    let Some(network) = with(case, sheet, NETWORK) else {
        return;
    };
    let Some(body) = sheet.body(&network, "/properties/subnets", "three subnets with walls") else {
        return;
    };
    let subnets = items(body, "/properties/subnets");
    for planned in &case.plan.subnets {
        let found = subnets
            .iter()
            .find(|each| text(each, "/name") == planned.name);
        let part = Part {
            name: &planned.name,
            id: network.id,
            body: found.ok_or(super::case::Missing::Absent),
        };
        subnet(case, sheet, &part);
    }
    for extra in subnets {
        let name = text(extra, "/name");
        let known = case.plan.subnets.iter().any(|each| each.name == name);
        if !known && name != "GatewaySubnet" {
            let remedy =
                "Delete the subnet, or give it the walls of SharedSubnet: nothing here filters it.";
            sheet.judge(
                name,
                "subnets",
                "no further subnet",
                "a subnet that is not ours",
                false,
                remedy,
            );
        }
    }
}

fn subnet(case: &Case<'_>, sheet: &mut Sheet, part: &Part<'_>) {
    let mend = "Run `privateaml mend`: it sets the subnet's walls again.";
    sheet.field(part, "/properties/defaultOutboundAccess", Rule::False, mend);
    if part.name != "AzureFirewallSubnet" {
        wall(
            case,
            sheet,
            part,
            "networkSecurityGroup",
            "Microsoft.Network/networkSecurityGroups",
        );
    }
    if part.name != SHARED {
        return;
    }
    wall(case, sheet, part, "routeTable", ROUTE_TABLE);
    let policies = "Set it to Disabled: computes cannot be made otherwise.";
    sheet.field(
        part,
        "/properties/privateEndpointNetworkPolicies",
        Rule::Something,
        policies,
    );
    let Ok(body) = part.body else { return };
    let storage = items(body, "/properties/serviceEndpoints")
        .iter()
        .any(|each| text(each, "/service").eq_ignore_ascii_case("Microsoft.Storage"));
    let policies = items(body, "/properties/serviceEndpointPolicies").len();
    if storage {
        let remedy = "Attach the service endpoint policy to SharedSubnet: without it, the endpoint leads to every account.";
        let field = "/properties/serviceEndpointPolicies";
        sheet.judge(
            part.name,
            field,
            "a policy",
            &format!("{policies} policies"),
            policies > 0,
            remedy,
        );
    }
}

/// A security group or a route table must be there, and one of this environment's.
fn wall(
    case: &Case<'_>,
    sheet: &mut Sheet,
    part: &Part<'_>,
    member: &str,
    resource_type: &'static str,
) {
    let field = format!("/properties/{member}/id");
    let Some(body) = sheet.body(part, &field, "one of ours") else {
        return;
    };
    let id = text(body, &field);
    let ours = case
        .planned(resource_type)
        .any(|each| each.id.eq_ignore_ascii_case(id));
    let found = if id.is_empty() { "none" } else { name_of(id) };
    let remedy = "Run `privateaml mend`: it sets the subnet's walls again.";
    sheet.judge(part.name, &field, "one of ours", found, ours, remedy);
}

pub(super) fn endpoint_policies(case: &Case<'_>, sheet: &mut Sheet) {
    let own = case
        .planned("Microsoft.Storage/storageAccounts")
        .next()
        .map_or("", |each| each.id.as_str());
    let mut any = false;
    for planned in case.planned(POLICY) {
        any = true;
        let part = case.part(&planned.id);
        let field = "/properties/serviceEndpointPolicyDefinitions";
        let Some(body) = sheet.body(&part, field, "our account and Azure ML's") else {
            continue;
        };
        for definition in items(body, field) {
            for resource in items(definition, "/properties/serviceResources") {
                let id = resource.as_str().unwrap_or_default();
                let known = id.eq_ignore_ascii_case(ALIAS) || id.eq_ignore_ascii_case(own);
                let named = or_not_told(id);
                let remedy = format!("Remove {named} from the policy: data can be written there.");
                sheet.judge(
                    part.name,
                    "serviceResources",
                    "our account or Azure ML's",
                    id,
                    known,
                    &remedy,
                );
            }
        }
    }
    let extra: Vec<&str> = case
        .inventory
        .of_type(POLICY)
        .filter(|each| case.plan.resource_by_id(&each.id).is_none())
        .map(|each| each.name.as_str())
        .collect();
    for name in &extra {
        let remedy = "Look at its definitions: it is not this environment's.";
        sheet.judge(
            name,
            "serviceEndpointPolicies",
            "none but ours",
            "a policy of somebody else",
            false,
            remedy,
        );
    }
    if case.inventory.listed.is_none() {
        let why = "the group could not be listed";
        sheet.unknown(SHARED, "serviceEndpointPolicies", "none but ours", why);
    } else if !any && extra.is_empty() {
        let found = "no service endpoints are used";
        sheet.judge(
            SHARED,
            "serviceEndpointPolicies",
            "none needed",
            found,
            true,
            "",
        );
    }
}

pub(super) fn public_addresses(case: &Case<'_>, sheet: &mut Sheet) {
    let Some(listed) = &case.inventory.listed else {
        sheet.unknown(
            "resource group",
            "resources",
            "what it holds",
            "it could not be listed",
        );
        return;
    };
    for address in case.inventory.of_type(ADDRESS) {
        let part = case.part(&address.id);
        let field = "/properties/ipConfiguration/id";
        let Some(body) = sheet.body(&part, field, "firewall or Bastion") else {
            continue;
        };
        let user = text(body, field).to_ascii_lowercase();
        let known = user.contains("/azurefirewalls/") || user.contains("/bastionhosts/");
        let planned = case.plan.resource_by_id(&address.id).is_some();
        let found = if user.is_empty() {
            "nobody".to_owned()
        } else {
            owner(&user)
        };
        let remedy = format!("Detach {} from what it is on, and delete it.", address.name);
        let expected = "firewall or Bastion";
        sheet.judge(
            part.name,
            field,
            expected,
            &found,
            known || (planned && user.is_empty()),
            &remedy,
        );
    }
    for (kind, what) in [
        ("natGateways", "a NAT gateway"),
        ("loadBalancers", "a load balancer"),
    ] {
        let resource_type = format!("Microsoft.Network/{kind}");
        for extra in listed
            .iter()
            .filter(|each| each.resource_type.eq_ignore_ascii_case(&resource_type))
        {
            let remedy =
                "Delete it, unless it has no public address: it can lead past the firewall.";
            sheet.judge(&extra.name, kind, "none", what, false, remedy);
        }
    }
    if sheet.findings.is_empty() {
        sheet.judge(
            "resource group",
            "publicIPAddresses",
            "firewall or Bastion",
            "no public address",
            true,
            "",
        );
    }
}

/// The resource that an address configuration belongs to.
fn owner(configuration: &str) -> String {
    let mut parts = configuration.rsplit('/');
    parts.nth(2).unwrap_or(configuration).to_owned()
}

pub(super) fn peerings(case: &Case<'_>, sheet: &mut Sheet) {
    let Some(network) = with(case, sheet, NETWORK) else {
        return;
    };
    let field = "/properties/virtualNetworkPeerings";
    let Some(body) = sheet.body(&network, field, "only the hub") else {
        return;
    };
    let peerings = items(body, field);
    if peerings.is_empty() {
        sheet.judge(network.name, field, "only the hub", "no peering", true, "");
    }
    for peering in peerings {
        let name = text(peering, "/name");
        let remote = text(peering, "/properties/remoteVirtualNetwork/id");
        let other = called(remote);
        let remedy = format!(
            "Delete the peering on both sides, unless {other} is meant to reach this environment."
        );
        sheet.judge(
            name,
            "remoteVirtualNetwork",
            "the hub",
            other,
            case.is_known_network(remote),
            &remedy,
        );
        let state = text(peering, "/properties/peeringState");
        let remedy = format!(
            "Run `privateaml peer` for this environment: it makes what is missing of the peering to {other} again, or says what \
             its owner must do."
        );
        sheet.judge(
            name,
            "peeringState",
            "Connected",
            state,
            state == "Connected",
            &remedy,
        );
        let level = text(peering, "/properties/peeringSyncLevel");
        if !level.is_empty() && state == "Connected" {
            let remedy = format!(
                "An address space has changed: `privateaml peer` syncs the peering to {other} (as az network vnet peering sync)."
            );
            sheet.judge(
                name,
                "peeringSyncLevel",
                "FullyInSync",
                level,
                level == "FullyInSync",
                &remedy,
            );
        }
    }
}

/// Whether the machine of the jumpbox is there to be asked about routes.
pub(super) fn has_machine(case: &Case<'_>) -> bool {
    case.planned(MACHINE).next().is_some()
}
