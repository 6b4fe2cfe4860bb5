//! What the region offers: resource types in the API versions of the template, and the jumpbox's image.

use serde_json::{Map, Value};

use crate::azure::arm::Location;
use crate::domain::action::Action;
use crate::domain::check::{CheckFinding, CheckKind, OPTIONAL, code};
use crate::domain::problem::Result;
use crate::domain::resource;
use crate::engine::Context;
use crate::engine::regions::Services;
use crate::template::Template;

/// Whether the region offers every type of the template but those left out, and this Azure every API version.
pub(super) async fn check(
    context: &Context,
    template: &Template,
    region: &str,
    without: &[String],
) -> Result<Vec<CheckFinding>> {
    let (locations, services) =
        futures::join!(context.arm.locations(), Services::read(context, template, without));
    let is_here = |each: &Location| each.physical && each.name.eq_ignore_ascii_case(region);
    if !locations?.iter().any(is_here) {
        return Ok(vec![
            CheckFinding::problem(
                CheckKind::Region,
                code::REGION_NOT_OFFERED,
                format!("{} does not offer the region {region}.", context.subscription_name),
                "Choose another region, or ask for access to this one.",
            )
            .helped_by([Action::change("--region")]),
        ]);
    }
    if let Some(problem) = services.unread() {
        return Err(problem.clone());
    }
    let found: Vec<CheckFinding> =
        lacking(&services, region).into_iter().chain(lagging(&services)).collect();
    Ok(if found.is_empty() { vec![offered(&services)] } else { found })
}

fn offered(services: &Services) -> CheckFinding {
    let new = services.providers().filter(|each| !each.is_registered()).count();
    let what = "The region offers every resource type".to_owned();
    let added = format!("{what}; the deployment registers {new} of the services first");
    CheckFinding::pass(CheckKind::Region, if new == 0 { what } else { added })
}

/// The types that the region does not offer, as one finding.
fn lacking(services: &Services, region: &str) -> Option<CheckFinding> {
    let lacking = services.lacking(region);
    if lacking.is_empty() {
        return None;
    }
    let optional = |kind: &&str| OPTIONAL.iter().find(|row| row.0.eq_ignore_ascii_case(kind));
    let choices: Option<Vec<_>> = lacking.iter().map(optional).collect();
    let what = format!("{region} does not offer {}.", lacking.join(", "));
    let problem = |remedy: String| {
        CheckFinding::problem(CheckKind::Region, code::TYPE_NOT_IN_REGION, what.clone(), remedy)
    };
    Some(match choices {
        Some(choices) => {
            let lost: Vec<&str> = choices.iter().map(|(.., lost)| *lost).collect();
            let leave = choices.iter().map(|(_, flag, off, _)| Action::set(flag, *off));
            problem(format!("Leave it out, or choose another region. {}", lost.join(" ")))
                .helped_by(leave.chain([Action::change("--region")]))
        }
        None => {
            problem("Choose another region.".to_owned()).helped_by([Action::change("--region")])
        }
    })
}

/// API versions that this cloud does not offer, as one finding: one that lags would refuse them in the middle of the
/// deployment. A type of which the provider tells no versions is let go: nothing is known of it.
fn lagging(services: &Services) -> Option<CheckFinding> {
    let refused: Vec<String> = services
        .wanted()
        .filter_map(|(kind, version)| {
            let versions = services.versions(kind)?;
            let is_known = versions.iter().any(|each| each.eq_ignore_ascii_case(version));
            (!is_known && !version.is_empty()).then(|| {
                let newest = versions.iter().max().cloned().unwrap_or_default();
                format!("{kind} {version} (newest: {newest})")
            })
        })
        .collect();
    if refused.is_empty() {
        return None;
    }
    Some(CheckFinding::problem(
        CheckKind::Region,
        code::API_VERSION_NOT_OFFERED,
        format!("This Azure does not offer API versions of the template: {}.", refused.join(", ")),
        "Export the template, set those API versions to the newest there, and deploy the copy.",
    ))
}

/// Whether the region offers the jumpbox's image, where the template names one in plain words.
pub(super) async fn image(
    context: &Context,
    template: &Template,
    region: &str,
) -> Result<CheckFinding> {
    let mut resources = template.resources().iter();
    let machine = resources.find(|each| each.resource_type.eq_ignore_ascii_case(resource::MACHINE));
    let named = machine.and_then(|machine| image_reference(template, &machine.body));
    let Some([publisher, offer, sku]) = named else {
        let why = "the template does not name the image in plain words";
        return Ok(CheckFinding::not_checked(CheckKind::Image, why));
    };
    if context.arm.offers_image(region, &publisher, &offer, &sku).await? {
        return Ok(CheckFinding::pass(CheckKind::Image, format!("The image {sku} is offered")));
    }
    Ok(CheckFinding::problem(
        CheckKind::Image,
        code::IMAGE_NOT_OFFERED,
        format!("{region} does not offer the image {publisher} {offer} {sku}."),
        "Choose another region; or export the template, set another jumpboxImageSku, and deploy the copy.",
    )
    .helped_by([Action::change("--region")]))
}

/// Publisher, offer and SKU of a machine's image; a parameter's default stands for the parameter.
fn image_reference(template: &Template, machine: &Map<String, Value>) -> Option<[String; 3]> {
    let image = machine.get("properties")?.pointer("/storageProfile/imageReference")?;
    let plain = |key: &str| {
        let text = image.get(key)?.as_str()?;
        let Some(name) = text.strip_prefix("[parameters('") else {
            return (!text.starts_with('[')).then(|| text.to_owned());
        };
        let (_, parameter) = template.parameter(name.strip_suffix("')]")?)?;
        parameter.default.as_ref()?.as_str().map(str::to_owned)
    };
    Some([plain("publisher")?, plain("offer")?, plain("sku")?])
}
