//! The single steps of a removal: what must go before the group does, each by its own rules.
//!
//! Each step takes what is there and leaves out what is gone already. Nothing here decides the order.

use serde_json::Value;

use super::{STEPS, of_type};
use crate::azure::arm::ResourceSummary;
use crate::azure::catalog::DeletedVault;
use crate::domain::environment::remains::Remain;
use crate::domain::operation::{Notice, OperationStep};
use crate::domain::peering::az::AzCommand;
use crate::domain::plan::Plan;
use crate::domain::problem::{Problem, Result};
use crate::domain::resource;
use crate::engine::Context;
use crate::engine::work::{ResourceChange, Work};

fn delete(id: String) -> ResourceChange {
    ResourceChange::Delete { id }
}

/// Deletes the computes of all workspaces and waits: their network cards hold the subnet, and live outside the group.
pub(super) async fn computes(work: Work<'_>, resources: &[ResourceSummary]) -> Result<()> {
    let mut changes = Vec::new();
    for workspace in of_type(resources, resource::WORKSPACE) {
        let path = format!("{}/computes", workspace.id);
        let listed = work.context.arm.resource_list(&path).await?;
        let ids =
            listed.iter().flatten().filter_map(|compute| compute.get("id").and_then(Value::as_str));
        changes.extend(ids.map(|id| delete(format!("{id}?underlyingResourceAction=Delete"))));
    }
    if changes.is_empty() {
        return Ok(());
    }
    let count = changes.len();
    work.step(OperationStep::DeletingComputes { count }, 2, STEPS);
    work.run_all(&changes, "compute").await
}

/// Deletes the diagnostic settings that the template makes: they outlive what they are on, and come back with it. That
/// one of them cannot be deleted stops nothing.
pub(super) async fn diagnostics(work: Work<'_>, plan: &Plan) {
    let settings: Vec<ResourceChange> = plan
        .resources
        .iter()
        .filter(|resource| resource.resource_type.eq_ignore_ascii_case(resource::DIAGNOSTICS))
        .map(|resource| delete(resource.id.clone()))
        .collect();
    let count = settings.len();
    if count == 0 {
        return;
    }
    work.step(OperationStep::DeletingDiagnostics { count }, 4, STEPS);
    for setting in &settings {
        if let Err(problem) = work.run_to_completion(setting).await {
            work.events.notice(Notice::Minor(Box::new(problem)));
        }
    }
}

/// Deletes workspaces for good: what is only deleted is kept for 14 days and keeps its name
/// (<https://learn.microsoft.com/azure/machine-learning/concept-soft-delete>). One that cannot be purged goes with the
/// group, and is told.
pub(super) async fn workspaces(work: Work<'_>, resources: &[ResourceSummary]) -> Vec<Remain> {
    let mut kept = Vec::new();
    for workspace in of_type(resources, resource::WORKSPACE) {
        let name = workspace.name.clone();
        work.step(OperationStep::PurgingWorkspace { name: name.clone() }, 5, STEPS);
        let purge = delete(format!("{}?forceToPurge=true", workspace.id));
        if let Err(problem) = work.run_to_completion(&purge).await {
            work.events.notice(Notice::Minor(Box::new(problem)));
            kept.push(Remain::Workspace { name });
        }
    }
    kept
}

/// Deletes private endpoints and waits: their network cards cannot be detached by anything else.
pub(super) async fn endpoints(work: Work<'_>, resources: &[ResourceSummary]) -> Result<()> {
    let changes: Vec<ResourceChange> = of_type(resources, resource::PRIVATE_ENDPOINT)
        .map(|endpoint| delete(endpoint.id.clone()))
        .collect();
    if changes.is_empty() {
        return Ok(());
    }
    let count = changes.len();
    work.step(OperationStep::DeletingEndpoints { count }, 6, STEPS);
    work.run_all(&changes, "private endpoint").await
}

/// Takes log stores out of the private link scope, one after the other: what a scope names cannot be deleted
/// (<https://learn.microsoft.com/azure/azure-monitor/logs/private-link-configure>).
pub(super) async fn scopes(work: Work<'_>, resources: &[ResourceSummary]) -> Result<()> {
    for scope in of_type(resources, resource::LINK_SCOPE) {
        let path = format!("{}/scopedResources", scope.id);
        let listed = work.context.arm.resource_list(&path).await?;
        let listed = listed.unwrap_or_default();
        let connections =
            listed.iter().filter_map(|connection| connection.get("id").and_then(Value::as_str));
        let changes: Vec<ResourceChange> = connections.map(|id| delete(id.to_owned())).collect();
        if !changes.is_empty() {
            let name = scope.name.clone();
            work.step(OperationStep::EmptyingScope { name }, 7, STEPS);
        }
        for change in &changes {
            work.run_to_completion(change).await?;
        }
    }
    Ok(())
}

/// Deletes log workspaces for good (`force`, reference of `Workspaces - Delete`). One that cannot be purged goes with
/// the group, and is told.
pub(super) async fn logs(work: Work<'_>, resources: &[ResourceSummary]) -> Vec<Remain> {
    let mut kept = Vec::new();
    for workspace in of_type(resources, resource::LOGS) {
        let name = workspace.name.clone();
        work.step(OperationStep::PurgingLogs { name: name.clone() }, 8, STEPS);
        let purge = delete(format!("{}?force=true", workspace.id));
        if let Err(problem) = work.run_to_completion(&purge).await {
            work.events.notice(Notice::Minor(Box::new(problem)));
            kept.push(Remain::Logs { name });
        }
    }
    kept
}

/// Deletes vaults.
pub(super) async fn vaults(work: Work<'_>, resources: &[ResourceSummary]) -> Result<()> {
    for vault in of_type(resources, resource::VAULT) {
        let name = vault.name.clone();
        work.step(OperationStep::DeletingVault { name }, 9, STEPS);
        work.run_to_completion(&delete(vault.id.clone())).await?;
    }
    Ok(())
}

/// Purges the group's deleted vaults where that is allowed. What cannot be purged is told with what remains.
pub(super) async fn purge_vaults(work: Work<'_>, group: &str) {
    // What cannot be listed is told with what remains.
    for vault in deleted_vaults(work.context, group).await.unwrap_or_default() {
        if vault.protected {
            continue;
        }
        let purged = match work.context.arm.purge_vault(&vault).await {
            Ok(started) => work.follow(started).await.map(drop),
            Err(problem) => Err(problem),
        };
        if let Err(problem) = purged {
            work.events.notice(Notice::Minor(Box::new(problem)));
        }
    }
}

/// The names that Azure keeps of a group's deleted resources, as far as it tells.
pub(super) async fn kept_by_azure(context: &Context, group: &str) -> Vec<Remain> {
    let mut kept = Vec::new();
    match deleted_vaults(context, group).await {
        Ok(vaults) => kept.extend(vaults.into_iter().map(|vault| Remain::Vault {
            name: vault.name,
            free_from: vault.purged.map(|date| date.to_string()).unwrap_or_default(),
        })),
        Err(problem) => kept.push(unread(context, "deleted key vaults", problem, "keyvault")),
    }
    match context.arm.deleted_log_workspaces(group).await {
        Ok(names) => kept.extend(names.into_iter().map(|name| Remain::Logs { name })),
        Err(problem) => {
            let list = "monitor log-analytics workspace";
            kept.push(unread(context, "deleted log workspaces", problem, list));
        }
    }
    kept
}

/// Whoever may not list what Azure keeps learns nothing of it; that is told, with the way to look.
fn unread(context: &Context, what: &str, problem: Problem, group: &str) -> Remain {
    Remain::Unread {
        what: format!("Which {what} Azure keeps"),
        why: problem.what,
        command: AzCommand::az(&format!("{group} list-deleted"))
            .with("--subscription", context.arm.subscription_id())
            .line(),
    }
}

async fn deleted_vaults(context: &Context, group: &str) -> Result<Vec<DeletedVault>> {
    let ours = format!("/resourcegroups/{}/", group.to_lowercase());
    let mut listed = context.arm.deleted_vaults().await?;
    listed.retain(|vault| vault.vault_id.to_lowercase().contains(&ours));
    Ok(listed)
}
