//! The rows of the tree: areas, and the resources of those that are open.

use std::{collections::BTreeSet, time::Duration};

use super::View;
use crate::app::App;
use crate::domain::progress::{Step, StepState};

/// How an area stands, by the worst of its steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AreaState {
    /// Nothing of it has begun.
    Waiting,
    /// Something of it runs, or some of it is made.
    Running,
    /// All of it is made.
    Done,
    /// Something of it failed.
    Failed,
    /// It will not be finished in this deployment.
    Stopped,
}

/// One row of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TreeRow {
    /// An area.
    Area {
        /// Its name.
        name: String,
        /// How it stands.
        state: AreaState,
        /// Steps that are made.
        done: usize,
        /// All its steps.
        total: usize,
        /// From its first step's begin to its last one's end, as far as that is known.
        took: Option<Duration>,
        /// Areas that it waits for.
        after: Vec<String>,
        /// Whether its steps are shown.
        open: bool,
    },
    /// A resource, by its place in the steps.
    Step(usize),
}

impl TreeRow {
    /// Whether it is of the same area or step, however that stands.
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Area { name, .. }, Self::Area { name: other, .. }) => name == other,
            (Self::Step(index), Self::Step(other)) => index == other,
            _ => false,
        }
    }
}

/// The areas in the order of their first steps; steps without one are shown as `other`.
fn areas(steps: &[Step]) -> Vec<&str> {
    let mut areas: Vec<&str> = Vec::new();
    for step in steps {
        if !areas.contains(&step.area.as_str()) {
            areas.push(&step.area);
        }
    }
    areas
}

/// The rows to show: steps that make no resource one by one, else areas. An area is open where somebody opened it, and
/// nothing opens or closes while it goes on: rows that come and go would move those that are being read.
pub fn rows(app: &App) -> Vec<TreeRow> {
    let (steps, deploy) = (app.shown_steps(), &app.deploy);
    if steps.iter().all(Step::is_act) {
        return (0..steps.len()).map(TreeRow::Step).collect();
    }
    let mut rows = Vec::new();
    for area in areas(steps) {
        let members: Vec<(usize, &Step)> =
            steps.iter().enumerate().filter(|(_, step)| step.area == area).collect();
        let state = state(&members);
        let open = deploy.opened.contains(area);
        rows.push(TreeRow::Area {
            name: area.to_owned(),
            state,
            done: members.iter().filter(|(_, step)| step.is_done()).count(),
            total: members.len(),
            took: took(&members),
            after: if state == AreaState::Waiting {
                waits_for(steps, area, &members)
            } else {
                Vec::new()
            },
            open,
        });
        if open {
            rows.extend(members.iter().map(|(index, _)| TreeRow::Step(*index)));
        }
    }
    rows
}

/// Opens the areas with trouble, once it is over; the chosen row stays chosen.
pub(super) fn open_failed(app: &mut App) {
    let all = rows(app);
    let failed = all.iter().filter_map(|row| match row {
        TreeRow::Area { name, state: AreaState::Failed, .. } => Some(name.clone()),
        _ => None,
    });
    let failed: Vec<String> = failed.collect();
    app.deploy.opened.extend(failed);
    // In the other views nothing is folded.
    let chosen = all.get(app.deploy.selected).filter(|_| app.view() == View::Rows);
    let Some(chosen) = chosen else { return };
    let at = rows(app).iter().position(|row| row.is_same(chosen));
    app.deploy.selected = at.unwrap_or(app.deploy.selected);
}

fn state(members: &[(usize, &Step)]) -> AreaState {
    let any = |wanted: fn(&StepState) -> bool| members.iter().any(|(_, step)| wanted(&step.state));
    if any(|state| matches!(state, StepState::Failed(_))) {
        AreaState::Failed
    } else if members.iter().all(|(_, step)| step.is_done()) {
        AreaState::Done
    } else if any(|state| *state == StepState::Running) {
        AreaState::Running
    } else if any(|state| matches!(state, StepState::Cancelled | StepState::WillNotRun { .. })) {
        AreaState::Stopped
    } else if any(|state| *state == StepState::Done) {
        AreaState::Running
    } else {
        AreaState::Waiting
    }
}

/// From the first begin to the last end of what has begun.
fn took(members: &[(usize, &Step)]) -> Option<Duration> {
    let spans = members.iter().filter_map(|(_, step)| {
        let started = step.started?;
        let ended = started.checked_add(step.elapsed?).ok()?;
        Some((started, ended))
    });
    let (first, last) = spans.fold((None, None), |(first, last), (started, ended)| {
        (
            Some(first.map_or(started, |first| started.min(first))),
            Some(last.map_or(ended, |last| ended.max(last))),
        )
    });
    Duration::try_from(last?.duration_since(first?)).ok()
}

/// The other areas that hold what this one waits for, in their order.
fn waits_for(steps: &[Step], own: &str, members: &[(usize, &Step)]) -> Vec<String> {
    let waited: BTreeSet<&str> = members
        .iter()
        .filter_map(|(_, step)| match &step.state {
            StepState::Waiting { on } => Some(on),
            _ => None,
        })
        .flatten()
        .map(String::as_str)
        .collect();
    let mut found: Vec<String> = Vec::new();
    for step in steps {
        if step.area != own && waited.contains(step.symbol.as_str()) && !found.contains(&step.area)
        {
            found.push(step.area.clone());
        }
    }
    found
}
