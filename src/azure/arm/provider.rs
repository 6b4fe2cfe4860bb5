//! Resource providers: whether the subscription is registered for a service, and where the service is offered.

use serde::Deserialize;

use super::{Arm, PROVIDERS, read, segment, with_version};
use crate::azure::http::{ExpectedShape, Request};
use crate::domain::problem::Result;

/// What every answer about a provider has.
const PROVIDER: ExpectedShape = ExpectedShape::Object(&["/namespace", "/registrationState"]);

/// A resource provider, such as `Microsoft.Network`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Provider {
    /// Its namespace.
    pub namespace: String,
    /// `NotRegistered`, `Registering`, `Registered`, `Unregistering` or `Unregistered`.
    #[serde(default)]
    pub registration_state: String,
    /// Its resource types.
    #[serde(default)]
    pub resource_types: Vec<ProviderType>,
}

/// One resource type of a provider.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProviderType {
    /// Its name without the namespace, such as `virtualNetworks`.
    pub resource_type: String,
    /// Regions that offer it, by their display names (`West Europe`); empty when it belongs to none.
    #[serde(default)]
    pub locations: Vec<String>,
    /// Versions it can be written with.
    #[serde(default)]
    pub api_versions: Vec<String>,
}

impl Provider {
    /// True when resources of this provider can be made.
    pub fn is_registered(&self) -> bool {
        self.registration_state.eq_ignore_ascii_case("Registered")
    }

    fn resource_type(&self, name: &str) -> Option<&ProviderType> {
        self.resource_types.iter().find(|each| each.resource_type.eq_ignore_ascii_case(name))
    }

    /// The API versions with which a type can be written; `None` for an unknown type, or where none is told.
    pub fn versions(&self, resource_type: &str) -> Option<&[String]> {
        let found = self.resource_type(resource_type)?;
        (!found.api_versions.is_empty()).then_some(found.api_versions.as_slice())
    }

    /// Whether a type is offered in a region, given by its short or display name. `None` for an unknown type.
    pub fn offers(&self, resource_type: &str, region: &str) -> Option<bool> {
        let plain = |name: &str| name.replace(' ', "").to_lowercase();
        let locations = &self.resource_type(resource_type)?.locations;
        let here =
            |name: &String| [plain(region).as_str(), "global"].contains(&plain(name).as_str());
        Some(locations.is_empty() || locations.iter().any(here))
    }
}

impl Arm {
    /// As `provider`; `None` for a namespace that this Azure does not know: the other two clouds lack some.
    ///
    /// # Errors
    /// As every call.
    pub async fn known_provider(&self, namespace: &str) -> Result<Option<Provider>> {
        match self.provider(namespace).await {
            Ok(provider) => Ok(Some(provider)),
            Err(problem) if problem.code == "InvalidResourceNamespace" => Ok(None),
            Err(problem) => Err(problem),
        }
    }

    /// A provider with its registration and types.
    ///
    /// # Errors
    /// As every call.
    pub async fn provider(&self, namespace: &str) -> Result<Provider> {
        let path = with_version(
            &self.within_plain(&format!("/providers/{}", segment(namespace))),
            PROVIDERS,
        );
        let request = Request::get(path).expecting(PROVIDER);
        let answer = self.http.send(request).await?;
        read(&answer.body, &answer)
    }

    /// Begins to register the subscription for a provider; ask `provider` until it is registered (minutes).
    ///
    /// # Errors
    /// As every call; needs the right `*/register/action`, which a Contributor has.
    pub async fn register_provider(&self, namespace: &str) -> Result<Provider> {
        let rest = format!("/providers/{}/register", segment(namespace));
        let request = Request::post(with_version(&self.within_plain(&rest), PROVIDERS), None)
            .repeatable()
            .expecting(PROVIDER);
        let answer = self.http.send(request).await?;
        read(&answer.body, &answer)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn regions_are_matched_by_either_name() {
        let provider: Provider = serde_json::from_value(json!({
            "namespace": "Microsoft.Network", "registrationState": "Registered",
            "resourceTypes": [
                {"resourceType": "bastionHosts", "locations": ["West Europe"], "apiVersions": []},
                {"resourceType": "privateDnsZones", "locations": ["global"], "apiVersions": []},
                {"resourceType": "operations", "locations": [], "apiVersions": []}]
        }))
        .unwrap();
        assert!(provider.is_registered());
        assert_eq!(provider.offers("bastionhosts", "westeurope"), Some(true));
        assert_eq!(provider.offers("bastionHosts", "East US"), Some(false));
        assert_eq!(provider.offers("privateDnsZones", "eastus"), Some(true));
        assert_eq!(provider.offers("operations", "eastus"), Some(true));
        assert_eq!(provider.offers("unheardOf", "eastus"), None);
    }
}
