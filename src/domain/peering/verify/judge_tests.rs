//! Tables of what can be found on-premises, each with the culprit that must be named.

use super::*;
use crate::domain::peering::verify::{self, PRIVATE_LINK, Service};
use std::net::Ipv4Addr;

const API: &str = "0f1e.workspace.westeurope.api.azureml.ms";
const CERT: &str = "0f1e.workspace.westeurope.cert.api.azureml.ms";
const BLOB: &str = "stgtest4821.blob.core.windows.net";
const FILE: &str = "stgtest4821.file.core.windows.net";
const MONITOR: &str = "api.monitor.azure.com";
const PUBLIC: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 9);

fn address(last: u8) -> Ipv4Addr {
    Ipv4Addr::new(10, 1, 1, last)
}

fn expected() -> Expectations {
    let name = |host, last, service| ExpectedName::new(host, address(last), service);
    Expectations {
        v: verify::EXPECTATIONS_VERSION,
        full_name: "test4821".into(),
        network: "10.1.0.0/22".parse().unwrap(),
        cloud: crate::domain::settings::Cloud::Public,
        names: vec![
            name(API, 5, Service::Workspace),
            name(CERT, 5, Service::Workspace),
            name(BLOB, 8, Service::Blob),
            name(FILE, 9, Service::File),
            name(MONITOR, 20, Service::Monitor),
        ],
        api: Some(API.into()),
        public: verify::public_names(crate::domain::settings::Cloud::Public),
        resolvers: vec![Ipv4Addr::new(10, 0, 2, 4)],
        zones_elsewhere: false,
    }
}

fn lookup(server: &str, addresses: &[Ipv4Addr]) -> Lookup {
    Lookup {
        server: server.into(),
        addresses: addresses.to_vec(),
        failure: addresses.is_empty().then_some(NoAddress::NoSuchName),
    }
}

/// Everything as it should be.
fn right() -> Vec<Observation> {
    let expected = expected();
    let private = expected.names.iter().map(|name| Observation {
        host: name.host.clone(),
        lookup: lookup("system", &[name.address]),
        hub: None,
        tcp: Some(Tcp::Open(12)),
        https: (name.host == API).then(|| Https::answered(401, "")),
        proxied: None,
    });
    let public = expected.public.iter().map(|name| Observation {
        host: name.host.clone(),
        lookup: lookup("system", &[PUBLIC]),
        hub: None,
        tcp: Some(Tcp::Open(20)),
        https: None,
        proxied: None,
    });
    private.chain(public).collect()
}

fn change(
    mut all: Vec<Observation>,
    hosts: &[&str],
    change: impl Fn(&mut Observation),
) -> Vec<Observation> {
    for host in hosts {
        change(all.iter_mut().find(|each| each.host == *host).unwrap());
    }
    all
}

fn culprits(report: &Report) -> Vec<Mistake> {
    report.culprits.iter().map(|lack| lack.mistake).collect()
}

const ALL: [&str; 4] = [API, CERT, BLOB, FILE];

#[test]
fn what_is_right_is_said_to_be_fine() {
    let report = judge(&expected(), &right(), None);
    assert!(report.is_fine(), "{report:#?}");
    assert_eq!(report.lines.len(), 8);
    assert_eq!(
        report.lines[0].what,
        "10.1.1.5, opens in 12 ms, answers 401"
    );
    let fewer: Vec<Observation> = right().into_iter().skip(1).collect();
    let report = judge(&expected(), &fewer, None);
    assert!(!report.is_fine() && report.culprits.is_empty());
    assert_eq!(report.lines[0].verdict, Verdict::Unseen);
    let report = judge(
        &expected(),
        &change(right(), &[MONITOR], |seen| {
            seen.lookup.addresses = vec![PUBLIC];
        }),
        None,
    );
    assert!(report.is_fine());
    assert_eq!(report.lines[4].verdict, Verdict::Unneeded);
}

/// One row: what differs, and where.
type Row = (
    &'static str,
    &'static [&'static str],
    fn(&mut Observation),
    Mistake,
    &'static str,
);

#[test]
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn each_reading_names_its_culprit_with_its_own_words() {
    let rows: &[Row] = &[
        (
            "public, hub not asked",
            &ALL,
            |seen| seen.lookup.addresses = vec![PUBLIC],
            Mistake::Names,
            "--dns-server",
        ),
        (
            "public, hub knows",
            &ALL,
            |seen| {
                let rightly = seen.lookup.addresses.clone();
                seen.lookup.addresses = vec![PUBLIC];
                seen.hub = Some(lookup("10.0.2.4", &rightly));
            },
            Mistake::Names,
            "Forward these domains on-premises to 10.0.2.4: api.azureml.ms, blob.core.windows.net, file.core.windows.net.",
        ),
        (
            "public, hub does not",
            &ALL,
            |seen| {
                seen.lookup.addresses = vec![PUBLIC];
                seen.hub = Some(lookup("10.0.2.4", &[PUBLIC]));
            },
            Mistake::Names,
            "Link these private zones",
        ),
        (
            "hub's server asked, public",
            &ALL,
            |seen| seen.lookup = lookup("10.0.2.4", &[PUBLIC]),
            Mistake::Names,
            "Link these private zones",
        ),
        (
            "no answer",
            &ALL,
            |seen| {
                seen.lookup.addresses.clear();
                seen.lookup.failure = Some(NoAddress::NoAnswer);
            },
            Mistake::Names,
            "168.63.129.16",
        ),
        (
            "another network's address",
            &[BLOB],
            |seen| seen.lookup.addresses = vec![Ipv4Addr::new(10, 9, 0, 4)],
            Mistake::ZoneConflict,
            "privatelink.blob.core.windows.net",
        ),
        (
            "no such name",
            &[BLOB],
            |seen| seen.lookup = lookup("system", &[]),
            Mistake::ZoneConflict,
            "Add this environment's records",
        ),
        (
            "some of one domain",
            &[CERT],
            |seen| seen.lookup.addresses = vec![PUBLIC],
            Mistake::Client,
            "VPN profile",
        ),
        (
            "hosts file",
            &[API],
            |seen| seen.lookup.addresses = vec![Ipv4Addr::LOCALHOST],
            Mistake::Client,
            "hosts file",
        ),
        (
            "all silent",
            &ALL,
            |seen| seen.tcp = Some(Tcp::Silent),
            Mistake::Routes,
            "run the test with an account",
        ),
        (
            "one silent",
            &[BLOB],
            |seen| seen.tcp = Some(Tcp::Silent),
            Mistake::SecurityGroup,
            "a rule that denies",
        ),
        (
            "files silent",
            &[FILE],
            |seen| seen.tcp = Some(Tcp::Silent),
            Mistake::SecurityGroup,
            "port 445",
        ),
        (
            "refused",
            &ALL,
            |seen| seen.tcp = Some(Tcp::Refused),
            Mistake::Overlap,
            "overlaps 10.1.0.0/22",
        ),
        (
            "no route",
            &ALL,
            |seen| seen.tcp = Some(Tcp::NoRoute),
            Mistake::Routes,
            "Connect the VPN",
        ),
        (
            "denied",
            &[API],
            |seen| seen.https = Some(Https::Answered(403, PRIVATE_LINK.into())),
            Mistake::Client,
            "proxy",
        ),
        (
            "proxy denied",
            &[API],
            |seen| seen.proxied = Some(Https::Answered(403, PRIVATE_LINK.into())),
            Mistake::Client,
            "pass the proxy by",
        ),
        (
            "inspected",
            &[API],
            |seen| seen.https = Some(Https::Failed("certificate not trusted".into())),
            Mistake::Client,
            "TLS inspection",
        ),
        (
            "studio blocked",
            &["ml.azure.com"],
            |seen| seen.tcp = Some(Tcp::Silent),
            Mistake::Public,
            "do not forward them",
        ),
    ];
    for (row, hosts, differs, mistake, remedy) in rows {
        // Monitoring is not needed, and follows the rest where everything is silent.
        let mut found = change(right(), hosts, differs);
        if hosts.len() == ALL.len() {
            found = change(found, &[MONITOR], differs);
        }
        let report = judge(&expected(), &found, None);
        assert_eq!(culprits(&report), [*mistake], "{row}: {report:#?}");
        let told = format!("{} {}", report.culprits[0].what, report.culprits[0].remedy);
        assert!(told.contains(remedy), "{row}: {told}");
        let wrong = report
            .lines
            .iter()
            .filter(|line| line.verdict == Verdict::Wrong(*mistake));
        assert_eq!(wrong.count(), hosts.len(), "{row}");
    }
}

#[test]
fn several_culprits_are_told_in_the_order_of_the_steps() {
    let found = change(right(), &["ml.azure.com"], |seen| {
        seen.lookup = lookup("system", &[]);
    });
    let found = change(found, &[BLOB], |seen| seen.lookup.addresses = vec![PUBLIC]);
    let report = judge(&expected(), &found, None);
    assert_eq!(culprits(&report), [Mistake::Names, Mistake::Public]);
}

#[path = "way_tests.rs"]
mod way;
