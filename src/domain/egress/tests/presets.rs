//! Hosts and addresses over the policies of the three presets.

use super::*;

/// What all presets of today answer alike.
const BOTH: &[(&str, &str)] = &[
    ("ml.azure.com", "allowed app-machine-learning"),
    ("https://ML.Azure.com./workspaces?x=1", "allowed app-machine-learning"),
    ("http://ml.azure.com", "denied"),
    ("ml.azure.com:8443", "denied"),
    ("evilml.azure.com", "denied"),
    ("x.ml.azure.com", "denied"),
    ("westeurope.api.azureml.ms", "allowed app-machine-learning"),
    // The bare domain is not below itself, but its address may be in the service's tag.
    ("azureml.ms", "maybe net-machine-learning"),
    ("evilazureml.ms", "denied"),
    // A network rule for the tag may decide before the name is seen; it allows as well, so it gets through anyway.
    ("login.microsoftonline.com", "allowed app-sign-in"),
    ("http://login.microsoftonline.com", "allowed app-sign-in"),
    ("login.microsoftonline.com:22", "denied"),
    ("login.microsoftonline.com.evil.example", "denied"),
    ("management.azure.com", "allowed app-resource-manager"),
    ("management.azure.com:80", "denied"),
    ("abc.westeurope.batch.azure.com", "allowed app-batch"),
    ("abc.northeurope.batch.azure.com", "maybe net-batch"),
    ("tcp://abc.westeurope.batch.azure.com:29876", "denied"),
    ("mcr.microsoft.com", "allowed app-container-images"),
    ("MCR.MICROSOFT.COM:443", "allowed app-container-images"),
    ("example.com", "denied"),
    ("tcp://example.com:443", "denied"),
    ("192.0.2.10:443", "maybe net-machine-learning"),
    ("192.0.2.10:22", "denied"),
    ("udp://192.0.2.10:123", "denied"),
    ("icmp://192.0.2.10", "denied"),
    ("10.1.2.130:443", "inside"),
    ("10.1.0.4:22", "inside"),
    ("pypi.example.org", "denied"),
];

#[test]
fn both_presets_of_today_answer_alike_where_they_should() {
    for preset in [Preset::Recommended, Preset::LockedDown] {
        let (policy, controls) = made(&settings(preset));
        check(&policy, &controls, &known(), BOTH);
    }
}

#[test]
fn recommended_admits_what_locked_down_refuses() {
    let table = &[
        ("github.com", "allowed app-github"),
        ("www.powershellgallery.com", "allowed app-powershell-gallery"),
        ("repo.anaconda.com", "allowed app-conda"),
    ];
    let (policy, controls) = made(&settings(Preset::Recommended));
    check(&policy, &controls, &known(), table);
    let (policy, controls) = made(&settings(Preset::LockedDown));
    let refused: Vec<(&str, &str)> = table.iter().map(|(host, _)| (*host, "denied")).collect();
    check(&policy, &controls, &known(), &refused);
}

#[test]
fn the_table_of_2022_has_its_holes() {
    let (policy, controls) = made(&settings(Preset::PrivateAml2022));
    check(
        &policy,
        &controls,
        &known(),
        &[
            ("github.com", "allowed app-github"),
            ("evilgithub.com", "allowed app-github"),
            ("http://evilgithub.com", "allowed app-github"),
            ("evilgithub.com:8443", "denied"),
            ("github.com.evil.example", "denied"),
            ("udp://192.0.2.10:123", "allowed net-time"),
            ("udp://192.0.2.10:124", "denied"),
            // Storage and registries are open on every port there.
            ("tcp://192.0.2.10:123", "maybe net-foreign-storage"),
            ("udp://ntp.example.org:123", "allowed net-time"),
        ],
    );
}

#[test]
fn a_host_of_ones_own_is_admitted_as_it_was_written() {
    let mut chosen = settings(Preset::LockedDown);
    for host in [
        "packages.contoso.com",
        "*.tools.contoso.com",
        "api.contoso.com=https:8443",
        "git.contoso.com=tcp:22",
    ] {
        let own: OwnHost = host.parse().unwrap();
        chosen.hosts.push(own);
    }
    let (policy, controls) = made(&chosen);
    check(
        &policy,
        &controls,
        &known(),
        &[
            ("packages.contoso.com", "allowed app-own-hosts"),
            ("http://packages.contoso.com", "denied"),
            ("tools.contoso.com", "denied"),
            ("a.b.tools.contoso.com", "allowed app-own-hosts"),
            ("eviltools.contoso.com", "denied"),
            ("https://api.contoso.com:8443/v1", "allowed app-own-hosts"),
            ("api.contoso.com", "denied"),
            ("git.contoso.com:22", "allowed net-own-hosts"),
            ("git.contoso.com:443", "denied"),
        ],
    );
}
