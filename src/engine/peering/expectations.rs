//! What must be found on-premises, read from the network interfaces of the environment's private endpoints.
//!
//! The interfaces are the truth: they tell which names lead to which address. It reads only.

use std::net::Ipv4Addr;

use crate::domain::environment::Record;
use crate::domain::peering::verify::{
    EXPECTATIONS_VERSION, Expectations, ExpectedName, Service, public_names,
};
use crate::domain::private_name::PrivateName;
use crate::domain::problem::{Problem, Result};
use crate::domain::settings::DnsZones;
use crate::engine::Context;

/// Reads what must be found on-premises.
///
/// # Errors
/// `NothingStands` when the environment has no private endpoints with names; else as every read.
pub async fn expectations(context: &Context, record: &Record) -> Result<Expectations> {
    let told = context.arm.private_names(&record.resource_group).await?;
    let mut names: Vec<ExpectedName> = told.iter().filter_map(expected).collect();
    names.sort_by(|one, other| (one.service, &one.host).cmp(&(other.service, &other.host)));
    names.dedup_by(|one, other| one.host == other.host);
    if names.is_empty() {
        return Err(Problem::new(
            "NothingStands",
            "The environment has no private endpoints with names yet.",
            format!("Deploy it first, or see its state: privateaml status {}", record.full_name),
        ));
    }
    let api = names
        .iter()
        .find(|each| each.service == Service::Workspace && !each.host.contains(".cert."));
    let expected = Expectations {
        v: EXPECTATIONS_VERSION,
        full_name: record.full_name.clone(),
        network: record.settings.address_space,
        cloud: record.settings.cloud,
        api: api.map(|each| each.host.clone()),
        names,
        public: public_names(record.settings.cloud),
        resolvers: Vec::new(),
        zones_elsewhere: record.settings.dns_zones == DnsZones::Existing,
    };
    // They go into scripts: what is no name of a host must not get that far.
    expected.check().map_err(|_| {
        Problem::new(
            "NamesUnusable",
            "Azure names something for a private endpoint that is no name of a host.",
            "Look at the DNS configuration of the private endpoints in the Azure portal. Nothing was written.",
        )
    })?;
    Ok(expected)
}

/// What a name must be answered with; `None` while its address is not told.
fn expected(name: &PrivateName) -> Option<ExpectedName> {
    let address: Ipv4Addr = name.address.parse().ok()?;
    let service = Service::of(&name.group, &name.member);
    Some(ExpectedName::new(&name.host, address, service))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::private_name;

    #[test]
    fn names_are_read_from_an_endpoints_card_and_not_from_a_machines() {
        let card = json!({"properties": {"ipConfigurations": [
            {"properties": {"privateIPAddress": "10.1.1.5", "privateLinkConnectionProperties": {
                "groupId": "amlworkspace", "requiredMemberName": "default",
                "fqdns": ["AB.workspace.westeurope.api.azureml.ms", "ab.workspace.westeurope.cert.api.azureml.ms"]}}},
            {"properties": {"privateIPAddress": "10.1.1.7", "privateLinkConnectionProperties": {
                "groupId": "amlworkspace", "requiredMemberName": "inference",
                "fqdns": ["*.ab.inference.westeurope.api.azureml.ms"]}}},
            {"properties": {"privateIPAddress": "10.1.1.9", "privateLinkConnectionProperties": {
                "groupId": "file", "requiredMemberName": "file", "fqdns": ["st.file.core.windows.net"]}}},
            {"properties": {"privateIPAddress": "10.1.1.20"}},
        ]}});
        let names: Vec<ExpectedName> =
            private_name::of_card(&card).iter().filter_map(expected).collect();
        let told: Vec<(&str, Service, u16)> =
            names.iter().map(|each| (each.host.as_str(), each.service, each.port)).collect();
        assert_eq!(
            told,
            [
                ("ab.workspace.westeurope.api.azureml.ms", Service::Workspace, 443),
                ("ab.workspace.westeurope.cert.api.azureml.ms", Service::Workspace, 443),
                (
                    "privateaml-check.ab.inference.westeurope.api.azureml.ms",
                    Service::Inference,
                    443
                ),
                ("st.file.core.windows.net", Service::File, 445),
            ]
        );
    }
}
