//! What the state waits for: the time at which something on the screen changes by itself.
//!
//! While nothing does, nobody wakes up; the loop sleeps until the next key or answer.

use std::time::Duration;

use jiff::Timestamp;

use super::App;
use super::screen::Screen;

/// How long a sentence about what just happened stays, before the screen's own takes its place again.
const LINE_STAYS: Duration = Duration::from_secs(8);

/// A moment later; the end of time where there is none.
pub fn after(moment: Timestamp, wait: Duration) -> Timestamp {
    moment.checked_add(wait).unwrap_or(Timestamp::MAX)
}

impl App {
    /// When a tick is wanted next; `None` while nothing changes by itself.
    pub fn next_tick(&self) -> Option<Timestamp> {
        let line = self.line.as_ref().map(|line| after(line.since, LINE_STAYS));
        let screens = Screen::ALL.into_iter().filter_map(|screen| (screen.row().next_tick)(self));
        screens.chain(line).min()
    }

    /// Lets go what has had its time.
    pub(super) fn forget_old_line(&mut self) {
        let is_old = |since| after(since, LINE_STAYS) <= self.now;
        if self.line.as_ref().is_some_and(|line| is_old(line.since)) {
            self.line = None;
        }
    }
}
