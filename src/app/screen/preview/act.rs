//! What a person can do in the preview: look around, switch rules, write it down, and say yes to making it.

use super::firewall::{
    FirewallRow, ask_host, chosen, firewall_rows, fixed, next_preset, not_own, remove_host, toggle,
    why,
};
use super::on_map;
use super::question::confirm;
use super::{ResourceRow, Tab, ask, cost, resource_rows};
use crate::app::command::Command;
use crate::app::dialog::prompt::PromptPurpose;
use crate::app::dialog::viewer::{ParagraphKind, Viewer};
use crate::app::effect::Effect;
use crate::app::graph::GraphState;
use crate::app::screen::{Screen, basics};
use crate::app::update::{moved, next, previous};
use crate::app::{App, remedy};
use crate::domain::cost::Mode;
use crate::domain::plan::{Plan, PlannedResource};
use crate::domain::words::duration;

/// Whether a command can be run now.
pub(super) fn availability(app: &App, command: Command) -> Result<(), String> {
    let preview = &app.preview;
    let refuse = |reason: Option<String>| reason.map_or(Ok(()), Err);
    match command {
        Command::Deploy => refuse(not_deployable(app)),
        Command::Fix => remedy::availability(app),
        Command::AddHost | Command::Preset if app.basics.existing.is_some() => {
            Err("The deployment has started; its rules are fixed.".into())
        }
        Command::Accept if preview.on_deploy => availability(app, Command::Deploy),
        Command::Why | Command::Toggle | Command::RemoveHost if preview.on_deploy => {
            Err("Choose a row first: Down goes to the rows.".into())
        }
        Command::Why | Command::Accept
            if matches!(preview.tab, Tab::Network | Tab::Cost | Tab::Parameters) =>
        {
            Err("There is nothing to open here.".into())
        }
        Command::Toggle => refuse(fixed(app)),
        Command::RemoveHost => refuse(not_own(app)),
        Command::Fold if preview.tab != Tab::Graph => Err("2 shows the graph.".into()),
        Command::Export | Command::SavePlan | Command::CommandLine
            if basics::settings(app).is_err() =>
        {
            Err("The form is not complete: b goes back to it.".into())
        }
        _ => Ok(()),
    }
}

/// Why it cannot be made yet.
fn not_deployable(app: &App) -> Option<String> {
    let preview = &app.preview;
    if let Some(problem) = &preview.problem {
        return Some(problem.what.clone());
    }
    if preview.asked || preview.plan.is_none() {
        return Some("Still working out what would be created.".into());
    }
    if let Some(reason) = app.not_connected() {
        return Some(reason);
    }
    if app.basics.keeping().is_none() {
        return Some(
            "It is not yet chosen where to save the password: b goes back to the form.".into(),
        );
    }
    if let Some(watch) = app.operations.values().find(|watch| watch.is_deploying()) {
        let name = watch.operation.name();
        return Some(format!("{name} is being deployed; watch it to its end first."));
    }
    None
}

pub(super) fn run(app: &mut App, command: Command) -> Vec<Effect> {
    match command {
        Command::Back => app.go(Screen::Basics),
        Command::NextPane => return show(app, next(&Tab::ALL, app.preview.tab)),
        Command::PreviousPane => return show(app, previous(&Tab::ALL, app.preview.tab)),
        Command::Map => return show(app, Tab::Map),
        Command::Part(number) => return on_pane(app, usize::from(number).saturating_sub(1)),
        Command::Deploy => return confirm(app),
        Command::Accept if app.preview.on_deploy => return confirm(app),
        Command::Fix => remedy::ask(app),
        Command::Toggle => return toggle(app),
        Command::AddHost => ask_host(app),
        Command::RemoveHost => return remove_host(app),
        Command::Preset => return next_preset(app),
        Command::Accept => accept(app),
        Command::Why => explain(app),
        Command::Fold => with_graph(app, GraphState::zoom),
        moving if app.preview.on_deploy && moving.only_moves() => app.preview.on_deploy = false,
        Command::Left | Command::Right | Command::Up | Command::Down
            if app.preview.tab == Tab::Graph =>
        {
            with_graph(app, |graph, plan| graph.walk(plan, command));
        }
        Command::Left | Command::Right | Command::Up | Command::Down
            if app.preview.tab == Tab::Map =>
        {
            let (preview, columns) = (&mut app.preview, app.columns);
            let walked = preview
                .map
                .as_ref()
                .is_some_and(|map| preview.map_state.walk(map, columns, command));
            preview.on_deploy = command == Command::Up && !walked;
        }
        Command::Up if app.preview.selected() == 0 => app.preview.on_deploy = true,
        Command::Left => fold(app, false),
        Command::Right => fold(app, true),
        Command::Export => name(
            app,
            PromptPurpose::Export,
            "Export",
            "A directory for the template, its parameters and the graph; they can be deployed without this program.",
            "",
        ),
        Command::SavePlan => name(
            app,
            PromptPurpose::SavePlan,
            "Save the plan",
            "A file for these choices; --plan and the first screen read it. It holds no secret.",
            ".toml",
        ),
        Command::CommandLine => command_line(app),
        other => {
            let rows = row_count(app);
            let selected = moved(app.preview.selected(), rows, other);
            app.preview.chosen.insert(app.preview.tab, selected);
        }
    }
    Vec::new()
}

fn with_graph(app: &mut App, act: impl FnOnce(&mut GraphState, &Plan)) {
    if let Some(plan) = &app.preview.plan {
        act(&mut app.preview.graph, plan);
    }
}

/// How many rows the part that is shown has.
fn row_count(app: &App) -> usize {
    let preview = &app.preview;
    let Some(plan) = &preview.plan else { return 0 };
    match preview.tab {
        Tab::Resources => resource_rows(preview).len(),
        Tab::Firewall => firewall_rows(preview).len(),
        Tab::Map | Tab::Graph => plan.resources.len(),
        // What is only read is scrolled by lines; the last ones stay in sight.
        Tab::Network => plan.nsg.len() + plan.routes.len() + plan.subnets.len() + 8,
        Tab::Cost => cost(app).map_or(0, |cost| {
            let sum = if cost.is_whole() { 1 } else { 2 };
            cost.lines.len() + sum + Mode::ALL.len() + cost.usage.len()
        }),
        Tab::Parameters => plan.parameters.len() + plan.secure_parameters.len(),
    }
}

fn accept(app: &mut App) {
    if app.preview.tab == Tab::Map {
        return on_map::open(app);
    }
    if app.preview.tab == Tab::Graph {
        let mut opened = false;
        with_graph(app, |graph, plan| opened = graph.open_area(plan));
        if opened {
            return;
        }
    }
    let preview = &app.preview;
    let is_open = match preview.tab {
        Tab::Resources => match resource_rows(preview).get(preview.selected()) {
            Some(ResourceRow::Area { open, .. }) => Some(*open),
            _ => None,
        },
        Tab::Firewall => match (firewall_rows(preview).get(preview.selected()), chosen(preview)) {
            (Some(FirewallRow::Group(_)), Some((group, _))) => {
                Some(preview.open_groups.contains(&group.group))
            }
            _ => None,
        },
        _ => None,
    };
    match is_open {
        Some(open) => fold(app, !open),
        None => explain(app),
    }
}

/// Opens or closes the area or group that the chosen row belongs to.
fn fold(app: &mut App, open: bool) {
    let preview = &mut app.preview;
    let selected = preview.selected();
    let (set, found) = match preview.tab {
        Tab::Resources => {
            let rows = resource_rows(preview);
            let area =
                rows.iter().enumerate().take(selected + 1).rev().find_map(
                    |(index, row)| match row {
                        ResourceRow::Area { name, .. } => Some((index, name.clone())),
                        ResourceRow::Resource(_) => None,
                    },
                );
            (&mut preview.open_areas, area)
        }
        Tab::Firewall => {
            let rows = firewall_rows(preview);
            let id = chosen(preview).map(|(group, _)| group.group.clone());
            let index = rows
                .iter()
                .take(selected + 1)
                .rposition(|row| matches!(row, FirewallRow::Group(_)));
            (&mut preview.open_groups, index.zip(id))
        }
        _ => return,
    };
    let Some((index, name)) = found else { return };
    if open {
        set.insert(name);
    } else {
        set.remove(&name);
        preview.chosen.insert(preview.tab, index);
    }
}

fn explain(app: &mut App) {
    let viewer = match app.preview.tab {
        Tab::Resources => app.preview.chosen_resource().map(resource),
        Tab::Graph => app.preview.plan.as_ref().and_then(|plan| {
            let symbol = app.preview.graph.symbol(plan)?;
            let found = plan.resources.iter().find(|each| each.symbol == symbol);
            found.map(resource)
        }),
        Tab::Firewall => chosen(&app.preview).map(|(group, entry)| why(group, entry)),
        Tab::Map => return on_map::open(app),
        _ => None,
    };
    if let Some(viewer) = viewer {
        app.show(viewer);
    }
}

/// Everything about one resource.
pub(super) fn resource(resource: &PlannedResource) -> Viewer {
    let usual = duration(std::time::Duration::from_secs(resource.seconds.into()));
    let mut paragraphs = vec![
        (ParagraphKind::Heading, resource.name.clone()),
        (ParagraphKind::Text, resource.description.clone()),
        (ParagraphKind::Text, String::new()),
        (ParagraphKind::Text, format!("Usually created in {usual}.")),
    ];
    if !resource.depends_on.is_empty() {
        let after = resource.depends_on.join(", ");
        paragraphs.push((ParagraphKind::Text, format!("Comes after: {after}")));
    }
    paragraphs.push((
        ParagraphKind::Quiet,
        format!("{} ({})", resource.resource_type, resource.api_version),
    ));
    paragraphs.push((ParagraphKind::Quiet, resource.id.clone()));
    if !resource.body.is_null() {
        paragraphs.push((ParagraphKind::Text, String::new()));
        paragraphs.push((ParagraphKind::Heading, "As it will be sent".to_owned()));
        let body = serde_json::to_string_pretty(&resource.body).unwrap_or_default();
        paragraphs.push((ParagraphKind::Quiet, body));
    }
    Viewer::new("Resource", paragraphs)
}

fn name(app: &mut App, purpose: PromptPurpose, title: &str, question: &str, ending: &str) {
    let proposal = match basics::settings(app) {
        Ok(settings) => format!("{}{ending}", settings.full_name()),
        Err(_) => String::new(),
    };
    app.ask(purpose, title, vec![question.to_owned()], &proposal);
}

fn command_line(app: &mut App) {
    let Ok(settings) = basics::settings(app) else { return };
    let practice = if app.start.practice { " --practice" } else { "" };
    let flags = settings.flags().join(" ");
    app.show(Viewer::new(
        "The same without a question",
        vec![
            (ParagraphKind::Text, format!("privateaml deploy{practice} {flags} --yes")),
            (ParagraphKind::Text, String::new()),
            ParagraphKind::Quiet
                .says("It asks nothing; where the environment exists already, it changes nothing. c copies it."),
        ],
    ));
}

pub(super) fn on_row(app: &mut App, row: usize) -> Vec<Effect> {
    let was_on_deploy = std::mem::take(&mut app.preview.on_deploy);
    if app.preview.tab == Tab::Graph {
        with_graph(app, |graph, plan| graph.choose(plan, row));
    } else if app.preview.tab == Tab::Map {
        let preview = &mut app.preview;
        if !preview.map.as_ref().is_some_and(|map| preview.map_state.choose(map, row)) {
            on_map::open(app);
        }
    } else if was_on_deploy {
        app.preview.chosen.insert(app.preview.tab, row);
    } else if app.preview.selected() == row {
        accept(app);
    } else {
        app.preview.chosen.insert(app.preview.tab, row);
    }
    Vec::new()
}

pub(super) fn on_pane(app: &mut App, pane: usize) -> Vec<Effect> {
    show(app, Tab::ALL.get(pane).copied().unwrap_or(app.preview.tab))
}

fn show(app: &mut App, tab: Tab) -> Vec<Effect> {
    app.preview.tab = tab;
    // Who looks at another part wants to look at its rows.
    app.preview.on_deploy = false;
    // What went wrong before may have passed.
    if app.preview.plan.is_none() && !app.preview.asked {
        return ask(app);
    }
    Vec::new()
}
