//! What each service says to a machine outside, and what that proves.
//!
//! The probing itself is done elsewhere; here stand the hosts to be asked and how their answers are read.

use crate::domain::resource;
use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Book, ComparisonInput, ComparisonItem, Difference, Spot, text, told};

/// A service that must refuse strangers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// Which service it is.
    pub service: &'static str,
    /// Its public host name.
    pub host: String,
    /// Path and query to be asked for.
    pub path: &'static str,
}

/// What a service said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbeAnswer {
    /// The addresses that the name leads to from here.
    pub addresses: Vec<String>,
    /// HTTP status; `None` when no answer came.
    pub status: Option<u16>,
    /// The error code in the answer, or why no answer came.
    pub code: String,
}

/// The path under which an answer is kept in an inventory.
pub fn probe_path(host: &str) -> String {
    format!("probe:{host}")
}

/// The hosts to be asked, as far as the inventory tells their names.
pub fn hosts(case: &ComparisonInput<'_>) -> Vec<Probe> {
    let mut probes = Vec::new();
    let mut add = |service, address: &str, path| {
        let host = address.trim_start_matches("https://").trim_end_matches('/');
        if !host.is_empty() {
            let host = host.to_owned();
            probes.push(Probe { service, host, path });
        }
    };
    let body = |kind| case.planned(kind).next().and_then(|each| case.inventory.found(&each.id));
    if let Some(body) = body(resource::WORKSPACE) {
        // The region's own host without the workspace's id answers anybody; the workspace's does not.
        let (id, region) = (text(body, "/properties/workspaceId"), text(body, "/location"));
        let suffix = text(body, "/properties/discoveryUrl")
            .split('/')
            .nth(2)
            .and_then(|host| host.split_once('.'))
            .map_or("api.azureml.ms", |(_, suffix)| suffix);
        if !id.is_empty() {
            add("workspace", &format!("{id}.workspace.{region}.{suffix}"), "/discovery");
        }
    }
    if let Some(body) = body(resource::STORAGE) {
        add("storage", text(body, "/properties/primaryEndpoints/blob"), "/?comp=list");
    }
    if let Some(body) = body(resource::VAULT) {
        add("vault", text(body, "/properties/vaultUri"), "/secrets?api-version=7.4");
    }
    if let Some(body) = body(resource::REGISTRY) {
        add("registry", text(body, "/properties/loginServer"), "/v2/");
    }
    probes
}

/// What the services said to this machine; what was not asked is not known.
pub fn refusals(case: &ComparisonInput<'_>) -> Vec<ComparisonItem> {
    let mut book = Book::new(*case);
    let probes = hosts(case);
    for service in ["workspace", "storage", "vault", "registry"] {
        let Some(probe) = probes.iter().find(|each| each.service == service) else {
            let spot = Spot { name: service, ..Spot::of(service, "") }.place("answer").point(30);
            book.unread(&spot, "its address was not read");
            continue;
        };
        let answer = case.inventory.found(&probe_path(&probe.host));
        let answer = answer.and_then(|answer| ProbeAnswer::deserialize(answer).ok());
        judge(&mut book, probe, answer.as_ref());
    }
    book.close()
}

fn judge(book: &mut Book<'_>, probe: &Probe, answer: Option<&ProbeAnswer>) {
    let spot =
        Spot { name: probe.service, ..Spot::of(probe.service, "") }.place(&probe.host).point(30);
    let elsewhere =
        "Run the audit from a machine outside the network; this one proves nothing here.";
    let Some(answer) = answer else {
        return book.not_known(&spot, "not asked".into(), "Run the audit without --no-probe.");
    };
    if !answer.addresses.is_empty() && answer.addresses.iter().all(|each| is_private(each)) {
        let found = format!("this machine is inside: {}", answer.addresses.join(", "));
        return book.not_known(&spot, found, elsewhere);
    }
    let Some(status) = answer.status else {
        return book.not_known(&spot, format!("no answer: {}", answer.code), elsewhere);
    };
    let found = format!("{status} {}", answer.code).trim().to_owned();
    match (status, probe.service) {
        (403, _) if !answer.code.is_empty() => book.as_planned(&spot),
        // A proxy's page has the status and not the code.
        (403, _) => {
            let found = "403 without an error code of Azure's: something between may have answered"
                .to_owned();
            book.not_known(&spot, found, elsewhere);
        }
        // These two ask who is there before they look from where: a stranger gets nothing all the same
        // (https://learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses).
        (401, "vault" | "registry") => book.as_planned(&spot),
        (500.., _) => book.not_known(&spot, found, "Run the audit again later."),
        _ => {
            let remedy = "It answers from the internet: set its public network access to Disabled.";
            book.differs(&spot, Difference::changed("a refusal (403)", found, remedy));
        }
    }
}

/// Whether an address is one that only private networks use.
fn is_private(address: &str) -> bool {
    address.parse::<Ipv4Addr>().is_ok_and(|address| address.is_private())
}

/// The code that an answer's body gives, JSON or XML.
pub fn code_in(body: &str) -> String {
    if let Ok(value) = serde_json::from_str::<Value>(body) {
        let pointers = ["/error/innererror/code", "/error/code", "/errors/0/code", "/code"];
        let found = pointers.iter().find_map(|pointer| told(&value, pointer));
        return found.unwrap_or_default().to_owned();
    }
    let inside = body.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>"));
    inside.map_or("", |(code, _)| code).to_owned()
}
