//! The rows of the list: only those in sight are drawn, and the columns are those that there is room for.
//!
//! What a row's state is called is the domain's; here it gets its glyph and colour.

use ratatui::{
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use crate::app::App;
use crate::app::message::EnvironmentRow;
use crate::app::screen::environments::Environments;
use crate::domain::environment::{KnownFrom, MadeBy, Phase};
use crate::domain::operation::words::in_short;
use crate::domain::words;
use crate::tui::canvas::{Canvas, below};
use crate::tui::text;
use crate::tui::widget::field;

/// Columns of the mark and the name, of the region, and of the state.
const NAME: usize = 14;
const REGION: usize = 17;
const STATE: usize = 22;
/// The least columns that a subscription's name is worth showing in.
const SUBSCRIPTION: usize = 12;

/// Which columns there are.
#[derive(Clone, Copy)]
struct Columns {
    region: bool,
    /// How wide the subscription's column is; 0 for none.
    subscription: usize,
}

impl Columns {
    /// The subscription matters where there are several; where there is no room for both, the region gives way.
    fn of(list: &Environments, width: usize) -> Self {
        let left = width.saturating_sub(2 + NAME + STATE);
        if !list.spans_subscriptions() {
            return Self { region: true, subscription: 0 };
        }
        let both = left.saturating_sub(REGION);
        if both >= SUBSCRIPTION {
            return Self { region: true, subscription: both };
        }
        Self {
            region: left < SUBSCRIPTION,
            subscription: if left < SUBSCRIPTION { 0 } else { left },
        }
    }
}

pub(super) fn rows(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.look.theme;
    let list = &app.environments;
    let title = match app.together().filter(|_| !app.start.practice) {
        Some(sum) => format!("Environments  {}", sum.short()),
        None => "Environments".to_owned(),
    };
    let mut inner = canvas.panel(area, &title, true);
    inner.height = inner.height.saturating_sub(hubs(app, canvas, inner));
    if list.filtering || !list.filter.value().is_empty() {
        let row = Rect { height: 1.min(inner.height), ..inner };
        field::draw(canvas, row, "/ ", &list.filter, list.filtering);
        inner = below(inner, 1);
    }
    let columns = Columns::of(list, usize::from(inner.width));
    let head = Rect { height: 1.min(inner.height), ..inner };
    canvas.text(head, &heads(columns), theme.quiet);
    inner = below(inner, 1);
    // The last row makes a new one.
    let rows: Vec<_> = list.fitting().into_iter().map(Some).chain([None]).collect();
    canvas.list(inner, &rows, list.selected, true, |canvas, row, chosen| {
        let mark = canvas.look.mark(chosen);
        let name = row.map_or_else(
            || format!("{mark} + New private environment"),
            |environment| format!("{mark} {:<NAME$}", environment.record.full_name),
        );
        let mut line = vec![Span::styled(name, theme.row(chosen))];
        line.extend(row.iter().flat_map(|environment| spans(app, canvas, environment, columns)));
        Line::from(line)
    });
}

/// Most hubs that have a row; further ones are counted.
const MOST_HUBS: usize = 3;

/// The hubs below the environments: what this program created and what costs too. Tells how many rows they take.
fn hubs(app: &App, canvas: &mut Canvas<'_>, area: Rect) -> u16 {
    let hubs = &app.environments.hubs;
    if hubs.is_empty() || area.height < 8 {
        return 0;
    }
    let theme = canvas.look.theme;
    let mut lines: Vec<Line<'static>> = hubs
        .iter()
        .take(MOST_HUBS)
        .map(|row| {
            let state = if row.deleting { "being deleted" } else { "hub" };
            let cost = match app.costs.of_hub(row) {
                Some(_) if app.start.practice => "costs nothing: practice".to_owned(),
                Some(cost) => cost.short(),
                None => String::new(),
            };
            let name = row.hub.name.full_name();
            let line = format!("  {name:<NAME$}{:<REGION$}{state}  {cost}", row.hub.region);
            Line::styled(line, theme.quiet)
        })
        .collect();
    if hubs.len() > MOST_HUBS {
        let more = words::count(hubs.len() - MOST_HUBS, "more hub");
        lines.push(Line::styled(format!("  and {more}: privateaml list"), theme.quiet));
    }
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    canvas.lines(Rect { y: area.bottom().saturating_sub(rows), height: rows, ..area }, lines);
    rows
}

fn heads(columns: Columns) -> String {
    let region = if columns.region { "REGION" } else { "" };
    let region_width = if columns.region { REGION } else { 0 };
    let subscription = if columns.subscription > 0 { "SUBSCRIPTION" } else { "" };
    let line =
        format!("  {:<NAME$}{region:<region_width$}{:<STATE$}{subscription}", "NAME", "STATE");
    line.trim_end().to_owned()
}

fn spans(
    app: &App,
    canvas: &Canvas<'_>,
    row: &EnvironmentRow,
    columns: Columns,
) -> Vec<Span<'static>> {
    let (glyph, style, state) = state(app, canvas, row);
    let mut spans = Vec::new();
    if columns.region {
        let region = text::fit(&row.record.settings.region, REGION - 1);
        spans.push(Span::raw(format!("{region:<REGION$}")));
    }
    let state = format!("{glyph} {state}");
    if columns.subscription > 0 {
        let state = text::fit(&state, STATE - 1);
        spans.push(Span::styled(format!("{state:<STATE$}"), style));
        spans.push(Span::styled(
            ends(subscription(row), columns.subscription),
            canvas.look.theme.quiet,
        ));
    } else {
        spans.push(Span::styled(state, style));
    }
    spans
}

/// Begin and end of a name that does not fit: names in one organisation often differ at the end.
fn ends(name: &str, columns: usize) -> String {
    if text::width(name) <= columns {
        return name.to_owned();
    }
    let letters = name.chars().count();
    let tail: String =
        name.chars().skip(letters.saturating_sub(columns.saturating_sub(1) / 2)).collect();
    let head = text::fit(name, columns.saturating_sub(text::width(&tail)));
    format!("{head}{tail}")
}

/// The subscription's name, or its id where the name is not known.
pub(super) fn subscription(row: &EnvironmentRow) -> &str {
    if row.subscription.is_empty() { &row.record.subscription_id } else { &row.subscription }
}

/// Glyph, style and words for a row's state.
pub(super) fn state(
    app: &App,
    canvas: &Canvas<'_>,
    row: &EnvironmentRow,
) -> (&'static str, Style, String) {
    let (theme, glyphs) = (&canvas.look.theme, &canvas.look.glyphs);
    let name = &row.record.full_name;
    if let Some(watch) = app.deleting(name) {
        let far = match (watch.left, watch.act) {
            (Some(left), _) => format!(", {} left", words::count(left, "resource")),
            (None, Some((number, of))) => format!(", step {number} of {of}"),
            (None, None) => String::new(),
        };
        return (glyphs.running, theme.text, format!("deleting{far}"));
    }
    let deployed = app.deployment_of(name).map(|(_, watch)| watch);
    if let Some(watch) = deployed.filter(|watch| watch.is_running() && !row.is_gone()) {
        let counts = watch.counts();
        let words = format!("deploying {}/{}", counts.done, counts.total);
        return (glyphs.running, theme.text, words);
    }
    if let Some(watch) = app.changing(name).filter(|_| !row.is_gone()) {
        return (glyphs.running, theme.text, in_short(&watch.operation).to_owned());
    }
    let (glyph, style) = match (row.known, row.record.phase) {
        (KnownFrom::Gone, _) => (glyphs.skipped, theme.quiet),
        (KnownFrom::Unread, _) => (glyphs.unknown, theme.warn),
        (KnownFrom::OtherTenant, _) => (glyphs.unknown, theme.quiet),
        (_, Phase::Deleting) => (glyphs.running, theme.text),
        (_, Phase::Draft | Phase::Preparing) => (glyphs.waiting, theme.quiet),
        // What only this machine tells, or nobody yet, is not called as it is.
        (KnownFrom::HereOnly, _) => (glyphs.unknown, theme.quiet),
        _ if row.unsettled || row.record.made_by == MadeBy::Terraform => {
            (glyphs.unknown, theme.text)
        }
        (_, Phase::Ready) => (glyphs.ready, theme.ok),
        (_, Phase::Failed) => (glyphs.failed, theme.bad),
        (_, Phase::Cancelled | Phase::Paused) => (glyphs.skipped, theme.warn),
        (_, Phase::Submitted | Phase::Deploying) => (glyphs.running, theme.text),
        (_, Phase::Deleted) => (glyphs.skipped, theme.quiet),
    };
    (glyph, style, row.state())
}
