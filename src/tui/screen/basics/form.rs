//! The fields, one below the other. Where there is little room only the field that has the keys, and those that are
//! wrong, have lines below them; the rest scrolls.

use ratatui::{
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use tui_input::Input;

use super::hints::{self, AnswerState};
use crate::app::App;
use crate::app::message::ClickTarget;
use crate::app::screen::basics::checks::{CheckState, SHOWN, state};
use crate::app::screen::basics::{BasicsPane, Field, FieldKind};
use crate::domain::check::{CheckKind, CheckOutcome};
use crate::tui::canvas::{Canvas, first_row, right_of};
use crate::tui::text;
use crate::tui::widget::field as line;

/// Columns before the answers: the mark of the chosen row and the longest label.
const LABELS: u16 = 17;
/// Columns of an answer's box at most.
const BOX: u16 = 28;
/// Columns of the name's box: its eight letters, room for too many, and the brackets.
const NAME_BOX: u16 = 20;

/// Columns of the box of a time or a number.
const SHORT_BOX: u16 = 10;

/// One row of the form.
enum FormRow {
    Field(usize, Field),
    Hint(Style, String),
    Gap,
}

/// How much is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Room {
    Roomy,
    Snug,
    Tight,
}

pub(super) fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect, title: &str, checks: bool) {
    let mut inner = canvas.panel(area, title, app.basics.pane == BasicsPane::Form);
    if checks && inner.height > 6 {
        let last = Rect { y: inner.bottom().saturating_sub(1), height: 1, ..inner };
        summary(app, canvas, last);
        inner.height = inner.height.saturating_sub(1);
    }
    let columns = usize::from(inner.width.saturating_sub(LABELS)).max(12);
    let height = usize::from(inner.height);
    let rows = [Room::Roomy, Room::Snug]
        .into_iter()
        .map(|room| rows(app, canvas, columns, room))
        .find(|rows| rows.len() <= height)
        .unwrap_or_else(|| rows(app, canvas, columns, Room::Tight));
    let first = first_shown(app, &rows, height);
    let mut rest = inner;
    for each in rows.iter().skip(first).take(height) {
        let row = Rect { height: 1.min(rest.height), ..rest };
        match each {
            FormRow::Field(index, field) => {
                draw_field(app, canvas, row, *field);
                canvas.hit(row, ClickTarget::Row(*index));
            }
            FormRow::Hint(style, words) => canvas.text(right_of(row, LABELS), words, *style),
            FormRow::Gap => {}
        }
        rest = crate::tui::canvas::below(rest, 1);
    }
}

fn rows(app: &App, canvas: &Canvas<'_>, columns: usize, room: Room) -> Vec<FormRow> {
    let theme = &canvas.look.theme;
    let form = &app.basics;
    let mut rows = Vec::new();
    for (index, field) in form.fields().into_iter().enumerate() {
        let is_main = !field.is_below_more();
        if room == Room::Roomy && is_main && index > 0 {
            rows.push(FormRow::Gap);
        }
        rows.push(FormRow::Field(index, field));
        let standing = hints::standing(app, field);
        let pressing = matches!(standing, AnswerState::Wrong | AnswerState::Doubtful);
        if room == Room::Tight && form.focus != field && !pressing {
            continue;
        }
        let lines = hints::lines(app, field, theme);
        if room == Room::Tight && form.focus != field {
            // Elsewhere than at the field that has the keys, one line says that something is wrong.
            rows.extend(
                lines
                    .into_iter()
                    .take(1)
                    .map(|(style, words)| FormRow::Hint(style, text::fit(&words, columns))),
            );
            continue;
        }
        for (style, words) in lines {
            let wrapped = text::wrap(&words, columns).into_iter();
            rows.extend(wrapped.map(|line| FormRow::Hint(style, line)));
        }
    }
    rows
}

/// The first row, so that the field that has the keys is in sight with its lines.
fn first_shown(app: &App, rows: &[FormRow], height: usize) -> usize {
    let at = rows
        .iter()
        .position(|row| matches!(row, FormRow::Field(_, field) if *field == app.basics.focus))
        .unwrap_or_default();
    let lines = rows.iter().skip(at + 1).take_while(|row| matches!(row, FormRow::Hint(..))).count();
    first_row(at + lines, rows.len(), height).min(at)
}

fn draw_field(app: &App, canvas: &mut Canvas<'_>, row: Rect, field: Field) {
    let theme = canvas.look.theme;
    let focused = app.basics.focus == field && app.basics.pane == BasicsPane::Form;
    let mark = if app.basics.focus == field { canvas.look.glyphs.chosen } else { " " };
    let style = theme.row(focused);
    if field.kind() == FieldKind::Button {
        let glyph = match (field, app.basics.more) {
            (Field::More, true) => canvas.look.glyphs.open,
            (Field::More, false) => canvas.look.glyphs.closed,
            _ => canvas.look.glyphs.arrow,
        };
        let (words, more, key) = match (field, app.basics.more) {
            (Field::More, true) => ("Less", String::new(), "Space"),
            (Field::More, false) => ("More", hints::more(app), "Space"),
            _ => ("Continue to the preview", String::new(), "Ctrl-N"),
        };
        let gap = if more.is_empty() { "" } else { "  " };
        canvas.line(
            row,
            Line::from(vec![
                Span::styled(format!("{mark} {glyph} {words}"), style),
                Span::styled(format!("{gap}{more}  {key}"), theme.quiet),
            ]),
        );
    } else {
        canvas.text(row, &format!("{mark} {}", field.label()), style);
        let answer = Rect { width: row.width.saturating_sub(LABELS + 2), ..right_of(row, LABELS) };
        draw_answer(app, canvas, answer, field, focused);
    }
    if field != Field::Continue {
        draw_standing(app, canvas, row, field);
    }
}

fn draw_answer(app: &App, canvas: &mut Canvas<'_>, area: Rect, field: Field, focused: bool) {
    let theme = canvas.look.theme;
    let form = &app.basics;
    let width = match field {
        Field::Name => NAME_BOX,
        Field::Tags => area.width,
        Field::ShutdownTime | Field::LogRetention => SHORT_BOX,
        _ => BOX,
    }
    .min(area.width);
    let place = Rect { width, ..area };
    match form.line(field).filter(|_| field.kind() == FieldKind::Text) {
        Some(input) => draw_line(canvas, place, field, input, focused && form.is_editable(field)),
        None => draw_choice(canvas, place, &form.shown(field), focused),
    }
    let behind = match field {
        Field::Name => form
            .draft
            .suffix
            .as_ref()
            .map_or_else(|| "+ ….".to_owned(), |suffix| format!("+ {suffix}")),
        Field::LogRetention => "days".to_owned(),
        _ => String::new(),
    };
    canvas.text(right_of(area, width.saturating_add(1)), &behind, theme.text);
}

/// A line in brackets, with an example while it is empty.
fn draw_line(canvas: &mut Canvas<'_>, area: Rect, field: Field, input: &Input, editing: bool) {
    let quiet = canvas.look.theme.quiet;
    let last = area.width.saturating_sub(1);
    let typed = Rect { width: last, ..area };
    line::draw(canvas, typed, "[", input, editing);
    let placeholder = match field {
        Field::Name => "such as test",
        Field::Tags => "costCenter=4711, owner=me",
        _ => "",
    };
    if input.value().is_empty() {
        let before = if editing { 2 } else { 1 };
        canvas.text(right_of(typed, before), placeholder, quiet);
    }
    canvas.text(right_of(area, last), "]", quiet);
}

/// What is chosen, in brackets, with the mark of a list.
fn draw_choice(canvas: &mut Canvas<'_>, area: Rect, shown: &str, focused: bool) {
    let theme = canvas.look.theme;
    let style = if focused { theme.strong } else { theme.text };
    let room = usize::from(area.width).saturating_sub(4);
    let shown = text::fit(shown, room);
    let gap = " ".repeat(room.saturating_sub(text::width(&shown)));
    canvas.line(
        area,
        Line::from(vec![
            Span::styled("[", theme.quiet),
            Span::styled(format!("{shown}{gap}"), style),
            Span::styled(format!(" {}]", canvas.look.glyphs.open), theme.quiet),
        ]),
    );
}

fn draw_standing(app: &App, canvas: &mut Canvas<'_>, row: Rect, field: Field) {
    let (theme, glyphs) = (canvas.look.theme, canvas.look.glyphs);
    let standing = hints::standing(app, field);
    let (glyph, style) = match standing {
        AnswerState::Good if field == Field::More => return,
        AnswerState::Good => (glyphs.done, theme.ok),
        AnswerState::Doubtful => (glyphs.warning, theme.warn),
        AnswerState::Missing => (glyphs.waiting, theme.quiet),
        AnswerState::Wrong => (glyphs.failed, theme.bad),
        AnswerState::Open => (glyphs.skipped, theme.quiet),
    };
    let place = right_of(row, row.width.saturating_sub(1));
    canvas.text(place, glyph, style);
}

/// The checks in one line: what was found by name, the rest counted.
fn summary(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let mut spans = vec![Span::styled("Checks  ", canvas.look.theme.quiet)];
    let states: Vec<(CheckKind, CheckState)> =
        SHOWN.iter().map(|kind| (*kind, state(app, *kind))).collect();
    for (kind, state) in &states {
        if state.outcome().is_some_and(|outcome| outcome != CheckOutcome::Pass) {
            let (glyph, style) = glyph(canvas, state);
            spans.push(Span::styled(format!("{glyph} {}  ", kind.about()), style));
        }
    }
    let word_of = |state: &CheckState| match state {
        CheckState::Asking => "being asked",
        CheckState::Waiting(_) => "not asked yet",
        CheckState::Done(_) if state.outcome() == Some(CheckOutcome::Pass) => "passed",
        CheckState::Done(_) => "",
    };
    for word in ["passed", "being asked", "not asked yet"] {
        let mut of = states.iter().filter(|(_, state)| word_of(state) == word);
        if let Some((_, first)) = of.next() {
            let (glyph, style) = glyph(canvas, first);
            spans.push(Span::styled(format!("{glyph} {} {word}  ", of.count() + 1), style));
        }
    }
    canvas.line(area, Line::from(spans));
}

/// Glyph and style of a check.
pub(super) fn glyph(canvas: &Canvas<'_>, state: &CheckState) -> (&'static str, Style) {
    let (theme, glyphs) = (canvas.look.theme, canvas.look.glyphs);
    match (state, state.outcome()) {
        (_, Some(CheckOutcome::Pass)) => (glyphs.done, theme.ok),
        (_, Some(CheckOutcome::Problem)) => (glyphs.warning, theme.warn),
        (_, Some(CheckOutcome::Unknown)) => (glyphs.unknown, theme.quiet),
        (CheckState::Asking, _) => (glyphs.pending, theme.quiet),
        _ => (glyphs.waiting, theme.quiet),
    }
}
