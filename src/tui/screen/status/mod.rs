//! An environment that stands, as it is drawn: parts, changes and history; side by side where there is room.

use ratatui::{
    layout::{
        Constraint::{Fill, Length, Percentage},
        Layout, Rect,
    },
    style::Style,
    text::{Line, Span},
};

use super::map::MapFace;
use super::{DrawRow, map, reading};
use crate::app::screen::status::{self, Happened, StatusPane, StatusReading};
use crate::app::{App, Tone};
use crate::domain::cost::Mode;
use crate::domain::drift::Difference;
use crate::domain::environment::MadeBy;
use crate::domain::health::{HealthPart, HealthState};
use crate::domain::map::MapElement;
use crate::domain::words::count;
use crate::tui::canvas::{Canvas, Room};

/// Columns of a part's title and name.
const TITLE: usize = 11;
const NAME: usize = 20;

/// The least rows that something below the map is worth.
const LOWER: u16 = 6;

pub(super) const ROW: DrawRow = DrawRow { liveness, ..DrawRow::new(draw, sentence) };

fn sentence(app: &App) -> (Tone, String) {
    let status = &app.status;
    if let Some(problem) = &status.problem {
        return reading::failed(problem);
    }
    let Some(seen) = status.seen.as_deref() else {
        return Tone::Plain.says("Reading what Azure has of it.");
    };
    if let Some(words) = of_before(app) {
        return (Tone::Warn, words);
    }
    let bad = seen.parts.iter().filter(|part| part.state == HealthState::Bad).count();
    let changed = seen.drift.differences.len();
    if is_terraform(app) {
        let words =
            "Created with Terraform: it can be looked at and audited here, and is changed there.";
        return (Tone::Plain, words.to_owned());
    }
    let unknown = seen.drift.unknown.len();
    match (seen.paused, bad, changed, unknown) {
        (true, ..) => Tone::Warn.says("Paused: nothing inside has egress. P resumes it."),
        (_, 0, 0, 0) => {
            Tone::Good.says("Everything is as planned. i lists what is open by choice.")
        }
        (_, 0, 0, unknown) => Tone::Warn.says(format!(
            "What was read is as planned; {} not known. Enter shows one.",
            count(unknown, "thing")
        )),
        (_, 0, changed, _) => Tone::Warn.says(format!(
            "{} from the plan. Enter shows one, M sets it again; nothing is changed unasked.",
            count(changed, "difference")
        )),
        (_, bad, ..) => Tone::Bad.says(format!(
            "{} not as it should be. Enter shows it, M repairs what the template sets.",
            count(bad, "part")
        )),
    }
}

fn of_before(app: &App) -> Option<String> {
    reading::of_before(app, app.status.reading, app.status.read_at)
}

fn liveness(app: &App) -> (String, Tone) {
    let status = &app.status;
    reading::liveness(app, status.reading, status.read_at)
}

fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let [head, rest] = Layout::vertical([Length(2), Fill(1)]).areas(area);
    header(app, canvas, head);
    if let Some(network) = app.status.seen.as_deref().and_then(|seen| seen.map.as_deref())
        && app.status.on_map
    {
        let look = |element: &MapElement| status::map_look(app, element);
        let state = &app.status.map;
        let note = "drawn as planned, marked as read".to_owned();
        let is_old = of_before(app).is_some();
        let spare = rest.height.saturating_sub(map::rows(network, rest.width));
        let below = if canvas.room == Room::Wide && spare >= LOWER { spare } else { 0 };
        let [upper, lower] = Layout::vertical([Fill(1), Length(below)]).areas(rest);
        map::draw(
            canvas,
            upper,
            &MapFace { map: network, state, focused: true, look: &look, note, is_old },
        );
        if below > 0 {
            let [left, right] = Layout::horizontal([Percentage(50), Fill(1)]).areas(lower);
            pane(app, canvas, left, StatusPane::Drift);
            pane(app, canvas, right, StatusPane::History);
        }
        return;
    }
    if canvas.room == Room::Wide && rest.height >= 16 {
        let [upper, lower] = Layout::vertical([Length(16), Fill(1)]).areas(rest);
        let [left, right] = Layout::horizontal([Percentage(52), Fill(1)]).areas(upper);
        pane(app, canvas, left, StatusPane::Parts);
        pane(app, canvas, right, StatusPane::Drift);
        pane(app, canvas, lower, StatusPane::History);
        return;
    }
    // One pane at a time: the others are named above it.
    let names = StatusPane::ALL.iter().flat_map(|each| {
        let chosen = *each == app.status.pane;
        let theme = canvas.look.theme;
        let style = if chosen { theme.strong } else { theme.quiet };
        let mark = canvas.look.mark(chosen);
        let label = format!("{mark}{} {}  ", short(*each), app.status.count(*each));
        [Span::styled(label, style)]
    });
    let names: Vec<Span<'_>> = names.collect();
    let [tabs, rest] = Layout::vertical([Length(1), Fill(1)]).areas(rest);
    canvas.line(tabs, Line::from(names));
    pane(app, canvas, rest, app.status.pane);
}

fn is_terraform(app: &App) -> bool {
    let record = app.status.record.as_ref();
    record.is_some_and(|record| record.made_by == MadeBy::Terraform)
}

fn short(pane: StatusPane) -> &'static str {
    match pane {
        StatusPane::Parts => "Parts",
        StatusPane::Drift => "Changes",
        StatusPane::History => "History",
    }
}

/// Where it is, and what it costs.
fn header(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let Some(record) = &app.status.record else { return };
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
        Some(StatusReading { cost: Some(cost), paused, .. }) => {
            let mode = if *paused { Mode::Paused } else { Mode::Always };
            cost.in_mode(mode).short()
        }
        _ => String::new(),
    };
    let first = Line::from(vec![
        Span::styled(format!("{place}   "), theme.quiet),
        Span::styled(cost, theme.quiet),
    ]);
    let second = of_before(app).filter(|_| seen.is_some());
    let second = second.map(|words| Line::styled(words, theme.warn));
    canvas.lines(area, std::iter::once(first).chain(second));
}

fn pane(app: &App, canvas: &mut Canvas<'_>, area: Rect, pane: StatusPane) {
    let focused = app.status.pane == pane;
    let inner = canvas.panel(area, pane.title(), focused);
    let Some(seen) = app.status.seen.as_deref() else {
        let words = reading::in_place(app.status.problem.as_ref());
        let theme = canvas.look.theme;
        canvas.prose(inner, &words, theme.quiet);
        return;
    };
    let rows = app.status.count(pane);
    if rows == 0 {
        let theme = canvas.look.theme;
        let words = match pane {
            StatusPane::Drift if is_terraform(app) => {
                "It was created with Terraform: `terraform plan` tells what has changed.".to_owned()
            }
            StatusPane::Drift => "Everything that was read is as planned.".to_owned(),
            _ => "Nothing is known.".to_owned(),
        };
        canvas.prose(inner, &words, theme.quiet);
        return;
    }
    let selected = app.status.row(pane);
    let is_old = of_before(app).is_some();
    match pane {
        StatusPane::Parts => {
            canvas.list(inner, &seen.parts, selected, focused, |canvas, part, chosen| {
                of_part(canvas, part, focused && chosen, is_old)
            })
        }
        StatusPane::Drift => {
            let rows: Vec<_> = seen.drift.rows().collect();
            canvas.list(inner, &rows, selected, focused, |canvas, each, chosen| {
                of_difference(canvas, each, focused && chosen)
            })
        }
        StatusPane::History => {
            canvas.list(inner, &seen.history, selected, focused, |canvas, each, chosen| {
                of_happened(canvas, each, focused && chosen)
            })
        }
    };
}

fn of_difference(canvas: &Canvas<'_>, each: &Difference, chosen: bool) -> Line<'static> {
    let theme = canvas.look.theme;
    let style = if chosen { theme.strong } else { theme.warn };
    let mark = canvas.look.mark(chosen);
    Line::styled(format!("{mark} {} {}", each.sign(), each.sentence()), style)
}

fn of_happened(canvas: &Canvas<'_>, each: &Happened, chosen: bool) -> Line<'static> {
    let theme = canvas.look.theme;
    let (when, what) =
        if chosen { (theme.strong, theme.strong) } else { (theme.quiet, theme.text) };
    let who = each.who.as_deref().map(|who| format!(", by {who}")).unwrap_or_default();
    let time = format!("{} {}  ", canvas.look.mark(chosen), each.time.strftime("%d %b %H:%M"));
    Line::from(vec![Span::styled(time, when), Span::styled(format!("{}{who}", each.what), what)])
}

fn of_part(canvas: &Canvas<'_>, part: &HealthPart, chosen: bool, is_old: bool) -> Line<'static> {
    let theme = canvas.look.theme;
    let (glyph, style): (&str, Style) = match part.state {
        HealthState::Good => (canvas.look.glyphs.ready, theme.ok),
        HealthState::Off => (canvas.look.glyphs.waiting, theme.quiet),
        HealthState::Warning => (canvas.look.glyphs.warning, theme.warn),
        HealthState::Bad => (canvas.look.glyphs.failed, theme.bad),
        HealthState::Unknown => (canvas.look.glyphs.unknown, theme.quiet),
    };
    // What may no longer be so has no colour of its own.
    let style = if is_old { theme.quiet } else { style };
    let text = if chosen { theme.strong } else { theme.text };
    Line::from(vec![
        Span::styled(format!("{} {:<TITLE$}", canvas.look.mark(chosen), part.title), text),
        Span::styled(format!("{:<NAME$} ", part.name), theme.quiet),
        Span::styled(format!("{glyph} {}", part.words), style),
    ])
}

#[cfg(test)]
mod tests;
