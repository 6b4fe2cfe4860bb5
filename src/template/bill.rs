//! What stands on the bill of an environment: the resources of its plan that meters look at, without a plan of its
//! own for every question.
//!
//! A plan takes milliseconds, and a form asks at every key: bills are remembered for the whole process by the few
//! settings that they depend on.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;

use super::Template;
use super::plan::{PlanScope, plan};
use crate::domain::problem::Result;
use crate::domain::settings::{BastionSku, DnsZones, FirewallSku, Settings};

/// Resources by type and body.
pub type Bill = Arc<[(String, Value)]>;

/// How many bills are remembered: few environments differ in what they are billed for.
const MOST: usize = 24;

/// The settings that a bill depends on, besides the region.
#[derive(PartialEq)]
struct Basis {
    bastion: BastionSku,
    firewall: FirewallSku,
    jumpbox_size: String,
    build_size: String,
    compute_instance: bool,
    dns_zones: DnsZones,
}

/// The bill of an environment of these settings, by the template that the program carries.
///
/// # Errors
/// When no plan follows from them.
pub fn bill(settings: &Settings) -> Result<Bill> {
    static KNOWN: Mutex<Vec<(Basis, Bill)>> = Mutex::new(Vec::new());
    let basis = Basis {
        bastion: settings.bastion,
        firewall: settings.firewall,
        jumpbox_size: settings.jumpbox_size.clone(),
        build_size: settings.build_size.clone(),
        compute_instance: settings.compute_instance,
        dns_zones: settings.dns_zones,
    };
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, bill)) = known.iter().find(|(each, _)| *each == basis) {
        return Ok(Arc::clone(bill));
    }
    let plan = plan(settings, Template::embedded(), &PlanScope::default())?;
    let bill: Bill =
        plan.resources.into_iter().map(|each| (each.resource_type, each.body)).collect();
    if known.len() >= MOST {
        known.clear();
    }
    known.push((basis, Arc::clone(&bill)));
    Ok(bill)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::cost::{Prices, estimate, estimate_existing};

    #[test]
    fn a_bill_costs_what_its_plan_costs_whatever_else_was_chosen() {
        let usual = Settings::new(
            "test".parse().unwrap(),
            "4821".parse().unwrap(),
            "westeurope".into(),
            "10.1.0.0/22".parse().unwrap(),
        );
        for wanted in [
            usual.clone(),
            Settings { firewall: FirewallSku::Premium, ..usual.clone() },
            Settings { bastion: BastionSku::Developer, ..usual.clone() },
            Settings { jumpbox_size: "Standard_D8s_v5".into(), ..usual.clone() },
            Settings { build_size: "Standard_D4ds_v4".into(), ..usual.clone() },
            Settings { compute_instance: true, ..usual.clone() },
            Settings { dns_zones: DnsZones::Existing, ..usual.clone() },
            Settings { service_endpoint_policy: true, auto_shutdown: None, ..usual.clone() },
            Settings { region: "eastus".into(), log_retention_days: 90, ..usual.clone() },
        ] {
            let plan = plan(&wanted, Template::embedded(), &PlanScope::default()).unwrap();
            let bill = bill(&wanted).unwrap();
            let by_bill = estimate_existing(
                bill.iter().map(|(kind, body)| (kind.as_str(), body)),
                &Prices::snapshot(),
            );
            assert_eq!(by_bill, estimate(&plan, &Prices::snapshot()));
        }
    }
}
