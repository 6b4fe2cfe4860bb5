//! The time that a deployment takes with all that is sent again, by Azure's clock alone.

use std::time::Duration;

use jiff::Timestamp;

use crate::azure::arm::Deployment;
use crate::domain::operation::Attempt;

/// One attempt after the other.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    /// When the first one began.
    begun: Option<Timestamp>,
    current: Attempt,
}

impl Attempts {
    /// A further attempt begins.
    pub(super) fn begin(&mut self) {
        self.current = Attempt { number: self.current.number + 1, elapsed: Duration::ZERO };
    }

    /// The attempt that goes on, as it was last read.
    pub(super) fn current(&self) -> Attempt {
        self.current
    }

    /// Takes in how the attempt stands that goes on; answers the time since the first one's begin.
    pub(super) fn read(&mut self, deployment: &Deployment) -> Duration {
        self.current.elapsed = elapsed(deployment);
        let began =
            deployment.timestamp.and_then(|last| last.checked_sub(deployment.duration).ok());
        let Some(began) = began else { return self.current.elapsed };
        let first = *self.begun.get_or_insert(began);
        between(first, began).saturating_add(self.current.elapsed)
    }

    /// The time since the first one's begin, at a moment between two attempts.
    pub(super) fn since(&self, now: Option<Timestamp>) -> Duration {
        self.begun.zip(now).map_or(Duration::ZERO, |(begun, now)| between(begun, now))
    }
}

/// Time since a deployment began.
fn elapsed(deployment: &Deployment) -> Duration {
    if deployment.is_finished() {
        return deployment.duration;
    }
    let since = deployment.timestamp.zip(deployment.read_at);
    let since = since.map_or(Duration::ZERO, |(then, now)| between(then, now));
    deployment.duration.saturating_add(since)
}

fn between(earlier: Timestamp, later: Timestamp) -> Duration {
    Duration::try_from(later.duration_since(earlier)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deployment(state: &str, begun: i64, duration: u64, read_at: i64) -> Deployment {
        Deployment {
            name: "d".into(),
            state: state.into(),
            timestamp: Timestamp::from_second(begun + i64::try_from(duration).unwrap()).ok(),
            duration: Duration::from_secs(duration),
            read_at: Timestamp::from_second(read_at).ok(),
            ..Deployment::default()
        }
    }

    #[test]
    fn a_repetition_goes_on_where_the_first_attempt_and_the_pause_ended() {
        let mut attempts = Attempts::default();
        assert_eq!(attempts.read(&deployment("Running", 100, 30, 150)).as_secs(), 50);
        assert_eq!(attempts.read(&deployment("Failed", 100, 600, 720)).as_secs(), 600);
        assert_eq!(attempts.since(Timestamp::from_second(760).ok()).as_secs(), 660);
        attempts.begin();
        assert_eq!(attempts.current(), Attempt { number: 2, elapsed: Duration::ZERO });
        assert_eq!(attempts.read(&deployment("Running", 770, 0, 800)).as_secs(), 700);
        assert_eq!(attempts.current().elapsed.as_secs(), 30);
        assert_eq!(attempts.read(&deployment("Succeeded", 770, 40, 900)).as_secs(), 710);
    }
}
