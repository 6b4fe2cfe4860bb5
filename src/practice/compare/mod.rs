//! Recorded Azure as the judge: each exchange of a recording is replayed on a practice cloud that was brought into
//! the state which the exchange presupposes, and the two answers are compared.
//!
//! What differs and is to stay so is listed in `differences.toml`, a row for each type and field or code, with the
//! reason. What clients read is listed in `fields.toml`.

mod busy;
mod differ;
mod exchange;
mod known;
mod own;
mod prepare;
mod presupposed;
mod stage;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

pub use self::differ::Difference;
pub use self::exchange::{Exchange, is_poll, kind, read};
use self::known::KnownDifferences;
pub use self::prepare::Unprepared;
use self::stage::ReplayCloud;
use super::state::{SUBSCRIPTION, TENANT};
use super::token::OBJECT_ID;
use crate::domain::problem::Result;
use crate::domain::telling::HIDDEN;

/// Stands for every id in public recordings.
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";
/// When every replay begins.
const BEGIN: Timestamp = Timestamp::constant(1_767_225_600, 0);
/// How long time may pass until an answer is the recorded one, in seconds.
const LONGEST: i64 = 5400;

/// What came of one exchange.
#[derive(Debug, Clone)]
pub enum Comparison {
    /// It was answered as recorded.
    Alike,
    /// It was not; with each difference the reason why it is to stay so, where one is listed.
    Different(Vec<(Difference, Option<&'static str>)>),
    /// It cannot be replayed.
    Unprepared(Unprepared),
}

/// One exchange, compared.
#[derive(Debug, Clone)]
pub struct Compared {
    /// Where it was recorded.
    pub source: String,
    /// Method and path.
    pub request: String,
    /// What it is about: a type in lower case, with an action.
    pub kind: String,
    /// What came of it.
    pub verdict: Comparison,
}

/// A comparison.
#[derive(Debug, Clone)]
pub struct Report {
    /// Every exchange.
    pub exchanges: Vec<Compared>,
    /// Rows of the list that nothing was found for, as `kind: about`.
    pub unmet: Vec<String>,
}

impl Report {
    /// How many exchanges were answered alike, differ only as listed, differ otherwise, and could not be replayed.
    pub fn counts(&self) -> [usize; 4] {
        let mut counts = [0; 4];
        for each in &self.exchanges {
            let place = match &each.verdict {
                Comparison::Alike => 0,
                Comparison::Different(all) if all.iter().all(|(_, reason)| reason.is_some()) => 1,
                Comparison::Different(_) => 2,
                Comparison::Unprepared(_) => 3,
            };
            if let Some(count) = counts.get_mut(place) {
                *count += 1;
            }
        }
        counts
    }
}

/// Replays recordings and compares the answers.
///
/// # Errors
/// When temporary files cannot be written.
pub fn compare(exchanges: Vec<Exchange>) -> Result<Report> {
    let known = KnownDifferences::embedded();
    let mut recordings: BTreeMap<String, Vec<Exchange>> = BTreeMap::new();
    for exchange in exchanges {
        let recording = exchange.recording().to_owned();
        recordings.entry(recording).or_default().push(at_home(exchange));
    }
    let mut compared = Vec::new();
    for mut recording in recordings.into_values() {
        recording.sort_by_key(Exchange::place);
        let begin = recording.iter().find_map(begin_asked_for).unwrap_or(BEGIN);
        let mut stage = ReplayCloud::new(begin)?;
        for exchange in &recording {
            compared.push(one(&mut stage, exchange, &known)?);
        }
    }
    let met = |kind: &str, about: &str| {
        compared.iter().any(|each| {
            each.kind == kind
                && matches!(&each.verdict, Comparison::Different(all)
                    if all.iter().any(|(difference, _)| difference.about == about))
        })
    };
    let unmet = known.rows().filter(|(kind, about)| !met(kind, about));
    let unmet = unmet.map(|(kind, about)| format!("{kind}: {about}")).collect();
    Ok(Report { exchanges: compared, unmet })
}

fn one(stage: &mut ReplayCloud, exchange: &Exchange, known: &KnownDifferences) -> Result<Compared> {
    let kind = exchange::kind(&exchange.segments());
    let fields = known.fields(&kind);
    let prepared = stage.prepare(exchange, &fields)?;
    let replayed = match prepared {
        Ok(()) => replay(stage, exchange, &fields)?,
        Err(reason) => Err(reason),
    };
    let verdict = match replayed {
        Err(reason) => Comparison::Unprepared(reason),
        Ok(found) => {
            if found.is_empty() {
                Comparison::Alike
            } else {
                let listed = found.into_iter().map(|difference| {
                    let reason = known.reason(&kind, &difference.about);
                    (difference, reason)
                });
                Comparison::Different(listed.collect())
            }
        }
    };
    Ok(Compared {
        source: exchange.source.clone(),
        request: format!("{} {}", exchange.method, exchange.url),
        kind,
        verdict,
    })
}

/// Asks, and asks again while time passes where that may bring the recorded answer: reading changes nothing.
fn replay(
    stage: &mut ReplayCloud,
    exchange: &Exchange,
    fields: &[&str],
) -> Result<Result<Vec<Difference>, Unprepared>> {
    let mut reply = stage.replay(exchange)?;
    // A refused change has changed nothing: it may be asked for again once what is under way has ended.
    if reply.status >= 400 && busy::is_busy(&reply.body) && !busy::is_busy(&exchange.body) {
        stage.pass(SignedDuration::from_secs(LONGEST));
        reply = stage.replay(exchange)?;
    }
    // Something uses it here that recordings do not tell the end of.
    if exchange.method == "DELETE" && exchange.succeeded() && matches!(reply.status, 400 | 409) {
        return Ok(Err(Unprepared::Outside));
    }
    let mut best = differ::differences(exchange, &reply, fields);
    let mut pause = 1;
    while !best.is_empty() && matches!(exchange.method.as_str(), "GET" | "HEAD") && pause <= LONGEST
    {
        stage.pass(SignedDuration::from_secs(pause));
        let found = differ::differences(exchange, &stage.replay(exchange)?, fields);
        if found.len() < best.len() {
            best = found;
        }
        pause *= 3;
    }
    // Public recordings have one id for all operations: this poll may be one of another than the last.
    if !best.is_empty() && stage.prepare_again(exchange)? {
        let found = differ::differences(exchange, &stage.replay(exchange)?, fields);
        if found.len() < best.len() {
            best = found;
        }
    }
    Ok(Ok(best))
}

/// The begin that a request for the activity log asked for and was given: the log reaches back ninety days only.
fn begin_asked_for(exchange: &Exchange) -> Option<Timestamp> {
    let filter = exchange.filter();
    let (_, after) = filter.split_once("eventTimestamp ge ")?;
    let text = after.trim_start_matches('\'').split('\'').next()?;
    let exact = text.split(' ').next().and_then(|text| text.parse().ok());
    let day = || format!("{}T00:00:00Z", text.get(..10)?).parse().ok();
    let begin = exact.or_else(day)?;
    exchange.succeeded().then_some(begin)
}

/// The exchange with the practice cloud's subscription and tenant in place of the recorded ones.
fn at_home(mut exchange: Exchange) -> Exchange {
    exchange.url = of_practice(&exchange.url);
    for header in exchange.headers.values_mut() {
        moved(header);
    }
    moved(&mut exchange.request_body);
    if exchange.url.to_ascii_lowercase().contains("/roleassignments") {
        exchange.url = exchange.url.replace(&format!("'{NOBODY}'"), &format!("'{OBJECT_ID}'"));
    }
    if exchange.succeeded() {
        known_principals(&mut exchange.request_body);
        known_principals(&mut exchange.body);
    }
    moved(&mut exchange.body);
    exchange
}

/// Whom Azure knew, the practice cloud knows: the person who practises.
fn known_principals(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(known_principals),
        Value::Object(members) => {
            for (name, member) in members {
                if name == "principalId" && member == NOBODY {
                    *member = Value::String(OBJECT_ID.to_owned());
                }
                known_principals(member);
            }
        }
        _ => {}
    }
}

fn moved(value: &mut Value) {
    match value {
        Value::String(text) if text == HIDDEN => *text = format!("Pa-{}", uuid::Uuid::new_v4()),
        Value::String(text) => *text = of_practice(text),
        Value::Array(items) => items.iter_mut().for_each(moved),
        Value::Object(members) => {
            let old = std::mem::take(members);
            for (name, mut member) in old {
                if name.eq_ignore_ascii_case("tenantId") && member.is_string() {
                    member = Value::String(TENANT.to_owned());
                }
                if name.eq_ignore_ascii_case("adminPassword") && member.is_string() {
                    member = Value::String(format!("Pa-{}", uuid::Uuid::new_v4()));
                }
                moved(&mut member);
                members.insert(of_practice(&name), member);
            }
        }
        _ => {}
    }
}

/// Puts the practice cloud's subscription in place of any other.
fn of_practice(text: &str) -> String {
    const BEFORE: &str = "/subscriptions/";
    let mut rest = text;
    let mut made = String::with_capacity(text.len());
    while let Some(at) = rest.to_ascii_lowercase().find(BEFORE) {
        let (before, from) = rest.split_at(at + BEFORE.len());
        made.push_str(before);
        let end = from.find(|letter: char| !letter.is_ascii_hexdigit() && letter != '-');
        let (id, after) = from.split_at(end.unwrap_or(from.len()));
        made.push_str(if id.len() == 36 { SUBSCRIPTION } else { id });
        rest = after;
    }
    made.push_str(rest);
    made
}

#[cfg(test)]
mod tests;
