//! The intent of an act of several steps, kept as a tag of the resource group: set first, removed last.
//!
//! It must not be the reason why an act fails that has done its work: that the tag cannot be removed is told only.

use std::collections::BTreeMap;

use super::survey::Survey;
use super::work::Work;
use crate::azure::arm::Started;
use crate::domain::environment::intent::{INTENT, Intent};
use crate::domain::operation::Notice;
use crate::domain::problem::{Problem, Result, Retry};

impl Survey {
    /// What was begun and not finished, by the group's tag.
    pub(super) fn intent(&self) -> Option<Intent> {
        Intent::of(&self.resource_group.as_ref()?.tags)
    }

    /// The act that was begun and not finished, here or elsewhere, as something to be mended.
    pub(super) fn interrupted(&self, full_name: &str) -> Option<Problem> {
        let word = self.intent()?.word();
        Some(
            Problem::new(
                "ActUnfinished",
                format!(
                    "Somebody has started to {word} this environment, and that is not finished."
                ),
                format!("If nobody is at it just now, finish it: privateaml {word} {full_name}"),
            )
            .at(self.resource_group.as_ref()?.name.clone())
            .retry(Retry::AfterChange),
        )
    }
}

/// Notes what is begun, in place of any earlier intent.
pub(super) async fn set(work: Work<'_>, group: &str, intent: Intent) -> Result<()> {
    change(work, group, intent, true).await
}

/// Notes that it is done.
pub(super) async fn clear(work: Work<'_>, group: &str, intent: Intent) {
    if let Err(problem) = change(work, group, intent, false).await {
        work.events.notice(Notice::Minor(Box::new(problem)));
    }
}

async fn change(work: Work<'_>, group: &str, intent: Intent, on: bool) -> Result<()> {
    let tags = BTreeMap::from([(INTENT.to_owned(), intent.word().to_owned())]);
    let arm = &work.context.arm;
    let mut tries = 0;
    loop {
        let sent: Result<Started> = if on {
            arm.merge_tags(group, &tags).await
        } else {
            arm.remove_tags(group, &tags).await
        };
        let ended = match sent {
            Ok(started) => work.follow(started).await,
            Err(problem) => Err(problem),
        };
        match ended {
            Ok(_) => return Ok(()),
            Err(problem) => work.backoff_or_fail(problem, &mut tries).await?,
        }
    }
}
