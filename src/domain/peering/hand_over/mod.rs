//! What the owner of a hub is handed when the account has no rights there: what is asked, why, what it means, the
//! commands, a template, and how to see that it worked.
//!
//! It asks for no more than what is missing. It must not hold a secret, and whoever reads it need not know this
//! program.

mod steps;
mod template;
mod text;

pub use template::VERSION as PEERING_VERSION;

use serde_json::Value;

use super::{HubConnection, IdParts};

/// File name of the text.
pub const TEXT_FILE: &str = "hand-over.md";
/// File name of the template.
pub const TEMPLATE_FILE: &str = "peering.json";

/// Stands in the text for the object id of the hub's owner, which only they know.
pub const OWNER: &str = "OWNER-OBJECT-ID";
/// Stands in the text for the object id of the account that connects the environment, where it is not known.
pub const ASKER: &str = "ASKER-OBJECT-ID";

/// Who asks, beside what stands between environment and hub.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// The environment, such as `test4821`.
    pub full_name: String,
    /// Its address range.
    pub address_space: String,
    /// Its tenant's id; empty when it is not known.
    pub tenant_id: String,
    /// Object id of the account that connects the environment; `None` when it is not known.
    pub account: Option<String>,
    /// Ids of the environment's private DNS zones.
    pub zones: Vec<String>,
    /// What its zones answer, for a hub that has zones of the same name.
    pub records: Vec<PrivateRecord>,
}

/// One private name with its addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivateRecord {
    /// The zone's name.
    pub zone: String,
    /// The name within the zone.
    pub name: String,
    /// Its addresses.
    pub addresses: Vec<String>,
}

/// What the owner is handed.
#[derive(Debug, Clone, PartialEq)]
pub struct HandOver {
    /// The text, in Markdown that reads well as it is.
    pub text: String,
    /// The hub's half as a template for the hub's resource group.
    pub template: Value,
}

/// Makes the hand-over.
pub fn hand_over(connection: &HubConnection, asking: &Asking) -> HandOver {
    HandOver {
        text: text::text(connection, asking),
        template: template::template(
            &asking.full_name,
            &connection.hub.name,
            &half_name(connection),
            &connection.network_id,
        ),
    }
}

/// The name of the hub's half: the one that it has, else `to-<network>`.
fn half_name(connection: &HubConnection) -> String {
    let network = IdParts::of(&connection.network_id).name;
    connection.far.half().map_or_else(|| format!("to-{network}"), |half| half.name.clone())
}

#[cfg(test)]
mod tests;
