//! An environment that stands, as it is drawn: parts, changes and history; side by side where there is room.

use ratatui::{
    layout::{Constraint, Layout, Rect},
    style::Style,
    text::{Line, Span},
};

use crate::{
    app::{
        App, Tone,
        message::Target,
        screen::status::{Pane, Seen},
    },
    domain::{
        environment::MadeBy,
        health::{Part, State},
        words::count,
    },
    tui::{
        canvas::{Canvas, Room, first_row},
        text::clock,
    },
};

/// Columns of a part's title and name.
const TITLE: usize = 11;
const NAME: usize = 20;

pub(super) fn title(app: &App) -> String {
    app.status.record.as_ref().map(|record| record.full_name.clone()).unwrap_or_default()
}

pub(super) fn sentence(app: &App) -> (Tone, String) {
    let status = &app.status;
    if let Some(record) = &status.record
        && let Some(running) = app.changing(&record.full_name)
    {
        return (Tone::Plain, running.sentence());
    }
    if let Some(problem) = &status.problem {
        return (Tone::Bad, format!("{} Enter shows more, r tries again.", problem.what));
    }
    let Some(seen) = status.seen.as_deref() else {
        return (Tone::Plain, "Reading what Azure has of it.".to_owned());
    };
    let bad = seen.parts.iter().filter(|part| part.state == State::Bad).count();
    let changed = seen.drift.differences.len();
    if is_terraform(app) {
        let words =
            "Made with Terraform: it can be looked at and audited here, and is changed there.";
        return (Tone::Plain, words.to_owned());
    }
    let unknown = seen.drift.unknown.len();
    match (seen.paused, bad, changed, unknown) {
        (true, ..) => (Tone::Warn, "Paused: nothing inside has egress. P resumes it.".to_owned()),
        (_, 0, 0, 0) => {
            (Tone::Good, "Everything is as planned. i lists what is open by choice.".to_owned())
        }
        (_, 0, 0, unknown) => (
            Tone::Warn,
            format!(
                "What was read is as planned; {} not known. Enter shows one.",
                count(unknown, "thing")
            ),
        ),
        (_, 0, changed, _) => (
            Tone::Warn,
            format!(
                "{} from the plan. Enter shows one, M sets it again; nothing is changed unasked.",
                count(changed, "difference")
            ),
        ),
        (_, bad, ..) => (
            Tone::Bad,
            format!(
                "{} not as it should be. Enter shows it, M mends what the template makes.",
                count(bad, "part")
            ),
        ),
    }
}

pub(super) fn liveness(app: &App) -> (String, Tone) {
    let status = &app.status;
    match (status.reading, status.read_at) {
        (true, _) => ("reading…".to_owned(), Tone::Plain),
        (false, Some(at)) => (format!("read at {}", clock(app, at)), Tone::Good),
        (false, None) => (String::new(), Tone::Plain),
    }
}

pub(super) fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let [head, rest] = Layout::vertical([Constraint::Length(2), Constraint::Fill(1)]).areas(area);
    header(app, canvas, head);
    if canvas.room == Room::Wide && rest.height >= 16 {
        let [upper, lower] =
            Layout::vertical([Constraint::Length(16), Constraint::Fill(1)]).areas(rest);
        let [left, right] =
            Layout::horizontal([Constraint::Percentage(52), Constraint::Fill(1)]).areas(upper);
        pane(app, canvas, left, Pane::Parts);
        pane(app, canvas, right, Pane::Drift);
        pane(app, canvas, lower, Pane::History);
        return;
    }
    // One pane at a time: the others are named above it.
    let names = Pane::ALL.iter().flat_map(|each| {
        let chosen = *each == app.status.pane;
        let theme = canvas.look.theme;
        let style = if chosen { theme.strong } else { theme.quiet };
        let mark = if chosen { canvas.look.glyphs.chosen } else { " " };
        let label = format!("{mark}{} {}  ", short(*each), app.status.count(*each));
        [Span::styled(label, style)]
    });
    let names: Vec<Span<'_>> = names.collect();
    let [tabs, rest] = Layout::vertical([Constraint::Length(1), Constraint::Fill(1)]).areas(rest);
    canvas.line(tabs, Line::from(names));
    pane(app, canvas, rest, app.status.pane);
}

fn is_terraform(app: &App) -> bool {
    let record = app.status.record.as_ref();
    record.is_some_and(|record| record.made_by == MadeBy::Terraform)
}

fn short(pane: Pane) -> &'static str {
    match pane {
        Pane::Parts => "Parts",
        Pane::Drift => "Changes",
        Pane::History => "History",
    }
}

/// Where it is, and what it costs.
fn header(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let Some(record) = &app.status.record else {
        return;
    };
    let theme = canvas.look.theme;
    let place = format!(
        "{} {} {} {} {}",
        record.resource_group,
        canvas.look.glyphs.middle,
        record.settings.region,
        canvas.look.glyphs.middle,
        record.settings.address_space
    );
    let seen = app.status.seen.as_deref();
    let cost = match seen {
        _ if app.start.practice => "costs nothing: practice".to_owned(),
        Some(Seen { daily: Some(daily), paused, saves, .. }) => {
            let daily = if *paused { daily - saves.unwrap_or_default() } else { *daily };
            format!("about ${daily:.0} a day")
        }
        _ => String::new(),
    };
    canvas.lines(
        area,
        [Line::from(vec![
            Span::styled(format!("{place}   "), theme.quiet),
            Span::styled(cost, theme.quiet),
        ])],
    );
}

fn pane(app: &App, canvas: &mut Canvas<'_>, area: Rect, pane: Pane) {
    let focused = app.status.pane == pane;
    let inner = canvas.panel(area, pane.title(), focused);
    let Some(seen) = app.status.seen.as_deref() else {
        let words = match &app.status.problem {
            Some(problem) => format!("{} {}", problem.what, problem.advice),
            None => "Reading…".to_owned(),
        };
        let theme = canvas.look.theme;
        canvas.prose(inner, &words, theme.quiet);
        return;
    };
    let rows = app.status.count(pane);
    if rows == 0 {
        let theme = canvas.look.theme;
        let words = match pane {
            Pane::Drift if is_terraform(app) => {
                "It was made with Terraform: `terraform plan` tells what has changed.".to_owned()
            }
            Pane::Drift => "Everything that was read is as planned.".to_owned(),
            _ => "Nothing is known.".to_owned(),
        };
        canvas.prose(inner, &words, theme.quiet);
        return;
    }
    let height = usize::from(inner.height);
    let first = first_row(app.status.row(pane), rows, height);
    for (place, row) in (first..rows).take(height).enumerate() {
        let line = Rect {
            y: inner.y.saturating_add(u16::try_from(place).unwrap_or(u16::MAX)),
            height: 1,
            ..inner
        };
        let chosen = focused && row == app.status.row(pane);
        let drawn = match pane {
            Pane::Parts => seen.parts.get(row).map(|part| of_part(canvas, part, chosen)),
            Pane::Drift => seen.drift.rows().nth(row).map(|each| {
                let mark = each.sign();
                let style = if chosen { canvas.look.theme.strong } else { canvas.look.theme.warn };
                Line::from(Span::styled(
                    format!("{}{mark} {}", mark_of(canvas, chosen), each.sentence()),
                    style,
                ))
            }),
            Pane::History => seen.history.get(row).map(|each| {
                let who = each.who.as_deref().map(|who| format!(", by {who}")).unwrap_or_default();
                let theme = canvas.look.theme;
                let style = if chosen { theme.strong } else { theme.text };
                Line::from(vec![
                    Span::styled(
                        format!(
                            "{}{}  ",
                            mark_of(canvas, chosen),
                            each.time.strftime("%d %b %H:%M")
                        ),
                        if chosen { theme.strong } else { theme.quiet },
                    ),
                    Span::styled(format!("{}{who}", each.what), style),
                ])
            }),
        };
        if let Some(drawn) = drawn {
            canvas.line(line, drawn);
            if focused {
                canvas.hit(line, Target::Row(row));
            }
        }
    }
}

fn mark_of(canvas: &Canvas<'_>, chosen: bool) -> String {
    if chosen { format!("{} ", canvas.look.glyphs.chosen) } else { "  ".to_owned() }
}

fn of_part<'l>(canvas: &Canvas<'_>, part: &Part, chosen: bool) -> Line<'l> {
    let theme = canvas.look.theme;
    let (glyph, style): (&str, Style) = match part.state {
        State::Good => (canvas.look.glyphs.ready, theme.ok),
        State::Off => (canvas.look.glyphs.waiting, theme.quiet),
        State::Warning => (canvas.look.glyphs.warning, theme.warn),
        State::Bad => (canvas.look.glyphs.failed, theme.bad),
        State::Unknown => (canvas.look.glyphs.unknown, theme.quiet),
    };
    let text = if chosen { theme.strong } else { theme.text };
    Line::from(vec![
        Span::styled(format!("{}{:<TITLE$}", mark_of(canvas, chosen), part.title), text),
        Span::styled(format!("{:<NAME$} ", part.name), theme.quiet),
        Span::styled(format!("{glyph} {}", part.words), style),
    ])
}

#[cfg(test)]
mod tests;
