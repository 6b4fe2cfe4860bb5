//! What a person can do about a deployment: open it, send it, send it again, have it cancelled, look closer.

use super::detail::{details, show_problems, state_words};
use super::portal::{copy_id, open_portal};
use super::summary::summary;
use super::{LivePane, TreeRow, View, rows};
use crate::app::command::Command;
use crate::app::dialog::Dialog;
use crate::app::dialog::leave::LeaveDialog;
use crate::app::effect::Effect;
use crate::app::graph::GraphState;
use crate::app::map::members;
use crate::app::screen::{Screen, basics, credentials, environments, status};
use crate::app::update::{moved, next, previous};
use crate::app::watch::{RunState, Watch};
use crate::app::{App, Tone, remedy};
use crate::domain::environment::Record;
use crate::domain::map::MapElement;
use crate::domain::operation::Ended;
use crate::domain::operation::{Operation, Order};
use crate::domain::plan::Plan;
use crate::domain::progress::Step;

/// Opens an environment's deployment; one that is watched already is only shown.
pub(in crate::app) fn open(app: &mut App, record: &Record) -> Vec<Effect> {
    let watched = app.deployment_of(&record.full_name).filter(|(_, watch)| watch.is_running());
    match watched.map(|(id, _)| id) {
        Some(id) => {
            app.show_watch(id, None);
            Vec::new()
        }
        None => app.begin(Operation::Follow(Box::new(record.clone()))),
    }
}

/// Shows what runs for the environment at hand, or was begun last.
pub(in crate::app) fn show_at_hand(app: &mut App) {
    if let Ok(id) = app.watch_at_hand() {
        app.show_watch(id, Some(app.screen));
    }
}

/// A deployment of an environment once more; `mend` goes over what exists.
fn deploy_again(record: &Record, mend: bool) -> Order {
    Order {
        settings: record.settings.clone(),
        keeping: record.credentials,
        existing: Some(Box::new(record.clone())),
        mend,
    }
}

/// A deployment of an environment once more, over what exists.
pub(in crate::app) fn mend(record: &Record) -> Order {
    deploy_again(record, true)
}

/// What a further attempt would send: what is recorded of the environment, or what was ordered where nothing is.
fn again(watch: &Watch) -> Option<Operation> {
    let operation = &watch.operation;
    match &watch.record {
        Some(record) if operation.deploys_environment() => {
            Some(Operation::Deploy(Box::new(deploy_again(record, operation.is_mend()))))
        }
        _ => operation.is_deployment().then(|| operation.clone()),
    }
}

/// Asks Azure to cancel; before anything was sent, nothing is sent.
pub(in crate::app) fn cancel(app: &mut App) -> Vec<Effect> {
    let id = app.deploy.shown;
    if app.watch().is_some_and(|watch| watch.deployment.is_some()) {
        app.with_watch(id, |watch, _, _| watch.state = RunState::Cancelling);
        app.say(
            Tone::Warn,
            "Azure was asked to cancel. What has started ends first; firewall and Bastion can take minutes.",
        );
    } else {
        app.with_watch(id, |watch, at, _| watch.log(at, "Stopping before anything is sent."));
    }
    vec![Effect::Cancel(id)]
}

/// Whether a command can be run now.
pub(super) fn availability(app: &App, command: Command) -> Result<(), String> {
    let Some(watch) = app.watch() else { return Ok(()) };
    let is_running = watch.is_running();
    match command {
        Command::Fix => remedy::availability(app),
        Command::Cancel if watch.state == RunState::Cancelling => {
            Err("It is being cancelled already; what has started ends first.".into())
        }
        Command::Cancel if !is_running => Err("Nothing is running.".into()),
        Command::Cancel | Command::Retry | Command::Graph if !watch.operation.is_deployment() => {
            Err("That is for a deployment, and this is none.".into())
        }
        Command::Retry if is_running => {
            Err("It is running; a failed or cancelled deployment can be sent again.".into())
        }
        Command::Retry if watch.ending().is_some_and(Ended::is_ready) => {
            Err("It is ready; nothing is missing.".into())
        }
        Command::Fold if app.view() != View::Graph => Err("g shows the graph.".into()),
        Command::Response if watch.problems().is_empty() => Err("Nothing has failed.".into()),
        Command::OpenPortal if app.start.practice => {
            Err("The practice cloud has no portal.".into())
        }
        Command::OpenPortal | Command::CopyId if watch.deployment.is_none() => {
            Err("No deployment has been sent yet.".into())
        }
        Command::SupportBundle | Command::Delete if watch.record.is_none() => {
            Err("Nothing has been created yet.".into())
        }
        Command::Delete if is_running => Err("It is running: x cancels it first.".into()),
        Command::Form
            if watch.deployment.is_some()
                || is_running
                || !watch.operation.deploys_environment() =>
        {
            Err("The deployment has started; its choices are fixed.".into())
        }
        _ => Ok(()),
    }
}

pub(super) fn run(app: &mut App, command: Command) -> Vec<Effect> {
    match command {
        Command::Back => match app.deploy.from {
            Some(screen) => app.go(screen),
            None => return app.go_to_list(),
        },
        Command::Accept => return accept(app),
        Command::Cancel => app.dialog = Some(Dialog::Leave(LeaveDialog::new(false))),
        Command::Retry => ask_retry(app),
        Command::Fix => remedy::ask(app),
        Command::Response => show_problems(app),
        Command::Graph => app.deploy.view = next(&View::ALL, app.deploy.view),
        Command::Log => app.deploy.pane = LivePane::Activity,
        Command::Freeze => freeze(app),
        Command::CopySummary => {
            let text = app.watch().map(|watch| summary(app, watch)).unwrap_or_default();
            return vec![Effect::Copy { text, what: "The summary".to_owned() }];
        }
        Command::SupportBundle => return support(app),
        Command::OpenPortal => return open_portal(app),
        Command::CopyId => return copy_id(app),
        Command::Form => return back_to_form(app),
        Command::Delete => {
            if let Some(record) = app.watch().and_then(|watch| watch.record.clone()) {
                return environments::ask_delete_of(app, &record);
            }
        }
        Command::NextPane => app.deploy.pane = next(&LivePane::ALL, app.deploy.pane),
        Command::PreviousPane => app.deploy.pane = previous(&LivePane::ALL, app.deploy.pane),
        Command::Fold => with_graph(app, GraphState::zoom),
        Command::Left | Command::Right | Command::Up | Command::Down
            if app.view() == View::Graph && app.deploy.pane == LivePane::Resources =>
        {
            with_graph(app, |graph, plan| graph.walk(plan, command));
        }
        Command::Map => {
            app.deploy.view = if app.deploy.view == View::Map { View::Rows } else { View::Map };
        }
        Command::Left | Command::Right | Command::Up | Command::Down
            if app.view() == View::Map && app.deploy.pane == LivePane::Resources =>
        {
            let map = app.watch().and_then(|watch| watch.map.clone());
            if let Some(map) = map {
                app.deploy.map.walk(&map, app.columns, command);
            }
        }
        Command::Left | Command::Right => fold(app, command == Command::Right),
        other => walk(app, other),
    }
    Vec::new()
}

/// What happened, written for whoever is to help.
fn support(app: &mut App) -> Vec<Effect> {
    let Some(watch) = app.watch() else { return Vec::new() };
    let Some(record) = watch.record.clone() else { return Vec::new() };
    let problems = watch.problems().to_vec();
    app.say(Tone::Plain, "A support bundle is being written…");
    vec![Effect::SaveSupport { record, problems }]
}

fn with_graph(app: &mut App, act: impl FnOnce(&mut GraphState, &Plan)) {
    let watch = app.operations.get(&app.deploy.shown);
    if let Some(plan) = watch.and_then(|watch| watch.plan.as_deref()) {
        act(&mut app.deploy.graph, plan);
    }
}

fn walk(app: &mut App, command: Command) {
    if app.deploy.pane == LivePane::Activity {
        // The newest line stands at the bottom; going up goes back.
        let mirrored = match command {
            Command::Up => Command::Down,
            Command::Down => Command::Up,
            Command::PageUp => Command::PageDown,
            Command::PageDown => Command::PageUp,
            Command::First => Command::Last,
            Command::Last => Command::First,
            other => other,
        };
        let lines = app.watch().map_or(0, |watch| watch.log.len());
        app.deploy.back = moved(app.deploy.back, lines, mirrored);
        return;
    }
    let rows = match app.view() {
        View::Rows => rows(app).len(),
        View::Chart | View::Graph | View::Map => app.shown_steps().len(),
    };
    app.deploy.selected = moved(app.deploy.selected, rows, command);
}

fn freeze(app: &mut App) {
    if app.deploy.frozen.take().is_some() {
        app.say(Tone::Plain, "The picture goes on.");
    } else {
        app.with_watch(app.deploy.shown, Watch::hold);
        app.deploy.frozen = Some(app.shown_steps().to_vec());
        app.say(Tone::Plain, "The picture is frozen; the deployment goes on. Space lets it go on.");
    }
}

/// The chosen step, in whichever view.
fn chosen(app: &App) -> Option<&Step> {
    let (steps, selected) = (app.shown_steps(), app.deploy.selected);
    match app.view() {
        View::Rows => match rows(app).get(selected)? {
            TreeRow::Step(index) => steps.get(*index).filter(|step| !step.is_act()),
            TreeRow::Area { .. } => None,
        },
        View::Chart => steps.get(selected),
        View::Graph => {
            let symbol = app.deploy.graph.symbol(app.watch()?.plan.as_ref()?)?;
            steps.iter().find(|step| step.symbol == symbol)
        }
        View::Map => {
            let element = on_map(app)?;
            let [only] = &element.members[..] else { return None };
            steps.iter().find(|step| step.symbol == *only)
        }
    }
}

fn accept(app: &mut App) -> Vec<Effect> {
    if let Some(record) = ready_record(app) {
        let is_mend = app.watch().is_some_and(|watch| watch.operation.is_mend());
        return if is_mend { status::open(app, &record) } else { credentials::open(app, &record) };
    }
    if app.deploy.pane == LivePane::Now
        && app.watch().is_some_and(|watch| !watch.problems().is_empty())
    {
        show_problems(app);
        return Vec::new();
    }
    if app.view() == View::Graph {
        let mut opened = false;
        with_graph(app, |graph, plan| opened = graph.open_area(plan));
        if opened {
            return Vec::new();
        }
    }
    if let Some(step) = chosen(app).cloned() {
        app.show(details(app, &step));
        return Vec::new();
    }
    if app.view() == View::Map {
        let picker = on_map(app).filter(|element| !element.members.is_empty()).map(|element| {
            members(element, |symbol| {
                let step = app.shown_steps().iter().find(|step| step.symbol == symbol)?;
                Some((step.description.clone(), state_words(step)))
            })
        });
        app.dialog = picker.map(Dialog::Picker);
        return Vec::new();
    }
    let opened = rows(app).get(app.deploy.selected).and_then(|row| match row {
        TreeRow::Area { open, .. } => Some(!open),
        TreeRow::Step(_) => None,
    });
    if let Some(open) = opened {
        fold(app, open);
    }
    Vec::new()
}

/// The element of the map that has the keys.
fn on_map(app: &App) -> Option<&MapElement> {
    let map = app.watch()?.map.as_deref()?;
    map.elements.get(app.deploy.map.focused(map))
}

/// Shows a resource of the map, by its symbol.
pub(in crate::app) fn map_member(app: &mut App, symbol: &str) {
    let step = app.shown_steps().iter().find(|step| step.symbol == symbol).cloned();
    if let Some(step) = step {
        app.show(details(app, &step));
    }
}

/// The record of an environment that stands, once its deployment has ended.
fn ready_record(app: &App) -> Option<Record> {
    let deployed = app.watch()?.ending()?.environment()?;
    deployed.problems.is_empty().then(|| deployed.record.clone())
}

/// Opens or closes the area of the chosen row.
fn fold(app: &mut App, open: bool) {
    let rows = rows(app);
    let up_to = rows.iter().enumerate().take(app.deploy.selected + 1);
    let area = up_to.rev().find_map(|(index, row)| match row {
        TreeRow::Area { name, .. } => Some((index, name.clone())),
        TreeRow::Step(_) => None,
    });
    let Some((index, area)) = area else { return };
    let deploy = &mut app.deploy;
    if open {
        deploy.opened.insert(area);
    } else {
        deploy.opened.remove(&area);
        deploy.selected = index;
    }
}

/// The same for an action that helps.
pub(in crate::app) fn retry(app: &mut App) -> Vec<Effect> {
    ask_retry(app);
    Vec::new()
}

/// Asks before what is missing of the environment at hand is sent: same name, same credentials.
fn ask_retry(app: &mut App) {
    let Some(watch) = app.watch() else { return };
    let Some(operation) = again(watch) else { return };
    let name = operation.name();
    let counts = watch.counts();
    let missing = counts.total.saturating_sub(counts.done);
    let cost = if app.start.practice {
        "On the practice cloud nothing costs anything."
    } else {
        "What is created costs money from then on, as the preview said."
    };
    let mut sentences = vec![
        format!(
            "{name} is sent to Azure again. What exists stays as it is; what is missing is created."
        ),
        cost.to_owned(),
    ];
    if operation.deploys_environment() {
        sentences.insert(1, "Name, digits and credentials stay the same.".to_owned());
    }
    if missing > 0 && counts.done > 0 {
        sentences
            .insert(1, format!("{} of {} resources exist already.", counts.done, counts.total));
    }
    let title = format!("Create what is missing of {name}?");
    app.agree(operation, title, sentences);
}

fn back_to_form(app: &mut App) -> Vec<Effect> {
    if let Some(record) = app.watch().and_then(|watch| watch.record.clone()) {
        return basics::open_existing(app, &record);
    }
    app.go(Screen::Basics);
    Vec::new()
}

pub(super) fn on_row(app: &mut App, row: usize) -> Vec<Effect> {
    app.deploy.pane = LivePane::Resources;
    if app.view() == View::Graph {
        with_graph(app, |graph, plan| graph.choose(plan, row));
        return Vec::new();
    }
    if app.deploy.selected == row {
        return accept(app);
    }
    app.deploy.selected = row;
    Vec::new()
}

pub(super) fn on_pane(app: &mut App, pane: usize) -> Vec<Effect> {
    app.deploy.pane = LivePane::ALL.get(pane).copied().unwrap_or(app.deploy.pane);
    Vec::new()
}
