//! Service endpoints: which targets they take past every route table.

use super::{Facts, Fit, NetworkControls, Odds, ResolvedQuery, is_private, route};

impl NetworkControls {
    /// Whether a service endpoint takes a target. Storage and SQL are reached so in the network's own region only
    /// (<https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview>).
    pub(super) fn over_endpoint(
        &self,
        service: &str,
        target: &ResolvedQuery<'_>,
        known: &Facts,
    ) -> Fit {
        if target.address.is_none_or(is_private) {
            return Fit::No;
        }
        let lowered = service.to_ascii_lowercase();
        let tag = match lowered.as_str() {
            "microsoft.storage" | "microsoft.storage.global" => "Storage",
            "microsoft.keyvault" => "AzureKeyVault",
            "microsoft.sql" => "Sql",
            "microsoft.azurecosmosdb" => "AzureCosmosDB",
            "microsoft.containerregistry" => "AzureContainerRegistry",
            "microsoft.servicebus" => "ServiceBus",
            "microsoft.eventhub" => "EventHub",
            "microsoft.web" => "AppService",
            "microsoft.cognitiveservices" => "CognitiveServicesManagement",
            "microsoft.azureactivedirectory" => "AzureActiveDirectory",
            _ => service.rsplit('.').next().unwrap_or(service),
        };
        let tags = known.service_tags.as_ref();
        let whole = route::in_tag(target, tag, tags);
        let regional = matches!(&*lowered, "microsoft.storage" | "microsoft.sql");
        match whole {
            Fit::Yes(_) if regional => {
                let own = route::in_tag(target, &format!("{tag}.{}", self.region), tags);
                if matches!(own, Fit::Yes(_)) {
                    return own;
                }
                let when = format!(
                    "the address of {} is among those that {service} serves in {} and its paired region",
                    target.query.destination, self.region
                );
                Fit::perhaps(Odds::Open, when, tag)
            }
            fit => fit,
        }
    }
}
