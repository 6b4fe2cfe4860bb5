//! Role definitions: those built-in roles that people meet here, with their real ids
//! (<https://learn.microsoft.com/azure/role-based-access-control/built-in-roles>).
//!
//! What a role permits is not told in full: nobody is judged by it.

use serde_json::{Value, json};

use crate::practice::reply::Reply;
use crate::practice::request::Request;

/// Id and name.
const ROLES: &[(&str, &str)] = &[
    ("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner"),
    ("b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor"),
    ("acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader"),
    ("18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", "User Access Administrator"),
    ("f58310d9-a9f6-439a-9e8d-f62e7b41a168", "Role Based Access Control Administrator"),
    ("4d97b98b-1d4f-4787-a291-c67834d212e7", "Network Contributor"),
    ("b12aa53e-6015-4669-85d0-8515ebb3ae7f", "Private DNS Zone Contributor"),
    ("9980e02c-c2be-4d73-94e8-173b1dc7cf3c", "Virtual Machine Contributor"),
    ("1c0163c0-47e6-4577-8991-ea5c82e286e4", "Virtual Machine Administrator Login"),
    ("17d1049b-9a84-46fb-8f53-869881c3d3ab", "Storage Account Contributor"),
    ("ba92f5b4-2d11-453d-a403-e96b0029c9fe", "Storage Blob Data Contributor"),
    ("2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", "Storage Blob Data Reader"),
    ("69566ab7-960f-475b-8e7c-b3118f30c6bd", "Storage File Data Privileged Contributor"),
    ("00482a5a-887f-4fb3-b363-3b7fe8e74483", "Key Vault Administrator"),
    ("b86a8fe4-44ce-4948-aee5-eccb2c155cd7", "Key Vault Secrets Officer"),
    ("4633458b-17de-408a-b874-0445c86b69e6", "Key Vault Secrets User"),
    ("7f951dda-4ed3-4680-a7ca-43fe172d538d", "AcrPull"),
    ("8311e382-0749-4cb8-b61a-304f252e45ec", "AcrPush"),
    ("f6c7c914-8db3-469d-8ca1-694a8f32e121", "AzureML Data Scientist"),
    ("e503ece1-11d0-4e8e-8e2c-7a6c3bf38815", "AzureML Compute Operator"),
    ("73c42c96-874c-492b-b04d-ab87d138a893", "Log Analytics Reader"),
    ("92aaf0da-9dab-42b6-94a3-d43ce8d16293", "Log Analytics Contributor"),
];

/// Answers `{scope}/providers/Microsoft.Authorization/roleDefinitions[/{id}]`; `None` when the path is another's.
pub(super) fn handle(request: &Request, path: &[&str]) -> Option<Reply> {
    if request.method != hyper::Method::GET {
        return None;
    }
    let subscription = match path {
        ["subscriptions", id, ..] => Some(*id),
        _ => None,
    };
    match path {
        [.., "providers", "microsoft.authorization", "roledefinitions"] => {
            let filter = request.query("$filter").unwrap_or("");
            let lowered = filter.to_ascii_lowercase();
            let name =
                lowered.split_once("rolename eq '").and_then(|(_, rest)| rest.split('\'').next());
            let custom = lowered.contains("customrole");
            let found = ROLES
                .iter()
                .filter(|(_, role)| {
                    !custom && name.is_none_or(|name| name.eq_ignore_ascii_case(role))
                })
                .map(|role| view(subscription, role));
            Some(Reply::list(found.collect()))
        }
        [.., "providers", "microsoft.authorization", "roledefinitions", id] => {
            let found = ROLES.iter().find(|(known, _)| known == id);
            Some(found.map_or_else(
                || {
                    fault!(
                        404,
                        "RoleDefinitionDoesNotExist",
                        "The specified role definition with ID '{}' does not exist.",
                        id.replace('-', "")
                    )
                },
                |role| Reply::ok(view(subscription, role)),
            ))
        }
        _ => None,
    }
}

fn view(subscription: Option<&str>, (id, name): &(&str, &str)) -> Value {
    let scope = subscription.map_or_else(String::new, |id| format!("/subscriptions/{id}"));
    let actions = match *name {
        "Owner" | "Contributor" => json!(["*"]),
        _ => json!(["*/read"]),
    };
    json!({
        "id": format!("{scope}/providers/Microsoft.Authorization/roleDefinitions/{id}"),
        "name": id,
        "type": "Microsoft.Authorization/roleDefinitions",
        "properties": {
            "roleName": name,
            "type": "BuiltInRole",
            "description": "A built-in role. The practice cloud does not tell all that it permits.",
            "assignableScopes": ["/"],
            "permissions": [{ "actions": actions, "notActions": [], "dataActions": [], "notDataActions": [] }],
        },
    })
}

#[cfg(test)]
mod tests {
    use crate::practice::testing::{Bench, in_group, subscription};

    #[test]
    fn a_role_is_found_by_its_name_and_by_its_id() {
        let mut bench = Bench::with_group();
        let at = "providers/Microsoft.Authorization/roleDefinitions";
        let account = in_group("Microsoft.Storage/storageAccounts/stgtest1234");
        for scope in [subscription(), account] {
            let found = bench.get(&format!("{scope}/{at}?$filter=roleName eq 'Reader'")).body;
            assert_eq!(found["value"].as_array().unwrap().len(), 1, "{found}");
            let id = found["value"][0]["id"].as_str().unwrap().to_owned();
            assert_eq!(bench.get(&id).body["properties"]["roleName"], "Reader");
        }
        let none = format!("/{at}/00000000-0000-4000-8000-000000000001");
        assert_eq!(Bench::code(&bench.get(&none)), "RoleDefinitionDoesNotExist");
    }
}
