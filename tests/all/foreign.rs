//! Nothing that others wrote is obeyed by a terminal: every face is run against a cloud whose answers have signs in
//! them that terminals obey, hide or turn round, and every byte that comes out is looked at.
//!
//! The cloud is the practice cloud behind a proxy of this test, which adds the poison to the strings of its answers.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use crate::support::{Finished, Machine, TEST, wizard};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    response::Response,
};
use privateaml::{
    app::{App, message::Message, recording},
    azure::http::install_provider,
    domain::foreign,
    practice::{self, Options},
};
use serde_json::{Value, json};

/// Clipboard, clear screen, title, C1, direction, no width, tags, lines, Markdown, HTML and a shell's signs.
const POISON: &str = "\u{1b}]52;c;aWQ=\u{7}\u{1b}[2J\u{1b}]0;t\u{7}\u{9b}31m\u{7f}\u{202e}\u{2066}\u{200b}\u{feff}\u{e0041}\u{2028}\r\nProblem: forged\n# forged\n| forged | [l](http://l.example) <b>x</b> `id` ';id;$(id)";

/// How much of an answer is poisoned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// What people and logs write: names for display, messages, tags, rows.
    Texts,
    /// Every string but those without which nothing would be asked any more.
    All,
    /// The same as texts, and every change is refused in poisoned words.
    Refusals,
}

/// Keys whose values the client needs as they are, to get any further.
const NEEDED: &[&str] = &[
    "access_token",
    "token_type",
    "nextLink",
    "id",
    "subscriptionId",
    "tenantId",
    "state",
    "provisioningState",
    "status",
    "type",
    "location",
    "addressPrefix",
    "addressPrefixes",
    "primaryKey",
    "v",
    "properties.mode",
];
/// Keys whose values people write.
const WRITTEN: &[&str] = &[
    "displayName",
    "message",
    "description",
    "notes",
    "caller",
    "localizedValue",
    "error_description",
    "localName",
    "value",
];

struct Proxy {
    upstream: String,
    own: String,
    reach: Reach,
    client: reqwest::Client,
    poisoned: AtomicUsize,
}

impl Proxy {
    fn poison(&self, key: &str, inside_tags: bool, value: &mut Value) {
        match value {
            Value::String(text) => {
                let wanted = match self.reach {
                    Reach::All => {
                        !NEEDED.contains(&key)
                            && !text.starts_with('/')
                            && !text.starts_with("http")
                    }
                    Reach::Texts | Reach::Refusals => {
                        WRITTEN.contains(&key) || (inside_tags && !key.starts_with("privateaml"))
                    }
                };
                if wanted {
                    text.push_str(POISON);
                    self.poisoned.fetch_add(1, Ordering::Relaxed);
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.poison(key, inside_tags, item);
                }
            }
            Value::Object(members) => {
                for (name, member) in members {
                    self.poison(name, key == "tags", member);
                }
            }
            _ => {}
        }
    }

    /// What a firewall's log says, in rows that a client can read: hosts are what an attacker chooses.
    fn rows() -> Value {
        let row = |kind: &str, rule: &str| {
            json!([
                kind,
                format!("evil.example{POISON}"),
                443,
                "HTTPS",
                rule,
                format!("r{POISON}"),
                POISON,
                3,
                "2026-01-05T09:14:00Z"
            ])
        };
        json!({"tables": [{"name": "PrimaryResult", "columns": [], "rows": [row("application", ""), row("network", "c")]}]})
    }
}

async fn pass(State(proxy): State<Arc<Proxy>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let changes = matches!(parts.method.as_str(), "PUT" | "PATCH" | "DELETE");
    let answer = |status: u16, body: &Value| {
        Response::builder()
            .status(status)
            .header("content-type", "application/json")
            .header("x-ms-practice", "true")
            .header("x-ms-correlation-request-id", "11111111-2222-3333-4444-555555555555")
            .body(Body::from(body.to_string()))
            .unwrap()
    };
    if changes && proxy.reach == Reach::Refusals {
        proxy.poisoned.fetch_add(1, Ordering::Relaxed);
        let words = format!("Resource 'x{POISON}' was disallowed by policy. Reasons: '{POISON}'.");
        let refusal = json!({"error": {"code": format!("Refused{POISON}"), "message": words, "target": format!("t{POISON}"),
            "details": [{"code": "RequestDisallowedByPolicy", "message": words, "target": format!("u{POISON}"), "additionalInfo": [
                {"type": "PolicyViolation", "info": {"policyDefinitionDisplayName": POISON, "policyAssignmentName": POISON}}]},
                {"code": format!("Other{POISON}"), "message": words}]}});
        return answer(403, &refusal);
    }
    if path.contains("/query?") {
        proxy.poisoned.fetch_add(1, Ordering::Relaxed);
        return answer(200, &Proxy::rows());
    }
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    let mut sent =
        proxy.client.request(parts.method, format!("{}{path}", proxy.upstream)).body(bytes);
    for (name, value) in &parts.headers {
        if !matches!(name.as_str(), "host" | "content-length" | "accept-encoding" | "connection") {
            sent = sent.header(name, value);
        }
    }
    let got = sent.send().await.unwrap();
    let mut built = Response::builder().status(got.status());
    for (name, value) in got.headers() {
        if !matches!(name.as_str(), "content-length" | "transfer-encoding" | "connection") {
            let text = value.to_str().unwrap().replace(&proxy.upstream, &proxy.own);
            built = built.header(name, text);
        }
    }
    let text = got.text().await.unwrap().replace(&proxy.upstream, &proxy.own);
    let body = match serde_json::from_str::<Value>(&text) {
        Ok(mut value) => {
            proxy.poison("", false, &mut value);
            value.to_string()
        }
        Err(_) => text,
    };
    built.body(Body::from(body)).unwrap()
}

/// Starts a proxy; its address and its count of what it poisoned.
async fn proxy(upstream: &str, reach: Reach) -> Arc<Proxy> {
    install_provider();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own = format!("http://{}", listener.local_addr().unwrap());
    let proxy = Arc::new(Proxy {
        upstream: upstream.trim_end_matches('/').to_owned(),
        own,
        reach,
        client: reqwest::Client::builder().no_proxy().build().unwrap(),
        poisoned: AtomicUsize::new(0),
    });
    let router = Router::new().fallback(pass).with_state(Arc::clone(&proxy));
    tokio::spawn(async move { axum::serve(listener, router).await });
    proxy
}

/// What is wrong with a text that came out: signs that are obeyed, and lines that pass for ours.
fn faults(what: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in text.split('\n').enumerate() {
        let line = line.trim_end_matches('\r');
        let starts = |forged: &[&str]| forged.iter().any(|start| line.starts_with(start));
        let forged = starts(&["Problem: forged"])
            || (std::path::Path::new(what).extension().is_some_and(|ending| ending == "md")
                && starts(&["# forged", "| forged"]));
        if line.contains(foreign::is_obeyed) || forged {
            found.push(format!("{what}, line {number}: {line:?}"));
        }
    }
    found
}

/// The runs: what is asked, and a word that must have come through for the run to prove anything.
fn runs(directory: &str, hub: &str) -> Vec<Vec<String>> {
    let of = |words: &str| -> Vec<String> {
        words.split(' ').map(|word| word.replace("DIR", directory).replace("HUB", hub)).collect()
    };
    [
        "list",
        "status test4821",
        "audit test4821 --no-probe --force --report DIR/audit.md --report DIR/audit.json",
        "egress test4821 github.com",
        "egress test4821 --denied",
        "egress test4821 --dependencies",
        "connect test4821",
        "credentials test4821 --show",
        "peer test4821 --list-hubs",
        "peer test4821 --hub HUB --hand-over DIR/hand-over",
        "peer test4821 --yes",
        "verify test4821 --script sh",
        "verify test4821 --script powershell --output DIR/check.ps1 --force",
        "verify test4821 --forwarders bind",
        "verify test4821 --write-expectations DIR/expect.json --force",
        "hub shared --region westeurope --cidr 10.60.0.0/22",
        "hub shared --show-key",
        "deploy --name other --suffix 4822 --region westeurope --cidr 10.7.0.0/22 --yes --plain",
        "mend test4821 --yes",
        "pause test4821 --yes",
        "stop test4821",
        "delete test4821",
    ]
    .map(of)
    .to_vec()
}

/// An environment on a practice cloud with hubs, and the program before it.
struct Place {
    machine: Machine,
    server: practice::Server,
    files: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let machine = Machine::new();
        let mut options = Options::new(machine.home().join("cloud"));
        options.speed = 6000.0;
        options.hubs = true;
        options.subscriptions = Some(2);
        let server = practice::start(options).unwrap();
        let place = Self { machine, server, files: tempfile::tempdir().unwrap() };
        let first = ["--subscription", practice::SUBSCRIPTION, "deploy", "--yes"];
        let arguments = [first.as_slice(), TEST].concat();
        let arguments: Vec<String> = arguments.iter().map(|each| (*each).to_owned()).collect();
        place.run(place.server.url().as_str(), &arguments).expect(0);
        place
    }

    fn run(&self, endpoint: &str, arguments: &[String]) -> Finished {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let mut command = self.machine.command(&arguments);
        command.env("PRIVATEAML_ENDPOINT", endpoint);
        Finished::of(&command.output().unwrap())
    }

    /// The id of a hub that suits.
    fn hub(&self) -> String {
        let list = ["peer", "test4821", "--list-hubs", "--json"].map(str::to_owned);
        let listed = self.run(self.server.url().as_str(), &list).expect(0);
        listed.event("hub")["id"].as_str().unwrap().to_owned()
    }

    fn directory(&self) -> String {
        self.files.path().display().to_string()
    }
}

fn look_at(reach: Reach, arguments: &[String], ended: &Finished) -> Vec<String> {
    let name = format!("{reach:?} {}", arguments.join(" "));
    let mut found = faults(&format!("{name}, output"), &ended.out);
    found.extend(faults(&format!("{name}, errors"), &ended.err));
    if ended.err.contains("stopped at") {
        found.push(format!("{name}: {}", ended.err));
    }
    if arguments.iter().any(|each| each == "--json") {
        // The value is the same for a parser, so that nothing is lost either.
        ended.lines();
    }
    found
}

/// A Markdown text without its blocks and spans of code, in which nothing is read as Markdown.
fn outside_code(text: &str) -> String {
    let blocks = text.split("\n```").step_by(2).collect::<String>();
    let unescaped = blocks.replace("\\`", "");
    unescaped.split('`').step_by(2).collect()
}

fn files(place: &Place) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![place.files.path().to_owned(), place.machine.home().join("logs")];
    let mut seen = Vec::new();
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(directory).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            seen.push(path.file_name().unwrap().to_string_lossy().into_owned());
            let text = std::fs::read_to_string(&path).unwrap();
            found.extend(faults(&path.display().to_string(), &text));
            if path.extension().is_some_and(|ending| ending == "md") {
                let prose = outside_code(&text);
                assert!(!prose.contains("[l](") && !prose.contains(" <b>"), "{prose}");
            }
        }
    }
    for name in
        ["audit.md", "audit.json", "check.ps1", "expect.json", "hand-over.md", "peering.json"]
    {
        assert!(seen.iter().any(|each| each == name), "no {name} in {seen:?}");
    }
    found
}

/// What was printed to be pasted is one line, and a shell reads five words in it.
#[cfg(unix)]
fn assert_pasted(ended: &Finished) {
    let line = ended.out.lines().find(|line| line.contains("--allow"));
    let line = line.unwrap_or_else(|| panic!("no command in:\n{}", ended.out));
    let read = std::process::Command::new("sh")
        .args(["-c", &format!("set -- {line}; printf %s $#")])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&read.stdout), "5", "{line}");
}

/// Whether a command changes what the next one needs.
fn changes(arguments: &[String]) -> bool {
    let first = arguments[0].as_str();
    ["deploy", "mend", "pause", "stop", "hub"].contains(&first)
        || (first == "peer" && arguments.last().is_some_and(|last| last == "--yes"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_azure_says_is_obeyed_by_a_terminal() {
    let place = Place::new();
    let hub = place.hub();
    let mut found = Vec::new();
    for reach in [Reach::Texts, Reach::Refusals, Reach::All] {
        let proxy = proxy(place.server.url().as_str(), reach).await;
        let mut told = 0;
        for arguments in runs(&place.directory(), &hub) {
            if changes(&arguments) && reach != Reach::Refusals {
                continue;
            }
            let forms: &[&[&str]] = match reach {
                Reach::Texts => &[&["--log", "debug"], &["--json"]],
                Reach::Refusals | Reach::All => &[&[]],
            };
            for form in forms {
                let further = form.iter().map(|each| (*each).to_owned());
                let all: Vec<String> = arguments.iter().cloned().chain(further).collect();
                let ended = place.run(&proxy.own, &all);
                found.extend(look_at(reach, &all, &ended));
                told += usize::from(ended.out.contains("forged") || ended.err.contains("forged"));
                #[cfg(unix)]
                if arguments.last().is_some_and(|last| last == "--denied") && form.len() == 2 {
                    assert_eq!(ended.code, 0, "{}", ended.err);
                    assert_pasted(&ended);
                }
            }
        }
        let poisoned = proxy.poisoned.load(Ordering::Relaxed);
        // It proves nothing unless the poison arrived, and was told.
        assert!(
            poisoned > 20 && told > 3,
            "{reach:?}: {poisoned} strings, {told} runs that tell of it"
        );
    }
    found.extend(files(&place));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn poison_words(key: &str, value: &mut Value) {
    const KEPT: &[&str] = &[
        "at",
        "code",
        "retry",
        "phase",
        "version",
        "cloud",
        "state",
        "kind",
        "id",
        "key",
        "symbol",
        "change",
        "tone",
        "last",
        "subscription-in-use",
        "suffix-drawn",
        "region",
        "address_space",
        "suffix",
        "name",
    ];
    match value {
        Value::String(text) if !KEPT.contains(&key) => text.push_str(POISON),
        Value::Array(items) => items.iter_mut().for_each(|item| poison_words(key, item)),
        Value::Object(members) => {
            members.iter_mut().for_each(|(name, member)| poison_words(name, member));
        }
        _ => {}
    }
}

/// The strings of a message one after another, each poisoned where the message can still be read.
fn poisoned(message: &Message) -> Vec<Message> {
    let whole = serde_json::to_value(message).unwrap();
    let mut all = whole.clone();
    poison_words("", &mut all);
    if let Ok(message) = serde_json::from_value(all) {
        return vec![message];
    }
    vec![message.clone()]
}

fn assert_picture(app: &App, what: &str) -> bool {
    let mut told = false;
    for (columns, rows) in [(100, 30), (60, 18), (30, 8)] {
        let picture = wizard::cells(app, &wizard::look(), columns, rows);
        let text: String = picture.content.iter().map(ratatui::buffer::Cell::symbol).collect();
        assert!(!text.contains(foreign::is_obeyed), "{what} at {columns}x{rows}: {text:?}");
        told |= text.contains("forged") || text.contains('\u{fffd}');
    }
    told
}

#[test]
fn no_picture_of_the_wizard_has_a_sign_that_a_terminal_obeys() {
    let text = std::fs::read_to_string("assets/demo/session.jsonl").unwrap();
    let session = recording::read(&text).unwrap();
    let (mut app, _) = App::new(session.head.start, session.head.at);
    let mut told = 0;
    for entry in session.entries {
        for message in poisoned(&entry.message) {
            app.update(entry.at, message);
            told += usize::from(assert_picture(&app, "the session"));
        }
    }
    let news = [
        wizard::signed_in(),
        wizard::found(true, privateaml::domain::environment::Phase::Failed),
        Message::Failed(wizard::problem()),
        Message::SignInWanted("Azure wants a sign-in.".into()),
        Message::Tried {
            headline: "Denied".into(),
            sentences: vec!["No rule".into()],
            actions: Vec::new(),
        },
    ];
    for message in news {
        for message in poisoned(&message) {
            app.update(wizard::after(9), message);
            told += usize::from(assert_picture(&app, "news"));
        }
    }
    for ending in wizard::endings() {
        let mut app = wizard::app(true);
        let id = wizard::watched(&mut app);
        let messages = wizard::news(id, 9, 3);
        let end = wizard::ended(id, ending);
        for message in messages.into_iter().chain([end]) {
            for message in poisoned(&message) {
                app.update(wizard::after(99), message);
                told += usize::from(assert_picture(&app, "a deployment"));
            }
        }
    }
    assert!(told > 5, "{told} pictures tell of it");
}
