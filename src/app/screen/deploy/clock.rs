//! Times on the screen: Azure's, carried on between two looks at the pace at which time passes there.

use std::time::Duration;

use jiff::Timestamp;

use crate::app::App;
use crate::app::screen::Screen;
use crate::app::time::after;
use crate::app::watch::Watch;
use crate::domain::progress::{Course, Step, StepState};

/// How long a row that has changed stands out.
const FRESH: Duration = Duration::from_secs(2);
/// How often the seconds are counted on.
const SECOND: Duration = Duration::from_secs(1);

/// What has passed in Azure since it was last read.
fn carried(app: &App) -> Duration {
    let watch = app.watch().filter(|_| app.deploy.frozen.is_none());
    watch.map_or(Duration::ZERO, |watch| watch.carried(app.now, app.start.speed))
}

/// Since the operation's begin.
pub fn elapsed(app: &App) -> Duration {
    app.watch().map_or(Duration::ZERO, |watch| watch.elapsed.saturating_add(carried(app)))
}

/// Where the operation stands in time.
pub(crate) fn course(app: &App, watch: &Watch) -> Course {
    // A picture that is frozen stands where it was last told.
    let now = watch.read_at.filter(|_| app.deploy.frozen.is_some()).unwrap_or(app.now);
    watch.course(now, app.start.speed)
}

/// How long a step took, or has taken so far.
pub(crate) fn step_elapsed(app: &App, step: &Step) -> Option<Duration> {
    let running = step.state == StepState::Running;
    let told = step.elapsed.or_else(|| (running && step.is_act()).then_some(Duration::ZERO))?;
    Some(if running { told.saturating_add(carried(app)) } else { told })
}

/// Whole seconds since Azure last answered.
pub(crate) fn seconds_since_read(app: &App, watch: &Watch) -> Option<i64> {
    Some(app.now.duration_since(watch.read_at?).as_secs().max(0))
}

/// Whether a step has changed a moment ago.
pub(crate) fn is_fresh(app: &App, symbol: &str) -> bool {
    let changed = app.watch().and_then(|watch| watch.changed.get(symbol));
    changed.is_some_and(|at| after(*at, FRESH) > app.now)
}

/// When something on the screen changes by itself: each second while something runs and is looked at.
pub(super) fn next_tick(app: &App) -> Option<Timestamp> {
    let watch = app.watch().filter(|_| app.screen == Screen::Deploy)?;
    if watch.is_running() {
        return Some(after(app.now, SECOND));
    }
    let fresh = watch.changed.values().max()?;
    Some(after(*fresh, FRESH)).filter(|end| *end > app.now)
}
