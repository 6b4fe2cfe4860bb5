use crate::domain::allowlist::{OwnHost, check_host, judge};
use crate::domain::plan::Width;

#[test]
fn widths_are_judged() {
    let table = [
        ("packages.contoso.com", Width::Named),
        ("contoso.blob.core.windows.net", Width::Named),
        ("203.0.113.7", Width::Named),
        ("*.contoso.com", Width::Wildcard),
        ("203.0.113.0/28", Width::Wildcard),
        ("10.0.0.0/8", Width::Wildcard),
        ("*.blob.core.windows.net", Width::SharedTenant),
        ("*.windows.net", Width::SharedTenant),
        ("*.westeurope.batch.azure.com", Width::SharedTenant),
        ("*.notebooks.azure.net", Width::SharedTenant),
        ("dev.azure.com", Width::SharedTenant),
        ("github.com", Width::SharedTenant),
        ("*.github.com", Width::SharedTenant),
        ("login.microsoftonline.com", Width::SharedTenant),
        ("*github.com", Width::Any),
        ("*.com", Width::Any),
        ("*.co.uk", Width::Any),
        ("203.0.0.0/8", Width::Any),
        ("*", Width::Any),
    ];
    for (host, width) in table {
        let judgement = judge(host);
        assert_eq!(judgement.width, width, "{host}: {}", judgement.why);
        assert!(judgement.why.ends_with('.'));
    }
}

#[test]
fn own_hosts_are_checked_and_the_right_form_is_offered() {
    let own = |host: &str, ports: Option<&str>| OwnHost {
        host: host.into(),
        ports: ports.map(Into::into),
        reason: None,
    };
    for (host, ports) in [
        ("packages.contoso.com", None),
        ("Packages.Contoso.com.", Some("https:8443")),
        ("*.contoso.com", Some("http:80 https:443")),
        ("203.0.113.7", Some("tcp:22")),
        ("203.0.113.0/28", Some("tcp:8704-8710+udp:53")),
        ("contoso.com", Some("8443")),
    ] {
        check_host(&own(host, ports)).unwrap();
    }
    for (host, ports, advice) in [
        ("*", None, "packages.contoso.com"),
        ("*github.com", None, "*.github.com"),
        ("https://packages.contoso.com/simple/", None, "packages.contoso.com"),
        ("packages.contoso.com/simple", None, "packages.contoso.com"),
        ("packages.contoso.com:8443", None, "equals sign"),
        ("packages.*.com", None, "*.contoso.com"),
        ("contoso", None, "full name"),
        ("*.com", None, "full name"),
        ("contoso..com", None, "packages.contoso.com"),
        ("", None, "packages.contoso.com"),
        ("203.0.113.5/28", None, "203.0.113.0/28"),
        ("203.0.113.0/33", None, "203.0.113.0/28"),
        ("0.0.0.0/0", None, "needed"),
        ("*.contoso.com", Some("tcp:22"), "https"),
        ("contoso.com", Some("ftp:21"), "https:443"),
        ("contoso.com", Some("https:0"), "https:443"),
        ("contoso.com", Some("https:*"), "https:443"),
        ("contoso.com", Some("https:64001"), "https:443"),
        ("contoso.com", Some(""), "https:443"),
        ("contoso.com", Some("tcp:1 tcp:2"), "tcp:443,8787"),
    ] {
        let problem = check_host(&own(host, ports)).unwrap_err();
        assert_eq!(problem.code, "HostInvalid");
        assert!(problem.advice.contains(advice), "{host}: {}", problem.advice);
    }
}

proptest::proptest! {
    #[test]
    fn no_host_makes_the_check_fail(host in ".{0,30}", ports in proptest::option::of(".{0,12}")) {
        let own = OwnHost { host, ports, reason: None };
        if let Ok(entry) = check_host(&own) {
            proptest::prop_assert!(judge(entry.target.as_str()).why.ends_with('.'));
        }
    }
}

#[test]
fn a_flag_is_read_as_host_and_ports() {
    let host: OwnHost = "packages.contoso.com=https:8443".parse().unwrap();
    assert_eq!(host.host, "packages.contoso.com");
    assert_eq!(host.ports.as_deref(), Some("https:8443"));
    let host: OwnHost = " *.contoso.com ".parse().unwrap();
    assert_eq!(host.host, "*.contoso.com");
    assert_eq!(host.ports, None);
}
