//! What keeps the form from being finished, by field: what is missing, what cannot be used, and what would be right.
//!
//! The rules are the domain's; here they only find their field, and words that fit a form instead of flags.

use serde::{Deserialize, Serialize};

use super::{Basics, Field, fields};
use crate::domain::name::EnvironmentName;
use crate::domain::network::{self, Severity};
use crate::domain::problem::Problem;
use crate::domain::settings::{Draft, Settings, Unfinished};

/// How much a fault weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// Nothing is there yet, or it is not finished.
    Missing,
    /// It cannot be used.
    Wrong,
}

/// One thing that keeps the form from being finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The field.
    pub field: Field,
    /// How much it weighs.
    pub weight: Weight,
    /// What is wrong.
    pub what: String,
    /// What would be right.
    pub remedy: String,
}

impl Fault {
    fn wrong(field: Field, what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { field, weight: Weight::Wrong, what: what.into(), remedy: remedy.into() }
    }
}

impl Basics {
    /// What is wrong with a field, the weightiest first.
    pub fn fault(&self, field: Field) -> Option<&Fault> {
        let own = |fault: &&Fault| match field {
            Field::More => fault.field.is_below_more(),
            other => fault.field == other,
        };
        self.faults.iter().filter(own).max_by_key(|fault| fault.weight)
    }

    /// The fields that need attention, each once, in the order of the form.
    pub fn faulty(&self) -> Vec<Field> {
        let mut fields: Vec<Field> = self.faults.iter().map(|fault| fault.field).collect();
        fields.sort_unstable();
        fields.dedup();
        fields
    }

    /// The settings that the form leads to.
    ///
    /// # Errors
    /// What is missing and what is wrong, all at once.
    pub(super) fn finish(&self) -> Result<Settings, Unfinished> {
        let finished = self.draft.finish(None, self.all_regions());
        let mut unfinished = finished.as_ref().err().cloned().unwrap_or_default();
        if finished.is_ok() {
            let refused = self.address_check();
            unfinished.invalid.extend(
                refused.refusal().cloned().map(|finding| Problem::from(finding).at("--cidr")),
            );
        }
        let own = self.text_faults().into_iter();
        unfinished
            .invalid
            .extend(own.map(|fault| Problem::new("SettingInvalid", fault.what, fault.remedy)));
        if unfinished == Unfinished::default() { finished } else { Err(unfinished) }
    }

    /// Everything that keeps the form from being finished, in the order of its fields.
    pub(super) fn find_faults(&self) -> Vec<Fault> {
        let mut found: Vec<Fault> = self.name_fault().into_iter().collect();
        found.extend(self.address_fault());
        found.extend(self.text_faults());
        for draft in [self.draft.clone(), self.rest_alone()] {
            let Err(unfinished) = draft.finish(None, self.all_regions()) else { continue };
            for missing in unfinished.missing {
                if missing == Field::Region {
                    found.push(Fault {
                        field: Field::Region,
                        weight: Weight::Missing,
                        what: "No region yet.".to_owned(),
                        remedy: "Press Enter to choose one.".to_owned(),
                    });
                }
            }
            found.extend(unfinished.invalid.into_iter().filter_map(in_form));
        }
        if self.existing.is_none() {
            found.extend(self.draft.names_come_first().and_then(in_form));
        }
        found.sort_by_key(|fault| fault.field);
        found.dedup();
        found
    }

    /// The draft with usable answers in place of the first ones: the rules about the rest are only asked after those.
    fn rest_alone(&self) -> Draft {
        Draft {
            name: Some("test".to_owned()),
            suffix: Some("0000".to_owned()),
            region: self.all_regions().first().map(|region| region.name.clone()),
            address_space: Some(network::OFFERED.to_owned()),
            auto_shutdown: None,
            time_zone: None,
            cloud: self.all_regions().first().map(|region| region.cloud),
            ..self.draft.clone()
        }
    }

    fn name_fault(&self) -> Option<Fault> {
        let text = self.typed(Field::Name).trim();
        let error = EnvironmentName::parse(text).err()?;
        Some(Fault {
            field: Field::Name,
            weight: if text.is_empty() { Weight::Missing } else { Weight::Wrong },
            what: error.what,
            remedy: error.remedy,
        })
    }

    fn address_fault(&self) -> Option<Fault> {
        let check = self.address_check();
        let finding = check.refusal()?;
        Some(Fault {
            field: Field::AddressSpace,
            weight: if finding.severity == Severity::Note {
                Weight::Missing
            } else {
                Weight::Wrong
            },
            what: finding.what.clone(),
            remedy: finding.remedy.clone(),
        })
    }

    /// What is typed and cannot even be put into the draft.
    fn text_faults(&self) -> Vec<Fault> {
        fields::typed()
            .filter_map(|field| {
                let problem = field.row().parse_line(self.typed(field)).err()?;
                Some(Fault::wrong(field, problem.what, problem.advice))
            })
            .collect()
    }
}

/// A problem of the domain as a fault of its field; `None` for what is told better elsewhere.
fn in_form(problem: Problem) -> Option<Fault> {
    let flag = problem.place.as_deref().unwrap_or_default();
    let field = Field::of_flag(flag).unwrap_or(Field::Preset);
    let remedy = match flag {
        "--name" | "--suffix" | "--cidr" => return None,
        "--disable-copy-paste" => {
            "Choose Bastion tier Standard or Premium, or leave copy and paste on.".to_owned()
        }
        "--compute-instance" if problem.code == "NamesComeFirst" => {
            "Choose no own compute, and create it in the studio once the names are registered; or let DNS \
             zones be created."
                .to_owned()
        }
        "--bastion" => "Choose Bastion tier Basic, or no hub yet.".to_owned(),
        _ => problem.advice,
    };
    Some(Fault::wrong(field, problem.what, remedy))
}
