//! The live pane: one operation as it is watched, a deployment above all. What is told of it is folded in `app::watch`;
//! here is what the person has set, and what they can do.

mod act;
mod clock;
mod detail;
mod ending;
mod keys;
mod news;
mod portal;
mod summary;
mod tree;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Screen;
use crate::app::App;
use crate::app::graph::GraphState;
use crate::app::map::MapState;
use crate::app::place::PlaceRow;
use crate::domain::progress::{Step, StepState};

use self::act::{availability, on_pane, on_row, run};
pub(in crate::app) use self::act::{cancel, map_member, mend, open, retry, show_at_hand};
use self::clock::next_tick;
pub(crate) use self::clock::{course, elapsed, is_fresh, seconds_since_read, step_elapsed};
pub(crate) use self::ending::kept_words;
use self::keys::TABLE;
pub(in crate::app) use self::news::{on_ended, over};
pub(crate) use self::tree::{AreaState, TreeRow, rows};

/// The live pane among the places.
pub(in crate::app) const PLACE: PlaceRow =
    PlaceRow { availability, on_row, on_pane, next_tick, ..PlaceRow::new("Deploy", TABLE, run) };

/// A part of the screen that can have the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum LivePane {
    /// The resources by area.
    #[default]
    Resources,
    /// What runs now; after the end, what happened.
    Now,
    /// What was heard, newest last.
    Activity,
}

impl LivePane {
    /// All panes, in their order.
    pub const ALL: [Self; 3] = [Self::Resources, Self::Now, Self::Activity];
}

/// How resources are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum View {
    /// Rows by area.
    #[default]
    Rows,
    /// Bars over time.
    Chart,
    /// What depends on what.
    Graph,
    /// The network, which fills as it comes to be.
    Map,
}

impl View {
    /// All views, in their order.
    pub(crate) const ALL: [Self; 4] = [Self::Rows, Self::Chart, Self::Graph, Self::Map];
}

/// Which operation is shown, and what the person has set.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Deploy {
    /// The operation's number.
    pub shown: u64,
    /// The screen to go back to; `None` is the list.
    pub from: Option<Screen>,
    /// The steps as they stood when the picture was frozen.
    pub frozen: Option<Vec<Step>>,
    /// Areas that are open: by hand, and those with trouble once it is over.
    pub opened: BTreeSet<String>,
    /// The chosen row of the tree.
    pub selected: usize,
    /// Lines of the log that are scrolled back.
    pub back: usize,
    /// The part of the screen that has the keys.
    pub pane: LivePane,
    /// How resources are shown.
    pub view: View,
    /// What is shown of the graph.
    pub graph: GraphState,
    /// What is shown of the map.
    #[serde(default)]
    pub map: MapState,
}

impl App {
    /// Shows an operation; what the person has set for another one is forgotten but the view.
    pub(in crate::app) fn show_watch(&mut self, id: u64, from: Option<Screen>) {
        if self.deploy.shown != id {
            self.deploy = Deploy { shown: id, view: self.deploy.view, ..Deploy::default() };
        }
        self.deploy.from = from;
        self.go(Screen::Deploy);
    }

    /// How resources are shown; without a plan there is one way.
    pub(crate) fn view(&self) -> View {
        let is_planned = self.watch().is_some_and(|watch| watch.operation.is_deployment());
        if is_planned { self.deploy.view } else { View::Rows }
    }
}

/// The steps that run, longest first.
pub fn running(app: &App) -> Vec<&Step> {
    let steps = app.shown_steps().iter();
    let mut running: Vec<&Step> = steps.filter(|step| step.state == StepState::Running).collect();
    running.sort_by_key(|step| std::cmp::Reverse(step.elapsed));
    running
}
