//! The README's tables of keys and codes are the program's own: the keys are printed from the tables that the footer and
//! the help are made of.
//!
//! After a change of keys, `PRIVATEAML_KEYS=write cargo test --test all readme` prints it anew.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

use privateaml::app::place::Place;
use privateaml::domain::check::code;

const BEGIN: &str =
    "<!-- keys: printed by `PRIVATEAML_KEYS=write cargo test --test all readme` -->\n";
const END: &str = "<!-- end of keys -->\n";

/// The tables as Markdown: one row a command, the places that share a row only once.
fn printed() -> String {
    let mut out = String::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for place in Place::all() {
        let mut rows = String::new();
        for entry in place.entries() {
            let keys: Vec<String> = entry.keys().map(|key| format!("`{key}`")).collect();
            let row = format!("| {} | {} |", keys.join(" "), entry.does);
            if seen.insert(row.clone()) {
                let _ = writeln!(rows, "{row}");
            }
        }
        if !rows.is_empty() {
            let _ = write!(out, "| **{}** | |\n{rows}", place.title());
        }
    }
    format!("| Key | What it does |\n| --- | --- |\n{out}")
}

/// The codes of findings as Markdown.
fn codes() -> String {
    let mut out = "| Code | What was found |\n| --- | --- |\n".to_owned();
    for (code, means) in code::ALL {
        let _ = writeln!(out, "| `{code}` | {means} |");
    }
    out
}

/// Compares what stands between two lines with what the program has, or writes it there.
fn holds(begin: &str, end: &str, wanted: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(begin).unwrap();
    let (there, after) = rest.split_once(end).unwrap();
    if std::env::var("PRIVATEAML_KEYS").is_ok_and(|value| value == "write") {
        fs::write(&path, format!("{before}{begin}{wanted}{end}{after}")).unwrap();
        return;
    }
    assert!(
        there == wanted,
        "the README is out of date: PRIVATEAML_KEYS=write cargo test --test all readme"
    );
}

/// One test for both: written side by side, one would undo the other.
#[test]
fn the_tables_are_the_programs_own() {
    holds(BEGIN, END, &printed());
    holds("<!-- codes: printed likewise -->\n", "<!-- end of codes -->\n", &codes());
}
