//! Whether a resource type and its API version can be written here.
//!
//! The catalogue knows them; this module only words Azure's refusals. Reading is never refused for a version.

use super::Proposed;
use crate::practice::{
    catalog::kind::{KINDS, Kind},
    identifier::ResourceId,
    provider,
    reply::ArmError,
    state::Cloud,
};

/// Azure's own spelling of a full resource type; as given when it is unknown.
pub(super) fn spelled(id: &ResourceId) -> String {
    let given = id.resource_type();
    Kind::of(&given).map_or(given, Kind::full_name)
}

pub(super) fn check(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<(), ArmError> {
    let resource_type = proposed.id.resource_type();
    let (namespace, name) = resource_type.split_once('/').unwrap_or(("", ""));
    let asked = proposed.api_version;
    let Some(kind) = Kind::of(&resource_type) else {
        let known = KINDS
            .iter()
            .any(|kind| kind.namespace.eq_ignore_ascii_case(namespace));
        return Err(if known {
            ArmError::new(
                404,
                "InvalidResourceType",
                format!(
                    "The resource type '{name}' could not be found in the namespace '{namespace}' for api version '{asked}'."
                ),
            )
        } else {
            ArmError::new(
                404,
                "InvalidResourceNamespace",
                format!("The resource namespace '{namespace}' is invalid."),
            )
        });
    };
    let offered = provider::offered_versions(cloud, kind);
    if offered.contains(&asked) {
        return Ok(());
    }
    Err(ArmError::new(
        400,
        "NoRegisteredProviderFound",
        format!(
            "No registered resource provider found for location '{}' and API version '{asked}' for type '{name}'. The supported api-versions are '{}'.",
            proposed.text("/location"),
            offered.join(", ")
        ),
    ))
}
