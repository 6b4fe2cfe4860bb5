//! Resource providers: listed, read, registered. Some are not registered in a new subscription, as in Azure.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::catalog::kind::{KINDS, PROVIDERS, ResourceType};
use super::catalog::{further, location};
use super::reply::{ArmError, Reply, Result};
use super::request::Request;
use super::state::{Cloud, What};

/// How long a registration takes, in simulated time.
const REGISTRATION: SignedDuration = SignedDuration::from_secs(60);

/// The first API version that a cloud which lags does not offer.
const NEW: &str = "2025";

/// Registration state of a namespace: `Registered`, `Registering` or `NotRegistered`; `None` for an unknown one.
pub fn state<'cloud>(
    cloud: &'cloud Cloud,
    subscription: &str,
    namespace: &str,
) -> Option<&'cloud str> {
    let spelt = further::namespace(namespace)?;
    let at_start = PROVIDERS.iter().any(|(known, at_start)| *known == spelt && *at_start);
    let changed = cloud
        .root
        .registrations
        .get(&subscription.to_ascii_lowercase())
        .and_then(|states| states.get(&namespace.to_ascii_lowercase()));
    Some(match (changed, at_start) {
        (Some(state), _) => state,
        (None, true) => "Registered",
        (None, false) => "NotRegistered",
    })
}

/// Sets the registration state of a namespace.
pub fn set_state(cloud: &mut Cloud, subscription: &str, namespace: &str, state: &str) {
    cloud
        .root
        .registrations
        .entry(subscription.to_ascii_lowercase())
        .or_default()
        .insert(namespace.to_ascii_lowercase(), state.to_owned());
}

/// Refuses a write to a namespace that is not registered.
///
/// # Errors
/// `MissingSubscriptionRegistration`, or `InvalidResourceNamespace` for an unknown one.
pub fn require(cloud: &Cloud, subscription: &str, namespace: &str) -> Result<()> {
    match state(cloud, subscription, namespace) {
        Some("Registered") => Ok(()),
        Some(_) => Err(conflict!(
            "MissingSubscriptionRegistration",
            "The subscription is not registered to use namespace '{namespace}'. See https://aka.ms/rps-not-found \
             for how to register subscriptions."
        )
        .about(namespace)),
        None => Err(invalid(namespace)),
    }
}

/// Registers at once what a template needs, as a deployment does before it begins
/// (<https://learn.microsoft.com/azure/azure-resource-manager/management/resource-providers-and-types>).
pub fn register_for_template(cloud: &mut Cloud, subscription: &str, namespace: &str) {
    if state(cloud, subscription, namespace).is_some_and(|state| state != "Registered") {
        set_state(cloud, subscription, namespace, "Registered");
    }
}

/// Begins a registration; it is done a simulated minute later. What is registered or under way is left alone.
pub fn register(cloud: &mut Cloud, subscription: &str, namespace: &str) {
    if state(cloud, subscription, namespace) != Some("NotRegistered") {
        return;
    }
    set_state(cloud, subscription, namespace, "Registering");
    cloud.schedule_in(
        REGISTRATION,
        What::ProviderRegistered {
            subscription: subscription.to_ascii_lowercase(),
            namespace: namespace.to_ascii_lowercase(),
        },
    );
}

/// Answers requests below `/subscriptions/{id}/providers` that name at most a namespace and an action.
pub fn handle(cloud: &mut Cloud, request: &Request) -> Option<Reply> {
    let subscription = request.segment(1).to_owned();
    let namespace = request.segment(3).to_owned();
    let action = request.segment(4).to_ascii_lowercase();
    match (request.method.as_str(), request.segments.len(), action.as_str()) {
        ("GET", 3, _) => Some(Reply::list(
            PROVIDERS.iter().filter_map(|(known, _)| view(cloud, &subscription, known)).collect(),
        )),
        ("GET", 4, _) => Some(answer(cloud, &subscription, &namespace)),
        ("POST", 5, "register") => {
            register(cloud, &subscription, &namespace);
            Some(answer(cloud, &subscription, &namespace))
        }
        ("POST", 5, "unregister") => {
            if state(cloud, &subscription, &namespace).is_some() {
                set_state(cloud, &subscription, &namespace, "NotRegistered");
            }
            Some(answer(cloud, &subscription, &namespace))
        }
        _ => None,
    }
}

/// The error for a namespace that Azure does not have.
pub fn invalid(namespace: &str) -> ArmError {
    arm_error!(404, "InvalidResourceNamespace", "The resource namespace '{namespace}' is invalid.")
}

fn answer(cloud: &Cloud, subscription: &str, namespace: &str) -> Reply {
    view(cloud, subscription, namespace).map_or_else(|| invalid(namespace).into(), Reply::ok)
}

fn view(cloud: &Cloud, subscription: &str, namespace: &str) -> Option<Value> {
    let registration = state(cloud, subscription, namespace)?;
    let spelt = further::namespace(namespace)?;
    let types: Vec<Value> = KINDS
        .iter()
        .filter(|kind| kind.namespace == spelt)
        .map(|kind| type_view(cloud, kind))
        .collect();
    Some(json!({
        "id": format!("/subscriptions/{subscription}/providers/{spelt}"),
        "namespace": spelt,
        "registrationPolicy": "RegistrationRequired",
        "resourceTypes": types,
        "registrationState": registration,
    }))
}

/// Whether the cloud lags behind the public one, and takes only the versions that it offers.
pub fn lags(cloud: &Cloud) -> bool {
    cloud.fault("old-versions").is_some()
}

/// The API versions of a type that its provider tells of: a cloud that lags lacks those of 2025 and later.
pub fn offered_versions(cloud: &Cloud, kind: &ResourceType) -> Vec<&'static str> {
    let lags = lags(cloud);
    let versions = kind.api_versions.iter().copied();
    versions.filter(|each| !lags || *each < NEW).collect()
}

fn type_view(cloud: &Cloud, kind: &ResourceType) -> Value {
    let is_lacking =
        kind.namespace == "Microsoft.DevTestLab" && cloud.fault("no-schedules").is_some();
    let is_learning = kind.namespace == "Microsoft.MachineLearningServices";
    let without = cloud.fault("region-lacks-ml").filter(|_| is_learning).map(|_| "northeurope");
    let locations: Vec<&str> = if is_lacking {
        vec!["Practice Elsewhere"]
    } else if kind.regional {
        let offering = location::all().filter(|region| without != Some(region.name.as_str()));
        offering.map(|region| region.display.as_str()).collect()
    } else {
        vec!["global"]
    };
    let zones: Vec<Value> = location::all()
        .filter(|region| kind.regional && region.zones)
        .map(|region| json!({ "location": region.display, "zones": ["1", "2", "3"] }))
        .collect();
    json!({
        "resourceType": kind.name,
        "locations": locations,
        "apiVersions": offered_versions(cloud, kind),
        "zoneMappings": zones,
        "capabilities": "CrossResourceGroupResourceMove, CrossSubscriptionResourceMove, SupportsTags, SupportsLocation",
    })
}
