//! A table of situations on-premises, each with what must follow; and that nothing is said which was not observed.

use std::fmt::Write as _;

use super::*;

mod way;

pub(super) const NAMES: [(&str, &str); 10] = [
    ("api", "0f1e.workspace.westeurope.api.azureml.ms"),
    ("cert", "0f1e.workspace.westeurope.cert.api.azureml.ms"),
    ("inference", "privateaml-check.0f1e.inference.westeurope.api.azureml.ms"),
    ("blob", "stgtest4821.blob.core.windows.net"),
    ("file", "stgtest4821.file.core.windows.net"),
    ("vault", "kv-test4821.vault.azure.net"),
    ("monitor", "api.monitor.azure.com"),
    ("studio", "ml.azure.com"),
    ("login", "login.microsoftonline.com"),
    ("content", "aadcdn.msftauth.net"),
];
const FIELDS: [&str; 5] = ["address", "hub", "tcp", "https", "proxied"];
const PUBLIC: &str = "203.0.113.9";

pub(super) fn host(short: &str) -> &'static str {
    NAMES.iter().find(|(name, _)| *name == short).unwrap().1
}

pub(super) fn expected() -> Expectations {
    let name =
        |short, last, service| ExpectedName::new(host(short), [10, 1, 1, last].into(), service);
    Expectations {
        v: super::EXPECTATIONS_VERSION,
        full_name: "test4821".into(),
        network: "10.1.0.0/22".parse().unwrap(),
        cloud: crate::domain::settings::Cloud::Public,
        names: vec![
            name("api", 5, Service::Workspace),
            name("cert", 5, Service::Workspace),
            name("inference", 6, Service::Inference),
            name("blob", 8, Service::Blob),
            name("file", 9, Service::File),
            name("vault", 10, Service::Vault),
            name("monitor", 20, Service::Monitor),
        ],
        api: Some(host("api").into()),
        public: super::public_names(crate::domain::settings::Cloud::Public),
        resolvers: vec![[10, 0, 2, 4].into()],
        zones_elsewhere: false,
    }
}

/// The results of one name, as the script prints them.
#[derive(Clone)]
struct NameResults {
    short: &'static str,
    right: String,
    fields: [String; 5],
}

impl NameResults {
    fn is(&self, who: &str) -> bool {
        let public = ["studio", "login", "content"].contains(&self.short);
        match who {
            "every" => true,
            "public" => public,
            "private" => !public,
            "needed" => !public && self.short != "monitor",
            short => self.short == short,
        }
    }

    fn set(&mut self, change: &str) {
        let (field, value) = change.split_once('=').unwrap();
        let at = FIELDS.iter().position(|each| *each == field).unwrap();
        let value = match value.split_once('@') {
            Some(("R", server)) => format!("{}@{server}", self.right),
            Some(("P", server)) => format!("{PUBLIC}@{server}"),
            _ if value == "P" => PUBLIC.to_owned(),
            _ if value == "R" => self.right.clone(),
            _ => value.to_owned(),
        };
        self.fields[at] = value;
    }
}

fn right() -> Vec<NameResults> {
    let expected = expected();
    let row = |(short, host): &(&'static str, &'static str)| {
        let name = expected.names.iter().find(|each| each.host == *host);
        let right = name.map_or_else(|| "203.0.113.50".to_owned(), |name| name.address.to_string());
        let https = if *short == "api" { "401" } else { "-" };
        NameResults {
            short,
            fields: [&right, "-@-", "ok:12", https, "-"].map(str::to_owned),
            right,
        }
    };
    NAMES.iter().map(row).collect()
}

fn text(rows: &[NameResults]) -> String {
    rows.iter().fold(String::new(), |mut text, row| {
        let _ = write!(text, "privateaml-check v1 name={}", host(row.short));
        for (field, value) in FIELDS.iter().zip(&row.fields) {
            let _ = write!(text, " {field}={value}");
        }
        text + " end\n"
    })
}

/// A situation of the table.
#[derive(Default)]
struct Situation {
    title: String,
    results: String,
    steps: String,
    says: Vec<String>,
    never: Vec<String>,
}

fn situations() -> Vec<Situation> {
    let table = include_str!("situations.txt");
    let parts = table.split("\n== ").skip(1);
    parts.map(situation).collect()
}

fn situation(part: &str) -> Situation {
    let mut lines = part.lines();
    let mut rows = right();
    let mut situation =
        Situation { title: lines.next().unwrap().to_owned(), ..Situation::default() };
    for line in lines {
        let (who, rest) = line.split_once(' ').unwrap();
        let words = || rest.split(" | ").map(str::to_owned).collect();
        match who {
            "steps" => situation.steps = rest.to_owned(),
            "says" => situation.says = words(),
            "never" => situation.never = words(),
            who if rest == "gone" => rows.retain(|row| !row.is(who)),
            who => {
                let of = rows.iter_mut().filter(|row| row.is(who)).collect::<Vec<_>>();
                assert!(!of.is_empty(), "{}: {line}", situation.title);
                for row in of {
                    rest.split(' ').for_each(|change| row.set(change));
                }
            }
        }
    }
    situation.results = text(&rows);
    situation
}

fn judged(situation: &Situation) -> (Vec<Observation>, Report) {
    let seen = results::read(&situation.results, &expected()).unwrap();
    let report = judge(&expected(), &seen, None);
    (seen, report)
}

/// Everything that is said besides the lines.
fn causes_and_remarks(report: &Report) -> String {
    let causes = report.verdicts.iter().flat_map(|verdict| {
        let causes = verdict.causes.iter();
        let causes = causes.flat_map(|cause| [&cause.what, &cause.test, &cause.remedy]);
        std::iter::once(&verdict.observed).chain(causes)
    });
    let all: Vec<&str> = causes.chain(&report.remarks).map(String::as_str).collect();
    all.join("\n")
}

fn named(steps: &[Mistake]) -> String {
    let name = |step| serde_json::to_value(step).unwrap().as_str().unwrap().to_owned();
    steps.iter().map(name).collect::<Vec<_>>().join(" ")
}

/// What differs from the table.
fn faults(situation: &Situation) -> Vec<String> {
    let (_, report) = judged(situation);
    let title = &situation.title;
    let only_notes = report.verdicts.iter().all(|each| each.note);
    let steps = match (report.is_fine(), only_notes) {
        (true, _) => "none".to_owned(),
        (false, true) => "unknown".to_owned(),
        (false, false) => named(&report.steps()),
    };
    let causes_and_remarks = causes_and_remarks(&report);
    let missing = situation.says.iter().filter(|words| !causes_and_remarks.contains(*words));
    let said = situation.never.iter().filter(|words| causes_and_remarks.contains(*words));
    let mut faults = Vec::new();
    faults.extend(missing.map(|words| format!("{title}: `{words}` is missing")));
    faults.extend(said.map(|words| format!("{title}: `{words}` is said")));
    if steps != situation.steps {
        faults.push(format!("{title}: {steps}, not {}", situation.steps));
    }
    if !faults.is_empty() {
        faults.push(causes_and_remarks);
    }
    faults
}

#[test]
fn each_situation_is_told_as_it_is() {
    let all = situations();
    assert!(all.len() >= 40, "{}", all.len());
    let faults: Vec<String> = all.iter().flat_map(faults).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Words of what was observed, and the result that they need.
type Need = (&'static str, fn(&Observation) -> bool);

const NEEDS: &[Need] = &[
    ("asked directly", |seen| seen.hub.is_some()),
    ("refused (", |seen| seen.tcp == Some(Tcp::Refused)),
    ("is refused", |seen| seen.tcp == Some(Tcp::Refused)),
    ("Nothing answers at", |seen| seen.tcp == Some(Tcp::Silent)),
    ("does not open", |seen| seen.tcp.is_some()),
    ("no route", |seen| seen.tcp == Some(Tcp::NoRoute)),
    ("tried opens", |seen| seen.tcp.is_some()),
    ("Others open", |seen| matches!(seen.tcp, Some(Tcp::Open(_)))),
    ("proxy settings", |seen| seen.proxied.is_some()),
    ("without a proxy", |seen| seen.https.is_some()),
    ("certificate", |seen| seen.https.is_some()),
    ("conversation", |seen| seen.https.is_some()),
    ("came from outside", |seen| {
        let denied =
            |answer: &Option<Https>| *answer == Some(Https::Answered(403, PRIVATE_LINK.into()));
        denied(&seen.https) || denied(&seen.proxied)
    }),
    ("public addresses", |seen| has_address(seen, |each| !each.is_private())),
    ("private address", |seen| seen.lookup.is_some()),
    ("to this machine itself", |seen| {
        has_address(seen, |each| each.is_loopback() || each.is_unspecified())
    }),
    ("there is no address", |seen| has_failure(seen, NoAddress::NoSuchName)),
    ("gives no answer", |seen| has_failure(seen, NoAddress::NoAnswer)),
];

fn has_address(seen: &Observation, test: fn(&std::net::Ipv4Addr) -> bool) -> bool {
    seen.lookup.as_ref().is_some_and(|lookup| lookup.addresses.iter().any(test))
}

fn has_failure(seen: &Observation, failure: NoAddress) -> bool {
    let lookups = seen.lookup.iter().chain(&seen.hub);
    lookups.into_iter().any(|lookup| lookup.failure == Some(failure))
}

#[test]
fn nothing_is_said_to_be_observed_that_was_not() {
    let expected = expected();
    for situation in situations() {
        let (seen, report) = judged(&situation);
        let title = &situation.title;
        for verdict in &report.verdicts {
            let observed = &verdict.observed;
            let of: Vec<&Observation> =
                seen.iter().filter(|each| verdict.names.contains(&each.host)).collect();
            assert_eq!(of.len(), verdict.names.len(), "{title}: {verdict:#?}");
            for (words, need) in NEEDS.iter().filter(|(words, _)| observed.contains(words)) {
                assert!(of.iter().any(|each| need(each)), "{title}: `{words}`: {observed}");
            }
            let asked = of.iter().any(|each| each.hub.is_some());
            assert!(!(asked && observed.contains("was not asked")), "{title}: {observed}");
            for word in observed.split([' ', ',', '(', ')', ':', ';']) {
                let word = word.trim_end_matches('.');
                let is_host = NAMES.iter().any(|(_, host)| *host == word);
                assert!(
                    !is_host || verdict.names.iter().any(|name| name == word),
                    "{title}: {word}: {observed}"
                );
                let is_address = word.parse::<std::net::Ipv4Addr>().is_ok();
                let due = expected.names.iter().any(|name| name.address.to_string() == word);
                assert!(
                    !is_address || due || situation.results.contains(word),
                    "{title}: {word}: {observed}"
                );
                let is_status = word.len() == 3
                    && word.parse::<u16>().is_ok_and(|status| (200..600).contains(&status));
                // What the workspace answers inside, and what it would answer to strangers.
                let is_rule = word == "401" || observed.contains(&format!("not {word}"));
                assert!(
                    !is_status
                        || is_rule
                        || word == "443"
                        || word == "445"
                        || situation.results.contains(word),
                    "{title}: {word}: {observed}"
                );
            }
            for cause in &verdict.causes {
                assert!(!cause.what.contains("Azure shows"), "{title}: nothing was read in Azure");
                for text in [&cause.what, &cause.test, &cause.remedy] {
                    assert!(
                        !text.is_empty() && !text.contains("asked directly"),
                        "{title}: {cause:#?}"
                    );
                }
            }
            assert!(!verdict.causes.is_empty(), "{title}: {verdict:#?}");
        }
    }
}

#[test]
fn a_line_tells_what_was_found() {
    let seen = results::read(&text(&right()), &expected()).unwrap();
    let report = judge(&expected(), &seen, None);
    assert_eq!(report.lines.len(), 10);
    assert_eq!(report.lines[0].what, "10.1.1.5, port 443 opens in 12 ms, answers 401");
    assert!(report.lines.iter().all(|line| line.mark == Mark::Fine));
}

#[test]
fn names_that_another_environment_has_are_left_out_and_told() {
    let other = "privateaml-check v1 name=kv-other1.vault.azure.net address=10.1.1.5 hub=-@- tcp=ok:1 \
        https=- proxied=- end\n";
    let seen = results::read(&(text(&right()) + other), &expected()).unwrap();
    let report = judge(&expected(), &seen, None);
    assert!(
        report.is_fine() && report.remarks[0].contains("kv-other1.vault.azure.net"),
        "{report:#?}"
    );
    let refused = results::read(other, &expected()).unwrap_err();
    assert_eq!(refused.code, "OtherResults");
}

#[test]
fn the_hubs_server_asked_in_place_of_the_machines_own_is_told_of_as_it_is() {
    let mut seen = results::read(&text(&right()), &expected()).unwrap();
    for each in &mut seen {
        each.lookup.as_mut().unwrap().server = "10.0.2.4".into();
    }
    seen[3].lookup.as_mut().unwrap().addresses = vec![[203, 0, 113, 9].into()];
    let report = judge(&expected(), &seen, None);
    let verdict = &report.verdicts[0];
    assert!(
        verdict.observed.starts_with("The hub's DNS server 10.0.2.4 answers with public"),
        "{verdict:#?}"
    );
    assert_eq!(named(&report.steps()), "names zone-conflict");
    let mut elsewhere = expected();
    elsewhere.zones_elsewhere = true;
    let report = judge(&elsewhere, &seen, None);
    assert!(
        report.verdicts[0].causes[1].remedy.starts_with("The zones exist elsewhere"),
        "{report:#?}"
    );
}
