//! Point 30: what each service says to a machine outside, and what that proves.
//!
//! The probing itself is done elsewhere; here stand the hosts to be asked and how their answers are read.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    case::{Case, WORKSPACE, text},
    names::is_private,
    sheet::Sheet,
};

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
#[must_use]
pub fn probe_path(host: &str) -> String {
    format!("probe:{host}")
}

/// The hosts to be asked, as far as the inventory tells their names.
#[must_use]
pub fn hosts(case: &Case<'_>) -> Vec<Probe> {
    let mut probes = Vec::new();
    let mut add = |service, address: &str, path| {
        let host = address.trim_start_matches("https://").trim_end_matches('/');
        if !host.is_empty() {
            let host = host.to_owned();
            probes.push(Probe {
                service,
                host,
                path,
            });
        }
    };
    let body = |resource_type| case.first(resource_type).and_then(|part| part.body.ok());
    if let Some(body) = body(WORKSPACE) {
        // The region's own host without the workspace's id answers anybody; the workspace's does not.
        let (id, region) = (
            text(body, "/properties/workspaceId"),
            text(body, "/location"),
        );
        let suffix = text(body, "/properties/discoveryUrl")
            .split('/')
            .nth(2)
            .and_then(|host| host.split_once('.'))
            .map_or("api.azureml.ms", |(_, suffix)| suffix);
        if !id.is_empty() {
            add(
                "workspace",
                &format!("{id}.workspace.{region}.{suffix}"),
                "/discovery",
            );
        }
    }
    if let Some(body) = body("Microsoft.Storage/storageAccounts") {
        add(
            "storage",
            text(body, "/properties/primaryEndpoints/blob"),
            "/?comp=list",
        );
    }
    if let Some(body) = body("Microsoft.KeyVault/vaults") {
        add(
            "vault",
            text(body, "/properties/vaultUri"),
            "/secrets?api-version=7.4",
        );
    }
    if let Some(body) = body("Microsoft.ContainerRegistry/registries") {
        add("registry", text(body, "/properties/loginServer"), "/v2/");
    }
    probes
}

pub(super) fn refusals(case: &Case<'_>, sheet: &mut Sheet) {
    let probes = hosts(case);
    for service in ["workspace", "storage", "vault", "registry"] {
        let Some(probe) = probes.iter().find(|each| each.service == service) else {
            sheet.unknown(service, "answer", "a refusal", "its address is not known");
            continue;
        };
        let answer = case
            .inventory
            .found(&probe_path(&probe.host))
            .and_then(|value| serde_json::from_value::<ProbeAnswer>(value.clone()).ok());
        judge(sheet, probe, answer.as_ref());
    }
    let remedy = "On the jumpbox: open https://example.com (must fail) and resolve the names above (must be private).";
    if super::network::has_machine(case) {
        sheet.open("from inside", "example.com", "not tried from here", remedy);
    }
}

fn judge(sheet: &mut Sheet, probe: &Probe, answer: Option<&ProbeAnswer>) {
    let expected = "a refusal (403)";
    let field = probe.host.as_str();
    let elsewhere =
        "Run the audit from a machine outside the network; this one proves nothing here.";
    let Some(answer) = answer else {
        let remedy = "Run the audit without --no-probe.";
        sheet.unproven(probe.service, field, expected, "not asked", remedy);
        return;
    };
    if !answer.addresses.is_empty() && answer.addresses.iter().all(|each| is_private(each)) {
        let found = format!("this machine is inside: {}", answer.addresses.join(", "));
        sheet.unproven(probe.service, field, expected, &found, elsewhere);
        return;
    }
    let Some(status) = answer.status else {
        let found = format!("no answer: {}", answer.code);
        sheet.unproven(probe.service, field, expected, &found, elsewhere);
        return;
    };
    let found = format!("{status} {}", answer.code);
    let found = found.trim();
    match (status, probe.service) {
        (403, _) => sheet.judge(probe.service, field, expected, found, true, ""),
        // These two ask who is there before they look from where.
        (401, "vault" | "registry") => {
            let remedy = "It asks for a sign-in first; the fields of its own point tell whether its network is closed.";
            sheet.unproven(probe.service, field, expected, found, remedy);
        }
        (500.., _) => sheet.unproven(
            probe.service,
            field,
            expected,
            found,
            "Run the audit again later.",
        ),
        _ => {
            let remedy = "It answers from the internet: set its public network access to Disabled.";
            sheet.judge(probe.service, field, expected, found, false, remedy);
        }
    }
}

/// The code that an answer's body gives, JSON or XML.
#[must_use]
pub fn code_in(body: &str) -> String {
    if let Ok(value) = serde_json::from_str::<Value>(body) {
        let pointers = [
            "/error/innererror/code",
            "/error/code",
            "/errors/0/code",
            "/code",
        ];
        let found = pointers
            .iter()
            .map(|pointer| text(&value, pointer))
            .find(|text| !text.is_empty());
        return found.unwrap_or_default().to_owned();
    }
    let inside = body
        .split_once("<Code>")
        .and_then(|(_, rest)| rest.split_once("</Code>"));
    inside.map_or("", |(code, _)| code).to_owned()
}
