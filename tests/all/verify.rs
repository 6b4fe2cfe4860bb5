//! `verify` as a person on-premises runs it: with an account, with a file, and with a script for sh.

#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod tools;

use std::{
    io::{BufRead as _, BufReader},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command},
};

use crate::support::{Finished, Machine};
use serde_json::{Value, json};

const SPEED: [&str; 3] = ["--practice", "--speed", "3000"];

fn verify<'a>(rest: &[&'a str]) -> Vec<&'a str> {
    [&["verify", "test4821"], &SPEED[..], rest].concat()
}

/// The practice cloud alone, until it is dropped.
struct Served {
    child: Child,
    told: Value,
}

impl Served {
    fn by(machine: &Machine) -> Self {
        let mut child = machine.start(&["practice", "serve", "--speed", "3000"]);
        let mut line = String::new();
        let out = child.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut line).unwrap();
        let told = serde_json::from_str(&line).unwrap();
        Self { child, told }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn without_a_hub_names_and_routes_are_named_and_the_exit_code_says_so() {
    let machine = Machine::new();
    machine.deploy(&[]).expect(0);
    let looked = machine.run(&verify(&["--json"])).expect(1);
    let ended = looked.event("verify");
    assert_eq!(ended["fine"], false);
    let steps = json!(["names", "zone-conflict", "routes", "one-side", "return", "security-group"]);
    assert_eq!(ended["steps"], steps, "the office's own hub answers: it is connected");
    let verdict = looked.event("verdict");
    assert_eq!(verdict["step"], 5, "{verdict}");
    let said = machine.run(&verify(&[])).expect(1);
    assert!(
        said.out.contains("start with step 5 of the twelve") && !said.out.contains("VPN is off"),
        "{}",
        said.out
    );
    assert!(said.out.contains("fine     the studio's page: ml.azure.com"), "{}", said.out);
}

#[test]
fn a_file_of_expectations_stands_in_for_azure_and_is_not_trusted_blindly() {
    let machine = Machine::new();
    machine.deploy(&[]).expect(0);
    let file = machine.home().join("expected.json");
    let path = file.to_str().unwrap();
    machine.run(&verify(&["--write-expectations", path])).expect(0);
    machine.run(&verify(&["--write-expectations", path])).expect(2);
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(!text.contains(&machine.password()));
    let expected: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(expected["network"], "10.1.0.0/22");
    let script = ["verify", "test4821", "--expect", path, "--script", "sh"];
    let printed = machine.run(&script).expect(0);
    assert!(printed.out.starts_with("#!/bin/sh"));
    let other = ["verify", "other1", "--expect", path, "--script", "sh"];
    assert!(machine.run(&other).expect(1).err.contains("test4821"));
    let mut spoilt = expected;
    spoilt["names"][0]["host"] = json!("a'; rm -rf /; '");
    std::fs::write(&file, spoilt.to_string()).unwrap();
    let refused = machine.run(&script).expect(1);
    assert!(refused.err.contains("a name that is none"), "{}", refused.err);
}

#[test]
fn the_configuration_of_forwarders_is_written() {
    let machine = Machine::new();
    machine.deploy(&[]).expect(0);
    for (server, word) in [
        ("bind", "zone \"api.azureml.ms\""),
        ("windows", "Add-DnsServerConditionalForwarderZone -Name 'api.azureml.ms'"),
        ("dnsmasq", "server=/api.azureml.ms/"),
    ] {
        let written = machine.run(&verify(&["--forwarders", server])).expect(0);
        assert!(written.out.contains(word), "{}", written.out);
        // It may be redirected into a file: words for people go beside it (Azure/azure-cli#27855).
        assert!(!written.out.contains("PRACTICE"), "{}", written.out);
        assert!(written.err.contains("PRACTICE"), "{}", written.err);
        assert!(!written.out.contains("monitor.azure.com"));
    }
    let script = machine.run(&verify(&["--script", "sh"])).expect(0);
    assert!(script.out.starts_with("#!/bin/sh"), "{}", script.out);
}

fn tool(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    let places = std::env::split_paths(&path).map(|place| place.join(name));
    places
        .into_iter()
        .find(|file| file.is_file())
        .unwrap_or_else(|| panic!("this test needs {name}"))
}

fn executable(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// Tools that stand before this machine's: names lead to what is expected, and every connection goes through the door
/// of the practice cloud's on-premises site.
fn tools(machine: &Machine, expected: &Value, door: &str) -> PathBuf {
    let directory = machine.home().join("tools");
    std::fs::create_dir(&directory).unwrap();
    let rows: Vec<String> = expected["names"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| {
            let text = |field: &str| name[field].as_str().unwrap().to_owned();
            format!("{}) echo '{} STREAM x';;", text("host"), text("address"))
        })
        .collect();
    let getent = format!(
        "#!/bin/sh\ncase $2 in\n{}\n*) echo '203.0.113.9 STREAM x';;\nesac\n",
        rows.join("\n")
    );
    executable(&directory.join("getent"), &getent);
    let curl = r#"#!/bin/sh
while [ $# -gt 0 ]; do
    case $1 in
        -w) form=$2; shift 2 ;;
        --noproxy | --connect-timeout | --max-time | -o) shift 2 ;;
        -*) shift ;;
        *) url=$1; shift ;;
    esac
done
rest=${url#*://}
case $url in
    https://*) exec CURL -s --proxytunnel --proxy DOOR -w "$form" "http://${rest%%/*}:443/${rest#*/}" ;;
esac
case $(CURL -s -o /dev/null --max-time 5 --proxytunnel --proxy DOOR -w '%{http_connect}' "http://$rest") in
    200) printf '\ntook=0,012345\n' ;;
    502) printf '* connect failed: Connection refused\ntook=0.000000\n' ;;
    *) printf '* Connection timed out\ntook=0.000000\n' ;;
esac
"#;
    let curl = curl.replace("CURL", tool("curl").to_str().unwrap()).replace("DOOR", door);
    executable(&directory.join("curl"), &curl);
    directory
}

#[test]
fn a_script_looks_from_a_desk_and_its_lines_are_read_back() {
    let machine = Machine::new();
    machine.deploy(&[]).expect(0);
    let (file, script) = (machine.home().join("e.json"), machine.home().join("check.sh"));
    let (path, output) = (file.to_str().unwrap(), script.to_str().unwrap());
    let wanted = ["--write-expectations", path, "--script", "sh", "--output", output];
    machine.run(&verify(&wanted)).expect(0);
    let expected: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let checked = Command::new("/bin/sh").arg("-n").arg(&script).status();
    assert!(checked.unwrap().success());
    let served = Served::by(&machine);
    let door = served.told["url"].as_str().unwrap();
    assert!(served.told["dns"].as_str().unwrap().starts_with("127.0.0.1:"));
    let tools = tools(&machine, &expected, door);
    let path = format!("{}:/usr/bin:/bin", tools.display());
    let ran = Command::new("/bin/sh").arg(&script).env_clear().env("PATH", path).output().unwrap();
    let ran = Finished::of(&ran).expect(0);
    assert_eq!(ran.err, "");
    let lines = ran.out.lines().filter(|line| line.starts_with("privateaml-check v1 "));
    let names = expected["names"].as_array().unwrap().len();
    assert_eq!(lines.count(), names + 3, "{}", ran.out);
    assert!(
        ran.out.contains("name=ml.azure.com address=203.0.113.9 hub=-@- tcp=ok:13 "),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("tcp=timeout"), "{}", ran.out);
    // As it is pasted from a terminal of 80 columns, between prompts.
    let parts = |line: &str| -> Vec<String> {
        let signs: Vec<char> = line.chars().collect();
        let parts = signs.chunks(80).map(|part| part.iter().collect());
        parts.collect()
    };
    let broken: Vec<String> = ran.out.lines().flat_map(parts).collect();
    let broken = broken.join("\r\n");
    let pasted = machine.home().join("pasted.txt");
    std::fs::write(&pasted, format!("me@desk:~$ sh check.sh\r\n{broken}\r\nme@desk:~$ ")).unwrap();
    let results = ["--results", pasted.to_str().unwrap(), "--json"];
    let judged = machine.run(&verify(&results)).expect(1);
    let ended = judged.event("verify");
    // Names lead where they should; without a hub nothing arrives.
    let steps = json!(["client", "routes", "one-side", "return", "security-group"]);
    assert_eq!(ended["steps"], steps);
    assert_eq!(ended["unseen"], 0);
}

/// A company's DNS that has no names of the internet, and a proxy for the web: nobody's zone is to blame.
#[test]
fn where_names_of_the_internet_do_not_exist_either_nothing_is_forwarded() {
    let machine = Machine::new();
    let (api, vault) = ("ab.workspace.westeurope.api.azureml.ms", "kv-test4821.vault.azure.net");
    let name = |host: &str, service: &str| json!({"host": host, "address": "10.1.2.150", "port": 443, "service": service});
    let studio = json!({"host": "ml.azure.com", "purpose": "the studio's page"});
    let expected = json!({"v": 1, "full_name": "test4821", "network": "10.1.0.0/22", "cloud": "public",
        "names": [name(api, "workspace"), name(vault, "vault")], "api": api, "public": [studio], "resolvers": []});
    let line = |host: &str, proxied: &str| {
        format!(
            "privateaml-check v1 name={host} address=nxdomain hub=-@- tcp=- https=- proxied={proxied} end\n"
        )
    };
    let lines = [line(api, "403:private-link"), line(vault, "-"), line("ml.azure.com", "200")];
    let (file, results) =
        (machine.home().join("expected.json"), machine.home().join("proxyonly.txt"));
    std::fs::write(&file, expected.to_string()).unwrap();
    std::fs::write(&results, lines.concat()).unwrap();
    let (file, results) = (file.to_str().unwrap(), results.to_str().unwrap());
    let judged = machine.run(&["verify", "test4821", "--expect", file, "--results", results]);
    let out = judged.expect(1).out.replace('\n', " ");
    let words: Vec<&str> = out.split_whitespace().collect();
    let out = words.join(" ");
    for told in [
        "start with step 5 of the twelve",
        "It has none for names of the internet either: ml.azure.com",
        "api.azureml.ms, vault.azure.net. Forward the public names",
        "And let them pass the proxy by",
        "Let these domains pass the proxy by",
        "Ports were not tried of 2 names",
    ] {
        assert!(out.contains(told), "{told}: {out}");
    }
    for untold in ["take its link away", "the same name", "VPN is off", "step 6"] {
        assert!(!out.contains(untold), "{untold}: {out}");
    }
}

/// A file of expectations about ports of this machine itself: one that is open and one that is not.
fn near(machine: &Machine, ports: &[u16]) -> PathBuf {
    let names: Vec<Value> = ports
        .iter()
        .map(|port| json!({"host": "localhost", "address": "127.0.0.1", "port": port, "service": "vault"}))
        .collect();
    let expected = json!({"v": 1, "full_name": "test4821", "network": "10.1.0.0/22", "cloud": "public",
        "names": names, "api": null, "public": [], "resolvers": []});
    let file = machine.home().join("near.json");
    std::fs::write(&file, expected.to_string()).unwrap();
    file
}

#[test]
fn without_azure_the_machines_own_resolver_and_ports_are_asked() {
    let machine = Machine::new();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let open = listener.local_addr().unwrap().port();
    let look = |ports: &[u16]| {
        let file = near(&machine, ports);
        machine.run(&["verify", "test4821", "--json", "--expect", file.to_str().unwrap()])
    };
    assert_eq!(look(&[open]).expect(0).event("verify")["fine"], true);
    drop(listener);
    let refused = look(&[open]).expect(1).event("verify");
    assert_eq!(refused["steps"], json!(["routes", "overlap"]));
}

#[test]
fn the_script_tells_an_open_port_from_a_refusal_with_the_tools_of_this_machine() {
    let machine = Machine::new();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = |each: &std::net::TcpListener| each.local_addr().unwrap().port();
    let file = near(&machine, &[port(&listener), port(&closed)]);
    drop(closed);
    let written =
        machine.run(&["verify", "test4821", "--expect", file.to_str().unwrap(), "--script", "sh"]);
    let script = machine.home().join("near.sh");
    std::fs::write(&script, written.expect(0).out).unwrap();
    let ran = Command::new("/bin/sh").arg(&script).output().unwrap();
    let ran = Finished::of(&ran).expect(0);
    let lines: Vec<&str> = ran.out.lines().filter(|line| line.contains(" v1 ")).collect();
    assert!(lines[0].contains("address=127.0.0.1 hub=-@- tcp=ok:"), "{}", ran.out);
    assert!(lines[1].contains("tcp=refused"), "{}", ran.out);
}
