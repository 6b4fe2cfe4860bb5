//! What a person can do about a deployment: open it, send it, send it again, have it cancelled, look closer.

use super::{
    Course, Deploy, Ending, Pane, Row, View,
    detail::{details, show_problems},
    news::log,
    portal::{copy_id, open_portal},
    rows,
    summary::{problems, summary},
};
use crate::{
    app::{
        App, Tone,
        command::Command,
        dialog::{Dialog, leave::LeaveDialog},
        effect::Effect,
        graph::GraphState,
        screen::{Screen, basics, credentials, environments},
        update::{moved, next, previous, quit},
    },
    domain::{
        environment::Record,
        operation::{Operation, Order},
        plan::Plan,
        progress::Step,
    },
};

/// Opens an environment's deployment; one that is watched already is only shown.
pub(in crate::app) fn open(app: &mut App, record: &Record) -> Vec<Effect> {
    app.go(Screen::Deploy);
    if app.deploy.is_of(&record.full_name) && app.deploy.is_running() {
        return Vec::new();
    }
    let follow = Operation::Follow(Box::new(record.clone()));
    watch(app, Some(Box::new(record.clone())), follow)
}

/// Begins to watch a deployment; the one that was watched goes on without this window.
fn watch(app: &mut App, record: Option<Box<Record>>, operation: Operation) -> Vec<Effect> {
    let before = app.deploy.is_running().then_some(Effect::Leave(app.deploy.run));
    let (run, effect) = app.begin(operation);
    app.deploy = Deploy { run, ..app.deploy.next(record) };
    before.into_iter().chain([effect]).collect()
}

/// Sends what was agreed to.
pub(in crate::app) fn send(app: &mut App, order: Order) -> Vec<Effect> {
    let record = order.existing.clone();
    app.go(Screen::Deploy);
    let effects = watch(app, record, Operation::Deploy(Box::new(order.clone())));
    app.deploy.order = Some(Box::new(order));
    effects
}

/// A deployment of an environment once more, over what exists.
pub(in crate::app) fn mend(record: &Record) -> Operation {
    Operation::Deploy(Box::new(Order {
        settings: record.settings.clone(),
        keeping: record.credentials,
        existing: Some(Box::new(record.clone())),
        mend: true,
    }))
}

/// What a further attempt would send: what is recorded of the environment, or what was ordered where nothing is.
fn order_again(deploy: &Deploy) -> Option<Order> {
    let ordered = deploy.order.as_deref();
    match (&deploy.record, ordered) {
        (Some(record), _) => Some(Order {
            settings: record.settings.clone(),
            keeping: record.credentials,
            existing: Some(record.clone()),
            mend: false,
        }),
        (None, Some(order)) => Some(order.clone()),
        (None, None) => None,
    }
}

/// Asks Azure to cancel; before anything was sent, nothing is sent.
pub(in crate::app) fn cancel(app: &mut App) -> Vec<Effect> {
    if app.deploy.deployment.is_some() {
        app.deploy.course = Course::Cancelling;
        app.say(
            Tone::Warn,
            "Azure was asked to cancel. What has started ends first; firewall and Bastion can take minutes.",
        );
    } else {
        log(app, "Stopping before anything is sent.".to_owned());
    }
    vec![Effect::Cancel(app.deploy.run)]
}

/// Whether a command can be run now.
pub(super) fn availability(app: &App, command: Command) -> Result<(), String> {
    let deploy = &app.deploy;
    match command {
        Command::Cancel if deploy.course == Course::Cancelling => {
            Err("It is being cancelled already; what has started ends first.".into())
        }
        Command::Cancel if !deploy.is_running() => Err("Nothing is running.".into()),
        Command::Retry if deploy.is_running() => {
            Err("It is running; a failed or cancelled deployment can be sent again.".into())
        }
        Command::Retry if deploy.ending().is_some_and(Ending::is_ready) => {
            Err("It is ready; nothing is missing.".into())
        }
        Command::Retry if order_again(deploy).is_none() => {
            Err("It is not known what was to be deployed.".into())
        }
        Command::Fold if deploy.view != View::Graph => Err("g shows the graph.".into()),
        Command::Response if problems(deploy).is_empty() => Err("Nothing has failed.".into()),
        Command::OpenPortal if app.start.practice => {
            Err("The practice cloud has no portal.".into())
        }
        Command::OpenPortal | Command::CopyId if deploy.deployment.is_none() => {
            Err("No deployment has been sent yet.".into())
        }
        Command::Delete if deploy.record.is_none() => Err("Nothing has been created yet.".into()),
        Command::Delete if deploy.is_running() => Err("It is running: x cancels it first.".into()),
        Command::Continue if deploy.deployment.is_some() || deploy.is_running() => {
            Err("The deployment has started; its choices are fixed.".into())
        }
        _ => Ok(()),
    }
}

pub(super) fn run(app: &mut App, command: Command) -> Vec<Effect> {
    match command {
        Command::Back => {
            app.go(Screen::Environments);
            return vec![Effect::FindEnvironments];
        }
        Command::Quit => return quit(app),
        Command::Accept => return accept(app),
        Command::Cancel => app.dialog = Some(Dialog::Leave(LeaveDialog::new(false))),
        Command::Retry => ask_retry(app),
        Command::Response => show_problems(app),
        Command::Graph => app.deploy.view = next(&View::ALL, app.deploy.view),
        Command::Log => app.deploy.pane = Pane::Activity,
        Command::Freeze => freeze(app),
        Command::CopySummary => {
            return vec![Effect::Copy { text: summary(app), what: "The summary".to_owned() }];
        }
        Command::OpenPortal => return open_portal(app),
        Command::CopyId => return copy_id(app),
        Command::Continue => return back_to_form(app),
        Command::Delete => {
            if let Some(record) = app.deploy.record.clone() {
                return environments::ask_delete_of(app, &record);
            }
        }
        Command::NextPane => app.deploy.pane = next(&Pane::ALL, app.deploy.pane),
        Command::PreviousPane => app.deploy.pane = previous(&Pane::ALL, app.deploy.pane),
        Command::Fold => with_graph(app, GraphState::zoom),
        Command::Left | Command::Right | Command::Up | Command::Down
            if app.deploy.view == View::Graph && app.deploy.pane == Pane::Resources =>
        {
            with_graph(app, |graph, plan| graph.walk(plan, command));
        }
        Command::Left | Command::Right => fold(app, command == Command::Right),
        other => walk(app, other),
    }
    Vec::new()
}

fn with_graph(app: &mut App, act: impl FnOnce(&mut GraphState, &Plan)) {
    if let Some(plan) = &app.deploy.plan {
        act(&mut app.deploy.graph, plan);
    }
}

fn walk(app: &mut App, command: Command) {
    let deploy = &mut app.deploy;
    if deploy.pane == Pane::Activity {
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
        deploy.back = moved(deploy.back, deploy.log.len(), mirrored);
        return;
    }
    let rows = match deploy.view {
        View::Rows => rows(deploy).len(),
        View::Chart | View::Graph => deploy.steps.len(),
    };
    deploy.selected = moved(deploy.selected, rows, command);
}

fn freeze(app: &mut App) {
    if app.deploy.frozen.take().is_some() {
        app.say(Tone::Plain, "The picture goes on.");
    } else {
        app.deploy.frozen = Some(app.deploy.steps.clone());
        app.say(Tone::Plain, "The picture is frozen; the deployment goes on. f lets it go on.");
    }
}

/// The chosen step, in whichever view.
fn chosen(deploy: &Deploy) -> Option<&Step> {
    match deploy.view {
        View::Rows => match rows(deploy).get(deploy.selected)? {
            Row::Step(index) => deploy.shown().get(*index),
            Row::Area { .. } => None,
        },
        View::Chart => deploy.shown().get(deploy.selected),
        View::Graph => {
            let symbol = deploy.graph.symbol(deploy.plan.as_ref()?)?;
            deploy.shown().iter().find(|step| step.symbol == symbol)
        }
    }
}

fn accept(app: &mut App) -> Vec<Effect> {
    if let Some(record) = ready_record(&app.deploy) {
        return credentials::open(app, &record);
    }
    if app.deploy.pane == Pane::Now && !problems(&app.deploy).is_empty() {
        show_problems(app);
        return Vec::new();
    }
    if app.deploy.view == View::Graph {
        let mut opened = false;
        with_graph(app, |graph, plan| opened = graph.open_area(plan));
        if opened {
            return Vec::new();
        }
    }
    if let Some(step) = chosen(&app.deploy).cloned() {
        app.show(details(&step));
        return Vec::new();
    }
    let opened = rows(&app.deploy).get(app.deploy.selected).and_then(|row| match row {
        Row::Area { open, .. } => Some(!open),
        Row::Step(_) => None,
    });
    if let Some(open) = opened {
        fold(app, open);
    }
    Vec::new()
}

/// The record of an environment that stands, once its deployment has ended.
fn ready_record(deploy: &Deploy) -> Option<Record> {
    match deploy.ending()? {
        Ending::Done(standing) if standing.problems.is_empty() => Some(standing.record.clone()),
        _ => None,
    }
}

/// Opens or closes the area of the chosen row.
fn fold(app: &mut App, open: bool) {
    let rows = rows(&app.deploy);
    let up_to = rows.iter().enumerate().take(app.deploy.selected + 1);
    let area = up_to.rev().find_map(|(index, row)| match row {
        Row::Area { name, .. } => Some((index, name.clone())),
        Row::Step(_) => None,
    });
    let Some((index, area)) = area else { return };
    let deploy = &mut app.deploy;
    if open {
        deploy.closed.remove(&area);
        deploy.opened.insert(area);
    } else {
        deploy.opened.remove(&area);
        deploy.closed.insert(area);
        deploy.selected = index;
    }
}

/// Asks before what is missing of the environment at hand is sent: same name, same credentials.
fn ask_retry(app: &mut App) {
    let Some(order) = order_again(&app.deploy) else { return };
    let name = app.deploy.name();
    let counts = app.deploy.counts();
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
        "Name, digits and credentials stay the same.".to_owned(),
        cost.to_owned(),
    ];
    if missing > 0 && counts.done > 0 {
        sentences
            .insert(1, format!("{} of {} resources exist already.", counts.done, counts.total));
    }
    let title = format!("Create what is missing of {name}?");
    app.agree(Operation::Deploy(Box::new(order)), title, sentences);
}

fn back_to_form(app: &mut App) -> Vec<Effect> {
    if let Some(record) = app.deploy.record.clone() {
        return basics::open_existing(app, &record);
    }
    app.go(Screen::Basics);
    Vec::new()
}

pub(super) fn on_row(app: &mut App, row: usize) -> Vec<Effect> {
    app.deploy.pane = Pane::Resources;
    if app.deploy.view == View::Graph {
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
    app.deploy.pane = Pane::ALL.get(pane).copied().unwrap_or(app.deploy.pane);
    Vec::new()
}
