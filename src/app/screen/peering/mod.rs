//! Connecting an environment to a hub: which hub, what will be made, and the guided steps with what each still lacks.
//!
//! It shows what was read and judged elsewhere; nothing is changed in Azure but what is asked for and agreed to. It is
//! optional: whoever leaves it finds it again at the same place.

mod act;
mod details;
mod keys;
pub(in crate::app) mod new_hub;
mod news;
#[cfg(test)]
pub(crate) mod tests;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub(in crate::app) use self::act::{hand_over_named, id_typed, script_named};
pub(crate) use self::details::{name as step_name, remedy_here};
use self::keys::{TABLE, availability};
pub use self::new_hub::HubDraft;
pub(in crate::app) use self::new_hub::on_hub_ended;
use self::news::{next_tick, on_tick};
pub(in crate::app) use self::news::{on_changed, on_message};
use super::{Screen, status};
use crate::app::App;
use crate::app::command::Command;
use crate::app::effect::Effect;
use crate::app::place::PlaceRow;
use crate::app::update::moved;
use crate::domain::environment::Record;
use crate::domain::peering::verify::Diagnosis;
use crate::domain::peering::{Candidate, HubConnection, StepStatus, Topic};
use crate::domain::problem::Problem;

/// The peering among the places.
pub(in crate::app) const PLACE: PlaceRow = PlaceRow {
    name: "Peering",
    open,
    record: |app| app.peering.record.as_deref(),
    availability,
    on_row,
    on_pane,
    on_paste,
    on_tick,
    next_tick,
    ..PlaceRow::new("Peering with a hub", TABLE, run)
};

/// A pane of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum PeeringPane {
    /// The hubs.
    #[default]
    Hubs,
    /// The guided steps.
    Steps,
}

/// What a test from on-premises has found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tested {
    /// Where it was run, such as `this machine`.
    pub from: String,
    /// True when everything was as it must be.
    pub fine: bool,
    /// The result in one sentence.
    pub headline: String,
    /// Each name that was tried: whether it is as it must be, and what was seen.
    pub lines: Vec<(bool, String)>,
    /// What was observed that is not as it must be, with what fits it, nearest first.
    pub verdicts: Vec<Diagnosis>,
    /// What was not tried, a sentence each.
    pub remarks: Vec<String>,
}

/// A hub looked at closely.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubLook {
    /// The hub, judged by everything that was read.
    pub candidate: Candidate,
    /// What stands between it and the environment.
    pub connection: HubConnection,
}

/// The screen's state.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Peering {
    /// The environment.
    pub record: Option<Box<Record>>,
    /// The screen to go back to.
    pub from: Option<Screen>,
    /// The hubs, best first; `None` until they were read.
    pub hubs: Option<Vec<Candidate>>,
    /// True while hubs are being read.
    pub finding: bool,
    /// The chosen hub's row.
    pub selected: usize,
    /// What stands between the environment and the hub that was looked at.
    pub connection: Option<Box<HubConnection>>,
    /// When that was read.
    pub read_at: Option<Timestamp>,
    /// Id of the hub that is being looked at now.
    pub looking_at: Option<String>,
    /// Why something could not be read.
    pub problem: Option<Problem>,
    /// What a test from on-premises has found.
    pub tested: Option<Tested>,
    /// True while a test runs.
    pub testing: bool,
    /// The pane that has the keys.
    pub pane: PeeringPane,
    /// The chosen step's row.
    pub step: usize,
}

impl Peering {
    pub(in crate::app) fn is_of(&self, full_name: &str) -> bool {
        let record = self.record.as_ref();
        record.is_some_and(|record| record.full_name == full_name)
    }

    /// The hub that the environment is recorded to be connected to.
    pub(crate) fn own_hub(&self) -> Option<&str> {
        self.record.as_ref()?.settings.hub.as_deref()
    }

    /// The chosen hub.
    pub(crate) fn chosen(&self) -> Option<&Candidate> {
        self.hubs.as_ref()?.get(self.selected)
    }

    /// What stands between the environment and the chosen hub, where that was looked at.
    pub(crate) fn shown(&self) -> Option<&HubConnection> {
        let connection = self.connection.as_deref()?;
        let same = |id: &str| connection.hub.id.eq_ignore_ascii_case(id);
        match self.chosen() {
            Some(chosen) => same(&chosen.hub.id).then_some(connection),
            None => Some(connection),
        }
    }

    /// What a test has found, where it is about the hub that is shown.
    pub(crate) fn tested(&self) -> Option<&Tested> {
        let shown = self.shown()?;
        let own = self.own_hub()?;
        let same = own.eq_ignore_ascii_case(&shown.hub.id);
        self.tested.as_ref().filter(|_| same)
    }

    /// Whether the step of linking waits for the hub's owner.
    pub(crate) fn waits(&self) -> bool {
        self.shown().is_some_and(|connection| {
            connection
                .steps
                .iter()
                .any(|step| step.topic == Topic::Link && step.standing == StepStatus::Waiting)
        })
    }

    fn select(&mut self, id: &str) {
        let found =
            self.hubs.iter().flatten().position(|each| each.hub.id.eq_ignore_ascii_case(id));
        if let Some(row) = found {
            self.selected = row;
        }
    }

    /// Takes in a hub that was looked at closely, and chooses it.
    fn take(&mut self, candidate: Candidate) {
        let id = candidate.hub.id.clone();
        let hubs = self.hubs.get_or_insert_default();
        match hubs.iter_mut().find(|each| each.hub.id.eq_ignore_ascii_case(&id)) {
            Some(known) => *known = candidate,
            None => hubs.push(candidate),
        }
        self.select(&id);
    }

    fn count(&self) -> usize {
        match self.pane {
            PeeringPane::Hubs => self.hubs.as_ref().map_or(0, Vec::len),
            PeeringPane::Steps => self.shown().map_or(0, |connection| connection.steps.len()),
        }
    }
}

/// Opens the peering of an environment, and reads hubs and, where one is recorded, how far it is connected.
pub(in crate::app) fn open(app: &mut App, record: &Record) -> Vec<Effect> {
    let from = Some(app.screen);
    app.go(Screen::Peering);
    if !app.peering.is_of(&record.full_name) {
        app.peering = Peering::default();
    }
    app.peering.from = from;
    app.peering.record = Some(Box::new(record.clone()));
    read(app)
}

/// Reads hubs and connection again.
fn read(app: &mut App) -> Vec<Effect> {
    let Some(record) = app.peering.record.clone() else { return Vec::new() };
    app.peering.finding = true;
    app.peering.problem = None;
    let hub = app
        .peering
        .connection
        .as_ref()
        .map(|connection| connection.hub.id.clone())
        .or_else(|| app.peering.own_hub().map(str::to_owned));
    let mut effects = vec![Effect::FindHubs(record)];
    if let Some(hub) = hub {
        effects.extend(look(app, hub));
    }
    effects
}

/// Looks closely at a hub: both sides, names and routes.
fn look(app: &mut App, hub: String) -> Vec<Effect> {
    let Some(record) = app.peering.record.clone() else { return Vec::new() };
    app.peering.looking_at = Some(hub.clone());
    vec![Effect::ReadConnection { record, hub }]
}

fn run(app: &mut App, command: Command) -> Vec<Effect> {
    let Some(record) = app.peering.record.clone() else { return app.go_to_list() };
    match command {
        Command::Back => {
            app.go(app.peering.from.unwrap_or(Screen::Status));
            // Opened from the list by another way, there may be nothing to go back to.
            if app.screen == Screen::Status && !app.status.is_of(&record.full_name) {
                return status::open(app, &record);
            }
        }
        Command::Finish => return app.go_to_list(),
        Command::NextPane | Command::PreviousPane => {
            app.peering.pane = match app.peering.pane {
                PeeringPane::Hubs => PeeringPane::Steps,
                PeeringPane::Steps => PeeringPane::Hubs,
            };
        }
        Command::Accept => return accept(app),
        Command::Refresh => return read(app),
        Command::Verify => {
            app.peering.testing = true;
            return vec![Effect::Verify(record)];
        }
        Command::Link => act::ask_link(app),
        Command::Unlink => return act::ask_unlink(app),
        Command::HubId => act::ask_id(app),
        Command::NewHub => new_hub::ask(app),
        Command::HandOver => act::ask_hand_over(app),
        Command::SaveScript => act::ask_script(app),
        Command::Forward => return vec![Effect::ListForwarders(record)],
        other => {
            let count = app.peering.count();
            match app.peering.pane {
                PeeringPane::Hubs => {
                    app.peering.selected = moved(app.peering.selected, count, other);
                }
                PeeringPane::Steps => app.peering.step = moved(app.peering.step, count, other),
            }
        }
    }
    Vec::new()
}

/// On a hub: looks at it closely. On a step: shows it in full.
fn accept(app: &mut App) -> Vec<Effect> {
    if let Some(problem) = app.peering.problem.clone() {
        app.show_problem(&problem);
        return Vec::new();
    }
    let already = app.peering.shown().is_some();
    match (app.peering.pane, app.peering.chosen()) {
        (PeeringPane::Hubs, Some(chosen)) if !already => {
            let hub = chosen.hub.id.clone();
            return look(app, hub);
        }
        (PeeringPane::Hubs, Some(chosen)) => app.show(details::of_candidate(chosen)),
        (PeeringPane::Hubs, None) => {}
        (PeeringPane::Steps, _) => {
            let viewer = app
                .peering
                .shown()
                .and_then(|connection| connection.steps.get(app.peering.step))
                .map(|step| details::of_step(step, app.peering.tested()));
            if let Some(viewer) = viewer {
                app.show(viewer);
            }
        }
    }
    Vec::new()
}

fn on_pane(app: &mut App, pane: usize) -> Vec<Effect> {
    app.peering.pane = if pane == 0 { PeeringPane::Hubs } else { PeeringPane::Steps };
    Vec::new()
}

fn on_row(app: &mut App, row: usize) -> Vec<Effect> {
    let last = app.peering.count().saturating_sub(1);
    let place = match app.peering.pane {
        PeeringPane::Hubs => &mut app.peering.selected,
        PeeringPane::Steps => &mut app.peering.step,
    };
    if *place == row {
        return accept(app);
    }
    *place = row.min(last);
    Vec::new()
}

/// What was pasted here is what the script has written on a machine on-premises.
fn on_paste(app: &mut App, text: &str) -> Vec<Effect> {
    let Some(record) = app.peering.record.clone() else { return Vec::new() };
    app.peering.testing = true;
    vec![Effect::JudgeResults { record, text: text.to_owned() }]
}
