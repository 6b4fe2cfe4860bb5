//! One number, one sentence on the end, one on leaving.

use std::fmt::Write as _;

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};

use crate::app::App;
use crate::app::screen::deploy::{course, elapsed, kept_words};
use crate::app::watch::{RunState, Watch};
use crate::domain::operation::{Attempt, Ended};
use crate::domain::sentences;
use crate::domain::words::duration;
use crate::tui::canvas::{Canvas, Room, below};
use crate::tui::text;
use crate::tui::widget::bar;

/// The box at the bottom.
pub(super) fn draw(app: &App, watch: &Watch, canvas: &mut Canvas<'_>, area: Rect) {
    let inner = canvas.panel(area, "Progress", false);
    let rest = bar_line(app, watch, canvas, inner);
    let quiet = canvas.look.theme.quiet;
    let rest = canvas.prose(rest, &prospect(app, watch), canvas.look.theme.text);
    if let Some(deployment) = &watch.deployment {
        canvas.prose(rest, &format!("Deployment {deployment}"), quiet);
    }
}

/// The same in two rows.
pub(super) fn short(app: &App, watch: &Watch, canvas: &mut Canvas<'_>, area: Rect) {
    let area = crate::tui::canvas::inset(area);
    let rest = bar_line(app, watch, canvas, area);
    canvas.text(rest, &prospect(app, watch), canvas.look.theme.quiet);
}

fn bar_line(app: &App, watch: &Watch, canvas: &mut Canvas<'_>, area: Rect) -> Rect {
    let theme = canvas.look.theme;
    let counts = watch.counts();
    if counts.total == 0 {
        let words = match watch.is_running() {
            true if watch.operation.is_deployment() => "Working out what will be created…",
            true => "Asking Azure…",
            false => "",
        };
        canvas.text(area, words, theme.quiet);
        return below(area, 1);
    }
    let course = course(app, watch);
    let stopped = matches!(watch.ending(), Some(Ended::Stopped(_)));
    let time = duration(elapsed(app));
    let head = if stopped {
        format!("stopped at {time}  ")
    } else {
        format!("{:>3}%  {time}  ", course.percent())
    };
    let tail = format!("  {}", counted(watch, canvas.room));
    let used = text::width(&head) + text::width(&tail);
    let columns = usize::from(area.width).saturating_sub(used);
    let mut spans = vec![Span::styled(head, theme.strong)];
    spans.extend(bar::spans(canvas.look, course.share, u16::try_from(columns).unwrap_or_default()));
    spans.push(Span::raw(tail));
    canvas.line(area, Line::from(spans));
    below(area, 1)
}

/// How many resources or steps are done, which is no measure of time.
fn counted(watch: &Watch, room: Room) -> String {
    let counts = watch.counts();
    let noun = if watch.operation.is_deployment() { "resources" } else { "steps" };
    match room {
        Room::Wide => format!("{} of {} {noun}", counts.done, counts.total),
        _ => format!("{} of {}", counts.done, counts.total),
    }
}

/// A sentence on the end: usual times, and what decides.
fn prospect(app: &App, watch: &Watch) -> String {
    let is_deployment = watch.operation.is_deployment();
    match &watch.state {
        RunState::Running => in_time(app, watch),
        RunState::Preparing if is_deployment => "Nothing has been sent yet.".to_owned(),
        RunState::Preparing if watch.act.is_some() => in_time(app, watch),
        RunState::Pausing => "It retries by itself; only missing resources are created.".to_owned(),
        RunState::Cancelling => "Waiting for what has started to end.".to_owned(),
        RunState::Refused(_) if is_deployment => "It was not sent.".to_owned(),
        _ => match watch.ending() {
            Some(Ended::Stopped(stopped)) => kept_words(&stopped.kept, app.start.practice),
            _ => watch.ending_sentence().1,
        },
    }
}

/// How late it is, or how much is left by usual times; a further attempt is told apart.
fn in_time(app: &App, watch: &Watch) -> String {
    let course = course(app, watch);
    let mut words = sentences::prospect(&course, elapsed(app));
    if course.late.is_none() && !course.has_failed {
        words.push_str(&decides(watch));
    }
    let Attempt { number, elapsed } = watch.attempt;
    if number > 1 {
        let _ = write!(words, " Attempt {number}, for {}.", duration(elapsed));
    }
    words
}

/// What decides when it ends: the slowest of what runs or is left on the longest chain.
fn decides(watch: &Watch) -> String {
    let Some(plan) = &watch.plan else { return String::new() };
    watch
        .steps
        .iter()
        .filter(|step| !step.is_done() && plan.critical_path.contains(&step.symbol))
        .max_by_key(|step| step.usual_seconds)
        .map_or_else(String::new, |step| format!(" {} usually takes longest.", step.name))
}
