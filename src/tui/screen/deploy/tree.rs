//! The resources by area, each with its state and its time.

use std::time::Duration;

use ratatui::{
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

use super::pane_hit;
use crate::app::App;
use crate::app::screen::deploy::{AreaState, LivePane, TreeRow, is_fresh, rows, step_elapsed};
use crate::domain::graph::Node;
use crate::domain::progress::{Step, StepState};
use crate::domain::words::duration;
use crate::tui::canvas::Canvas;
use crate::tui::widget::graph::NodeLook;
use crate::tui::{Appearance, text};

/// Columns for a time such as `12m 38s`.
const TIME: usize = 8;

pub(super) fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let focused = app.deploy.pane == LivePane::Resources;
    pane_hit(canvas, area, LivePane::Resources);
    let is_deployment = app.watch().is_some_and(|watch| watch.operation.is_deployment());
    let (title, none) = if is_deployment {
        ("Resources", "Working out what will be created…")
    } else {
        ("Steps", "No step has been told yet.")
    };
    let inner = canvas.panel(area, title, focused);
    let rows = rows(app);
    if rows.is_empty() {
        canvas.prose(inner, none, canvas.look.theme.quiet);
        return;
    }
    canvas.list(inner, &rows, app.deploy.selected, true, |canvas, row, chosen| {
        let chosen = focused && chosen;
        match row {
            TreeRow::Area { .. } => area_line(app, canvas.look, row, chosen, inner.width),
            TreeRow::Step(step) => match app.shown_steps().get(*step) {
                Some(step) => step_line(app, canvas.look, step, chosen, inner.width),
                None => Line::default(),
            },
        }
    });
}

fn mark(look: &Appearance, chosen: bool) -> Span<'static> {
    Span::styled(look.mark(chosen), look.theme.accent)
}

/// Text at the left and text at the right end of a line, with what is between left blank.
fn spread<'l>(mut left: Vec<Span<'l>>, right: Vec<Span<'l>>, columns: u16) -> Line<'l> {
    let wide =
        |spans: &[Span<'_>]| -> usize { spans.iter().map(|span| text::width(&span.content)).sum() };
    let gap = usize::from(columns).saturating_sub(wide(&left) + wide(&right));
    left.push(Span::raw(" ".repeat(gap)));
    left.extend(right);
    Line::from(left)
}

/// What goes on in an area while it is closed.
enum Doing {
    /// What fails, is sent again or takes long: worth more room than the time.
    Trouble(String, Style),
    /// What just runs, from many words to few.
    Running([String; 2]),
    Nothing,
}

fn doing(app: &App, look: &Appearance, area: &str) -> Doing {
    let steps: Vec<&Step> = app.shown_steps().iter().filter(|step| step.area == area).collect();
    if let Some((step, words)) = steps.iter().find_map(|step| Some((step, remark(app, step)?))) {
        return Doing::Trouble(format!("  {words}: {}", step.label()), look.theme.warn);
    }
    if let Some(step) = steps.iter().find(|step| matches!(step.state, StepState::Failed(_))) {
        return Doing::Trouble(format!("  failed: {}", step.label()), look.theme.bad);
    }
    let running = steps.iter().filter(|step| step.state == StepState::Running);
    let Some(longest) = running.clone().max_by_key(|step| step.elapsed) else {
        return Doing::Nothing;
    };
    let name = longest.label();
    Doing::Running(match running.count() {
        1 => [format!("  {name}"), "  1 running".to_owned()],
        all => [format!("  {name} and {} more", all - 1), format!("  {all} running")],
    })
}

/// What is to be known of a step beside its state; a picture that is frozen has no pauses that pass.
fn remark(app: &App, step: &Step) -> Option<String> {
    app.watch().filter(|_| app.deploy.frozen.is_none())?.remark(step, app.now)
}

fn area_line(
    app: &App,
    look: &Appearance,
    row: &TreeRow,
    chosen: bool,
    columns: u16,
) -> Line<'static> {
    let TreeRow::Area { name, state, done, total, took, after, open } = row else {
        return Line::default();
    };
    let (glyph, style) = area_look(look, *state);
    let fold = if *open { look.glyphs.open } else { look.glyphs.closed };
    let doing = if *open { Doing::Nothing } else { doing(app, look, name) };
    let name = if name.is_empty() { "other" } else { name };
    let strong =
        if chosen { look.theme.accent.patch(look.theme.strong) } else { look.theme.strong };
    let right =
        if after.is_empty() { took.map(duration).unwrap_or_default() } else { String::new() };
    let count = format!("{done}/{total}");
    let used = 6 + text::width(name) + count.len() + TIME + 2;
    let room = usize::from(columns).saturating_sub(used);
    let waits = (!after.is_empty()).then(|| format!("  after {}", after.join(", ")));
    let (words, words_style) = match (waits, &doing) {
        (_, Doing::Trouble(words, style)) => (text::fit(words, room + TIME), *style),
        (Some(waits), _) => (text::fit(&waits, room), look.theme.quiet),
        (None, Doing::Running(words)) => {
            let fitting = words.iter().find(|words| text::width(words) <= room);
            (fitting.cloned().unwrap_or_default(), look.theme.quiet)
        }
        (None, Doing::Nothing) => (String::new(), look.theme.quiet),
    };
    let time = match doing {
        Doing::Trouble(..) => String::new(),
        _ => format!(" {right:>TIME$}"),
    };
    spread(
        vec![
            mark(look, chosen),
            Span::styled(glyph, style),
            Span::styled(format!(" {fold} "), look.theme.quiet),
            Span::styled(name.to_owned(), strong),
            Span::styled(words, words_style),
        ],
        vec![Span::styled(count, look.theme.text), Span::styled(time, look.theme.quiet)],
        columns,
    )
}

fn area_look(look: &Appearance, state: AreaState) -> (&'static str, Style) {
    let (theme, glyphs) = (&look.theme, &look.glyphs);
    match state {
        AreaState::Waiting => (glyphs.waiting, theme.quiet),
        AreaState::Running => (glyphs.running, theme.accent),
        AreaState::Done => (glyphs.done, theme.ok),
        AreaState::Failed => (glyphs.failed, theme.bad),
        AreaState::Stopped => (glyphs.skipped, theme.warn),
    }
}

/// Glyph, style and words for a step.
pub(super) fn step_look(look: &Appearance, step: &Step) -> (&'static str, Style, &'static str) {
    let (theme, glyphs) = (&look.theme, &look.glyphs);
    match &step.state {
        StepState::Waiting { on } if on.is_empty() => {
            (glyphs.waiting, theme.quiet, "about to start")
        }
        StepState::Waiting { .. } => (glyphs.waiting, theme.quiet, "waiting"),
        StepState::Running if step.is_slow() => (glyphs.running, theme.warn, "slow"),
        StepState::Running => (glyphs.running, theme.accent, "creating"),
        StepState::Done => (glyphs.done, theme.ok, ""),
        StepState::Failed(_) => (glyphs.failed, theme.bad, "failed"),
        StepState::Cancelled => (glyphs.skipped, theme.warn, "cancelled"),
        StepState::WillNotRun { .. } => (glyphs.skipped, theme.quiet, "not attempted"),
    }
}

fn step_line(
    app: &App,
    look: &Appearance,
    step: &Step,
    chosen: bool,
    columns: u16,
) -> Line<'static> {
    let (glyph, style, words) = step_look(look, step);
    let took = match &step.state {
        StepState::Done | StepState::Running | StepState::Failed(_) | StepState::Cancelled => {
            step_elapsed(app, step).map(duration).unwrap_or_default()
        }
        _ => String::new(),
    };
    let name_style = if chosen {
        look.theme.accent.patch(look.theme.strong)
    } else if step.is_act() && step.state == StepState::Running {
        look.theme.strong
    } else if is_fresh(app, &step.symbol) {
        look.theme.fresh
    } else if matches!(step.state, StepState::Waiting { .. } | StepState::WillNotRun { .. }) {
        look.theme.quiet
    } else {
        look.theme.text
    };
    let remark = remark(app, step);
    let style = if remark.is_some() { look.theme.warn } else { style };
    let has_remark = remark.is_some();
    let words = remark.unwrap_or_else(|| match step.state {
        StepState::Running if !step.is_slow() => usual(step),
        _ => words.to_owned(),
    });
    let name = step.label();
    let room = usize::from(columns).saturating_sub(6 + TIME + 1);
    // The name matters more than the usual time, and less than that something is wrong.
    let is_needed =
        has_remark || !matches!(step.state, StepState::Running | StepState::Waiting { .. });
    let words = if is_needed || text::width(&name) + text::width(&words) < room {
        words
    } else {
        String::new()
    };
    let room = room.saturating_sub(text::width(&words));
    spread(
        vec![
            mark(look, chosen),
            Span::raw("  "),
            Span::styled(glyph, style),
            Span::raw(" "),
            Span::styled(text::fit(&name, room), name_style),
        ],
        vec![Span::styled(words, style), Span::styled(format!(" {took:>TIME$}"), look.theme.quiet)],
        columns,
    )
}

/// How long it usually takes, in words.
pub(super) fn usual(step: &Step) -> String {
    if step.usual_seconds == 0 {
        return if step.is_act() { String::new() } else { "creating".to_owned() };
    }
    let usual = Duration::from_secs(u64::from(step.usual_seconds));
    format!("usually {}", duration(usual))
}

/// How a node of the graph looks: as the worst of its steps.
pub(super) fn node_look(app: &App, look: &Appearance, node: &Node) -> NodeLook {
    let rank = |step: &&Step| match &step.state {
        StepState::Failed(_) => 5,
        StepState::Running => 4,
        StepState::Cancelled => 3,
        StepState::WillNotRun { .. } => 2,
        StepState::Waiting { .. } => 1,
        StepState::Done => 0,
    };
    let steps = app.shown_steps().iter();
    let worst = steps.filter(|step| node.members.contains(&step.symbol)).max_by_key(rank);
    worst.map_or_else(NodeLook::default, |step| {
        let (glyph, style, _) = step_look(look, step);
        NodeLook { glyph, style }
    })
}
