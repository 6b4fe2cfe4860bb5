//! The public names that DNS on-premises must forward to the hub, and the configuration that does it.
//!
//! The public names are forwarded, never `privatelink.*`: the answer to a public name leads there by itself. Sources:
//! <https://learn.microsoft.com/azure/private-link/private-endpoint-dns>,
//! <https://learn.microsoft.com/azure/machine-learning/how-to-custom-dns>. This module writes text and nothing else.

use std::{fmt::Write as _, net::Ipv4Addr};

use serde::Serialize;

use crate::domain::settings::Cloud;

/// A domain to be forwarded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Forward {
    /// The public domain.
    pub domain: String,
    /// The private zone whose records answer for it.
    pub zone: String,
    /// What is reached under it, in a few words.
    pub reason: &'static str,
    /// Whether names of everybody else in Azure end alike, so that those are asked of the hub too.
    pub wide: bool,
}

/// What a domain ends in, by cloud: the public one, Azure Government, Azure operated by 21Vianet.
type Suffix = [&'static str; 3];

const API: Suffix = ["api.azureml.ms", "api.ml.azure.us", "api.ml.azure.cn"];
const NOTEBOOKS: Suffix =
    ["notebooks.azure.net", "notebooks.usgovcloudapi.net", "notebooks.chinacloudapi.cn"];
const INFERENCE: Suffix =
    ["inference.ml.azure.com", "inference.ml.azure.us", "inference.ml.azure.cn"];
const STORAGE: Suffix = ["core.windows.net", "core.usgovcloudapi.net", "core.chinacloudapi.cn"];
const VAULT: Suffix = ["vault.azure.net", "vault.usgovcloudapi.net", "vault.azure.cn"];
const VAULT_CORE: Suffix =
    ["vaultcore.azure.net", "vaultcore.usgovcloudapi.net", "vaultcore.azure.cn"];
const REGISTRY: Suffix = ["azurecr.io", "azurecr.us", "azurecr.cn"];
const MONITOR: Suffix = ["monitor.azure.com", "monitor.azure.us", "monitor.azure.cn"];
const INSIGHTS: Suffix = ["opinsights.azure.com", "opinsights.azure.us", "opinsights.azure.cn"];
const AUTOMATION: Suffix = [
    "agentsvc.azure-automation.net",
    "agentsvc.azure-automation.us",
    "agentsvc.azure-automation.cn",
];
/// Microsoft's pages differ on the domain of compute instances, so both.
const INSTANCES_OLD: Suffix =
    ["instances.azureml.ms", "instances.azureml.us", "instances.azureml.cn"];
const INSTANCES_NEW: Suffix =
    ["instances.ml.azure.ms", "instances.ml.azure.us", "instances.ml.azure.cn"];

/// Content of notebooks; the same in every cloud.
const NOTEBOOK_CONTENT: &str = "aznbcontent.net";
const INSTANCES: &str = "compute instances: Jupyter, terminal and SSH in the studio (Microsoft's pages \
    differ on the domain, so both)";

fn private(domain: &str) -> String {
    format!("privatelink.{domain}")
}

/// The domains to be forwarded; those of Azure Monitor only where logs shall be read privately too, because they
/// carry the logs of every other subscription as well.
pub fn forwards(cloud: Cloud, monitor: bool) -> Vec<Forward> {
    let of = |suffix: Suffix| suffix_of(cloud, suffix);
    let entry = |domain: &str, zone: &str, reason, wide| Forward {
        domain: domain.to_owned(),
        zone: private(zone),
        reason,
        wide,
    };
    let own = |domain: &str, reason, wide| entry(domain, domain, reason, wide);
    let mut list = vec![
        own(of(API), "the workspace's interface", false),
        own(of(NOTEBOOKS), "notebooks in the studio", false),
        entry(of(INSTANCES_OLD), of(API), INSTANCES, false),
        entry(of(INSTANCES_NEW), of(API), INSTANCES, false),
        entry(of(INFERENCE), of(API), "online endpoints", false),
        entry(NOTEBOOK_CONTENT, of(NOTEBOOKS), "content of notebooks", false),
    ];
    for (service, reason) in [
        ("blob", "blobs of the storage account"),
        ("file", "file shares of the storage account"),
        ("queue", "queues of the storage account"),
        ("table", "tables of the storage account"),
        ("dfs", "data lake of the storage account"),
    ] {
        list.push(own(&format!("{service}.{}", of(STORAGE)), reason, true));
    }
    list.push(entry(of(VAULT), of(VAULT_CORE), "the key vault", true));
    list.push(own(of(VAULT_CORE), "the key vault, second domain", true));
    list.push(own(of(REGISTRY), "the container registry with its data endpoints", true));
    if monitor {
        list.push(own(of(MONITOR), "Azure Monitor", true));
        list.push(own(&format!("oms.{}", of(INSIGHTS)), "log queries", true));
        list.push(own(&format!("ods.{}", of(INSIGHTS)), "log ingestion", true));
        list.push(own(of(AUTOMATION), "agents of Azure Monitor", true));
    }
    list
}

/// The private zones that the endpoint of a service needs, by the group id with which the endpoint asks for the service
/// (<https://learn.microsoft.com/azure/private-link/private-endpoint-dns>).
pub fn zones_of_group(cloud: Cloud, group: &str) -> Vec<String> {
    let of = |suffix: Suffix| suffix_of(cloud, suffix).to_owned();
    let within = |part: &str, suffix: Suffix| format!("{part}.{}", of(suffix));
    let zones = match group.to_ascii_lowercase().as_str() {
        "amlworkspace" => vec![of(API), of(NOTEBOOKS)],
        "vault" => vec![of(VAULT_CORE)],
        "registry" => vec![of(REGISTRY)],
        "azuremonitor" => vec![
            of(MONITOR),
            within("oms", INSIGHTS),
            within("ods", INSIGHTS),
            of(AUTOMATION),
            within("blob", STORAGE),
        ],
        storage @ ("blob" | "file" | "queue" | "table" | "dfs") => vec![within(storage, STORAGE)],
        _ => Vec::new(),
    };
    zones.iter().map(|domain| private(domain)).collect()
}

fn suffix_of(cloud: Cloud, [public, government, china]: Suffix) -> &'static str {
    match cloud {
        Cloud::Public => public,
        Cloud::UsGov => government,
        Cloud::China => china,
    }
}

fn entry_of(cloud: Cloud, host: &str) -> Option<Forward> {
    let host = host.to_ascii_lowercase();
    forwards(cloud, true).into_iter().find(|each| {
        host.strip_suffix(&each.domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

/// The domain that must be forwarded for a name to be answered privately.
pub fn domain_of(cloud: Cloud, host: &str) -> Option<String> {
    entry_of(cloud, host).map(|each| each.domain)
}

/// The private zone that has a name's record.
pub fn zone_of(cloud: Cloud, host: &str) -> Option<String> {
    entry_of(cloud, host).map(|each| each.zone)
}

/// What every form says first, as comment lines behind a mark.
fn head(mark: &str, servers: &[Ipv4Addr]) -> String {
    let mut lines = vec![
        "Names of a private Azure Machine Learning environment, forwarded to the DNS server in its hub.",
        "These are the public names, as Microsoft documents it; names that start with privatelink must not \
         be forwarded.",
        "A domain marked with * belongs to everybody in Azure: all its names are then asked of the hub, so \
         its server must",
        "be up. A name with a private endpoint elsewhere that has no record there is answered publicly \
         where the zone's link",
        "to the hub has the fallback to the internet (resolutionPolicy NxDomainRedirect, as privateaml peer \
         makes it); where",
        "it has not, the name does not exist for whoever asks the hub.",
        "Domains of your own that end alike and are forwarded elsewhere already keep their more specific entries.",
    ];
    if servers.is_empty() {
        lines.push("No DNS server is known in the hub: put its address in place of HUB-DNS-ADDRESS and take \
            the comment marks away.");
        lines.push("It is an inbound endpoint of a DNS Private Resolver or a DNS server there, never 168.63.129.16.");
    }
    let lines: Vec<String> = lines.iter().map(|line| format!("{mark} {line}\n")).collect();
    lines.concat()
}

/// One block for each domain: its reason as a comment, then the lines; commented out where no server is known.
fn written(
    mark: &str,
    forwards: &[Forward],
    servers: &[Ipv4Addr],
    lines: impl Fn(&str, &[String]) -> Vec<String>,
) -> String {
    let known: Vec<String> = servers.iter().map(ToString::to_string).collect();
    let (addresses, before) = if known.is_empty() {
        (vec!["HUB-DNS-ADDRESS".to_owned()], format!("{mark} "))
    } else {
        (known, String::new())
    };
    let mut text = head(mark, servers);
    for each in forwards {
        let star = if each.wide { " *" } else { "" };
        let _ = writeln!(text, "\n{mark} {}{star}", each.reason);
        for line in lines(&each.domain, &addresses) {
            let _ = writeln!(text, "{before}{line}");
        }
    }
    text
}

/// For BIND: zones of type forward, to be included in `named.conf`
/// (<https://bind9.readthedocs.io/en/latest/reference.html>).
pub fn bind(forwards: &[Forward], servers: &[Ipv4Addr]) -> String {
    written("//", forwards, servers, |domain, addresses| {
        let servers: Vec<String> = addresses.iter().map(|each| format!(" {each};")).collect();
        let servers = servers.concat();
        vec![
            format!("zone \"{domain}\" {{"),
            "    type forward;".to_owned(),
            "    forward only;".to_owned(),
            format!("    forwarders {{{servers} }};"),
            "};".to_owned(),
        ]
    })
}

/// For Windows DNS: a PowerShell script, kept in the forest's directory
/// (<https://learn.microsoft.com/powershell/module/dnsserver/add-dnsserverconditionalforwarderzone>).
pub fn windows(forwards: &[Forward], servers: &[Ipv4Addr]) -> String {
    let text = written("#", forwards, servers, |domain, addresses| {
        vec![format!(
            "Add-DnsServerConditionalForwarderZone -Name '{domain}' -MasterServers {} -ReplicationScope 'Forest'",
            addresses.join(",")
        )]
    });
    text + "\n# On a server that is no domain controller leave out -ReplicationScope 'Forest'.\n"
}

/// For dnsmasq (<https://thekelleys.org.uk/dnsmasq/docs/dnsmasq-man.html>).
pub fn dnsmasq(forwards: &[Forward], servers: &[Ipv4Addr]) -> String {
    written("#", forwards, servers, |domain, addresses| {
        let servers = addresses.iter().map(|each| format!("server=/{domain}/{each}"));
        // Where private answers are dropped as an attack (stop-dns-rebind), these must be let through.
        servers.chain([format!("rebind-domain-ok=/{domain}/")]).collect()
    })
}

#[cfg(test)]
#[path = "forward_tests.rs"]
mod tests;
