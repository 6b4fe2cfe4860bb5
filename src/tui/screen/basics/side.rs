//! What stands beside the form: the names that follow, the network, the checks, or what a field is for.

use ratatui::{
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use super::form::glyph;
use super::{names, network};
use crate::app::App;
use crate::app::screen::basics::checks::{self, CheckState, SHOWN};
use crate::app::screen::basics::{BasicsPane, Field, FieldKind};
use crate::domain::check::{CheckKind, CheckOutcome};
use crate::tui::canvas::{Canvas, Room};
use crate::tui::text;

/// What can stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SideContent {
    Names,
    Network,
    Checks,
    Field(Field),
}

/// What belongs beside the form: what was asked for, else what belongs to the field that has the keys.
pub(super) fn shown_beside(app: &App) -> SideContent {
    match (app.basics.pane, app.basics.focus) {
        (BasicsPane::Checks, _) => SideContent::Checks,
        (BasicsPane::Names, _) | (BasicsPane::Form, Field::Name) => SideContent::Names,
        (BasicsPane::Form, field) if field == Field::Keeping || field.is_below_more() => {
            SideContent::Field(field)
        }
        (BasicsPane::Network | BasicsPane::Form, _) => SideContent::Network,
    }
}

pub(super) fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect, part: SideContent) {
    let title = match part {
        SideContent::Names => "Names".to_owned(),
        SideContent::Network => network::title(app),
        SideContent::Checks => "Checks".to_owned(),
        SideContent::Field(field) => field.label().to_owned(),
    };
    titled(app, canvas, area, part, &title);
}

pub(super) fn titled(
    app: &App,
    canvas: &mut Canvas<'_>,
    area: Rect,
    part: SideContent,
    title: &str,
) {
    let focused = match app.basics.pane {
        BasicsPane::Form => false,
        BasicsPane::Names => part == SideContent::Names,
        BasicsPane::Network => part == SideContent::Network,
        BasicsPane::Checks => part == SideContent::Checks,
    };
    let inner = canvas.panel(area, title, focused);
    match part {
        SideContent::Names => names::draw(app, canvas, inner),
        SideContent::Network => network::draw(app, canvas, inner),
        SideContent::Checks => {
            let lines = check_lines(app, canvas, inner.width);
            canvas.lines(inner, lines);
        }
        SideContent::Field(field) => about(app, canvas, inner, field),
    }
}

/// How many rows the checks take.
pub(super) fn check_rows(app: &App, canvas: &Canvas<'_>, columns: u16) -> u16 {
    let rows = check_lines(app, canvas, columns).len();
    u16::try_from(rows).unwrap_or(u16::MAX)
}

fn check_lines(app: &App, canvas: &Canvas<'_>, columns: u16) -> Vec<Line<'static>> {
    let theme = canvas.look.theme;
    let room = usize::from(columns).saturating_sub(2);
    let mut lines = Vec::new();
    // Beside the form there is room for what was found, and not for what to do.
    let whole = app.basics.pane == BasicsPane::Checks;
    let mut states: Vec<(CheckKind, CheckState)> =
        SHOWN.iter().map(|kind| (*kind, checks::state(app, *kind))).collect();
    // What was found comes first: the room may not do for all.
    states.sort_by_key(|(_, state)| match state.outcome() {
        Some(CheckOutcome::Problem) => 0,
        Some(CheckOutcome::Unknown) => 1,
        _ => 2,
    });
    for (kind, state) in states {
        let (mark, style) = glyph(canvas, &state);
        for (words, quiet) in check_words(kind, &state, whole) {
            let body: Style = if quiet { theme.quiet } else { theme.text };
            for (index, line) in text::wrap(&words, room).into_iter().enumerate() {
                let head = if index == 0 { mark } else { " " };
                lines.push(Line::from(vec![
                    Span::styled(format!("{head} "), style),
                    Span::styled(line, body),
                ]));
            }
        }
    }
    lines
}

/// A check in words, and whether they are quiet.
fn check_words(kind: CheckKind, state: &CheckState, whole: bool) -> Vec<(String, bool)> {
    match state {
        CheckState::Waiting(why) => vec![(format!("{}: not checked, {why}", kind.about()), true)],
        CheckState::Asking => vec![(format!("{}: being asked", kind.about()), true)],
        CheckState::Done(found) => found
            .iter()
            .map(|finding| {
                let words = if whole || finding.outcome == CheckOutcome::Unknown {
                    finding.in_words()
                } else {
                    finding.what.clone()
                };
                (words, finding.outcome == CheckOutcome::Unknown)
            })
            .collect(),
    }
}

/// What can be chosen in a field; what it is for stands below the field itself.
fn about(app: &App, canvas: &mut Canvas<'_>, area: Rect, field: Field) {
    let theme = canvas.look.theme;
    match field.kind() {
        FieldKind::Choice => {}
        FieldKind::List => {
            let known = app.basics.choices(field).len();
            let words = format!(
                "Enter opens a list of {known}, filtered as you type. Any other can be typed too."
            );
            canvas.prose(area, &words, theme.text);
            return;
        }
        FieldKind::Text | FieldKind::Button => {
            canvas.prose(area, field.about(), theme.text);
            return;
        }
    }
    let choices = app.basics.choices(field);
    let chosen = app.basics.chosen(field);
    let labels = choices.iter().map(|item| text::width(&item.label)).max();
    let labels = labels.unwrap_or_default() + 2;
    let columns = usize::from(area.width).saturating_sub(2);
    // In many columns a choice takes one row, so that all are in sight.
    let in_one_row = canvas.room != Room::Wide && columns > labels + 40;
    let mut rest = area;
    for item in choices {
        let is_chosen = item.id == chosen;
        let mark = canvas.look.mark(is_chosen);
        let style = theme.row(is_chosen);
        let cost = app.cost_beside(field, &item.id);
        let cost = cost.map_or_else(String::new, |cost| format!("  {cost}"));
        let detail = item.off.unwrap_or(item.detail) + &cost;
        let mut head = vec![Span::styled(format!("{mark} {:<labels$}", item.label), style)];
        if in_one_row {
            head.push(Span::styled(detail, theme.quiet));
            rest = canvas.lines(rest, [Line::from(head)]);
            continue;
        }
        rest = canvas.lines(rest, [Line::from(head)]);
        let details = text::wrap(&detail, columns).into_iter();
        rest =
            canvas.lines(rest, details.map(|line| Line::styled(format!("  {line}"), theme.quiet)));
    }
}
