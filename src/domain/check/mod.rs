//! The checks before a deployment: what is asked of Azure and of this machine, and what came of it.
//!
//! Form, preview, `check` and `deploy` ask the same questions and show the same findings. A finding is never more than
//! a hint: only Azure's own validation refuses a deployment. Nothing is asked here.

use serde::{Deserialize, Serialize};

use super::action::Action;
use super::problem::Problem;

pub mod code;
mod learning;
mod machine;
mod merge;
mod question;

pub use machine::{MachineSize, Machines, Quota};
pub use merge::{counted, merge};
pub use question::{CheckQuestion, OPTIONAL};

/// What is checked, in the order in which it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckKind {
    /// Whether the account may create what is planned.
    Rights,
    /// Whether the names that must be globally unique are free.
    Names,
    /// Whether the region offers every resource type, in the API version of the template.
    Region,
    /// Whether the jumpbox's size is offered, and there are cores for it.
    Machine,
    /// Whether Azure Machine Learning's own quota has cores for the computes.
    Learning,
    /// Whether the jumpbox's image is offered.
    Image,
    /// Whether public addresses, networks and storage accounts are left.
    Limits,
    /// Whether the address space overlaps a network.
    Overlap,
    /// Whether the resource group is free.
    Group,
    /// Whether a deleted log workspace would come back.
    Logs,
    /// Whether a lock is in the way.
    Locks,
    /// Whether the credential store works.
    Store,
    /// Whether the clocks of Azure and of this machine agree.
    Clock,
    /// Azure's own validation of the whole deployment, policies included.
    Template,
}

impl CheckKind {
    /// All checks, in the order in which they are shown.
    pub const ALL: [Self; 14] = [
        Self::Rights,
        Self::Names,
        Self::Region,
        Self::Machine,
        Self::Learning,
        Self::Image,
        Self::Limits,
        Self::Overlap,
        Self::Group,
        Self::Logs,
        Self::Locks,
        Self::Store,
        Self::Clock,
        Self::Template,
    ];

    /// What it is about, in a few words.
    pub fn about(self) -> &'static str {
        match self {
            Self::Rights => "Your permissions",
            Self::Names => "Names",
            Self::Region => "Region",
            Self::Machine => "Jumpbox",
            Self::Learning => "Azure ML quota",
            Self::Image => "Jumpbox image",
            Self::Limits => "Limits",
            Self::Overlap => "Address space",
            Self::Group => "Resource group",
            Self::Logs => "Log workspace",
            Self::Locks => "Locks",
            Self::Store => "Password store",
            Self::Clock => "Clock",
            Self::Template => "Azure's validation",
        }
    }
}

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckOutcome {
    /// It holds.
    Pass,
    /// The deployment would fail, or become something else than was asked for.
    Problem,
    /// It could not be told.
    Unknown,
    /// It was not asked, and why.
    NotChecked,
}

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckFinding {
    /// What was checked.
    pub check: CheckKind,
    /// How it came out.
    pub outcome: CheckOutcome,
    /// A code that stays the same from version to version (`code`); empty for what holds.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
    /// What was found, in a sentence.
    pub what: String,
    /// What to do about it, in sentences without flags or keys; empty for what holds.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remedy: String,
    /// What helps, likeliest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
}

impl CheckFinding {
    fn new(check: CheckKind, outcome: CheckOutcome, what: impl Into<String>) -> Self {
        let (code, remedy, actions) = (String::new(), String::new(), Vec::new());
        Self { check, outcome, code, what: what.into(), remedy, actions }
    }

    /// Something that holds.
    pub fn pass(check: CheckKind, what: impl Into<String>) -> Self {
        Self::new(check, CheckOutcome::Pass, what)
    }

    /// Something that does not hold; `code` is one of `code::ALL`.
    pub fn problem(
        check: CheckKind,
        code: &str,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        let finding = Self::new(check, CheckOutcome::Problem, what);
        Self { code: code.to_owned(), remedy: remedy.into(), ..finding }
    }

    /// Something that could not be told, and why.
    pub fn unknown(check: CheckKind, why: impl Into<String>) -> Self {
        let finding = Self::new(check, CheckOutcome::Unknown, why);
        Self { code: code::COULD_NOT_TELL.to_owned(), ..finding }
    }

    /// A check that could not be carried out because of a failure.
    pub fn failed(check: CheckKind, problem: &Problem) -> Self {
        Self { remedy: problem.advice.clone(), ..Self::unknown(check, problem.what.clone()) }
    }

    /// Something that was not asked, and why.
    pub fn not_checked(check: CheckKind, why: impl Into<String>) -> Self {
        Self::new(check, CheckOutcome::NotChecked, why)
    }

    /// The same with what helps.
    pub fn helped_by(mut self, actions: impl IntoIterator<Item = Action>) -> Self {
        self.actions.extend(actions);
        self
    }

    /// True for what a person has to know before they agree.
    pub fn is_open(&self) -> bool {
        matches!(self.outcome, CheckOutcome::Problem | CheckOutcome::Unknown)
    }

    /// True for something that does not hold.
    pub fn is_problem(&self) -> bool {
        self.outcome == CheckOutcome::Problem
    }

    /// What was found, in one line.
    pub fn in_words(&self) -> String {
        let about = self.check.about();
        let line = match self.outcome {
            CheckOutcome::Pass => return self.what.clone(),
            CheckOutcome::Problem => self.what.clone(),
            CheckOutcome::Unknown => format!("{about}: could not tell. {}", self.what),
            CheckOutcome::NotChecked => format!("{about}: not checked, {}.", self.what),
        };
        if self.remedy.is_empty() { line } else { format!("{line} {}", self.remedy) }
    }
}
