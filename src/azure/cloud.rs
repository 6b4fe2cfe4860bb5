//! Where each Azure cloud is reached: its manager and its directory.
//!
//! Also the rule that keeps a token from leaking: which addresses belong to an endpoint. This module must not send
//! anything.

use url::Url;

use crate::domain::problem::{Problem, Result};
use crate::domain::settings::Cloud;

/// The addresses of one Azure cloud, or of an endpoint that stands in for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    /// The cloud whose conventions hold.
    pub cloud: Cloud,
    /// Azure Resource Manager; the path is always `/`.
    pub resource_manager: Url,
    /// Microsoft Entra ID, which issues tokens; the path is always `/`.
    pub authority: Url,
    /// The scope for which tokens are asked.
    pub scope: String,
}

impl Endpoints {
    /// The addresses of one of Azure's own clouds.
    ///
    /// # Errors
    /// Never for the addresses compiled in; a test reads all three.
    pub fn of(cloud: Cloud) -> Result<Self> {
        let facts = cloud.facts();
        Ok(Self {
            cloud,
            resource_manager: https(facts.resource_manager)?,
            authority: https(facts.authority)?,
            scope: format!("https://{}/.default", facts.resource_manager),
        })
    }

    /// An endpoint that a person named, with the conventions of `cloud` for everything else.
    ///
    /// An address within the cloud's own manager domain (a regional one) keeps the cloud's directory and scope. On
    /// loopback the endpoint is its own directory. Anywhere else tokens are asked for that very host, so that a wrong
    /// address cannot be handed a token which Azure itself would accept.
    ///
    /// # Errors
    /// When the address is not https, or http anywhere but on this machine, or carries a path, a user or a query.
    pub fn overridden(address: &Url, cloud: Cloud) -> Result<Self> {
        let acceptable = match address.scheme() {
            "https" => address.host().is_some(),
            "http" => is_loopback(address),
            _ => false,
        };
        let bare = address.username().is_empty()
            && address.password().is_none()
            && matches!(address.path(), "" | "/")
            && address.query().is_none()
            && address.fragment().is_none();
        if !acceptable || !bare {
            return Err(Problem::new(
                "InvalidEndpoint",
                "This address cannot be used in place of Azure Resource Manager.",
                "Give https://host or https://host:port; plain http is taken only for this machine, such as \
                 http://127.0.0.1:8080.",
            )
            .at(shown(address)));
        }
        let mut endpoints = Self::of(cloud)?;
        let within = within_manager(address, cloud);
        endpoints.resource_manager = address.clone();
        endpoints.resource_manager.set_path("/");
        if is_loopback(address) {
            endpoints.authority = endpoints.resource_manager.clone();
        } else if !within {
            endpoints.scope = format!("{}.default", endpoints.resource_manager);
        }
        Ok(endpoints)
    }

    /// True when the endpoint is on this machine: no proxy is used, and the endpoint issues its own tokens.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.resource_manager)
    }

    /// True when a request to this address may carry our token: the endpoint itself, or another host of the same
    /// Azure manager (regional hosts answer for one another).
    pub fn owns(&self, address: &Url) -> bool {
        if address.origin() == self.resource_manager.origin() {
            return true;
        }
        within_manager(&self.resource_manager, self.cloud) && within_manager(address, self.cloud)
    }
}

fn https(host: &str) -> Result<Url> {
    Url::parse(&format!("https://{host}/")).map_err(|error| {
        Problem::new(
            "InvalidEndpoint",
            "An address compiled into this program is wrong.",
            "Please report this as a defect of the program.",
        )
        .at(host)
        .saying(error.to_string())
    })
}

/// The address without what could be a secret in it.
fn shown(address: &Url) -> String {
    let host = address.host_str().unwrap_or("no host");
    format!("{}://{host}", address.scheme())
}

fn is_loopback(address: &Url) -> bool {
    match address.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

fn within_manager(address: &Url, cloud: Cloud) -> bool {
    let manager = cloud.facts().resource_manager;
    let host = address.host_str().unwrap_or_default();
    let inside =
        host == manager || host.strip_suffix(manager).is_some_and(|rest| rest.ends_with('.'));
    inside && address.scheme() == "https" && address.port_or_known_default() == Some(443)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overridden(address: &str) -> Result<Endpoints> {
        Endpoints::overridden(&Url::parse(address).unwrap(), Cloud::Public)
    }

    #[test]
    fn each_cloud_has_its_addresses() {
        for (cloud, manager, authority) in [
            (Cloud::Public, "https://management.azure.com/", "https://login.microsoftonline.com/"),
            (
                Cloud::UsGov,
                "https://management.usgovcloudapi.net/",
                "https://login.microsoftonline.us/",
            ),
            (
                Cloud::China,
                "https://management.chinacloudapi.cn/",
                "https://login.chinacloudapi.cn/",
            ),
        ] {
            let endpoints = Endpoints::of(cloud).unwrap();
            assert_eq!(endpoints.resource_manager.as_str(), manager);
            assert_eq!(endpoints.authority.as_str(), authority);
            assert_eq!(endpoints.scope, format!("{manager}.default"));
            assert!(!endpoints.is_loopback());
        }
    }

    #[test]
    fn http_is_taken_for_this_machine_only() {
        for good in [
            "http://127.0.0.1:8080",
            "http://localhost:1/",
            "http://[::1]:9",
            "https://127.0.0.1:8443",
            "https://arm.contoso.example",
        ] {
            assert!(overridden(good).is_ok(), "{good}");
        }
        for bad in [
            "http://10.0.0.4:8080",
            "http://localhost.example.com",
            "ftp://127.0.0.1",
            "https://arm.contoso.example/path",
            "https://you:secret@arm.contoso.example",
        ] {
            let problem = overridden(bad).unwrap_err();
            assert_eq!(problem.code, "InvalidEndpoint");
            assert!(!format!("{problem:?}").contains("secret"));
        }
    }

    #[test]
    fn a_foreign_endpoint_is_never_given_a_token_for_azure() {
        let foreign = overridden("https://arm.contoso.example").unwrap();
        assert_eq!(foreign.scope, "https://arm.contoso.example/.default");
        let regional = overridden("https://westeurope.management.azure.com").unwrap();
        assert_eq!(regional.scope, "https://management.azure.com/.default");
        let lookalike = overridden("https://evilmanagement.azure.com").unwrap();
        assert_eq!(lookalike.scope, "https://evilmanagement.azure.com/.default");
    }

    #[test]
    fn an_address_belongs_to_an_endpoint_or_does_not() {
        let azure = Endpoints::of(Cloud::Public).unwrap();
        let practice = overridden("http://127.0.0.1:8080").unwrap();
        for (endpoints, address, owned) in [
            (&azure, "https://management.azure.com/x?y=z", true),
            (&azure, "https://westeurope.management.azure.com/x", true),
            (&azure, "http://management.azure.com/x", false),
            (&azure, "https://management.azure.com:444/x", false),
            (&azure, "https://management.azure.com.example.com/x", false),
            (&practice, "http://127.0.0.1:8080/x", true),
            (&practice, "http://127.0.0.1:8081/x", false),
            (&practice, "https://management.azure.com/x", false),
        ] {
            let address = Url::parse(address).unwrap();
            assert_eq!(endpoints.owns(&address), owned, "{address}");
        }
    }
}
