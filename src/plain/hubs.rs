//! The networks that an environment may be connected to, line by line: a table with the reasons below each row for
//! people, one JSON object a network for programs.
//!
//! It must not judge or read anything.

use serde_json::json;

use super::output::Output;
use crate::domain::peering::{Candidate, Fit, Gateway, GatewayKind, Known};

/// Tells all of them, best first as they come.
pub fn list(output: Output, environment: &str, candidates: &[Candidate]) {
    if candidates.is_empty() {
        output.say(&format!(
            "There is no other network that this account can see, to which {environment} could be connected."
        ));
        return;
    }
    output.headline(&format!("Networks that {environment} could be connected to, best first:"));
    for candidate in candidates {
        one(output, candidate);
    }
}

/// Tells one.
pub fn one(output: Output, candidate: &Candidate) {
    let hub = &candidate.hub;
    output.say("");
    output.headline(&format!(
        "{:<8} {:<20} {:<18} {:<14} {}",
        word(candidate.fit),
        hub.name,
        ranges(&hub.prefixes),
        hub.region,
        gateways(&hub.gateways),
    ));
    output.say(&format!("         {}", hub.id));
    for reason in &candidate.reasons {
        output.hanging(&format!("         {}: ", mark(reason.fit)), &reason.what);
        if !reason.remedy.is_empty() {
            output.hanging("           so: ", &reason.remedy);
        }
    }
    output.event(
        "hub",
        json!({
            "id": hub.id,
            "name": hub.name,
            "region": hub.region,
            "subscription": hub.subscription,
            "address_space": hub.prefixes,
            "gateway": gateway_json(&hub.gateways),
            "fit": candidate.fit,
            "reasons": candidate.reasons,
        }),
    );
}

/// The fit in a word of one width class; the words are those of the JSON.
fn word(fit: Fit) -> &'static str {
    match fit {
        Fit::Good => "good",
        Fit::Warns => "warns",
        Fit::Refused => "refused",
    }
}

/// What a reason is, in a word that a screen reader reads out.
fn mark(fit: Fit) -> &'static str {
    match fit {
        Fit::Good => "fine",
        Fit::Warns => "note",
        Fit::Refused => "no",
    }
}

fn ranges(prefixes: &[String]) -> String {
    prefixes.join(",")
}

fn gateways(gateways: &Known<Vec<Gateway>>) -> String {
    match gateways {
        Known::Unread(_) => "gateway not read".to_owned(),
        Known::Read(gateways) if gateways.is_empty() => "no gateway".to_owned(),
        Known::Read(gateways) => gateways
            .iter()
            .map(|gateway| format!("{} {} {}", kind(gateway), gateway.sku, state(gateway)))
            .collect::<Vec<_>>()
            .join(", "),
    }
}

fn kind(gateway: &Gateway) -> &'static str {
    match gateway.kind {
        GatewayKind::Vpn => "VPN",
        GatewayKind::ExpressRoute => "ExpressRoute",
    }
}

fn state(gateway: &Gateway) -> &str {
    match gateway.state.as_str() {
        "Succeeded" => "up",
        other => other,
    }
}

/// `read` tells an empty list from one that could not be read.
fn gateway_json(gateways: &Known<Vec<Gateway>>) -> serde_json::Value {
    match gateways {
        Known::Read(gateways) => json!({ "read": true, "gateways": gateways }),
        Known::Unread(why) => json!({ "read": false, "why": why }),
    }
}
