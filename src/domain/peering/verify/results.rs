//! Reads what a script printed on-premises, as people paste it: between prompts, quoted in a mail, with lines broken.
//!
//! A line that is no result is left alone. A result that cannot be read is told, because a check that vanishes would look
//! like one that was never made.

use std::net::Ipv4Addr;

use super::{Https, Lookup, NoAddress, Observation, PRIVATE_LINK, Tcp};
use crate::domain::problem::Problem;

const MARK: &str = "privateaml-check";
const VERSION: &str = "v1";
/// Word behind the last field, by which a broken line is known to be whole.
const END: &str = "end";
/// In a record whose name was not asked for.
const NOT_ASKED: &str = " address=- ";
const FIELDS: [&str; 6] = ["name=", "address=", "hub=", "tcp=", "https=", "proxied="];

/// Reads every result in a text; of two for the same name the later one counts.
///
/// # Errors
/// When there is none, one is cut off, or one cannot be read.
pub fn read(text: &str) -> Result<Vec<Observation>, Problem> {
    let mut found: Vec<Observation> = Vec::new();
    let records = records(text)?;
    if records.is_empty() {
        return Err(none());
    }
    for record in &records {
        // A machine without the tools to ask has not looked.
        if record.contains(NOT_ASKED) {
            continue;
        }
        let observation = observation(record).ok_or_else(|| unreadable(record))?;
        found.retain(|each| each.host != observation.host);
        found.push(observation);
    }
    Ok(found)
}

fn none() -> Problem {
    Problem::new(
        "NoResults",
        "There are no results in this text.",
        "Paste everything that the script printed: its lines begin with privateaml-check.",
    )
}

fn unreadable(record: &str) -> Problem {
    Problem::new(
        "ResultUnreadable",
        "A line of the results cannot be read.",
        "Paste the whole line as the script printed it, or run the script again.",
    )
    .at(record.chars().take(200).collect::<String>())
}

/// The records of a text, each on one line, without its mark.
fn records(text: &str) -> Result<Vec<String>, Problem> {
    let mut records = Vec::new();
    let mut open: Option<String> = None;
    for line in text.lines() {
        let line = line.trim_start_matches(['>', '|', ' ', '\t', '\u{feff}']);
        // A prompt can stand before the mark; the rest of a broken line has no mark.
        let (mut rest, begins) = match line.find(MARK) {
            Some(at) => (line.get(at + MARK.len()..).unwrap_or(""), true),
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
        if let Some((place, name)) = fields
            .iter_mut()
            .zip(FIELDS)
            .find(|(_, name)| word.starts_with(name))
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
        lookup: lookup(address, "system")??,
        hub: lookup(hub, server)?,
        tcp: self::tcp(tcp)?,
        https: web(https)?,
        proxied: web(proxied)?,
    })
}

/// `None` outside means that it cannot be read, inside that nobody looked.
#[expect(
    clippy::option_option,
    reason = "unreadable and not looked at are two things"
)]
fn lookup(text: &str, server: &str) -> Option<Option<Lookup>> {
    let (addresses, failure) = match text {
        "-" | "" => return Some(None),
        "nxdomain" => (Vec::new(), Some(NoAddress::NoSuchName)),
        "noanswer" => (Vec::new(), Some(NoAddress::NoAnswer)),
        list => {
            let addresses: Result<Vec<Ipv4Addr>, _> = list.split(',').map(str::parse).collect();
            (addresses.ok()?, None)
        }
    };
    Some(Some(Lookup {
        server: server.to_owned(),
        addresses,
        failure,
    }))
}

#[expect(
    clippy::option_option,
    reason = "unreadable and not looked at are two things"
)]
fn tcp(text: &str) -> Option<Option<Tcp>> {
    Some(Some(match text {
        "-" | "" => return Some(None),
        "refused" => Tcp::Refused,
        "timeout" => Tcp::Silent,
        "noroute" => Tcp::NoRoute,
        opened => Tcp::Open(opened.strip_prefix("ok:")?.parse().ok()?),
    }))
}

#[expect(
    clippy::option_option,
    reason = "unreadable and not looked at are two things"
)]
fn web(text: &str) -> Option<Option<Https>> {
    if matches!(text, "-" | "") {
        return Some(None);
    }
    if let Some(why) = text.strip_prefix("failed:") {
        return Some(Some(Https::Failed(why.replace('-', " "))));
    }
    let (status, code) = text.split_once(':').unwrap_or((text, ""));
    let code = if code == PRIVATE_LINK { code } else { "" };
    Some(Some(Https::Answered(status.parse().ok()?, code.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "privateaml-check v1 name=ab.api.azureml.ms address=10.1.1.5 hub=10.1.1.5@10.0.2.4 tcp=ok:12 https=403:private-link proxied=failed:curl-7 end";

    #[test]
    fn a_line_is_read_with_all_its_fields() {
        let read = read(WHOLE).unwrap();
        assert_eq!(
            read,
            [Observation {
                host: "ab.api.azureml.ms".into(),
                lookup: Lookup {
                    server: "system".into(),
                    addresses: vec![[10, 1, 1, 5].into()],
                    failure: None,
                },
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
        let whole = read(WHOLE).unwrap();
        for at in MARK.len()..WHOLE.len() {
            let (before, after) = WHOLE.split_at(at);
            for joint in ["\n", "\r\n", "\n> "] {
                let text = format!(
                    "PS C:\\> .\\check.ps1\r\n\r\n# note\r\n{before}{joint}{after}\r\nPS C:\\>"
                );
                // Within a word, a mail's mark is no part of it.
                assert_eq!(read(&text).as_ref(), Ok(&whole), "{at} {joint:?}");
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
        let text = line("nxdomain", "-") + "\n" + &line("noanswer", "timeout");
        let read = read(&text).unwrap();
        assert_eq!(read.len(), 1);
        assert_eq!(read[0].lookup.failure, Some(NoAddress::NoAnswer));
        assert_eq!((read[0].tcp, &read[0].hub), (Some(Tcp::Silent), &None));
        let unasked = super::read(&line("-", "-")).unwrap();
        assert_eq!(unasked, [], "nobody has looked");
    }

    #[test]
    fn what_is_no_result_or_only_a_part_of_one_is_told() {
        for (text, code) in [
            ("hello\n", "NoResults"),
            (
                "privateaml-check v1 name=a address=10.1.1.5\n",
                "ResultUnreadable",
            ),
            (
                "privateaml-check v2 name=a address=10.1.1.5 end\n",
                "ResultUnreadable",
            ),
            (
                "privateaml-check v1 name=a address=10.1.1.500 hub=- tcp=- https=- proxied=- end",
                "ResultUnreadable",
            ),
            (
                "privateaml-check v1 name=a address=10.1.1.5 hub=- tcp=soon https=- proxied=- end",
                "ResultUnreadable",
            ),
        ] {
            assert_eq!(read(text).unwrap_err().code, code, "{text}");
        }
    }
}
