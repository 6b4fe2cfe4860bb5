//! Hosts that a person adds: what may stand there, and what would be right where something else stands.
//!
//! This module must not judge how wide a valid host is; `judge` does.

use ipnetwork::Ipv4Network;

use super::{AllowlistEntry, AllowlistTarget, OwnHost, Ports};
use crate::domain::problem::{Problem, Result};

const EXAMPLE: &str = "Write a name such as packages.contoso.com.";
/// Longest host name (RFC 1035).
const LONGEST_NAME: usize = 253;
/// Longest part between dots (RFC 1035).
const LONGEST_LABEL: usize = 63;

/// Turns a person's host into an entry.
///
/// # Errors
/// When the host is neither a name, `*.domain`, an IPv4 address nor a range, or its ports are none; the problem's
/// advice has the form that would be right.
pub fn check(own: &OwnHost) -> Result<AllowlistEntry> {
    let target = target(&own.host)?;
    let ports = match &own.ports {
        None => Ports::https(),
        Some(text) => text.parse::<Ports>().map_err(|error| {
            refused(
                own.host.trim(),
                format!("The ports of {} cannot be read: {error}.", own.host.trim()),
                "Write protocol and port, such as https:443, tcp:22 or tcp:443,8787.",
            )
        })?,
    };
    if let AllowlistTarget::Host(name) = &target
        && name.starts_with('*')
        && !ports.are_web()
    {
        return Err(refused(
            name,
            format!(
                "{name} cannot be admitted by {ports}: a wildcard works for http and https only."
            ),
            "Name each host, or use https.",
        ));
    }
    let reason = own.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    Ok(AllowlistEntry {
        target,
        ports,
        reason: reason.unwrap_or("Added by you").to_owned(),
        source: String::new(),
        width: None,
        usgov: None,
        china: None,
        table: None,
    })
}

fn refused(place: &str, what: impl Into<String>, advice: impl Into<String>) -> Problem {
    Problem::new("HostInvalid", what, advice).at(place)
}

fn target(host: &str) -> Result<AllowlistTarget> {
    let text = host.trim();
    if text.is_empty() {
        return Err(refused("host", "A host is missing.", EXAMPLE));
    }
    if text == "*" {
        return Err(refused(
            text,
            "* admits every host, which leaves no firewall.",
            "Name the host, such as packages.contoso.com, or its domain, such as *.contoso.com.",
        ));
    }
    if let Some(bare) = without_address_parts(text) {
        let what = format!("{text} is a web address, not a host.");
        return Err(refused(text, what, format!("Write {bare}.")));
    }
    if text.starts_with(|first: char| first.is_ascii_digit())
        && text.chars().all(|each| each.is_ascii_digit() || matches!(each, '.' | '/'))
    {
        return address(text);
    }
    let name = text.trim_end_matches('.').to_ascii_lowercase();
    let domain = match name.strip_prefix('*') {
        None => name.as_str(),
        Some(rest) => rest.strip_prefix('.').ok_or_else(|| {
            let what = format!(
                "{text} also admits look-alikes such as evil{rest}, which anybody can register."
            );
            let advice =
                format!("Write {rest} for the host itself and *.{rest} for those below it.");
            refused(text, what, advice)
        })?,
    };
    labels(text, domain)?;
    Ok(AllowlistTarget::Host(name))
}

/// What remains of a web address without scheme and path; absent when it has neither.
fn without_address_parts(text: &str) -> Option<&str> {
    if let Some((_, rest)) = text.split_once("://") {
        return Some(rest.split(['/', ':']).next().unwrap_or(rest));
    }
    let (host, rest) = text.split_once('/')?;
    (!rest.chars().all(|each| each.is_ascii_digit()) || rest.is_empty()).then_some(host)
}

fn address(text: &str) -> Result<AllowlistTarget> {
    let invalid = || {
        refused(
            text,
            format!("{text} is neither an address nor a range."),
            "Write an address such as 203.0.113.7 or a range such as 203.0.113.0/28.",
        )
    };
    let range: Ipv4Network = text.parse().map_err(|_| invalid())?;
    if range.prefix() == 0 {
        return Err(refused(
            text,
            format!("{text} is every address, which leaves no firewall."),
            "Name the address or the range that is needed.",
        ));
    }
    let whole = Ipv4Network::new(range.network(), range.prefix()).map_err(|_| invalid())?;
    if whole.ip() != range.ip() {
        return Err(refused(
            text,
            format!("{text} does not start where a /{} begins.", range.prefix()),
            format!("Write {whole}."),
        ));
    }
    let is_one = range.prefix() == 32;
    Ok(AllowlistTarget::Address(if is_one { range.ip().to_string() } else { range.to_string() }))
}

fn labels(text: &str, domain: &str) -> Result<()> {
    if let Some(stranger) = domain
        .chars()
        .find(|each| !(each.is_ascii_alphanumeric() || matches!(each, '-' | '_' | '.')))
    {
        let advice = match stranger {
            '*' => "A star is allowed only at the very beginning, such as *.contoso.com.",
            ':' => "Put the port behind an equals sign, such as packages.contoso.com=https:8443.",
            _ => EXAMPLE,
        };
        return Err(refused(
            text,
            format!("\"{stranger}\" is not allowed in a host name."),
            advice,
        ));
    }
    if !domain.contains('.') {
        return Err(refused(
            text,
            format!("{text} has no domain."),
            "Write the full name, such as packages.contoso.com.",
        ));
    }
    let short = domain.split('.').all(|label| {
        (1..=LONGEST_LABEL).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
    });
    if !short || domain.len() > LONGEST_NAME {
        return Err(refused(text, format!("{text} is not a host name."), EXAMPLE));
    }
    Ok(())
}
