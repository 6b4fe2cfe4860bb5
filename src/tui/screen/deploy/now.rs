//! What runs now, with its usual time; after the end, what happened and what can be done about it.

use std::time::Duration;

use ratatui::{
    layout::{
        Constraint::{Fill, Length},
        Layout, Rect,
    },
    text::{Line, Span},
};

use super::pane_hit;
use super::tree::usual;
use crate::app::App;
use crate::app::remedy;
use crate::app::screen::deploy::{LivePane, kept_words, running, step_elapsed};
use crate::app::watch::{RunState, Watch};
use crate::domain::operation::{DeployedEnvironment, Ended, Finished, Operation, Stopped};
use crate::domain::problem::Problem;
use crate::domain::progress::{NotAttempted, Step};
use crate::domain::words::{count, duration};
use crate::tui::canvas::{Canvas, below};
use crate::tui::text;
use crate::tui::widget::bar;

/// Most lines of Azure's own words; the rest is a key away.
const MOST_LINES: usize = 3;
/// Most running steps that are shown, each in two rows.
const MOST: usize = 4;

/// Whether nothing has happened that needs words of its own.
pub(super) fn is_quiet(watch: &Watch) -> bool {
    match (&watch.state, watch.ending()) {
        (RunState::Refused(_), _) | (_, Some(Ended::Stopped(_))) => false,
        (_, Some(Ended::Done(Finished::Environment(deployed)))) => deployed.took.is_some(),
        _ => true,
    }
}

/// Rows that it asks for, of those that there are.
pub(super) fn rows(app: &App, watch: &Watch, height: u16) -> u16 {
    if !is_quiet(watch) {
        return height.saturating_sub(3);
    }
    // While resources come and go the room stays the same, so that nothing below moves.
    let is_moving = watch.is_running() && watch.operation.is_deployment();
    let running = if is_moving { MOST } else { running(app).len().clamp(1, MOST) };
    u16::try_from(2 * running + 2).unwrap_or(4).min(height)
}

pub(super) fn draw(app: &App, watch: &Watch, canvas: &mut Canvas<'_>, area: Rect) {
    pane_hit(canvas, area, LivePane::Now);
    let focused = app.deploy.pane == LivePane::Now;
    if is_quiet(watch) {
        let inner = canvas.panel(area, "Working on now", focused);
        working(app, watch, canvas, inner);
    } else {
        let inner = canvas.panel(area, "What happened", focused);
        happened(app, watch, canvas, inner);
    }
}

fn working(app: &App, watch: &Watch, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.look.theme;
    let running = running(app);
    if running.is_empty() {
        let words = match &watch.state {
            RunState::Preparing if watch.operation.is_deployment() => {
                "Nothing yet: what comes before a deployment is being done."
            }
            RunState::Pausing => "Nothing: it is sent again after a pause.",
            RunState::Ended(_) => "Nothing any more.",
            _ => "Waiting for Azure's word.",
        };
        canvas.prose(area, words, theme.quiet);
        return;
    }
    let mut rest = area;
    for step in running {
        if rest.height < 2 {
            break;
        }
        rest = one(app, canvas, rest, step);
    }
}

fn one(app: &App, canvas: &mut Canvas<'_>, area: Rect, step: &Step) -> Rect {
    let theme = canvas.look.theme;
    let elapsed = step_elapsed(app, step).unwrap_or_default();
    if step.is_act() {
        let rest = canvas.prose(area, &step.name, theme.strong);
        return canvas.prose(rest, &duration(elapsed), theme.text);
    }
    let is_slow = step.is_slow();
    let usual_time = Duration::from_secs(step.usual_seconds.into());
    // Whether it takes longer is told by what was heard of it: since then it may have ended.
    let is_longer = !usual_time.is_zero() && step.elapsed.is_some_and(|told| told > usual_time);
    let name = text::fit(&step.label(), 24);
    let head = Line::from(vec![
        Span::styled(format!("{name:<25}"), theme.strong),
        Span::raw(format!("{:>8}  ", duration(elapsed))),
        Span::styled(usual(step), theme.quiet),
    ]);
    let columns = area.width.saturating_sub(9).min(40);
    let mut spans = bar::spans(canvas.look, step.share(elapsed), columns);
    if is_slow {
        spans.push(Span::styled(format!(" {} slow", canvas.look.glyphs.warning), theme.warn));
    } else if is_longer {
        spans.push(Span::styled(" a little longer", theme.quiet));
    }
    canvas.lines(area, [head, Line::from(spans)])
}

fn happened(app: &App, watch: &Watch, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.look.theme;
    let environment = watch.operation.deploys_environment();
    match (&watch.state, watch.ending()) {
        (_, Some(Ended::Stopped(stopped))) => stopped_early(app, watch, stopped, canvas, area),
        (_, Some(Ended::Done(Finished::Environment(deployed)))) => {
            stands(app, canvas, area, deployed);
        }
        (RunState::Refused(problem), _) => {
            let rest = failure(app, canvas, area, problem, 1);
            if !watch.operation.is_deployment() {
                return;
            }
            let words = if watch.deployment.is_some() {
                "What exists stays as it is."
            } else {
                "Nothing was sent; a resource group may exist, empty and free of cost."
            };
            let rest = canvas.prose(below(rest, 1), words, theme.text);
            let rows = [("R", "try it again"), ("b", "back to the form"), ("q", "leave")];
            let rows: Vec<_> =
                rows.into_iter().filter(|(key, _)| environment || *key != "b").collect();
            remedies(canvas, rest, &rows);
        }
        _ => {}
    }
}

/// What failed, where, what is unharmed and what it costs, what was not attempted and why; the keys always have their room.
fn stopped_early(app: &App, watch: &Watch, stopped: &Stopped, canvas: &mut Canvas<'_>, area: Rect) {
    let theme = canvas.look.theme;
    let environment = watch.operation.deploys_environment();
    let how = if stopped.cancelled { "go on with" } else { "retry" };
    let retry = format!("{how} what is missing{}", left(watch));
    let mut rows = vec![("R", retry.as_str())];
    if !stopped.cancelled {
        rows.push(("d", "everything that failed, in Azure's words"));
        rows.push(("y", "copy a summary for support; no password in it"));
    }
    if environment {
        rows.push(("B", "write a support bundle; no secret in it"));
    }
    rows.push(("q", "leave it as it is"));
    if environment {
        rows.push(("X", "delete everything; asks for the name"));
    }
    let hub = match &watch.operation {
        Operation::MakeHub { hub, .. } => {
            Some(format!("To remove everything: privateaml hub {} --delete", hub.name))
        }
        _ => None,
    };
    let keys = u16::try_from(rows.len()).unwrap_or(1) + if hub.is_some() { 2 } else { 0 };
    let [text, bottom] = Layout::vertical([Fill(1), Length(keys)]).areas(area);
    let problems = watch.problems();
    let rest = match problems.first() {
        Some(first) => failure(app, canvas, text, first, problems.len()),
        None if !stopped.cancelled => text,
        None => {
            let took = duration(stopped.took);
            let words = format!("It was cancelled after {took}, as you asked.");
            canvas.prose(text, &words, theme.warn)
        }
    };
    let mut rest = if rest.height > 6 { below(rest, 1) } else { rest };
    if let Some(counted) = watch.counts().sentence().filter(|_| !watch.steps.is_empty()) {
        rest =
            canvas.prose(rest, &format!("{counted} What was created stays as it is."), theme.text);
    }
    for each in NotAttempted::of(&watch.steps) {
        rest = canvas.prose(rest, &each.sentence(), theme.quiet);
    }
    canvas.prose(rest, &kept_words(&stopped.kept, app.start.practice), theme.text);
    let rest = remedies(canvas, bottom, &rows);
    if let Some(words) = hub {
        canvas.prose(rest, &words, theme.quiet);
    }
}

/// How long what is missing usually takes, in brackets.
fn left(watch: &Watch) -> String {
    let longest = watch
        .steps
        .iter()
        .filter(|step| !step.is_done())
        .map(|step| step.usual_seconds)
        .max()
        .unwrap_or_default();
    if longest == 0 {
        return String::new();
    }
    let longest = Duration::from_secs(u64::from(longest));
    format!(" (usually at least {})", duration(longest))
}

/// Our words, Azure's words, where, and what to do.
fn failure(app: &App, canvas: &mut Canvas<'_>, area: Rect, problem: &Problem, all: usize) -> Rect {
    let theme = canvas.look.theme;
    let mut rest = canvas.prose(area, &problem.what, theme.bad.patch(theme.strong));
    rest = canvas.prose(rest, &problem.advice, theme.text);
    if let Some(helps) = remedy::words(app, problem) {
        rest = canvas.prose(rest, &helps, theme.strong);
    }
    if rest.height > 8 {
        rest = below(rest, 1);
    }
    if let Some(original) = &problem.original {
        let said = text::wrap(
            &format!("{}: {original}", problem.code),
            usize::from(area.width).saturating_sub(7),
        );
        let is_cut = said.len() > MOST_LINES;
        let lines = said.into_iter().take(MOST_LINES).enumerate().map(|(index, line)| {
            let head = if index == 0 { "Azure  " } else { "       " };
            let last = is_cut && index + 1 == MOST_LINES;
            let room = usize::from(area.width).saturating_sub(7);
            let line = if last {
                format!("{} (w: all)", text::fit(&format!("{line}…"), room.saturating_sub(9)))
            } else {
                line
            };
            Line::styled(format!("{head}{line}"), theme.quiet)
        });
        rest = canvas.lines(rest, lines);
    }
    if let Some(place) = &problem.place {
        let place = place.rsplit('/').next().unwrap_or(place);
        let line = format!("Where  {place}");
        rest = canvas.lines(rest, [Line::styled(line, theme.quiet)]);
    }
    if all > 1 {
        let more = count(all - 1, "more failure");
        rest = canvas.prose(rest, &format!("and {more}: w shows all"), theme.warn);
    }
    rest
}

fn stands(app: &App, canvas: &mut Canvas<'_>, area: Rect, deployed: &DeployedEnvironment) {
    let theme = canvas.look.theme;
    let mut rest = canvas.prose(area, "It exists already; nothing was changed.", theme.ok);
    for problem in &deployed.problems {
        rest = failure(app, canvas, below(rest, 1), problem, 1);
    }
    rest = below(rest, 1);
    rest = canvas.prose(rest, &deployed.forecast.headline(), theme.text);
    for line in deployed.forecast.lines() {
        let indent = u16::from(line.starts_with(' ')) * 2;
        let [_, text] = Layout::horizontal([Length(indent), Fill(1)]).areas(rest);
        let below = canvas.prose(text, line.trim_start(), theme.quiet);
        rest = Rect { x: rest.x, width: rest.width, ..below };
    }
}

/// Keys and what they do about it.
fn remedies(canvas: &mut Canvas<'_>, area: Rect, rows: &[(&str, &str)]) -> Rect {
    let theme = canvas.look.theme;
    let lines = rows.iter().map(|(key, words)| {
        Line::from(vec![
            Span::styled(format!("{key}  "), theme.accent.patch(theme.strong)),
            Span::raw((*words).to_owned()),
        ])
    });
    canvas.lines(area, lines)
}
