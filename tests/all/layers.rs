//! The direction of imports: each part may use what lies to its right or below it, and nothing else.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Each part with the parts that it may use.
const MAY_USE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("template", &["domain"]),
    ("practice", &["template", "domain"]),
    ("azure", &["template", "domain"]),
    ("store", &["template", "domain"]),
    ("engine", &["azure", "store", "template", "domain"]),
    ("plain", &["engine", "domain"]),
    ("app", &["template", "domain"]),
    ("tui", &["app", "template", "domain"]),
    ("cli", &["tui", "app", "plain", "engine", "practice", "azure", "store", "template", "domain"]),
];

/// Crates and calls of the outside world, which the pure parts must not touch.
const IMPURE: &[&str] = &[
    "tokio",
    "reqwest",
    "axum",
    "azure_",
    "keyring",
    "inquire",
    "crossterm",
    "ratatui",
    "std::fs",
    "std::env",
    "std::net::Tcp",
    "std::process",
    "Instant::now",
    "SystemTime",
    "Timestamp::now",
    "ZonedDateTime::now",
    "rand::rng()",
];

#[test]
fn imports_go_only_to_the_right_or_down() {
    for (part, allowed) in MAY_USE {
        for file in sources(part) {
            let text = code_of(&file);
            for (other, _) in MAY_USE {
                let uses = text.contains(&format!("crate::{other}"))
                    || grouped_imports(&text).iter().any(|import| import == other);
                assert!(
                    other == part || allowed.contains(other) || !uses,
                    "{} uses `{other}`, which `{part}` must not know",
                    file.display()
                );
            }
        }
    }
}

#[test]
fn the_pure_parts_touch_nothing_outside() {
    for part in ["domain", "template", "app"] {
        for file in sources(part) {
            let text = code_of(&file);
            for impure in IMPURE {
                assert!(!text.contains(impure), "{} mentions `{impure}`", file.display());
            }
        }
    }
}

#[test]
fn inquire_lives_only_in_plain() {
    for (part, _) in MAY_USE.iter().filter(|(part, _)| *part != "plain") {
        for file in sources(part) {
            assert!(!code_of(&file).contains("inquire::"), "{} uses inquire", file.display());
        }
    }
}

#[test]
fn every_module_says_what_it_is_for() {
    for (part, _) in MAY_USE {
        for file in sources(part) {
            let text = fs::read_to_string(&file).unwrap();
            assert!(text.starts_with("//!"), "{} has no module text", file.display());
        }
    }
}

/// The parts named in `use crate::{...}` groups, whose members do not stand behind `crate::` themselves.
fn grouped_imports(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for piece in text.split("use crate::{").skip(1) {
        let group = piece.split("};").next().unwrap_or_default();
        let mut depth = 0_usize;
        let mut word = String::new();
        for letter in group.chars() {
            match letter {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                ',' if depth == 0 => {
                    found.push(std::mem::take(&mut word));
                    continue;
                }
                _ => {}
            }
            if depth == 0 {
                word.push(letter);
            }
        }
        found.push(word);
    }
    found.iter().filter_map(|word| word.trim().split("::").next().map(str::to_owned)).collect()
}

/// The text of a file without its tests and without comments. Laid out by rustfmt, an item ends where a line begins
/// with its closing brace at its own indentation.
fn code_of(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    let mut code = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let bare = line.trim_start();
        if bare.starts_with("#[cfg(test)]") {
            skip_item(&line[..line.len() - bare.len()], &mut lines);
        } else if !bare.starts_with("//") {
            code.push_str(line);
            code.push('\n');
        }
    }
    code
}

/// Goes past the item that an attribute belongs to.
fn skip_item<'a>(indentation: &str, lines: &mut impl Iterator<Item = &'a str>) {
    let mut in_attribute = false;
    for line in lines {
        let own = line.strip_prefix(indentation).filter(|rest| !rest.starts_with(' '));
        if in_attribute || own.is_some_and(|own| own.starts_with("#[")) {
            in_attribute = !line.ends_with(']');
        } else if own.is_some_and(|own| own.ends_with(['}', ';'])) {
            return;
        }
    }
}

#[test]
fn code_behind_tests_is_seen() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let text = "#[cfg(test)]\nmod tests;\nuse a;\n#[cfg(test)]\n#[expect(\n    x\n)]\nmod t {\n    b();\n}\nuse c;\n\
                // d\nimpl E {\n    #[cfg(test)]\n    fn f() {\n        if g {\n        }\n    }\n    h!();\n}\n";
    fs::write(file.path(), text).unwrap();
    assert_eq!(code_of(file.path()), "use a;\nuse c;\nimpl E {\n    h!();\n}\n");
}

fn sources(part: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut open = vec![root.join(part)];
    while let Some(directory) = open.pop() {
        for entry in fs::read_dir(&directory).unwrap() {
            let path = entry.unwrap().path();
            let is_test_support =
                path.file_stem().is_some_and(|stem| stem == "tests" || stem == "test_support");
            if path.is_dir() && !is_test_support {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") && !is_test_support {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "no sources for `{part}`");
    found
}
