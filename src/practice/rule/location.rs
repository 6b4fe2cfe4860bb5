//! Whether the region that a body names exists, and is the one where the resource stands already.

use super::Proposed;
use crate::practice::{
    catalog::{kind::Kind, location::Location},
    reply::ArmError,
};

pub(super) fn check(proposed: &Proposed<'_>) -> Result<(), ArmError> {
    let resource_type = proposed.id.resource_type();
    let wanted = proposed.text("/location");
    let is_regional = Kind::of(&resource_type).is_some_and(|kind| kind.regional);
    if !is_regional || wanted.is_empty() || wanted.starts_with('[') {
        return Ok(());
    }
    let Some(place) = Location::of(wanted) else {
        return Err(ArmError::new(
            400,
            "LocationNotAvailableForResourceType",
            format!(
                "The provided location '{wanted}' is not available for resource type '{resource_type}'."
            ),
        ));
    };
    let standing = proposed.existing.map_or("", |existing| existing.text("/location"));
    if standing.is_empty() || Location::of(standing) == Some(place) {
        return Ok(());
    }
    Err(ArmError::new(
        409,
        "InvalidResourceLocation",
        format!(
            "The resource '{}' already exists in location '{standing}' in resource group '{}'. A resource \
             with the same name cannot be created in location '{wanted}'. Please select a new resource name.",
            proposed.id.name(),
            proposed.id.group
        ),
    ))
}
