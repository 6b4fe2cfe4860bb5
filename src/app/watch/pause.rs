//! What keeps an operation waiting for a while, and which of its steps are sent again by themselves: told while it
//! lasts, and forgotten with the next that is heard.

use std::{collections::BTreeSet, time::Duration};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{RunState, Watch};
use crate::app::time::after;
use crate::domain::operation::{Event, Notice};
use crate::domain::problem::Problem;
use crate::domain::progress::{Step, StepState};
use crate::domain::words::duration;

/// A wait, by this machine's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum WatchPause {
    /// Azure asked this program to slow down.
    Throttled { until: Timestamp },
    /// A question to Azure got no answer, and is asked again.
    Asking { until: Timestamp },
    /// What failed is sent again.
    Resending { until: Timestamp },
}

impl Watch {
    /// A pause begins or is over: whatever is heard but a remark says that it goes on.
    pub(super) fn note_pause(&mut self, at: Timestamp, speed: f64, event: &Event) {
        self.pause = match event {
            Event::Notice(Notice::Throttled { wait }) => {
                Some(WatchPause::Throttled { until: after(at, *wait) })
            }
            Event::Notice(Notice::Repeating { wait, .. }) => {
                Some(WatchPause::Asking { until: after(at, *wait) })
            }
            Event::Retrying { wait, .. } => {
                // That pause is in Azure's time, which is faster in practice.
                let wait = wait.div_f64(speed.clamp(1.0, 1.0e4));
                Some(WatchPause::Resending { until: after(at, wait) })
            }
            Event::Notice(_) | Event::Detail(_) => self.pause,
            _ => None,
        };
    }

    /// What the reading of Azure waits for, in words; nothing once it goes on.
    pub(crate) fn waits(&self, now: Timestamp) -> Option<String> {
        match self.pause? {
            WatchPause::Throttled { until } if until > now => {
                Some(format!("Azure asks to wait, {} left", left(until, now)))
            }
            WatchPause::Asking { until } if until > now => {
                Some(format!("asked again in {}", left(until, now)))
            }
            _ => None,
        }
    }

    /// What is to be known of a step beside its state, in words: that it is sent again, or waits, or takes long.
    pub(crate) fn remark(&self, step: &Step, now: Timestamp) -> Option<String> {
        let is_repeated = self.repeated.contains(&step.id.to_lowercase());
        match &step.state {
            StepState::Failed(_) if self.state == RunState::Pausing => Some(match self.pause {
                Some(WatchPause::Resending { until }) if until > now => {
                    format!("retry in {}", left(until, now))
                }
                _ => "retrying".to_owned(),
            }),
            StepState::Running if step.is_act() => self.waits(now),
            StepState::Running | StepState::Waiting { .. } if is_repeated => {
                let slow = if step.is_slow() { ", slow" } else { "" };
                Some(format!("attempt {}{slow}", self.attempt.number))
            }
            StepState::Running if step.is_slow() => Some("slow".to_owned()),
            _ => None,
        }
    }
}

/// Whole seconds, counted up: what is left of one is one.
fn left(until: Timestamp, now: Timestamp) -> String {
    let left = Duration::try_from(until.duration_since(now)).unwrap_or_default();
    duration(Duration::from_secs(left.as_secs() + u64::from(left.subsec_nanos() > 0)))
}

/// The ids, in lower case, of the steps that have failed, and of what failed by Azure's words.
pub(super) fn repeated(steps: &[Step], because: &[Problem]) -> BTreeSet<String> {
    let failed = steps.iter().filter(|step| matches!(step.state, StepState::Failed(_)));
    let places = because.iter().flat_map(Problem::leaves).filter_map(|leaf| leaf.place.as_deref());
    failed.map(|step| step.id.as_str()).chain(places).map(str::to_lowercase).collect()
}
