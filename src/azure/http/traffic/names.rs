//! The names that a person chose, and what stands in their place.
//!
//! A name is known by its place in a resource id, unless the template or the allow list has it as a word of its own. An
//! environment's names keep their form: `vnet-test4821` becomes `vnet-env10001`. It reads texts and must not walk
//! bodies.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use super::scan;
use crate::domain::allowlist::Allowlist;
use crate::domain::egress::log;
use crate::domain::name::{EnvironmentName, Suffix, derived};
use crate::template::{Template, hub};

/// Types whose names are Azure's own, the same for everybody.
#[rustfmt::skip]
const AZURES: [&str; 18] = [
    "locations", "publishers", "artifacttypes", "offers", "skus", "versions", "eventtypes", "policystates",
    "roledefinitions", "policydefinitions", "policysetdefinitions", "providers", "features", "servicetags",
    "diagnosticsettingscategories", "capabilities", "vmsizes", "usages",
];

/// Words of this program in names that it makes, beside those of the template.
const OURS: [&str; 8] =
    ["paml", "check", "computevm", "osdisk", "shutdown", "practice", "management", "latest"];

/// Shortest name that is looked for inside other texts, in characters.
const SHORTEST: usize = 4;
/// Most words of one name that are looked at together.
const MOST_WORDS: usize = 12;

/// The words of what is compiled into the program, in lower case: they identify nobody.
static VOCABULARY: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let texts = [
        Template::embedded().to_json().to_string(),
        hub::template().to_json().to_string(),
        format!("{:?}", Allowlist::embedded()),
        log::QUERY.to_owned(),
        OURS.join(" "),
    ];
    let mut words = HashSet::new();
    for text in texts {
        let outside = |letter: char| !(letter.is_alphanumeric() || "-_.*".contains(letter));
        for word in text.to_lowercase().split(outside) {
            words.insert(word.trim_matches('.').to_owned());
            words.extend(word.split(['-', '_', '.']).map(str::to_owned));
        }
    }
    words
});

/// The prefixes of an environment's names, as this program makes them.
static PREFIXES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let (Ok(name), Ok(suffix)) = (EnvironmentName::parse("a"), Suffix::parse("0000")) else {
        return Vec::new();
    };
    let names = derived(&name, &suffix);
    let prefixes = names.iter().filter_map(|each| each.name.strip_suffix("a0000"));
    prefixes.map(str::to_owned).collect()
});

/// Whether a word is one of the template's or the allow list's.
pub(super) fn is_known(word: &str) -> bool {
    VOCABULARY.contains(&word.to_lowercase())
}

/// The ids that stand in the template: built-in roles.
pub(super) fn known_ids() -> &'static HashSet<String> {
    static IDS: LazyLock<HashSet<String>> = LazyLock::new(|| {
        let words = VOCABULARY.iter();
        words.filter(|word| scan::is_guid(word)).cloned().collect()
    });
    &IDS
}

/// Names that were met, each with its replacement.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Environments: the name with its digits, looked for anywhere.
    cores: Vec<(String, String)>,
    /// Names as a whole, in lower case.
    whole: HashMap<String, String>,
    /// Texts with characters that no name has.
    phrases: Vec<(String, String)>,
    counts: HashMap<&'static str, usize>,
}

impl Names {
    fn count(&mut self, word: &'static str) -> usize {
        let count = self.counts.entry(word).or_default();
        *count += 1;
        *count
    }

    /// Notes an environment by its name and digits; gives their replacements.
    pub(super) fn environment(&mut self, name: &str, digits: &str) -> (String, String) {
        let full = format!("{name}{digits}").to_lowercase();
        if let Some((_, known)) = self.cores.iter().find(|(core, _)| *core == full) {
            let at = known.len().saturating_sub(digits.len());
            let (name, digits) = known.split_at_checked(at).unwrap_or((known, ""));
            return (name.to_owned(), digits.to_owned());
        }
        let number = self.count("env");
        let new = (format!("env{number}"), format!("{:04}", number % 10_000));
        self.cores.push((full, format!("{}{}", new.0, new.1)));
        // The longest first, so that none is taken for a part of another.
        self.cores.sort_by_key(|(core, _)| std::cmp::Reverse(core.len()));
        if !is_known(name) {
            self.whole.entry(name.to_lowercase()).or_insert_with(|| new.0.clone());
        }
        new
    }

    /// Notes the name of a hub; gives its replacement.
    pub(super) fn hub(&mut self, name: &str) -> String {
        let core = format!("hub-{}", name.to_lowercase());
        if let Some((_, known)) = self.cores.iter().find(|(each, _)| *each == core) {
            return known.trim_start_matches("hub-").to_owned();
        }
        let new = format!("env{}", self.count("env"));
        self.cores.push((core, format!("hub-{new}")));
        self.cores.sort_by_key(|(core, _)| std::cmp::Reverse(core.len()));
        new
    }

    /// Notes a text of a kind that is replaced wherever it stands; gives its replacement.
    pub(super) fn phrase(&mut self, text: &str, kind: &'static str) -> String {
        let lowered = text.to_lowercase();
        if let Some((_, known)) = self.phrases.iter().find(|(each, _)| *each == lowered) {
            return known.clone();
        }
        if text.is_empty() || is_reserved(text) {
            return text.to_owned();
        }
        let number = self.count(kind);
        let new = if kind == "host" {
            format!("host{number}.example")
        } else {
            format!("{kind}{number}")
        };
        self.phrases.push((lowered, new.clone()));
        self.phrases.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        new
    }

    /// Notes the names in every resource id of a text.
    pub(super) fn learn(&mut self, text: &str) {
        for id in scan::ids(text) {
            let parts = scan::segments(id);
            let mut parts = parts.iter().map(String::as_str).peekable();
            while let Some(kind) = parts.next() {
                let lowered = kind.to_lowercase();
                match lowered.as_str() {
                    // The namespace is no name.
                    "providers" | "subscriptions" => drop(parts.next()),
                    _ => {
                        let Some(name) = parts.next() else { break };
                        if name.eq_ignore_ascii_case("providers") {
                            parts.next();
                        } else if is_ticket(&lowered) {
                            self.whole_name(name, "ticket");
                        } else if !AZURES.contains(&&*lowered) {
                            self.name(name);
                        }
                    }
                }
            }
        }
    }

    /// Notes one name, as it stands in an id.
    pub(super) fn name(&mut self, name: &str) {
        self.by_prefix(name);
        if is_known(name) || self.is_of_known_words(name) {
            return;
        }
        self.whole_name(name, "name");
    }

    fn by_prefix(&mut self, name: &str) {
        let lowered = name.to_lowercase();
        if let Some((_, hub)) = lowered.split_once("-hub-") {
            self.hub(hub);
        }
        for prefix in PREFIXES.iter() {
            let Some(core) = lowered.strip_prefix(prefix.as_str()) else { continue };
            let Some((name, digits)) = core.split_at_checked(core.len().saturating_sub(4)) else {
                continue;
            };
            if EnvironmentName::parse(name).is_ok() && Suffix::parse(digits).is_ok() {
                self.environment(name, digits);
            }
        }
    }

    /// Whether nothing is left of a name but words of the template, once the names of environments are taken out.
    fn is_of_known_words(&self, name: &str) -> bool {
        let mut rest = name.to_lowercase();
        for (core, _) in &self.cores {
            rest = rest.replace(core.as_str(), "-");
        }
        let mut words = rest.split(|letter: char| !letter.is_alphanumeric());
        words.all(|word| is_known(word) || word.bytes().all(|byte| byte.is_ascii_digit()))
    }

    fn whole_name(&mut self, name: &str, kind: &'static str) {
        if is_reserved(name) || scan::is_guid(name) || self.whole.contains_key(&name.to_lowercase())
        {
            return;
        }
        let new = format!("{kind}{}", self.count(kind));
        self.whole.insert(name.to_lowercase(), new);
    }

    /// A ticket: an opaque text that must stay the same wherever it comes again.
    pub(super) fn ticket(&mut self, text: &str) -> String {
        self.whole_name(text, "ticket");
        let known = self.whole.get(&text.to_lowercase());
        known.cloned().unwrap_or_else(|| text.to_owned())
    }

    /// A text with every name in it replaced.
    pub(super) fn replaced(&self, text: &str) -> String {
        if let Some(new) = self.whole.get(&text.to_lowercase()) {
            return new.clone();
        }
        let mut text = text.to_owned();
        for (phrase, new) in self.phrases.iter().chain(&self.cores) {
            text = replace_any_case(&text, phrase, new);
        }
        let belongs = |letter: char| letter.is_alphanumeric() || "-_.()".contains(letter);
        scan::runs(&text, belongs, |run, before| {
            let shortest = if before == Some('/') { 1 } else { SHORTEST };
            self.in_run(run, shortest)
        })
    }

    fn in_run(&self, run: &str, shortest: usize) -> Option<String> {
        if let Some(new) = self.whole.get(&run.to_lowercase()).filter(|_| run.len() >= shortest) {
            return Some(new.clone());
        }
        let mut out = String::new();
        let mut at = 0;
        let mut changed = false;
        while let Some(rest) = run.get(at..).filter(|rest| !rest.is_empty()) {
            if let Some((length, new)) = self.at_start(rest) {
                out.push_str(new);
                at += length;
                changed = true;
                continue;
            }
            // On to behind the next separator.
            let word = rest.find(is_separator).unwrap_or(rest.len());
            let gap = rest.get(word..).unwrap_or_default();
            let next = word + gap.find(|letter| !is_separator(letter)).unwrap_or(gap.len());
            out.push_str(rest.get(..next).unwrap_or(rest));
            at += next.max(1);
        }
        changed.then_some(out)
    }

    /// The longest known name that a text begins with and that ends with a word of it.
    fn at_start(&self, rest: &str) -> Option<(usize, &str)> {
        let ends = rest
            .char_indices()
            .filter(|(_, letter)| is_separator(*letter))
            .map(|(at, _)| at)
            .take(MOST_WORDS)
            .chain([rest.len()]);
        let ends: Vec<usize> = ends.collect();
        ends.into_iter().rev().filter(|end| *end >= SHORTEST).find_map(|end| {
            let new = self.whole.get(&rest.get(..end)?.to_lowercase())?;
            Some((end, new.as_str()))
        })
    }
}

fn is_separator(letter: char) -> bool {
    !letter.is_alphanumeric()
}

/// Whether the names of a type are tickets of an operation.
fn is_ticket(kind: &str) -> bool {
    kind.contains("operation") && !kind.contains("operationalinsights")
}

/// Whether a text is a replacement already.
fn is_reserved(text: &str) -> bool {
    ["name", "env", "ticket", "person", "host", "tag", "x"].iter().any(|word| {
        text.strip_prefix(word)
            .map(|rest| rest.trim_end_matches(".example"))
            .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

fn replace_any_case(text: &str, wanted: &str, new: &str) -> String {
    let lowered = text.to_lowercase();
    if lowered.len() != text.len() || !lowered.contains(wanted) {
        return text.replace(wanted, new);
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (found, _) in lowered.match_indices(wanted) {
        out.push_str(text.get(at..found).unwrap_or_default());
        out.push_str(new);
        at = found + wanted.len();
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}
