//! Points 1 to 6: the workspace and its computes.

use serde_json::Value;

use super::{
    case::{Case, Part, WORKSPACE, items, or_not_told, text},
    sheet::{Rule, Sheet},
};
use crate::domain::inventory::{called, name_of};

/// What must be there to be judged; a template without it leaves the point unknown.
pub(super) fn with<'a>(
    case: &Case<'a>,
    sheet: &mut Sheet,
    resource_type: &'a str,
) -> Option<Part<'a>> {
    let part = case.first(resource_type);
    if part.is_none() {
        sheet.unknown(resource_type, "", "one of them", "the template has none");
    }
    part
}

pub(super) fn closed(case: &Case<'_>, sheet: &mut Sheet) {
    let Some(workspace) = with(case, sheet, WORKSPACE) else {
        return;
    };
    let remedy = "Set public network access of the workspace to Disabled on its Networking page.";
    sheet.field(
        &workspace,
        "/properties/publicNetworkAccess",
        Rule::Is("Disabled"),
        remedy,
    );
    sheet.field(
        &workspace,
        "/properties/allowPublicAccessWhenBehindVnet",
        Rule::NotTrue,
        "Set allowPublicAccessWhenBehindVnet to false with the Azure CLI (az ml workspace update).",
    );
}

pub(super) fn endpoint(case: &Case<'_>, sheet: &mut Sheet) {
    let Some(workspace) = with(case, sheet, WORKSPACE) else {
        return;
    };
    let field = "/properties/privateEndpointConnections";
    let Some(body) = sheet.body(&workspace, field, "one, approved, ours") else {
        return;
    };
    let ours: Vec<&str> = case
        .planned(super::case::ENDPOINT)
        .filter(|each| leads_to(&each.body, workspace.id))
        .map(|each| each.id.as_str())
        .collect();
    let mut approved = 0;
    for connection in items(body, field) {
        let from = text(connection, "/properties/privateEndpoint/id");
        let state = text(
            connection,
            "/properties/privateLinkServiceConnectionState/status",
        );
        let is_ours = ours.iter().any(|id| id.eq_ignore_ascii_case(from));
        approved += usize::from(is_ours && state == "Approved");
        let found = format!("{} is {}", called(from), or_not_told(state));
        let remedy = format!(
            "Reject and delete the connection of {} on the workspace's Networking page, unless you know whose it is.",
            called(from)
        );
        sheet.judge(
            workspace.name,
            field,
            "only our own endpoint",
            &found,
            is_ours && state == "Approved",
            &remedy,
        );
    }
    let found = format!("{approved} approved endpoint of ours");
    let remedy =
        "Approve the endpoint on the workspace's Networking page, or run `privateaml mend`.";
    sheet.judge(
        workspace.name,
        field,
        "one approved endpoint of ours",
        &found,
        approved == 1,
        remedy,
    );
}

/// Whether a private endpoint's body leads to a service.
pub(super) fn leads_to(endpoint: &Value, service: &str) -> bool {
    [
        "privateLinkServiceConnections",
        "manualPrivateLinkServiceConnections",
    ]
    .iter()
    .flat_map(|list| items(endpoint, &format!("/properties/{list}")))
    .any(|each| text(each, "/properties/privateLinkServiceId").eq_ignore_ascii_case(service))
}

pub(super) fn identities(case: &Case<'_>, sheet: &mut Sheet) {
    let Some(workspace) = with(case, sheet, WORKSPACE) else {
        return;
    };
    let remedy =
        "Deploy again with --datastore-access identity; it needs the right to assign roles.";
    let what = "The datastores hold an account key, which everybody uses who runs a job; the settings say so \
                (--datastore-access account-key).";
    sheet.field_or_chosen(
        &workspace,
        case.planned_body(workspace.id),
        "/properties/systemDatastoresAuthMode",
        (Rule::Is("Identity"), remedy),
        what,
    );
    let remedy = "Set v1LegacyMode to false (az ml workspace update): with it, calls go over public addresses.";
    sheet.field(
        &workspace,
        "/properties/v1LegacyMode",
        Rule::NotTrue,
        remedy,
    );
}

pub(super) fn image_building(case: &Case<'_>, sheet: &mut Sheet) {
    let Some(workspace) = with(case, sheet, WORKSPACE) else {
        return;
    };
    let field = "/properties/imageBuildCompute";
    let Some(body) = sheet.body(&workspace, field, "a cluster of ours") else {
        return;
    };
    let cluster = text(body, field);
    let serverless = &["/properties/serverlessComputeSettings/serverlessComputeCustomSubnet"];
    let subnet = serverless
        .iter()
        .map(|pointer| text(body, pointer))
        .find(|id| !id.is_empty());
    let no_address = body
        .pointer("/properties/serverlessComputeSettings/serverlessComputeNoPublicIP")
        == Some(&Value::Bool(true));
    let inside = subnet.is_some_and(|id| case.is_our_subnet(id)) && no_address;
    let found = match (cluster.is_empty(), inside) {
        (false, _) => format!("the cluster {cluster}"),
        (true, true) => "serverless compute in our subnet without public address".to_owned(),
        (true, false) => "neither a cluster nor serverless compute inside".to_owned(),
    };
    let remedy = "Set imageBuildCompute to a cluster in SharedSubnet (az ml workspace update --image-build-compute).";
    let expected = "a cluster of ours, or serverless compute in our subnet";
    sheet.judge(
        workspace.name,
        field,
        expected,
        &found,
        !cluster.is_empty() || inside,
        remedy,
    );
    if let Some(subnet) = subnet {
        let found = format!(
            "{}, public address {}",
            name_of(subnet),
            if no_address { "off" } else { "on" }
        );
        let remedy = "Set serverlessComputeCustomSubnet to SharedSubnet and serverlessComputeNoPublicIP to true.";
        let field = "/properties/serverlessComputeSettings";
        sheet.judge(
            workspace.name,
            field,
            "our subnet, public address off",
            &found,
            inside,
            remedy,
        );
    }
}

pub(super) fn managed_network(case: &Case<'_>, sheet: &mut Sheet) {
    let Some(workspace) = with(case, sheet, WORKSPACE) else {
        return;
    };
    sheet.field(
        &workspace,
        "/properties/managedNetwork/isolationMode",
        Rule::OneOf(&["Disabled", "AllowOnlyApprovedOutbound"]),
        "Set the managed network's isolation mode to AllowOnlyApprovedOutbound: computes in it bypass the firewall.",
    );
}

pub(super) fn computes(case: &Case<'_>, sheet: &mut Sheet) {
    let Some(workspace) = with(case, sheet, WORKSPACE) else {
        return;
    };
    let path = format!("{}/computes", workspace.id);
    let Some(computes) = case.inventory.items(&path) else {
        let why = case
            .inventory
            .why_unknown(&path)
            .unwrap_or("there is no workspace");
        sheet.unknown(
            workspace.name,
            "computes",
            "computes inside the network",
            why,
        );
        return;
    };
    if computes.is_empty() {
        sheet.judge(
            workspace.name,
            "computes",
            "computes inside the network",
            "no computes",
            true,
            "",
        );
    }
    for body in computes {
        let part = Part {
            name: text(body, "/name"),
            id: text(body, "/id"),
            body: Ok(body),
        };
        compute(case, sheet, &part, body);
    }
}

fn compute(case: &Case<'_>, sheet: &mut Sheet, part: &Part<'_>, body: &Value) {
    let again = "Delete this compute and make it again inside SharedSubnet without public address.";
    let subnet = text(body, "/properties/properties/subnet/id");
    let kind = text(body, "/properties/computeType");
    if !matches!(kind, "AmlCompute" | "ComputeInstance") {
        let found = format!("a compute of type {}", or_not_told(kind));
        let remedy = "This program cannot judge computes that are attached from elsewhere; check where it runs.";
        sheet.unproven(
            part.name,
            "/properties/computeType",
            "AmlCompute or ComputeInstance",
            &found,
            remedy,
        );
        return;
    }
    let found = if subnet.is_empty() {
        "none"
    } else {
        name_of(subnet)
    };
    let field = "/properties/properties/subnet/id";
    sheet.judge(
        part.name,
        field,
        "our subnet",
        found,
        case.is_our_subnet(subnet),
        again,
    );
    sheet.field(
        part,
        "/properties/properties/enableNodePublicIp",
        Rule::False,
        again,
    );
    if kind == "ComputeInstance" {
        let field = "/properties/properties/sshSettings/sshPublicAccess";
        sheet.field(part, field, Rule::Is("Disabled"), again);
    } else {
        let field = "/properties/properties/remoteLoginPortPublicAccess";
        sheet.field(part, field, Rule::Is("Disabled"), again);
    }
    let remedy = "Make the compute again with local authentication off.";
    sheet.field(part, "/properties/disableLocalAuth", Rule::True, remedy);
}
