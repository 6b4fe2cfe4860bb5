//! What answered in the workspace's place: its own refusals, a proxy's pages, broken conversations; and names that
//! must stay public.

use std::collections::BTreeMap;

use super::answer::{is_handed, is_itself};
use super::{
    Cause, Diagnosis, DnsAnswer, Evidence, Https, PRIVATE_LINK, Private, Public, Tcp, UNREAD,
    reach, words,
};
use crate::domain::peering::Mistake;

/// What a web server's answer is, when the workspace's is 401 to whoever has not signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Said {
    /// 401.
    AsExpected,
    /// The workspace says that the request came from outside.
    Outside,
    /// 403, and the words that tell who refuses were not read.
    RefusedUnread,
    /// A proxy demands a sign-in.
    SignIn,
    /// Something that is not known to be the workspace.
    Somebody,
    /// A certificate that is not trusted.
    Certificate,
    /// No answer.
    Nothing,
}

fn said(answer: &Https) -> Said {
    match answer {
        Https::Answered(401, _) => Said::AsExpected,
        Https::Answered(403, code) if code == PRIVATE_LINK => Said::Outside,
        Https::Answered(403, code) if code == UNREAD => Said::RefusedUnread,
        Https::Answered(407 | 511, _) => Said::SignIn,
        Https::Answered(..) => Said::Somebody,
        Https::Failed(why) if is_certificate(why) => Said::Certificate,
        Https::Failed(_) => Said::Nothing,
    }
}

/// As this program, curl (60, 51, 77, 83), wget (5) and PowerShell say it.
fn is_certificate(why: &str) -> bool {
    let why = why.to_ascii_lowercase();
    why.contains("certificate")
        || ["curl 60", "curl 51", "curl 77", "curl 83", "wget 5", "trustfailure"]
            .contains(&why.as_str())
}

fn words_of(answer: &Https) -> String {
    match answer {
        Https::Answered(status, _) => status.to_string(),
        Https::Failed(why) => why.clone(),
    }
}

/// What was asked without a proxy. Where a name leads elsewhere, what answers there tells nothing of the workspace.
pub(super) fn direct(sight: &Evidence<'_>) -> Vec<Diagnosis> {
    let mut verdicts = Vec::new();
    for (said, (items, answers)) in grouped(sight, |seen| seen.https.as_ref()) {
        let there: Vec<&Private<'_>> =
            items.iter().copied().filter(|each| is_there(each)).collect();
        if !there.is_empty() {
            verdicts.extend(at_endpoint(sight, said, &there, &answers));
        }
        let public = |each: &&Private<'_>| each.answer == Some(DnsAnswer::Public);
        let public: Vec<&Private<'_>> = items.into_iter().filter(public).collect();
        if said == Said::AsExpected && !public.is_empty() {
            verdicts.push(open_to_all(sight, &public));
        }
    }
    verdicts
}

/// Whether what answers a name can be the endpoint.
fn is_there(each: &Private<'_>) -> bool {
    matches!(each.answer, Some(DnsAnswer::Right) | None) && !reach::is_closed(each)
}

/// Whether something other than the workspace answers, or nothing where a port opens.
pub(super) fn is_wrong(each: &Private<'_>) -> bool {
    let Some(seen) = each.seen else { return false };
    let bad = |answer: &Https| said(answer) != Said::AsExpected;
    (is_there(each) && seen.https.as_ref().is_some_and(bad))
        || seen.proxied.as_ref().is_some_and(bad)
}

type Groups<'a> = BTreeMap<Said, (Vec<&'a Private<'a>>, Vec<String>)>;

fn grouped<'a>(
    sight: &'a Evidence<'a>,
    field: impl Fn(&'a super::Observation) -> Option<&'a Https>,
) -> Groups<'a> {
    let mut groups = Groups::new();
    for each in sight.needed() {
        let Some(answer) = each.seen.and_then(&field) else { continue };
        let (items, answers) = groups.entry(said(answer)).or_default();
        items.push(each);
        answers.push(words_of(answer));
    }
    groups
}

fn look_at(host: &str) -> String {
    format!("curl -v https://{host}/ shows whose certificate and page it is.")
}

/// An answer at the private address that is not the expected one.
fn at_endpoint(
    sight: &Evidence<'_>,
    said: Said,
    items: &[&Private<'_>],
    answers: &[String],
) -> Option<Diagnosis> {
    let hosts = words::listed(words::hosts(items));
    let answers = words::listed(answers);
    let host = &items.first()?.name.host;
    let except =
        format!("Let these domains pass proxies and TLS inspection by: {}.", domains(sight));
    let between =
        |what: &str, test: String| Cause::new(Mistake::Client, what, test, except.clone());
    let (observed, causes) = match said {
        Said::AsExpected => return None,
        Said::Outside => (
            format!(
                "{hosts}, asked without a proxy, says that the request came from outside (403)."
            ),
            vec![between(
                "A client on this machine or a proxy in between carries the request to the workspace over \
                 the internet.",
                format!("{} Pause security clients and look again.", look_at(host)),
            )],
        ),
        Said::RefusedUnread => (
            format!(
                "{hosts} answers 403; the tool that asked does not show by whom. That is either the \
                 workspace, which then was reached from outside, or something in between."
            ),
            vec![between(
                "A client on this machine or a proxy in between refuses, or carries the request over the internet.",
                format!("{} Or look again where curl is installed.", look_at(host)),
            )],
        ),
        Said::SignIn => (
            format!(
                "{hosts}, asked without a proxy, answers {answers}: something in between demands a sign-in."
            ),
            vec![between(
                "A proxy or a guest network in between answers in the workspace's place.",
                look_at(host),
            )],
        ),
        Said::Somebody => (
            format!(
                "Something answers {answers} at {hosts} that is not known to be the workspace, which \
                 answers 401 to whoever has not signed in."
            ),
            vec![
                between(
                    "A proxy, a filter or a guest network in between answers with a page of its own.",
                    look_at(host),
                ),
                Cause::new(
                    Mistake::Overlap,
                    "Another machine here has the endpoint's address.",
                    look_at(host),
                    "Look for a network here that has the same range.",
                ),
            ],
        ),
        Said::Certificate => (
            format!("{hosts} shows a certificate that this machine does not trust ({answers})."),
            vec![
                Cause::new(
                    Mistake::Client,
                    "The clock or the list of trusted authorities of this machine is wrong.",
                    "Do other pages of Azure, such as https://login.microsoftonline.com, open without a warning?",
                    "Set the clock, and update the system's certificates.",
                ),
                between("TLS inspection in between opens encrypted connections.", look_at(host)),
            ],
        ),
        Said::Nothing => (
            format!("No HTTPS conversation comes about with {hosts} ({answers})."),
            vec![
                Cause::new(
                    Mistake::Client,
                    "Packets are too large for the VPN, so that the connection opens and large answers are lost.",
                    "Lower the VPN interface's MTU to 1350 and look again.",
                    "Leave it so, or have the VPN's device clamp the segment size (MSS).",
                ),
                between(
                    "TLS inspection or a proxy in between breaks the conversation.",
                    look_at(host),
                ),
            ],
        ),
    };
    Some(Diagnosis { names: words::owned(items), observed, causes, note: false })
}

fn open_to_all(sight: &Evidence<'_>, items: &[&Private<'_>]) -> Diagnosis {
    let name = &sight.expected.full_name;
    let hosts = words::listed(words::hosts(items));
    Diagnosis {
        names: words::owned(items),
        observed: format!(
            "At its public address {hosts} answers 401, as it does inside, and not 403."
        ),
        causes: vec![Cause::new(
            Mistake::Public,
            "The workspace may be open to the internet (publicNetworkAccess).",
            format!("`privateaml audit {name}` reads it."),
            format!("`privateaml mend {name}` applies the template's setting again."),
        )],
        note: false,
    }
}

/// Domains of every needed name: what must pass by a proxy.
fn domains(sight: &Evidence<'_>) -> String {
    let needed: Vec<&Private<'_>> = sight.needed().collect();
    words::domains(sight.expected, &needed)
}

/// What was asked as this machine's proxy settings say.
pub(super) fn proxied(sight: &Evidence<'_>) -> Vec<Diagnosis> {
    grouped(sight, |seen| seen.proxied.as_ref())
        .into_iter()
        .filter(|(said, _)| *said != Said::AsExpected)
        .map(|(said, (items, answers))| {
            let hosts = words::listed(words::hosts(&items));
            let answers = words::listed(answers);
            let what = match said {
                Said::AsExpected | Said::Outside => "it says that the request came from outside (403)".to_owned(),
                Said::RefusedUnread => "403; the tool that asked does not show from whom".to_owned(),
                Said::SignIn => format!("the proxy demands a sign-in ({answers})"),
                Said::Somebody => format!("something answers {answers} that is not known to be the workspace"),
                Said::Certificate => format!("the certificate is not trusted ({answers})"),
                Said::Nothing => format!("nothing answers ({answers})"),
            };
            let host = items.first().map_or("", |each| &each.name.host);
            Diagnosis {
                names: words::owned(&items),
                observed: format!("{hosts}, asked as this machine's proxy settings say: {what}."),
                causes: vec![Cause::new(
                    Mistake::Client,
                    "The proxy that this machine is set to does not lead to the private addresses.",
                    format!("curl --noproxy '*' https://{host}/ asks past it."),
                    format!(
                        "Let these domains pass the proxy by (in its automatic configuration or NO_PROXY): {}.",
                        domains(sight)
                    ),
                )],
                note: false,
            }
        })
        .collect()
}

/// What keeps a public name from being reached, as it was observed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Unreached {
    Nameless,
    Led,
    Closed,
    Refused,
    Failed,
}

fn unreached(each: &Public<'_>) -> Option<Unreached> {
    let seen = each.seen?;
    let open = matches!(seen.tcp, Some(Tcp::Open(_)));
    match &seen.proxied {
        // Sites answer so, and proxies do.
        Some(Https::Answered(403 | 407 | 500..=599, _)) if !open => {
            return Some(Unreached::Refused);
        }
        Some(Https::Answered(..)) => return None,
        Some(Https::Failed(_)) if !open => return Some(Unreached::Failed),
        Some(Https::Failed(_)) | None => {}
    }
    let lookup = seen.lookup.as_ref()?;
    match (lookup.addresses.first(), seen.tcp) {
        (None, _) => Some(Unreached::Nameless),
        (Some(first), _) if is_itself(*first) || is_handed(*first) || first.is_private() => {
            Some(Unreached::Led)
        }
        (Some(_), Some(Tcp::Silent | Tcp::Refused | Tcp::NoRoute)) => Some(Unreached::Closed),
        (Some(_), Some(Tcp::Open(_)) | None) => None,
    }
}

/// Whether a public name is reached, as far as was tried.
pub(super) fn is_reached(each: &Public<'_>) -> bool {
    unreached(each).is_none()
}

/// Public names that are not reached.
pub(super) fn public(sight: &Evidence<'_>) -> Vec<Diagnosis> {
    let mut groups: BTreeMap<Unreached, Vec<&Public<'_>>> = BTreeMap::new();
    for each in &sight.public {
        if let Some(kind) = unreached(each) {
            groups.entry(kind).or_default().push(each);
        }
    }
    groups.into_iter().map(|(kind, items)| unreachable(kind, &items)).collect()
}

fn unreachable(kind: Unreached, items: &[&Public<'_>]) -> Diagnosis {
    let host = items.first().map_or("", |each| &each.name.host);
    let hosts = words::listed(items.iter().map(|each| each.name.host.as_str()));
    let seen = || items.iter().filter_map(|each| each.seen);
    let found = words::listed(
        seen().flat_map(|seen| seen.lookup.iter().flat_map(|lookup| &lookup.addresses)),
    );
    let answers = words::listed(seen().filter_map(|seen| seen.proxied.as_ref()).map(words_of));
    let (what, cause, test) = match kind {
        Unreached::Nameless => (
            format!("No address was found for {hosts}, which must be reached publicly."),
            "DNS here has no names of the internet, or a forwarder that is too wide sends these to the hub too.",
            format!("nslookup {host} shows which server is asked."),
        ),
        Unreached::Led => (
            format!("{hosts}, which must be reached publicly, is answered with {found}."),
            "A filter, a zone or an access client here answers in their place.",
            format!("nslookup {host} shows which server is asked."),
        ),
        Unreached::Closed => (
            format!(
                "Port 443 of {hosts} ({found}), which must be reached publicly, does not open."
            ),
            "A firewall here keeps this machine from the internet, or only a proxy leads there.",
            format!("Does https://{host} open in the browser?"),
        ),
        Unreached::Refused => (
            format!(
                "AskedServer as this machine's proxy settings say, {hosts} answers {answers}: the site itself, or \
                 the proxy in its place."
            ),
            "The proxy does not let this machine there.",
            format!("Does https://{host} open in the browser?"),
        ),
        Unreached::Failed => (
            format!(
                "AskedServer as this machine's proxy settings say, {hosts} does not answer ({answers})."
            ),
            "The proxy does not answer, or does not let this machine there.",
            format!("Does https://{host} open in the browser?"),
        ),
    };
    Diagnosis {
        names: items.iter().map(|each| each.name.host.clone()).collect(),
        observed: format!(
            "{what} The studio's page and the sign-in come from the internet; only data calls are private."
        ),
        causes: vec![Cause::new(
            Mistake::Public,
            cause,
            test,
            "Let machines on-premises reach these names over the internet (HTTPS, port 443), and do not \
             forward them to the hub.",
        )],
        note: false,
    }
}
