//! What single resource types demand of a request and what they add on reading. Owned by the deployment side.

use serde_json::Value;

use super::{
    identifier::ResourceId,
    reply::ArmError,
    state::{Cloud, StoredResource},
};

/// A write as it was asked for, before anything is changed.
#[derive(Debug, Clone, Copy)]
pub struct Proposed<'request> {
    /// The resource to be written.
    pub id: &'request ResourceId,
    /// API version of the request.
    pub api_version: &'request str,
    /// The whole body after merging (a PATCH is merged already). Secrets are still in it.
    pub body: &'request Value,
    /// What stands under this id now.
    pub existing: Option<&'request StoredResource>,
}

/// A moment in a resource's life at which its provider adds or takes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The write was accepted and is going on.
    Begun,
    /// The write is done; the state is `Succeeded`.
    Done,
    /// The resource is about to be taken away.
    Going,
}

/// Says whether Azure would take this write.
///
/// # Errors
/// The error that the type's provider would give.
pub fn check(_cloud: &Cloud, _proposed: Proposed<'_>) -> Result<(), ArmError> {
    Ok(())
}

/// Fills in what the resource's provider adds at the given moment, and changes other resources that follow from it.
pub fn runtime(_cloud: &mut Cloud, _id: &ResourceId, _moment: Moment) {}

/// Usual and slow duration of a write of this resource, in simulated seconds.
#[must_use]
pub fn seconds(_resource_type: &str, _body: &Value) -> (u32, u32) {
    (5, 15)
}
