//! Where a watched operation stands in time. What was shown as behind stays behind.

use jiff::Timestamp;

use super::Watch;
use crate::domain::operation::Ended;
use crate::domain::progress::{Course, Step, StepState};
use crate::template::duration::Durations;

impl Watch {
    /// Where it stands in time at a moment.
    pub(crate) fn course(&self, now: Timestamp, speed: f64) -> Course {
        let passed = self.carried(now, speed);
        let mut course = if self.operation.is_deployment() {
            Course::of(&self.steps, passed)
        } else {
            Course::of(&self.chain(), passed)
        };
        if matches!(self.ending(), Some(Ended::Done(_))) {
            course.share = 1.0;
        }
        course.share = course.share.max(self.reached);
        course
    }

    /// The steps of what is no deployment, one after the other, those included that are still to come. What was not
    /// needed is none.
    fn chain(&self) -> Vec<Step> {
        let spans = Durations::embedded().steps(self.operation.word());
        let (current, of) = self.act.unwrap_or((0, spans.len()));
        let mut chain: Vec<Step> = Vec::new();
        for number in 1..=of {
            let symbol = number.to_string();
            let begun = self.steps.iter().rfind(|step| step.symbol == symbol).cloned();
            if begun.is_none() && number <= current {
                continue;
            }
            let step = begun.unwrap_or_else(|| Step {
                state: StepState::Waiting { on: Vec::new() },
                ..self.act_step(number, String::new())
            });
            let depends_on = chain.last().map(|before| before.symbol.clone()).into_iter().collect();
            chain.push(Step { depends_on, ..step });
        }
        chain
    }

    /// A step that begins, of what is no deployment, with its usual time.
    pub(super) fn act_step(&self, number: usize, words: String) -> Step {
        let spans = Durations::embedded().steps(self.operation.word());
        let span = spans.get(number.saturating_sub(1));
        let (typical, slow) = span.map_or((0, 0), |span| (span.typical, span.slow));
        Step::act(number, words).lasting(typical, slow)
    }

    /// Keeps what is shown at a moment as the least that is shown from then on.
    pub(in crate::app) fn hold(&mut self, at: Timestamp, speed: f64) {
        self.reached = self.course(at, speed).share;
    }
}
