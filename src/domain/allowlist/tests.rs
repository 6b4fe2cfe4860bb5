use super::*;
use crate::domain::plan::PlannedEntry;
use crate::domain::settings::{Cloud, Settings};

mod hosts;
mod network_controls;

fn settings(preset: Preset) -> Settings {
    let mut settings = Settings::new(
        "test".parse().unwrap(),
        "4821".parse().unwrap(),
        "westeurope".into(),
        "10.1.0.0/22".parse().unwrap(),
    );
    settings.preset = preset;
    settings
}

fn select(settings: &Settings) -> Selection {
    Allowlist::embedded().select(settings).unwrap()
}

fn on(selection: &Selection) -> Vec<&PlannedEntry> {
    selection.groups.iter().filter(|group| group.enabled).flat_map(|group| &group.entries).collect()
}

#[test]
fn the_asset_is_read_and_its_ids_are_unique() {
    let list = Allowlist::parse(include_str!("../../../assets/allowlist.toml")).unwrap();
    assert!(list.groups().len() > 10);
    let mut ids: Vec<&str> = list.groups().iter().map(|group| group.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), list.groups().len());
    for group in list.groups() {
        for entry in &group.entries {
            assert!(!entry.reason.is_empty() && !entry.source.is_empty());
            let tag = matches!(entry.target, AllowlistTarget::Tag(_) | AllowlistTarget::FqdnTag(_));
            assert!(!tag || entry.width.is_some(), "{:?}", entry.target);
        }
        let everywhere = group.presets.len() == Preset::ALL.len();
        assert!(everywhere || group.off.is_some(), "{} is off without a reason", group.id);
    }
}

/// The table of the scripts' description, host and reason.
const TABLE_OF_2022: [(&str, &str); 28] = [
    ("ml.azure.com", "AML Portal"),
    ("viennaglobal.azurecr.io", "Required by AML"),
    ("*openml.org", "Required by AML"),
    ("enterpriseregistration.windows.net", "Required for device enrollment to AAD"),
    ("169.254.169.254", "Required for device enrollment to AAD"),
    ("login.microsoftonline.com", "Required for device enrollment to AAD"),
    ("pas.windows.net", "Required for device enrollment to AAD"),
    ("*manage-beta.microsoft.com", "Required for device enrollment to AAD"),
    ("*manage.microsoft.com", "Required for device enrollment to AAD"),
    ("login.windows.net", "Required for device enrollment to AAD"),
    ("*.azureedge.net", "Required for device enrollment to AAD"),
    ("go.microsoft.com", "Required for device enrollment to AAD"),
    ("msft.sts.microsoft.com", "Required for device enrollment to AAD"),
    ("*github.com", "Access to github"),
    ("*githubassets.com", "Access to github"),
    ("git-scm.com", "Access to github"),
    ("*githubusercontent.com", "Access to github"),
    ("*core.windows.net", "Access to Azure External Storage"),
    ("aka.ms", "Access to Microsoft short links"),
    ("*powershellgallery.com", "Access to PowerShellGallery"),
    ("management.azure.com", "Access to the Azure management plane"),
    ("graph.microsoft.com", "Access to the Microsoft Graph"),
    ("graph.windows.net", "Access to the Microsoft Graph"),
    ("aadcdn.msftauth.net", "Required for Azure auth"),
    ("azure.archive.ubuntu.com", "Azure packages for Ubuntu"),
    ("repo.anaconda.com", "Conda repository"),
    ("conda.anaconda.org", "Conda repository"),
    ("binstar-cio-packages-prod.s3.amazonaws.com", "Anaconda packages stored on Amazon S3"),
];

#[test]
fn the_preset_of_2022_is_the_table_of_2022() {
    let selection = select(&settings(Preset::PrivateAml2022));
    let entries = on(&selection);
    assert!(entries.iter().all(|entry| entry.seed));
    let mut found: Vec<(&str, &str)> = entries
        .iter()
        .filter(|entry| entry.ports == "http:80 https:443")
        .map(|entry| (entry.target.as_str(), entry.reason.as_str()))
        .collect();
    let mut expected = TABLE_OF_2022.to_vec();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);
    let mut others: Vec<(&str, &str)> = entries
        .iter()
        .filter(|entry| entry.ports != "http:80 https:443")
        .map(|entry| (entry.target.as_str(), entry.ports.as_str()))
        .collect();
    others.sort_unstable();
    assert_eq!(
        others,
        [("*", "udp:123"), ("AzureContainerRegistry", "tcp:*"), ("Storage.westeurope", "tcp:*")]
    );
}

#[test]
fn recommended_has_what_computes_need_and_nothing_that_strangers_can_match() {
    let selection = select(&settings(Preset::Recommended));
    let entries = on(&selection);
    for (target, ports) in [
        ("AzureActiveDirectory", "tcp:80,443"),
        ("AzureMachineLearning", "tcp:443,8787,18881 udp:5831"),
        ("BatchNodeManagement.westeurope", "tcp:443 udp:443"),
        ("AzureResourceManager", "tcp:443"),
        ("Storage.westeurope", "tcp:443"),
        ("mcr.microsoft.com", "https:443"),
        ("*.data.mcr.microsoft.com", "https:443"),
        ("*.westeurope.batch.azure.com", "https:443"),
        ("github.com", "https:443"),
        ("*.github.com", "https:443"),
        ("WindowsUpdate", "http:80 https:443"),
        ("azkms.core.windows.net", "tcp:1688"),
    ] {
        assert!(
            entries.iter().any(|entry| entry.target == target && entry.ports == ports),
            "{target} {ports}"
        );
    }
    assert_eq!(selection.holes.any, 0);
    for entry in entries {
        let after_star = entry.target.strip_prefix('*');
        assert!(after_star.is_none_or(|rest| rest.starts_with('.')), "{}", entry.target);
        assert!(!entry.ports.contains('*'), "{}", entry.target);
    }
}

#[test]
fn locked_down_carries_nothing_out() {
    let selection = select(&settings(Preset::LockedDown));
    for group in Allowlist::embedded().groups() {
        let planned = selection.groups.iter().find(|planned| planned.group == group.id).unwrap();
        assert!(!(planned.enabled && group.carries_data_out), "{}", group.id);
        assert!(planned.enabled || planned.why.is_some());
    }
    for host in ["github.com", "aka.ms", "conda.anaconda.org", "Storage.westeurope"] {
        assert!(on(&selection).iter().all(|entry| entry.target != host), "{host}");
    }
}

#[test]
fn packages_of_languages_come_from_the_conda_hosts_of_2022_only() {
    let selection = select(&settings(Preset::Recommended));
    let conda = selection.groups.iter().find(|group| group.group == "conda").unwrap();
    assert_eq!(conda.entries.len(), 3);
    for entry in &conda.entries {
        assert!(TABLE_OF_2022.iter().any(|(host, _)| *host == entry.target), "{}", entry.target);
    }
}

#[test]
fn groups_are_switched_and_wrong_switches_are_refused() {
    let mut choice = settings(Preset::Recommended);
    choice.deny.insert("github".into());
    choice.allow.insert("monitor".into());
    let selection = select(&choice);
    let enabled =
        |id: &str| selection.groups.iter().any(|group| group.group == id && group.enabled);
    assert!(!enabled("github"));
    assert!(enabled("monitor"));
    for (allow, deny, code) in [
        ("gitbub", "", "FirewallGroupUnknown"),
        ("", "nothing", "FirewallGroupUnknown"),
        ("", "sign-in", "FirewallGroupLocked"),
        ("github", "github", "FirewallGroupContradiction"),
    ] {
        let mut choice = settings(Preset::Recommended);
        choice.allow = [allow].into_iter().filter(|id| !id.is_empty()).map(Into::into).collect();
        choice.deny = [deny].into_iter().filter(|id| !id.is_empty()).map(Into::into).collect();
        let problem = Allowlist::embedded().select(&choice).unwrap_err();
        assert_eq!(problem.code, code);
        assert!(!problem.advice.is_empty());
    }
}

#[test]
fn a_service_endpoint_policy_takes_the_place_of_foreign_storage() {
    let mut choice = settings(Preset::Recommended);
    choice.service_endpoint_policy = true;
    let targets = |choice: &Settings| select(choice).rule_collections.to_string();
    assert!(!targets(&choice).contains("Storage.westeurope"));
    choice.allow.insert("foreign-storage".into());
    assert!(targets(&choice).contains("Storage.westeurope"));
}

#[test]
fn other_clouds_have_their_own_names() {
    for (cloud, sign_in, management) in [
        (Cloud::UsGov, "login.microsoftonline.us", "management.usgovcloudapi.net"),
        (Cloud::China, "login.chinacloudapi.cn", "management.chinacloudapi.cn"),
    ] {
        let mut choice = settings(Preset::Recommended);
        choice.cloud = cloud;
        let selection = select(&choice);
        let entries = on(&selection);
        for host in [sign_in, management] {
            assert!(entries.iter().any(|entry| entry.target == host), "{host}");
        }
        for host in ["login.microsoftonline.com", "management.azure.com", "ml.azure.com"] {
            assert!(entries.iter().all(|entry| entry.target != host), "{host}");
        }
    }
}
