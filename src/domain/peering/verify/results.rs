//! Reads what a script printed on-premises, as people paste it: between prompts, quoted in a mail, with lines broken.
//!
//! A line that is no result is left alone. A result that cannot be read is told, because a check that vanishes would
//! look like one that was never made.

use std::net::Ipv4Addr;

use super::{
    Expectations, Https, Lookup, NoAddress, Observation, PRIVATE_LINK, SYSTEM, Tcp, UNREAD,
};
use crate::domain::problem::{Problem, Result};

const MARK: &str = "privateaml-check";
const VERSION: &str = "v1";
/// Word behind the last field, by which a broken line is known to be whole.
const END: &str = "end";
const FIELDS: [&str; 6] = ["name=", "address=", "hub=", "tcp=", "https=", "proxied="];

/// Begins a script's first line, before the environment's name.
const ABOUT: &str = "# privateaml check of ";

/// Reads every result in a text; of two for the same name the later one counts. Results of names that are not
/// expected are read too.
///
/// # Errors
/// `NoResults` when there is none, `OtherResults` when all are of another environment, `ResultUnreadable` when a line
/// is cut off, of another version, or cannot be read.
pub fn read(text: &str, expected: &Expectations) -> Result<Vec<Observation>> {
    let mut found: Vec<Observation> = Vec::new();
    for record in &records(text)? {
        let observation = observation(record).ok_or_else(|| unreadable(record))?;
        found.retain(|each| each.host != observation.host);
        found.push(observation);
    }
    let Some(first) = found.first() else { return Err(none()) };
    let about: Vec<&str> = text
        .lines()
        .filter_map(|line| line.split_once(ABOUT)?.1.split_whitespace().next())
        .collect();
    let named = about.is_empty() || about.contains(&expected.full_name.as_str());
    let is_private = |host: &str| expected.names.iter().any(|each| each.host == host);
    // Public names are everybody's: they tell nothing of whose results these are.
    let is_public = |host: &str| expected.public.iter().any(|each| each.host == host);
    let hosts = || found.iter().map(|seen| seen.host.as_str());
    let stranger = hosts().find(|host| !is_private(host) && !is_public(host));
    match stranger {
        Some(host) if !named || !hosts().any(is_private) => {
            return Err(others(about.first().copied(), host, expected));
        }
        None if !named => return Err(others(about.first().copied(), &first.host, expected)),
        _ => {}
    }
    Ok(found)
}

fn none() -> Problem {
    Problem::new(
        "NoResults",
        "There are no results in this text.",
        "Paste everything that the script printed: its lines start with privateaml-check.",
    )
}

fn others(about: Option<&str>, host: &str, expected: &Expectations) -> Problem {
    let name = &expected.full_name;
    let whose = match about {
        Some(other) if other != name => format!("These results are of {other}, not of {name}."),
        _ => format!(
            "These results are not of {name}: it has none of their names, such as {host}. They are of \
             another environment, or from before it was redeployed."
        ),
    };
    Problem::new(
        "OtherResults",
        whose,
        format!("Write the script for {name} and run that: privateaml verify {name} --script sh"),
    )
}

fn unreadable(record: &str) -> Problem {
    let mut words = record.split_whitespace();
    let version = words.clone().next().unwrap_or_default();
    let whose = words
        .find_map(|word| word.strip_prefix("name="))
        .map_or_else(|| "A line of the results".to_owned(), |name| format!("The line of {name}"));
    let is_version = version.starts_with('v') && version.len() > 1 && version != VERSION;
    let (what, remedy) = if is_version && !VERSION.starts_with(version) {
        (
            format!("{whose} is of version {version}, and this program reads {VERSION}."),
            "Write the script with this version of the program and run it again: privateaml verify NAME --script sh",
        )
    } else if record.split_whitespace().any(|word| word == END) {
        (
            format!("{whose} cannot be read."),
            "Paste the line as the script printed it, or run the script again.",
        )
    } else {
        (
            format!("{whose} is cut off: its last word, end, is missing."),
            "Paste the whole line as the script printed it, or run the script again.",
        )
    };
    Problem::new("ResultUnreadable", what, remedy).at(record.chars().take(200).collect::<String>())
}

/// Where a record begins: the mark as a word. A label of a name that is asked for is the same text.
fn mark(line: &str) -> Option<&str> {
    line.match_indices(MARK)
        .filter_map(|(at, _)| line.get(at + MARK.len()..))
        .find(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
}

/// The records of a text, each on one line, without its mark.
fn records(text: &str) -> Result<Vec<String>> {
    let mut records = Vec::new();
    let mut open: Option<String> = None;
    for line in text.lines() {
        let line = line.trim_start_matches(['>', '|', ' ', '\t', '\u{feff}']);
        // A prompt can stand before the mark; the rest of a broken line has no mark.
        let (mut rest, begins) = match mark(line) {
            Some(rest) => (rest, true),
            None => (line, false),
        };
        if begins {
            if let Some(cut) = open.take() {
                return Err(unreadable(&cut));
            }
            open = Some(String::new());
        }
        let Some(record) = &mut open else { continue };
        rest = rest.trim_end_matches(['\r', '\n']);
        let word = rest.split_whitespace().next().unwrap_or("");
        // Broken between two fields or within one.
        let between =
            word == END || word == VERSION || FIELDS.iter().any(|field| word.starts_with(field));
        if between && !record.ends_with(' ') {
            record.push(' ');
        }
        record.push_str(rest);
        if record.trim_end().ends_with(" end") {
            records.extend(open.take());
        }
    }
    match open {
        Some(cut) => Err(unreadable(&cut)),
        None => Ok(records),
    }
}

fn observation(record: &str) -> Option<Observation> {
    let mut words = record.split_whitespace();
    if words.next()? != VERSION {
        return None;
    }
    let mut fields = [""; 6];
    for word in words.take_while(|word| *word != END) {
        // A newer script may tell more than this program reads.
        if let Some((place, name)) =
            fields.iter_mut().zip(FIELDS).find(|(_, name)| word.starts_with(name))
        {
            *place = word.strip_prefix(name)?;
        }
    }
    let [name, address, hub, tcp, https, proxied] = fields;
    if name.is_empty() {
        return None;
    }
    let (hub, server) = hub.rsplit_once('@').unwrap_or((hub, "-"));
    Some(Observation {
        host: name.to_ascii_lowercase(),
        lookup: lookup(address, SYSTEM)?,
        hub: lookup(hub, server)?,
        tcp: self::tcp(tcp)?,
        https: web(https)?,
        proxied: web(proxied)?,
    })
}

/// `None` outside means that it cannot be read, inside that nobody looked.
#[expect(clippy::option_option, reason = "unreadable and not looked at are two things")]
fn lookup(text: &str, server: &str) -> Option<Option<Lookup>> {
    let (addresses, failure) = match text {
        "-" | "" => return Some(None),
        "nxdomain" => (Vec::new(), Some(NoAddress::NoSuchName)),
        "noanswer" => (Vec::new(), Some(NoAddress::NoAnswer)),
        "noaddress" => (Vec::new(), Some(NoAddress::NotTold)),
        list => {
            let addresses: Result<Vec<Ipv4Addr>, _> = list.split(',').map(str::parse).collect();
            (addresses.ok()?, None)
        }
    };
    Some(Some(Lookup { server: server.to_owned(), addresses, failure }))
}

#[expect(clippy::option_option, reason = "unreadable and not looked at are two things")]
fn tcp(text: &str) -> Option<Option<Tcp>> {
    Some(Some(match text {
        "-" | "" => return Some(None),
        "refused" => Tcp::Refused,
        "timeout" => Tcp::Silent,
        "noroute" => Tcp::NoRoute,
        opened => Tcp::Open(opened.strip_prefix("ok:")?.parse().ok()?),
    }))
}

#[expect(clippy::option_option, reason = "unreadable and not looked at are two things")]
fn web(text: &str) -> Option<Option<Https>> {
    if matches!(text, "-" | "") {
        return Some(None);
    }
    if let Some(why) = text.strip_prefix("failed:") {
        return Some(Some(Https::Failed(why.replace('-', " "))));
    }
    let (status, code) = text.split_once(':').unwrap_or((text, ""));
    let code = if [PRIVATE_LINK, UNREAD].contains(&code) { code } else { "" };
    Some(Some(Https::Answered(status.parse().ok()?, code.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::peering::verify::{
        EXPECTATIONS_VERSION, ExpectedName, Service, public_names,
    };
    use crate::domain::settings::Cloud;

    /// What is expected of one name.
    fn expected(host: &str) -> Expectations {
        Expectations {
            v: EXPECTATIONS_VERSION,
            full_name: "test4821".into(),
            network: "10.1.0.0/22".parse().unwrap(),
            cloud: Cloud::Public,
            names: vec![ExpectedName::new(host, [10, 1, 1, 5].into(), Service::Vault)],
            api: None,
            public: public_names(Cloud::Public),
            resolvers: Vec::new(),
            zones_elsewhere: false,
        }
    }

    fn read(text: &str, host: &str) -> Result<Vec<Observation>> {
        super::read(text, &expected(host))
    }

    const WHOLE: &str = "privateaml-check v1 name=ab.api.azureml.ms address=10.1.1.5 hub=10.1.1.5@10.0.2.4 \
        tcp=ok:12 https=403:private-link proxied=failed:curl-7 end";

    #[test]
    fn a_line_is_read_with_all_its_fields() {
        let read = read(WHOLE, "ab.api.azureml.ms").unwrap();
        assert_eq!(
            read,
            [Observation {
                host: "ab.api.azureml.ms".into(),
                lookup: Some(Lookup {
                    server: SYSTEM.into(),
                    addresses: vec![[10, 1, 1, 5].into()],
                    failure: None,
                }),
                hub: Some(Lookup {
                    server: "10.0.2.4".into(),
                    addresses: vec![[10, 1, 1, 5].into()],
                    failure: None,
                }),
                tcp: Some(Tcp::Open(12)),
                https: Some(Https::Answered(403, PRIVATE_LINK.into())),
                proxied: Some(Https::Failed("curl 7".into())),
            }]
        );
    }

    #[test]
    fn a_line_broken_anywhere_reads_the_same() {
        let host = "privateaml-check.ab.inference.api.azureml.ms";
        let line = WHOLE.replace("ab.api.azureml.ms", host);
        let whole = read(&line, host).unwrap();
        for at in MARK.len()..line.len() {
            let (before, after) = line.split_at(at);
            for joint in ["\n", "\r\n", "\n> "] {
                let text = format!(
                    "PS C:\\> .\\check.ps1\r\n\r\n# note\r\n{before}{joint}{after}\r\nPS C:\\>"
                );
                // Within a word, a mail's mark is no part of it.
                assert_eq!(read(&text, host).as_ref(), Ok(&whole), "{at} {joint:?}");
            }
        }
    }

    #[test]
    fn failures_are_read_and_the_later_line_counts() {
        let line = |address: &str, tcp: &str| {
            format!(
                "$ {MARK} v1 name=A.B address={address} hub=-@- tcp={tcp} https=- proxied=- more=1 end\n"
            )
        };
        let failure = |address: &str| {
            let text = line("10.1.1.5", "-") + "\n" + &line(address, "timeout");
            let read = read(&text, "a.b").unwrap();
            assert_eq!((read.len(), read[0].tcp, &read[0].hub), (1, Some(Tcp::Silent), &None));
            read[0].lookup.as_ref().map(|lookup| lookup.failure)
        };
        assert_eq!(failure("nxdomain"), Some(Some(NoAddress::NoSuchName)));
        assert_eq!(failure("noanswer"), Some(Some(NoAddress::NoAnswer)));
        assert_eq!(failure("noaddress"), Some(Some(NoAddress::NotTold)));
        assert_eq!(failure("-"), None, "nobody has asked");
    }

    #[test]
    fn what_is_no_result_or_of_something_else_is_told_exactly() {
        let line = |name: &str, rest: &str| format!("privateaml-check v1 name={name} {rest}\n");
        let whole = |name: &str| line(name, "address=10.1.1.5 hub=- tcp=- https=- proxied=- end");
        let other = format!("# privateaml check of other1 (10.2.0.0/22)\n{}", whole("kv-other1.b"));
        for (text, code, words) in [
            ("hello\n".to_owned(), "NoResults", "no results"),
            (line("a.b", "address=10.1.1.5"), "ResultUnreadable", "The line of a.b is cut off"),
            (whole("a.b") + "privateaml-check v1 na", "ResultUnreadable", "is cut off"),
            (
                whole("a.b").replace("v1", "v2"),
                "ResultUnreadable",
                "The line of a.b is of version v2",
            ),
            (
                whole("a.b").replace("1.5", "1.500"),
                "ResultUnreadable",
                "The line of a.b cannot be read",
            ),
            (whole("a.b").replace("tcp=-", "tcp=soon"), "ResultUnreadable", "cannot be read"),
            (other, "OtherResults", "of other1, not of test4821"),
            (whole("kv-other1.b"), "OtherResults", "such as kv-other1.b"),
            (whole("ml.azure.com") + &whole("kv-other1.b"), "OtherResults", "such as kv-other1.b"),
        ] {
            let problem = read(&text, "a.b").unwrap_err();
            assert_eq!(problem.code, code, "{text}");
            assert!(problem.what.contains(words), "{text}: {}", problem.what);
        }
        assert_eq!(read(&whole("ml.azure.com"), "a.b").unwrap().len(), 1, "everybody's");
    }
}
