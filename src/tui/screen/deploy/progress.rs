//! One number, one sentence on the end, one on leaving.

use std::time::Duration;

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};

use crate::app::App;
use crate::app::screen::deploy::{elapsed, kept_words, remaining};
use crate::app::watch::{RunState, Watch};
use crate::domain::operation::Ended;
use crate::domain::words::duration;
use crate::tui::canvas::{Canvas, below};
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
    let head = format!("{} of {}  ", counts.done, counts.total);
    let stopped = matches!(watch.ending(), Some(Ended::Stopped(_)));
    let time = duration(elapsed(app));
    let percent = counts.done * 100 / counts.total.max(1);
    let tail = if stopped {
        format!("  stopped at {time}")
    } else {
        format!("  {percent:>3}%  {time:>8}")
    };
    let used = text::width(&head) + text::width(&tail);
    let columns = usize::from(area.width).saturating_sub(used);
    #[expect(clippy::cast_precision_loss, reason = "a few hundred steps")]
    let part = counts.done as f64 / counts.total.max(1) as f64;
    let mut spans = vec![Span::styled(head, theme.strong)];
    spans.extend(bar::spans(canvas.look, part, u16::try_from(columns).unwrap_or_default()));
    spans.push(Span::raw(tail));
    canvas.line(area, Line::from(spans));
    below(area, 1)
}

/// A sentence on the end: usual times, and what decides.
fn prospect(app: &App, watch: &Watch) -> String {
    let is_deployment = watch.operation.is_deployment();
    match &watch.state {
        RunState::Running => {
            let left = remaining(app);
            let usual = watch
                .plan
                .as_ref()
                .map_or(Duration::ZERO, |plan| Duration::from_secs(plan.critical_seconds.into()));
            let decides = decides(watch);
            if left.is_zero() {
                format!("Usually {} in all; it takes longer this time.{decides}", duration(usual))
            } else {
                format!(
                    "Usually {} in all, about {} from now.{decides}",
                    duration(usual),
                    duration(left)
                )
            }
        }
        RunState::Preparing if is_deployment => "Nothing has been sent yet.".to_owned(),
        RunState::Pausing => "It retries by itself; only missing resources are created.".to_owned(),
        RunState::Cancelling => "Waiting for what has started to end.".to_owned(),
        RunState::Refused(_) if is_deployment => "It was not sent.".to_owned(),
        _ => match watch.ending() {
            Some(Ended::Stopped(stopped)) => kept_words(&stopped.kept, app.start.practice),
            _ => watch.ending_sentence().1,
        },
    }
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
