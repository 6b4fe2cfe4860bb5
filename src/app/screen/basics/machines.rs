//! How far reading a region's machine sizes and quotas has come.

use serde::{Deserialize, Serialize};

use crate::domain::check::Machines;
use crate::domain::problem::Problem;

/// How far reading them has come, for the region that is named.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum MachinesRead {
    /// Azure was not asked.
    #[default]
    NotYet,
    /// Azure is being asked.
    Reading(String),
    /// Azure has answered.
    Read(String, Box<Machines>),
    /// It could not be told.
    Failed(String, Box<Problem>),
}

impl MachinesRead {
    /// The region that was asked about.
    pub(crate) fn region(&self) -> Option<&str> {
        match self {
            Self::NotYet => None,
            Self::Reading(region) | Self::Read(region, _) | Self::Failed(region, _) => Some(region),
        }
    }

    /// The sizes and quotas, once they are known.
    pub(crate) fn known(&self) -> Option<&Machines> {
        match self {
            Self::Read(_, machines) => Some(machines),
            _ => None,
        }
    }
}
