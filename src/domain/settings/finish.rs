//! From a draft to settings: every answer is checked, and everything that is missing or wrong is said at once.
//!
//! This module must not ask for what is missing; it names the flag that would answer.

use serde_json::{Value, json};

use super::fields::FieldRow;
use super::{DnsZones, Draft, Field, Settings, rules};
use crate::domain::allowlist::Allowlist;
use crate::domain::name::{EnvironmentName, NameError, Suffix};
use crate::domain::network;
use crate::domain::problem::{Problem, Result};
use crate::domain::region::{self, Region};

const HELP: &str = "privateaml deploy --help lists the flags.";

/// Why a draft is not yet settings: everything that is missing and wrong, so that a person hears it all at once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unfinished {
    /// Fields that need an answer and have none.
    pub missing: Vec<Field>,
    /// Answers that cannot be used, each with its flag as place.
    pub invalid: Vec<Problem>,
}

impl Unfinished {
    /// True when nothing is wrong with the answers that are there.
    pub fn only_missing(&self) -> bool {
        self.invalid.is_empty()
    }

    fn needed<T>(
        &mut self,
        text: Option<&String>,
        field: Field,
        check: impl FnOnce(&str) -> Result<T>,
    ) -> Option<T> {
        if let Some(text) = text.map(|text| text.trim()).filter(|text| !text.is_empty()) {
            return self.keep(check(text));
        }
        self.missing.push(field);
        None
    }

    fn keep<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|problem| self.invalid.push(problem)).ok()
    }
}

impl From<Unfinished> for Problem {
    /// One problem for all: what is wrong goes before what is missing.
    fn from(unfinished: Unfinished) -> Self {
        let missing = unfinished.missing.into_iter().map(|field| {
            let FieldRow { flag, needed, .. } = field.row();
            let (what, example) = needed.unwrap_or(("An answer", ""));
            Self::new(
                "AnswerMissing",
                format!("{what} is missing."),
                format!("Add {flag} {example}."),
            )
            .at(*flag)
        });
        let mut all = unfinished.invalid.into_iter().chain(missing);
        let mut first =
            all.next().unwrap_or_else(|| Self::new("AnswerMissing", "An answer is missing.", HELP));
        first.others.extend(all);
        first
    }
}

impl Draft {
    /// Checks every answer and fills the rest with defaults. `drawn` are the digits for a draft that has none;
    /// `regions` is Azure's own list where it could be asked, else `region::embedded()`.
    ///
    /// With the preset `locked-down` a service endpoint policy is the default: without it computes could not start.
    ///
    /// # Errors
    /// When an answer is missing or cannot be used; all of them at once.
    pub fn finish(
        &self,
        drawn: impl Into<Option<Suffix>>,
        regions: &[Region],
    ) -> Result<Settings, Unfinished> {
        let cloud = self.cloud.unwrap_or_default();
        let mut checked = Unfinished::default();
        let name = checked.needed(self.name.as_ref(), Field::Name, |text| {
            EnvironmentName::parse(text).map_err(|error| named("--name", error))
        });
        let suffix = match (&self.suffix, drawn.into()) {
            (Some(text), _) => {
                checked.keep(Suffix::parse(text.trim()).map_err(|error| named("--suffix", error)))
            }
            (None, drawn) => {
                checked.missing.extend(drawn.is_none().then_some(Field::Suffix));
                drawn
            }
        };
        let region = checked.needed(self.region.as_ref(), Field::Region, |text| {
            region::find_in(text, cloud, regions).map(|region| region.name.clone())
        });
        let space = checked.needed(self.address_space.as_ref(), Field::AddressSpace, |text| {
            let check = network::check(text, &[]);
            let refusal = check.refusal().cloned();
            check.layout.map(|layout| layout.address_space).ok_or_else(|| refused(refusal))
        });
        let shutdown = checked.keep(rules::shutdown(self));
        let (Some(name), Some(suffix), Some(region), Some(space), Some(auto_shutdown)) =
            (name, suffix, region, space, shutdown)
        else {
            return Err(checked);
        };
        let policy = Field::EndpointPolicy.row();
        let finished = [
            ("name", json!(name)),
            ("suffix", json!(suffix)),
            ("region", json!(region)),
            ("address_space", json!(space)),
            ("auto_shutdown", json!(auto_shutdown)),
            (policy.key, self.value(policy)),
        ];
        let mut answers = self.answers();
        answers.remove("time_zone");
        answers.extend(finished.map(|(key, value)| (key.to_owned(), value)));
        let settings = serde_json::from_value(Value::Object(answers));
        let settings: Option<Settings> = checked.keep(settings.map_err(|error| {
            let what = format!("The answers cannot be used: {error}.");
            Problem::new("SettingInvalid", what, HELP)
        }));
        let Some(settings) = settings else { return Err(checked) };
        checked.invalid.extend(rules::faults(&settings));
        checked.keep(Allowlist::embedded().select(&settings));
        if checked.invalid.is_empty() { Ok(settings) } else { Err(checked) }
    }

    /// What speaks against a new environment with a compute instance whose zones exist elsewhere: the instance starts
    /// in the deployment itself and needs the private names at once
    /// (<https://learn.microsoft.com/azure/machine-learning/how-to-custom-dns>). Later it can be added.
    pub fn names_come_first(&self) -> Option<Problem> {
        let elsewhere = self.dns_zones == Some(DnsZones::Existing);
        (elsewhere && self.compute_instance == Some(true)).then(|| {
            Problem::new(
                "NamesComeFirst",
                "A compute instance would start before its names are registered in zones that exist elsewhere.",
                "Leave --compute-instance out, and add it with `privateaml mend` once the names are \
                 registered; or let the \
                 deployment create the zones (--dns-zones create).",
            )
            .at("--compute-instance")
        })
    }
}

fn named(flag: &str, error: NameError) -> Problem {
    let advice = match error.replacement {
        Some(replacement) => format!("{} Or use {replacement}.", error.remedy),
        None => error.remedy,
    };
    Problem::new("NameInvalid", error.what, advice).at(flag)
}

fn refused(refusal: Option<network::Finding>) -> Problem {
    refusal
        .map_or_else(
            || {
                Problem::new(
                    "AddressSpaceNotDivisible",
                    "The address space cannot be used.",
                    "Use one such as 10.1.0.0/22.",
                )
            },
            Problem::from,
        )
        .at(Field::AddressSpace.row().flag)
}
