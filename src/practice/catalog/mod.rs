//! What a subscription offers, as against what it holds: regions, types, sizes, images, names, quotas, prices, rights.
//!
//! All of it is made up to resemble Azure; nothing here may depend on what a person has deployed, save for names taken
//! and quotas used.

mod availability;
mod compliance;
mod deleted;
pub mod further;
mod image;
pub mod kind;
pub mod location;
mod permission;
mod price;
mod role;
mod size;
pub mod subscription;
mod usage;

pub use self::compliance::summary as policy_summary;
pub use self::deleted::{is_held, remember};
pub use self::permission::may_assign_roles;
pub use self::size::{is_struck, names as size_names};

use super::reply::Reply;
use super::request::Request;
use super::state::Cloud;

/// Answers what belongs to the catalogue and needs no subscription; `None` when the path is another's.
pub fn handle_tenant(cloud: &Cloud, request: &Request) -> Option<Reply> {
    let lowered = lower(request);
    let path: Vec<&str> = lowered.iter().map(String::as_str).collect();
    if path.first() == Some(&"providers")
        && let Some(reply) = role::handle(request, &path)
    {
        return Some(reply);
    }
    match (request.method.as_str(), path.as_slice()) {
        ("GET", ["subscriptions"]) => Some(subscription::list(cloud)),
        ("GET", ["subscriptions", id]) => Some(subscription::get(cloud, id)),
        ("GET", ["tenants"]) => Some(subscription::tenants()),
        ("POST", ["providers", "microsoft.resources", "checkresourcename"]) => {
            Some(availability::resource_name(request))
        }
        ("POST", ["providers", "microsoft.resources", "calculatetemplatehash"]) => {
            Some(subscription::template_hash(request))
        }
        _ => None,
    }
}

/// Answers what belongs to the catalogue of a subscription that is known to exist; `None` when the path is another's.
pub fn handle(cloud: &mut Cloud, request: &Request) -> Option<Reply> {
    let lowered = lower(request);
    let path: Vec<&str> = lowered.iter().map(String::as_str).collect();
    if path.ends_with(&["providers", "microsoft.authorization", "permissions"]) {
        return Some(permission::list(cloud, request));
    }
    if let Some(reply) = role::handle(request, &path) {
        return Some(reply);
    }
    let ["subscriptions", subscription, rest @ ..] = path.as_slice() else { return None };
    match (request.method.as_str(), rest) {
        ("GET", ["locations"]) => Some(subscription::locations(cloud, subscription)),
        ("GET", ["providers", "microsoft.authorization", "locks"])
            if cloud.fault("locked").is_some() =>
        {
            Some(permission::locks(subscription))
        }
        ("GET", ["providers", "microsoft.authorization", "denyassignments"]) => {
            Some(permission::denied(cloud, subscription))
        }
        ("GET", ["providers", "microsoft.authorization", "roleeligibilityscheduleinstances"]) => {
            Some(permission::eligible(cloud))
        }
        ("POST", ["providers", namespace, "checknameavailability"]) => {
            Some(availability::check(cloud, request, namespace))
        }
        ("GET", ["providers", namespace, "locations", place, "usages"]) => {
            Some(usage::list(cloud, subscription, namespace, place))
        }
        ("GET", ["providers", "microsoft.compute", "skus"]) => Some(size::skus(cloud, request)),
        ("GET", ["providers", _, "locations", _, "vmsizes"]) => Some(size::sizes()),
        ("GET", ["providers", "microsoft.network", "locations", place, "servicetags"]) => {
            Some(subscription::service_tags(subscription, place))
        }
        (
            "GET",
            ["providers", "microsoft.keyvault", "deletedmanagedhsms"]
            | ["providers", "microsoft.storage", "deletedaccounts"],
        ) => Some(Reply::list(Vec::new())),
        (_, ["providers", "microsoft.keyvault", rest @ ..]) => {
            deleted::vaults(cloud, request, subscription, rest)
        }
        (
            "GET",
            ["providers", "microsoft.operationalinsights", "deletedworkspaces"]
            | [
                "resourcegroups",
                _,
                "providers",
                "microsoft.operationalinsights",
                "deletedworkspaces",
            ],
        ) => Some(deleted::log_workspaces(cloud)),
        (
            "GET",
            ["providers", "microsoft.compute", "locations", place, "publishers", rest @ ..],
        ) => Some(image::handle(cloud, subscription, place, rest)),
        ("GET", ["providers", "microsoft.features", rest @ ..]) => {
            Some(subscription::features(cloud, subscription, rest))
        }
        _ => None,
    }
}

/// Answers the public price list, which needs no sign-in.
pub fn prices(cloud: &Cloud, request: &Request) -> Reply {
    price::list(cloud, request)
}

fn lower(request: &Request) -> Vec<String> {
    request.segments.iter().map(|segment| segment.to_ascii_lowercase()).collect()
}
