//! Properties that a type cannot do without, and values that it admits only from a list.
//!
//! The facts are those of the official resource schemas; a provider's deeper rules stand in its own module.

use serde_json::Value;

use super::Proposed;
use crate::practice::reply::{ArmError, Result};

/// Required properties: full type and JSON pointers into the body.
#[rustfmt::skip]
const REQUIRED: &[(&str, &[&str])] = &[
    ("Microsoft.Network/virtualNetworks", &["/location", "/properties/addressSpace/addressPrefixes"]),
    ("Microsoft.Network/virtualNetworks/subnets", &["/properties"]),
    ("Microsoft.Network/virtualNetworks/virtualNetworkPeerings", &["/properties/remoteVirtualNetwork/id"]),
    ("Microsoft.Network/networkSecurityGroups", &["/location"]),
    ("Microsoft.Network/routeTables", &["/location"]),
    ("Microsoft.Network/publicIPAddresses", &["/location"]),
    ("Microsoft.Network/azureFirewalls", &["/location"]),
    ("Microsoft.Network/firewallPolicies", &["/location"]),
    ("Microsoft.Network/firewallPolicies/ruleCollectionGroups", &["/properties/priority"]),
    ("Microsoft.Network/bastionHosts", &["/location"]),
    ("Microsoft.Network/privateEndpoints", &["/location", "/properties/subnet/id"]),
    ("Microsoft.Network/privateEndpoints/privateDnsZoneGroups", &["/properties/privateDnsZoneConfigs"]),
    ("Microsoft.Network/networkInterfaces", &["/location", "/properties/ipConfigurations"]),
    ("Microsoft.Network/privateDnsZones", &["/location"]),
    ("Microsoft.Network/privateDnsZones/virtualNetworkLinks", &["/location", "/properties/virtualNetwork/id"]),
    ("Microsoft.Network/virtualNetworkGateways",
        &["/location", "/properties/gatewayType", "/properties/sku/name", "/properties/ipConfigurations"]),
    ("Microsoft.Network/localNetworkGateways", &["/location", "/properties/gatewayIpAddress"]),
    ("Microsoft.Network/connections",
        &["/location", "/properties/connectionType", "/properties/virtualNetworkGateway1/id"]),
    ("Microsoft.Network/dnsResolvers", &["/location", "/properties/virtualNetwork/id"]),
    ("Microsoft.Network/dnsResolvers/inboundEndpoints", &["/location", "/properties/ipConfigurations"]),
    ("Microsoft.Storage/storageAccounts", &["/location", "/kind", "/sku/name"]),
    ("Microsoft.KeyVault/vaults",
        &["/location", "/properties/tenantId", "/properties/sku/family", "/properties/sku/name"]),
    ("Microsoft.KeyVault/vaults/secrets", &["/properties"]),
    ("Microsoft.ContainerRegistry/registries", &["/location", "/sku/name"]),
    ("Microsoft.MachineLearningServices/workspaces", &["/location", "/identity/type"]),
    ("Microsoft.MachineLearningServices/workspaces/computes", &["/location", "/properties/computeType"]),
    ("Microsoft.OperationalInsights/workspaces", &["/location"]),
    ("Microsoft.Insights/components", &["/location", "/kind", "/properties/Application_Type"]),
    ("Microsoft.Insights/privateLinkScopes",
        &["/location", "/properties/accessModeSettings/ingestionAccessMode",
            "/properties/accessModeSettings/queryAccessMode"]),
    ("Microsoft.Insights/privateLinkScopes/scopedResources", &["/properties/linkedResourceId"]),
    ("Microsoft.Insights/diagnosticSettings", &["/properties"]),
    ("Microsoft.Compute/virtualMachines",
        &["/location", "/properties/hardwareProfile/vmSize", "/properties/networkProfile/networkInterfaces"]),
    ("Microsoft.Compute/virtualMachines/extensions",
        &["/location", "/properties/publisher", "/properties/type", "/properties/typeHandlerVersion"]),
    ("Microsoft.Authorization/roleAssignments", &["/properties/roleDefinitionId", "/properties/principalId"]),
    ("Microsoft.Authorization/locks", &["/properties/level"]),
    ("Microsoft.ManagedIdentity/userAssignedIdentities", &["/location"]),
    ("Microsoft.DevTestLab/schedules", &["/location", "/properties/taskType", "/properties/targetResourceId"]),
];

/// Closed lists: full type, JSON pointer, admitted values.
#[rustfmt::skip]
const ADMITTED: &[(&str, &str, &[&str])] = &[
    ("Microsoft.Network/virtualNetworkGateways", "/properties/gatewayType", &["Vpn", "ExpressRoute"]),
    ("Microsoft.Network/virtualNetworkGateways", "/properties/vpnType", &["RouteBased", "PolicyBased"]),
    ("Microsoft.Network/connections", "/properties/connectionType",
        &["IPsec", "Vnet2Vnet", "ExpressRoute", "VPNClient"]),
    ("Microsoft.Network/bastionHosts", "/sku/name", &["Developer", "Basic", "Standard", "Premium"]),
    ("Microsoft.Network/azureFirewalls", "/properties/sku/tier", &["Basic", "Standard", "Premium"]),
    ("Microsoft.Network/firewallPolicies", "/properties/threatIntelMode", &["Alert", "Deny", "Off"]),
    ("Microsoft.Network/publicIPAddresses", "/sku/name", &["Standard", "StandardV2"]),
    ("Microsoft.Storage/storageAccounts", "/kind",
        &["Storage", "StorageV2", "BlobStorage", "FileStorage", "BlockBlobStorage"]),
    ("Microsoft.KeyVault/vaults", "/properties/sku/name", &["standard", "premium"]),
    ("Microsoft.ContainerRegistry/registries", "/sku/name", &["Basic", "Standard", "Premium"]),
    ("Microsoft.MachineLearningServices/workspaces/computes", "/properties/computeType",
        &["AmlCompute", "ComputeInstance", "Kubernetes", "VirtualMachine", "AKS"]),
    ("Microsoft.Network/privateDnsZones/virtualNetworkLinks", "/properties/resolutionPolicy",
        &["Default", "NxDomainRedirect"]),
    ("Microsoft.Authorization/locks", "/properties/level", &["CanNotDelete", "ReadOnly"]),
    ("Microsoft.Authorization/roleAssignments", "/properties/principalType",
        &["User", "Group", "ServicePrincipal", "ForeignGroup", "Device"]),
];

pub(super) fn check(proposed: &Proposed<'_>) -> Result<()> {
    let required = REQUIRED
        .iter()
        .find(|(kind, _)| proposed.is(kind))
        .map_or(&[][..], |(_, pointers)| pointers);
    for pointer in required {
        if proposed.get(pointer).is_none() {
            return Err(missing(proposed, pointer));
        }
    }
    for (kind, pointer, admitted) in ADMITTED {
        let Some(given) = proposed.get(pointer).and_then(Value::as_str) else { continue };
        // A value that is still an expression is known only when the resource is written.
        let known = admitted.iter().any(|value| value.eq_ignore_ascii_case(given));
        if proposed.is(kind) && !known && !given.starts_with('[') {
            return Err(bad_request!(
                "InvalidParameter",
                "The value '{given}' of parameter {} is not allowed. Allowed values are: {}.",
                dotted(pointer),
                admitted.join(", ")
            )
            .about(dotted(pointer)));
        }
    }
    Ok(())
}

fn missing(proposed: &Proposed<'_>, pointer: &str) -> ArmError {
    let property = dotted(pointer);
    if property == "location" {
        return bad_request!(
            "LocationRequired",
            "The location property is required for this definition."
        )
        .about(proposed.id.to_string());
    }
    let code = match proposed.id.namespace().to_ascii_lowercase().as_str() {
        "microsoft.network" => "MissingRequiredProperty",
        "microsoft.compute" => "InvalidParameter",
        _ => "InvalidRequestContent",
    };
    bad_request!(code, "Required property '{property}' of {} is missing.", proposed.id)
        .about(property)
}

fn dotted(pointer: &str) -> String {
    pointer.trim_start_matches('/').trim_start_matches("properties/").replace('/', ".")
}
