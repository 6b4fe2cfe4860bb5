//! What somebody types about a new hub, read and judged: the sentence of a refusal has the form that would be right.

use std::net::Ipv4Addr;

use ipnetwork::Ipv4Network;

use super::{on_premises_address, on_premises_range, space};
use crate::domain::network::KnownNetwork;
use crate::domain::problem::Problem;

fn words(problem: &Problem) -> String {
    format!("{} {}", problem.what, problem.advice)
}

/// Reads the public address of a VPN device.
///
/// # Errors
/// When it is no address, or Azure could not reach it.
pub fn device(text: &str) -> Result<Ipv4Addr, String> {
    let text = text.trim();
    let address = text
        .parse()
        .map_err(|_| format!("{text} is no address; use four numbers, such as 203.0.113.7."))?;
    on_premises_address(address).map_err(|problem| words(&problem))?;
    Ok(address)
}

/// Reads the ranges behind it, with commas or spaces between.
///
/// # Errors
/// When there is none, or one is no range or meets a network that exists.
pub fn ranges(text: &str, known: &[KnownNetwork]) -> Result<Vec<Ipv4Network>, String> {
    let mut ranges = Vec::new();
    for part in text.split([',', ' ']).filter(|part| !part.is_empty()) {
        let range = range(part)?;
        on_premises_range(range, None, known).map_err(|problem| words(&problem))?;
        ranges.push(range);
    }
    if ranges.is_empty() {
        return Err("Give at least one range, such as 192.168.0.0/16.".into());
    }
    Ok(ranges)
}

/// Reads the address space of the hub's network.
///
/// # Errors
/// When it is no range, or cannot be a hub's beside the networks that exist.
pub fn address_space(text: &str, known: &[KnownNetwork]) -> Result<Ipv4Network, String> {
    let range = range(text.trim())?;
    space(range, known).map_err(|problem| words(&problem))?;
    Ok(range)
}

fn range(text: &str) -> Result<Ipv4Network, String> {
    text.parse().map_err(|_| format!("{text} is no range; use the form 192.168.0.0/16."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_read_or_told_what_would_be_right() {
        assert_eq!(device(" 203.0.113.7 ").unwrap().to_string(), "203.0.113.7");
        assert!(device("here").unwrap_err().contains("such as"));
        assert!(device("10.0.0.1").unwrap_err().contains("not a public address"));
        let two = ranges("192.168.0.0/16, 172.20.0.0/16", &[]).unwrap();
        assert_eq!(two.len(), 2);
        assert!(ranges(" , ", &[]).unwrap_err().contains("at least one"));
        assert!(ranges("x", &[]).unwrap_err().contains("no range"));
        assert!(address_space("10.0.0.0/16", &[]).is_ok());
        assert!(address_space("10.0.0.0/30", &[]).unwrap_err().contains("/26"));
    }
}
