//! What is known of names and service tags without asking: which tags a Microsoft name usually belongs to, and Azure's
//! own list of the addresses behind the tags where it was read.
//!
//! A tag is a list of addresses that changes weekly, so a name is never said to be in one, only that it may be. This
//! module must not say that a tag fits or does not fit where only Azure knows.

use std::net::Ipv4Addr;

use ipnetwork::Ipv4Network;
use serde_json::Value;

use crate::domain::json::{items, text, texts};

/// Service tags with the ends of the names whose addresses belong to them
/// (<https://learn.microsoft.com/azure/virtual-network/service-tags-overview>).
const TAGS: &[(&str, &str)] = &[
    (
        "Storage",
        "blob.core.windows.net table.core.windows.net queue.core.windows.net file.core.windows.net \
         dfs.core.windows.net web.core.windows.net storage.azure.net core.usgovcloudapi.net core.chinacloudapi.cn",
    ),
    ("AzureContainerRegistry", "azurecr.io azurecr.us azurecr.cn"),
    ("MicrosoftContainerRegistry", "mcr.microsoft.com"),
    ("AzureFrontDoor", "mcr.microsoft.com azurefd.net"),
    (
        "AzureActiveDirectory",
        "login.microsoftonline.com login.microsoftonline.us login.chinacloudapi.cn login.windows.net \
         login.microsoft.com sts.windows.net graph.windows.net graph.microsoft.com",
    ),
    (
        "AzureResourceManager",
        "management.azure.com management.usgovcloudapi.net management.chinacloudapi.cn",
    ),
    ("AzureMachineLearning", "azureml.ms azureml.net ml.azure.us ml.azure.cn"),
    ("BatchNodeManagement", "batch.azure.com"),
    ("AzureKeyVault", "vault.azure.net vault.usgovcloudapi.net vault.azure.cn"),
    (
        "AzureMonitor",
        "monitor.azure.com opinsights.azure.com loganalytics.io applicationinsights.azure.com \
         applicationinsights.microsoft.com visualstudio.com",
    ),
    ("AzureDevOps", "visualstudio.com dev.azure.com"),
    ("Sql", "database.windows.net database.usgovcloudapi.net database.chinacloudapi.cn"),
    ("AzureCosmosDB", "documents.azure.com cosmos.azure.com"),
    ("CognitiveServicesManagement", "cognitiveservices.azure.com openai.azure.com"),
    ("AzureDatabricks", "azuredatabricks.net"),
    ("AppConfiguration", "azconfig.io"),
    ("GuestAndHybridManagement", "azure-automation.net"),
    ("DataFactory", "datafactory.azure.com"),
    ("DataFactoryManagement", "adf.azure.com"),
    ("AzureSignalR", "service.signalr.net"),
    ("AzureIoTHub", "azure-devices.net"),
    ("AzureEventGrid", "eventgrid.azure.net"),
    ("AzureBackup", "backup.windowsazure.com"),
    ("AzureSiteRecovery", "siterecovery.windowsazure.com"),
    ("EventHub", "servicebus.windows.net"),
    ("ServiceBus", "servicebus.windows.net"),
    ("AppService", "azurewebsites.net"),
];

/// Domains of Microsoft whose names can lie behind a tag that `TAGS` does not tell.
const MICROSOFT: &str = "microsoft.com azure.com azure.net windows.net windows.com windowsupdate.com \
    microsoftonline.com msftauth.net msauth.net azureedge.net office.com office.net live.com azure.us azure.cn";

/// Tags behind which anybody's names can lie: customers put names of their own before these services.
const FOR_ANYBODY: &[&str] = &["Storage", "AzureFrontDoor", "AppService"];

/// Names that FQDN tags are documented to hold, by tag in lower case
/// (<https://learn.microsoft.com/azure/firewall/fqdn-tags>). The lists themselves are Azure's.
const FQDN_TAGS: &[(&str, &str)] = &[
    (
        "windowsupdate",
        "windowsupdate.com update.microsoft.com delivery.mp.microsoft.com download.microsoft.com \
         windowsupdate.microsoft.com",
    ),
    ("windowsdiagnostics", "events.data.microsoft.com telemetry.microsoft.com"),
    ("azurebackup", "backup.windowsazure.com"),
    ("azurekubernetesservice", "azmk8s.io mcr.microsoft.com"),
    ("windowsvirtualdesktop", "wvd.microsoft.com"),
    ("office365", "office.com office.net office365.com"),
];

/// Whether a name is a domain or lies below it.
fn within(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|front| front.is_empty() || front.ends_with('.'))
}

/// Whether a name is one of several domains or lies below one.
fn within_any(host: &str, domains: &str) -> bool {
    domains.split(' ').any(|domain| within(host, domain))
}

/// True for a domain in which a sibling tells nothing: Microsoft puts services of all kinds there.
pub(super) fn is_microsoft(domain: &str) -> bool {
    MICROSOFT.split(' ').any(|each| each == domain)
}

/// Whether what was asked may be behind something that only Azure can list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Membership {
    /// It usually is.
    Likely,
    /// Nothing tells.
    Open,
    /// It can be, but nothing speaks for it.
    Possible,
    /// It is not.
    No,
}

/// Whether the addresses of a host may belong to a service tag, such as `Storage.westeurope`.
pub(super) fn host_in_tag(host: &str, tag: &str) -> Membership {
    let is = |name: &str| same_service(tag, name);
    if tag.to_ascii_lowercase().starts_with("azureplatform") {
        return Membership::No;
    }
    let mut known = TAGS.iter().filter(|(_, domains)| within_any(host, domains)).peekable();
    if known.peek().is_some() {
        let likely = is("AzureCloud") || known.any(|(name, _)| is(name));
        return if likely { Membership::Likely } else { Membership::No };
    }
    // Anybody's machine can stand in Azure.
    if is("AzureCloud") {
        return Membership::Open;
    }
    if within_any(host, MICROSOFT) || FOR_ANYBODY.iter().any(|name| is(name)) {
        Membership::Possible
    } else {
        Membership::No
    }
}

/// Whether a tag is of a service: the service itself, or its part in a region.
fn same_service(tag: &str, service: &str) -> bool {
    let (tag, service) = (tag.to_ascii_lowercase(), service.to_ascii_lowercase());
    tag.strip_prefix(&service).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Whether a host may be among the names of an FQDN tag.
pub(super) fn host_in_fqdn_tag(host: &str, tag: &str) -> Membership {
    let tag = tag.to_ascii_lowercase();
    let listed = FQDN_TAGS.iter().find(|(name, _)| *name == tag).map(|(_, domains)| *domains);
    // A name of a service with addresses of its own is not among those of another service's tag.
    let elsewhere = TAGS.iter().any(|(_, domains)| within_any(host, domains));
    match listed {
        Some(domains) if within_any(host, domains) => Membership::Likely,
        Some(_) if elsewhere => Membership::No,
        _ if within_any(host, MICROSOFT) => Membership::Possible,
        Some(_) => Membership::No,
        None => Membership::Possible,
    }
}

/// True for names of the kinds that Azure's built-in rules let through: storage of platform images and of managed
/// disks, and Azure's diagnostics (<https://learn.microsoft.com/azure/firewall/infrastructure-fqdns>).
pub fn may_be_infrastructure(host: &str) -> bool {
    [
        "blob.core.windows.net",
        "table.core.windows.net",
        "queue.core.windows.net",
        "blob.storage.azure.net",
        "monitoring.core.windows.net",
    ]
    .iter()
    .any(|domain| within(host, domain) && host != *domain)
}

/// Azure's list of the addresses behind service tags
/// (`Microsoft.Network/locations/{region}/serviceTags`,
/// <https://learn.microsoft.com/rest/api/virtualnetwork/service-tags/list>).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ServiceTags(Vec<(String, Vec<Ipv4Network>)>);

impl ServiceTags {
    /// Reads the answer; addresses of IPv6 are left out, for the network has none.
    pub fn read(body: &Value) -> Self {
        let named = items(body, "/values").iter().map(|tag| {
            let prefixes = texts(tag, "/properties/addressPrefixes");
            let ranges = prefixes.filter_map(|prefix| prefix.parse().ok()).collect();
            (text(tag, "/name").to_ascii_lowercase(), ranges)
        });
        Self(named.collect())
    }

    /// The length of the longest prefix of a tag that holds an address.
    pub(super) fn prefix(&self, tag: &str, address: Ipv4Addr) -> Option<u8> {
        let listed = self.0.iter().find(|(name, _)| name.eq_ignore_ascii_case(tag));
        let (_, ranges) = listed?;
        let holding = ranges.iter().filter(|range| range.contains(address));
        holding.map(|range| range.prefix()).max()
    }

    /// Whether an address belongs to a tag; `None` when the list does not have the tag.
    pub(super) fn holds(&self, tag: &str, address: Ipv4Addr) -> Option<bool> {
        let tag = tag.to_ascii_lowercase();
        let holds = |wanted: &str| {
            let listed = self.0.iter().find(|(name, _)| name == wanted);
            listed.map(|(_, ranges)| ranges.iter().any(|range| range.contains(address)))
        };
        holds(&tag).or_else(|| {
            // What is not in the whole service is not in its part of a region.
            let (service, _) = tag.split_once('.')?;
            holds(service).filter(|whole| !whole)
        })
    }
}
