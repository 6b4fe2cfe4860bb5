//! Key vaults: names that stay taken after deletion, purge protection that cannot be taken back, secrets never shown.

use serde_json::{Value, json};

use super::{Proposed, child, storage};
use crate::practice::{identifier::ResourceId, reply::ArmError, state::Cloud};

const VAULT: &str = "Microsoft.KeyVault/vaults";

pub(super) fn preflight(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<(), ArmError> {
    if proposed.is("Microsoft.KeyVault/vaults/secrets") {
        return has_value(proposed);
    }
    if !proposed.is(VAULT) {
        return Ok(());
    }
    purge_protection(proposed)?;
    let days = proposed
        .get("/properties/softDeleteRetentionInDays")
        .and_then(Value::as_i64);
    if days.is_some_and(|days| !(7..=90).contains(&days)) {
        return Err(ArmError::new(
            400,
            "BadRequest",
            "The property 'softDeleteRetentionInDays' has an invalid value. It must be between 7 and 90.",
        ));
    }
    if proposed.existing.is_some() {
        return Ok(());
    }
    name_is_free(cloud, proposed)
}

fn has_value(proposed: &Proposed<'_>) -> Result<(), ArmError> {
    if proposed.existing.is_some() || proposed.get("/properties/value").is_some() {
        return Ok(());
    }
    Err(ArmError::new(
        400,
        "BadParameter",
        format!("The secret '{}' has no value.", proposed.id.name()),
    ))
}

/// `false` is refused even for a new vault; what is on cannot be switched off.
fn purge_protection(proposed: &Proposed<'_>) -> Result<(), ArmError> {
    let asked = proposed
        .get("/properties/enablePurgeProtection")
        .and_then(Value::as_bool);
    if asked != Some(false) {
        return Ok(());
    }
    Err(ArmError::new(
        400,
        "BadRequest",
        "The property \"enablePurgeProtection\" cannot be set to false. Enabling the purge protection for a vault is an irreversible action.",
    ))
}

fn name_is_free(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<(), ArmError> {
    let name = proposed.id.name();
    let now = cloud.now();
    let deleted = cloud.root.deleted.iter().any(|gone| {
        gone.resource_type.eq_ignore_ascii_case(VAULT)
            && gone.name.eq_ignore_ascii_case(name)
            && gone.purged_after > now
    });
    let recovers = proposed
        .text("/properties/createMode")
        .eq_ignore_ascii_case("recover");
    if deleted && recovers {
        return Ok(());
    }
    if deleted || cloud.fault("soft-deleted-vault").is_some() {
        return Err(ArmError::new(
            409,
            "ConflictError",
            format!(
                "A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 for more information on soft delete. Vault: '{name}'."
            ),
        )
        .about(name));
    }
    if storage::namesake(cloud, proposed, VAULT).is_some() {
        return Err(ArmError::new(
            409,
            "VaultAlreadyExists",
            format!("The vault name '{name}' is already in use. Vault names are globally unique so it is possible that the name is already taken."),
        )
        .about(name));
    }
    if recovers {
        return Err(ArmError::new(
            404,
            "SoftDeletedVaultDoesNotExist",
            format!("A soft deleted vault with the given name does not exist: '{name}'."),
        ));
    }
    Ok(())
}

pub(super) fn done(cloud: &mut Cloud, id: &ResourceId) {
    cloud.root.deleted.retain(|gone| {
        !(gone.resource_type.eq_ignore_ascii_case(VAULT)
            && gone.name.eq_ignore_ascii_case(id.name()))
    });
    let shown = json!({ "properties": {
        "vaultUri": format!("https://{}.vault.azure.net/", id.name()),
        "enableSoftDelete": true,
    }});
    child::show(cloud, id, shown);
}

pub(super) fn secret_done(cloud: &mut Cloud, id: &ResourceId) {
    let version = child::identifier(cloud, id, "version").replace('-', "");
    let vault = id
        .parent()
        .map_or_else(String::new, |vault| vault.name().to_owned());
    let uri = format!("https://{vault}.vault.azure.net/secrets/{}", id.name());
    let shown = json!({ "properties": {
        "secretUri": uri,
        "secretUriWithVersion": format!("{uri}/{version}"),
        "attributes": { "enabled": true },
    }});
    child::show(cloud, id, shown);
}
