//! The list of environments: those recorded on this machine and those found in Azure, or a welcome where there are
//! none.
//!
//! Azure is right where the two differ. The list shows what is known at once and fills in as answers come.

mod answers;
mod keys;
mod portal;
mod removal;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tui_input::Input;

use self::portal::{copy_id, open_portal};
use self::removal::ask_delete;
use super::{Screen, basics, deploy, status};
use crate::app::command::Command;
use crate::app::dialog::prompt::PromptPurpose;
use crate::app::effect::Effect;
use crate::app::key::Key;
use crate::app::message::EnvironmentRow;
use crate::app::place::PlaceRow;
use crate::app::update::moved;
use crate::app::{App, Tone, field};
use crate::domain::environment::row::HubRow;
use crate::domain::environment::{KnownFrom, MadeBy, Phase};
use crate::domain::problem::Problem;

pub(in crate::app) use self::answers::on_message;
pub(crate) use self::portal::portal;
pub(in crate::app) use self::removal::{ask_delete_of, delete_typed, on_deleted};

/// The list among the places.
pub(in crate::app) const LIST: PlaceRow = PlaceRow {
    record: |app| app.environments.chosen().map(|row| &row.record),
    availability,
    on_row,
    ..PlaceRow::new("Environments", keys::LIST, run)
};
/// The same while nothing exists.
pub(in crate::app) const WELCOME: PlaceRow =
    PlaceRow { title: "Welcome", name: "Welcome", table: keys::WELCOME, ..LIST };
/// The same while its filter is typed.
pub(in crate::app) const FILTER: PlaceRow = PlaceRow {
    title: "Filter",
    name: "Filter",
    table: keys::FILTER,
    on_text: Some(on_text),
    on_paste,
    ..LIST
};

/// How far looking in Azure has come.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Search {
    /// It has not begun: nobody is signed in yet.
    #[default]
    NotBegun,
    /// Azure is being asked.
    Looking,
    /// Azure has answered, at that time.
    Done(Timestamp),
    /// Azure could not be asked.
    Failed(Box<Problem>),
}

/// The list.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Environments {
    /// All rows, by name.
    pub rows: Vec<EnvironmentRow>,
    /// The hubs that this program created, by name.
    #[serde(default)]
    pub hubs: Vec<HubRow>,
    /// True once this machine's records have been read.
    pub recorded: bool,
    /// How far looking in Azure has come.
    pub search: Search,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// The chosen row among those that fit the filter; one past them is the row that makes a new one.
    pub selected: usize,
    /// What is typed to filter.
    pub filter: Input,
    /// Whether the filter is being typed.
    pub filtering: bool,
    /// Number of the search whose answers are taken.
    pub search_number: u64,
    /// How many subscriptions that search asks.
    pub asked: usize,
    /// The ids of those that have not answered yet.
    pub waiting: BTreeSet<String>,
    /// The environments whose newest deployment was asked for since the search began, by `Record::key`.
    pub looked_at: BTreeSet<String>,
    /// Those of them that have not been answered.
    pub looking_at: BTreeSet<String>,
    /// True once somebody has moved in the list: from then on the choice stays on its environment.
    pub touched: bool,
}

impl Environments {
    /// True while nothing is known to exist, so that the welcome is shown.
    pub(crate) fn is_first_run(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows that fit the filter: each of its words stands in name, group, region, state or subscription.
    pub(crate) fn fitting(&self) -> Vec<&EnvironmentRow> {
        let typed = self.filter.value().to_lowercase();
        let words: Vec<&str> = typed.split_whitespace().collect();
        self.rows.iter().filter(|row| words.iter().all(|word| has(row, word))).collect()
    }

    /// The chosen row; `None` on the row that makes a new one.
    pub(crate) fn chosen(&self) -> Option<&EnvironmentRow> {
        self.fitting().get(self.selected).copied()
    }

    /// True while rows stand in more than one subscription.
    pub(crate) fn spans_subscriptions(&self) -> bool {
        let mut ids = self.rows.iter().map(|row| &row.record.subscription_id);
        let first = ids.next();
        ids.any(|id| first.is_some_and(|first| !first.eq_ignore_ascii_case(id)))
    }

    /// How many subscriptions have answered, of how many that were asked.
    pub fn answered(&self) -> (usize, usize) {
        (self.asked.saturating_sub(self.waiting.len()), self.asked)
    }
}

/// Whether a word of the filter, in lower case, stands in a row.
fn has(row: &EnvironmentRow, word: &str) -> bool {
    let record = &row.record;
    record.full_name.contains(word)
        || record.settings.region.contains(word)
        || row.state().to_lowercase().contains(word)
        || row.subscription.to_lowercase().contains(word)
        || record.resource_group.to_lowercase().contains(word)
}

/// The choices of the welcome, as commands.
pub const CHOICES: [(Command, &str); 3] = [
    (Command::New, "Start"),
    (Command::Refresh, "Look for environments in Azure"),
    (Command::LoadPlan, "Load a saved plan file"),
];

/// Whether a command can be run now.
fn availability(app: &App, command: Command) -> Result<(), String> {
    let list = &app.environments;
    match command {
        Command::Subscription if app.account.signed_in().is_none() => {
            Err("Nobody is signed in yet: a opens the ways to sign in.".into())
        }
        Command::Refresh => app.not_signed_in().map_or(Ok(()), Err),
        Command::Delete => match list.chosen() {
            None => Err("Choose an environment first.".into()),
            Some(row) if app.deleting(&row.record.full_name).is_some() => {
                Err(format!("{} is being deleted already.", row.record.full_name))
            }
            Some(row) => closed(row).or_else(|| app.not_signed_in()).map_or(Ok(()), Err),
        },
        Command::OpenPortal if app.start.practice => {
            Err("The practice cloud has no portal.".into())
        }
        Command::OpenPortal | Command::CopyId if list.chosen().is_none() => {
            Err("Choose an environment first.".into())
        }
        _ => Ok(()),
    }
}

fn run(app: &mut App, command: Command) -> Vec<Effect> {
    app.environments.touched |= !app.environments.is_first_run();
    match command {
        Command::New => return begin(app),
        Command::Refresh => return refresh(app),
        Command::Filter => app.environments.filtering = true,
        Command::Back => {
            app.environments.filtering = false;
            app.environments.filter.reset();
            app.environments.selected = 0;
        }
        Command::Accept if app.environments.filtering => app.environments.filtering = false,
        Command::Accept => return accept(app),
        Command::Delete => return ask_delete(app),
        Command::LoadPlan => {
            let question = ["The path of a plan file, as the preview saves it."];
            app.ask(PromptPurpose::LoadPlan, "Load a plan file", question, "");
        }
        Command::OpenPortal => return open_portal(app),
        Command::CopyId => return copy_id(app),
        other => {
            let rows = if app.environments.is_first_run() {
                CHOICES.len()
            } else {
                app.environments.fitting().len() + 1
            };
            app.environments.selected = moved(app.environments.selected, rows, other);
        }
    }
    answers::look(app)
}

/// Begins a new environment; where no subscription is chosen, that is asked first.
fn begin(app: &mut App) -> Vec<Effect> {
    let mut effects = basics::open(app);
    let chosen = app.account.subscription().is_some();
    if !chosen && app.not_signed_in().is_none() {
        effects.extend(app.choose_subscription());
    }
    effects
}

fn accept(app: &mut App) -> Vec<Effect> {
    if app.environments.is_first_run() {
        let Some((command, _)) = CHOICES.get(app.environments.selected) else { return Vec::new() };
        if let Err(reason) = availability(app, *command) {
            app.say(Tone::Warn, reason);
            return Vec::new();
        }
        return run(app, *command);
    }
    let Some(row) = app.environments.chosen().cloned() else { return begin(app) };
    open(app, &row)
}

/// Opens an environment: what was only chosen leads to the form, what stands to its status, everything else to its
/// deployment. The subscription in
/// use becomes the environment's own.
fn open(app: &mut App, row: &EnvironmentRow) -> Vec<Effect> {
    let name = &row.record.full_name;
    if row.record.phase == Phase::Deleting && !row.is_gone() || app.deleting(name).is_some() {
        app.say(Tone::Plain, format!("{name} is being deleted."));
        return Vec::new();
    }
    if let Some(reason) = app.not_signed_in() {
        app.say(Tone::Warn, reason);
        return Vec::new();
    }
    if let Some(problem) = &row.problem
        && row.known == KnownFrom::Unread
    {
        app.show_problem(problem);
        return Vec::new();
    }
    let looks_only = row.record.made_by == MadeBy::Terraform && row.known != KnownFrom::OtherTenant;
    if let Some(reason) = closed(row).filter(|_| !looks_only) {
        app.say(Tone::Warn, reason);
        return Vec::new();
    }
    let mut effects = app.follow_subscription(&row.record.subscription_id);
    let never_sent = row.record.attempts.is_empty() && row.record.phase <= Phase::Preparing;
    let stands = matches!(row.record.phase, Phase::Ready | Phase::Paused)
        || row.record.made_by == MadeBy::Terraform;
    effects.extend(if stands && !row.is_gone() {
        status::open(app, &row.record)
    } else if row.is_gone() || never_sent {
        basics::open_existing(app, &row.record)
    } else {
        deploy::open(app, &row.record)
    });
    effects
}

/// Why an environment cannot be opened or deleted from here.
fn closed(row: &EnvironmentRow) -> Option<String> {
    let record = &row.record;
    let name = &record.full_name;
    if row.known == KnownFrom::OtherTenant {
        return Some(format!(
            "{name} is in tenant {}: a signs in to another tenant.",
            record.tenant_id
        ));
    }
    if row.known == KnownFrom::Unread {
        return Some(format!(
            "{name} could not be read, so nothing is done to it: Enter shows why."
        ));
    }
    (record.made_by == MadeBy::Terraform).then(|| {
        format!("Terraform manages {name}. Delete it there, so that its state stays in sync. Enter shows it.")
    })
}

fn refresh(app: &mut App) -> Vec<Effect> {
    app.environments.search = Search::Looking;
    app.costs.forget_failed();
    vec![Effect::FindEnvironments]
}

/// Loads a plan file that was named.
///
/// # Errors
/// When no name was typed.
pub(in crate::app) fn plan_named(typed: &str) -> Result<Vec<Effect>, String> {
    if typed.is_empty() {
        return Err("Type the path of a plan file, or press Esc.".into());
    }
    Ok(vec![Effect::LoadPlan(typed.into())])
}

fn on_text(app: &mut App, key: Key) -> Vec<Effect> {
    if field::edit(&mut app.environments.filter, key) {
        app.environments.selected = 0;
    }
    answers::look(app)
}

fn on_paste(app: &mut App, text: &str) -> Vec<Effect> {
    field::paste(&mut app.environments.filter, text);
    app.environments.selected = 0;
    answers::look(app)
}

fn on_row(app: &mut App, row: usize) -> Vec<Effect> {
    if app.environments.selected == row {
        return accept(app);
    }
    app.environments.selected = row;
    app.environments.touched = true;
    answers::look(app)
}
