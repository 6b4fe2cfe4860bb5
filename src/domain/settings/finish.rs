//! From a draft to settings: every answer is checked, and everything that is missing or wrong is said at once.
//!
//! This module must not ask for what is missing; it names the flag that would answer.

use super::{DnsZones, Draft, Settings, default_build_size, default_jumpbox_size, rules};
use crate::domain::{
    allowlist::{Allowlist, Preset},
    name::{EnvironmentName, NameError, Suffix},
    network,
    problem::Problem,
    region::{self, Region},
};

/// An answer that is needed and not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing {
    /// The flag that gives it, such as `--region`.
    pub flag: &'static str,
    /// What it is, in a few words.
    pub what: &'static str,
    /// A value that would do.
    pub example: &'static str,
}

/// Why a draft is not yet settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// Answers that are not there.
    pub missing: Vec<Missing>,
    /// Answers that cannot be used, each with its flag as place.
    pub invalid: Vec<Problem>,
}

impl Unfinished {
    /// True when nothing is wrong with the answers that are there.
    #[must_use]
    pub fn only_missing(&self) -> bool {
        self.invalid.is_empty()
    }
}

impl From<Unfinished> for Problem {
    /// One problem for all: what is wrong goes before what is missing.
    fn from(unfinished: Unfinished) -> Self {
        let missing = unfinished.missing.into_iter().map(|missing| {
            Self::new(
                "AnswerMissing",
                format!("{} is missing.", missing.what),
                format!("Add {} {}.", missing.flag, missing.example),
            )
            .at(missing.flag)
        });
        let mut all = unfinished.invalid.into_iter().chain(missing);
        let mut first = all.next().unwrap_or_else(|| {
            Self::new(
                "AnswerMissing",
                "An answer is missing.",
                "privateaml deploy --help lists the flags.",
            )
        });
        first.others.extend(all);
        first
    }
}

const NAME: Missing = Missing { flag: "--name", what: "The environment's name", example: "test" };
const REGION: Missing =
    Missing { flag: "--region", what: "The Azure region", example: "westeurope" };
const ADDRESS_SPACE: Missing =
    Missing { flag: "--cidr", what: "The address space", example: "10.1.0.0/22" };

/// Collects what is missing and wrong, so that a person hears it all at once.
#[derive(Default)]
struct Checked {
    missing: Vec<Missing>,
    invalid: Vec<Problem>,
}

impl Checked {
    fn needed<T>(
        &mut self,
        text: Option<&String>,
        missing: Missing,
        check: impl FnOnce(&str) -> Result<T, Problem>,
    ) -> Option<T> {
        if let Some(text) = text.map(|text| text.trim()).filter(|text| !text.is_empty()) {
            return self.keep(check(text));
        }
        self.missing.push(missing);
        None
    }

    fn keep<T>(&mut self, result: Result<T, Problem>) -> Option<T> {
        result.map_err(|problem| self.invalid.push(problem)).ok()
    }

    fn unfinished(self) -> Unfinished {
        Unfinished { missing: self.missing, invalid: self.invalid }
    }
}

impl Draft {
    /// Checks every answer and fills the rest with defaults. `drawn` are the digits to use where none are given;
    /// `regions` is Azure's own list where it could be asked, else `region::embedded()`.
    ///
    /// With the preset `locked-down` a service endpoint policy is the default: without it computes could not start.
    ///
    /// # Errors
    /// When an answer is missing or cannot be used; all of them at once.
    pub fn finish(&self, drawn: Suffix, regions: &[Region]) -> Result<Settings, Unfinished> {
        let cloud = self.cloud.unwrap_or_default();
        let mut checked = Checked::default();
        let name = checked.needed(self.name.as_ref(), NAME, |text| {
            EnvironmentName::parse(text).map_err(|error| named("--name", error))
        });
        let suffix = match &self.suffix {
            None => Some(drawn),
            Some(text) => {
                checked.keep(Suffix::parse(text.trim()).map_err(|error| named("--suffix", error)))
            }
        };
        let region = checked.needed(self.region.as_ref(), REGION, |text| {
            region::find_in(text, cloud, regions).map(|region| region.name.clone())
        });
        let space = checked.needed(self.address_space.as_ref(), ADDRESS_SPACE, |text| {
            let check = network::check(text, &[]);
            let refusal = check.refusal().cloned();
            check.layout.map(|layout| layout.address_space).ok_or_else(|| refused(refusal))
        });
        let shutdown =
            checked.keep(rules::shutdown(self.auto_shutdown.as_ref(), self.time_zone.as_deref()));
        let (Some(name), Some(suffix), Some(region), Some(space), Some(auto_shutdown)) =
            (name, suffix, region, space, shutdown)
        else {
            return Err(checked.unfinished());
        };
        let settings = Settings {
            auto_shutdown,
            cloud,
            ..self.choices(Settings::new(name, suffix, region, space))
        };
        checked.invalid.extend(rules::faults(&settings));
        checked.keep(Allowlist::embedded().select(&settings));
        if checked.invalid.is_empty() { Ok(settings) } else { Err(checked.unfinished()) }
    }

    /// What speaks against a new environment with a compute instance whose zones exist elsewhere: the instance starts
    /// in the deployment itself and needs the private names at once
    /// (<https://learn.microsoft.com/azure/machine-learning/how-to-custom-dns>). Later it can be added.
    #[must_use]
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

    /// The choices that have a default.
    fn choices(&self, plain: Settings) -> Settings {
        let preset = self.preset.unwrap_or_default();
        Settings {
            preset,
            allow: self.allow.clone(),
            deny: self.deny.clone(),
            hosts: self.hosts.clone(),
            bastion: self.bastion.unwrap_or_default(),
            disable_copy_paste: self.disable_copy_paste.unwrap_or_default(),
            firewall: self.firewall.unwrap_or_default(),
            jumpbox_size: self.jumpbox_size.clone().unwrap_or_else(default_jumpbox_size),
            build_size: self.build_size.clone().unwrap_or_else(default_build_size),
            compute_instance: self.compute_instance.unwrap_or_default(),
            service_endpoint_policy: self
                .service_endpoint_policy
                .unwrap_or(preset == Preset::LockedDown),
            python_packages: self.python_packages.clone().unwrap_or_default(),
            dns_zones: self.dns_zones.unwrap_or_default(),
            datastore_access: self.datastore_access.unwrap_or_default(),
            log_retention_days: self.log_retention_days.unwrap_or(plain.log_retention_days),
            monitor_access: self.monitor_access.unwrap_or_default(),
            tags: self.tags.clone(),
            hub: self.hub.clone(),
            ..plain
        }
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
        .at(ADDRESS_SPACE.flag)
}
