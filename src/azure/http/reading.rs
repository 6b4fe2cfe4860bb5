//! What an answer means: whether a success has the shape that was asked for, and whether "not found" speaks of the very
//! thing that was asked for.
//!
//! It is the only place where either is decided. A proxy's page, an empty answer and an answer about something else
//! never pass for a success or for an absence. It must not know what is done with the result.

use percent_encoding::percent_decode_str;
use serde_json::Value;

/// What the body of a success must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpectedShape {
    /// Nothing is read from it: it is empty, or JSON of any kind. A text that is no JSON comes from somebody else.
    Any,
    /// An object with something at each of these JSON pointers.
    Object(&'static [&'static str]),
    /// A page of a list: an object whose `value` is a list.
    List,
    /// A bare list.
    Array,
    /// The state of an operation: a `status`, or the state of the resource.
    Status,
}

impl ExpectedShape {
    /// One resource.
    pub const RESOURCE: Self = Self::Object(&["/id", "/properties"]);

    /// What is wrong with a body, in a few words; `None` when it has the shape.
    pub(super) fn misfit(self, body: &Value) -> Option<String> {
        let missing = match self {
            _ if body.is_string() => return Some("a text that is no JSON".to_owned()),
            Self::Any => None,
            Self::Object(pointers) if body.is_object() => pointers
                .iter()
                .find(|pointer| body.pointer(pointer).is_none_or(Value::is_null))
                .map(|pointer| pointer.trim_start_matches('/').replace('/', ".")),
            Self::List => match body.get("value") {
                Some(Value::Array(_)) => None,
                _ => Some("value".to_owned()),
            },
            Self::Array if body.is_array() => None,
            Self::Status => ["/status", "/properties/provisioningState"]
                .iter()
                .all(|pointer| body.pointer(pointer).is_none_or(|word| !word.is_string()))
                .then(|| "status".to_owned()),
            Self::Object(_) | Self::Array if body.is_null() => {
                return Some("an empty answer".to_owned());
            }
            Self::Object(_) => return Some("JSON that is no object".to_owned()),
            Self::Array => return Some("JSON that is no list".to_owned()),
        };
        missing.map(|name| format!("an answer without {name}"))
    }
}

/// Codes with which Azure says that one thing of a type is not there, beside those that stand for any type
/// (recordings: Azure/azure-service-operator, Azure/azure-cli).
const OF_TYPE: [(&str, &str); 6] = [
    ("deploymentnotfound", "deployments"),
    ("roleassignmentnotfound", "roleassignments"),
    ("deletedvaultnotfound", "deletedvaults"),
    ("locknotfound", "locks"),
    ("privateendpointconnectionnotfound", "privateendpointconnections"),
    ("secretnotfound", "secrets"),
];

/// Whether a body of a 404 says that what stands at `path` is not there: by a known code, and about that thing or about
/// what it is part of. Not seeing a subscription is no absence, and neither is what a proxy answers.
pub(super) fn is_absence(path: &str, body: &Value) -> bool {
    let Some(error) = body.get("error").filter(|error| error.is_object()) else { return false };
    let text = |key: &str| error.get(key).and_then(Value::as_str).unwrap_or_default();
    let (code, message) = (text("code").to_lowercase(), text("message").to_lowercase());
    let decoded = |part: &str| percent_decode_str(part).decode_utf8_lossy().to_lowercase();
    let parts: Vec<String> = path.trim_end_matches('/').split('/').map(decoded).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let Some(group) = after(&parts, "resourcegroups") else {
        // At a subscription only what Azure keeps of deleted things can be absent.
        return is_of_type(&code, &parts) && names(&message, &parts).unwrap_or(true);
    };
    let below_group = parts.contains(&"providers");
    match code.as_str() {
        "resourcegroupnotfound" => message.contains(&format!("'{group}'")),
        "resourcenotfound" | "parentresourcenotfound" => {
            below_group && names(&message, &parts).unwrap_or(true)
        }
        // Compute names nothing; everybody else names what is missing.
        "notfound" => {
            let compute = after(&parts, "providers") == Some("microsoft.compute");
            below_group && names(&message, &parts).unwrap_or(compute)
        }
        _ => is_of_type(&code, &parts) && names(&message, &parts).unwrap_or(true),
    }
}

fn after<'a>(parts: &[&'a str], word: &str) -> Option<&'a str> {
    let at = parts.iter().position(|part| *part == word)?;
    parts.get(at + 1).copied()
}

/// Whether a code speaks of the type that a path ends in.
fn is_of_type(code: &str, parts: &[&str]) -> bool {
    OF_TYPE
        .iter()
        .any(|(known, kind)| *known == code && parts.iter().rev().take(3).any(|part| part == kind))
}

/// Whether a message names the thing of a path or what it is part of; `None` when it names nothing.
fn names(message: &str, parts: &[&str]) -> Option<bool> {
    let quoted = message.split('\'').skip(1).step_by(2);
    let ids = message
        .split_whitespace()
        .filter_map(|word| word.find("/subscriptions/").and_then(|at| word.get(at..)));
    let mut named = quoted.chain(ids).filter(|name| !name.is_empty()).peekable();
    named.peek()?;
    // The first is what is missing; a group that is named beside it is where it was looked for.
    let last = |name: &str| {
        let name = name.trim_end_matches(['.', ',', ';', ')']);
        name.rsplit('/').next().unwrap_or(name).to_owned()
    };
    named.next().map(|name| parts.contains(&last(name).as_str()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const GROUP: &str = "/subscriptions/s/resourcegroups/rg-test4821";
    const NETWORK: &str = "/subscriptions/s/resourceGroups/rg-test4821/providers/Microsoft.Network/\
        virtualNetworks/vnet-test4821";

    fn absent(path: &str, code: &str, message: &str) -> bool {
        is_absence(path, &json!({ "error": { "code": code, "message": message } }))
    }

    #[test]
    fn absence_is_a_known_code_about_the_very_thing() {
        let peering = format!("{NETWORK}/virtualNetworkPeerings/to-hub");
        let machine = format!("{GROUP}/providers/Microsoft.Compute/virtualMachines/vm-test4821");
        let resolver = format!("{GROUP}/providers/Microsoft.Network/dnsResolvers/dnspr");
        let deployment = format!("{GROUP}/providers/Microsoft.Resources/deployments/d1");
        let deleted =
            "/subscriptions/s/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/kv-a";
        let role = format!("{NETWORK}/providers/Microsoft.Authorization/roleAssignments/r-1");
        let there_is_no = |what: &str| {
            format!("The Resource '{what}' under resource group 'rg-test4821' was not found.")
        };
        for (path, code, message) in [
            (
                GROUP,
                "ResourceGroupNotFound",
                "Resource group 'rg-test4821' could not be found.".to_owned(),
            ),
            (
                NETWORK,
                "ResourceGroupNotFound",
                "Resource group 'RG-TEST4821' could not be found.".to_owned(),
            ),
            (
                NETWORK,
                "ResourceNotFound",
                there_is_no("Microsoft.Network/virtualNetworks/vnet-test4821"),
            ),
            (
                &peering,
                "ResourceNotFound",
                there_is_no("Microsoft.Network/virtualNetworks/vnet-test4821"),
            ),
            (&peering, "NotFound", format!("Resource {peering} not found.")),
            (
                &resolver,
                "NotFound",
                format!("DNS resolver not found in database. dnsResolverResourceId={resolver}"),
            ),
            (&machine, "NotFound", "The entity was not found in this Azure location.".to_owned()),
            (&deployment, "DeploymentNotFound", "Deployment 'd1' could not be found.".to_owned()),
            (
                deleted,
                "DeletedVaultNotFound",
                "The specified deleted vault 'kv-a' does not exist.".to_owned(),
            ),
            (&role, "RoleAssignmentNotFound", "The role assignment 'r-1' is not found.".to_owned()),
        ] {
            assert!(absent(path, code, &message), "{path} {code} {message}");
        }
    }

    #[test]
    fn nothing_else_is_an_absence() {
        let deployment = format!("{GROUP}/providers/Microsoft.Resources/deployments/d1");
        let card = "Resource \
            /subscriptions/s/resourceGroups/rg-test4821/providers/Microsoft.Network/networkInterfaces/nic not found.";
        for (path, code, message) in [
            (GROUP, "SubscriptionNotFound", "The subscription 's' could not be found."),
            (NETWORK, "SubscriptionNotFound", "The subscription 's' could not be found."),
            (GROUP, "ResourceGroupNotFound", "Resource group 'rg-other' could not be found."),
            (GROUP, "ResourceNotFound", "not here"),
            (GROUP, "NotFound", "Resource /subscriptions/s/resourcegroups/rg-test4821 not found."),
            (GROUP, "DeploymentNotFound", "Deployment 'rg-test4821' could not be found."),
            (NETWORK, "NotFound", "not here"),
            (NETWORK, "NotFound", card),
            (NETWORK, "InvalidResourceType", "The resource type could not be found."),
            (NETWORK, "NoRegisteredProviderFound", "No registered resource provider found."),
            (NETWORK, "DeploymentNotFound", "Deployment 'vnet-test4821' could not be found."),
            (NETWORK, "TenantNotFound", ""),
            (&deployment, "DeploymentNotFound", "Deployment 'd2' could not be found."),
            ("/subscriptions/s", "ResourceNotFound", ""),
            ("/subscriptions/s", "SubscriptionNotFound", ""),
        ] {
            assert!(!absent(path, code, message), "{path} {code} {message}");
        }
        for body in [
            Value::Null,
            json!({}),
            json!("<html>404</html>"),
            json!({ "error": "Not Found" }),
            json!({ "code": "ResourceGroupNotFound", "message": "Resource group 'rg-test4821' could not be found." }),
            json!({ "statusCode": 404, "message": "Resource not found" }),
        ] {
            assert!(!is_absence(GROUP, &body), "{body}");
        }
    }

    #[test]
    fn a_success_must_have_the_shape_that_was_asked_for() {
        let state = ExpectedShape::Object(&["/id", "/properties/provisioningState"]);
        for (shape, body, misfit) in [
            (ExpectedShape::Any, Value::Null, None),
            (ExpectedShape::Any, json!({}), None),
            (ExpectedShape::Any, json!("<html>"), Some("a text that is no JSON")),
            (ExpectedShape::RESOURCE, json!({ "id": "/x", "properties": {} }), None),
            (ExpectedShape::RESOURCE, json!({ "id": "/x" }), Some("an answer without properties")),
            (ExpectedShape::RESOURCE, json!({ "id": null }), Some("an answer without id")),
            (ExpectedShape::RESOURCE, json!({}), Some("an answer without id")),
            (ExpectedShape::RESOURCE, Value::Null, Some("an empty answer")),
            (ExpectedShape::RESOURCE, json!([]), Some("JSON that is no object")),
            (
                state,
                json!({ "id": "/x", "properties": {} }),
                Some("an answer without properties.provisioningState"),
            ),
            (ExpectedShape::List, json!({ "value": [] }), None),
            (ExpectedShape::List, json!({ "value": {} }), Some("an answer without value")),
            (ExpectedShape::List, json!({}), Some("an answer without value")),
            (ExpectedShape::List, Value::Null, Some("an answer without value")),
            (ExpectedShape::List, json!([]), Some("an answer without value")),
            (ExpectedShape::Array, json!([]), None),
            (ExpectedShape::Array, json!({}), Some("JSON that is no list")),
            (ExpectedShape::Status, json!({ "status": "Running" }), None),
            (
                ExpectedShape::Status,
                json!({ "properties": { "provisioningState": "Updating" } }),
                None,
            ),
            (ExpectedShape::Status, json!({ "status": null }), Some("an answer without status")),
            (ExpectedShape::Status, json!({}), Some("an answer without status")),
            (ExpectedShape::Status, Value::Null, Some("an answer without status")),
        ] {
            assert_eq!(shape.misfit(&body).as_deref(), misfit, "{shape:?} {body}");
        }
    }
}
