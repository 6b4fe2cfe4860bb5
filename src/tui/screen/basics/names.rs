//! Every name that follows from name and digits, those that are globally unique first.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};

use crate::app::App;
use crate::app::screen::basics::Field;
use crate::domain::name::{DerivedName, EnvironmentName, Suffix, derived};
use crate::tui::canvas::{Canvas, below};
use crate::tui::text;

/// The names that follow from what is typed, or from what is suggested in its place.
pub(super) fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.look.theme;
    let form = &app.basics;
    let Some(suffix) = form.draft.suffix.as_deref().and_then(|text| Suffix::parse(text).ok())
    else {
        canvas.prose(area, "Four digits are being drawn…", theme.quiet);
        return;
    };
    let typed = EnvironmentName::parse(form.typed(Field::Name).trim()).ok();
    let suggested =
        form.suggestion(Field::Name).and_then(|text| EnvironmentName::parse(&text).ok());
    let lead = match (&typed, &suggested) {
        (Some(_), _) => None,
        (None, Some(name)) => Some(format!("If you accept {name}")),
        (None, None) => Some("With the name test".to_owned()),
    };
    let example = EnvironmentName::parse("test").ok();
    let Some(name) = typed.or(suggested).or(example) else { return };
    let all = derived(&name, &suffix);
    let (world, others): (Vec<&DerivedName>, Vec<&DerivedName>) =
        all.iter().partition(|each| each.rule.contains("globally unique"));
    let mut rest = area;
    if let Some(tightest) = all.first() {
        let (limit, name) = (tightest.limit, &tightest.name);
        let words = match lead {
            Some(lead) => format!("{lead}: shortest limit {limit} characters, {name}"),
            None => format!("Shortest limit {limit} characters: {name}, the {}", tightest.resource),
        };
        rest = canvas.prose(rest, &words, theme.text);
    }
    let needed = world.len() + others.len().div_ceil(2) + 3;
    let room = usize::from(rest.height);
    if room < needed {
        let ordered: Vec<&DerivedName> = world.into_iter().chain(others).collect();
        columns(canvas, rest, &ordered);
        return;
    }
    if room > needed {
        rest = below(rest, 1);
    }
    rest = in_the_world(canvas, rest, &world);
    rest = canvas.lines(rest, [Line::styled("In your subscription", theme.quiet)]);
    columns(canvas, rest, &others);
}

/// The names that nobody else may have, each with what has it.
fn in_the_world(canvas: &mut Canvas<'_>, area: Rect, names: &[&DerivedName]) -> Rect {
    let quiet = canvas.look.theme.quiet;
    let heading = Line::styled("Globally unique", quiet);
    let lines = names.iter().map(|each| {
        Line::from(vec![
            Span::raw(format!("{:<21}", each.name)),
            Span::styled(each.resource.to_lowercase(), quiet),
        ])
    });
    let rest = canvas.lines(area, std::iter::once(heading).chain(lines));
    below(rest, 1)
}

/// Names in as many columns as fit, each once.
fn columns(canvas: &mut Canvas<'_>, area: Rect, all: &[&DerivedName]) {
    let mut names: Vec<&str> = Vec::new();
    for each in all {
        if !names.contains(&each.name.as_str()) {
            names.push(&each.name);
        }
    }
    let wide = names.iter().map(|name| text::width(name)).max().unwrap_or(1) + 1;
    let across = (usize::from(area.width) / wide).max(1);
    let down = names.len().div_ceil(across);
    let height = usize::from(area.height);
    let cells = |row: usize| -> String {
        let mut line = String::new();
        for name in names.iter().skip(row).step_by(down.max(1)) {
            line.push_str(name);
            line.push_str(&" ".repeat(wide.saturating_sub(text::width(name))));
        }
        line
    };
    let fits = if down > height { height.saturating_sub(1) } else { down };
    let mut lines: Vec<Line<'_>> =
        (0..fits).map(|row| Line::from(cells(row).trim_end().to_owned())).collect();
    if fits < down {
        let shown: usize = (0..fits).map(|row| names.iter().skip(row).step_by(down).count()).sum();
        let left = names.len().saturating_sub(shown);
        lines.push(Line::styled(
            format!("and {left} more: F2 has them all"),
            canvas.look.theme.quiet,
        ));
    }
    canvas.lines(area, lines);
}
