//! The preview as it is drawn: one part at a time; where there is room, rules and cost beside the resources.

mod cost;
mod firewall;
mod network;
mod parameters;
mod resources;
#[cfg(test)]
mod tests;

use ratatui::{
    layout::{
        Constraint::{Fill, Length, Percentage},
        Layout, Rect,
    },
    text::{Line, Span},
};

use super::map::MapFace;
use super::{DrawRow, graph, map};
use crate::app::command::Command;
use crate::app::map::planned;
use crate::app::message::ClickTarget;
use crate::app::screen::basics::checks;
use crate::app::screen::preview::{self, Preview, Tab};
use crate::app::{App, Tone};
use crate::domain::map::MapElement;
use crate::domain::plan::Plan;
use crate::domain::words::{count, duration};
use crate::tui::canvas::{Canvas, Room};
use crate::tui::widget::graph::NodeLook;
use crate::tui::widget::tabs;

pub(super) const ROW: DrawRow = DrawRow { title, ..DrawRow::new(draw, sentence) };

fn title(app: &App) -> String {
    app.preview
        .plan
        .as_ref()
        .map(|plan| format!("{}{}", plan.name, plan.suffix))
        .unwrap_or_default()
}

fn sentence(app: &App) -> (Tone, String) {
    let preview = &app.preview;
    if let Some(problem) = &preview.problem {
        return (Tone::Bad, problem.what.clone());
    }
    match &preview.plan {
        None => Tone::Plain.says("Working out what would be created…"),
        Some(_) if preview.asked => Tone::Plain.says("Working it out again…"),
        Some(plan) => found(app).unwrap_or_else(|| {
            let usual = std::time::Duration::from_secs(plan.critical_seconds.into());
            let validated = match &preview.validation {
                Some(_) => " Azure accepts it.",
                None => "",
            };
            let usual = duration(usual);
            Tone::Plain.says(format!("Nothing has been created yet.{validated} Usually {usual}."))
        }),
    }
}

/// What was found before, in a sentence: how much, and the first of it.
fn found(app: &App) -> Option<(Tone, String)> {
    let open = checks::open(app);
    let first = open.first()?;
    let many = count(open.len(), "open finding");
    Some(Tone::Warn.says(format!("{many}, F5 shows what helps: {}", first.in_words())))
}

fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let [strip, go, body] = Layout::vertical([Length(1), Length(1), Fill(1)]).areas(area);
    let preview = &app.preview;
    let names: Vec<&str> = if area.width < ALL_NAMES {
        // The numbers are the keys.
        vec!["1 Map", "2 Res", "3 Gra", "4 Fire", "5 Net", "6 $", "7 Par"]
    } else {
        Tab::ALL.iter().map(|tab| tab.name()).collect()
    };
    let open = Tab::ALL.iter().position(|tab| *tab == preview.tab);
    tabs::draw(canvas, strip, &names, open.unwrap_or_default());
    deploy(app, canvas, go);
    let Some(plan) = &preview.plan else {
        waiting(preview, canvas, body);
        return;
    };
    match preview.tab {
        Tab::Resources if canvas.room == Room::Wide => {
            let [left, right] = Layout::horizontal([Percentage(52), Fill(1)]).areas(body);
            let [upper, lower] = Layout::vertical([Fill(1), Length(11)]).areas(right);
            resources::draw(preview, plan, canvas, left);
            firewall::summary(plan, canvas, upper);
            cost::draw(app, canvas, lower, false);
        }
        Tab::Resources => resources::draw(preview, plan, canvas, body),
        Tab::Map => on_map(app, plan, canvas, body),
        Tab::Graph => {
            graph::draw(canvas, body, plan, &preview.graph, true, &|_| NodeLook::default());
        }
        Tab::Firewall => firewall::draw(app, plan, canvas, body),
        Tab::Network => network::draw(preview, plan, canvas, body, true),
        Tab::Cost => cost::draw(app, canvas, body, true),
        Tab::Parameters => parameters::draw(preview, plan, canvas, body),
    }
}

/// The least rows that something below the map is worth.
const LOWER: u16 = 9;
/// Columns that the names of all parts take.
const ALL_NAMES: u16 = 66;

/// The network as it will be.
fn on_map(app: &App, plan: &Plan, canvas: &mut Canvas<'_>, area: Rect) {
    let Some(network) = &app.preview.map else { return };
    let cost = match preview::cost(app) {
        _ if app.start.practice => "free here".to_owned(),
        Some(cost) => cost.short(),
        None => String::new(),
    };
    let note = format!("{}, {cost}", count(plan.resources.len(), "resource"));
    // A tall screen shows below what else decides.
    let spare = area.height.saturating_sub(map::rows(network, area.width));
    let below = if canvas.room == Room::Wide && spare >= LOWER { spare } else { 0 };
    let [area, lower] = Layout::vertical([Fill(1), Length(below)]).areas(area);
    if below > 0 {
        let [left, right] = Layout::horizontal([Percentage(50), Fill(1)]).areas(lower);
        cost::draw(app, canvas, left, false);
        network::draw(&app.preview, plan, canvas, right, false);
    }
    let look = |element: &MapElement| (planned(element), String::new());
    let state = &app.preview.map_state;
    let focused = !app.preview.on_deploy;
    map::draw(
        canvas,
        area,
        &MapFace { map: network, state, focused, look: &look, note, is_old: false },
    );
}

/// The row that leads to the question, where the cursor begins.
fn deploy(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.look.theme;
    let chosen = app.preview.on_deploy;
    let off = app.screen_place().availability(app, Command::Deploy).is_err();
    let style = if off { theme.quiet } else { theme.row(chosen) };
    let words = format!("{} {} Deploy it", canvas.look.mark(chosen), canvas.look.glyphs.arrow);
    canvas.line(
        area,
        Line::from(vec![
            Span::raw(" "),
            Span::styled(words, style),
            Span::styled("  asks first, with what it costs  D", theme.quiet),
        ]),
    );
    canvas.hit(area, ClickTarget::Command(Command::Deploy));
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
            canvas.prose(inner, "Working out what would be created…", theme.quiet);
        }
    }
}
