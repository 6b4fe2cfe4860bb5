//! The configurations are read back, as the servers would read them.

use super::*;

const SERVERS: [Ipv4Addr; 2] = [Ipv4Addr::new(10, 0, 2, 4), Ipv4Addr::new(10, 0, 2, 5)];

/// Lines that are not comments.
fn code<'a>(text: &'a str, mark: &str) -> Vec<&'a str> {
    let lines = text.lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with(mark)).collect()
}

fn expected() -> Vec<(String, Vec<String>)> {
    let servers: Vec<String> = SERVERS.iter().map(ToString::to_string).collect();
    forwards(Cloud::Public, true).into_iter().map(|each| (each.domain, servers.clone())).collect()
}

#[test]
fn the_list_is_complete_and_public_in_every_cloud() {
    for cloud in [Cloud::Public, Cloud::UsGov, Cloud::China] {
        let list = forwards(cloud, false);
        assert_eq!(list.len(), 14);
        assert_eq!(forwards(cloud, true).len(), 18);
        for each in &list {
            assert!(!each.domain.starts_with("privatelink."), "{each:?}");
            assert!(each.zone.starts_with("privatelink."), "{each:?}");
        }
    }
    let domains: Vec<String> =
        forwards(Cloud::Public, false).into_iter().map(|each| each.domain).collect();
    for needed in [
        "api.azureml.ms",
        "instances.azureml.ms",
        "instances.ml.azure.ms",
        "inference.ml.azure.com",
        "aznbcontent.net",
        "vault.azure.net",
        "vaultcore.azure.net",
        "blob.core.windows.net",
        "azurecr.io",
    ] {
        assert!(domains.iter().any(|each| each == needed), "{needed}");
    }
}

#[test]
fn a_name_finds_its_domain_and_its_zone() {
    let domain = |host| domain_of(Cloud::Public, host);
    assert_eq!(domain("acrtest4821.westeurope.data.azurecr.io").as_deref(), Some("azurecr.io"));
    assert_eq!(
        zone_of(Cloud::Public, "KV-test4821.vault.azure.net").as_deref(),
        Some("privatelink.vaultcore.azure.net")
    );
    assert_eq!(
        zone_of(Cloud::UsGov, "stgtest4821.blob.core.usgovcloudapi.net").as_deref(),
        Some("privatelink.blob.core.usgovcloudapi.net")
    );
    assert_eq!(domain("notazurecr.io"), None);
    assert_eq!(domain("ml.azure.com"), None);
}

#[test]
fn bind_reads_back() {
    let text = bind(&forwards(Cloud::Public, true), &SERVERS);
    let lines = code(&text, "//");
    let mut found = Vec::new();
    for block in lines.chunks(5) {
        let domain =
            block[0].strip_prefix("zone \"").and_then(|rest| rest.strip_suffix("\" {")).unwrap();
        assert_eq!(block[1], "type forward;");
        assert_eq!(block[2], "forward only;");
        let servers =
            block[3].strip_prefix("forwarders {").and_then(|rest| rest.strip_suffix("};")).unwrap();
        let servers = servers.split(';').map(str::trim);
        let servers = servers.filter(|each| !each.is_empty());
        assert_eq!(block[4], "};");
        found.push((domain.to_owned(), servers.map(str::to_owned).collect()));
    }
    assert_eq!(found, expected());
}

#[test]
fn windows_reads_back() {
    let text = windows(&forwards(Cloud::Public, true), &SERVERS);
    let found: Vec<(String, Vec<String>)> = code(&text, "#")
        .into_iter()
        .map(|line| {
            let words: Vec<&str> = line.split(' ').collect();
            assert_eq!(words[0], "Add-DnsServerConditionalForwarderZone");
            assert_eq!((words[1], words[3]), ("-Name", "-MasterServers"));
            assert_eq!((words[5], words[6]), ("-ReplicationScope", "'Forest'"));
            let servers = words[4].split(',').map(str::to_owned).collect();
            (words[2].trim_matches('\'').to_owned(), servers)
        })
        .collect();
    assert_eq!(found, expected());
}

#[test]
fn dnsmasq_reads_back() {
    let text = dnsmasq(&forwards(Cloud::Public, true), &SERVERS);
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    for line in code(&text, "#") {
        if let Some(rest) = line.strip_prefix("rebind-domain-ok=/") {
            assert_eq!(found.last().unwrap().0, rest.trim_end_matches('/'));
            continue;
        }
        let rest = line.strip_prefix("server=/").unwrap();
        let (domain, server) = rest.rsplit_once('/').unwrap();
        match found.last_mut() {
            Some((last, servers)) if last == domain => servers.push(server.to_owned()),
            _ => found.push((domain.to_owned(), vec![server.to_owned()])),
        }
    }
    assert_eq!(found, expected());
}

#[test]
fn what_leads_nowhere_is_not_set_and_what_is_wide_is_said() {
    let list = forwards(Cloud::Public, false);
    for (text, mark) in
        [(bind(&list, &[]), "//"), (windows(&list, &[]), "#"), (dnsmasq(&list, &[]), "#")]
    {
        assert_eq!(code(&text, mark), Vec::<&str>::new());
        assert!(text.contains("HUB-DNS-ADDRESS") && text.contains("168.63.129.16"));
    }
    let text = bind(&list, &SERVERS);
    assert!(text.contains("// blobs of the storage account *"));
    assert!(text.contains("belongs to everybody in Azure"));
}
