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

use super::{DrawRow, graph};
use crate::app::command::Command;
use crate::app::message::ClickTarget;
use crate::app::screen::basics::checks;
use crate::app::screen::preview::{Preview, Tab};
use crate::app::{App, Tone};
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
    let names: Vec<&str> = if canvas.room == Room::Narrow {
        // The numbers are the keys.
        vec!["1 Res", "2 Gra", "3 Fire", "4 Net", "5 Cost", "6 Par"]
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
        Tab::Graph => {
            graph::draw(canvas, body, plan, &preview.graph, true, &|_| NodeLook::default());
        }
        Tab::Firewall => firewall::draw(app, plan, canvas, body),
        Tab::Network => network::draw(preview, plan, canvas, body),
        Tab::Cost => cost::draw(app, canvas, body, true),
        Tab::Parameters => parameters::draw(preview, plan, canvas, body),
    }
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
