//! Key vaults: names that stay taken after deletion, purge protection that cannot be taken back, secrets never shown,
//! and access policies, which are written below the vault and read in it.

use serde_json::{Value, json};

use super::{Proposed, child, storage};
use crate::practice::catalog;
use crate::practice::identifier::ResourceId;
use crate::practice::json::{self, HasJson as _};
use crate::practice::reply::Result;
use crate::practice::state::{Cloud, DeletedResource, TENANT};

const VAULT: &str = "Microsoft.KeyVault/vaults";
/// What `vaults/accessPolicies` has as names: a kind of change, not a thing
/// (<https://learn.microsoft.com/rest/api/keyvault/keyvault/vaults/update-access-policy>).
const CHANGES: [&str; 3] = ["add", "replace", "remove"];

pub(super) fn preflight(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<()> {
    if proposed.is("Microsoft.KeyVault/vaults/secrets") {
        return has_value(proposed);
    }
    if proposed.is("Microsoft.KeyVault/vaults/accessPolicies") {
        return is_change(proposed);
    }
    if !proposed.is(VAULT) {
        return Ok(());
    }
    purge_protection(proposed)?;
    let days = proposed.get("/properties/softDeleteRetentionInDays").and_then(Value::as_i64);
    if days.is_some_and(|days| !(7..=90).contains(&days)) {
        return Err(bad_request!(
            "BadRequest",
            "The property 'softDeleteRetentionInDays' has an invalid value. It must be between 7 and 90."
        ));
    }
    if proposed.existing.is_some() {
        return Ok(());
    }
    name_is_free(cloud, proposed)
}

fn is_change(proposed: &Proposed<'_>) -> Result<()> {
    let asked = proposed.id.name();
    if CHANGES.iter().any(|each| each.eq_ignore_ascii_case(asked)) {
        return Ok(());
    }
    Err(bad_request!(
        "BadRequest",
        "The access policy operation '{asked}' is not valid. It is one of: {}.",
        CHANGES.join(", ")
    ))
}

fn has_value(proposed: &Proposed<'_>) -> Result<()> {
    if proposed.existing.is_some() || proposed.get("/properties/value").is_some() {
        return Ok(());
    }
    Err(bad_request!("BadParameter", "The secret '{}' has no value.", proposed.id.name()))
}

/// `false` is refused even for a new vault; what is on cannot be switched off.
fn purge_protection(proposed: &Proposed<'_>) -> Result<()> {
    let asked = proposed.get("/properties/enablePurgeProtection").and_then(Value::as_bool);
    if asked != Some(false) {
        return Ok(());
    }
    Err(bad_request!(
        "BadRequest",
        "The property \"enablePurgeProtection\" cannot be set to false. Enabling the purge protection for a \
         vault is an irreversible action."
    ))
}

fn name_is_free(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<()> {
    let name = proposed.id.name();
    let now = cloud.now();
    let mut kept = cloud.root.deleted.iter().filter(|gone| gone.purged_after > now);
    let deleted = kept.any(|gone| is_vault_named(gone, name));
    let recovers = proposed.says("/properties/createMode", "recover");
    if deleted && recovers {
        return Ok(());
    }
    if deleted || catalog::is_held(cloud, "soft-deleted-vault", VAULT, name) {
        return Err(conflict!(
            "ConflictError",
            "A vault with the same name already exists in deleted state. You need to either recover or purge \
             existing key vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more \
             information on soft delete. Vault: '{name}'."
        )
        .about(name));
    }
    if storage::namesake(cloud, proposed, VAULT).is_some() {
        return Err(conflict!(
            "VaultAlreadyExists",
            "The vault name '{name}' is already in use. Vault names are globally unique so it is possible that the \
             name is already taken."
        )
        .about(name));
    }
    if recovers {
        return Err(arm_error!(
            404,
            "SoftDeletedVaultDoesNotExist",
            "A soft deleted vault with the given name does not exist: '{name}'."
        ));
    }
    Ok(())
}

fn is_vault_named(gone: &DeletedResource, name: &str) -> bool {
    gone.resource_type.eq_ignore_ascii_case(VAULT) && gone.name.eq_ignore_ascii_case(name)
}

pub(super) fn done(cloud: &mut Cloud, id: &ResourceId) {
    cloud.root.deleted.retain(|gone| !is_vault_named(gone, id.name()));
}

/// A vault tells its address while the address is being made known.
pub(super) fn begun(cloud: &mut Cloud, id: &ResourceId) {
    child::show_properties!(cloud, id, {
        "vaultUri": format!("https://{}.vault.azure.net/", id.name()),
        "enableSoftDelete": true,
    });
}

/// A change of access policies is done: from now on the vault has them.
pub(super) fn policies_done(cloud: &mut Cloud, id: &ResourceId) {
    let policies = child::items(cloud, id, "/properties/accessPolicies");
    if let Some(vault) = id.parent() {
        let change = id.name().to_ascii_lowercase();
        change_policies(cloud, &vault, &change, &policies);
    }
}

/// Azure ML lets its workspace's own identity into a vault that goes by access policies
/// (<https://learn.microsoft.com/azure/machine-learning/how-to-identity-based-service-authentication>).
pub(super) fn admit_workspace(cloud: &mut Cloud, workspace: &ResourceId) {
    let vault = child::id_at(cloud, workspace, "/properties/keyVault");
    let principal = child::text(cloud, workspace, "/identity/principalId");
    let Some(vault) = vault.filter(|_| !principal.is_empty()) else { return };
    let by_roles = cloud
        .resource(&vault)
        .is_none_or(|vault| vault.flag("/properties/enableRbacAuthorization"));
    if !by_roles {
        let policy = json!({
            "tenantId": TENANT,
            "objectId": principal,
            "permissions": { "keys": ["all"], "secrets": ["all"], "certificates": ["all"], "storage": [] },
        });
        change_policies(cloud, &vault, "add", &[policy]);
    }
}

/// One policy for each identity: `add` lays permissions over those that it has, `replace` puts others in their place.
fn change_policies(cloud: &mut Cloud, vault: &ResourceId, change: &str, policies: &[Value]) {
    let key = |policy: &Value| {
        ["/tenantId", "/objectId", "/applicationId"]
            .map(|name| policy.text(name).to_ascii_lowercase())
    };
    let mut kept = child::items(cloud, vault, "/properties/accessPolicies");
    for policy in policies {
        let known = kept.iter().position(|each| key(each) == key(policy));
        match known {
            Some(at) if change == "remove" => drop(kept.remove(at)),
            Some(at) => match kept.get_mut(at) {
                Some(each) if change == "add" => lay_over(each, policy),
                Some(each) => policy.clone_into(each),
                None => {}
            },
            None if change == "remove" => {}
            None => kept.push(policy.clone()),
        }
    }
    if let Some(vault) = cloud.resource_mut(vault) {
        let body = json!({ "properties": { "accessPolicies": kept } });
        json::merge(&mut vault.body, body);
    }
}

fn lay_over(policy: &mut Value, more: &Value) {
    let added = more.get("permissions").and_then(Value::as_object);
    for (kind, permissions) in added.into_iter().flatten() {
        let known = policy.pointer(&format!("/permissions/{kind}"));
        let mut all = known.and_then(Value::as_array).cloned().unwrap_or_default();
        for permission in permissions.as_array().into_iter().flatten() {
            if !all.contains(permission) {
                all.push(permission.clone());
            }
        }
        json::merge(policy, json!({ "permissions": { kind: all } }));
    }
}

pub(super) fn secret_done(cloud: &mut Cloud, id: &ResourceId) {
    let version = child::identifier(cloud, id, "version").replace('-', "");
    let vault = id.parent().map_or_else(String::new, |vault| vault.name().to_owned());
    let uri = format!("https://{vault}.vault.azure.net/secrets/{}", id.name());
    child::show_properties!(cloud, id, {
        "secretUri": uri,
        "secretUriWithVersion": format!("{uri}/{version}"),
        "attributes": { "enabled": true },
    });
}
