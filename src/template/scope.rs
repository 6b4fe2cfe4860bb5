//! Where a template is deployed, and what is known of it.
//!
//! [`Scope`] holds what is fixed before a deployment starts; [`Runtime`] answers what only a running deployment can
//! know. Neither fetches anything: the caller fills them.

use serde_json::{Map, Value};

/// The addresses and name suffixes of one Azure cloud, as `environment()` returns them.
///
/// Values of the public cloud:
/// <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-deployment#environment>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloudEndpoints {
    /// `AzureCloud`, `AzureUSGovernment` or `AzureChinaCloud`.
    pub name: String,
    /// Resource Manager's address, with a slash at its end.
    pub resource_manager: String,
    /// Address of the sign-in service, with a slash at its end.
    pub login_endpoint: String,
    /// Address of the portal.
    pub portal: String,
    /// The directory's graph, with a slash at its end.
    pub graph: String,
    /// Audience of tokens for the classic management address, with a slash at its end.
    pub management: String,
    /// Name suffix of storage accounts, without a leading dot.
    pub storage_suffix: String,
    /// Name suffix of key vaults, with a leading dot.
    pub key_vault_suffix: String,
    /// Name suffix of container registries, with a leading dot.
    pub registry_suffix: String,
    /// Name suffix of SQL servers, with a leading dot.
    pub sql_suffix: String,
}

impl CloudEndpoints {
    /// The public cloud.
    #[must_use]
    pub fn public() -> Self {
        Self::of(
            [
                "AzureCloud",
                "https://management.azure.com/",
                "https://login.microsoftonline.com/",
                "https://portal.azure.com",
                "https://graph.windows.net/",
                "https://management.core.windows.net/",
            ],
            ["core.windows.net", ".vault.azure.net", ".azurecr.io", ".database.windows.net"],
        )
    }

    /// The cloud of the United States' government.
    #[must_use]
    pub fn us_government() -> Self {
        Self::of(
            [
                "AzureUSGovernment",
                "https://management.usgovcloudapi.net/",
                "https://login.microsoftonline.us/",
                "https://portal.azure.us",
                "https://graph.windows.net/",
                "https://management.core.usgovcloudapi.net/",
            ],
            [
                "core.usgovcloudapi.net",
                ".vault.usgovcloudapi.net",
                ".azurecr.us",
                ".database.usgovcloudapi.net",
            ],
        )
    }

    /// The cloud that 21Vianet runs in China.
    #[must_use]
    pub fn china() -> Self {
        Self::of(
            [
                "AzureChinaCloud",
                "https://management.chinacloudapi.cn/",
                "https://login.chinacloudapi.cn/",
                "https://portal.azure.cn",
                "https://graph.chinacloudapi.cn/",
                "https://management.core.chinacloudapi.cn/",
            ],
            [
                "core.chinacloudapi.cn",
                ".vault.azure.cn",
                ".azurecr.cn",
                ".database.chinacloudapi.cn",
            ],
        )
    }

    fn of(addresses: [&str; 6], suffixes: [&str; 4]) -> Self {
        let [name, resource_manager, login_endpoint, portal, graph, management] =
            addresses.map(str::to_owned);
        let [storage_suffix, key_vault_suffix, registry_suffix, sql_suffix] =
            suffixes.map(str::to_owned);
        Self {
            name,
            resource_manager,
            login_endpoint,
            portal,
            graph,
            management,
            storage_suffix,
            key_vault_suffix,
            registry_suffix,
            sql_suffix,
        }
    }
}

impl Default for CloudEndpoints {
    fn default() -> Self {
        Self::public()
    }
}

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
    pub cloud: CloudEndpoints,
}

impl Scope {
    /// The id under which the deployment's own resources stand, without a slash at its end.
    #[must_use]
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
    fn reference(&self, id: &str, api_version: Option<&str>, full: bool) -> Option<Value>;

    /// The answer of the action `function` (`listKeys`, ...) on a resource.
    fn list(
        &self,
        function: &str,
        id: &str,
        api_version: &str,
        body: Option<&Value>,
    ) -> Option<Value>;

    /// The value of a secure parameter. Nothing in this module keeps it.
    fn secure(&self, _parameter: &str) -> Option<Value> {
        None
    }

    /// Now, in UTC, as `2026-11-24T03:08:09Z`; fractions of a second are allowed.
    fn utc_now(&self) -> Option<String>;

    /// A new random GUID with dashes.
    fn new_guid(&self) -> Option<String>;
}

/// Knows nothing of the run: every late value stays symbolic, as `[reference('x').y]`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unknown;

impl Runtime for Unknown {
    fn reference(&self, _: &str, _: Option<&str>, _: bool) -> Option<Value> {
        None
    }

    fn list(&self, _: &str, _: &str, _: &str, _: Option<&Value>) -> Option<Value> {
        None
    }

    fn utc_now(&self) -> Option<String> {
        None
    }

    fn new_guid(&self) -> Option<String> {
        None
    }
}

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
