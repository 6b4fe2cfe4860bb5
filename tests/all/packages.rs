//! The switch for Python packages: asked of pip (a stand-in on the test's own PATH), of the person, and refused.

#![cfg(unix)]
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{os::unix::fs::PermissionsExt as _, path::PathBuf};

use crate::support::{Finished, Machine, TEST};

/// A directory with a stand-in for Python whose pip prints a configuration, and whose built-in index is another one.
fn python(machine: &Machine, configuration: &str, built_in: &str) -> PathBuf {
    let directory = machine.home().join("bin");
    std::fs::create_dir_all(&directory).unwrap();
    let script = format!(
        "#!/bin/sh\ncase \"$*\" in\n'-m pip config list') printf '%s\\n' \"{configuration}\";;\n\
         -c*) printf '%s\\n' \"{built_in}\";;\n*) exit 2;;\nesac\n"
    );
    let program = directory.join("python3");
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    directory
}

fn plan(machine: &Machine, path: Option<PathBuf>, rest: &[&str]) -> Finished {
    let arguments = [&["plan", "--json"], TEST, rest].concat();
    let mut command = machine.command(&arguments);
    if let Some(path) = path {
        command.env("PATH", path);
    }
    Finished::of(&command.output().unwrap())
}

/// The group's hosts where it is on.
fn hosts(finished: &Finished) -> Vec<String> {
    let plan = finished.event("plan");
    let groups = plan["firewall"].as_array().unwrap();
    let group = groups.iter().find(|each| each["group"] == "python-packages").unwrap();
    assert_eq!(group["title"], "Python packages");
    if group["enabled"] == false {
        return Vec::new();
    }
    let entries = group["entries"].as_array().unwrap();
    for entry in entries {
        assert_eq!(
            (&entry["ports"], &entry["width"]),
            (&"https:443".into(), &"shared-tenant".into())
        );
    }
    entries.iter().map(|each| each["target"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn it_is_off_until_somebody_switches_it_on() {
    let machine = Machine::new();
    for preset in ["recommended", "locked-down"] {
        let planned = plan(&machine, None, &["--preset", preset]).expect(0);
        assert_eq!(hosts(&planned), Vec::<String>::new(), "{preset}");
    }
}

#[test]
fn pip_is_asked_for_its_configuration_and_credentials_are_dropped() {
    let machine = Machine::new();
    let path = python(
        &machine,
        "global.index-url='https://anna:geheim@packages.example.com/simple'\nglobal.extra-index-url='https://more.example.com/simple'",
        "https://builtin.example.com/simple",
    );
    let planned = plan(&machine, Some(path), &["--python-packages", "pip"]).expect(0);
    assert_eq!(hosts(&planned), ["packages.example.com", "more.example.com"]);
    assert!(!planned.out.contains("geheim") && !planned.err.contains("geheim"));
}

#[test]
fn without_a_configuration_the_index_that_pip_has_built_in_is_let_through_with_its_files() {
    let machine = Machine::new();
    let path = python(
        &machine,
        "global.timeout='60'",
        "https://builtin.example.com/simple\nhttps://files.example.com",
    );
    let planned = plan(&machine, Some(path), &["--python-packages", "pip"]).expect(0);
    assert_eq!(hosts(&planned), ["builtin.example.com", "files.example.com"]);
}

#[test]
fn where_pip_does_not_tell_the_host_is_asked_for() {
    let machine = Machine::new();
    let none = plan(&machine, None, &["--python-packages", "pip"]).expect(2);
    assert!(none.err.contains("packages.contoso.com"), "{}", none.err);
    let path = python(&machine, "global.no-index='true'", "");
    let off = plan(&machine, Some(path), &["--python-packages", "pip"]).expect(2);
    assert!(off.err.contains("no index"), "{}", off.err);
    let path =
        python(&machine, "global.index-url='http://u:geheim@packages.example.com/simple'", "");
    let open = plan(&machine, Some(path), &["--python-packages", "pip"]).expect(2);
    assert!(open.err.contains("https") && !open.err.contains("geheim"), "{}", open.err);
}

#[test]
fn a_person_names_the_hosts() {
    let machine = Machine::new();
    let planned =
        plan(&machine, None, &["--python-packages", "packages.example.com,files.example.com"]);
    assert_eq!(hosts(&planned.expect(0)), ["packages.example.com", "files.example.com"]);
    // A plan file says the same, and a flag goes before it.
    let file = machine.home().join("plan.toml");
    std::fs::write(&file, "python_packages = [\"packages.example.com\"]\n").unwrap();
    let file = file.to_str().unwrap();
    assert_eq!(hosts(&plan(&machine, None, &["--plan", file]).expect(0)), ["packages.example.com"]);
    let off = plan(&machine, None, &["--plan", file, "--python-packages", "off"]).expect(0);
    assert_eq!(hosts(&off), Vec::<String>::new());
    // Nobody can be asked here: the flag is named.
    let asked = plan(&machine, None, &["--python-packages"]).expect(4);
    assert!(asked.err.contains("--python-packages"), "{}", asked.err);
}

#[test]
fn what_is_no_plain_host_is_refused_with_what_would_be_right() {
    let machine = Machine::new();
    for (text, word) in [
        ("*.example.com", "pattern"),
        ("10.0.0.7", "address"),
        ("http://packages.example.com/simple", "encryption"),
        ("https://packages.example.com/simple", "packages.example.com."),
        ("https://anna:geheim@packages.example.com/simple", "password"),
    ] {
        let refused = plan(&machine, None, &["--python-packages", text]).expect(2);
        assert!(refused.err.contains(word), "{text}: {}", refused.err);
        assert!(!refused.err.contains("geheim"), "{}", refused.err);
    }
    let unknown = plan(&machine, None, &["--allow", "python-packages"]).expect(2);
    assert!(unknown.err.contains("--python-packages"), "{}", unknown.err);
}

#[test]
fn azure_machine_learning_is_asked_for_the_hosts() {
    let machine = Machine::new();
    let early = machine.deploy(&["--python-packages", "azure-ml"]).expect(1);
    assert!(early.err.contains("no Azure Machine Learning workspace"), "{}", early.err);
    machine.deploy(&[]).expect(0);
    let second = [
        "deploy",
        "--practice",
        "--speed",
        "3000",
        "--yes",
        "--name",
        "other",
        "--suffix",
        "1234",
        "--region",
        "westeurope",
        "--cidr",
        "10.2.0.0/22",
        "--python-packages",
        "azure-ml",
    ];
    machine.run(&second).expect(0);
    let egress =
        ["egress", "other1234", "--practice", "--speed", "3000", "packages.practice.example"];
    let allowed = machine.run(&egress).expect(0);
    assert!(allowed.out.contains("python-packages"), "{}", allowed.out);
    // Without an account there is nobody to ask.
    let refused = plan(&machine, None, &["--python-packages", "azure-ml"]).expect(2);
    assert!(refused.err.contains("account"), "{}", refused.err);
}
