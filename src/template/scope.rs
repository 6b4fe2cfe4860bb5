//! Where a template is deployed, and what is known of it.
//!
//! [`Scope`] holds what is fixed before a deployment starts; [`Runtime`] answers what only a running deployment can
//! know. Neither fetches anything: the caller fills them.

use serde_json::{Map, Value};

use crate::domain::settings::Cloud;

/// Where a template is deployed. Fixed before the deployment starts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// Tenant id.
    pub tenant_id: String,
    /// Subscription id.
    pub subscription_id: String,
    /// Display name of the subscription.
    pub subscription_name: String,
    /// The resource group; `None` for a deployment at subscription scope.
    pub resource_group: Option<String>,
    /// Region of the resource group, or of the deployment at subscription scope.
    pub location: String,
    /// Tags of the resource group.
    pub tags: Map<String, Value>,
    /// Name of the deployment.
    pub deployment: String,
    /// The Azure cloud it runs in.
    pub cloud: Cloud,
}

impl Scope {
    /// The id under which the deployment's own resources stand, without a slash at its end.
    pub fn id(&self) -> String {
        match &self.resource_group {
            Some(group) => {
                format!("/subscriptions/{}/resourceGroups/{group}", self.subscription_id)
            }
            None => format!("/subscriptions/{}", self.subscription_id),
        }
    }
}

/// What is known only while a deployment runs. `None` means "not known yet": the value stays an expression.
pub trait Runtime {
    /// The resource's properties, or with `full` the whole resource, as `reference()` returns them.
    fn reference(&self, _id: &str, _api_version: Option<&str>, _full: bool) -> Option<Value> {
        None
    }

    /// The answer of the action `function` (`listKeys`, ...) on a resource.
    fn list(
        &self,
        _function: &str,
        _id: &str,
        _api_version: &str,
        _body: Option<&Value>,
    ) -> Option<Value> {
        None
    }

    /// The value of a secure parameter. Nothing in this module keeps it.
    fn secure(&self, _parameter: &str) -> Option<Value> {
        None
    }

    /// Now, in UTC, as `2026-11-24T03:08:09Z`; fractions of a second are allowed.
    fn utc_now(&self) -> Option<String> {
        None
    }

    /// A new random GUID with dashes.
    fn new_guid(&self) -> Option<String> {
        None
    }
}

/// Knows nothing of the run: every late value stays symbolic, as `[reference('x').y]`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unknown;

impl Runtime for Unknown {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scope_of_a_group_and_of_a_subscription() {
        let mut scope = Scope {
            subscription_id: "s1".into(),
            resource_group: Some("rg-test1234".into()),
            ..Scope::default()
        };
        assert_eq!(scope.id(), "/subscriptions/s1/resourceGroups/rg-test1234");
        scope.resource_group = None;
        assert_eq!(scope.id(), "/subscriptions/s1");
    }
}
