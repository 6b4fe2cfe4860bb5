//! The way into an environment, step by step, in the words of the portal.
//!
//! It only words what a record says; it must not open or check anything.

use crate::app::screen::environments::portal;
use crate::domain::environment::Record;
use crate::domain::settings::{DatastoreAccess, DnsZones};

/// One step of the way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuideStep {
    /// What to do.
    pub title: String,
    /// How.
    pub words: String,
}

/// The jumpbox's Bastion page in the portal of its cloud.
pub(crate) fn bastion_address(record: &Record) -> String {
    format!(
        "{}/#@{}/resource/subscriptions/{}/resourceGroups/{}/providers/Microsoft.Compute/virtualMachines/vm-{}/\
         bastionHost",
        portal(record.settings.cloud),
        record.tenant_id,
        record.subscription_id,
        record.resource_group,
        record.full_name
    )
}

/// The identity that a cluster gets, in a few words. Where shared keys are off, jobs on a cluster without the roles of
/// the job identity fail; with keys Azure ML reads the data for them, and grants the cluster's own identity the role
/// `AcrPull` (<https://learn.microsoft.com/azure/machine-learning/how-to-identity-based-service-authentication>).
pub(crate) fn job_identity(record: &Record) -> String {
    match record.settings.datastore_access {
        DatastoreAccess::Identity => {
            format!("a cluster gets the user-assigned identity id-job-{}", record.full_name)
        }
        DatastoreAccess::AccountKey => "a cluster gets a system-assigned identity".to_owned(),
    }
}

/// The steps from here to the first job.
pub fn steps(record: &Record) -> Vec<GuideStep> {
    let name = &record.full_name;
    let settings = &record.settings;
    let stopped = settings.auto_shutdown.as_ref().map_or_else(String::new, |shutdown| {
        let (hours, minutes) = shutdown.time.split_at_checked(2).unwrap_or((&shutdown.time, ""));
        format!(" It stops each day at {hours}:{minutes} ({}); start it there.", shutdown.time_zone)
    });
    let registered = (settings.dns_zones == DnsZones::Existing).then(|| GuideStep {
        title: "Have the names registered".to_owned(),
        words: format!(
            "The DNS zones exist elsewhere; w and `privateaml status {name}` list names and commands for their owner."
        ),
    });
    let steps = [
        GuideStep {
            title: "Open the jumpbox in a browser".to_owned(),
            words: format!("Portal: vm-{name}, Connect, Bastion.{stopped}"),
        },
        GuideStep {
            title: "Sign in with user name and password".to_owned(),
            words: format!("In the jumpbox open {} and choose ml-{name}.", settings.cloud.studio()),
        },
        GuideStep {
            title: "Create compute without public IP".to_owned(),
            words: format!("Network vnet-{name}, subnet SharedSubnet; {}.", job_identity(record)),
        },
    ];
    registered.into_iter().chain(steps).collect()
}
