//! What single choices change in the embedded template, and which of them are refused.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Template;
use super::plan::{Caller, PLACEHOLDER_ID, PlanScope, PrincipalType, plan};
use super::plan_tests::{planned, settings, symbol};
use crate::domain::registration;
use crate::domain::settings::{BastionSku, Cloud, DnsZones, Settings};

#[test]
fn switching_the_clipboard_off_leaves_no_native_client() {
    for (off, native) in [(true, false), (false, true)] {
        let plan = planned(&Settings {
            bastion: BastionSku::Standard,
            disable_copy_paste: off,
            ..settings()
        });
        let body = &symbol(&plan, "bastion").unwrap().body;
        let property = |name: &str| body.pointer(&format!("/properties/{name}")).cloned();
        assert_eq!(property("disableCopyPaste"), Some(json!(off)));
        assert_eq!(property("enableTunneling"), Some(json!(native)));
    }
}

#[test]
fn a_storage_policy_names_the_service_only_and_makes_nothing_wait() {
    let usual = planned(&settings());
    let plan = planned(&Settings { service_endpoint_policy: true, ..settings() });
    let body = &symbol(&plan, "storagePolicy").unwrap().body;
    let definitions = body.pointer("/properties/serviceEndpointPolicyDefinitions");
    let definitions = definitions.and_then(Value::as_array).unwrap();
    assert_eq!(definitions.len(), 1);
    assert_eq!(
        definitions[0].pointer("/properties"),
        Some(&json!({
            "description": "Accounts that Azure ML keeps for its computes",
            "service": "Global",
            "serviceResources": ["/services/Azure/MachineLearning"],
        }))
    );
    assert_eq!(plan.critical_seconds, usual.critical_seconds);
}

#[test]
fn existing_zones_leave_nothing_of_dns_in_the_plan() {
    for (cloud, region) in [
        (Cloud::Public, "westeurope"),
        (Cloud::UsGov, "usgovvirginia"),
        (Cloud::China, "chinanorth3"),
    ] {
        let own = planned(&Settings { cloud, region: region.into(), ..settings() });
        let plan = planned(&Settings {
            cloud,
            region: region.into(),
            dns_zones: DnsZones::Existing,
            ..settings()
        });
        let dns = |each: &&crate::domain::plan::PlannedResource| {
            each.resource_type.to_lowercase().contains("dnszone")
        };
        assert_eq!(plan.resources.iter().find(dns), None);
        assert_eq!(own.resources.iter().filter(dns).count(), 26);
        assert_eq!(own.resources.len(), plan.resources.len() + 26);
        // The zones that are told are those of the zone groups that the template would have created.
        let mut groups: Vec<(String, String)> = own
            .resources
            .iter()
            .filter(|each| each.resource_type.ends_with("privateDnsZoneGroups"))
            .flat_map(|group| {
                let endpoint = group.name.split('/').next().unwrap().to_owned();
                let zones = group.body.pointer("/properties/privateDnsZoneConfigs");
                let zones = zones.and_then(Value::as_array).unwrap().clone();
                zones.into_iter().map(move |zone| {
                    let id = zone["properties"]["privateDnsZoneId"].as_str().unwrap();
                    (id.rsplit('/').next().unwrap().to_owned(), endpoint.clone())
                })
            })
            .collect();
        groups.sort();
        let told: Vec<(String, String)> = registration::needed(&plan)
            .into_iter()
            .flat_map(|each| {
                let zone = each.zone;
                let mut endpoints = each.endpoints;
                endpoints.sort();
                endpoints.into_iter().map(move |endpoint| (zone.clone(), endpoint))
            })
            .collect();
        assert_eq!(told, groups, "{region}");
        assert_eq!(registration::needed(&own), []);
    }
}

#[test]
fn a_compute_instance_is_made_for_a_person_only() {
    let wanted = Settings { compute_instance: true, ..settings() };
    let program = Caller {
        object_id: PLACEHOLDER_ID.into(),
        tenant_id: PLACEHOLDER_ID.into(),
        principal_type: PrincipalType::ServicePrincipal,
    };
    for caller in [None, Some(program)] {
        let scope = PlanScope { caller, ..PlanScope::default() };
        let problem = plan(&wanted, Template::embedded(), &scope).unwrap_err();
        assert_eq!(problem.code, "ComputeInstanceNeedsPerson");
        assert!(plan(&settings(), Template::embedded(), &scope).is_ok());
    }
}

#[test]
fn choices_that_bastion_cannot_keep_are_refused() {
    let clipboard = Settings { disable_copy_paste: true, ..settings() };
    let hub = Settings {
        bastion: BastionSku::Developer,
        hub: Some("/subscriptions/x/resourceGroups/rg-hub/providers/Microsoft.Network/virtualNetworks/hub".into()),
        ..settings()
    };
    for refused in [clipboard, hub] {
        let problem = plan(&refused, Template::embedded(), &PlanScope::default()).unwrap_err();
        assert_eq!(problem.code, "BastionSkuTooLow");
    }
}

#[test]
fn bastion_developer_needs_no_public_address() {
    let plan = planned(&Settings { bastion: BastionSku::Developer, ..settings() });
    assert!(symbol(&plan, "bastionPublicIp").is_none());
    let body = &symbol(&plan, "bastion").unwrap().body;
    assert!(body.pointer("/properties/virtualNetwork/id").is_some_and(Value::is_string));
    assert!(body.pointer("/properties/ipConfigurations").is_none_or(Value::is_null));
}

/// `allLogs` has the three categories of old beside these, and the same lines are paid for twice.
#[test]
fn what_the_firewall_logs_is_named_and_logged_once() {
    let plan = planned(&settings());
    let body = &symbol(&plan, "firewallLogs").unwrap().body;
    let logs = body.pointer("/properties/logs").and_then(Value::as_array);
    let logs = logs.unwrap();
    let names: BTreeSet<&str> = logs.iter().filter_map(|each| each["category"].as_str()).collect();
    assert_eq!(names.len(), logs.len());
    assert!(names.iter().all(|name| name.starts_with("AZFW")), "{names:?}");
    for read in ["AZFWApplicationRule", "AZFWNetworkRule"] {
        assert!(names.contains(read), "the program reads {read}");
    }
}
