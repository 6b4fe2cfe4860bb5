//! Whether a name can be had: names that are unique in the whole of Azure are unique in the whole practice cloud.

use serde_json::{Value, json};

use super::deleted;
use crate::practice::reply::Reply;
use crate::practice::request::Request;
use crate::practice::rule;
use crate::practice::state::Cloud;

/// Words that Azure refuses in names
/// (<https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-reserved-resource-name>).
const RESERVED: [&str; 5] = ["login", "microsoft", "windows", "xbox", "azure"];

fn text<'request>(request: &'request Request, name: &str) -> &'request str {
    request.body.get(name).and_then(Value::as_str).unwrap_or("")
}

pub(super) fn check(cloud: &mut Cloud, request: &Request, namespace: &str) -> Reply {
    let name = text(request, "name");
    let resource_type = match namespace {
        "microsoft.storage" => "Microsoft.Storage/storageAccounts",
        "microsoft.keyvault" => "Microsoft.KeyVault/vaults",
        "microsoft.containerregistry" => "Microsoft.ContainerRegistry/registries",
        _ => {
            return fault!(
                404,
                "InvalidResourceType",
                "The resource type 'checkNameAvailability' could not be found in the namespace '{namespace}'."
            );
        }
    };
    let refused = |reason: &str, message: String| {
        Reply::ok(json!({ "nameAvailable": false, "reason": reason, "message": message }))
    };
    let taken = |message: String| refused("AlreadyExists", message);
    if rule::check_name(resource_type, name).is_err() {
        let reason = match namespace {
            "microsoft.containerregistry" => "Invalid",
            _ => "AccountNameInvalid",
        };
        return refused(reason, format!("'{name}' is not a valid name for {resource_type}."));
    }
    let held = [
        ("name-taken", "Microsoft.Storage/storageAccounts"),
        ("soft-deleted-vault", "Microsoft.KeyVault/vaults"),
    ]
    .iter()
    .any(|(fault, of)| *of == resource_type && deleted::is_held(cloud, fault, of, name));
    if held {
        deleted::hold(cloud, resource_type, name);
    }
    if held && namespace == "microsoft.storage" {
        return taken(format!("The storage account named {name} is already taken."));
    }
    let deleted =
        cloud.root.deleted.iter().any(|gone| {
            gone.resource_type == resource_type && gone.name.eq_ignore_ascii_case(name)
        });
    if deleted {
        return taken(format!(
            "The name '{name}' is held by a vault in deleted state. Recover or purge it, or choose another name."
        ));
    }
    let mut all = cloud.all_resources().filter(|stored| stored.is(resource_type));
    if all.any(|stored| stored.name.eq_ignore_ascii_case(name)) {
        return taken(format!("The name '{name}' is already in use."));
    }
    Reply::ok(json!({ "nameAvailable": true }))
}

pub(super) fn resource_name(request: &Request) -> Reply {
    let (name, kind) = (text(request, "name"), text(request, "type"));
    if name.is_empty() || kind.is_empty() {
        return fault!(
            400,
            "InvalidResourceNameCheckRequest",
            "The request must have a name and a type."
        );
    }
    let lowered = name.to_ascii_lowercase();
    let reserved = RESERVED.contains(&lowered.as_str());
    Reply::ok(json!({
        "name": name,
        "type": kind,
        "status": if reserved { "Reserved" } else { "Allowed" },
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_rules_of_their_types() {
        for (name, storage, vault, registry) in [
            ("stgtest1234", true, true, true),
            ("kv-test1234", false, true, false),
            ("kv--test", false, false, false),
            ("1vault", true, false, true),
            ("Upper1", false, true, true),
            ("ab", false, false, false),
            ("", false, false, false),
        ] {
            for (kind, fits) in [
                ("Microsoft.Storage/storageAccounts", storage),
                ("Microsoft.KeyVault/vaults", vault),
                ("Microsoft.ContainerRegistry/registries", registry),
            ] {
                assert_eq!(rule::check_name(kind, name).is_ok(), fits, "{kind} {name}");
            }
        }
    }
}
