//! Recorded Azure as the judge of the client: every recorded success is understood by the call that this program
//! would make, every refusal finds its cause in words, and what was written shows no drift.
//!
//! The recordings are no part of this project: `.ci/real-azure DIRECTORY` runs this with `PRIVATEAML_RECORDINGS`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, and tells what it counted"
)]

mod calls;
mod drift;
mod server;

use std::{collections::BTreeMap, path::PathBuf};

use privateaml::{
    azure::decode,
    domain::problem::Retry,
    practice::compare::{Exchange, read},
};
use serde::Deserialize;

use calls::{Asked, ask};
use server::Script;

/// Every recorded exchange.
fn recordings() -> Vec<Exchange> {
    let directory = std::env::var_os("PRIVATEAML_RECORDINGS")
        .map(PathBuf::from)
        .expect("PRIVATEAML_RECORDINGS names the directory with the recordings");
    let mut files: Vec<PathBuf> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "jsonl"))
        .collect();
    files.sort();
    let exchanges: Vec<Exchange> = files
        .iter()
        .flat_map(|path| {
            read(&std::fs::read_to_string(path).unwrap(), &path.display().to_string()).unwrap()
        })
        .collect();
    assert!(exchanges.len() > 100, "there are {}", exchanges.len());
    exchanges
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "reads recordings that are no part of this project: .ci/real-azure"]
async fn every_success_is_understood() {
    let script = Script::start().await;
    let (mut understood, mut never) = (0, BTreeMap::<&str, usize>::new());
    let mut wrong = Vec::new();
    for exchange in recordings().into_iter().filter(Exchange::succeeded) {
        match ask(&script, &exchange).await {
            Asked::Never(reason) => *never.entry(reason).or_default() += 1,
            Asked::Understood => understood += 1,
            Asked::Refused(problem) => {
                wrong.push(format!("{} {}: {problem}", exchange.method, exchange.url));
            }
        }
    }
    println!("{understood} recorded successes are understood; not asked by this client:");
    for (reason, count) in never {
        println!("{count:>4}  {reason}");
    }
    assert!(wrong.is_empty(), "{} are not understood:\n{}", wrong.len(), wrong.join("\n"));
}

/// What a refusal is to be told as.
#[derive(Debug, Deserialize)]
struct Row {
    code: String,
    /// Words of the sentence.
    says: String,
    /// Whether the same request may be sent again.
    retry: Retry,
}

#[derive(Debug, Deserialize)]
struct Rows {
    #[serde(default)]
    refusal: Vec<Row>,
}

#[tokio::test]
#[ignore = "reads recordings that are no part of this project: .ci/real-azure"]
async fn every_refusal_finds_its_row() {
    let rows: Rows = toml::from_str(include_str!("refusals.toml")).unwrap();
    let mut met = vec![false; rows.refusal.len()];
    let mut wrong = Vec::new();
    let mut count = 0;
    for exchange in recordings() {
        let failed = decode::failure(&exchange.body, None);
        if exchange.succeeded() && failed.is_none() {
            continue;
        }
        count += 1;
        let problem = match failed {
            Some(problem) if exchange.succeeded() => problem,
            _ => decode::problem(exchange.status, &exchange.body, None),
        };
        let row = rows
            .refusal
            .iter()
            .position(|row| row.code == problem.code && problem.what.contains(&row.says));
        match row {
            Some(at) if rows.refusal[at].retry == problem.retry => met[at] = true,
            _ => wrong.push(format!(
                "[[refusal]]\ncode = {:?}\nsays = {:?}\nretry = {:?}\n# advice: {}\n# {} {} {}",
                problem.code,
                problem.what,
                problem.retry,
                problem.advice,
                exchange.method,
                exchange.status,
                exchange.url
            )),
        }
    }
    println!("{count} recorded refusals find their row");
    assert!(
        wrong.is_empty(),
        "{} find another row than listed:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    let unmet: Vec<&Row> =
        rows.refusal.iter().zip(&met).filter(|(_, met)| !**met).map(|(row, _)| row).collect();
    assert!(unmet.is_empty(), "listed, but not met: {unmet:#?}");
}

/// An answer that the program's own tests hold the table of causes against.
#[derive(Debug, Deserialize)]
struct Answer {
    code: String,
    #[serde(default)]
    recorded: bool,
}

#[derive(Debug, Deserialize)]
struct Answers {
    answer: Vec<Answer>,
}

/// The table of answers says of each row of the table of causes whether real Azure was recorded sending such a refusal.
/// Its answers stand in the order of the rows.
#[test]
#[ignore = "reads recordings that are no part of this project: .ci/real-azure"]
fn what_is_called_recorded_was_recorded() {
    let answers: Answers =
        toml::from_str(include_str!("../../src/azure/decode/answers.toml")).unwrap();
    let mut met = vec![false; answers.answer.len()];
    for exchange in recordings() {
        let failed = decode::failure(&exchange.body, None);
        let problem = match failed {
            Some(problem) if exchange.succeeded() => problem,
            None if exchange.succeeded() => continue,
            _ => decode::problem(exchange.status, &exchange.body, None),
        };
        for leaf in problem.leaves() {
            let words = leaf.original.as_deref().unwrap_or_default();
            if let Some(row) = decode::row(&leaf.code, words) {
                met[row] = true;
            }
        }
    }
    let recorded = met.iter().filter(|met| **met).count();
    println!("{} rows: {recorded} recorded, {} unrecorded", met.len(), met.len() - recorded);
    let wrong: Vec<String> = answers
        .answer
        .iter()
        .zip(&met)
        .enumerate()
        .filter(|(_, (answer, met))| answer.recorded != **met)
        .map(|(row, (answer, met))| format!("row {row}, {}: recorded = {met}", answer.code))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
#[ignore = "reads recordings that are no part of this project: .ci/real-azure"]
fn what_was_written_shows_no_drift() {
    drift::judge(recordings());
}
