//! Times on the screen: Azure's, carried on between two looks at the pace at which time passes there.

use std::time::Duration;

use jiff::Timestamp;

use super::{Course, Deploy};
use crate::{
    app::{App, screen::Screen, time::after},
    domain::progress::{Step, StepState},
};

/// How long a row that has changed stands out.
const FRESH: Duration = Duration::from_secs(2);
/// How often the seconds are counted on.
const SECOND: Duration = Duration::from_secs(1);
/// The longest time that is carried on without a word of Azure, in seconds of this machine.
const LONGEST_CARRY: Duration = Duration::from_mins(1);

/// What has passed in Azure since it was last read.
fn carried(app: &App) -> Duration {
    let deploy = &app.deploy;
    let Some(read_at) = deploy.read_at.filter(|_| is_counting(deploy)) else {
        return Duration::ZERO;
    };
    let since = Duration::try_from(app.now.duration_since(read_at)).unwrap_or_default();
    since.min(LONGEST_CARRY).mul_f64(app.start.speed.clamp(0.0, 1.0e4))
}

fn is_counting(deploy: &Deploy) -> bool {
    deploy.frozen.is_none() && matches!(deploy.course, Course::Running | Course::Cancelling)
}

/// Since the deployment's begin.
pub fn elapsed(app: &App) -> Duration {
    app.deploy.elapsed.saturating_add(carried(app))
}

/// What is left by usual durations.
pub(crate) fn remaining(app: &App) -> Duration {
    app.deploy.remaining.saturating_sub(carried(app))
}

/// How long a step took, or has taken so far.
pub(crate) fn step_elapsed(app: &App, step: &Step) -> Option<Duration> {
    let elapsed = step.elapsed?;
    Some(if step.state == StepState::Running {
        elapsed.saturating_add(carried(app))
    } else {
        elapsed
    })
}

/// Whole seconds since Azure last answered.
pub(crate) fn seconds_since_read(app: &App) -> Option<i64> {
    let read_at = app.deploy.read_at?;
    Some(app.now.duration_since(read_at).as_secs().max(0))
}

/// Whether a step has changed a moment ago.
pub(crate) fn is_fresh(app: &App, symbol: &str) -> bool {
    app.deploy.changed.get(symbol).is_some_and(|at| after(*at, FRESH) > app.now)
}

/// When something on the screen changes by itself: each second while something runs and is looked at.
pub(super) fn next_tick(app: &App) -> Option<Timestamp> {
    if app.screen != Screen::Deploy {
        return None;
    }
    if app.deploy.is_running() {
        return Some(after(app.now, SECOND));
    }
    let fresh = app.deploy.changed.values().max()?;
    Some(after(*fresh, FRESH)).filter(|end| *end > app.now)
}
