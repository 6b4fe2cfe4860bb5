//! What `deploy` has to do, as a pure function of what exists: so that the same command can be given at any moment.

use crate::domain::environment::Phase;
use crate::domain::progress::DeploymentEnd;

/// What is there of the resource group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupState {
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
    pub end: Option<DeploymentEnd>,
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
pub fn decide(group: GroupState, sent: &[Sent], remembered: Option<Phase>) -> Decision {
    match group {
        GroupState::Foreign => Decision::Refuse,
        GroupState::BeingDeleted => Decision::AwaitRemoval,
        GroupState::Absent => Decision::Create {
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
        GroupState::Ours => {
            if let Some(running) = sent.iter().find(|each| each.end.is_none()) {
                return Decision::Follow(running.name.clone());
            }
            match sent.first() {
                None => Decision::Create { vanished: false },
                Some(newest) if newest.end == Some(DeploymentEnd::Succeeded) => {
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

    fn sent(name: &str, end: Option<DeploymentEnd>) -> Sent {
        Sent { name: name.into(), end }
    }

    #[test]
    fn every_situation_has_its_answer() {
        let failed = || sent("d1", Some(DeploymentEnd::Failed));
        let cancelled = || sent("d1", Some(DeploymentEnd::Cancelled));
        let made = || sent("d2", Some(DeploymentEnd::Succeeded));
        let running = || sent("d3", None);
        let create = |vanished| Decision::Create { vanished };
        let rows = [
            (GroupState::Absent, vec![], None, create(false)),
            (GroupState::Absent, vec![], Some(Phase::Preparing), create(false)),
            (GroupState::Absent, vec![], Some(Phase::Deleting), create(false)),
            (GroupState::Absent, vec![], Some(Phase::Ready), create(true)),
            (GroupState::Absent, vec![], Some(Phase::Deploying), create(true)),
            (GroupState::Foreign, vec![running()], None, Decision::Refuse),
            (GroupState::BeingDeleted, vec![made()], Some(Phase::Ready), Decision::AwaitRemoval),
            (GroupState::Ours, vec![], Some(Phase::Submitted), create(false)),
            (GroupState::Ours, vec![failed()], None, Decision::Retry),
            (GroupState::Ours, vec![cancelled(), made()], None, Decision::Retry),
            (
                GroupState::Ours,
                vec![made(), failed()],
                Some(Phase::Failed),
                Decision::Report("d2".into()),
            ),
            (GroupState::Ours, vec![failed(), running()], None, Decision::Follow("d3".into())),
            (
                GroupState::Ours,
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
