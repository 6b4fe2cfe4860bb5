//! Every resource with its final name, by area.

use std::time::Duration;

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};

use crate::app::screen::preview::{Preview, ResourceRow, resource_rows};
use crate::domain::plan::{Plan, PlannedResource};
use crate::domain::words::{count, duration};
use crate::tui::canvas::{Canvas, below};
use crate::tui::text;

pub(super) fn draw(preview: &Preview, plan: &Plan, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.look.theme;
    let title = format!("{} to create", count(plan.resources.len(), "resource"));
    let inner = canvas.panel(area, &title, true);
    let rows = resource_rows(preview);
    let selected = preview.selected().min(rows.len().saturating_sub(1));
    let in_rows = !preview.on_deploy;
    let mut rest = canvas.list(inner, &rows, selected, true, |canvas, row, at| match row {
        ResourceRow::Area { .. } => area_line(canvas, row, at && in_rows, inner.width),
        ResourceRow::Resource(index) => match plan.resources.get(*index) {
            Some(resource) => resource_line(canvas, plan, resource, at && in_rows, inner.width),
            None => Line::default(),
        },
    });
    if rest.height > 1 {
        rest = below(rest, 1);
        let mark = canvas.look.glyphs.critical;
        canvas.prose(
            rest,
            &format!("{mark} on the slowest path, which decides when it ends"),
            theme.quiet,
        );
    }
}

fn area_line(canvas: &Canvas<'_>, row: &ResourceRow, chosen: bool, columns: u16) -> Line<'static> {
    let ResourceRow::Area { name, count, seconds, after, critical, open } = row else {
        return Line::default();
    };
    let (theme, glyphs) = (&canvas.look.theme, &canvas.look.glyphs);
    let mark = canvas.look.mark(chosen);
    let fold = if *open { glyphs.open } else { glyphs.closed };
    let slow = if *critical { glyphs.critical } else { " " };
    let strong = if chosen { theme.accent.patch(theme.strong) } else { theme.strong };
    let time = duration(Duration::from_secs((*seconds).into()));
    let room = usize::from(columns).saturating_sub(34);
    let after = if after.is_empty() {
        String::new()
    } else {
        text::fit(&format!("after {}", after.join(", ")), room)
    };
    Line::from(vec![
        Span::styled(format!("{mark}{fold} "), theme.quiet),
        Span::styled(format!("{name:<13}"), strong),
        Span::raw(format!("{count:>3}")),
        Span::styled(format!(" {time:>8} "), theme.quiet),
        Span::styled(format!("{slow} "), theme.warn),
        Span::styled(after, theme.quiet),
    ])
}

fn resource_line(
    canvas: &Canvas<'_>,
    plan: &Plan,
    resource: &PlannedResource,
    chosen: bool,
    columns: u16,
) -> Line<'static> {
    let (theme, glyphs) = (&canvas.look.theme, &canvas.look.glyphs);
    let mark = canvas.look.mark(chosen);
    let critical =
        if plan.critical_path.contains(&resource.symbol) { glyphs.critical } else { " " };
    let own = resource.name.rsplit('/').next().unwrap_or(&resource.name);
    // The name of a role assignment is an id, which says nothing.
    let name = if own.len() == 36 { &resource.symbol } else { own };
    let name = text::fit(name, usize::from(columns).saturating_sub(8) / 2 + 2);
    let room = usize::from(columns).saturating_sub(text::width(&name) + 9);
    Line::from(vec![
        Span::styled(format!("{mark}   + "), theme.quiet),
        Span::styled(name, theme.row(chosen)),
        Span::styled(format!(" {critical} "), theme.warn),
        Span::styled(text::fit(&resource.description, room), theme.quiet),
    ])
}
