//! The README's table of keys is the program's own: printed from the tables that the footer and the help are made of.
//!
//! After a change of keys, `PRIVATEAML_KEYS=write cargo test --test all readme` prints it anew.

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

use privateaml::app::place::Place;

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

#[test]
fn the_table_of_keys_is_the_programs_own() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).unwrap();
    let (there, after) = rest.split_once(END).unwrap();
    let wanted = printed();
    if std::env::var("PRIVATEAML_KEYS").is_ok_and(|value| value == "write") {
        fs::write(&path, format!("{before}{BEGIN}{wanted}{END}{after}")).unwrap();
        return;
    }
    assert!(
        there == wanted,
        "the README's keys are out of date: PRIVATEAML_KEYS=write cargo test --test all readme"
    );
}
