//! What stands beside the form: the names that follow, the network, the checks, or what a field is for.

use ratatui::{
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use super::form::glyph;
use crate::{
    app::{
        App,
        screen::basics::{
            Field, Pane,
            checks::{self, CheckKind, CheckState, Verdict},
            fields::MORE,
            networks::Networks,
        },
    },
    domain::{
        name::{DerivedName, EnvironmentName, Suffix, derived},
        network::{Layout, SeenNetwork, check},
    },
    tui::{
        canvas::{Canvas, Room, below, right_of},
        text,
        widget::subnet_map,
    },
};

/// What can stand there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Names,
    Network,
    Checks,
    Field(Field),
}

/// What belongs beside the form: what was asked for, else what belongs to the field that has the keys.
pub(super) fn shown_beside(app: &App) -> Part {
    match (app.basics.pane, app.basics.focus) {
        (Pane::Names, _) => Part::Names,
        (Pane::Network, _) => Part::Network,
        (Pane::Checks, _) => Part::Checks,
        (Pane::Form, Field::Name) => Part::Names,
        (Pane::Form, field) if field == Field::Keeping || MORE.contains(&field) => {
            Part::Field(field)
        }
        (Pane::Form, _) => Part::Network,
    }
}

pub(super) fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect, part: Part) {
    let title = match part {
        Part::Names => "Names".to_owned(),
        Part::Network => network_title(app),
        Part::Checks => "Checks".to_owned(),
        Part::Field(field) => field.label().to_owned(),
    };
    titled(app, canvas, area, part, &title);
}

pub(super) fn titled(app: &App, canvas: &mut Canvas<'_>, area: Rect, part: Part, title: &str) {
    let focused = match app.basics.pane {
        Pane::Form => false,
        Pane::Names => part == Part::Names,
        Pane::Network => part == Part::Network,
        Pane::Checks => part == Part::Checks,
    };
    let inner = canvas.panel(area, title, focused);
    match part {
        Part::Names => names(app, canvas, inner),
        Part::Network => network(app, canvas, inner),
        Part::Checks => {
            let lines = check_lines(app, canvas, inner.width);
            canvas.lines(inner, lines);
        }
        Part::Field(field) => about(app, canvas, inner, field),
    }
}

/// The names that follow from what is typed, or from what is suggested in its place.
fn names(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.look.theme;
    let form = &app.basics;
    let Some(suffix) = form
        .draft
        .suffix
        .as_deref()
        .and_then(|text| Suffix::parse(text).ok())
    else {
        canvas.prose(area, "Four digits are being drawn…", theme.quiet);
        return;
    };
    let typed = EnvironmentName::parse(form.typed(Field::Name)).ok();
    let suggested = form
        .suggestion(Field::Name)
        .and_then(|text| EnvironmentName::parse(&text).ok());
    let lead = match (&typed, &suggested) {
        (Some(_), _) => String::new(),
        (None, Some(name)) => format!("If you accept {name}: "),
        (None, None) => "With the name test: ".to_owned(),
    };
    let example = EnvironmentName::parse("test").ok();
    let Some(name) = typed.or(suggested).or(example) else {
        return;
    };
    let all = derived(&name, &suffix);
    let (world, others): (Vec<&DerivedName>, Vec<&DerivedName>) = all
        .iter()
        .partition(|each| each.rule.contains("one in the world"));
    let mut rest = area;
    if let Some(tightest) = all.first() {
        let words = format!(
            "{lead}the shortest limit is {} characters, of the {} {}.",
            tightest.limit, tightest.resource, tightest.name,
        );
        let first = words
            .chars()
            .next()
            .map(|letter| letter.to_uppercase().to_string());
        let words = first.unwrap_or_default() + words.get(1..).unwrap_or_default();
        rest = canvas.prose(rest, &words, theme.text);
    }
    let needed = world.len() + others.len().div_ceil(2) + 3;
    if usize::from(rest.height) >= needed {
        if usize::from(rest.height) > needed {
            rest = below(rest, 1);
        }
        rest = canvas.lines(rest, [Line::styled("One in the world", theme.quiet)]);
        for each in &world {
            rest = canvas.lines(
                rest,
                [Line::from(vec![
                    Span::raw(format!("{:<21}", each.name)),
                    Span::styled(each.resource.to_lowercase(), theme.quiet),
                ])],
            );
        }
        rest = below(rest, 1);
        rest = canvas.lines(rest, [Line::styled("In your subscription", theme.quiet)]);
        columns(canvas, rest, &others);
    } else {
        let ordered: Vec<&DerivedName> = world.into_iter().chain(others).collect();
        columns(canvas, rest, &ordered);
    }
}

/// Names in as many columns as fit, each once.
fn columns(canvas: &mut Canvas<'_>, area: Rect, all: &[&DerivedName]) {
    let mut names: Vec<&str> = Vec::new();
    for each in all {
        if !names.contains(&each.name.as_str()) {
            names.push(&each.name);
        }
    }
    let wide = names
        .iter()
        .map(|name| text::width(name))
        .max()
        .unwrap_or(1)
        + 1;
    let across = (usize::from(area.width) / wide).max(1);
    let down = names.len().div_ceil(across);
    let height = usize::from(area.height);
    let cells = |row: usize| -> String {
        let cells = names.iter().skip(row).step_by(down.max(1));
        cells.map(|name| format!("{name:<wide$}")).collect()
    };
    let fits = if down > height {
        height.saturating_sub(1)
    } else {
        down
    };
    let mut lines: Vec<Line<'_>> = (0..fits)
        .map(|row| Line::from(cells(row).trim_end().to_owned()))
        .collect();
    if fits < down {
        let shown: usize = (0..fits)
            .map(|row| names.iter().skip(row).step_by(down).count())
            .sum();
        let left = names.len().saturating_sub(shown);
        lines.push(Line::styled(
            format!("and {left} more: F2 has them all"),
            canvas.look.theme.quiet,
        ));
    }
    canvas.lines(area, lines);
}

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

fn network_title(app: &App) -> String {
    match layout(app) {
        (Some(layout), false) => format!("Network {}", layout.address_space),
        (Some(layout), true) => format!("If you accept {}", layout.address_space),
        (None, _) => "Network".to_owned(),
    }
}

fn network(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.look.theme;
    let (Some(layout), accepted) = layout(app) else {
        canvas.prose(
            area,
            "The subnets are shown once there is an address space.",
            theme.quiet,
        );
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
        hub.as_ref()
            .is_some_and(|hub| hub.id.eq_ignore_ascii_case(&network.id))
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
    let shown = if left > 0 {
        height.saturating_sub(1)
    } else {
        height
    };
    let mut lines: Vec<Line<'_>> = seen
        .iter()
        .take(shown)
        .map(|(network, meets)| {
            let (mark, style, word) = match (is_hub(network), meets) {
                (true, true) => (canvas.look.glyphs.failed, theme.bad, " hub, overlaps"),
                (true, false) => (canvas.look.glyphs.done, theme.ok, " hub"),
                (false, true) => (canvas.look.glyphs.warning, theme.warn, " overlaps"),
                (false, false) => (canvas.look.glyphs.done, theme.ok, ""),
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
        })
        .collect();
    if left > 0 {
        let count = seen.len().saturating_sub(shown);
        lines.push(Line::styled(format!("  and {count} more"), theme.quiet));
    }
    let rest = canvas.lines(rest, lines);
    if seen
        .iter()
        .any(|(network, meets)| *meets && !is_hub(network))
        && rest.height > 2
    {
        canvas.prose(
            below(rest, 1),
            "An overlap matters only if you connect the two later.",
            theme.quiet,
        );
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
    for kind in CheckKind::ALL {
        let state = checks::state(app, kind);
        let (mark, style) = glyph(canvas, &state);
        let (words, quiet) = check_words(kind, state);
        let body: Style = if quiet { theme.quiet } else { theme.text };
        for (index, line) in text::wrap(&words, room).into_iter().enumerate() {
            let head = if index == 0 { mark } else { " " };
            lines.push(Line::from(vec![
                Span::styled(format!("{head} "), style),
                Span::styled(line, body),
            ]));
        }
    }
    lines
}

/// A check in words, and whether they are quiet.
fn check_words(kind: CheckKind, state: CheckState) -> (String, bool) {
    match state {
        CheckState::Waiting(why) => (format!("{}: {why}", kind.about()), true),
        CheckState::Asking => (format!("{}: being asked", kind.about()), true),
        CheckState::Done(Verdict::Passed(what)) => (what, false),
        CheckState::Done(Verdict::Problem { what, remedy }) => (format!("{what} {remedy}"), false),
        CheckState::Done(Verdict::Unknown(why)) => {
            (format!("{}: could not tell. {why}", kind.about()), true)
        }
    }
}

/// What a field is for, and what can be chosen in it.
fn about(app: &App, canvas: &mut Canvas<'_>, area: Rect, field: Field) {
    let theme = canvas.look.theme;
    let mut rest = canvas.prose(area, field.about(), theme.text);
    if matches!(
        field,
        Field::JumpboxSize | Field::BuildSize | Field::ShutdownZone
    ) {
        let known = app.basics.choices(field).len();
        let words =
            format!("Enter opens a list of {known}, filtered as you type; any other can be typed.");
        canvas.prose(below(rest, 1), &words, theme.quiet);
        return;
    }
    if rest.height > 4 {
        rest = below(rest, 1);
    }
    let chosen = app.basics.chosen(field);
    let columns = usize::from(area.width).saturating_sub(2);
    for item in app.basics.choices(field) {
        let is_chosen = item.id == chosen;
        let mark = if is_chosen {
            canvas.look.glyphs.chosen
        } else {
            " "
        };
        let style = if is_chosen {
            theme.accent.patch(theme.strong)
        } else {
            theme.text
        };
        rest = canvas.lines(
            rest,
            [Line::styled(format!("{mark} {}", item.label), style)],
        );
        let detail = item.off.unwrap_or(item.detail);
        let lines: Vec<Line<'_>> = text::wrap(&detail, columns)
            .into_iter()
            .map(|line| Line::styled(format!("  {line}"), theme.quiet))
            .collect();
        rest = canvas.lines(rest, lines);
    }
}
