//! What would be made: resources, graph, firewall, network, cost and parameters, before anything exists.
//!
//! The plan is worked out outside and comes as a message; what is switched here goes into the form's answers, and the
//! plan is asked for anew. It must not make anything: only the yes to the question with the cost does.

mod act;
mod firewall;
mod keys;
mod on_map;
mod packages;
mod question;
mod rows;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Screen, basics};
use crate::app::App;
use crate::app::effect::Effect;
use crate::app::graph::GraphState;
use crate::app::map::MapState;
use crate::app::message::Message;
use crate::app::place::PlaceRow;
use crate::domain::check::CheckFinding;
use crate::domain::cost::{Estimate, estimate};
use crate::domain::map::{MapHub, NetworkMap};
use crate::domain::operation::Order;
use crate::domain::plan::{Plan, PlannedResource};
use crate::domain::problem::Problem;
use crate::domain::settings::Settings;

use self::act::{availability, on_pane, on_row, run};
pub(in crate::app) use self::firewall::host_typed;
pub(crate) use self::firewall::{FirewallRow, firewall_rows};
use self::keys::TABLE;
pub(in crate::app) use self::on_map::member as map_member;
pub(in crate::app) use self::packages::{index_typed, pip_told};
pub(crate) use self::rows::{ResourceRow, resource_rows};

/// The preview among the places.
pub(in crate::app) const PLACE: PlaceRow =
    PlaceRow { availability, on_row, on_pane, ..PlaceRow::new("Preview", TABLE, run) };

/// A part of the preview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub enum Tab {
    /// The network as it will be, drawn.
    #[default]
    Map,
    /// Every resource, by area.
    Resources,
    /// What depends on what.
    Graph,
    /// What may go out.
    Firewall,
    /// Addresses, routes and the rules of the network security groups.
    Network,
    /// What it costs.
    Cost,
    /// The template's parameters as they will be sent.
    Parameters,
}

impl Tab {
    /// All parts, in their order.
    pub const ALL: [Self; 7] = [
        Self::Map,
        Self::Resources,
        Self::Graph,
        Self::Firewall,
        Self::Network,
        Self::Cost,
        Self::Parameters,
    ];

    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Map => "Map",
            Self::Resources => "Resources",
            Self::Graph => "Graph",
            Self::Firewall => "Firewall",
            Self::Network => "Network",
            Self::Cost => "Cost",
            Self::Parameters => "Parameters",
        }
    }
}

/// The preview.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Preview {
    /// Number of the last question.
    pub generation: u64,
    /// True while the plan is being worked out.
    pub asked: bool,
    /// What would be made, as far as it was last told.
    pub plan: Option<Box<Plan>>,
    /// What Azure's own validation found; `None` while it is asked, and where it cannot be.
    pub validation: Option<Vec<CheckFinding>>,
    /// The choices that were validated.
    pub validated: Option<Box<Settings>>,
    /// Why it cannot be told.
    pub problem: Option<Box<Problem>>,
    /// The part that is shown.
    pub tab: Tab,
    /// Whether the cursor is on the row that deploys, above the parts: there it begins.
    #[serde(default)]
    pub on_deploy: bool,
    /// The chosen row of each part.
    pub chosen: BTreeMap<Tab, usize>,
    /// Areas whose resources are shown.
    pub open_areas: BTreeSet<String>,
    /// Groups of the firewall whose entries are shown.
    pub open_groups: BTreeSet<String>,
    /// What is shown of the graph.
    pub graph: GraphState,
    /// The plan as a map.
    #[serde(default)]
    pub map: Option<Box<NetworkMap>>,
    /// What is shown of the map.
    #[serde(default)]
    pub map_state: MapState,
}

impl Preview {
    /// The chosen row of the part that is shown.
    pub(crate) fn selected(&self) -> usize {
        self.chosen.get(&self.tab).copied().unwrap_or_default()
    }

    /// The resource of the chosen row.
    pub(crate) fn chosen_resource(&self) -> Option<&PlannedResource> {
        let plan = self.plan.as_ref()?;
        match resource_rows(self).get(self.selected())? {
            ResourceRow::Resource(index) => plan.resources.get(*index),
            ResourceRow::Area { .. } => None,
        }
    }
}

/// What it costs, by the prices that are known.
pub(crate) fn cost(app: &App) -> Option<Estimate> {
    let plan = app.preview.plan.as_ref()?;
    Some(estimate(plan, &app.costs.prices(&plan.region)))
}

/// Opens the preview of what the form says.
pub(in crate::app) fn open(app: &mut App) -> Vec<Effect> {
    app.go(Screen::Preview);
    app.preview.on_deploy = true;
    ask(app)
}

/// Asks for the plan anew.
pub(in crate::app) fn ask(app: &mut App) -> Vec<Effect> {
    match basics::settings(app) {
        Ok(settings) => {
            app.preview.generation += 1;
            app.preview.asked = true;
            app.preview.validation = None;
            vec![Effect::Plan {
                generation: app.preview.generation,
                settings: Box::new(settings),
                existing: app.basics.existing.clone(),
            }]
        }
        Err(unfinished) => {
            app.preview.problem = Some(Box::new(Problem::from(unfinished)));
            Vec::new()
        }
    }
}

/// What is to be deployed, by form and preview; `None` while something is missing.
pub(in crate::app) fn order(app: &App) -> Option<Order> {
    Some(Order {
        settings: basics::settings(app).ok()?,
        keeping: app.basics.keeping()?,
        existing: app.basics.existing.clone(),
        mend: false,
    })
}

/// What Azure's own validation found, as long as the choices are those that it validated.
pub(in crate::app) fn validated(app: &App) -> Vec<CheckFinding> {
    let Some(found) = &app.preview.validation else { return Vec::new() };
    let is_of = |settings: Settings| app.preview.validated.as_deref() == Some(&settings);
    let holds = !found.is_empty() && basics::settings(app).is_ok_and(is_of);
    if holds { found.clone() } else { Vec::new() }
}

/// Lets Azure validate what is shown, where it can be asked.
fn validate(app: &mut App) -> Vec<Effect> {
    let Ok(settings) = basics::settings(app) else { return Vec::new() };
    if app.not_connected().is_some() {
        return Vec::new();
    }
    app.preview.validated = Some(Box::new(settings.clone()));
    vec![Effect::Validate {
        generation: app.preview.generation,
        settings: Box::new(settings),
        existing: app.basics.existing.clone(),
    }]
}

pub(in crate::app) fn on_message(app: &mut App, message: Message) -> Vec<Effect> {
    let preview = &mut app.preview;
    match message {
        Message::Planned { generation, plan } if generation == preview.generation => {
            preview.asked = false;
            preview.problem = None;
            let hub = app.basics.draft.hub.as_deref().and_then(|id| id.rsplit('/').next());
            let hub = hub.map_or(MapHub::Apart, MapHub::Chosen);
            preview.map = Some(Box::new(NetworkMap::of(&plan, hub)));
            preview.plan = Some(plan);
            return validate(app);
        }
        Message::Validated { generation, found } if generation == preview.generation => {
            preview.validation = Some(found);
        }
        Message::PlanFailed { generation, problem } if generation == preview.generation => {
            preview.asked = false;
            preview.problem = Some(Box::new(problem));
        }
        _ => {}
    }
    Vec::new()
}

/// Writes the plan to a file that was named.
///
/// # Errors
/// When no name was typed, or the form is not complete.
pub(in crate::app) fn save_named(app: &mut App, typed: &str) -> Result<Vec<Effect>, String> {
    let settings = named(app, typed, "a file")?;
    Ok(vec![Effect::SavePlan { path: typed.into(), settings }])
}

/// Exports into a directory that was named.
///
/// # Errors
/// When no name was typed, or the form is not complete.
pub(in crate::app) fn export_named(app: &mut App, typed: &str) -> Result<Vec<Effect>, String> {
    let settings = named(app, typed, "a directory")?;
    Ok(vec![Effect::Export { directory: typed.into(), settings }])
}

fn named(
    app: &App,
    typed: &str,
    what: &str,
) -> Result<Box<crate::domain::settings::Settings>, String> {
    if typed.is_empty() {
        return Err(format!("Type the name of {what}, or press Esc."));
    }
    basics::settings(app).map(Box::new).map_err(|unfinished| Problem::from(unfinished).what)
}
