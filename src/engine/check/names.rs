//! Names: what must be globally unique, and what keeps its name after deletion.

use futures::future::join_all;

use crate::azure::arm::Arm;
use crate::azure::catalog::{DeletedVault, GlobalName};
use crate::domain::action::Action;
use crate::domain::check::{CheckFinding, CheckKind, code};
use crate::domain::problem::Result;
use crate::engine::Context;

/// Whether the names that must be globally unique are free. A vault's name that a deleted vault keeps is told as that,
/// and not as taken too.
pub(super) async fn check(
    context: &Context,
    storage: &str,
    vault: &str,
    registry: &str,
) -> Result<Vec<CheckFinding>> {
    let asked = [
        (GlobalName::Storage, storage),
        (GlobalName::Vault, vault),
        (GlobalName::Registry, registry),
    ];
    let arm = &context.arm;
    let answers =
        join_all(asked.iter().map(|(kind, name)| arm.name_availability(*kind, name))).await;
    let mut taken = Vec::new();
    for ((_, name), answer) in asked.iter().zip(answers) {
        if !answer?.name_available {
            taken.push(*name);
        }
    }
    let mut found = Vec::new();
    if taken.contains(&vault) {
        // That it is taken says enough where deleted vaults cannot be read.
        let deleted = arm.deleted_vaults().await.unwrap_or_default();
        let kept = deleted.iter().find(|each| each.name.eq_ignore_ascii_case(vault));
        found.extend(kept.map(still_kept));
        taken.retain(|name| kept.is_none() || *name != vault);
    }
    if !taken.is_empty() {
        let verb = if taken.len() == 1 { "is" } else { "are" };
        found.push(
            CheckFinding::problem(
                CheckKind::Names,
                code::NAME_TAKEN,
                format!("{} {verb} taken.", taken.join(", ")),
                "Draw other digits.",
            )
            .helped_by([Action::NewDigits]),
        );
    }
    if found.is_empty() {
        let what = "Names are free: storage, vault, registry";
        found.push(CheckFinding::pass(CheckKind::Names, what));
    }
    Ok(found)
}

fn still_kept(vault: &DeletedVault) -> CheckFinding {
    let until = vault.purged.map(|at| format!(" until {}", at.strftime("%-d %B %Y")));
    let remedy = if vault.protected {
        "Draw other digits: its purge protection keeps it until then."
    } else {
        "Draw other digits; or purge that vault in the portal."
    };
    CheckFinding::problem(
        CheckKind::Names,
        code::VAULT_DELETED,
        format!(
            "A deleted vault in {} keeps the name {}{}.",
            vault.location,
            vault.name,
            until.unwrap_or_default()
        ),
        remedy,
    )
    .helped_by([Action::NewDigits])
}

/// Whether a deleted log workspace of this name in this group would come back with what it has logged
/// (<https://learn.microsoft.com/azure/azure-monitor/logs/delete-workspace#recover-a-workspace>).
pub(super) async fn logs(context: &Context, name: &str, group: &str) -> Result<CheckFinding> {
    let arm: &Arm = &context.arm;
    let deleted = arm.deleted_log_workspaces(group).await?;
    if deleted.iter().any(|each| each.eq_ignore_ascii_case(name)) {
        return Ok(CheckFinding::problem(
            CheckKind::Logs,
            code::LOGS_DELETED,
            format!("The deleted log workspace {name} would come back with its old logs."),
            "Draw other digits, or wait: Azure keeps it for 14 days after its deletion.",
        )
        .helped_by([Action::NewDigits]));
    }
    Ok(CheckFinding::pass(CheckKind::Logs, "No deleted log workspace would come back"))
}
