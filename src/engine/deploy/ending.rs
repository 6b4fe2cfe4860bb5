//! How `deploy` ends, but for success: left, cancelled, failed, or standing already.

use std::time::Duration;

use jiff::Timestamp;

use super::Run;
use crate::{
    domain::{environment::Phase, problem::Problem, progress::End},
    engine::{
        cancel,
        credentials::{Supply, for_preview, submission},
        event::{Left, Outcome, Stage, Stands, Stopped, stage},
        finish, inventory,
        survey::Survey,
    },
};

impl Run<'_> {
    /// The outcome when the person left or cancelled while no deployment was running.
    pub(super) async fn stopped_early(&self) -> Outcome {
        let (record, last) = (self.record.clone(), self.record.last_deployment());
        let last = last.map(str::to_owned);
        if !self.control.cancel.is_cancelled() {
            return self.left(last);
        }
        let kept = cancel::kept(self.context, &record.resource_group, &self.plan).await;
        Outcome::Cancelled(Box::new(Stopped {
            record,
            deployment: last,
            took: Duration::ZERO,
            problems: Vec::new(),
            kept,
        }))
    }

    pub(super) fn left(&self, deployment: Option<String>) -> Outcome {
        Outcome::Left(Box::new(Left { full_name: self.record.full_name.clone(), deployment }))
    }

    /// The outcome of a deployment that failed or was cancelled.
    pub(super) async fn stopped(
        &mut self,
        end: End,
        deployment: String,
        problems: Vec<Problem>,
        took: Duration,
    ) -> Result<Outcome, Problem> {
        let cancelled = end == End::Cancelled;
        let phase = if cancelled { Phase::Cancelled } else { Phase::Failed };
        finish::note_done(self.context, &mut self.record, phase, self.events);
        let kept = cancel::kept(self.context, &self.record.resource_group, &self.plan).await;
        let stopped = Box::new(Stopped {
            record: self.record.clone(),
            deployment: Some(deployment),
            took,
            problems: if cancelled { Vec::new() } else { problems },
            kept,
        });
        Ok(if cancelled { Outcome::Cancelled(stopped) } else { Outcome::Failed(stopped) })
    }

    /// Says what a further deployment would change, and changes nothing.
    pub(super) async fn report(
        &mut self,
        survey: &Survey,
        deployment: &str,
    ) -> Result<Outcome, Problem> {
        stage(self.events, Stage::Previewing);
        let supply = for_preview(self.context, &self.record, &self.plan).await?;
        // Another machine's record lacks it.
        if let (Supply::Untouched { user_name }, None) = (&supply, &self.record.user_name) {
            self.record.user_name = Some(user_name.clone());
        }
        let sent = submission(self.request.blueprint.template(), &self.plan, &supply);
        let group = self.record.resource_group.clone();
        let changes = self.context.arm.what_if(&group, "privateaml-preview", &sent).await?;
        stage(self.events, Stage::Checking);
        let problems = finish::differences(self.context, &self.plan).await?;
        self.record.phase = finish::standing(&problems);
        self.record.note_attempt(deployment, Timestamp::now());
        finish::told_if_lost(self.context.records.write(&self.record), self.events);
        let outputs = survey
            .deployment(deployment)
            .map(|found| finish::outputs(&found.outputs))
            .unwrap_or_default();
        Ok(Outcome::Stands(Box::new(Stands {
            credentials: finish::kept_at(self.context, &self.record).await,
            elsewhere: inventory::elsewhere(self.context, &self.plan).await,
            record: self.record.clone(),
            deployment: deployment.to_owned(),
            outputs,
            changes,
            problems,
        })))
    }
}
