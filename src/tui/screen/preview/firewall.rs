//! What may go out: groups with their entries, the wide ones marked.

use ratatui::{
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use crate::app::App;
use crate::app::screen::preview::{FirewallRow, firewall_rows};
use crate::domain::allowlist::Preset;
use crate::domain::plan::{Plan, PlannedEntry, PlannedGroup, Width};
use crate::domain::sentences::holes;
use crate::domain::ways::{self, Doors, carries_out};
use crate::domain::words;
use crate::tui::canvas::Canvas;
use crate::tui::text;

/// The preset's name for people.
fn preset_name(app: &App) -> &'static str {
    match app.basics.draft.preset.unwrap_or_default() {
        Preset::Recommended => "Recommended",
        Preset::LockedDown => "Locked down",
        Preset::PrivateAml2022 => "privateAML 2022",
    }
}

fn is_wide(entry: &PlannedEntry) -> bool {
    entry.width >= Width::SharedTenant
}

/// Glyph, style and word for a group.
fn group_look(canvas: &Canvas<'_>, group: &PlannedGroup) -> (&'static str, Style, &'static str) {
    let (theme, glyphs) = (&canvas.look.theme, &canvas.look.glyphs);
    match (group.enabled, group.locked) {
        (true, true) => (glyphs.ready, theme.ok, "needed"),
        (true, false) => (glyphs.ready, theme.ok, "on"),
        (false, _) => (glyphs.waiting, theme.quiet, "off"),
    }
}

/// Beside the resources: one row a group, and how many ways lead out.
pub(super) fn summary(plan: &Plan, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.look.theme;
    let inner = canvas.panel(area, "Firewall: all else is denied", false);
    let room = usize::from(inner.height).saturating_sub(3);
    let on: Vec<&PlannedGroup> = plan.firewall.iter().filter(|group| group.enabled).collect();
    let mut rest = inner;
    for group in on.iter().take(room) {
        let (glyph, style, _) = group_look(canvas, group);
        let title = text::fit(&group.title, usize::from(inner.width).saturating_sub(20));
        let holes = if carries_out(group) { "! out" } else { "" };
        rest = canvas.lines(
            rest,
            [Line::from(vec![
                Span::styled(format!("{glyph} "), style),
                Span::raw(format!(
                    "{title:<width$}",
                    width = usize::from(inner.width).saturating_sub(20)
                )),
                Span::styled(format!("{:>3}  ", group.entries.len()), theme.quiet),
                Span::styled(holes, theme.warn),
            ])],
        );
    }
    if on.len() > room {
        let more = on.len() - room;
        rest = canvas
            .lines(rest, [Line::styled(format!("  and {more} more: 4 shows all"), theme.quiet)]);
    }
    let ways = ways::out(&Doors::of_plan(plan)).len();
    let words = format!("! {}; 4 shows them.", words::capital(&ways::counted(ways)));
    canvas.prose(rest, &words, theme.warn);
}

/// The whole part: groups to switch, entries to look at.
pub(super) fn draw(app: &App, plan: &Plan, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.look.theme;
    let title = format!("Firewall, {}: all else is denied", preset_name(app));
    let inner = canvas.panel(area, &title, true);
    let note = text::wrap(&holes(plan), usize::from(inner.width));
    let notes = u16::try_from(note.len()).unwrap_or(u16::MAX).min(inner.height / 3);
    let list = Rect { height: inner.height.saturating_sub(notes), ..inner };
    let rows = firewall_rows(&app.preview);
    let selected = app.preview.selected().min(rows.len().saturating_sub(1));
    canvas.list(list, &rows, selected, true, |canvas, row, chosen| {
        let chosen = chosen && !app.preview.on_deploy;
        let group = |group: usize| plan.firewall.get(group);
        let drawn = match *row {
            FirewallRow::Group(number) => {
                group(number).map(|group| group_line(app, canvas, group, chosen, list.width))
            }
            FirewallRow::Entry(number, entry) => group(number)
                .and_then(|group| group.entries.get(entry))
                .map(|entry| entry_line(canvas, entry, chosen, list.width)),
        };
        drawn.unwrap_or_default()
    });
    let foot = Rect { y: list.bottom(), height: notes, ..inner };
    canvas.lines(foot, note.into_iter().map(|line| Line::styled(line, theme.warn)));
}

fn group_line(
    app: &App,
    canvas: &Canvas<'_>,
    group: &PlannedGroup,
    chosen: bool,
    columns: u16,
) -> Line<'static> {
    let (theme, glyphs) = (&canvas.look.theme, &canvas.look.glyphs);
    let mark = canvas.look.mark(chosen);
    let open = app.preview.open_groups.contains(&group.group);
    let fold = match (group.entries.is_empty(), open) {
        (true, _) => " ",
        (false, true) => glyphs.open,
        (false, false) => glyphs.closed,
    };
    let (glyph, style, word) = group_look(canvas, group);
    let holes = if carries_out(group) { "! out" } else { "" };
    let name_style = if chosen {
        theme.accent.patch(theme.strong)
    } else if group.enabled {
        theme.text
    } else {
        theme.quiet
    };
    let why = group.why.clone().unwrap_or_default();
    let title = usize::from(columns).saturating_sub(28).min(32);
    let room = usize::from(columns).saturating_sub(title + 26);
    Line::from(vec![
        Span::styled(format!("{mark}{fold} "), theme.quiet),
        Span::styled(format!("{glyph} {word:<7}"), style),
        Span::styled(
            format!("{:<title$}", text::fit(&group.title, title.saturating_sub(1))),
            name_style,
        ),
        Span::raw(format!("{:>3}  ", group.entries.len())),
        Span::styled(format!("{holes:<9}"), theme.warn),
        Span::styled(text::fit(&why, room), theme.quiet),
    ])
}

fn entry_line(
    canvas: &Canvas<'_>,
    entry: &PlannedEntry,
    chosen: bool,
    columns: u16,
) -> Line<'static> {
    let (theme, glyphs) = (&canvas.look.theme, &canvas.look.glyphs);
    let mark = canvas.look.mark(chosen);
    let hole = if is_wide(entry) { glyphs.warning } else { " " };
    let style = theme.row(chosen);
    let wide = columns >= 90;
    let name = if wide { 42 } else { 34 };
    let room = usize::from(columns).saturating_sub(name + 26);
    Line::from(vec![
        Span::styled(format!("{mark}     "), theme.quiet),
        Span::styled(format!("{hole} "), theme.warn),
        Span::styled(format!("{:<name$} ", text::fit(&entry.target, name)), style),
        Span::styled(format!("{:<16} ", text::fit(&entry.ports, 16)), theme.quiet),
        Span::styled(text::fit(&entry.reason, room), theme.quiet),
    ])
}
