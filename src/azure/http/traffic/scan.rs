//! Finds in a text what looks like an id, an address or a mailbox. It keeps nothing and decides no replacement.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use uuid::Uuid;

/// A text in which each maximal run of some characters was offered to `change`, and kept where that gives nothing.
/// `change` also gets the character before the run.
pub(crate) fn runs(
    text: &str,
    belongs: impl Fn(char) -> bool,
    mut change: impl FnMut(&str, Option<char>) -> Option<String>,
) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let begin = rest.find(&belongs).unwrap_or(rest.len());
        let (outside, from) = rest.split_at(begin);
        out.push_str(outside);
        let end = from.find(|letter| !belongs(letter)).unwrap_or(from.len());
        let (run, after) = from.split_at(end);
        if !run.is_empty() {
            let changed = change(run, outside.chars().last());
            out.push_str(changed.as_deref().unwrap_or(run));
        }
        rest = after;
    }
    out
}

/// A text in which each id of the form 8-4-4-4-12 was given to `change`, whatever stands around it.
pub(crate) fn guids(text: &str, mut change: impl FnMut(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut kept = 0;
    let mut at = 0;
    while at + 36 <= text.len() {
        match text.get(at..at + 36).filter(|piece| is_guid(piece)) {
            Some(guid) => {
                out.push_str(text.get(kept..at).unwrap_or_default());
                out.push_str(&change(guid));
                at += 36;
                kept = at;
            }
            None => at += 1,
        }
    }
    out.push_str(text.get(kept..).unwrap_or_default());
    out
}

/// Whether a text is an id of the form 8-4-4-4-12.
pub(crate) fn is_guid(text: &str) -> bool {
    text.len() == 36 && Uuid::try_parse(text).is_ok()
}

/// Whether an id in lower case is that of a built-in role, the same for everybody.
pub(crate) fn is_known_id(id: &str) -> bool {
    super::names::known_ids().contains(id)
}

/// Whether a text is an id without its hyphens.
pub(super) fn is_plain_guid(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether a text is a mailbox or a user's principal name, `@` perhaps encoded as in an address.
pub(crate) fn is_mailbox(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@').or_else(|| text.split_once("%40")) else {
        return false;
    };
    // `@odata.nextLink` and its like are names of members.
    !local.is_empty()
        && domain.trim_matches('.').contains('.')
        && !domain.starts_with("odata.")
        && !domain.eq_ignore_ascii_case("example.com")
}

/// The address that a text is, where it tells whose it is: private and reserved ones tell nothing.
pub(super) fn telling_address(text: &str) -> Option<IpAddr> {
    if let Ok(address) = text.parse::<Ipv4Addr>() {
        return tells(address).then_some(IpAddr::V4(address));
    }
    let address: Ipv6Addr = text.parse().ok().filter(|_| text.contains(':'))?;
    let first = address.segments().first().copied().unwrap_or_default();
    // Global addresses begin with 001; 2001:db8::/32 is for documents.
    let global = first >> 13 == 1 && !text.to_ascii_lowercase().starts_with("2001:db8:");
    global.then_some(IpAddr::V6(address))
}

fn tells(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    // Azure's own address on every host, the same everywhere.
    let azure = address == Ipv4Addr::new(168, 63, 129, 16);
    let shared = first == 100 && (64..128).contains(&second);
    let documents = matches!((first, second, third), (192, 0, 2) | (198, 51, 100) | (203, 0, 113));
    !(azure
        || shared
        || documents
        || first == 0
        || first >= 224
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local())
}

/// The parts of an address or id between slashes, encoded or not, each with its decoded text.
pub(super) fn segments(id: &str) -> Vec<String> {
    let plain = id.replace("%2F", "/").replace("%2f", "/");
    plain
        .split('/')
        .filter(|part| !part.is_empty())
        .map(|part| percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned())
        .collect()
}

/// The resource ids in a text, from `/subscriptions/` or `/providers/` to where an id must end.
pub(super) fn ids(text: &str) -> Vec<&str> {
    let lowered = text.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = next_id(&lowered, from) {
        let rest = text.get(at..).unwrap_or_default();
        let end = rest
            .find(|letter: char| letter.is_whitespace() || "?&'\"<>[]{},;|\\".contains(letter))
            .unwrap_or(rest.len());
        let id = rest.get(..end).unwrap_or_default();
        found.push(id.trim_end_matches(['.', ')', ':']));
        from = at + end.max(1);
    }
    found
}

fn next_id(lowered: &str, from: usize) -> Option<usize> {
    let rest = lowered.get(from..)?;
    ["/subscriptions/", "%2fsubscriptions%2f", "/providers/"]
        .iter()
        .filter_map(|begin| rest.find(begin))
        .min()
        .map(|at| from + at)
}
