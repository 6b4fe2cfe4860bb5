//! Every choice a person can make ends in a template that the practice cloud accepts and carries out.

use serde_json::{Map, Value, json};

use super::{path, shown};
use crate::domain::allowlist::{Allowlist, Preset};
use crate::domain::name::{EnvironmentName, Suffix};
use crate::domain::settings::{BastionSku, DatastoreAccess, DnsZones, FirewallSku, Settings};
use crate::practice::testing::Bench;
use crate::template::{Template, parameters};

type Choice = (&'static str, fn(&mut Settings));

const CHOICES: [Choice; 11] = [
    ("defaults", |_| ()),
    ("locked down", |each| each.preset = Preset::LockedDown),
    ("2022", |each| each.preset = Preset::PrivateAml2022),
    ("Developer", |each| each.bastion = BastionSku::Developer),
    ("Standard", |each| {
        each.bastion = BastionSku::Standard;
        each.disable_copy_paste = true;
    }),
    ("Premium", |each| {
        each.bastion = BastionSku::Premium;
        each.firewall = FirewallSku::Premium;
    }),
    ("no shutdown", |each| each.auto_shutdown = None),
    ("instance", |each| each.compute_instance = true),
    ("existing zones", |each| each.dns_zones = DnsZones::Existing),
    ("policy", |each| each.service_endpoint_policy = true),
    ("keys", |each| {
        each.datastore_access = DatastoreAccess::AccountKey;
        each.compute_instance = true;
    }),
];

fn asking(settings: &Settings) -> Value {
    let selection = Allowlist::embedded().select(settings).unwrap();
    let caller = parameters::Caller {
        object_id: "00000000-0000-4000-8000-0000000000ab".to_owned(),
        tenant_id: crate::practice::state::TENANT.to_owned(),
        principal_type: parameters::PrincipalType::User,
    };
    let mut values: Map<String, Value> =
        parameters::wrapped(&parameters::parameters(settings, &selection, Some(&caller)));
    values.insert("adminUsername".to_owned(), json!({ "value": "jumper" }));
    values.insert("adminPassword".to_owned(), json!({ "value": "Example-Pass-1234" }));
    let template = Template::embedded().to_json();
    json!({ "properties": { "mode": "Incremental", "template": template, "parameters": values } })
}

#[test]
fn every_choice_can_be_deployed() {
    for (word, change) in CHOICES {
        let mut settings = Settings::new(
            EnvironmentName::parse("test").unwrap(),
            Suffix::parse("4821").unwrap(),
            "westeurope".into(),
            "10.1.0.0/22".parse().unwrap(),
        );
        change(&mut settings);
        let mut bench = Bench::with_group();
        let answer = bench.put(&path("d"), asking(&settings));
        assert_eq!(answer.status, 201, "{word}: {:#}", answer.body);
        bench.pass(7200);
        let properties = &shown(&mut bench, "d")["properties"];
        assert_eq!(
            properties["provisioningState"], "Succeeded",
            "{word}: {:#}",
            properties["error"]
        );
    }
}
