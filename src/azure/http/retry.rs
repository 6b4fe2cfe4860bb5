//! When a request is sent again, and after which pause.
//!
//! A pause that the other side names is kept exactly; our own pauses grow and are spread at random. Everything is
//! bounded in number and in time, and every repetition is told. This module must not send anything itself, so that it
//! can be tested on a stopped clock.

use std::{future::Future, time::Duration};

use rand::RngExt as _;
use tokio::time::Instant;

use super::answer::HttpAnswer;
use super::broken::Broken;
use super::notice::{Hook, Notice};

/// Most repetitions at the other side's own request: against a server that asks for pauses of no length.
const MOST_REQUESTED: u32 = 60;

/// The bounds of repeating one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Most attempts when the other side does not say when to come back.
    pub attempts: u32,
    /// Most attempts to open a connection that is refused or cannot be found, and to get an answer that is Azure's:
    /// short, so that a wrong address, a missing network or a proxy's page is told within seconds.
    pub connects: u32,
    /// Our first pause; each further one is twice as long.
    pub first: Duration,
    /// Our longest pause.
    pub longest: Duration,
    /// Most time spent in pauses, those that the other side asked for included.
    pub total: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            attempts: 7,
            connects: 4,
            first: Duration::from_millis(500),
            longest: Duration::from_secs(20),
            total: Duration::from_mins(5),
        }
    }
}

/// What is known about one series of attempts.
struct Series {
    policy: Policy,
    repeatable: bool,
    made: u32,
    requested: u32,
    paused: Duration,
}

/// A pause and the reason for it.
struct Pause {
    wait: Duration,
    notice: Notice,
}

impl Series {
    /// The pause before the next attempt; `None` when this outcome stands.
    fn after(&mut self, outcome: &Result<HttpAnswer, Broken>) -> Option<Pause> {
        let (requested, why, may) = match outcome {
            Ok(answer) => {
                let why = worth_repeating(answer.status)?;
                // A request refused for being too many was not acted on: any kind may be repeated.
                let may = self.repeatable || answer.status == 429;
                (answer.retry_after, why.to_owned(), may)
            }
            Err(broken) => {
                let may = match broken {
                    Broken::NeverSent(_) => self.made + 1 < self.policy.connects,
                    Broken::Interrupted(_) | Broken::TimedOut => self.repeatable,
                    Broken::Unexpected(_) => {
                        self.repeatable && self.made + 1 < self.policy.connects
                    }
                    Broken::Untrusted(_) | Broken::Unusable(_) => false,
                };
                (None, broken.why().to_owned(), may)
            }
        };
        if !may {
            return None;
        }
        let wait = match requested {
            Some(wait) if self.requested < MOST_REQUESTED => {
                self.requested += 1;
                wait
            }
            None if self.made + 1 < self.policy.attempts => self.own_pause(),
            _ => return None,
        };
        self.paused = self.paused.saturating_add(wait);
        if self.paused > self.policy.total {
            return None;
        }
        let throttled = outcome.as_ref().is_ok_and(|answer| answer.status == 429);
        let notice = if throttled {
            Notice::Throttled { wait }
        } else {
            Notice::Retrying { attempt: self.made + self.requested + 1, why, wait }
        };
        Some(Pause { wait, notice })
    }

    /// Doubling pauses, each between half of itself and the whole, so that many clients do not come back at once.
    fn own_pause(&mut self) -> Duration {
        let doubled = self.policy.first.saturating_mul(2_u32.saturating_pow(self.made));
        self.made += 1;
        doubled.min(self.policy.longest).mul_f64(rand::rng().random_range(0.5..=1.0))
    }
}

/// The statuses after which the same request can succeed, with the reason in a few words.
fn worth_repeating(status: u16) -> Option<&'static str> {
    Some(match status {
        408 => "Azure waited too long for the request",
        429 => "Azure asks for a pause",
        500 => "Azure failed inside",
        502 | 503 => "Azure is not available at the moment",
        504 => "Azure took too long inside",
        _ => return None,
    })
}

/// Makes attempts until one stands, and tells of each repetition.
pub(in crate::azure) async fn repeat<Attempt, Outcome>(
    policy: Policy,
    repeatable: bool,
    notify: Option<&Hook>,
    mut attempt: Attempt,
) -> Result<HttpAnswer, Broken>
where
    Attempt: FnMut() -> Outcome,
    Outcome: Future<Output = Result<HttpAnswer, Broken>>,
{
    let tell = |notice: &Notice| {
        if let Some(hook) = notify {
            hook(notice);
        }
    };
    let mut series = Series { policy, repeatable, made: 0, requested: 0, paused: Duration::ZERO };
    let mut was_broken = false;
    loop {
        let outcome = attempt().await;
        if was_broken && outcome.is_ok() {
            tell(&Notice::Reconnected);
        }
        was_broken = outcome.is_err();
        let Some(pause) = series.after(&outcome) else { return outcome };
        tracing::debug!(notice = ?pause.notice, "the request will be sent again");
        tell(&pause.notice);
        tokio::time::sleep_until(Instant::now() + pause.wait).await;
    }
}

#[cfg(test)]
#[path = "retry_tests.rs"]
mod tests;
