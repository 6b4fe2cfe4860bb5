//! The live pane as it is drawn: a deployment above all.
//!
//! ```text
//! ┌ Resources ──────────┐┌ Working on now ────┐    by area, with what runs in it; nothing opens or closes by itself
//! │ ✓ network   11/11   ││ firewall  7m 51s   │    what runs, with its usual time; after the end, what happened
//! │ ◐ firewall   1/12   │└────────────────────┘
//! │ ○ access     0/9    │┌ Activity ──────────┐    what was heard, newest last
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

use super::map::MapFace;
use super::{DrawRow, graph, map};
use crate::app::map::deploying;
use crate::app::message::ClickTarget;
use crate::app::screen::deploy::{LivePane, View, elapsed, seconds_since_read};
use crate::app::watch::{RunState, Watch};
use crate::app::{App, Tone};
use crate::domain::map::MapElement;
use crate::domain::operation::{Ended, Operation, words};
use crate::domain::words::duration;
use crate::tui::canvas::{Canvas, Room};
use crate::tui::widget::tabs;

/// Seconds without an answer of Azure after which that is said.
const STALE: i64 = 20;

pub(super) const ROW: DrawRow =
    DrawRow { title, liveness, summary, state, ..DrawRow::new(draw, sentence) };

fn title(app: &App) -> String {
    app.watch().map(|watch| watch.operation.name()).unwrap_or_default()
}

fn summary(app: &App) -> String {
    app.watch().map(|watch| words::doing(&watch.operation).to_owned()).unwrap_or_default()
}

/// The state in a sentence, where there is no room for more.
pub(super) fn state(app: &App) -> String {
    let counts = app.watch().map(Watch::counts).unwrap_or_default();
    format!(
        "{}: {} of {}, {}. The deployment is not affected.",
        title(app),
        counts.done,
        counts.total,
        duration(elapsed(app))
    )
}

fn sentence(app: &App) -> (Tone, String) {
    let Some(watch) = app.watch() else { return Tone::Plain.says("") };
    if !watch.operation.is_deployment() {
        let running = watch.is_running().then(|| Tone::Plain.says(watch.sentence()));
        return running.unwrap_or_else(|| watch.ending_sentence());
    }
    let is_hub = !watch.operation.deploys_environment();
    match &watch.state {
        RunState::Preparing => {
            let doing = watch.log.last().map(|line| line.text.clone());
            (Tone::Plain, doing.unwrap_or_else(|| "Looking at what exists…".to_owned()))
        }
        RunState::Running if watch.lost.is_some() => {
            Tone::Warn.says("Azure cannot be reached. Still trying; the deployment continues.")
        }
        RunState::Running if is_hub => {
            Tone::Plain.says("It goes on when this window is closed; n takes it up again.")
        }
        RunState::Running => Tone::Plain.says(
            "Safe to close: Azure carries on, and opening privateaml again brings you back here.",
        ),
        RunState::Pausing => Tone::Warn.says("A temporary failure. Retrying shortly."),
        RunState::Cancelling => Tone::Warn.says(
            "Cancelling: what has started ends first; firewall and Bastion can take minutes.",
        ),
        RunState::Ended(_) => ended(watch),
        RunState::Refused(_) if is_hub => Tone::Bad.says("It was not sent. R tries it again."),
        RunState::Refused(_) => {
            Tone::Bad.says("It was not sent. R tries it again, b goes back to the form.")
        }
    }
}

fn ended(watch: &Watch) -> (Tone, String) {
    match (watch.ending(), &watch.operation) {
        (Some(ending), mend) if ending.is_ready() && mend.is_mend() => {
            Tone::Good.says("The template was deployed again over it: Enter reads how it is now.")
        }
        (Some(ending), _) if ending.is_ready() => {
            Tone::Good.says("Ready: Enter shows the credentials.")
        }
        (Some(Ended::Stopped(stopped)), _) if !stopped.cancelled => {
            Tone::Bad.says("It failed. R creates what is missing, w shows why.")
        }
        (Some(Ended::Stopped(_)), Operation::MakeHub { .. }) => {
            Tone::Warn.says("It was cancelled. R goes on with it.")
        }
        (Some(Ended::Stopped(_)), _) => {
            Tone::Warn.says("It was cancelled. R goes on with it, X deletes it.")
        }
        (Some(Ended::Left { .. }), Operation::MakeHub { .. }) => {
            Tone::Plain.says("Azure goes on; n takes it up again.")
        }
        (Some(Ended::Left { .. }), _) => {
            Tone::Plain.says("It is not watched any more; the list opens it again.")
        }
        (_, hub @ Operation::MakeHub { .. }) => Tone::Good.says(words::done(hub)),
        _ if watch.problems().is_empty() => Tone::Good
            .says("It exists already, and nothing was changed: Enter shows the credentials."),
        _ => Tone::Bad.says("It is deployed, but not as it must be: w shows why."),
    }
}

fn liveness(app: &App) -> (String, Tone) {
    let Some(watch) = app.watch() else { return (String::new(), Tone::Plain) };
    if app.deploy.frozen.is_some() {
        return ("frozen, Space goes on".to_owned(), Tone::Warn);
    }
    if let Some(words) = watch.waits(app.now) {
        return (words, Tone::Warn);
    }
    if !matches!(watch.state, RunState::Running | RunState::Cancelling) {
        return (String::new(), Tone::Plain);
    }
    match seconds_since_read(app, watch) {
        Some(seconds) if watch.lost.is_some() || seconds > STALE => {
            (format!("Azure last answered {seconds} s ago"), Tone::Warn)
        }
        Some(seconds) => (format!("read {seconds} s ago"), Tone::Plain),
        None => ("not read yet".to_owned(), Tone::Plain),
    }
}

fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    let Some(watch) = app.watch() else { return };
    if canvas.room == Room::Wide && area.height >= 16 {
        wide(app, watch, canvas, area);
    } else {
        narrow(app, watch, canvas, area);
    }
}

fn wide(app: &App, watch: &Watch, canvas: &mut Canvas<'_>, area: Rect) {
    let [upper, bottom] = Layout::vertical([Fill(1), Length(5)]).areas(area);
    if !watch.operation.is_deployment() {
        let room = u16::try_from(app.shown_steps().len()).unwrap_or(upper.height);
        let room = room.clamp(1, upper.height / 2).saturating_add(2);
        let news = if now::is_quiet(watch) { 0 } else { now::rows(app, watch, upper.height / 2) };
        let panes = [Length(room), Length(news), Fill(1)];
        let [steps, now, activity] = Layout::vertical(panes).areas(upper);
        tree::draw(app, canvas, steps);
        if news > 0 {
            now::draw(app, watch, canvas, now);
        }
        activity::draw(app, watch, canvas, activity);
    } else if app.deploy.view == View::Rows {
        let [left, right] = Layout::horizontal([Percentage(44), Fill(1)]).areas(upper);
        let rows = now::rows(app, watch, right.height);
        let [now, activity] = Layout::vertical([Length(rows), Fill(1)]).areas(right);
        tree::draw(app, canvas, left);
        now::draw(app, watch, canvas, now);
        activity::draw(app, watch, canvas, activity);
    } else {
        let has_news = !now::is_quiet(watch);
        let news = if has_news { now::rows(app, watch, upper.height / 2) } else { 0 };
        let [picture, now] = Layout::vertical([Fill(1), Length(news)]).areas(upper);
        picture_of(app, watch, canvas, picture);
        if has_news {
            now::draw(app, watch, canvas, now);
        }
    }
    progress::draw(app, watch, canvas, bottom);
}

/// One pane at a time below the bar; where there is height, the activity stays in sight.
fn narrow(app: &App, watch: &Watch, canvas: &mut Canvas<'_>, area: Rect) {
    let [bar, strip, body] = Layout::vertical([Length(2), Length(1), Fill(1)]).areas(area);
    progress::short(app, watch, canvas, bar);
    let first = if watch.operation.is_deployment() { "Resources" } else { "Steps" };
    let second = if now::is_quiet(watch) { "Now" } else { "What happened" };
    let at = LivePane::ALL.iter().position(|pane| *pane == app.deploy.pane).unwrap_or_default();
    tabs::draw(canvas, strip, &[first, second, "Activity"], at);
    let tall = body.height >= 14 && app.deploy.pane == LivePane::Resources;
    let [body, news] = Layout::vertical([Fill(1), Length(if tall { 6 } else { 0 })]).areas(body);
    match app.deploy.pane {
        LivePane::Resources if app.view() != View::Rows => picture_of(app, watch, canvas, body),
        LivePane::Resources => tree::draw(app, canvas, body),
        LivePane::Now => now::draw(app, watch, canvas, body),
        LivePane::Activity => activity::draw(app, watch, canvas, body),
    }
    if tall {
        activity::draw(app, watch, canvas, news);
    }
}

/// The resources as bars over time or as a graph, coloured by their state.
fn picture_of(app: &App, watch: &Watch, canvas: &mut Canvas<'_>, area: Rect) {
    let focused = app.deploy.pane == LivePane::Resources;
    if let (View::Map, Some(network)) = (app.deploy.view, &watch.map) {
        pane_hit(canvas, area, LivePane::Resources);
        let counts = watch.counts();
        let note = format!("{} of {} created", counts.done, counts.total);
        let steps = app.shown_steps();
        let look = |element: &MapElement| deploying(network, element, steps);
        let state = &app.deploy.map;
        map::draw(
            canvas,
            area,
            &MapFace { map: network, state, focused, look: &look, note, is_old: false },
        );
        return;
    }
    let (View::Graph, Some(plan)) = (app.deploy.view, &watch.plan) else {
        chart::draw(app, canvas, area);
        return;
    };
    pane_hit(canvas, area, LivePane::Resources);
    let look = *canvas.look;
    graph::draw(canvas, area, plan, &app.deploy.graph, focused, &|node| {
        tree::node_look(app, &look, node)
    });
}

/// Notes that a pane can be clicked.
fn pane_hit(canvas: &mut Canvas<'_>, area: Rect, pane: LivePane) {
    if let Some(index) = LivePane::ALL.iter().position(|each| *each == pane) {
        canvas.hit(area, ClickTarget::Pane(index));
    }
}

#[cfg(test)]
mod tests;
