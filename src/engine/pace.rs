//! How often Azure is asked, and how a pause of Azure's time is waited.
//!
//! Azure's reads are limited and shared with everything else that the account does, so it is asked at most once in
//! three seconds. The practice cloud's time passes at another pace: it is asked as often as it says.

use std::time::Duration;

use jiff::Timestamp;

use crate::azure::arm::Arm;

/// Pause between two looks when Azure names none; each look is two reads.
const LOOK: Duration = Duration::from_secs(6);
/// The same on the practice cloud.
const PRACTICE_LOOK: Duration = Duration::from_millis(100);
/// Shortest pause on the practice cloud, whatever it says.
const PRACTICE_LEAST: Duration = Duration::from_millis(20);
/// Longest pause between two looks, whatever is asked for: an end must be on the screen soon.
const MOST: Duration = Duration::from_secs(30);

/// The pace of one cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pace {
    practice: bool,
}

impl Pace {
    pub(super) fn of(practice: bool) -> Self {
        Self { practice }
    }

    /// The pause before the next look, by what the cloud asked for.
    pub(super) fn next(self, asked: Option<Duration>) -> Duration {
        let (usual, least) =
            if self.practice { (PRACTICE_LOOK, PRACTICE_LEAST) } else { (LOOK, LOOK) };
        asked.unwrap_or(usual).max(least).min(MOST)
    }

    /// The pause before the first look: none where it was said that nothing need be waited for.
    pub(super) fn first(self, asked: Option<Duration>) -> Duration {
        match asked {
            Some(Duration::ZERO) => Duration::ZERO,
            asked => self.next(asked),
        }
    }

    /// The pause after the `lost`th look in a row that brought no answer.
    pub(super) fn after_loss(self, lost: u32) -> Duration {
        self.next(None).saturating_mul(2_u32.saturating_pow(lost.min(8))).min(MOST)
    }

    /// Waits for a span of the cloud's own time. When it cannot be asked, the span of this machine's time is the bound.
    pub(super) async fn pass(self, arm: &Arm, span: Duration) {
        if !self.practice {
            tokio::time::sleep(span).await;
            return;
        }
        let bounded = tokio::time::timeout(span, async {
            let begin = arm.now().await.ok().flatten();
            while !has_passed(begin, arm.now().await.ok().flatten(), span) {
                tokio::time::sleep(PRACTICE_LOOK).await;
            }
        });
        // Running into the bound means that the span has passed here.
        let _ = bounded.await;
    }
}

fn has_passed(begin: Option<Timestamp>, now: Option<Timestamp>, span: Duration) -> bool {
    match (begin, now) {
        (Some(begin), Some(now)) => {
            Duration::try_from(now.duration_since(begin)).is_ok_and(|passed| passed >= span)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn azure_is_asked_at_most_once_in_three_seconds() {
        let real = Pace::of(false);
        for asked in [None, Some(Duration::ZERO), Some(Duration::from_secs(5))] {
            assert!(real.next(asked) >= Duration::from_secs(6), "{asked:?}");
        }
        assert_eq!(real.next(Some(Duration::from_secs(15))).as_secs(), 15);
        assert_eq!(real.next(Some(Duration::from_mins(10))), MOST);
        assert_eq!(real.after_loss(20), MOST);
    }

    #[test]
    fn the_practice_cloud_is_asked_as_often_as_it_says() {
        let practice = Pace::of(true);
        let asked = Duration::from_millis(37);
        assert_eq!(practice.next(Some(asked)), asked);
        assert_eq!(practice.next(Some(Duration::ZERO)), PRACTICE_LEAST);
    }

    #[test]
    fn a_span_is_measured_by_the_cloud_s_own_clock() {
        let at = |second| Some(Timestamp::from_second(second).unwrap());
        let minute = Duration::from_mins(1);
        assert!(!has_passed(at(0), at(59), minute));
        assert!(has_passed(at(0), at(60), minute));
        assert!(!has_passed(at(60), at(0), minute));
        assert!(!has_passed(None, at(60), minute));
    }
}
