//! What the engine reports while it works, as lines for people and as JSON lines.
//!
//! One line per thing that happened, a sign of life every half minute, nothing redrawn. It must not decide anything,
//! and it is given no secrets to show.

use std::time::{Duration, Instant};

use serde_json::json;

use super::{act, output::Output};
use crate::{
    domain::{
        peering::NewHub,
        plan::Plan,
        problem::Problem,
        progress::{Change, Step, StepState},
        sentences::cost_sentence,
        words::{self, count},
    },
    engine::{Event, HttpNotice, Notice, Snapshot, Stage, act::Act},
};

/// Time without a line after which a sign of life is given.
const HEARTBEAT: Duration = Duration::from_secs(30);
/// Usual duration from which a single resource is worth a line of its own, in seconds.
const WORTH_A_LINE: u32 = 60;

/// Tells one run.
#[derive(Debug)]
pub struct Narrator {
    output: Output,
    practice: bool,
    spoken: Instant,
    told_areas: Vec<String>,
}

impl Narrator {
    /// A narrator for a run on Azure or on the practice cloud.
    #[must_use]
    pub fn new(output: Output, practice: bool) -> Self {
        Self { output, practice, spoken: Instant::now(), told_areas: Vec::new() }
    }

    /// Tells one event.
    pub fn tell(&mut self, event: &Event) {
        match event {
            Event::Stage(stage) => self.line(&stage_words(stage)),
            Event::Planned(plan) => self.planned(plan),
            Event::CredentialsKept { place } => {
                self.line(&format!("The jumpbox credentials are in {place}, and were read back."));
                self.output.event("credentials_kept", json!({ "place": place }));
            }
            Event::KeyKept { place } => {
                self.line(&format!("The shared key is in {place}, and was read back."));
                self.output.event("key_kept", json!({ "place": place }));
            }
            Event::HubStarted { hub, deployment, found } => {
                self.hub_started(hub, deployment, *found);
            }
            Event::Started { record, deployment, found } => {
                let words = if *found { "is under way already" } else { "was accepted" };
                self.line(&format!(
                    "Deployment {deployment} {words}. Safe to close: it goes on without this window."
                ));
                self.told_areas.clear();
                self.output.event(
                    "started",
                    json!({
                        "full_name": record.full_name,
                        "name": record.settings.name,
                        "suffix": record.settings.suffix,
                        "region": record.settings.region,
                        "resource_group": record.resource_group,
                        "subscription": record.subscription_id,
                        "deployment": deployment,
                        "found": found,
                        "practice": self.practice,
                    }),
                );
            }
            Event::Steps { changes, snapshot } => self.steps(changes, snapshot),
            Event::Retrying { attempt, wait, because } => self.retrying(*attempt, *wait, because),
            Event::Act { act, number, of } => self.act(act, *number, *of),
            Event::Detail(text) => self.line(text),
            Event::Deleting { left } => {
                self.line(&format!("{} left.", count(*left, "resource")));
                self.output.event("deleting", json!({ "left": left }));
            }
            Event::Notice(notice) => self.notice(notice),
        }
    }

    fn hub_started(&mut self, hub: &NewHub, deployment: &str, found: bool) {
        let words = if found { "is under way already" } else { "was accepted" };
        self.line(&format!(
            "Deployment {deployment} {words}. Safe to close: it goes on without this window."
        ));
        self.told_areas.clear();
        self.output.event(
            "started",
            json!({
                "hub": hub.name,
                "region": hub.region,
                "resource_group": hub.name.resource_group(),
                "deployment": deployment,
                "found": found,
                "practice": self.practice,
            }),
        );
    }

    fn act(&mut self, act: &Act, number: usize, of: usize) {
        let words = act::words(act);
        self.line(&format!("{number} of {of}: {words}"));
        self.output.event("act", json!({ "act": act, "number": number, "of": of, "text": words }));
    }

    fn line(&mut self, text: &str) {
        self.spoken = Instant::now();
        let now = jiff::ZonedDateTime::now().strftime("%H:%M:%S");
        self.output.hanging(&format!("{now}  "), text);
    }

    fn planned(&mut self, plan: &Plan) {
        self.line(&format!(
            "{}{} in {}: {}, usually {}.",
            plan.name,
            plan.suffix,
            plan.region,
            count(plan.resources.len(), "resource"),
            words::duration(Duration::from_secs(plan.critical_seconds.into())),
        ));
    }

    fn retrying(&mut self, attempt: u32, wait: Duration, because: &[Problem]) {
        let first = because.first();
        let why = first.map_or_else(String::new, |problem| format!("{} ", problem.what));
        self.line(&format!(
            "{why}This passes by itself as a rule: attempt {} follows in {}, and only what is missing is made.",
            attempt + 1,
            words::duration(wait)
        ));
        self.output.event(
            "retry",
            json!({ "attempt": attempt, "wait_seconds": wait.as_secs_f64(), "because": because }),
        );
    }

    fn notice(&mut self, notice: &Notice) {
        let Some(text) = notice_words(notice) else {
            return;
        };
        self.line(&text);
        self.output.event("notice", json!({ "text": text }));
    }

    fn steps(&mut self, changes: &[Change], snapshot: &Snapshot) {
        for change in changes {
            if let Some(step) = find(snapshot, &change.symbol) {
                self.step(step);
            }
        }
        self.areas(snapshot);
        if self.spoken.elapsed() >= HEARTBEAT {
            self.heartbeat(snapshot);
        }
    }

    fn step(&mut self, step: &Step) {
        self.output.event(
            "step",
            json!({
                "symbol": step.symbol,
                "state": step.state.word(),
                "type": step.resource_type,
                "name": step.name,
                "area": step.area,
                "seconds": step.elapsed.map(|elapsed| elapsed.as_secs_f64()),
                "planned": step.planned,
            }),
        );
        let took = words::duration(step.elapsed.unwrap_or_default());
        let what = if step.description.is_empty() {
            step.resource_type.rsplit('/').next().unwrap_or_default()
        } else {
            &step.description
        };
        match &step.state {
            StepState::Running if step.usual_seconds >= WORTH_A_LINE => self.line(&format!(
                "{} begun ({what}), usually {}.",
                step.name,
                words::duration(Duration::from_secs(step.usual_seconds.into()))
            )),
            StepState::Done if step.usual_seconds >= WORTH_A_LINE => {
                self.line(&format!("{} done after {took}.", step.name));
            }
            StepState::Done if !step.planned => {
                self.line(&format!("{} done; the plan did not name it.", step.name));
            }
            StepState::Failed(problem) => {
                self.line(&format!("{} failed: {}", step.name, problem.what));
            }
            StepState::Cancelled => self.line(&format!("{} cancelled.", step.name)),
            _ => {}
        }
    }

    /// A line for each area whose resources have all been made.
    fn areas(&mut self, snapshot: &Snapshot) {
        let steps = snapshot.progress.steps();
        let mut areas: Vec<&str> = steps.iter().map(|step| step.area.as_str()).collect();
        areas.sort_unstable();
        areas.dedup();
        for area in areas {
            let members = || steps.iter().filter(|step| step.area == area);
            let told = self.told_areas.iter().any(|told| told == area);
            if area.is_empty() || told || !members().all(Step::is_done) {
                continue;
            }
            self.told_areas.push(area.to_owned());
            self.line(&format!(
                "{area}: {} done; {} of {} in all.",
                count(members().count(), "resource"),
                snapshot.counts.done,
                snapshot.counts.total
            ));
        }
    }

    fn heartbeat(&mut self, snapshot: &Snapshot) {
        let working = snapshot.running.first().map_or_else(String::new, |step| {
            let slow = if step.is_slow() { ", longer than most" } else { "" };
            format!(
                " Working on {} for {}, usually {}{slow}.",
                step.name,
                words::duration(step.elapsed.unwrap_or_default()),
                words::duration(Duration::from_secs(step.usual_seconds.into()))
            )
        });
        self.line(&format!(
            "{} of {} done after {}.{working}",
            snapshot.counts.done,
            snapshot.counts.total,
            words::duration(snapshot.elapsed)
        ));
    }
}

fn find<'a>(snapshot: &'a Snapshot, symbol: &str) -> Option<&'a Step> {
    snapshot.progress.steps().iter().find(|step| step.symbol == symbol)
}

/// The words for a stage.
#[must_use]
pub fn stage_words(stage: &Stage) -> String {
    match stage {
        Stage::TryingStore => "Trying whether the credentials can be kept.".into(),
        Stage::Looking => "Looking at what exists.".into(),
        Stage::Registering(names) => {
            format!("Registering the subscription for {} (once, a few minutes).", names.join(", "))
        }
        Stage::CheckingRights => "Asking what this account may do.".into(),
        Stage::MakingGroup(name) => format!("Making resource group {name}."),
        Stage::Validating => "Azure checks the deployment.".into(),
        Stage::KeepingCredentials => "Making the jumpbox credentials.".into(),
        Stage::KeepingKey => "Keeping the shared key.".into(),
        Stage::Submitting => "Sending the deployment.".into(),
        Stage::Cancelling => "Cancelling; what has begun ends first.".into(),
        Stage::Checking => "Comparing what was made with what must be.".into(),
        Stage::Previewing => "Asking what a new deployment would change.".into(),
        Stage::Deleting(name) => format!("Deleting resource group {name} with everything in it."),
    }
}

/// The words for what the HTTP layer tells; nothing for what nobody needs to know.
#[must_use]
pub fn http_words(notice: &HttpNotice) -> Option<String> {
    match notice {
        HttpNotice::Throttled { wait } => {
            Some(format!("Asked to slow down; waiting {}.", pause(*wait)))
        }
        HttpNotice::Retrying { attempt, why, wait } => {
            Some(format!("{why}; attempt {attempt} follows in {}.", pause(*wait)))
        }
        HttpNotice::Reconnected => Some("The connection works again.".into()),
        HttpNotice::TokenRefreshed => None,
    }
}

/// A pause in words; one too short to count in seconds is no "0s".
fn pause(wait: Duration) -> String {
    if wait < Duration::from_secs(1) { "a moment".into() } else { words::duration(wait) }
}

/// The words for a notice; nothing for what nobody needs to know.
#[must_use]
pub fn notice_words(notice: &Notice) -> Option<String> {
    Some(match notice {
        Notice::Http(notice) => return http_words(notice),
        Notice::StillTrying(problem) => format!(
            "{} Trying on; what Azure works on goes on meanwhile.",
            problem.what
        ),
        Notice::Reconnected => "The connection works again.".into(),
        Notice::AnotherWindow => {
            "Another window prepares the same environment; waiting for it.".into()
        }
        Notice::Vanished => {
            "The environment was made before and is gone now; it is made anew.".into()
        }
        Notice::SettingsKept => {
            "The running deployment keeps its own settings; the ones given now are not used.".into()
        }
        Notice::KeyBased => "This account cannot assign roles: the workspace reaches its data by the storage account's \
                             key instead of by identities."
            .into(),
        Notice::RightsUnclear(actions) => format!(
            "It could not be told whether this account may do everything ({}); Azure will say.",
            actions.join(", ")
        ),
        Notice::PasswordUntouched => {
            "The jumpbox exists and keeps its password, which is not known on this machine.".into()
        }
        Notice::Waiting(problem) => format!("{} Waiting for it.", problem.what),
        Notice::Minor(problem) => format!("{} {}", problem.what, problem.advice),
    })
}

/// One sentence on what exists and what it costs to keep.
#[must_use]
pub fn kept_words(kept: &crate::engine::Kept) -> String {
    let number = match &kept.resources {
        Ok(resources) if resources.is_empty() => {
            return "Nothing exists, so nothing costs anything.".into();
        }
        Ok(resources) => resources.len(),
        Err(problem) => {
            return format!(
                "What exists could not be read, so it is not known what it costs. {} {}",
                problem.what, problem.advice
            );
        }
    };
    let cost = kept
        .cost
        .as_ref()
        .map_or_else(String::new, |estimate| format!(" {}", cost_sentence(estimate)));
    format!("{} exist.{cost}", count(number, "resource"))
}

#[cfg(test)]
#[path = "narrate_tests.rs"]
mod tests;
