//! Where the practice cloud reads the time, and how simulated time follows real time.
//!
//! Nothing else in the practice cloud may ask the machine for the time: tests own the clock, and every timestamp that
//! leaves the practice cloud is simulated.

use std::{fmt, sync::Mutex, time::Duration};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A source of real time.
pub trait Clock: fmt::Debug + Send + Sync {
    /// The real time now.
    fn now(&self) -> Timestamp;
}

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct WallClock;

impl Clock for WallClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands still until it is told to go on, for tests.
#[derive(Debug)]
pub struct ManualClock(Mutex<Timestamp>);

impl ManualClock {
    /// A clock that shows the given time.
    pub fn at(start: Timestamp) -> Self {
        Self(Mutex::new(start))
    }

    /// Lets the given time pass.
    pub fn pass(&self, time: Duration) {
        let mut now = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *now = later(*now, SignedDuration::try_from(time).unwrap_or(SignedDuration::MAX));
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The given moment plus a span, held at the end of representable time.
pub fn later(moment: Timestamp, span: SignedDuration) -> Timestamp {
    moment.checked_add(span).unwrap_or(Timestamp::MAX)
}

/// How simulated time follows real time: both ran together at `base_*`, and since then one real second is `speed`
/// simulated seconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Pace {
    base_simulated: Timestamp,
    base_real: Timestamp,
    speed: f64,
}

impl Pace {
    /// Simulated time starts at real time.
    pub fn starting(now: Timestamp, speed: f64) -> Self {
        Self { base_simulated: now, base_real: now, speed }
    }

    /// Simulated seconds per real second.
    pub fn speed(&self) -> f64 {
        self.speed
    }

    /// Simulated time at a real time.
    pub fn simulated(&self, real: Timestamp) -> Timestamp {
        let passed = real.duration_since(self.base_real).as_secs_f64().max(0.0) * self.speed;
        let span = SignedDuration::try_from_secs_f64(passed).unwrap_or(SignedDuration::MAX);
        later(self.base_simulated, span)
    }

    /// Goes on at another speed from the given real time, without a jump.
    pub fn rebase(&mut self, real: Timestamp, speed: f64) {
        self.base_simulated = self.simulated(real);
        self.base_real = real;
        self.speed = speed;
    }

    /// How long a simulated span takes in real time.
    pub fn real_span(&self, simulated: SignedDuration) -> Duration {
        Duration::try_from_secs_f64(simulated.as_secs_f64().max(0.0) / self.speed)
            .unwrap_or(Duration::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn simulated_time_runs_at_its_speed_and_does_not_jump_when_the_speed_changes() {
        let start = moment("2026-01-01T00:00:00Z");
        let mut pace = Pace::starting(start, 60.0);
        assert_eq!(pace.simulated(moment("2026-01-01T00:00:10Z")), moment("2026-01-01T00:10:00Z"));
        pace.rebase(moment("2026-01-01T00:00:10Z"), 1.0);
        assert_eq!(pace.simulated(moment("2026-01-01T00:00:15Z")), moment("2026-01-01T00:10:05Z"));
        assert_eq!(pace.speed().to_bits(), 1.0_f64.to_bits());
    }

    #[test]
    fn a_clock_set_back_does_not_turn_simulated_time_back() {
        let pace = Pace::starting(moment("2026-01-01T00:00:00Z"), 60.0);
        assert_eq!(pace.simulated(moment("2025-12-31T00:00:00Z")), moment("2026-01-01T00:00:00Z"));
    }

    #[test]
    fn a_simulated_minute_is_a_real_second_at_speed_60() {
        let pace = Pace::starting(moment("2026-01-01T00:00:00Z"), 60.0);
        assert_eq!(pace.real_span(SignedDuration::from_secs(60)), Duration::from_secs(1));
    }
}
