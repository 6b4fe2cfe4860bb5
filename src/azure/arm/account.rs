//! What an account can see: tenants, subscriptions and their regions.

use jiff::Timestamp;
use serde::Deserialize;

use super::{Arm, SUBSCRIPTIONS, read, with_version};
use crate::azure::http::{ExpectedShape, Request};
use crate::domain::problem::Result;

/// What every answer about one subscription has.
const SUBSCRIPTION: ExpectedShape = ExpectedShape::Object(&["/subscriptionId", "/displayName"]);

/// An organisation's directory.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tenant {
    /// Its id.
    pub tenant_id: String,
    /// Its name; some tenants do not show it.
    pub display_name: Option<String>,
    /// Its default domain.
    pub default_domain: Option<String>,
}

/// A subscription: what is billed together.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Subscription {
    /// Its id.
    pub subscription_id: String,
    /// Its name.
    pub display_name: String,
    /// `Enabled`, `Warned`, `PastDue`, `Disabled` or `Deleted`.
    #[serde(default)]
    pub state: String,
    /// The tenant that it trusts.
    #[serde(default)]
    pub tenant_id: Option<String>,
}

impl Subscription {
    /// True when resources can be made in it.
    pub fn is_enabled(&self) -> bool {
        matches!(self.state.as_str(), "Enabled" | "Warned" | "PastDue")
    }
}

/// A region, as a subscription may use it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// Short name, such as `westeurope`.
    pub name: String,
    /// Name for people, such as `West Europe`.
    pub display_name: String,
    /// Part of the world, such as `Europe`.
    pub geography: Option<String>,
    /// The region it is paired with.
    pub paired: Option<String>,
    /// False for a logical location such as `europe`, where nothing can be made.
    pub physical: bool,
    /// True for the regions that Azure recommends.
    pub recommended: bool,
    /// How many availability zones it has.
    pub zones: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct LocationItem {
    name: String,
    display_name: String,
    #[serde(default)]
    metadata: Metadata,
    #[serde(default)]
    availability_zone_mappings: Vec<serde_json::Value>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Metadata {
    region_type: Option<String>,
    region_category: Option<String>,
    geography_group: Option<String>,
    paired_region: Vec<Paired>,
}

#[derive(Deserialize)]
struct Paired {
    name: String,
}

impl From<LocationItem> for Location {
    fn from(item: LocationItem) -> Self {
        let metadata = item.metadata;
        Self {
            name: item.name,
            display_name: item.display_name,
            geography: metadata.geography_group,
            paired: metadata.paired_region.into_iter().next().map(|pair| pair.name),
            physical: metadata.region_type.is_none_or(|kind| kind == "Physical"),
            recommended: metadata.region_category.is_some_and(|category| category == "Recommended"),
            zones: item.availability_zone_mappings.len(),
        }
    }
}

impl Arm {
    /// The tenants that the account belongs to.
    ///
    /// # Errors
    /// As every call: no answer, no token, or a refusal.
    pub async fn tenants(&self) -> Result<Vec<Tenant>> {
        self.list(with_version("/tenants", SUBSCRIPTIONS)).await
    }

    /// The subscriptions that the account can see in its token's tenant.
    ///
    /// # Errors
    /// As every call.
    pub async fn subscriptions(&self) -> Result<Vec<Subscription>> {
        self.list(with_version("/subscriptions", SUBSCRIPTIONS)).await
    }

    /// Azure's own time, which may differ from this machine's and on the practice cloud passes at another pace.
    ///
    /// # Errors
    /// As every call.
    pub async fn now(&self) -> Result<Option<Timestamp>> {
        let request = Request::get(with_version(&self.within_plain(""), SUBSCRIPTIONS))
            .expecting(SUBSCRIPTION);
        Ok(self.http.send(request).await?.date)
    }

    /// The subscription itself, as the account sees it.
    ///
    /// # Errors
    /// As every call; `SubscriptionNotFound` when the account does not see it.
    pub async fn subscription(&self) -> Result<Subscription> {
        let request = Request::get(with_version(&self.within_plain(""), SUBSCRIPTIONS))
            .expecting(SUBSCRIPTION);
        let answer = self.http.send(request).await?;
        read(&answer.body, &answer)
    }

    /// The regions that the subscription knows, logical ones included.
    ///
    /// # Errors
    /// As every call.
    pub async fn locations(&self) -> Result<Vec<Location>> {
        let items: Vec<LocationItem> =
            self.list(with_version(&self.within_plain("/locations"), SUBSCRIPTIONS)).await?;
        Ok(items.into_iter().map(Location::from).collect())
    }
}
