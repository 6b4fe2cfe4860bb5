//! The real keychain, where there is one: run under a session bus with gnome-keyring and `PRIVATEAML_TEST_KEYCHAIN=1`.
//!
//! ```text
//! PRIVATEAML_TEST_KEYCHAIN=1 dbus-run-session -- bash -c \
//!   'printf pw | gnome-keyring-daemon --unlock --components=secrets; cargo test --test keychain'
//! ```
//! Without the variable only what needs no keychain is tested. With it, a missing keychain is a failure.
#![cfg(all(unix, not(target_os = "macos")))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    collections::HashMap,
    io::Write as _,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use keyring_core::{Entry, api::CredentialStoreApi as _};
use privateaml::{
    domain::secret::Credentials,
    store::keychain::{OsKeychain, SecretStore as _, probe, write_and_read_back},
};

const BUS: &str = "DBUS_SESSION_BUS_ADDRESS";
const CHILD: &str = "PRIVATEAML_TEST_CHILD";

fn real() -> bool {
    std::env::var_os("PRIVATEAML_TEST_KEYCHAIN").is_some()
}

fn account(test: &str) -> String {
    format!("test-{}/{test}", std::process::id())
}

fn made() -> Credentials {
    Credentials::generate(&mut rand::rng())
}

/// An entry of another program with our attributes, and with a further one that makes it an item of its own.
fn foreign(account: &str, password: &str) -> Entry {
    let store = zbus_secret_service_keyring_store::Store::new().unwrap();
    let modifiers = HashMap::from([("target", "default")]);
    let entry = store.build("privateaml", account, Some(&modifiers)).unwrap();
    entry.set_password(password).unwrap();
    entry
}

#[tokio::test]
async fn credentials_are_kept_replaced_and_removed() {
    if !real() {
        return;
    }
    let (keychain, account) = (OsKeychain::new(), account("kept"));
    probe(&keychain).await.unwrap();
    assert_eq!(keychain.read(&account).await.unwrap(), None);
    for _ in 0..2 {
        let made = made();
        write_and_read_back(&keychain, &account, &made).await.unwrap();
        let other_handle = OsKeychain::new();
        assert_eq!(other_handle.read(&account).await.unwrap().unwrap(), made);
    }
    keychain.delete(&account).await.unwrap();
    keychain.delete(&account).await.unwrap();
    assert_eq!(keychain.read(&account).await.unwrap(), None);
}

/// Entries of older programs beside ours make every access ambiguous.
#[tokio::test]
async fn duplicates_are_cleaned_up() {
    if !real() {
        return;
    }
    let (keychain, account) = (OsKeychain::new(), account("twice"));
    let first = made();
    keychain.write(&account, &first).await.unwrap();
    foreign(&account, "something else");
    let problem = keychain.read(&account).await.unwrap_err();
    assert_eq!(problem.code, "KeychainAmbiguous");
    assert!(!format!("{problem:?}").contains("something else"));
    let second = made();
    write_and_read_back(&keychain, &account, &second).await.unwrap();
    let same =
        serde_json::json!({"user_name": second.user_name, "password": second.password.expose()});
    foreign(&account, &same.to_string());
    assert_eq!(keychain.read(&account).await.unwrap().unwrap(), second);
    foreign(&account, "once more");
    keychain.delete(&account).await.unwrap();
    assert_eq!(keychain.read(&account).await.unwrap(), None);
}

/// Runs one of the tests below marked as ignored in a process of its own, with a bus address of its own.
fn in_child(test: &str, bus: &Path) {
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env(BUS, format!("unix:path={}", bus.display()))
        .env(CHILD, bus)
        .env("XDG_RUNTIME_DIR", bus.parent().unwrap())
        .env("XDG_DATA_HOME", bus.parent().unwrap())
        .env("HOME", bus.parent().unwrap())
        .status()
        .unwrap();
    assert!(status.success());
}

#[test]
fn a_machine_without_keychain_is_told_so() {
    let home = tempfile::tempdir().unwrap();
    in_child("child_without_keychain", &home.path().join("bus"));
}

#[tokio::test]
#[ignore = "started by a_machine_without_keychain_is_told_so"]
async fn child_without_keychain() {
    let begun = Instant::now();
    let problem = probe(&OsKeychain::new()).await.unwrap_err();
    assert_eq!(problem.code, "KeychainUnavailable");
    assert!(problem.advice.contains("--credentials file"));
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[test]
fn a_keychain_started_later_is_found() {
    if real() {
        let home = tempfile::tempdir().unwrap();
        in_child("child_with_a_late_keychain", &home.path().join("bus"));
    }
}

#[tokio::test]
#[ignore = "started by a_keychain_started_later_is_found"]
async fn child_with_a_late_keychain() {
    let keychain = OsKeychain::new();
    let problem = probe(&keychain).await.unwrap_err();
    assert_eq!(problem.code, "KeychainUnavailable");
    let mut started = start_keychain(Path::new(&std::env::var_os(CHILD).unwrap()));
    let outcome = probe(&keychain).await;
    for process in &mut started {
        process.kill().unwrap();
        process.wait().unwrap();
    }
    outcome.unwrap();
}

fn start_keychain(bus: &Path) -> [Child; 2] {
    // Without service directories the bus starts no keychain by itself, locked and of its own accord.
    let configuration = bus.with_extension("conf");
    let text = format!(
        r#"<busconfig><type>session</type><listen>unix:path={}</listen><auth>EXTERNAL</auth>
        <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
        <allow own="*"/></policy></busconfig>"#,
        bus.display()
    );
    std::fs::write(&configuration, text).unwrap();
    let daemon = Command::new("dbus-daemon")
        .args(["--nofork", "--nopidfile"])
        .arg(format!("--config-file={}", configuration.display()))
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while !bus.exists() {
        assert!(begun.elapsed() < Duration::from_secs(20), "no bus");
        std::thread::sleep(Duration::from_millis(20));
    }
    let mut keyring = Command::new("gnome-keyring-daemon")
        .args(["--foreground", "--unlock", "--components=secrets"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    keyring.stdin.take().unwrap().write_all(b"pw").unwrap();
    // The daemon owns its name on the bus once it has unlocked its keyring.
    while zbus_secret_service_keyring_store::Store::new().is_err() {
        assert!(begun.elapsed() < Duration::from_secs(20), "no keychain");
        std::thread::sleep(Duration::from_millis(50));
    }
    [daemon, keyring]
}
