//! The networks that the account can see, against which an address space is held.

use serde::{Deserialize, Serialize};

/// One network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkRow {
    /// Its resource id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its region.
    pub region: String,
    /// Its address spaces, as Azure writes them.
    pub prefixes: Vec<String>,
    /// The networks it is peered with: their names and address spaces.
    pub peers: Vec<(String, Vec<String>)>,
}
