//! How wide a hole is, judged from the target alone, with a sentence that says why.
//!
//! This module must not decide whether a hole is allowed; it names it.

use ipnetwork::Ipv4Network;

use super::{Allowlist, SharedSuffix, Sharing};
use crate::domain::plan::Width;

/// How wide a hole is, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The width.
    pub width: Width,
    /// One sentence for the person who decides.
    pub why: String,
}

impl Judgement {
    fn new(width: Width, why: impl Into<String>) -> Self {
        Self { width, why: why.into() }
    }
}

/// Judges a host name, a pattern of host names, an address or a range.
pub fn judge(host: &str) -> Judgement {
    let host = host.trim().trim_end_matches('.').to_ascii_lowercase();
    if host == "*" {
        return Judgement::new(Width::Any, "It admits every host there is.");
    }
    if let Ok(range) = host.parse() {
        return judge_range(range);
    }
    let shared = &Allowlist::embedded().shared;
    match host.strip_prefix('*') {
        None => judge_name(&host, shared),
        Some(rest) => match rest.strip_prefix('.') {
            Some(domain) => judge_wildcard(domain, shared),
            None => Judgement::new(
                Width::Any,
                format!(
                    "Without a dot behind the star it also admits look-alikes that anybody can register, such as \
                     evil{rest}."
                ),
            ),
        },
    }
}

fn judge_range(range: Ipv4Network) -> Judgement {
    match range.prefix() {
        32 => Judgement::new(
            Width::Named,
            "It is one address; whoever holds it later is admitted too.",
        ),
        24..=31 => {
            Judgement::new(Width::Wildcard, format!("It admits {} addresses.", range.size()))
        }
        _ if range.ip().is_private() => {
            Judgement::new(Width::Wildcard, "It admits a large private network.")
        }
        _ => Judgement::new(
            Width::Any,
            format!("It admits {} public addresses, whoever rents one of them.", range.size()),
        ),
    }
}

fn judge_name(host: &str, shared: &[SharedSuffix]) -> Judgement {
    let path = shared.iter().find(|known| known.kind == Sharing::Path && known.suffix == host);
    if let Some(known) = path {
        return Judgement::new(
            Width::SharedTenant,
            format!("This one name serves {}.", known.what),
        );
    }
    let account =
        shared.iter().find(|known| known.kind == Sharing::Account && below(host, &known.suffix));
    match account {
        Some(known) => Judgement::new(
            Width::Named,
            format!("It is one account among {}; make sure whose it is.", known.what),
        ),
        None => Judgement::new(Width::Named, "It is one host."),
    }
}

fn judge_wildcard(domain: &str, shared: &[SharedSuffix]) -> Judgement {
    let registry =
        shared.iter().any(|known| known.kind == Sharing::Registry && known.suffix == domain);
    if registry || !domain.contains('.') {
        return Judgement::new(Width::Any, format!("Anybody can register a name below {domain}."));
    }
    let many = shared.iter().find(|known| {
        known.kind != Sharing::Registry
            && (known.suffix == domain
                || below(&known.suffix, domain)
                || below(domain, &known.suffix))
    });
    match many {
        Some(known) => Judgement::new(Width::SharedTenant, format!("It admits {}.", known.what)),
        None => Judgement::new(
            Width::Wildcard,
            format!("It allows every host that the owner of {domain} creates."),
        ),
    }
}

/// Whether a name lies below a domain.
fn below(name: &str, domain: &str) -> bool {
    name.strip_suffix(domain).is_some_and(|front| front.ends_with('.'))
}
