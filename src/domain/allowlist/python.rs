//! The group "Python packages": the hosts of a package index, which is always the person's own choice.
//!
//! No index is built in. A host is typed, or taken from what pip or Azure Machine Learning told; whatever else stands
//! in an address, a user name or a password above all, is neither kept nor repeated. This module must not run
//! anything.

use super::{OwnHost, own_host};
use crate::domain::plan::{PlannedGroup, Width};
use crate::domain::problem::{Problem, Result};

/// Id of the group.
pub const PYTHON_PACKAGES: &str = "python-packages";
/// Its title.
pub const TITLE: &str = "Python packages";
/// The flag that answers for it.
pub const FLAG: &str = "--python-packages";
/// How wide its hole is: who publishes to an index is not known here.
pub const WIDTH: Width = Width::SharedTenant;
/// Why its entries are there.
const REASON: &str = "Package index: images with a pip section are built from it. Whoever publishes there puts \
    programs into the environment";
/// Why it is off where nobody has named an index.
const OFF: &str = "Off: no package index is named, so environments with a pip section cannot be built. Name one with \
                   --python-packages.";

/// Where the hosts come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexSource {
    /// No index is let through.
    Off,
    /// The index that pip on this machine uses.
    Pip,
    /// What Azure Machine Learning says that a workspace needs.
    AzureMl,
    /// The person is asked.
    Ask,
    /// These hosts.
    Hosts(Vec<String>),
}

fn refused(what: impl Into<String>, advice: impl Into<String>) -> Problem {
    Problem::new("PackageIndexInvalid", what, advice).at(FLAG)
}

/// Reads what a person wrote: `off`, `pip`, `azure-ml`, `ask`, or hosts with commas between.
///
/// # Errors
/// When a host cannot be used.
pub fn source(text: &str) -> Result<IndexSource> {
    match text.trim().to_ascii_lowercase().as_str() {
        "off" | "" => Ok(IndexSource::Off),
        "pip" => Ok(IndexSource::Pip),
        "azure-ml" => Ok(IndexSource::AzureMl),
        "ask" => Ok(IndexSource::Ask),
        _ => {
            let hosts = text.split(',').map(str::trim).filter(|each| !each.is_empty());
            let hosts: Vec<String> = hosts.map(typed).collect::<Result<_, _>>()?;
            Ok(IndexSource::Hosts(unique(hosts)))
        }
    }
}

/// Each host once, in the order in which it was named.
pub fn unique(hosts: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for host in hosts {
        if !kept.contains(&host) {
            kept.push(host);
        }
    }
    kept
}

/// A host that a person typed: a plain name and nothing else.
///
/// # Errors
/// When it is no plain host name; the advice has the form that would be right.
pub fn typed(text: &str) -> Result<String> {
    if text.contains('@') {
        return Err(refused(
            "The address of a package index was given with a user name or a password, which must not be saved.",
            "Write its host alone, such as packages.contoso.com; pip reads credentials from its own configuration.",
        ));
    }
    if text.contains("://") || text.contains('/') {
        let advice = match host_of(text) {
            Ok(host) => format!("Write its host alone: {host}."),
            Err(problem) => return Err(problem),
        };
        return Err(refused("A package index is named by its host, not by its address.", advice));
    }
    plain(text)
}

/// The host of an index's address, as pip's configuration has it. Credentials in it are dropped.
///
/// # Errors
/// When the address is not `https://host/…` with a plain host on port 443.
pub fn host_of(address: &str) -> Result<String> {
    let (scheme, rest) = address.trim().split_once("://").unwrap_or(("https", address.trim()));
    if !scheme.eq_ignore_ascii_case("https") {
        return Err(refused(
            "The package index is reached without encryption (its address does not start with https), so anybody on \
             the way could put programs into the environment.",
            "Use an index that answers with https on port 443, and name its host.",
        ));
    }
    let place = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let place = place.rsplit('@').next().unwrap_or(place);
    let (host, port) = place.split_once(':').unwrap_or((place, "443"));
    if port != "443" {
        return Err(refused(
            format!("The package index answers on port {port}."),
            format!(
                "The switch admits port 443 only. Let this one through with --allow-host {host}=https:{port}."
            ),
        ));
    }
    plain(host)
}

/// A host name with a domain: neither pattern nor address.
fn plain(text: &str) -> Result<String> {
    let host = text.trim().trim_end_matches('.').to_ascii_lowercase();
    let example = "Write the host of your index, such as packages.contoso.com.";
    if host.contains('*') {
        return Err(refused(
            format!("\"{host}\" is a pattern: it would admit hosts that nobody has named."),
            example,
        ));
    }
    let is_address = host.parse::<std::net::IpAddr>().is_ok()
        || host.trim_matches(['[', ']']).parse::<std::net::Ipv6Addr>().is_ok()
        || host
            .rsplit('.')
            .next()
            .is_some_and(|last| last.bytes().all(|each| each.is_ascii_digit()));
    if is_address {
        return Err(refused(
            format!(
                "\"{host}\" is an address: the firewall compares the name in the certificate, which an address lacks."
            ),
            example,
        ));
    }
    own_host::check(&own(&host)).map_err(|problem| refused(problem.what, problem.advice))?;
    Ok(host)
}

/// The entry of one host.
pub fn own(host: &str) -> OwnHost {
    OwnHost { host: host.to_owned(), ports: None, reason: Some(REASON.to_owned()) }
}

/// The group as a plan shows it while it has no entries.
pub(super) fn off() -> PlannedGroup {
    PlannedGroup {
        group: PYTHON_PACKAGES.into(),
        title: TITLE.into(),
        enabled: false,
        locked: false,
        why: Some(OFF.to_owned()),
        entries: Vec::new(),
    }
}

/// What pip's configuration says about indexes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Configured {
    /// Hosts of the index that takes the place of the one built in; empty where none does.
    pub index: Vec<String>,
    /// Hosts of further indexes.
    pub further: Vec<String>,
    /// True when pip asks no index at all.
    pub none: bool,
}

/// Reads the lines of `pip config list`. The environment goes before a command's section, that before the global one
/// (<https://pip.pypa.io/en/stable/topics/configuration/>).
///
/// # Errors
/// When an index that is set cannot be let through.
pub fn configured(listing: &str) -> Result<Configured> {
    let value = |key: &str| {
        [":env:", "install", "global"].into_iter().find_map(|section| {
            let wanted = format!("{section}.{key}=");
            let line = listing.lines().find_map(|line| line.trim().strip_prefix(&wanted))?;
            Some(unquoted(line))
        })
    };
    let hosts = |key: &str| -> Result<Vec<String>> {
        let found = value(key).unwrap_or_default();
        let hosts: Vec<String> = found.split_whitespace().map(host_of).collect::<Result<_, _>>()?;
        Ok(unique(hosts))
    };
    let is_on =
        |text: String| matches!(text.to_ascii_lowercase().as_str(), "1" | "true" | "yes" | "on");
    Ok(Configured {
        none: value("no-index").is_some_and(is_on),
        index: hosts("index-url")?,
        further: hosts("extra-index-url")?,
    })
}

/// A value as Python writes a text: quotes around it, line ends as `\n`.
fn unquoted(text: &str) -> String {
    let inner = text.trim();
    let inner = inner
        .strip_prefix('\'')
        .and_then(|rest| rest.strip_suffix('\''))
        .or_else(|| inner.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')))
        .unwrap_or(inner);
    inner.replace("\\n", " ").replace("\\t", " ")
}

/// The hosts of Python packages among what Azure Machine Learning says that a workspace needs, each with its
/// category; and the names of all categories. What is no plain host is left out
/// (<https://learn.microsoft.com/rest/api/azureml/workspaces/list-outbound-network-dependencies-endpoints>).
pub fn of_service<'a>(
    needed: impl Iterator<Item = (&'a str, &'a str)>,
) -> (Vec<String>, Vec<String>) {
    let (mut hosts, mut names) = (Vec::new(), Vec::new());
    for (category, host) in needed {
        let about = category.to_ascii_lowercase();
        if about.contains("python") || about.contains("pip") {
            hosts.extend(typed(host));
        }
        names.push(category.to_owned());
    }
    (unique(hosts), unique(names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_names_hosts_or_says_whom_to_ask() {
        assert_eq!(source("off"), Ok(IndexSource::Off));
        assert_eq!(source(" PIP "), Ok(IndexSource::Pip));
        assert_eq!(source("azure-ml"), Ok(IndexSource::AzureMl));
        assert_eq!(
            source("Packages.example.com, files.example.com., packages.example.com"),
            Ok(IndexSource::Hosts(vec!["packages.example.com".into(), "files.example.com".into()]))
        );
    }

    #[test]
    fn what_is_no_plain_host_is_refused_with_what_would_be_right() {
        for (text, advice) in [
            ("*.example.com", "packages.contoso.com"),
            ("*.com", "packages.contoso.com"),
            ("10.0.0.7", "packages.contoso.com"),
            ("10.0.0.0/24", "packages.contoso.com"),
            ("[::1]", "packages.contoso.com"),
            ("::1", "packages.contoso.com"),
            ("packages", "packages.contoso.com"),
            ("https://packages.example.com/simple", "packages.example.com."),
            ("packages.example.com/simple", "packages.example.com."),
            ("http://packages.example.com/simple", "https"),
            ("https://packages.example.com:8443/", "--allow-host packages.example.com=https:8443"),
            ("a b.example.com", "packages.contoso.com"),
        ] {
            let problem = source(text).unwrap_err();
            assert_eq!(problem.place.as_deref(), Some(FLAG), "{text}");
            assert!(problem.advice.contains(advice), "{text}: {}", problem.advice);
        }
    }

    #[test]
    fn credentials_are_neither_kept_nor_repeated() {
        let address = "https://anna:geheim@packages.example.com/simple";
        let problem = source(address).unwrap_err();
        let told = format!("{problem:?}");
        assert!(!told.contains("geheim") && !told.contains("anna"), "{told}");
        assert_eq!(host_of(address).unwrap(), "packages.example.com");
        let unsafe_one = host_of("http://anna:geheim@packages.example.com/simple").unwrap_err();
        assert!(!format!("{unsafe_one:?}").contains("geheim"));
    }

    #[test]
    fn pip_tells_its_indexes_and_the_environment_goes_first() {
        let listing = "global.cert='/x'\nglobal.index-url='https://u:p@old.example.com/simple'\n\
                       install.index-url='https://mid.example.com/simple'\n\
                       :env:.index-url='https://new.example.com/simple'\n\
                       global.extra-index-url='\\nhttps://one.example.com/s\\nhttps://two.example.com/s'\n";
        let found = configured(listing).unwrap();
        assert_eq!(found.index, ["new.example.com"]);
        assert_eq!(found.further, ["one.example.com", "two.example.com"]);
        assert!(!found.none);
        assert_eq!(configured("").unwrap(), Configured::default());
        assert!(configured(":env:.no-index='1'").unwrap().none);
        assert!(configured("global.index-url='http://a.example.com'").is_err());
    }

    #[test]
    fn the_service_names_its_python_hosts() {
        let needed = [
            ("Sign-in", "login.example.com"),
            ("Python packages", "packages.example.com"),
            ("Python packages", "*.example.com"),
        ];
        let (hosts, names) = of_service(needed.into_iter());
        assert_eq!(hosts, ["packages.example.com"]);
        assert_eq!(names, ["Sign-in", "Python packages"]);
    }
}
