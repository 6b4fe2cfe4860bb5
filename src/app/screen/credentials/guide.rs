//! The way into an environment, step by step, in the words of the portal.
//!
//! It only words what a record says; it must not open or check anything.

use crate::{
    app::{
        dialog::viewer::{Kind, Viewer},
        screen::environments::portal,
    },
    domain::{
        environment::Record,
        settings::{BastionSku, Cloud},
    },
};

/// One step of the way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What to do.
    pub title: String,
    /// How.
    pub words: String,
}

/// The jumpbox's Bastion page in the portal of its cloud.
#[must_use]
pub fn bastion_address(record: &Record) -> String {
    format!(
        "{}/#@{}/resource/subscriptions/{}/resourceGroups/{}/providers/Microsoft.Compute/virtualMachines/vm-{}/bastionHost",
        portal(record.settings.cloud),
        record.tenant_id,
        record.subscription_id,
        record.resource_group,
        record.full_name
    )
}

/// The studio of a cloud (<https://learn.microsoft.com/azure/machine-learning/how-to-access-azureml-behind-firewall>).
#[must_use]
pub fn studio_address(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::Public => "https://ml.azure.com",
        Cloud::UsGov => "https://ml.azure.us",
        Cloud::China => "https://studio.ml.azure.cn",
    }
}

/// The steps from here to the first job.
#[must_use]
pub fn steps(record: &Record) -> Vec<Step> {
    let name = &record.full_name;
    let settings = &record.settings;
    let stopped = settings
        .auto_shutdown
        .as_ref()
        .map_or_else(String::new, |shutdown| {
            let (hours, minutes) = shutdown
                .time
                .split_at_checked(2)
                .unwrap_or((&shutdown.time, ""));
            format!(
                " It stops each day at {hours}:{minutes} ({}); start it there.",
                shutdown.time_zone
            )
        });
    let bastion = match settings.bastion {
        BastionSku::Developer => " One connection at a time.",
        _ => "",
    };
    vec![
        Step {
            title: "Open the jumpbox in a browser".to_owned(),
            words: format!("Portal: vm-{name}, Connect, Bastion.{bastion}{stopped}"),
        },
        Step {
            title: "Sign in with user name and password".to_owned(),
            words: format!(
                "In the jumpbox open {} and choose ml-{name}.",
                studio_address(settings.cloud)
            ),
        },
        Step {
            title: "Create compute without public IP".to_owned(),
            words: format!(
                "Network vnet-{name}, subnet SharedSubnet; the cluster that builds images is there already."
            ),
        },
    ]
}

/// The whole way in, to be read.
#[must_use]
pub(super) fn text(record: &Record, practice: bool) -> Viewer {
    let mut paragraphs = Vec::new();
    for (index, step) in steps(record).into_iter().enumerate() {
        paragraphs.push((Kind::Heading, format!("{}  {}", index + 1, step.title)));
        paragraphs.push((Kind::Text, step.words));
        paragraphs.push((Kind::Text, String::new()));
    }
    paragraphs.push((Kind::Quiet, bastion_address(record)));
    paragraphs.push((Kind::Text, String::new()));
    paragraphs.push((
        Kind::Text,
        "The studio opens only from inside the network: that is the point. From your own machine it will refuse you. \
         For many users, the network can be peered with a VPN hub later."
            .to_owned(),
    ));
    paragraphs.push((
        Kind::Text,
        "At the end of the deployment was read back: public access is off on workspace, storage, vault and registry; the \
         workspace's private endpoint is approved; the default route leads to the firewall's real address."
            .to_owned(),
    ));
    if practice {
        paragraphs.push((
            Kind::Text,
            "This is the PRACTICE cloud: there is no such portal page, and nothing to pay."
                .to_owned(),
        ));
    }
    Viewer::new("The way in", paragraphs)
}
