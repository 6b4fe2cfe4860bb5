//! The regions of a subscription, each with what speaks against it: Azure's list of them, and where the services of
//! the template are offered.
//!
//! What could not be read speaks against no region. Nothing is chosen here.

use std::collections::BTreeMap;

use futures::future::join_all;

use super::Context;
use crate::azure::arm::{Location, Provider};
use crate::domain::check::OPTIONAL;
use crate::domain::problem::{Problem, Result};
use crate::domain::region::{self, Region, RegionOffer};
use crate::domain::settings::Cloud;
use crate::template::Template;

/// What a template declares, and what the services that it belongs to tell of it.
pub(super) struct Services {
    /// Types with their API versions, each once.
    wanted: Vec<(String, String)>,
    /// By the namespace in lower case; `None` for one that this Azure does not know.
    known: BTreeMap<String, Result<Option<Provider>>>,
}

impl Services {
    /// Reads the services of every type of a template but those left out.
    pub(super) async fn read(context: &Context, template: &Template, without: &[String]) -> Self {
        let is_out = |kind: &str| without.iter().any(|out| out.eq_ignore_ascii_case(kind));
        let mut wanted: Vec<(String, String)> = template
            .resources()
            .iter()
            .filter(|each| !is_out(&each.resource_type))
            .map(|each| (each.resource_type.clone(), each.api_version.clone()))
            .collect();
        wanted.sort_unstable();
        wanted.dedup();
        let mut names: Vec<&str> =
            wanted.iter().filter_map(|(kind, _)| kind.split('/').next()).collect();
        names.sort_unstable_by_key(|name| name.to_ascii_lowercase());
        names.dedup_by(|one, other| one.eq_ignore_ascii_case(other));
        let read = join_all(names.iter().map(|name| context.arm.known_provider(name))).await;
        let known = names.into_iter().map(str::to_ascii_lowercase).zip(read).collect();
        Self { wanted, known }
    }

    /// Every type with its API version.
    pub(super) fn wanted(&self) -> impl Iterator<Item = (&str, &str)> {
        self.wanted.iter().map(|(kind, version)| (kind.as_str(), version.as_str()))
    }

    /// The services that were read.
    pub(super) fn providers(&self) -> impl Iterator<Item = &Provider> {
        self.known.values().flatten().flatten()
    }

    /// Why one of the services could not be read.
    pub(super) fn unread(&self) -> Option<&Problem> {
        self.known.values().find_map(|read| read.as_ref().err())
    }

    /// The API versions of a type, where they are known.
    pub(super) fn versions(&self, kind: &str) -> Option<&[String]> {
        let (namespace, rest) = kind.split_once('/')?;
        self.of(namespace)?.as_ref()?.versions(rest)
    }

    /// The types that a region does not offer. Types below another are offered where that is.
    pub(super) fn lacking(&self, region: &str) -> Vec<&str> {
        let is_lacking = |kind: &&str| {
            let Some((namespace, rest)) = kind.split_once('/') else { return false };
            let Some(provider) = self.of(namespace) else { return false };
            let offers = provider.as_ref().map(|provider| provider.offers(rest, region));
            !rest.contains('/') && offers.is_none_or(|offers| offers == Some(false))
        };
        let mut lacking: Vec<&str> =
            self.wanted().map(|(kind, _)| kind).filter(is_lacking).collect();
        lacking.dedup();
        lacking
    }

    fn of(&self, namespace: &str) -> Option<&Option<Provider>> {
        self.known.get(&namespace.to_ascii_lowercase())?.as_ref().ok()
    }

    /// What is known of a region that Azure lists.
    fn offer(&self, location: &Location) -> RegionOffer {
        if !location.physical {
            return RegionOffer::Logical;
        }
        let lacking = self.lacking(&location.name);
        match self.unread() {
            _ if !lacking.is_empty() => {
                RegionOffer::Lacking(lacking.into_iter().map(str::to_owned).collect())
            }
            Some(problem) => RegionOffer::NotKnown(problem.what.clone()),
            None => RegionOffer::Offered,
        }
    }
}

/// The regions of a cloud, those included that the subscription cannot use for a template. Types that a choice leaves
/// out keep no region back.
pub async fn regions(context: &Context, template: &Template, cloud: Cloud) -> Vec<Region> {
    let without = OPTIONAL.map(|(kind, ..)| kind.to_owned());
    let (locations, services) =
        futures::join!(context.arm.locations(), Services::read(context, template, &without));
    let own = region::embedded().iter().filter(|region| region.cloud == cloud);
    match locations {
        Ok(locations) if !locations.is_empty() => {
            let is_listed = |own: &&Region| locations.iter().any(|each| each.name == own.name);
            let others: Vec<Region> = own
                .filter(|own| !is_listed(own))
                .map(|own| Region { offer: RegionOffer::NotListed, ..own.clone() })
                .collect();
            let listed = locations.into_iter().map(|location| {
                let offer = services.offer(&location);
                merged(location, cloud, offer)
            });
            listed.chain(others).collect()
        }
        Ok(_) => unread(own, "Azure lists no region for this subscription."),
        Err(problem) => unread(own, &problem.what),
    }
}

fn unread<'a>(own: impl Iterator<Item = &'a Region>, why: &str) -> Vec<Region> {
    own.map(|own| Region { offer: RegionOffer::NotKnown(why.to_owned()), ..own.clone() }).collect()
}

/// A region as Azure tells of it; what only the program's own list knows is taken from there.
fn merged(location: Location, cloud: Cloud, offer: RegionOffer) -> Region {
    let own = region::embedded()
        .iter()
        .find(|region| region.name == location.name && region.cloud == cloud);
    Region {
        display: location.display_name,
        geography: own
            .map(|region| region.geography.clone())
            .or(location.geography)
            .unwrap_or_default(),
        paired: location.paired,
        zones: location.zones > 0 || own.is_some_and(|region| region.zones),
        restricted: own.is_some_and(|region| region.restricted),
        name: location.name,
        cloud,
        offer,
    }
}
