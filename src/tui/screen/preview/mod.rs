//! The preview as it is drawn: one part at a time; where there is room, rules and cost beside the resources.

mod cost;
mod firewall;
mod network;
mod parameters;
mod resources;
#[cfg(test)]
mod tests;

use ratatui::layout::{Constraint, Layout, Rect};

use super::graph;
use crate::{
    app::{
        App, Tone,
        screen::preview::{Preview, Tab},
    },
    domain::words::duration,
    tui::{
        canvas::{Canvas, Room},
        widget::{graph::NodeLook, tabs},
    },
};

pub(super) fn title(app: &App) -> String {
    app.preview
        .plan
        .as_ref()
        .map(|plan| format!("{}{}", plan.name, plan.suffix))
        .unwrap_or_default()
}

pub(super) fn sentence(app: &App) -> (Tone, String) {
    let preview = &app.preview;
    if let Some(problem) = &preview.problem {
        return (Tone::Bad, problem.what.clone());
    }
    match &preview.plan {
        None => (Tone::Plain, "Working out what would be made…".to_owned()),
        Some(_) if preview.asked => (Tone::Plain, "Working it out again…".to_owned()),
        Some(plan) => (
            Tone::Plain,
            format!(
                "Nothing has been made yet. Usually {}.",
                duration(std::time::Duration::from_secs(plan.critical_seconds.into()))
            ),
        ),
    }
}

pub(super) fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let [strip, body] = Layout::vertical([Constraint::Length(1), Constraint::Fill(1)]).areas(area);
    let preview = &app.preview;
    let names: Vec<&str> = if canvas.room == Room::Narrow {
        // The numbers are the keys.
        vec!["1 Res", "2 Gra", "3 Fire", "4 Net", "5 Cost", "6 Par"]
    } else {
        Tab::ALL.iter().map(|tab| tab.name()).collect()
    };
    let open = Tab::ALL.iter().position(|tab| *tab == preview.tab);
    tabs::draw(canvas, strip, &names, open.unwrap_or_default());
    let Some(plan) = &preview.plan else {
        waiting(preview, canvas, body);
        return;
    };
    match preview.tab {
        Tab::Resources if canvas.room == Room::Wide => {
            let [left, right] =
                Layout::horizontal([Constraint::Percentage(52), Constraint::Fill(1)]).areas(body);
            let [upper, lower] =
                Layout::vertical([Constraint::Fill(1), Constraint::Length(11)]).areas(right);
            resources::draw(preview, plan, canvas, left);
            firewall::summary(plan, canvas, upper);
            cost::draw(app, canvas, lower, false);
        }
        Tab::Resources => resources::draw(preview, plan, canvas, body),
        Tab::Graph => {
            graph::draw(canvas, body, plan, &preview.graph, true, &|_| NodeLook::default());
        }
        Tab::Firewall => firewall::draw(app, plan, canvas, body),
        Tab::Network => network::draw(preview, plan, canvas, body),
        Tab::Cost => cost::draw(app, canvas, body, true),
        Tab::Parameters => parameters::draw(preview, plan, canvas, body),
    }
}

fn waiting(preview: &Preview, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.look.theme;
    let inner = canvas.panel(area, preview.tab.name(), true);
    match &preview.problem {
        Some(problem) => {
            let rest = canvas.prose(inner, &problem.what, theme.bad.patch(theme.strong));
            let rest = canvas.prose(rest, &problem.advice, theme.text);
            canvas.prose(rest, "b goes back to the form; nothing is lost.", theme.quiet);
        }
        None => {
            canvas.prose(inner, "Working out what would be made…", theme.quiet);
        }
    }
}
