//! The checks that run while the form is filled in: what is asked, and what came of it.
//!
//! A question is asked a moment after typing stops, and again only when it has changed. Every finding is a hint:
//! Azure's own validation decides, and only that is asked by the preview.

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Field;
use super::machines::MachinesRead;
use crate::app::App;
use crate::app::effect::Effect;
use crate::app::screen::preview;
use crate::app::time::after;
use crate::domain::action::Action;
use crate::domain::check::{CheckFinding, CheckKind, CheckOutcome, CheckQuestion, merge};
use crate::domain::name::{DerivedName, EnvironmentName, Suffix, derived};

/// How long typing must have stopped before anything is asked.
const PAUSE: Duration = Duration::from_millis(400);

/// The checks of the form. Overlaps and the password store stand at their fields.
pub const SHOWN: [CheckKind; 11] = [
    CheckKind::Rights,
    CheckKind::Names,
    CheckKind::Region,
    CheckKind::Machine,
    CheckKind::Learning,
    CheckKind::Image,
    CheckKind::Limits,
    CheckKind::Group,
    CheckKind::Logs,
    CheckKind::Locks,
    CheckKind::Clock,
];

/// Those that are judged here: the form reads sizes and quotas of a region once, for its lists.
const LOCAL: [CheckKind; 2] = [CheckKind::Machine, CheckKind::Learning];

/// A check that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckOrder {
    /// Number of the question; answers to older ones are dropped.
    pub generation: u64,
    /// What is asked.
    pub question: CheckQuestion,
    /// The directory of the environment's own template; `None` for the one that the program carries.
    pub template: Option<PathBuf>,
}

/// The answer to a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckAnswer {
    /// Number of the question.
    pub generation: u64,
    /// What was checked.
    pub kind: CheckKind,
    /// What came of it.
    pub found: Vec<CheckFinding>,
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
    Done(Vec<CheckFinding>),
}

impl CheckState {
    /// What was found.
    pub(crate) fn found(&self) -> &[CheckFinding] {
        match self {
            Self::Done(found) => found,
            Self::Waiting(_) | Self::Asking => &[],
        }
    }

    /// How it came out on the whole; `None` while there is no answer.
    pub(crate) fn outcome(&self) -> Option<CheckOutcome> {
        let outcomes = self.found().iter().map(|finding| finding.outcome);
        let weight = |outcome: &CheckOutcome| match outcome {
            CheckOutcome::Problem => 3,
            CheckOutcome::Unknown => 2,
            CheckOutcome::NotChecked => 1,
            CheckOutcome::Pass => 0,
        };
        outcomes.max_by_key(weight)
    }
}

/// One question with its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Asked {
    question: CheckQuestion,
    #[serde(default)]
    template: Option<PathBuf>,
    generation: u64,
    sent: bool,
    found: Option<Vec<CheckFinding>>,
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
    fn put(&mut self, question: CheckQuestion, template: Option<PathBuf>, now: Timestamp) {
        let kind = question.kind();
        let is_same = |asked: &Asked| asked.question == question && asked.template == template;
        if self.asked.get(&kind).is_some_and(is_same) {
            return;
        }
        self.generation += 1;
        self.due = Some(after(now, PAUSE));
        let generation = self.generation;
        let asked = Asked { question, template, generation, sent: false, found: None };
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
                    template: asked.template.clone(),
                })
            })
            .collect()
    }

    /// Takes in an answer, unless its question stands no longer.
    pub(super) fn answered(&mut self, answer: CheckAnswer) {
        if let Some(asked) = self.asked.get_mut(&answer.kind)
            && asked.generation == answer.generation
        {
            asked.found = Some(answer.found);
        }
    }
}

/// How far a check has come.
pub fn state(app: &App, kind: CheckKind) -> CheckState {
    if LOCAL.contains(&kind) {
        return of_machines(app, kind);
    }
    match (question(app, kind), app.basics.checks.asked.get(&kind)) {
        (Err(reason), _) => CheckState::Waiting(reason),
        (Ok(_), Some(Asked { found: Some(found), .. })) => CheckState::Done(found.clone()),
        (Ok(_), _) => CheckState::Asking,
    }
}

/// Puts every question that can be put and is new.
pub(super) fn refresh(app: &mut App) {
    let now = app.now;
    let template = app.basics.existing.as_ref().and_then(|record| record.template.clone());
    for kind in SHOWN {
        match question(app, kind) {
            Ok(question) => app.basics.checks.put(question, template.clone(), now),
            // An answer that comes later would be to something that stands no longer.
            Err(_) => drop(app.basics.checks.asked.remove(&kind)),
        }
    }
}

/// The question of a check as the form is filled in, or what it waits for.
fn question(app: &App, kind: CheckKind) -> Result<CheckQuestion, String> {
    if !app.basics.is_connected(app) {
        return Err("not connected".to_owned());
    }
    if LOCAL.contains(&kind) {
        return Err("the region's sizes are being read".to_owned());
    }
    as_filled_in(app, kind).map_err(str::to_owned)
}

fn as_filled_in(app: &App, kind: CheckKind) -> Result<CheckQuestion, &'static str> {
    let form = &app.basics;
    let region = form.region().map(|region| region.name.as_str());
    let group = form.existing.as_ref().map(|record| record.resource_group.as_str());
    CheckQuestion::of(kind, &form.draft, region, group, was_sent(app))
}

/// The answers to what is asked now: a question that is no longer put has none.
fn answers(app: &App) -> impl Iterator<Item = &CheckFinding> {
    let all = app.basics.checks.asked.values().filter(|_| app.basics.is_connected(app));
    all.filter_map(|asked| asked.found.as_ref()).flatten()
}

/// What a person has to know before they agree, one finding for each cause. Every picture asks for it, so only what is
/// open is copied.
pub fn open(app: &App) -> Vec<CheckFinding> {
    let local = LOCAL.iter().flat_map(|kind| of_machines(app, *kind).found().to_vec());
    let asked = answers(app).filter(|finding| finding.is_open()).cloned();
    let mut open = merge(asked.chain(local).chain(preview::validated(app)).collect());
    open.retain(CheckFinding::is_open);
    // What does not hold weighs more than what is not known.
    open.sort_by_key(|finding| finding.outcome);
    open
}

/// How many checks are still being asked.
pub fn asking(app: &App) -> usize {
    SHOWN.iter().filter(|kind| state(app, **kind) == CheckState::Asking).count()
}

/// What was found that a field is to blame for.
pub(crate) fn against(app: &App, field: Field) -> Option<CheckFinding> {
    let is_to_blame = |finding: &&CheckFinding| {
        let blamed =
            finding.actions.iter().find_map(Action::field).filter(|_| finding.is_problem());
        match field {
            Field::More => blamed.is_some_and(Field::is_below_more),
            other => blamed == Some(other),
        }
    };
    let of_sizes = matches!(field, Field::JumpboxSize | Field::BuildSize | Field::More);
    answers(app).find(is_to_blame).cloned().or_else(|| {
        let mut local = LOCAL.iter().filter(|_| of_sizes).map(|kind| of_machines(app, *kind));
        local.find_map(|state| state.found().iter().find(is_to_blame).cloned())
    })
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

/// How far a check has come that is judged here, by the sizes and quotas of the region.
fn of_machines(app: &App, kind: CheckKind) -> CheckState {
    let (region, size, computes) = match as_filled_in(app, CheckKind::Machine) {
        Ok(CheckQuestion::Machine { region, size, computes }) => (region, size, computes),
        Ok(_) => return CheckState::Asking,
        Err(reason) => return CheckState::Waiting(reason.to_owned()),
    };
    match &app.basics.machines {
        MachinesRead::Read(of, machines) if *of == region => CheckState::Done(vec![match kind {
            CheckKind::Learning => machines.judge_learning(&computes, of),
            _ => machines.judge(&size, of),
        }]),
        MachinesRead::Failed(of, problem) if *of == region => {
            CheckState::Done(vec![CheckFinding::failed(kind, problem)])
        }
        _ if !app.basics.is_connected(app) => CheckState::Waiting("not connected".to_owned()),
        _ => CheckState::Asking,
    }
}
