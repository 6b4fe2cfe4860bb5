//! Address range functions:
//! <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-cidr>.
//!
//! Addresses are integers here, so that IPv4 and IPv6 share their arithmetic.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::super::value::Value;
use super::argument::Call;
use super::{CallResult, Function, Result, strict};

pub(super) const FUNCTIONS: &[Function] = &[
    strict("cidrHost", 2, 2, cidr_host),
    strict("cidrSubnet", 3, 3, cidr_subnet),
    strict("parseCidr", 1, 1, parse_cidr),
];

#[derive(Clone, Copy)]
struct Range {
    /// The first address; bits beyond the prefix are zero.
    network: u128,
    prefix: u32,
    /// 32 or 128.
    width: u32,
}

impl Range {
    fn parse(text: &str) -> Result<Self> {
        let parts = text.split_once('/').and_then(|(address, prefix)| {
            Some((address.parse::<IpAddr>().ok()?, prefix.parse::<u32>().ok()?))
        });
        let Some((address, prefix)) = parts else {
            return refuse!("'{text}' is not an address range in CIDR notation.");
        };
        let (address, width) = match address {
            IpAddr::V4(address) => (u128::from(u32::from(address)), 32),
            IpAddr::V6(address) => (u128::from(address), 128),
        };
        if prefix > width {
            return refuse!("'{text}' has a prefix longer than {width} bits.");
        }
        let network = address & !ones(width - prefix);
        Ok(Self { network, prefix, width })
    }

    fn is_v4(self) -> bool {
        self.width == 32
    }

    fn last(self) -> u128 {
        self.network | ones(self.width - self.prefix)
    }

    /// First and last address that hosts may have; IPv6 has no broadcast, and the smallest IPv4 ranges keep all.
    fn usable(self) -> (u128, u128) {
        if self.is_v4() && self.prefix < 31 {
            (self.network + 1, self.last() - 1)
        } else {
            (self.network, self.last())
        }
    }

    fn text(self, address: u128) -> String {
        if self.is_v4() {
            Ipv4Addr::from(u32::try_from(address).unwrap_or(u32::MAX)).to_string()
        } else {
            Ipv6Addr::from(address).to_string()
        }
    }
}

/// A number of ones at the low end.
fn ones(count: u32) -> u128 {
    match count {
        0 => 0,
        count => u128::MAX >> (128 - count.min(128)),
    }
}

fn parse_cidr(call: &Call<'_, '_>) -> CallResult {
    let range = Range::parse(call.text(0)?)?;
    let (first, last) = range.usable();
    let netmask = ones(range.width) & !ones(range.width - range.prefix);
    let text = |name: &str, address| (name.to_owned(), Value::String(range.text(address)));
    let mut entries = vec![text("network", range.network), text("netmask", netmask)];
    if range.is_v4() {
        entries.push(text("broadcast", range.last()));
    }
    entries.push(text("firstUsable", first));
    entries.push(text("lastUsable", last));
    entries.push(("cidr".to_owned(), Value::integer(i64::from(range.prefix))));
    Ok(Value::Object(entries.into_iter().collect()))
}

fn cidr_subnet(call: &Call<'_, '_>) -> CallResult {
    let range = Range::parse(call.text(0)?)?;
    let prefix = call.integer(1)?;
    let prefix =
        u32::try_from(prefix).ok().filter(|prefix| (range.prefix..=range.width).contains(prefix));
    let Some(prefix) = prefix else {
        return refuse!("the new prefix must be from {} to {}.", range.prefix, range.width);
    };
    let index =
        u128::try_from(call.integer(2)?).ok().filter(|index| *index <= ones(prefix - range.prefix));
    let Some(index) = index else {
        return refuse!(
            "the subnet index {} is out of bounds: a /{} has no such /{prefix}.",
            call.integer(2)?,
            range.prefix
        );
    };
    // A shift by all bits happens only with index 0, where there is nothing to shift.
    let offset = index.checked_shl(range.width - prefix).unwrap_or(0);
    let network = range.network | offset;
    Ok(Value::String(format!("{}/{prefix}", range.text(network))))
}

fn cidr_host(call: &Call<'_, '_>) -> CallResult {
    let range = Range::parse(call.text(0)?)?;
    let (_, last) = range.usable();
    // The documented example for IPv6 also starts after the network's own address.
    let first = range.network.saturating_add(1);
    let host = u128::try_from(call.integer(1)?)
        .ok()
        .and_then(|index| first.checked_add(index))
        .filter(|host| *host <= last && (!range.is_v4() || range.prefix < 31));
    let Some(host) = host else {
        return refuse!(
            "the host index {} is out of bounds for '{}'.",
            call.integer(1)?,
            call.text(0)?
        );
    };
    Ok(Value::String(range.text(host)))
}
