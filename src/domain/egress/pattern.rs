//! Patterns of host names and web addresses, matched as Azure Firewall matches them.
//!
//! A star works at the left of a name only: `*.contoso.com` is every name below the domain but not the domain itself,
//! `*contoso.com` is every name that ends so, look-alikes included, and `*` is everything. In a web address a star
//! works at the left or at the right end
//! (<https://learn.microsoft.com/azure/firewall/firewall-faq>, wildcards in target URLs and FQDNs).

use super::known::is_microsoft;

/// How a name lies beside a pattern that it does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beside {
    /// The pattern is `*.domain`, and the name is the domain.
    BareDomain,
    /// The pattern is a name, and the name asked about lies below it.
    Below,
    /// The pattern ends the name's text, but at no dot: `evilgithub.com` beside `github.com`.
    LookAlike,
    /// Both lie in one domain.
    Sibling,
}

/// A name as rules are compared: lower case, without a dot at the end.
pub(super) fn plain(name: &str) -> String {
    name.trim().trim_end_matches('.').to_ascii_lowercase()
}

/// Whether a name fits a pattern.
pub(super) fn fits(pattern: &str, name: &str) -> bool {
    let pattern = plain(pattern);
    match pattern.strip_prefix('*') {
        None => pattern == name,
        Some("") => true,
        // `*.domain` needs something before the dot; `*domain` does not.
        Some(end) => name.ends_with(end) && (name.len() > end.len() || !end.starts_with('.')),
    }
}

/// Whether a web address without its scheme, such as `host/path`, fits a pattern of web addresses.
pub(super) fn fits_address(pattern: &str, host: &str, path: &str) -> bool {
    let pattern = pattern.trim();
    let bare = pattern.split_once("://").map_or(pattern, |(_, rest)| rest);
    let (wanted_host, wanted_path) = match bare.split_once('/') {
        Some((wanted, rest)) => (wanted, format!("/{rest}")),
        None => (bare, "/".to_owned()),
    };
    let path = path.split('?').next().unwrap_or(path);
    let path_fits = match wanted_path.strip_suffix('*') {
        Some(start) => path.starts_with(start) || format!("{path}/") == start,
        None => path == wanted_path,
    };
    fits(wanted_host, host) && path_fits
}

/// The host part of a pattern of web addresses.
pub(super) fn host_of_address(pattern: &str) -> &str {
    let bare = pattern.split_once("://").map_or(pattern, |(_, rest)| rest);
    bare.split('/').next().unwrap_or(bare)
}

/// How a name that does not fit lies beside a pattern; `None` when they have nothing to do with each other.
pub(super) fn beside(pattern: &str, name: &str) -> Option<Beside> {
    let pattern = plain(pattern);
    let is_wild = pattern.starts_with('*');
    let domain = pattern.trim_start_matches('*').trim_start_matches('.');
    if domain.is_empty() {
        return None;
    }
    if is_wild && name == domain {
        return Some(Beside::BareDomain);
    }
    if let Some(front) = name.strip_suffix(domain) {
        return Some(if front.ends_with('.') { Beside::Below } else { Beside::LookAlike });
    }
    let common = owner(name)?;
    (owner(domain) == Some(common) && !is_microsoft(common)).then_some(Beside::Sibling)
}

/// The part of a name that somebody registered: its last two labels, or three below names such as `co.uk`.
fn owner(name: &str) -> Option<&str> {
    let dots: Vec<usize> = name.rmatch_indices('.').map(|(index, _)| index).collect();
    let second = dots.first().zip(dots.get(1)).and_then(|(last, before)| {
        name.get(before + 1..*last).map(|label| label.len() <= 3 && name.len() - last <= 3)
    });
    let cut = if second == Some(true) { dots.get(2) } else { dots.get(1) };
    match cut {
        Some(index) => name.get(index + 1..),
        None => name.contains('.').then_some(name),
    }
}
