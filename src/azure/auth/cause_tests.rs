//! What is told when no source gives a token: the reason that one of them has, before "nobody is signed in".

use super::not_signed_in;
use super::source::MACHINE_IDENTITY;

fn told(tried: &[(&'static str, &str)]) -> (String, String) {
    let tried: Vec<(&'static str, String)> =
        tried.iter().map(|(how, why)| (*how, (*why).to_owned())).collect();
    let problem = not_signed_in(&tried);
    let original = problem.original.unwrap_or_default();
    assert_eq!(original.lines().count(), tried.len(), "{original}");
    (problem.code, problem.what)
}

#[test]
fn no_network_is_not_no_sign_in() {
    let az = "HTTPSConnectionPool(host='login.microsoftonline.com', port=443): Max retries exceeded with url";
    let (code, what) = told(&[("Azure CLI", az), (MACHINE_IDENTITY, "no answer")]);
    assert_eq!(code, "NoConnection");
    assert!(what.contains("could not be reached"), "{what}");
    let proxy = "http_407: Proxy Authentication Required";
    assert!(told(&[("environment service principal", proxy)]).1.contains("proxy"));
    let factor =
        "AADSTS50076: Due to a configuration change you must use multi-factor authentication";
    assert!(told(&[("Azure CLI", factor)]).1.contains("second factor"));
}

/// Off Azure the machine's own identity cannot be reached, which is as it should be.
#[test]
fn a_machine_that_nobody_signed_in_on_is_told_as_such() {
    for az in ["not installed", "Please run 'az login' to setup account."] {
        let (code, _) = told(&[("Azure CLI", az), (MACHINE_IDENTITY, "error sending request")]);
        assert_eq!(code, "NotSignedIn", "{az}");
    }
}
