//! The single steps of a removal: what must go before the group does, each by its own rules.
//!
//! Each step takes what is there and leaves out what is gone already. Nothing here decides the order.

use serde_json::Value;

use super::{STEPS, of_type};
use crate::domain::problem::Problem;
use crate::{
    azure::{arm::ResourceSummary, catalog::DeletedVault},
    domain::{environment::remains::Remain, plan::Plan},
    engine::{
        Context,
        act::Act,
        event::{Notice, notice},
        work::{Change, Work},
    },
};

const WORKSPACE: &str = "Microsoft.MachineLearningServices/workspaces";
const LEARNING: &str = "2025-12-01";
const ENDPOINT: &str = "Microsoft.Network/privateEndpoints";
const NETWORK: &str = "2025-05-01";
const LOGS: &str = "Microsoft.OperationalInsights/workspaces";
const LOGS_VERSION: &str = "2025-07-01";
const VAULT: &str = "Microsoft.KeyVault/vaults";
const VAULT_VERSION: &str = "2026-02-01";
const SETTING: &str = "Microsoft.Insights/diagnosticSettings";
const SETTING_VERSION: &str = "2021-05-01-preview";

fn delete(id: String, version: &str) -> Change {
    Change::Delete {
        id,
        version: version.to_owned(),
    }
}

/// Deletes the computes of all workspaces and waits: their network cards hold the subnet, and live outside the group.
pub(super) async fn computes(work: Work<'_>, resources: &[ResourceSummary]) -> Result<(), Problem> {
    let mut changes = Vec::new();
    for workspace in of_type(resources, WORKSPACE) {
        let path = format!("{}/computes", workspace.id);
        let listed = match work.context.arm.resources_at(&path, LEARNING).await {
            Ok(listed) => listed,
            Err(problem) if is_missing(&problem) => Vec::new(),
            Err(problem) => return Err(problem),
        };
        let ids = listed
            .iter()
            .filter_map(|compute| compute.get("id").and_then(Value::as_str));
        changes.extend(
            ids.map(|id| delete(format!("{id}?underlyingResourceAction=Delete"), LEARNING)),
        );
    }
    if changes.is_empty() {
        return Ok(());
    }
    let count = changes.len();
    work.step(Act::DeletingComputes { count }, 2, STEPS);
    work.carry_all(&changes, "compute").await
}

fn is_missing(problem: &Problem) -> bool {
    matches!(
        problem.code.as_str(),
        "ResourceNotFound" | "NotFound" | "ParentResourceNotFound"
    )
}

/// Deletes the diagnostic settings that the template makes: they outlive what they are on, and come back with it. That
/// one of them cannot be deleted stops nothing.
pub(super) async fn diagnostics(work: Work<'_>, plan: &Plan) {
    let settings: Vec<Change> = plan
        .resources
        .iter()
        .filter(|resource| resource.resource_type.eq_ignore_ascii_case(SETTING))
        .map(|resource| delete(resource.id.clone(), SETTING_VERSION))
        .collect();
    let count = settings.len();
    if count == 0 {
        return;
    }
    work.step(Act::DeletingDiagnostics { count }, 4, STEPS);
    for setting in &settings {
        if let Err(problem) = work.carry(setting).await {
            notice(work.events, Notice::Minor(Box::new(problem)));
        }
    }
}

/// Deletes workspaces for good: what is only deleted is kept for 14 days and keeps its name
/// (<https://learn.microsoft.com/azure/machine-learning/concept-soft-delete>).
pub(super) async fn workspaces(
    work: Work<'_>,
    resources: &[ResourceSummary],
) -> Result<(), Problem> {
    for workspace in of_type(resources, WORKSPACE) {
        let name = workspace.name.clone();
        work.step(Act::PurgingWorkspace { name }, 5, STEPS);
        let purge = delete(format!("{}?forceToPurge=true", workspace.id), LEARNING);
        work.carry(&purge).await?;
    }
    Ok(())
}

/// Deletes private endpoints and waits: their network cards cannot be detached by anything else.
pub(super) async fn endpoints(
    work: Work<'_>,
    resources: &[ResourceSummary],
) -> Result<(), Problem> {
    let changes: Vec<Change> = of_type(resources, ENDPOINT)
        .map(|endpoint| delete(endpoint.id.clone(), NETWORK))
        .collect();
    if changes.is_empty() {
        return Ok(());
    }
    let count = changes.len();
    work.step(Act::DeletingEndpoints { count }, 6, STEPS);
    work.carry_all(&changes, "private endpoint").await
}

/// Deletes log workspaces for good (`force`, reference of `Workspaces - Delete`).
pub(super) async fn logs(work: Work<'_>, resources: &[ResourceSummary]) -> Result<(), Problem> {
    for workspace in of_type(resources, LOGS) {
        let name = workspace.name.clone();
        work.step(Act::PurgingLogs { name }, 7, STEPS);
        let purge = delete(format!("{}?force=true", workspace.id), LOGS_VERSION);
        work.carry(&purge).await?;
    }
    Ok(())
}

/// Deletes vaults.
pub(super) async fn vaults(work: Work<'_>, resources: &[ResourceSummary]) -> Result<(), Problem> {
    for vault in of_type(resources, VAULT) {
        let name = vault.name.clone();
        work.step(Act::DeletingVault { name }, 8, STEPS);
        work.carry(&delete(vault.id.clone(), VAULT_VERSION)).await?;
    }
    Ok(())
}

/// Purges the group's deleted vaults where that is allowed. What cannot be purged is told with what remains.
pub(super) async fn purge_vaults(work: Work<'_>, group: &str) {
    for vault in deleted_vaults(work.context, group).await {
        if vault.protected {
            continue;
        }
        let purged = match work.context.arm.purge_vault(&vault).await {
            Ok(started) => work.follow(started).await.map(drop),
            Err(problem) => Err(problem),
        };
        if let Err(problem) = purged {
            notice(work.events, Notice::Minor(Box::new(problem)));
        }
    }
}

/// The names that Azure keeps of a group's deleted resources, as far as it tells.
pub(super) async fn kept_by_azure(context: &Context, group: &str) -> Vec<Remain> {
    let vaults = deleted_vaults(context, group).await.into_iter();
    let mut kept: Vec<Remain> = vaults
        .map(|vault| Remain::Vault {
            name: vault.name,
            free_from: vault
                .purged
                .map(|date| date.to_string())
                .unwrap_or_default(),
        })
        .collect();
    let logs = context.arm.deleted_log_workspaces(group).await;
    kept.extend(
        logs.unwrap_or_default()
            .into_iter()
            .map(|name| Remain::Logs { name }),
    );
    kept
}

async fn deleted_vaults(context: &Context, group: &str) -> Vec<DeletedVault> {
    let ours = format!("/resourcegroups/{}/", group.to_lowercase());
    // Whoever may not list them learns nothing of them; nothing else depends on it.
    let mut listed = context.arm.deleted_vaults().await.unwrap_or_default();
    listed.retain(|vault| vault.vault_id.to_lowercase().contains(&ours));
    listed
}
