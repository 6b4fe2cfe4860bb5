//! The jumpbox credentials: where they are kept, who may see them, and that they are nowhere else.

use crate::support::Machine;

#[test]
fn no_secret_is_in_any_file_line_or_argument() {
    let machine = Machine::new();
    let deployed = machine.deploy(&["--log", "debug", "--json"]).expect(0);
    let password = machine.password();
    assert!(password.len() >= 16);
    assert!(!deployed.out.contains(&password) && !deployed.err.contains(&password));
    let files = machine.files();
    assert!(files.iter().any(|file| file.extension().is_some_and(|end| end == "log")));
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        let found = bytes.windows(password.len()).any(|window| window == password.as_bytes());
        assert!(!found, "the password is in {}", file.display());
    }
}

#[test]
fn credentials_are_not_printed_into_a_pipe_unasked() {
    let machine = Machine::new();
    machine.deploy(&[]).expect(0);
    let password = machine.password();
    let hidden = machine.run(&["credentials", "test4821", "--practice"]).expect(0);
    assert!(!hidden.out.contains(&password));
    assert!(hidden.out.contains("--show"), "{}", hidden.out);
}

#[test]
fn credentials_can_be_kept_in_an_encrypted_file() {
    let machine = Machine::new();
    let phrase = machine.home().join("phrase");
    std::fs::write(&phrase, "four plain words here\n").unwrap();
    let phrase = phrase.to_str().unwrap();
    let flags = ["--credentials", "file", "--passphrase-file", phrase];
    machine.deploy(&flags).expect(0);
    let read = |phrase: &str| {
        machine.run(&[
            "credentials",
            "test4821",
            "--practice",
            "--show",
            "--json",
            "--passphrase-file",
            phrase,
        ])
    };
    let credentials = read(phrase).expect(0).event("credentials");
    let password = credentials["password"].as_str().unwrap();
    assert_eq!(credentials["verified"], true);
    for file in machine.files() {
        let bytes = std::fs::read(&file).unwrap();
        assert!(!bytes.windows(password.len()).any(|window| window == password.as_bytes()));
    }
    let wrong = machine.home().join("wrong");
    std::fs::write(&wrong, "quite another phrase\n").unwrap();
    let refused = read(wrong.to_str().unwrap()).expect(1);
    assert!(refused.err.contains("assphrase"), "{}", refused.err);
}

#[test]
fn credentials_can_be_kept_nowhere() {
    let machine = Machine::new();
    let deployed = machine.deploy(&["--json", "--credentials", "none"]).expect(0);
    assert!(deployed.event("finished")["credentials"].is_null());
    let absent = machine.run(&["credentials", "test4821", "--practice", "--show"]).expect(1);
    assert!(absent.err.contains("--reset"), "{}", absent.err);
}
