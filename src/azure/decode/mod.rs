//! From Azure's nested errors to a `Problem` that says what happened and what to do.
//!
//! Azure wraps: the reason stands in `details`, in `innererror` or as JSON text inside a message. Each leaf is found
//! and looked up in a table of causes. An unknown code keeps Azure's own words. This module must not send anything.

mod advice;
mod leaf;
mod policy;

use serde_json::Value;

use self::leaf::Leaf;
use crate::domain::problem::{Problem, Retry};

/// Longest part of Azure's words used as a sentence of ours, in characters.
const LONGEST_SENTENCE: usize = 300;

/// The problem that an answer of `status` with this body tells of. Its leaves are in `others`, most telling first.
pub fn problem(status: u16, body: &Value, correlation_id: Option<&str>) -> Problem {
    let mut leaves = leaf::leaves(body);
    if status > 0
        && leaves.iter().all(|leaf| leaf.code == leaf::UNKNOWN)
        && let Some(told) = leaf::codeless(status, body)
    {
        leaves = vec![told];
    }
    if leaves.is_empty() {
        leaves.push(Leaf::bare(&format!("Http{status}"), body.as_str().unwrap_or_default()));
    }
    let mut problems: Vec<Problem> = Vec::new();
    for leaf in &leaves {
        let worded = worded(leaf, status, correlation_id);
        let known = problems.iter().any(|other| {
            other.code == worded.code
                && other.original == worded.original
                && other.place == worded.place
        });
        if !known {
            problems.push(worded);
        }
    }
    problems.sort_by_key(rank);
    let mut problems = problems.into_iter();
    let Some(mut first) = problems.next() else {
        return worded(&Leaf::bare("Unknown", ""), status, correlation_id);
    };
    first.others = problems.collect();
    first
}

/// The problem of a deployment, an operation or a status that failed: any shape that carries an `error`.
/// `None` when nothing in it tells of a failure.
pub fn failure(body: &Value, correlation_id: Option<&str>) -> Option<Problem> {
    if leaf::leaves(body).is_empty() {
        return None;
    }
    Some(problem(0, body, correlation_id))
}

/// The problem of a credential that gives no token.
pub fn sign_in_ended(words: &str) -> Problem {
    let leaf = Leaf::bare("SignIn", words);
    let mut problem = worded(&leaf, 401, None);
    // A network that is missing is no missing sign-in: it is waited for, and nobody is sent to `az login`.
    let code = if problem.is_transient() { "NoConnection" } else { "SignInNeeded" };
    problem.code = code.into();
    problem
}

/// The same where the words tell the cause; `None` where they only say that there is no token.
pub fn sign_in_cause(words: &str) -> Option<Problem> {
    advice::is_told(&Leaf::bare("SignIn", words)).then(|| sign_in_ended(words))
}

/// The place in the table of causes of the row for a code and a message; `None` where Azure's own words are told.
pub fn row(code: &str, message: &str) -> Option<usize> {
    advice::row(&Leaf::bare(code, message))
}

/// What a person can act on comes first, temporary failures last.
fn rank(problem: &Problem) -> u8 {
    match problem.retry {
        Retry::AfterChange => 0,
        Retry::No => 1,
        Retry::TransientOnce => 2,
        Retry::Transient => 3,
    }
}

fn worded(leaf: &Leaf, status: u16, correlation_id: Option<&str>) -> Problem {
    let mut problem = match advice::lookup(leaf) {
        Some(found) => Problem::new(leaf.code.clone(), found.what, found.advice)
            .retry(found.retry)
            .helped_by(found.actions),
        None => unknown(leaf, status, correlation_id),
    };
    problem.place.clone_from(&leaf.target);
    problem.correlation_id = correlation_id.map(str::to_owned);
    if !leaf.message.is_empty() {
        problem.original = Some(leaf.message.clone());
    }
    problem
}

/// Azure's own words, where the table has no entry.
fn unknown(leaf: &Leaf, status: u16, correlation_id: Option<&str>) -> Problem {
    let code = &leaf.code;
    let what = match first_sentence(&leaf.message) {
        Some(sentence) => format!("Azure reports {code}: {sentence}"),
        None => format!("Azure reports {code} without an explanation."),
    };
    let advice = match correlation_id {
        Some(id) => format!(
            "Look up {code} in Azure's documentation. Azure support can find this request by its correlation id {id}."
        ),
        None => format!("Look up {code} in Azure's documentation, or ask Azure support."),
    };
    let retry = match status {
        408 | 429 | 503 => Retry::Transient,
        500..=599 => Retry::TransientOnce,
        _ => Retry::No,
    };
    Problem::new(code.clone(), what, advice).retry(retry)
}

/// The first sentence of Azure's words. Where they are JSON, or lead over to it, it is the sentence inside.
fn first_sentence(message: &str) -> Option<String> {
    let inside = leaf::sentence_within(message);
    let message = match &inside {
        Some(words) => words,
        None if message.trim_start().starts_with(['{', '[']) => return None,
        None => message,
    };
    let line = message.lines().map(str::trim).find(|line| !line.is_empty())?;
    let end = line.find(". ").map_or(line.len(), |end| end + 1);
    let sentence: String = line.get(..end).unwrap_or(line).chars().take(LONGEST_SENTENCE).collect();
    Some(sentence)
}

#[cfg(test)]
mod answers_tests;
#[cfg(test)]
mod recorded_tests;
#[cfg(test)]
mod tests;
