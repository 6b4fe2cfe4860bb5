//! Reads the text of an address space, and says what is wrong with one that is none.
//!
//! A text that can still become an address space by typing on is unfinished, not wrong. This module must not judge
//! ranges or sizes.

use std::net::Ipv4Addr;

use ipnetwork::Ipv4Network;

use super::{Finding, Severity};

const EXAMPLE: &str = "Write an address and a size, such as 10.1.0.0/22.";

/// Reads one IPv4 range in the form `address/length`; host bits are kept for the caller to judge.
pub(super) fn parse(input: &str) -> Result<Ipv4Network, Finding> {
    let text = input.trim();
    if text.is_empty() {
        return Err(unfinished("No address space yet.", EXAMPLE));
    }
    characters(text)?;
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (text, None),
    };
    let address = match octets(address, length.is_some())? {
        Octets::Whole(address) => address,
        Octets::Part => {
            return Err(unfinished(
                format!("{text} is not finished."),
                "Type on: four numbers and a size, such as 10.1.0.0/22.",
            ));
        }
    };
    let Some(length) = length else {
        return Err(unfinished(format!("{text} has no size yet."), "Put /8 to /22 behind it.")
            .offering(format!("{address}/22")));
    };
    let length = prefix_length(address, length)?;
    Ipv4Network::new(address, length)
        .map_err(|_| wrong(format!("{text} is no address range."), EXAMPLE))
}

fn unfinished(what: impl Into<String>, remedy: impl Into<String>) -> Finding {
    Finding::new(Severity::Note, "AddressSpaceUnfinished", what, remedy)
}

fn wrong(what: impl Into<String>, remedy: impl Into<String>) -> Finding {
    Finding::new(Severity::Error, "AddressSpaceSyntax", what, remedy)
}

fn characters(text: &str) -> Result<(), Finding> {
    if text.contains(':') {
        return Err(Finding::new(
            Severity::Error,
            "AddressSpaceIpv6",
            format!("{text} is an IPv6 range; Azure Machine Learning and the firewall need IPv4."),
            EXAMPLE,
        ));
    }
    if let Some(separator) =
        text.chars().find(|each| matches!(each, ',' | ';') || each.is_whitespace())
    {
        let first = text.split(separator).next().unwrap_or_default();
        return Err(wrong(
            "One address space only; more can be added in Azure later.",
            format!("Keep the first, {first}, or write one larger range."),
        )
        .offering(first));
    }
    match text.chars().find(|each| !each.is_ascii_digit() && !matches!(each, '.' | '/')) {
        Some(stranger) => {
            Err(wrong(format!("\"{stranger}\" is not allowed in an address space."), EXAMPLE))
        }
        None => Ok(()),
    }
}

enum Octets {
    Whole(Ipv4Addr),
    Part,
}

/// Reads the four numbers; fewer are only unfinished as long as nothing follows them.
fn octets(text: &str, followed: bool) -> Result<Octets, Finding> {
    let parts: Vec<&str> = text.split('.').collect();
    if parts.len() > 4 {
        return Err(wrong(format!("{text} has more than four numbers."), EXAMPLE));
    }
    let mut numbers = Vec::with_capacity(4);
    for (index, part) in parts.iter().enumerate() {
        if part.is_empty() {
            let last = index + 1 == parts.len();
            if last && index > 0 && !followed {
                return Ok(Octets::Part);
            }
            return Err(wrong(
                format!("A number is missing before or after a dot in {text}."),
                EXAMPLE,
            ));
        }
        match part.parse::<u8>() {
            Ok(number) if number.to_string() == *part => numbers.push(number),
            Ok(number) => {
                return Err(wrong(
                    format!("{part} has a leading zero, which some programs read as octal."),
                    format!("Write {number}."),
                ));
            }
            Err(_) => {
                return Err(wrong(
                    format!("{part} is too large for a part of an address."),
                    "Each of the four numbers is 0 to 255.",
                ));
            }
        }
    }
    match <[u8; 4]>::try_from(numbers) {
        Ok(numbers) => Ok(Octets::Whole(Ipv4Addr::from(numbers))),
        Err(_) if followed => Err(wrong(format!("{text} has fewer than four numbers."), EXAMPLE)),
        Err(_) => Ok(Octets::Part),
    }
}

/// Reads what stands behind the slash.
fn prefix_length(address: Ipv4Addr, text: &str) -> Result<u8, Finding> {
    if text.is_empty() {
        return Err(unfinished(
            format!("{address}/ has no size yet."),
            "Put a number from 8 to 22 behind the slash.",
        )
        .offering(format!("{address}/22")));
    }
    if let Ok(mask) = text.parse::<Ipv4Addr>() {
        let bits = u32::from(mask);
        if bits.leading_ones() + bits.trailing_zeros() == 32 {
            let replacement = format!("{address}/{}", bits.leading_ones());
            return Err(wrong(
                format!("{text} is a mask; Azure wants its length."),
                format!("Write {replacement}."),
            )
            .offering(replacement));
        }
    }
    // /1 and /2 are on the way to /10 to /19 and /20 to /22.
    if matches!(text, "1" | "2") {
        return Err(unfinished(
            format!("{address}/{text} is not finished, or far too large."),
            "Sizes go from /8 to /22.",
        ));
    }
    match text.parse::<u8>() {
        Ok(length) if length <= 32 && length.to_string() == text => Ok(length),
        _ => Err(wrong(format!("/{text} is not a size."), "Sizes go from /8 to /22.")
            .offering(format!("{address}/22"))),
    }
}
