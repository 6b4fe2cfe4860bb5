//! An environment that stands: its parts, what has changed in it, what has happened, and what can be done about it.
//!
//! Everything here was read at one moment, which is shown; nothing is changed in Azure but what is asked for and
//! agreed to.

mod act;
mod keys;
mod names;
mod on_map;
#[cfg(test)]
pub(in crate::app) mod tests;
mod texts;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use self::keys::{TABLE, availability};
use self::texts::{of_difference, of_happened, of_part};
use super::{Screen, credentials, deploy, environments};
use crate::app::command::Command;
use crate::app::effect::Effect;
use crate::app::map::MapState;
use crate::app::place::PlaceRow;
use crate::app::update::{moved, next, previous};
use crate::app::{App, Tone};
use crate::domain::cost::Estimate;
use crate::domain::drift::Drift;
use crate::domain::environment::{MadeBy, Record};
use crate::domain::health::{HealthPart, HealthState};
use crate::domain::map::NetworkMap;
use crate::domain::problem::{Problem, Result};
use crate::domain::registration::Elsewhere;

pub(crate) use self::on_map::look as map_look;

/// The status among the places.
pub(in crate::app) const PLACE: PlaceRow = PlaceRow {
    open,
    record: |app| app.status.record.as_deref(),
    first,
    availability,
    on_row,
    on_pane,
    ..PlaceRow::new("Status", TABLE, run)
};

fn first(app: &App) -> &'static [Command] {
    match &app.status.seen {
        Some(seen) if seen.paused => &[Command::Pause],
        Some(seen) if !seen.drift.differences.is_empty() => &[Command::Accept, Command::Mend],
        _ => &[
            Command::Open(Screen::Credentials),
            Command::Open(Screen::Audit),
            Command::Open(Screen::Peering),
            Command::Open(Screen::Refused),
        ],
    }
}

/// Something that has happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happened {
    /// When, by Azure's clock.
    pub time: Timestamp,
    /// What.
    pub what: String,
    /// Who, where that is told.
    pub who: Option<String>,
}

/// What was read of an environment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StatusReading {
    /// Its parts.
    pub parts: Vec<HealthPart>,
    /// What has changed.
    pub drift: Drift,
    /// What has happened, newest first.
    pub history: Vec<Happened>,
    /// What has to be registered, where its private DNS zones exist elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<Elsewhere>,
    /// True while its firewall is paused.
    pub paused: bool,
    /// What it costs while it is not paused.
    pub cost: Option<Estimate>,
    /// What could not be read besides.
    pub problems: Vec<Problem>,
    /// The environment as a map.
    #[serde(default)]
    pub map: Option<Box<NetworkMap>>,
}

/// A pane of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum StatusPane {
    /// The parts.
    #[default]
    Parts,
    /// What was not planned, or is not known.
    Drift,
    /// What has happened.
    History,
}

impl StatusPane {
    /// The panes, in their order.
    pub const ALL: [Self; 3] = [Self::Parts, Self::Drift, Self::History];

    /// Its title.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Parts => "Parts",
            Self::Drift => "Compared with the plan",
            Self::History => "History",
        }
    }
}

/// The screen's state.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Status {
    /// The environment.
    pub record: Option<Box<Record>>,
    /// What was read last.
    pub seen: Option<Box<StatusReading>>,
    /// When that was asked for.
    pub read_at: Option<Timestamp>,
    /// When what is being read was asked for.
    pub asked_at: Option<Timestamp>,
    /// True while it is being read.
    pub reading: bool,
    /// True when something has ended since what is being read was asked for.
    pub again: bool,
    /// Why it could not be read.
    pub problem: Option<Problem>,
    /// The pane that has the keys.
    pub pane: StatusPane,
    /// The chosen row in each pane.
    pub rows: [usize; 3],
    /// Whether the map is shown in place of the parts.
    #[serde(default)]
    pub on_map: bool,
    /// What is shown of the map.
    #[serde(default)]
    pub map: MapState,
}

impl Status {
    /// True when this is about an environment.
    pub(crate) fn is_of(&self, full_name: &str) -> bool {
        self.record.as_ref().is_some_and(|record| record.full_name == full_name)
    }

    /// The chosen row of a pane.
    pub fn row(&self, pane: StatusPane) -> usize {
        self.rows.get(pane as usize).copied().unwrap_or_default()
    }

    fn set_row(&mut self, pane: StatusPane, row: usize) {
        if let Some(place) = self.rows.get_mut(pane as usize) {
            *place = row;
        }
    }

    /// How many rows a pane has.
    pub fn count(&self, pane: StatusPane) -> usize {
        let Some(seen) = &self.seen else { return 0 };
        match pane {
            StatusPane::Parts => seen.parts.len(),
            StatusPane::Drift => seen.drift.rows().count(),
            StatusPane::History => seen.history.len(),
        }
    }

    /// True while the jumpbox runs, as far as was read.
    pub(crate) fn jumpbox_runs(&self) -> Option<bool> {
        let parts = &self.seen.as_ref()?.parts;
        let jumpbox = parts.iter().find(|each| each.title == "Jumpbox")?;
        match jumpbox.state {
            HealthState::Good => Some(true),
            HealthState::Off => Some(false),
            HealthState::Warning | HealthState::Bad | HealthState::Unknown => None,
        }
    }
}

/// Whether it is changed from here at all.
///
/// # Errors
/// The reason why not.
fn is_ours(record: Option<&Record>) -> Result<(), String> {
    if record.is_some_and(|record| record.made_by == MadeBy::Terraform) {
        let words =
            "Terraform manages this environment. Change it there, so that its state stays in sync.";
        return Err(words.to_owned());
    }
    Ok(())
}

/// Whether an environment can be changed now.
///
/// # Errors
/// The reason why not.
pub(in crate::app) fn changeable(app: &App, record: Option<&Record>) -> Result<(), String> {
    is_ours(record)?;
    app.wait_for_change(record.map_or("", |record| &record.full_name))
}

/// Opens an environment and reads it.
pub(in crate::app) fn open(app: &mut App, record: &Record) -> Vec<Effect> {
    app.go(Screen::Status);
    if !app.status.is_of(&record.full_name) {
        app.status = Status { record: Some(Box::new(record.clone())), ..Status::default() };
    }
    if app.status.reading { Vec::new() } else { read(app) }
}

/// Reads it again after something has ended. What is being read meanwhile may be of before.
pub(in crate::app) fn read_anew(app: &mut App) -> Vec<Effect> {
    app.status.again = app.status.reading;
    if app.status.reading { Vec::new() } else { read(app) }
}

/// Reads the environment that is shown once more.
pub(in crate::app) fn read(app: &mut App) -> Vec<Effect> {
    let Some(record) = app.status.record.clone() else { return Vec::new() };
    app.status.reading = true;
    app.status.asked_at = Some(app.now);
    vec![Effect::Inspect(record)]
}

/// What was read, or why it could not be.
pub(in crate::app) fn on_inspected(
    app: &mut App,
    full_name: &str,
    read: Result<Box<StatusReading>>,
) -> Vec<Effect> {
    if !app.status.is_of(full_name) {
        return Vec::new();
    }
    app.status.reading = false;
    let asked_at = app.status.asked_at.take();
    if std::mem::take(&mut app.status.again) {
        return self::read(app);
    }
    match read {
        Ok(seen) => {
            app.status.seen = Some(seen);
            app.status.read_at = asked_at.or(Some(app.now));
            app.status.problem = None;
            for pane in StatusPane::ALL {
                let last = app.status.count(pane).saturating_sub(1);
                let row = app.status.row(pane).min(last);
                app.status.set_row(pane, row);
            }
        }
        Err(problem) => app.status.problem = Some(problem),
    }
    Vec::new()
}

fn run(app: &mut App, command: Command) -> Vec<Effect> {
    let Some(record) = app.status.record.clone() else { return app.go_to_list() };
    match command {
        Command::Back => return app.go_to_list(),
        Command::NextPane => app.status.pane = next(&StatusPane::ALL, app.status.pane),
        Command::PreviousPane => app.status.pane = previous(&StatusPane::ALL, app.status.pane),
        Command::Map => app.status.on_map = !app.status.on_map,
        Command::Up | Command::Down | Command::Left | Command::Right if app.status.on_map => {
            let (status, columns) = (&mut app.status, app.columns);
            if let Some(map) = status.seen.as_ref().and_then(|seen| seen.map.as_ref()) {
                status.map.walk(map, columns, command);
            }
        }
        Command::Accept => details(app),
        Command::Refresh => return read(app),
        Command::Deployment => return deploy::open(app, &record),
        Command::Power | Command::Pause | Command::Mend => {
            return act::ask(app, command, &record);
        }
        Command::Delete => return environments::ask_delete_of(app, &record),
        Command::Guide => credentials::show_way(app, &record),
        other => {
            let pane = app.status.pane;
            let row = moved(app.status.row(pane), app.status.count(pane), other);
            app.status.set_row(pane, row);
        }
    }
    Vec::new()
}

fn on_pane(app: &mut App, pane: usize) -> Vec<Effect> {
    app.status.pane = StatusPane::ALL.get(pane).copied().unwrap_or(app.status.pane);
    Vec::new()
}

fn on_row(app: &mut App, row: usize) -> Vec<Effect> {
    if app.status.on_map {
        let status = &mut app.status;
        let map = status.seen.as_ref().and_then(|seen| seen.map.as_ref());
        if !map.is_some_and(|map| status.map.choose(map, row)) {
            details(app);
        }
        return Vec::new();
    }
    let pane = app.status.pane;
    if app.status.row(pane) == row {
        details(app);
    } else {
        app.status.set_row(pane, row);
    }
    Vec::new()
}

/// Shows the chosen row in full.
fn details(app: &mut App) {
    if let Some(problem) = app.status.problem.clone() {
        app.show_problem(&problem);
        return;
    }
    if app.status.on_map {
        return on_map::open(app);
    }
    let Some(seen) = app.status.seen.as_deref() else { return };
    let row = app.status.row(app.status.pane);
    let viewer = match app.status.pane {
        StatusPane::Parts => seen.parts.get(row).map(|part| of_part(part, seen.elsewhere.as_ref())),
        StatusPane::Drift => seen.drift.rows().nth(row).map(of_difference),
        StatusPane::History => seen.history.get(row).map(of_happened),
    };
    match viewer {
        Some(viewer) => app.show(viewer),
        None => app.say(Tone::Plain, "There is nothing to open here."),
    }
}
