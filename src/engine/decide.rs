//! What `deploy` has to do, as a pure function of what exists: so that the same command can be given at any moment.

use crate::domain::{environment::Phase, progress::End};

/// What is there of the resource group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Nothing.
    Absent,
    /// The environment's group.
    Ours,
    /// A group of that name which is not this environment's.
    Foreign,
    /// It is being removed.
    BeingDeleted,
}

/// A deployment of this environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Its name.
    pub name: String,
    /// How it ended; `None` while it runs.
    pub end: Option<End>,
}

/// What `deploy` has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Make the environment: no deployment of it has been sent.
    Create {
        /// The record knows one that Azure does not have any more.
        vanished: bool,
    },
    /// Follow the deployment that runs.
    Follow(String),
    /// Send a further deployment: the last one failed or was cancelled.
    Retry,
    /// Say what a further deployment would change: the environment stands.
    Report(String),
    /// Nothing before the removal of the group has ended.
    AwaitRemoval,
    /// Nothing: the group belongs to something else.
    Refuse,
}

/// Decides. `sent` are the environment's deployments, newest first; `remembered` is the phase of the record.
pub fn decide(group: Group, sent: &[Sent], remembered: Option<Phase>) -> Decision {
    match group {
        Group::Foreign => Decision::Refuse,
        Group::BeingDeleted => Decision::AwaitRemoval,
        Group::Absent => Decision::Create {
            vanished: matches!(
                remembered,
                Some(
                    Phase::Submitted
                        | Phase::Deploying
                        | Phase::Ready
                        | Phase::Failed
                        | Phase::Cancelled
                )
            ),
        },
        Group::Ours => {
            if let Some(running) = sent.iter().find(|each| each.end.is_none()) {
                return Decision::Follow(running.name.clone());
            }
            match sent.first() {
                None => Decision::Create { vanished: false },
                Some(newest) if newest.end == Some(End::Succeeded) => {
                    Decision::Report(newest.name.clone())
                }
                Some(_) => Decision::Retry,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(name: &str, end: Option<End>) -> Sent {
        Sent { name: name.into(), end }
    }

    #[test]
    fn every_situation_has_its_answer() {
        let failed = || sent("d1", Some(End::Failed));
        let cancelled = || sent("d1", Some(End::Cancelled));
        let made = || sent("d2", Some(End::Succeeded));
        let running = || sent("d3", None);
        let create = |vanished| Decision::Create { vanished };
        let rows = [
            (Group::Absent, vec![], None, create(false)),
            (Group::Absent, vec![], Some(Phase::Preparing), create(false)),
            (Group::Absent, vec![], Some(Phase::Deleting), create(false)),
            (Group::Absent, vec![], Some(Phase::Ready), create(true)),
            (Group::Absent, vec![], Some(Phase::Deploying), create(true)),
            (Group::Foreign, vec![running()], None, Decision::Refuse),
            (Group::BeingDeleted, vec![made()], Some(Phase::Ready), Decision::AwaitRemoval),
            (Group::Ours, vec![], Some(Phase::Submitted), create(false)),
            (Group::Ours, vec![failed()], None, Decision::Retry),
            (Group::Ours, vec![cancelled(), made()], None, Decision::Retry),
            (
                Group::Ours,
                vec![made(), failed()],
                Some(Phase::Failed),
                Decision::Report("d2".into()),
            ),
            (Group::Ours, vec![failed(), running()], None, Decision::Follow("d3".into())),
            (
                Group::Ours,
                vec![running(), failed()],
                Some(Phase::Ready),
                Decision::Follow("d3".into()),
            ),
        ];
        for (group, sent, remembered, expected) in rows {
            let decision = decide(group, &sent, remembered);
            assert_eq!(decision, expected, "{group:?} {sent:?} {remembered:?}");
        }
    }
}
