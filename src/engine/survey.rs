//! What Azure has of an environment: its group and its deployments. Reads only.

use super::{
    Context,
    decide::{Group, Sent},
};
use crate::{
    azure::arm::{Deployment, ResourceGroup},
    domain::{
        environment::{is_own_deployment, tags},
        problem::Problem,
        progress::End,
    },
};

/// What was found.
#[derive(Debug)]
pub(super) struct Survey {
    pub group: Group,
    pub resource_group: Option<ResourceGroup>,
    /// Deployments of this environment, newest first.
    pub deployments: Vec<Deployment>,
}

impl Survey {
    /// Looks for an environment. `remembered` is the deployment that the record names last: it is asked for by name,
    /// because the list may not have it yet.
    pub(super) async fn read(
        context: &Context,
        group: &str,
        full_name: &str,
        remembered: Option<&str>,
    ) -> Result<Self, Problem> {
        let Some(found) = context.arm.resource_group(group).await? else {
            return Ok(Self {
                group: Group::Absent,
                resource_group: None,
                deployments: Vec::new(),
            });
        };
        if found.state() == "Deleting" {
            return Ok(Self {
                group: Group::BeingDeleted,
                resource_group: Some(found),
                deployments: Vec::new(),
            });
        }
        let mut deployments = context.arm.deployments(group).await?;
        deployments.retain(|each| is_own_deployment(full_name, &each.name));
        if let Some(name) = remembered
            && !deployments.iter().any(|each| each.name == name)
            && let Some(late) = context.arm.deployment(group, name).await?
        {
            deployments.insert(0, late);
        }
        let ours = !deployments.is_empty() || is_marked(&found, full_name);
        Ok(Self {
            group: if ours { Group::Ours } else { Group::Foreign },
            resource_group: Some(found),
            deployments,
        })
    }

    /// The deployments as `decide` wants them.
    pub(super) fn sent(&self) -> Vec<Sent> {
        self.deployments
            .iter()
            .map(|each| Sent {
                name: each.name.clone(),
                end: End::of(&each.state),
            })
            .collect()
    }

    /// The deployment of a name.
    pub(super) fn deployment(&self, name: &str) -> Option<&Deployment> {
        self.deployments.iter().find(|each| each.name == name)
    }
}

/// True when the group's tags name this environment.
fn is_marked(group: &ResourceGroup, full_name: &str) -> bool {
    matches!(
        tags::from_tags(&group.location, &group.tags),
        Some(Ok(found)) if found.settings.full_name() == full_name
    )
}

/// The refusal to touch a group that belongs to something else.
pub(super) fn foreign(group: &str) -> Problem {
    Problem::new(
        "ResourceGroupInUse",
        "A resource group of this name exists and is not this environment's.",
        "Choose another --suffix or --resource-group: an environment has a group of its own, which is deleted with it.",
    )
    .at(group.to_owned())
}

/// The refusal to work in a group that is being removed.
pub(super) fn being_deleted(group: &str) -> Problem {
    Problem::new(
        "ResourceGroupBeingDeleted",
        "The resource group is still being deleted.",
        "Wait for the end (`privateaml status`), or choose another --suffix.",
    )
    .at(group.to_owned())
}
