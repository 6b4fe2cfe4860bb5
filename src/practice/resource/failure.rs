//! Writes that were accepted and fail on the way, where the practice cloud was told to show that.
//!
//! Only what a fault asks for fails; everything else ends well.

use serde_json::{Value, json};

use crate::practice::identifier::ResourceId;
use crate::practice::state::Cloud;

/// The error with which a write of this resource ends; `None` when it ends well.
pub fn failure(cloud: &mut Cloud, id: &ResourceId) -> Option<Value> {
    let kind = cloud.resource(id)?.text("/properties/type").to_owned();
    if !id.is("Microsoft.Compute/virtualMachines/extensions")
        || !kind.eq_ignore_ascii_case("VMAccessAgent")
    {
        return None;
    }
    cloud.strike("reset-error")?;
    Some(json!({
        "code": "VMExtensionProvisioningError",
        "message": format!(
            "VM has reported a failure when processing extension '{}' (publisher 'Microsoft.Compute' and \
             type 'VMAccessAgent'). Error message: 'Cannot update Remote Desktop Connection settings for \
             Administrator account.'.",
            id.name()
        ),
    }))
}
