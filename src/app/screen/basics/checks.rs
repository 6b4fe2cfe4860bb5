//! The checks that run while the form is filled in: what is asked, and what came of it.
//!
//! A question is asked a moment after typing stops, and again only when it has changed. Every finding is a hint:
//! Azure's own validation decides.

use std::{collections::BTreeMap, time::Duration};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::machines::MachinesRead;
use crate::app::App;
use crate::app::effect::Effect;
use crate::app::time::after;
use crate::domain::name::{DerivedName, EnvironmentName, Suffix, derived};
use crate::domain::settings::{DEFAULT_JUMPBOX_SIZE, DatastoreAccess};

/// How long typing must have stopped before anything is asked.
const PAUSE: Duration = Duration::from_millis(400);

/// What is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckKind {
    /// Whether the names that must be unique in the world are free.
    Names,
    /// Whether a deleted vault keeps its name.
    DeletedVault,
    /// Whether the account may make what is to be made.
    Rights,
    /// Whether the region offers every kind of resource.
    Offered,
    /// Whether there are cores enough for the jumpbox, and its size is offered.
    Machine,
}

impl CheckKind {
    /// All checks, in the order in which they are shown.
    pub const ALL: [Self; 5] =
        [Self::Names, Self::DeletedVault, Self::Rights, Self::Offered, Self::Machine];

    /// What it is about, in a few words.
    pub(crate) fn about(self) -> &'static str {
        match self {
            Self::Names => "Names",
            Self::DeletedVault => "Vault name",
            Self::Rights => "Your rights",
            Self::Offered => "Region",
            Self::Machine => "Jumpbox",
        }
    }
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckQuestion {
    /// Whether these names are free.
    Names { storage: String, vault: String, registry: String },
    /// Whether a deleted vault keeps this name.
    DeletedVault(String),
    /// Whether the account may deploy, and assign roles where that is needed.
    Rights { assigns_roles: bool },
    /// Whether this region offers every kind of resource.
    Offered(String),
}

impl CheckQuestion {
    /// The check that it belongs to.
    pub fn kind(&self) -> CheckKind {
        match self {
            Self::Names { .. } => CheckKind::Names,
            Self::DeletedVault(_) => CheckKind::DeletedVault,
            Self::Rights { .. } => CheckKind::Rights,
            Self::Offered(_) => CheckKind::Offered,
        }
    }
}

/// A check that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckOrder {
    /// Number of the question; answers to older ones are dropped.
    pub generation: u64,
    /// What is asked.
    pub question: CheckQuestion,
}

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckOutcome {
    /// It holds.
    Passed(String),
    /// It does not hold; then what would help.
    Problem { what: String, remedy: String },
    /// It could not be told, and why.
    Unknown(String),
}

/// The answer to a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckAnswer {
    /// Number of the question.
    pub generation: u64,
    /// What was checked.
    pub kind: CheckKind,
    /// What came of it.
    pub verdict: CheckOutcome,
}

/// How far a check has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckState {
    /// It cannot be asked yet, and what it waits for.
    Waiting(String),
    /// Azure is being asked, or will be in a moment.
    Asking,
    /// There is an answer.
    Done(CheckOutcome),
}

/// One question with its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Asked {
    question: CheckQuestion,
    generation: u64,
    sent: bool,
    verdict: Option<CheckOutcome>,
}

/// The questions that have been asked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Checks {
    generation: u64,
    due: Option<Timestamp>,
    asked: BTreeMap<CheckKind, Asked>,
}

impl Checks {
    /// When the next question is sent.
    pub(crate) fn due(&self) -> Option<Timestamp> {
        self.due
    }

    /// Forgets every answer: they were of another subscription.
    pub(super) fn forget(&mut self) {
        self.asked.clear();
        self.due = None;
    }

    /// Puts a question, unless it is the one that stands.
    fn put(&mut self, question: CheckQuestion, now: Timestamp) {
        let kind = question.kind();
        if self.asked.get(&kind).is_some_and(|asked| asked.question == question) {
            return;
        }
        self.generation += 1;
        self.due = Some(after(now, PAUSE));
        let asked = Asked { question, generation: self.generation, sent: false, verdict: None };
        self.asked.insert(kind, asked);
    }

    /// The questions whose time has come.
    pub(super) fn send(&mut self, now: Timestamp) -> Vec<Effect> {
        if self.due.is_none_or(|due| due > now) {
            return Vec::new();
        }
        self.due = None;
        self.asked
            .values_mut()
            .filter(|asked| !asked.sent)
            .map(|asked| {
                asked.sent = true;
                Effect::Check(CheckOrder {
                    generation: asked.generation,
                    question: asked.question.clone(),
                })
            })
            .collect()
    }

    /// Takes in an answer, unless its question stands no longer.
    pub(super) fn answered(&mut self, answer: CheckAnswer) {
        if let Some(asked) = self.asked.get_mut(&answer.kind)
            && asked.generation == answer.generation
        {
            asked.verdict = Some(answer.verdict);
        }
    }
}

/// How far a check has come.
pub fn state(app: &App, kind: CheckKind) -> CheckState {
    if kind == CheckKind::Machine {
        return machine(app);
    }
    match (question(app, kind), app.basics.checks.asked.get(&kind)) {
        (Err(reason), _) => CheckState::Waiting(reason),
        (Ok(_), Some(Asked { verdict: Some(verdict), .. })) => CheckState::Done(verdict.clone()),
        (Ok(_), _) => CheckState::Asking,
    }
}

/// Puts every question that can be put and is new.
pub(super) fn refresh(app: &mut App) {
    let now = app.now;
    for kind in CheckKind::ALL {
        match question(app, kind) {
            Ok(question) => app.basics.checks.put(question, now),
            // An answer that comes later would be to something that stands no longer.
            Err(_) => drop(app.basics.checks.asked.remove(&kind)),
        }
    }
}

/// The question of a check as the form stands, or what it waits for.
fn question(app: &App, kind: CheckKind) -> Result<CheckQuestion, String> {
    if !app.basics.is_connected(app) {
        return Err("not checked, not connected".to_owned());
    }
    match kind {
        // What an earlier attempt made has the names already.
        CheckKind::Names | CheckKind::DeletedVault if was_sent(app) => {
            Err("not checked, it is its own".to_owned())
        }
        CheckKind::Names | CheckKind::DeletedVault => {
            let names = names(app).ok_or("not checked without a name")?;
            let of = |resource: &str| {
                let found = names.iter().find(|each| each.resource == resource);
                found.map(|each| each.name.clone()).unwrap_or_default()
            };
            Ok(if kind == CheckKind::Names {
                CheckQuestion::Names {
                    storage: of("Storage account"),
                    vault: of("Key vault"),
                    registry: of("Container registry"),
                }
            } else {
                CheckQuestion::DeletedVault(of("Key vault"))
            })
        }
        CheckKind::Rights => {
            let draft = &app.basics.draft;
            let by_identity = draft.datastore_access != Some(DatastoreAccess::AccountKey);
            Ok(CheckQuestion::Rights {
                assigns_roles: by_identity || draft.compute_instance == Some(true),
            })
        }
        CheckKind::Offered => {
            let region = app.basics.region().ok_or("not checked without a region")?;
            Ok(CheckQuestion::Offered(region.name.clone()))
        }
        CheckKind::Machine => Err("reads the region's sizes".to_owned()),
    }
}

/// Whether the form is of an environment for which a deployment was sent.
fn was_sent(app: &App) -> bool {
    let record = app.basics.existing.as_ref();
    record.is_some_and(|record| !record.attempts.is_empty())
}

/// The names that follow from name and digits, once both can be used.
pub fn names(app: &App) -> Option<Vec<DerivedName>> {
    let draft = &app.basics.draft;
    let name = EnvironmentName::parse(draft.name.as_deref()?).ok()?;
    let suffix = Suffix::parse(draft.suffix.as_deref()?).ok()?;
    Some(derived(&name, &suffix))
}

fn machine(app: &App) -> CheckState {
    let Some(region) = app.basics.region() else {
        return CheckState::Waiting("not checked without a region".to_owned());
    };
    match &app.basics.machines {
        MachinesRead::Read(of, machines) if *of == region.name => {
            let size = app.basics.draft.jumpbox_size.as_deref();
            let size = size.unwrap_or(DEFAULT_JUMPBOX_SIZE);
            CheckState::Done(machines.judge(size, of))
        }
        MachinesRead::Failed(of, problem) if *of == region.name => {
            CheckState::Done(CheckOutcome::Unknown(problem.what.clone()))
        }
        _ if !app.basics.is_connected(app) => {
            CheckState::Waiting("not checked, not connected".to_owned())
        }
        _ => CheckState::Asking,
    }
}
