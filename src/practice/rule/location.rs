//! Whether the region that a body names exists, and is the one where the resource stands already.

use crate::practice::catalog::kind::ResourceType;
use crate::practice::catalog::location;
use crate::practice::identifier::ResourceId;
use crate::practice::reply::Result;
use crate::practice::state::StoredResource;

/// A resource of a region stands in one that exists, and cannot move.
///
/// # Errors
/// When it would not.
pub fn check(id: &ResourceId, wanted: &str, existing: Option<&StoredResource>) -> Result<()> {
    let resource_type = id.resource_type();
    let is_regional = ResourceType::of(&resource_type).is_some_and(|kind| kind.regional);
    if !is_regional || wanted.is_empty() {
        return Ok(());
    }
    let Some(place) = location::of(wanted) else {
        return Err(bad_request!(
            "LocationNotAvailableForResourceType",
            "The provided location '{wanted}' is not available for resource type '{resource_type}'."
        ));
    };
    let standing = existing.map_or("", |existing| existing.text("/location"));
    if standing.is_empty() || location::of(standing) == Some(place) {
        return Ok(());
    }
    Err(conflict!(
        "InvalidResourceLocation",
        "The resource '{}' already exists in location '{standing}' in resource group '{}'. A resource with the \
         same name cannot be created in location '{wanted}'. Please select a new resource name.",
        id.name(),
        id.group
    ))
}
