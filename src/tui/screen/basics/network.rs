//! The subnets of the address space, and the other networks with which it may not overlap.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};

use crate::app::App;
use crate::app::screen::basics::Field;
use crate::app::screen::basics::networks::Networks;
use crate::domain::network::{Layout, SeenNetwork, check};
use crate::tui::canvas::{Canvas, Room, below, right_of};
use crate::tui::text;
use crate::tui::widget::subnet_map;

/// The subnets of what is typed, or of what is suggested in its place.
fn layout(app: &App) -> (Option<Layout>, bool) {
    let form = &app.basics;
    if let Some(layout) = form.address_check().layout {
        return (Some(layout), false);
    }
    let suggested = form.suggestion(Field::AddressSpace);
    let layout = suggested.and_then(|text| check(&text, &[]).layout);
    (layout, true)
}

pub(super) fn title(app: &App) -> String {
    match layout(app) {
        (Some(layout), false) => format!("Network {}", layout.address_space),
        (Some(layout), true) => format!("If you accept {}", layout.address_space),
        (None, _) => "Network".to_owned(),
    }
}

pub(super) fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.look.theme;
    let (Some(layout), accepted) = layout(app) else {
        canvas.prose(area, "The subnets are shown once there is an address space.", theme.quiet);
        return;
    };
    let look = *canvas.look;
    let map = subnet_map::map(&look, &layout);
    let wide = u16::try_from(subnet_map::width(&layout)).unwrap_or(u16::MAX);
    let gap = 3;
    let space = layout.address_space.to_string();
    let beside = area.width.saturating_sub(wide.saturating_add(gap));
    let rest = if beside >= 40 {
        canvas.lines(area, map);
        let legend = subnet_map::legend(&look, &layout, usize::from(beside));
        let rows = u16::try_from(legend.len()).unwrap_or_default();
        canvas.lines(right_of(area, wide.saturating_add(gap)), legend);
        below(area, rows)
    } else {
        let tall = area.height >= 15;
        let mut rest = area;
        // In a pane among tabs the title does not say whose map it is.
        if accepted && canvas.room != Room::Wide {
            let words = format!("If you accept {space}:");
            rest = canvas.lines(rest, [Line::styled(words, theme.accent)]);
        }
        rest = canvas.lines(rest, map);
        if tall {
            rest = below(rest, 1);
        }
        let legend = subnet_map::legend(&look, &layout, usize::from(area.width));
        rest = canvas.lines(rest, legend);
        if tall { below(rest, 1) } else { rest }
    };
    networks(app, canvas, rest, &space);
}

/// The networks that were seen, those that matter first.
fn networks(app: &App, canvas: &mut Canvas<'_>, area: Rect, space: &str) {
    let theme = canvas.look.theme;
    let heading = match &app.basics.networks {
        Networks::NotYet => "Other networks are read once you are connected.".to_owned(),
        Networks::Reading => "Other networks are being read…".to_owned(),
        Networks::Failed(problem) => format!("Other networks could not be read: {}", problem.what),
        Networks::Read(_) if app.basics.seen().is_empty() => {
            "No other network in this subscription: nothing overlaps.".to_owned()
        }
        Networks::Read(_) => "Other networks in this subscription".to_owned(),
    };
    let rest = canvas.prose(area, &heading, theme.quiet);
    let hub = app.basics.hub();
    let is_hub = |network: &SeenNetwork| {
        hub.as_ref().is_some_and(|hub| hub.id.eq_ignore_ascii_case(&network.id))
    };
    let mut seen: Vec<(SeenNetwork, bool)> = app
        .basics
        .seen()
        .into_iter()
        .map(|network| {
            let meets = app.basics.meets(space, &network);
            (network, meets)
        })
        .collect();
    seen.sort_by_key(|(network, meets)| (!is_hub(network), !meets));
    let height = usize::from(rest.height);
    let left = seen.len().saturating_sub(height);
    let shown = if left > 0 { height.saturating_sub(1) } else { height };
    let mut lines: Vec<Line<'_>> = seen
        .iter()
        .take(shown)
        .map(|(network, meets)| row(canvas, network, is_hub(network), *meets))
        .collect();
    if left > 0 {
        let count = seen.len().saturating_sub(shown);
        lines.push(Line::styled(format!("  and {count} more"), theme.quiet));
    }
    let rest = canvas.lines(rest, lines);
    if seen.iter().any(|(network, meets)| *meets && !is_hub(network)) && rest.height > 2 {
        canvas.prose(
            below(rest, 1),
            "An overlap matters only if you connect the two later.",
            theme.quiet,
        );
    }
}

/// One network, with whether it is the hub and whether the address space meets it.
fn row(canvas: &Canvas<'_>, network: &SeenNetwork, hub: bool, meets: bool) -> Line<'static> {
    let (theme, glyphs) = (canvas.look.theme, canvas.look.glyphs);
    let (mark, style, word) = match (hub, meets) {
        (true, true) => (glyphs.failed, theme.bad, " hub, overlaps"),
        (true, false) => (glyphs.done, theme.ok, " hub"),
        (false, true) => (glyphs.warning, theme.warn, " overlaps"),
        (false, false) => (glyphs.done, theme.ok, ""),
    };
    Line::from(vec![
        Span::styled(mark, style),
        Span::raw(format!(
            " {:<14} {:<16}",
            text::fit(&network.name, 14),
            text::fit(&network.prefixes.join(", "), 16)
        )),
        Span::styled(word, style),
    ])
}
