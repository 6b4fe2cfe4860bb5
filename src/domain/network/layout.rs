//! How an address space is cut into the three subnets, exactly as Terraform's `cidrsubnets(x, 6, 2, 4, 3)` cuts it.
//!
//! The first of its four results is unused, as in the scripts of 2022, so an environment made by them has the same
//! subnets. This module must not judge whether an address space is a wise choice.

use std::net::Ipv4Addr;

use ipnetwork::Ipv4Network;
use serde::Serialize;

use super::{Finding, LARGEST_PREFIX, SMALLEST_PREFIX, Severity};

/// Addresses that Azure keeps of each subnet: the first four and the last
/// (<https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq>).
const KEPT_BY_AZURE: u64 = 5;

/// One subnet and its room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SubnetRange {
    /// The subnet's name in Azure; two of the three are prescribed.
    pub name: &'static str,
    /// Its range.
    pub prefix: Ipv4Network,
    /// Addresses free for use.
    pub usable: u64,
}

/// The subnets of an address space, and what stays free.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Layout {
    /// The whole range.
    pub address_space: Ipv4Network,
    /// `AzureFirewallSubnet`, a quarter of the range.
    pub firewall: SubnetRange,
    /// `AzureBastionSubnet`, a sixteenth.
    pub bastion: SubnetRange,
    /// `SharedSubnet`, an eighth: jumpbox, computes and private endpoints.
    pub shared: SubnetRange,
    /// What no subnet takes.
    pub free: Vec<Ipv4Network>,
}

impl Layout {
    /// Cuts an address space.
    ///
    /// # Errors
    /// When it is not between /8 and /22, or has host bits.
    pub fn of(address_space: Ipv4Network) -> Result<Self, Finding> {
        let refused = || {
            Finding::new(
                Severity::Error,
                "AddressSpaceNotDivisible",
                format!("{address_space} cannot be cut into the three subnets."),
                "Use /8 to /22 without host bits, such as 10.1.0.0/22.",
            )
        };
        let fits = (LARGEST_PREFIX..=SMALLEST_PREFIX).contains(&address_space.prefix());
        if !fits || address_space.ip() != address_space.network() {
            return Err(refused());
        }
        // Each part begins at the next boundary of its own size: 1/64 at 0, 1/4 at 16/64, 1/16 at 32/64, 1/8 at 40/64.
        let slice = |sixty_fourths: u32, longer_by: u8| {
            let size = 1_u64 << (32 - address_space.prefix());
            let offset = u32::try_from(size / 64 * u64::from(sixty_fourths)).ok()?;
            let first = u32::from(address_space.network()).checked_add(offset)?;
            Ipv4Network::new(Ipv4Addr::from(first), address_space.prefix() + longer_by).ok()
        };
        let subnet = |name, prefix| {
            let prefix: Ipv4Network = prefix?;
            let usable = u64::from(prefix.size()).saturating_sub(KEPT_BY_AZURE);
            Some(SubnetRange { name, prefix, usable })
        };
        let cut = || {
            Some(Self {
                address_space,
                firewall: subnet("AzureFirewallSubnet", slice(16, 2))?,
                bastion: subnet("AzureBastionSubnet", slice(32, 4))?,
                shared: subnet("SharedSubnet", slice(40, 3))?,
                free: vec![slice(0, 2)?, slice(36, 4)?, slice(48, 2)?],
            })
        };
        cut().ok_or_else(refused)
    }

    /// The subnets in the order of their addresses.
    pub fn subnets(&self) -> [SubnetRange; 3] {
        [self.firewall, self.bastion, self.shared]
    }

    /// Addresses that no subnet takes.
    pub fn free_addresses(&self) -> u64 {
        self.free.iter().map(|range| u64::from(range.size())).sum()
    }
}
