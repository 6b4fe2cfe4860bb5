//! Faults as they are named.

use super::*;

#[test]
fn faults_are_read_and_written_alike() {
    for text in [
        "quota",
        "throttle:3",
        "drop:1",
        "5xx:2",
        "token-expiry:7",
        "no-role-assignments",
        "firewall-error",
        "second-factor",
        "late-roles",
        "slow-subscription:20",
        "unreadable-subscription:3",
    ] {
        assert_eq!(text.parse::<Fault>().unwrap().to_string(), text);
    }
    assert_eq!("throttle".parse::<Fault>().unwrap(), Fault::Throttle(5));
}

#[test]
fn unknown_faults_are_refused_with_the_list_of_known_ones() {
    for text in ["", "quota:2", "throttle:x", "flood"] {
        let problem = text.parse::<Fault>().unwrap_err();
        assert!(problem.advice.contains("slow-bastion"), "{text}");
    }
}
