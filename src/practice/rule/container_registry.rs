//! Container registries: names that nobody else has, and the address to sign in at.

use serde_json::json;

use super::{Proposed, child, storage};
use crate::practice::identifier::ResourceId;
use crate::practice::json::HasJson as _;
use crate::practice::reply::Result;
use crate::practice::state::Cloud;

const REGISTRY: &str = "Microsoft.ContainerRegistry/registries";

pub(super) fn preflight(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<()> {
    if !proposed.is(REGISTRY) {
        return Ok(());
    }
    let closed = proposed.says("/properties/publicNetworkAccess", "Disabled");
    let sku = proposed.text("/sku/name");
    if closed && !sku.eq_ignore_ascii_case("Premium") {
        return Err(bad_request!(
            "FeatureNotSupported",
            "The registry {} cannot disable public network access in the {sku} SKU. Use Premium.",
            proposed.id.name()
        ));
    }
    if proposed.existing.is_none() && storage::namesake(cloud, proposed, REGISTRY).is_some() {
        return Err(conflict!(
            "AlreadyInUse",
            "The registry DNS name {}.azurecr.io is already in use. You can check if the name is already claimed \
             using following API: \
             https://learn.microsoft.com/rest/api/containerregistry/registries/check-name-availability",
            proposed.id.name()
        )
        .about(proposed.id.name()));
    }
    Ok(())
}

pub(super) fn done(cloud: &mut Cloud, id: &ResourceId) {
    let name = id.name().to_ascii_lowercase();
    let location = child::location(cloud, id);
    let shown = json!({
        "sku": { "tier": child::text(cloud, id, "/sku/name") },
        "properties": {
            "loginServer": format!("{name}.azurecr.io"),
            "creationDate": child::created(cloud, id),
            "dataEndpointHostNames": [format!("{name}.{location}.data.azurecr.io")],
        },
    });
    child::show(cloud, id, shown);
}
