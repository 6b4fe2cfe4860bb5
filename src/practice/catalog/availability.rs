//! Whether a name can be had: names that are unique in the whole of Azure are unique in the whole practice cloud.

use serde_json::{Value, json};

use crate::practice::{
    reply::{Reply, fault},
    request::Request,
    state::Cloud,
};

/// Words that Azure refuses in names
/// (<https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-reserved-resource-name>).
const RESERVED: [&str; 5] = ["login", "microsoft", "windows", "xbox", "azure"];

fn text<'request>(request: &'request Request, name: &str) -> &'request str {
    request.body.get(name).and_then(Value::as_str).unwrap_or("")
}

pub(super) fn check(cloud: &Cloud, request: &Request, namespace: &str) -> Reply {
    let name = text(request, "name");
    let (resource_type, rule): (&str, fn(&str) -> bool) = match namespace {
        "microsoft.storage" => ("Microsoft.Storage/storageAccounts", storage_name),
        "microsoft.keyvault" => ("Microsoft.KeyVault/vaults", vault_name),
        "microsoft.containerregistry" => ("Microsoft.ContainerRegistry/registries", registry_name),
        _ => {
            return fault(
                404,
                "InvalidResourceType",
                format!(
                    "The resource type 'checkNameAvailability' could not be found in the namespace '{namespace}'."
                ),
            );
        }
    };
    let taken = |message: String| {
        Reply::ok(json!({ "nameAvailable": false, "reason": "AlreadyExists", "message": message }))
    };
    if !rule(name) {
        let reason = match namespace {
            "microsoft.containerregistry" => "Invalid",
            _ => "AccountNameInvalid",
        };
        return Reply::ok(
            json!({ "nameAvailable": false, "reason": reason, "message": format!("'{name}' is not a valid \
                name for {resource_type}.") }),
        );
    }
    if cloud.fault("name-taken").is_some() && namespace == "microsoft.storage" {
        return taken(format!("The storage account named {name} is already taken."));
    }
    let deleted =
        cloud.root.deleted.iter().any(|gone| {
            gone.resource_type == resource_type && gone.name.eq_ignore_ascii_case(name)
        });
    if deleted || cloud.fault("soft-deleted-vault").is_some() && namespace == "microsoft.keyvault" {
        return taken(format!(
            "The name '{name}' is held by a vault in deleted state. Recover or purge it, or choose another name."
        ));
    }
    if exists(cloud, resource_type, name) {
        return taken(format!("The name '{name}' is already in use."));
    }
    Reply::ok(json!({ "nameAvailable": true }))
}

fn exists(cloud: &Cloud, resource_type: &str, name: &str) -> bool {
    cloud
        .all_resources()
        .any(|stored| stored.is(resource_type) && stored.name.eq_ignore_ascii_case(name))
}

pub(super) fn resource_name(request: &Request) -> Reply {
    let (name, kind) = (text(request, "name"), text(request, "type"));
    if name.is_empty() || kind.is_empty() {
        return fault(
            400,
            "InvalidResourceNameCheckRequest",
            "The request must have a name and a type.",
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

fn storage_name(name: &str) -> bool {
    (3..=24).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

fn vault_name(name: &str) -> bool {
    (3..=24).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.ends_with(|c: char| c.is_ascii_alphanumeric())
        && !name.contains("--")
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn registry_name(name: &str) -> bool {
    (5..=50).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
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
            assert_eq!(storage_name(name), storage, "{name}");
            assert_eq!(vault_name(name), vault, "{name}");
            assert_eq!(registry_name(name), registry, "{name}");
        }
    }
}
