//! The checks of the form, carried out: names, deleted vaults, rights, what a region offers, machine sizes and quotas.
//!
//! All of it only reads. That something could not be told is an answer too, and keeps nobody from going on.

use std::collections::BTreeMap;

use futures::future::join_all;

use super::world::World;
use crate::app::message::Message;
use crate::app::screen::basics::checks::{CheckAnswer, CheckOrder, CheckOutcome, CheckQuestion};
use crate::app::screen::basics::machines::{Machines, Quota, Size};
use crate::azure::catalog::GlobalName;
use crate::domain::problem::Result;
use crate::engine::{Context, right};
use crate::template::Template;

/// Runs one check.
pub(super) async fn check(world: World, order: CheckOrder) {
    let kind = order.question.kind();
    let verdict = match world.context() {
        Ok(context) => answered(&context, order.question).await,
        Err(problem) => Err(problem),
    };
    world.tell(Message::Checked(CheckAnswer {
        generation: order.generation,
        kind,
        verdict: verdict.unwrap_or_else(|problem| CheckOutcome::Unknown(problem.what)),
    }));
}

async fn answered(context: &Context, question: CheckQuestion) -> Result<CheckOutcome> {
    match question {
        CheckQuestion::Names { storage, vault, registry } => {
            let asked = [
                (GlobalName::Storage, storage),
                (GlobalName::Vault, vault),
                (GlobalName::Registry, registry),
            ];
            names(context, &asked).await
        }
        CheckQuestion::DeletedVault(vault) => deleted_vault(context, &vault).await,
        CheckQuestion::Rights { assigns_roles } => rights(context, assigns_roles).await,
        CheckQuestion::Offered(region) => offered(context, &region).await,
    }
}

async fn names(context: &Context, asked: &[(GlobalName, String)]) -> Result<CheckOutcome> {
    let answers =
        join_all(asked.iter().map(|(kind, name)| context.arm.name_availability(*kind, name))).await;
    let mut taken = Vec::new();
    for ((_, name), answer) in asked.iter().zip(answers) {
        if !answer?.name_available {
            taken.push(name.as_str());
        }
    }
    Ok(if taken.is_empty() {
        CheckOutcome::Passed("Names are free: storage, vault, registry".to_owned())
    } else {
        let verb = if taken.len() == 1 { "is" } else { "are" };
        CheckOutcome::Problem {
            what: format!("{} {verb} taken.", taken.join(", ")),
            remedy: "Ctrl-R draws other digits.".to_owned(),
        }
    })
}

async fn deleted_vault(context: &Context, name: &str) -> Result<CheckOutcome> {
    let deleted = context.arm.deleted_vaults().await?;
    let found = deleted.iter().find(|vault| vault.name.eq_ignore_ascii_case(name));
    Ok(match found {
        None => CheckOutcome::Passed(format!("No deleted vault keeps {name}")),
        Some(vault) => {
            let until = vault
                .purged
                .map(|at| format!(" until {}", at.strftime("%-d %B %Y")))
                .unwrap_or_default();
            CheckOutcome::Problem {
                what: format!("A deleted vault in {} keeps {name}{until}.", vault.location),
                remedy: if vault.protected {
                    "Ctrl-R draws other digits.".to_owned()
                } else {
                    "Ctrl-R draws other digits; or purge that vault in the portal.".to_owned()
                },
            }
        }
    })
}

async fn rights(context: &Context, assigns_roles: bool) -> Result<CheckOutcome> {
    let lacking = right::lacking(context).await?;
    let subscription = &context.subscription_name;
    if !lacking.deploy.is_empty() {
        return Ok(CheckOutcome::Problem {
            what: format!("No right to create resource groups or deployments in {subscription}."),
            remedy: "Ask for the role Contributor; rights on one group alone are not seen here."
                .to_owned(),
        });
    }
    if assigns_roles && lacking.assign_roles {
        return Ok(CheckOutcome::Problem {
            what: "No right to assign roles, which data by identities needs.".to_owned(),
            remedy: "Choose More, Data access: by account key.".to_owned(),
        });
    }
    if assigns_roles && lacking.assigns_at_times {
        return Ok(CheckOutcome::Unknown(
            "A condition limits which roles you may assign; Azure will say whether these are among them.".to_owned(),
        ));
    }
    Ok(CheckOutcome::Passed("You have the required permissions".to_owned()))
}

async fn offered(context: &Context, region: &str) -> Result<CheckOutcome> {
    let mut wanted: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for resource in Template::embedded().resources() {
        if let Some((namespace, kind)) = resource.resource_type.split_once('/') {
            let kinds = wanted.entry(namespace).or_default();
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
    }
    let providers =
        join_all(wanted.keys().map(|namespace| context.arm.known_provider(namespace))).await;
    let mut missing = Vec::new();
    for ((namespace, kinds), provider) in wanted.iter().zip(providers) {
        let provider = provider?;
        let absent = kinds.iter().filter(|kind| match &provider {
            Some(provider) => provider.offers(kind, region) == Some(false),
            None => true,
        });
        missing.extend(absent.map(|kind| format!("{namespace}/{kind}")));
    }
    Ok(if missing.is_empty() {
        CheckOutcome::Passed("The region offers every resource type".to_owned())
    } else {
        CheckOutcome::Problem {
            what: format!("{region} does not offer {}.", missing.join(", ")),
            remedy: remedy(&missing),
        }
    })
}

/// Another region, unless a choice alone brings in what is missing.
fn remedy(missing: &[String]) -> String {
    let fields: Option<Vec<&str>> = missing
        .iter()
        .map(|kind| match kind.to_ascii_lowercase().as_str() {
            "microsoft.devtestlab/schedules" => Some("Jumpbox off at: off"),
            "microsoft.network/serviceendpointpolicies" => Some("Storage policy: none"),
            _ => None,
        })
        .collect();
    match fields {
        Some(fields) => format!(
            "Choose More, {}, which does without; or choose another region.",
            fields.join(", ")
        ),
        None => "Choose another region.".to_owned(),
    }
}

/// Reads the machine sizes and quotas of a region.
pub(super) async fn machines(world: World, region: String) {
    let read = match world.context() {
        Ok(context) => read_machines(&context, &region).await,
        Err(problem) => Err(problem),
    };
    world.tell(Message::Machines { region, read });
}

async fn read_machines(context: &Context, region: &str) -> Result<Machines> {
    let (sizes, quotas) =
        futures::join!(context.arm.machine_sizes(region), context.arm.compute_usages(region));
    Ok(Machines {
        sizes: sizes?
            .into_iter()
            .map(|size| Size {
                name: size.name,
                family: size.family,
                cores: size.cores,
                memory: size.memory,
                trusted_launch: size.trusted_launch,
                restriction: size.restriction,
            })
            .collect(),
        quotas: quotas?
            .into_iter()
            .map(|usage| Quota {
                left: usage.left(),
                name: usage.name,
                display: usage.display_name,
                limit: usage.limit,
            })
            .collect(),
    })
}
