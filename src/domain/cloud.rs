//! The hosts and name suffixes of each Azure cloud, as Azure's own `environment()` gives them
//! (<https://learn.microsoft.com/azure/azure-resource-manager/templates/template-functions-deployment#environment>).

use super::settings::Cloud;

/// What is fixed in one cloud.
#[derive(Debug)]
pub struct Facts {
    /// `AzureCloud`, `AzureUSGovernment` or `AzureChinaCloud`.
    pub name: &'static str,
    /// Host of Azure Resource Manager.
    pub resource_manager: &'static str,
    /// Host of Microsoft Entra ID, which issues tokens.
    pub authority: &'static str,
    /// Host of the portal.
    pub portal: &'static str,
    /// Host of the directory's graph.
    pub graph: &'static str,
    /// Host of the classic management address, for which tokens are issued too.
    pub management: &'static str,
    /// What names of storage accounts end in.
    pub storage: &'static str,
    /// What names of key vaults end in.
    pub vault: &'static str,
    /// What names of container registries end in.
    pub registry: &'static str,
    /// What names of SQL servers end in.
    pub sql: &'static str,
}

const PUBLIC: Facts = Facts {
    name: "AzureCloud",
    resource_manager: "management.azure.com",
    authority: "login.microsoftonline.com",
    portal: "portal.azure.com",
    graph: "graph.windows.net",
    management: "management.core.windows.net",
    storage: "core.windows.net",
    vault: "vault.azure.net",
    registry: "azurecr.io",
    sql: "database.windows.net",
};

const US_GOVERNMENT: Facts = Facts {
    name: "AzureUSGovernment",
    resource_manager: "management.usgovcloudapi.net",
    authority: "login.microsoftonline.us",
    portal: "portal.azure.us",
    graph: "graph.windows.net",
    management: "management.core.usgovcloudapi.net",
    storage: "core.usgovcloudapi.net",
    vault: "vault.usgovcloudapi.net",
    registry: "azurecr.us",
    sql: "database.usgovcloudapi.net",
};

const CHINA: Facts = Facts {
    name: "AzureChinaCloud",
    resource_manager: "management.chinacloudapi.cn",
    authority: "login.chinacloudapi.cn",
    portal: "portal.azure.cn",
    graph: "graph.chinacloudapi.cn",
    management: "management.core.chinacloudapi.cn",
    storage: "core.chinacloudapi.cn",
    vault: "vault.azure.cn",
    registry: "azurecr.cn",
    sql: "database.chinacloudapi.cn",
};

impl Cloud {
    /// The studio's address (<https://learn.microsoft.com/azure/machine-learning/how-to-access-azureml-behind-firewall>).
    pub fn studio(self) -> &'static str {
        match self {
            Self::Public => "https://ml.azure.com",
            Self::UsGov => "https://ml.azure.us",
            Self::China => "https://studio.ml.azure.cn",
        }
    }

    /// What is fixed in this cloud.
    pub fn facts(self) -> &'static Facts {
        match self {
            Self::Public => &PUBLIC,
            Self::UsGov => &US_GOVERNMENT,
            Self::China => &CHINA,
        }
    }
}
