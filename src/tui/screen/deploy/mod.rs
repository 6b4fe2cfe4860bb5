//! The deployment as it is drawn.
//!
//! ```text
//! ┌ Resources ──────────┐┌ Working on now ────┐    by area, trouble and work open by themselves
//! │ ✓ network   11/11   ││ firewall  7m 51s   │    what runs, with its usual time; after the end, what happened
//! │ ◐ firewall   1/12   │└────────────────────┘
//! │   ◐ fw-scan4821     │┌ Activity ──────────┐    what was heard, newest last
//! └─────────────────────┘└────────────────────┘
//! ┌ 38 of 60  ████░░░  63%  12m 38s ──────────┐    one number, one sentence on the end, one on leaving
//! ```

mod activity;
mod chart;
mod now;
mod progress;
mod tree;

use ratatui::layout::{
    Constraint::{Fill, Length, Percentage},
    Layout, Rect,
};

use super::{DrawRow, graph};
use crate::{
    app::{
        App, Tone,
        message::ClickTarget,
        screen::deploy::{Course, Ending, Pane, View, elapsed, seconds_since_read},
    },
    domain::words::duration,
    tui::{
        canvas::{Canvas, Room},
        widget::tabs,
    },
};

/// Seconds without an answer of Azure after which that is said.
const STALE: i64 = 20;

pub(super) const ROW: DrawRow = DrawRow { liveness, state, ..DrawRow::new(draw, title, sentence) };

fn title(app: &App) -> String {
    app.deploy.name()
}

/// The state in a sentence, where there is no room for more.
pub(super) fn state(app: &App) -> String {
    let counts = app.deploy.counts();
    format!(
        "{}: {} of {}, {}. The deployment is not affected.",
        app.deploy.name(),
        counts.done,
        counts.total,
        duration(elapsed(app))
    )
}

fn sentence(app: &App) -> (Tone, String) {
    let deploy = &app.deploy;
    match &deploy.course {
        Course::None => (Tone::Plain, String::new()),
        Course::Preparing => {
            let doing = deploy.log.last().map(|line| line.text.clone());
            (Tone::Plain, doing.unwrap_or_else(|| "Looking at what exists…".to_owned()))
        }
        Course::Running if deploy.lost.is_some() => {
            Tone::Warn.says("Azure cannot be reached. Still trying; the deployment continues.")
        }
        Course::Running => Tone::Plain.says(
            "Safe to close: Azure carries on, and opening privateaml again brings you back here.",
        ),
        Course::Pausing => Tone::Warn.says("A temporary failure. Retrying shortly."),
        Course::Cancelling => Tone::Warn.says(
            "Cancelling: what has started ends first; firewall and Bastion can take minutes.",
        ),
        Course::Ended(ending) => ended(ending),
        Course::Refused(_) => {
            Tone::Bad.says("It was not sent. R tries it again, b goes back to the form.")
        }
    }
}

fn ended(ending: &Ending) -> (Tone, String) {
    match ending {
        ending if ending.is_ready() => Tone::Good.says("Ready: Enter shows the credentials."),
        Ending::Done(standing) if standing.problems.is_empty() => Tone::Good
            .says("It exists already, and nothing was changed: Enter shows the credentials."),
        Ending::Done(_) => Tone::Bad.says("It is deployed, but not as it must be: d shows why."),
        Ending::Stopped(stopped) if !stopped.cancelled => {
            Tone::Bad.says("It failed. R creates what is missing, d shows why.")
        }
        Ending::Stopped(_) => Tone::Warn.says("It was cancelled. R goes on with it, X deletes it."),
        Ending::Left { .. } => {
            Tone::Plain.says("It is not watched any more; the list opens it again.")
        }
    }
}

fn liveness(app: &App) -> (String, Tone) {
    let deploy = &app.deploy;
    if deploy.frozen.is_some() {
        return ("frozen, f goes on".to_owned(), Tone::Warn);
    }
    if !matches!(deploy.course, Course::Running | Course::Cancelling) {
        return (String::new(), Tone::Plain);
    }
    match seconds_since_read(app) {
        Some(seconds) if deploy.lost.is_some() || seconds > STALE => {
            (format!("Azure last answered {seconds} s ago"), Tone::Warn)
        }
        Some(seconds) => (format!("read {seconds} s ago"), Tone::Plain),
        None => ("not read yet".to_owned(), Tone::Plain),
    }
}

fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    if canvas.room == Room::Wide && area.height >= 16 {
        wide(app, canvas, area);
    } else {
        narrow(app, canvas, area);
    }
}

fn wide(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let [upper, bottom] = Layout::vertical([Fill(1), Length(5)]).areas(area);
    if app.deploy.view == View::Rows {
        let [left, right] = Layout::horizontal([Percentage(44), Fill(1)]).areas(upper);
        let rows = now::rows(app, right.height);
        let [now, activity] = Layout::vertical([Length(rows), Fill(1)]).areas(right);
        tree::draw(app, canvas, left);
        now::draw(app, canvas, now);
        activity::draw(app, canvas, activity);
    } else {
        let has_news = !now::is_quiet(app);
        let news = if has_news { now::rows(app, upper.height / 2) } else { 0 };
        let [picture, now] = Layout::vertical([Fill(1), Length(news)]).areas(upper);
        picture_of(app, canvas, picture);
        if has_news {
            now::draw(app, canvas, now);
        }
    }
    progress::draw(app, canvas, bottom);
}

/// One pane at a time below the bar; where there is height, the activity stays in sight.
fn narrow(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let [bar, strip, body] = Layout::vertical([Length(2), Length(1), Fill(1)]).areas(area);
    progress::short(app, canvas, bar);
    let second = if now::is_quiet(app) { "Now" } else { "What happened" };
    let at = Pane::ALL.iter().position(|pane| *pane == app.deploy.pane).unwrap_or_default();
    tabs::draw(canvas, strip, &["Resources", second, "Activity"], at);
    let tall = body.height >= 14 && app.deploy.pane == Pane::Resources;
    let [body, news] = Layout::vertical([Fill(1), Length(if tall { 6 } else { 0 })]).areas(body);
    match app.deploy.pane {
        Pane::Resources if app.deploy.view != View::Rows => picture_of(app, canvas, body),
        Pane::Resources => tree::draw(app, canvas, body),
        Pane::Now => now::draw(app, canvas, body),
        Pane::Activity => activity::draw(app, canvas, body),
    }
    if tall {
        activity::draw(app, canvas, news);
    }
}

/// The resources as bars over time or as a graph, coloured by their state.
fn picture_of(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let (View::Graph, Some(plan)) = (app.deploy.view, &app.deploy.plan) else {
        chart::draw(app, canvas, area);
        return;
    };
    pane_hit(canvas, area, Pane::Resources);
    let look = *canvas.look;
    let focused = app.deploy.pane == Pane::Resources;
    graph::draw(canvas, area, plan, &app.deploy.graph, focused, &|node| {
        tree::node_look(app, &look, node)
    });
}

/// Notes that a pane can be clicked.
fn pane_hit(canvas: &mut Canvas<'_>, area: Rect, pane: Pane) {
    if let Some(index) = Pane::ALL.iter().position(|each| *each == pane) {
        canvas.hit(area, ClickTarget::Pane(index));
    }
}

#[cfg(test)]
mod tests;
