//! The networks that an address space must not overlap, and what there is to say where it does.

use serde_json::json;

use super::exit::Ending;
use crate::azure::network::VirtualNetwork;
use crate::domain::action::Action;
use crate::domain::check::{CheckFinding, CheckKind, CheckOutcome, code};
use crate::domain::network::{self, KnownNetwork, SeenNetwork, Severity};
use crate::domain::problem::Problem;
use crate::domain::settings::{Draft, Settings};
use crate::engine::{self, Context};
use crate::plain::output::Output;

fn unchecked(what: &str, problem: &Problem, output: Output) {
    let text = format!("{what} not checked: {}", problem.what);
    output.prose(&format!("{text} {}", problem.advice));
    output.event("notice", json!({ "text": text, "remedy": problem.advice }));
}

/// The networks that exist. That they cannot be read keeps nobody from making another one, and is said.
pub(super) async fn seen_networks(context: &Context, output: Output) -> Vec<VirtualNetwork> {
    match context.arm.virtual_networks().await {
        Ok(networks) => networks,
        Err(problem) => {
            unchecked("Existing networks were", &problem, output);
            Vec::new()
        }
    }
}

/// The networks that an address space must not overlap.
pub(super) async fn known_networks(
    context: &Context,
    draft: &Draft,
    output: Output,
) -> Vec<KnownNetwork> {
    let networks = seen_networks(context, output).await;
    let mut hub = None;
    if let Some(id) = draft.hub.as_deref() {
        match context.arm.hub(id, &networks).await {
            Ok(found) => hub = Some(found),
            Err(problem) => unchecked("The hub was", &problem, output),
        }
    }
    let networks: Vec<SeenNetwork> = networks.into_iter().map(VirtualNetwork::seen).collect();
    let mut known = network::known(&networks, hub.map(VirtualNetwork::seen).as_ref());
    let suffix = draft.suffix.as_deref().unwrap_or_default();
    let own = format!("{}{suffix}", draft.name.as_deref().unwrap_or_default());
    engine::peering::add_environments(context, &own, &mut known);
    known
}

/// What there is to say about the address space beside the networks that are known.
pub(super) fn overlaps(settings: &Settings, known: &[KnownNetwork]) -> Vec<CheckFinding> {
    let checked = network::check(&settings.address_space.to_string(), known);
    let mut found: Vec<CheckFinding> = Vec::new();
    for finding in checked.findings.iter().filter(|finding| finding.severity != Severity::Note) {
        let mut made = match finding.severity {
            Severity::Error => {
                let is_overlap = finding.code.contains("Overlap");
                let code = if is_overlap { code::HUB_SPOKE_OVERLAP } else { code::ADDRESS_SPACE };
                CheckFinding::problem(CheckKind::Overlap, code, &finding.what, &finding.remedy)
            }
            // It may never matter: that is not known here, and no reason against a deployment.
            _ => CheckFinding {
                code: code::NETWORK_OVERLAP.to_owned(),
                remedy: finding.remedy.clone(),
                ..CheckFinding::unknown(
                    CheckKind::Overlap,
                    format!("Whether it matters is not known: {}", finding.what),
                )
            },
        };
        made.actions.push(match &finding.replacement {
            Some(space) => Action::set("--cidr", space),
            None => Action::change("--cidr"),
        });
        found.push(made);
    }
    if found.is_empty() {
        let what = "The address space overlaps no network that this account can read";
        found.push(CheckFinding::pass(CheckKind::Overlap, what));
    }
    found
}

/// Refuses an address space that cannot be connected; warns of one that may be in the way.
pub(super) fn refuse_overlaps(
    settings: &Settings,
    known: &[KnownNetwork],
    output: Output,
) -> Result<(), Ending> {
    for finding in overlaps(settings, known) {
        match finding.outcome {
            CheckOutcome::Problem => {
                let problem = Problem::new(&*finding.code, finding.what, finding.remedy);
                let problem = problem.at("--cidr").helped_by(finding.actions);
                return Err(Ending::Usage(Box::new(problem)));
            }
            CheckOutcome::Unknown => {
                output.prose(&format!("Note: {} {}", finding.what, finding.remedy));
                let told = json!({ "text": finding.what, "remedy": finding.remedy });
                output.event("notice", told);
            }
            CheckOutcome::Pass | CheckOutcome::NotChecked => {}
        }
    }
    Ok(())
}
