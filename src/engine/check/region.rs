//! What the region offers: resource types in the API versions of the template, and the jumpbox's image.

use std::collections::BTreeMap;

use futures::future::join_all;
use serde_json::{Map, Value};

use crate::azure::arm::Provider;
use crate::domain::action::Action;
use crate::domain::check::{CheckFinding, CheckKind, OPTIONAL, code};
use crate::domain::problem::Result;
use crate::domain::resource;
use crate::engine::Context;
use crate::template::Template;

/// What a template declares: type and API version.
type Wanted<'a> = (&'a str, &'a str);

/// Whether the region offers every type of the template but those left out, and this Azure every API version.
pub(super) async fn check(
    context: &Context,
    template: &Template,
    region: &str,
    without: &[String],
) -> Result<Vec<CheckFinding>> {
    let mut wanted: Vec<Wanted<'_>> = template
        .resources()
        .iter()
        .map(|each| (each.resource_type.as_str(), each.api_version.as_str()))
        .filter(|(kind, _)| !without.iter().any(|out| out.eq_ignore_ascii_case(kind)))
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut names: Vec<&str> =
        wanted.iter().filter_map(|(kind, _)| kind.split('/').next()).collect();
    names.sort_unstable_by_key(|name| name.to_ascii_lowercase());
    names.dedup_by(|one, other| one.eq_ignore_ascii_case(other));
    let providers = join_all(names.iter().map(|name| context.arm.known_provider(name)));
    let (locations, providers) = futures::join!(context.arm.locations(), providers);
    if !locations?.iter().any(|each| each.name.eq_ignore_ascii_case(region)) {
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
    let mut known: BTreeMap<String, Option<Provider>> = BTreeMap::new();
    for (name, provider) in names.into_iter().zip(providers) {
        known.insert(name.to_ascii_lowercase(), provider?);
    }
    let found: Vec<CheckFinding> =
        lacking(&wanted, &known, region).into_iter().chain(lagging(&wanted, &known)).collect();
    Ok(if found.is_empty() { vec![offered(&known)] } else { found })
}

fn provider_of<'a>(
    known: &'a BTreeMap<String, Option<Provider>>,
    kind: &'a str,
) -> Option<(&'a Option<Provider>, &'a str)> {
    let (namespace, rest) = kind.split_once('/')?;
    Some((known.get(&namespace.to_ascii_lowercase())?, rest))
}

fn offered(known: &BTreeMap<String, Option<Provider>>) -> CheckFinding {
    let new = known.values().flatten().filter(|each| !each.is_registered()).count();
    let what = "The region offers every resource type".to_owned();
    let added = format!("{what}; the deployment registers {new} of the services first");
    CheckFinding::pass(CheckKind::Region, if new == 0 { what } else { added })
}

/// The types that the region does not offer, as one finding. Types below another are offered where that is.
fn lacking(
    wanted: &[Wanted<'_>],
    known: &BTreeMap<String, Option<Provider>>,
    region: &str,
) -> Option<CheckFinding> {
    let is_lacking = |kind: &str| {
        provider_of(known, kind).is_some_and(|(provider, rest)| {
            let offers = provider.as_ref().map(|provider| provider.offers(rest, region));
            !rest.contains('/') && offers.is_none_or(|offers| offers == Some(false))
        })
    };
    let mut lacking: Vec<&str> =
        wanted.iter().map(|(kind, _)| *kind).filter(|kind| is_lacking(kind)).collect();
    lacking.dedup();
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
fn lagging(
    wanted: &[Wanted<'_>],
    known: &BTreeMap<String, Option<Provider>>,
) -> Option<CheckFinding> {
    let refused: Vec<String> = wanted
        .iter()
        .filter_map(|(kind, version)| {
            let (provider, rest) = provider_of(known, kind)?;
            let versions = provider.as_ref()?.versions(rest)?;
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
