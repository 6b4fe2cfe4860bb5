//! The form with what belongs to it: names, network, checks. Beside each other where there is room, else one at a time.

mod form;
mod hints;
mod names;
mod network;
mod side;
#[cfg(test)]
mod tests;

use ratatui::layout::{
    Constraint::{Fill, Length},
    Layout, Rect,
};

use super::DrawRow;
use crate::app::command::Command;
use crate::app::message::ClickTarget;
use crate::app::screen::basics::checks;
use crate::app::screen::basics::{BasicsPane, Weight};
use crate::app::{App, Tone};
use crate::tui::canvas::{Canvas, Room};
use crate::tui::text;

/// Columns of the form where something stands beside it.
const FORM: u16 = 54;
/// Rows that the form takes at most where something stands below it.
const FORM_ROWS: u16 = 24;
/// Rows of what stands below the form at least, and from how many on there is room for it.
const BELOW: u16 = 8;
const ROWS_FOR_BELOW: u16 = 20;

pub(super) const ROW: DrawRow = DrawRow { title, ..DrawRow::new(draw, sentence) };

fn title(app: &App) -> String {
    match &app.basics.existing {
        Some(record) => record.full_name.clone(),
        None => "new environment".to_owned(),
    }
}

fn sentence(app: &App) -> (Tone, String) {
    match app.screen_place().availability(app, Command::Continue) {
        Ok(()) => match findings(app) {
            0 => Tone::Good.says("Everything is filled in: Ctrl-N shows what would be created."),
            1 => Tone::Warn
                .says("1 check found something: F5 shows what helps; Ctrl-N goes on all the same."),
            count => Tone::Warn.says(format!(
                "{count} checks found something: F5 shows what helps; Ctrl-N goes on all the same."
            )),
        },
        Err(reason) => {
            let wrong = app.basics.faults.iter().any(|fault| fault.weight == Weight::Wrong);
            let tone = if wrong { Tone::Warn } else { Tone::Plain };
            (tone, reason)
        }
    }
}

/// How many checks found something that does not hold.
fn findings(app: &App) -> usize {
    checks::open(app).iter().filter(|finding| finding.is_problem()).count()
}

fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    if canvas.room == Room::Wide {
        let [left, right] = Layout::horizontal([Length(FORM), Fill(1)]).areas(area);
        form::draw(app, canvas, left, &form_title(app), false);
        if app.basics.pane == BasicsPane::Checks {
            side::draw(app, canvas, right, side::SideContent::Checks);
            return;
        }
        let rows = side::check_rows(app, canvas, right.width.saturating_sub(4));
        let checks = rows.saturating_add(2).min(area.height / 2);
        let [above, below] = Layout::vertical([Fill(1), Length(checks)]).areas(right);
        side::draw(app, canvas, above, side::shown_beside(app));
        side::draw(app, canvas, below, side::SideContent::Checks);
    } else if area.height >= ROWS_FOR_BELOW {
        // What was asked for has more room than what only stands beside the form.
        let rows = if app.basics.pane == BasicsPane::Form {
            BELOW.max(area.height.saturating_sub(FORM_ROWS))
        } else {
            area.height / 2
        };
        let [above, below] = Layout::vertical([Fill(1), Length(rows)]).areas(area);
        form::draw(app, canvas, above, &form_title(app), true);
        side::draw(app, canvas, below, side::shown_beside(app));
    } else {
        tabs(app, canvas, area);
    }
}

/// What the environment would cost stands with the title: it belongs to no field.
fn form_title(app: &App) -> String {
    match &app.basics.cost {
        Some(cost) if app.start.practice => format!("Basics  free here ({})", cost.short()),
        Some(cost) => format!("Basics  {}", cost.short()),
        None => "Basics".to_owned(),
    }
}

/// One pane at a time, with their names above.
fn tabs(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let shown = app.basics.pane;
    let mut title = String::new();
    let mut places = Vec::new();
    for pane in BasicsPane::ALL {
        let name = if pane == shown { pane.name().to_uppercase() } else { pane.name().to_owned() };
        places.push((text::width(&title), text::width(&name)));
        title.push_str(&name);
        title.push_str("  ");
    }
    title.push_str("F2");
    match shown {
        BasicsPane::Form => form::draw(app, canvas, area, &title, true),
        BasicsPane::Names => side::titled(app, canvas, area, side::SideContent::Names, &title),
        BasicsPane::Network => side::titled(app, canvas, area, side::SideContent::Network, &title),
        BasicsPane::Checks => side::titled(app, canvas, area, side::SideContent::Checks, &title),
    }
    let indent = if canvas.room == Room::Narrow { 0 } else { 2 };
    for (index, (before, width)) in places.into_iter().enumerate() {
        let x = u16::try_from(before).unwrap_or_default();
        let tab = Rect {
            x: area.x.saturating_add(indent).saturating_add(x),
            width: u16::try_from(width).unwrap_or_default(),
            height: 1,
            ..area
        };
        canvas.hit(tab.intersection(area), ClickTarget::Pane(index));
    }
}
