//! Two practice clouds side by side: how many deployments each can show in a second, and what it costs each to list
//! 5,000 environments. Called by `practice-speed`; needs the standard library only.
//!
//! Both have the same state: the first program makes it, and the second is given a copy.

use std::{
    env, fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

const TENANT: &str = "00000000-0000-4000-8000-00000000a111";
const SUBSCRIPTION: &str = "/subscriptions/00000000-0000-4000-8000-0000000051b1";
/// Clients that ask for the deployment at the same time.
const CLIENTS: usize = 16;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(2);
const ENVIRONMENTS: usize = 5000;
/// Reads that the program has under way at a time when it lists.
const SIDE_BY_SIDE: usize = 8;
const LEAST_GETS: f64 = 5.0;
const MOST_OF_LISTING: f64 = 0.2;

fn main() {
    let arguments: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let [old, new, work] = arguments.as_slice() else {
        panic!("usage: practice-speed OLD NEW DIRECTORY");
    };
    let gets = deployments(old, new, work);
    let listing = listing(old, new, work);
    assert!(gets >= LEAST_GETS, "fewer than {LEAST_GETS} times as many deployments a second");
    assert!(listing <= MOST_OF_LISTING, "listing costs more than {MOST_OF_LISTING} of what it did");
}

fn deployments(old: &Path, new: &Path, work: &Path) -> f64 {
    let (first, second) = (work.join("deployment-old"), work.join("deployment-new"));
    let made = Command::new(old)
        .args(["deploy", "--practice", "--speed", "3000", "--yes", "--json"])
        .args(["--name", "test", "--suffix", "4821", "--region", "westeurope"])
        .args(["--cidr", "10.1.0.0/22"])
        .env("PRIVATEAML_HOME", &first)
        .stdout(Stdio::null())
        .status()
        .expect("the first program runs");
    assert!(made.success(), "no environment came about: {made}");
    copy(&first, &second);
    let servers = [Server::start(old, &first), Server::start(new, &second)];
    let list = format!("{SUBSCRIPTION}/resourcegroups/rg-test4821/providers/Microsoft.Resources/deployments/");
    let (_, listed) = servers[0].client().get(&list);
    let name = between(&listed, "\"name\":\"", "\"");
    let path = format!("{list}{name}");
    let (status, body) = servers[1].client().get(&path);
    assert_eq!(status, 200, "{body}");
    println!("a deployment of {} bytes, {CLIENTS} clients", body.len());
    let mut ratios = Vec::new();
    for _ in 0..ROUNDS {
        let [old, new] = [0, 1].map(|index| rate(&servers[index], &path));
        println!("  {old:8.0} a second before, {new:8.0} now: {:6.2} times", new / old);
        ratios.push(new / old);
    }
    ratios.sort_by(f64::total_cmp);
    println!("  median {:.2} times (at least {LEAST_GETS})", ratios[ROUNDS / 2]);
    ratios[ROUNDS / 2]
}

fn rate(server: &Server, path: &str) -> f64 {
    let begin = Instant::now();
    let count = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                let mut client = server.client();
                while begin.elapsed() < ROUND {
                    let (status, _) = client.get(path);
                    assert_eq!(status, 200);
                    count.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    count.into_inner() as f64 / begin.elapsed().as_secs_f64()
}

fn listing(old: &Path, new: &Path, work: &Path) -> f64 {
    let (first, second) = (work.join("list-old"), work.join("list-new"));
    let server = Server::start(old, &first);
    let mut client = server.client();
    for number in 0..ENVIRONMENTS {
        let tags = format!(
            r#"{{"privateaml":"1","privateaml-name":"e{number}","privateaml-suffix":"1000",
                "privateaml-cidr":"10.1.0.0/22"}}"#
        );
        let body =
            format!(r#"{{"location":"westeurope","tags":{tags}}}"#);
        let path = format!("{SUBSCRIPTION}/resourcegroups/rg-e{number}");
        let (status, body) = client.ask("PUT", &path, "application/json", &body);
        assert_eq!(status, 201, "{body}");
    }
    drop(client);
    drop(server);
    copy(&first, &second);
    let servers = [Server::start(old, &first), Server::start(new, &second)];
    println!("processor seconds of the server while {ENVIRONMENTS} environments are listed");
    let mut ratios = Vec::new();
    for _ in 0..3 {
        let [old, new] = [0, 1].map(|index| list(&servers[index]));
        println!("  {old:8.2} before, {new:8.2} now: {:6.3}", new / old);
        ratios.push(new / old);
    }
    ratios.sort_by(f64::total_cmp);
    println!("  median {:.3} (at most {MOST_OF_LISTING})", ratios[1]);
    ratios[1]
}

/// What `list` asks: the groups, page by page, and the newest deployments of each.
fn list(server: &Server) -> f64 {
    let before = server.processor();
    let mut client = server.client();
    let mut path = format!("{SUBSCRIPTION}/resourcegroups");
    let mut found = 0;
    loop {
        let (status, body) = client.get(&path);
        assert_eq!(status, 200, "{body}");
        found += body.matches("\"type\":\"Microsoft.Resources/resourceGroups\"").count();
        match body.split_once("\"nextLink\":\"") {
            Some((_, rest)) => path = between(rest, &server.base, "\"").to_owned(),
            None => break,
        }
    }
    assert_eq!(found, ENVIRONMENTS);
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..SIDE_BY_SIDE {
            scope.spawn(|| {
                let mut client = server.client();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= ENVIRONMENTS {
                        break;
                    }
                    let (status, body) = client.get(&format!(
                        "{SUBSCRIPTION}/resourcegroups/rg-e{number}/providers/Microsoft.Resources/deployments/?$top=10"
                    ));
                    assert_eq!(status, 200, "{body}");
                }
            });
        }
    });
    server.processor() - before
}

struct Server {
    child: Child,
    address: String,
    base: String,
    token: String,
}

impl Server {
    fn start(program: &Path, home: &Path) -> Self {
        let mut child = Command::new(program)
            .args(["practice", "serve", "--speed", "60"])
            .env("PRIVATEAML_HOME", home)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut line = String::new();
        let output = child.stdout.as_mut().expect("its output is a pipe");
        BufReader::new(output).read_line(&mut line).expect("it tells its address");
        let base = between(&line, "\"url\":\"", "/\"").to_owned();
        let address = base.trim_start_matches("http://").to_owned();
        let mut server = Self { child, address, base, token: String::new() };
        let (_, body) = server.client().ask(
            "POST",
            &format!("/{TENANT}/oauth2/v2.0/token"),
            "application/x-www-form-urlencoded",
            "grant_type=client_credentials&client_id=any&client_secret=Example-1&scope=https://\
             management.azure.com/.default",
        );
        server.token = between(&body, "\"access_token\":\"", "\"").to_owned();
        server
    }

    fn client(&self) -> Client<'_> {
        let stream = TcpStream::connect(&self.address).expect("the server listens");
        stream.set_nodelay(true).expect("a socket has this option");
        stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a socket has this option");
        Client { server: self, stream: BufReader::with_capacity(1 << 16, stream) }
    }

    /// Processor seconds so far, of the program and of the system for it (proc_pid_stat(5), in hundredths).
    fn processor(&self) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).expect("it runs");
        let (_, rest) = stat.rsplit_once(')').expect("the name is in brackets");
        let fields: Vec<&str> = rest.split_whitespace().collect();
        let ticks = |field: usize| fields[field].parse::<f64>().expect("a number");
        (ticks(11) + ticks(12)) / 100.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Client<'server> {
    server: &'server Server,
    stream: BufReader<TcpStream>,
}

impl Client<'_> {
    fn get(&mut self, path: &str) -> (u16, String) {
        self.ask("GET", path, "", "")
    }

    fn ask(&mut self, method: &str, path: &str, kind: &str, body: &str) -> (u16, String) {
        let version = match path {
            _ if path.contains("api-version") || path.contains("oauth2") => "",
            _ if path.contains('?') => "&api-version=2025-04-01",
            _ => "?api-version=2025-04-01",
        };
        let mut head = format!("{method} {path}{version} HTTP/1.1\r\nhost: {}\r\n", self.server.address);
        if !self.server.token.is_empty() {
            head += &format!("authorization: Bearer {}\r\n", self.server.token);
        }
        if !body.is_empty() {
            head += &format!("content-type: {kind}\r\ncontent-length: {}\r\n", body.len());
        }
        let request = format!("{head}\r\n{body}");
        self.stream.get_mut().write_all(request.as_bytes()).expect("the server reads");
        let mut status = 0;
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).expect("the server answers");
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            } else if let Some(rest) = line.strip_prefix("http/1.1 ") {
                status = rest[..3].parse().expect("a status");
            } else if let Some(rest) = line.strip_prefix("content-length: ") {
                length = rest.parse().expect("a length");
            }
        }
        assert!(status != 0, "the server closed the connection");
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).expect("the answer is whole");
        (status, String::from_utf8(body).expect("the answer is text"))
    }
}

fn between<'text>(text: &'text str, before: &str, after: &str) -> &'text str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before} in {text}"));
    rest.split_once(after).unwrap_or_else(|| panic!("no {after} in {rest}")).0
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a directory can be made");
    for entry in fs::read_dir(from).expect("a directory can be read") {
        let entry = entry.expect("a directory can be read");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file can be copied");
        }
    }
}
