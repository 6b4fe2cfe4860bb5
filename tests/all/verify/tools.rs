//! The script for sh under every shell and with every set of tools that this machine has, against servers on loopback.
//!
//! Each run sees a directory with the tools of its set and no other. What is not installed is named on standard error;
//! `.ci/run` installs all of it.

#![expect(clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, UdpSocket},
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
    thread,
};

use serde_json::json;

use crate::support::{Finished, Machine};

/// What every system has.
const PLAIN: [&str; 10] =
    ["awk", "cat", "cut", "grep", "head", "sed", "sleep", "sort", "tail", "tr"];
/// Where the DNS server answers: tools that have no option for a port ask port 53.
const DNS: &str = "127.0.0.77";

/// Says what is left out, also where the test's own output is kept back.
fn say(words: &str) {
    let _ = writeln!(std::io::stderr(), "{words}");
}

fn installed(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let places = std::env::split_paths(&path).map(|place| place.join(name));
    let found = places.into_iter().find(|file| file.is_file())?;
    found.canonicalize().ok()
}

/// A tool of a set: its name there, and what it is.
#[derive(Clone, Copy)]
struct Tool(&'static str, &'static str);

impl Tool {
    fn of(name: &'static str) -> Self {
        Self(name, name)
    }

    /// The same as `BusyBox` has it.
    fn busybox(name: &'static str) -> Self {
        Self(name, "busybox")
    }
}

/// A directory with these tools alone; `None` and a word about it where one is not installed.
fn directory(machine: &Machine, name: &str, tools: &[Tool], plain: &str) -> Option<PathBuf> {
    let directory = machine.home().join(name);
    std::fs::create_dir(&directory).unwrap();
    let plain = PLAIN.map(|name| Tool(name, if plain.is_empty() { name } else { "busybox" }));
    for Tool(called, is) in plain.iter().chain(tools) {
        let Some(file) = installed(is) else {
            say(&format!("{is} is not installed: {name} was not tried"));
            return None;
        };
        symlink(file, directory.join(called)).unwrap();
    }
    Some(directory)
}

/// The shells that are installed, each as a file that is run.
fn shells(machine: &Machine) -> Vec<PathBuf> {
    let directory = machine.home().join("shells");
    std::fs::create_dir(&directory).unwrap();
    let mut found = Vec::new();
    for (called, is) in [("dash", "dash"), ("bash", "bash"), ("ash", "busybox")] {
        let Some(file) = installed(is) else {
            say(&format!("{is} is not installed: its shell was not tried"));
            continue;
        };
        symlink(file, directory.join(called)).unwrap();
        found.push(directory.join(called));
    }
    assert!(!found.is_empty(), "this test needs a shell");
    found
}

fn run(shell: &Path, script: &Path, tools: &Path) -> String {
    let ran = Command::new(shell).arg(script).env_clear().env("PATH", tools).output().unwrap();
    let ran = Finished::of(&ran).expect(0);
    assert_eq!(ran.err, "", "{} with {}", shell.display(), tools.display());
    ran.out
}

/// A web server that says one thing to everybody.
fn web(status: &'static str, body: &'static str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            thread::spawn(move || {
                let mut asked = [0; 4096];
                // Who only opens the port sends nothing.
                if stream.read(&mut asked).is_ok_and(|length| length > 0) {
                    let answer = format!(
                        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                        body.len()
                    );
                    let _ = stream.write_all(answer.as_bytes());
                }
            });
        }
    });
    port
}

/// The script about ports of this machine, which asks web pages without TLS, for which there is no certificate here.
fn script_about(machine: &Machine, ports: &[u16]) -> String {
    let names: Vec<_> = ports
        .iter()
        .map(|port| json!({"host": "localhost", "address": "127.0.0.1", "port": port, "service": "workspace"}))
        .collect();
    let expected = json!({"v": 1, "full_name": "test4821", "network": "10.1.0.0/22", "cloud": "public",
        "names": names, "api": "localhost", "public": [], "resolvers": []});
    let file = machine.home().join("ports.json");
    std::fs::write(&file, expected.to_string()).unwrap();
    let path = file.to_str().unwrap();
    let script = ["verify", "test4821", "--expect", path, "--script", "sh"];
    let text = machine.run(&script).expect(0).out;
    let asked = "direct \"https://$1$4\"";
    assert!(text.contains(asked), "{text}");
    text.replace(asked, "direct \"http://$1:$3$4\"")
}

/// A field of each result, in order.
fn fields(out: &str, field: &str) -> Vec<String> {
    let lines = out.lines().filter(|line| line.contains(" v1 "));
    let of = |line: &str| {
        let words = line.split(' ').find_map(|word| word.strip_prefix(field));
        words.unwrap().to_owned()
    };
    lines.map(of).collect()
}

#[test]
fn every_shell_and_tool_tells_open_ports_and_answers_alike() {
    let machine = Machine::new();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap();
    let denied = "x workspace private link configuration x";
    let ports = [
        web("401 Unauthorized", "status 200\n"),
        web("302 Found\r\nLocation: /elsewhere", ""),
        web("403 Forbidden", denied),
        web("403 Forbidden", "blocked"),
        web("404 Not Found", "HTTP/1.1 200 OK"),
        closed.local_addr().unwrap().port(),
    ];
    drop(closed);
    let script = machine.home().join("check.sh");
    std::fs::write(&script, script_about(&machine, &ports)).unwrap();
    let whole = ["401", "302", "403:private-link", "403", "404", "failed:"];
    let kept_back = ["401", "302", "403:unread", "403:unread", "404", "failed:"];
    let nothing = ["-"; 6];
    let open = ["ok:", "ok:", "ok:", "ok:", "ok:", "refused"];
    let busybox = Tool::busybox;
    // What the set has, who sorts and filters, what its ports say, and what its pages say.
    let sets: [(&str, Vec<Tool>, &str, _, _); 8] = [
        ("curl", vec![Tool::of("curl")], "", open, whole),
        ("gnu-wget", vec![Tool::of("wget")], "", open, whole),
        ("busybox-wget", vec![busybox("wget")], "busybox", open, kept_back),
        ("nc", vec![Tool("nc", "nc.openbsd")], "", open, nothing),
        ("busybox-nc", vec![busybox("nc")], "busybox", open, nothing),
        ("bash", vec![Tool::of("bash")], "", open, nothing),
        (
            "busybox-all",
            vec![busybox("nc"), busybox("wget"), busybox("timeout")],
            "busybox",
            open,
            kept_back,
        ),
        ("nothing", Vec::new(), "", nothing, nothing),
    ];
    let shells = shells(&machine);
    thread::scope(|scope| {
        for (name, mut tools, plain, port, page) in sets {
            // `localhost` is read from the hosts file; nobody else is asked.
            tools.push(Tool::of("getent"));
            let Some(directory) = directory(&machine, name, &tools, plain) else {
                continue;
            };
            for shell in &shells {
                let (script, directory) = (&script, directory.clone());
                scope.spawn(move || {
                    let out = run(shell, script, &directory);
                    let row = format!("{} with {name}: {out}", shell.display());
                    assert_eq!(fields(&out, "address="), ["127.0.0.1"; 6], "{row}");
                    for (found, due) in fields(&out, "tcp=").iter().zip(port) {
                        assert!(found.starts_with(due), "{row}");
                    }
                    for (found, due) in fields(&out, "https=").iter().zip(page) {
                        let whole = due == "failed:" && found.starts_with(due);
                        assert!(whole || found == due, "{found} for {due}: {row}");
                    }
                    let untried =
                        |what: &str| out.contains(&format!("# not tried, no tool: {what}"));
                    assert_eq!(untried("ports"), port == nothing, "{row}");
                    assert_eq!(untried("the workspace itself"), page == nothing, "{row}");
                });
            }
        }
    });
}

/// A DNS server that knows one name, says of others that there are none, and is silent about those that begin with
/// `mute`.
fn answer_names(socket: &UdpSocket) {
    let mut asked = [0; 512];
    while let Ok((length, from)) = socket.recv_from(&mut asked) {
        let question = &asked[..length];
        let has = |label: &[u8]| question.windows(label.len()).any(|part| part == label);
        if has(b"\x04mute") {
            continue;
        }
        // The name ends with an empty label; type and class follow.
        let end = 12 + question[12..].iter().position(|byte| *byte == 0).unwrap() + 5;
        let (known, is_a) = (has(b"\x05right"), question[end - 3] == 1);
        let code = if known { 0x80 } else { 0x83 };
        let mut answer = question[..2].to_vec();
        answer.extend([0x81, code, 0, 1, 0, u8::from(known && is_a), 0, 0, 0, 0]);
        answer.extend(&question[12..end]);
        if known && is_a {
            answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 1, 1, 5]);
        }
        let _ = socket.send_to(&answer, from);
    }
}

#[test]
fn every_shell_and_tool_reads_answers_of_a_dns_server_alike() {
    let socket = match UdpSocket::bind((DNS, 53)) {
        Ok(socket) => socket,
        Err(error) => {
            say(&format!(
                "{DNS} port 53 cannot be opened ({error}): tools for names were not tried"
            ));
            return;
        }
    };
    thread::spawn(move || answer_names(&socket));
    let machine = Machine::new();
    // The script's own functions, asked one by one: nobody else's DNS server is asked.
    let whole = script_about(&machine, &[1]);
    let (functions, _) = whole.split_once("\necho \"# privateaml check of").unwrap();
    let script = machine.home().join("names.sh");
    let asked =
        ["right", "absent", "mute"].map(|label| format!("ask {label}.privateaml.invalid {DNS}"));
    std::fs::write(&script, format!("{functions}\n{}\n", asked.join("\n"))).unwrap();
    let all = "10.1.1.5\nnxdomain\nnoanswer\n";
    let sets = [
        ("dig", vec![Tool::of("dig")], "", all),
        ("nslookup", vec![Tool::of("nslookup")], "", all),
        ("host", vec![Tool::of("host")], "", all),
        ("busybox-nslookup", vec![Tool::busybox("nslookup")], "busybox", all),
        ("no-names", vec![Tool::of("getent")], "", "-\n-\n-\n"),
    ];
    let shells = shells(&machine);
    thread::scope(|scope| {
        for (name, tools, plain, due) in sets {
            let Some(directory) = directory(&machine, name, &tools, plain) else {
                continue;
            };
            for shell in &shells {
                let (script, directory) = (&script, directory.clone());
                scope.spawn(move || {
                    let out = run(shell, script, &directory);
                    assert_eq!(out, due, "{} with {name}", shell.display());
                });
            }
        }
    });
}
