//! What decides about the ways: read from the settings, or from a plan, whose template somebody may have changed.

use crate::domain::allowlist::{Allowlist, OWN_HOSTS};
use crate::domain::json::{is_on, text};
use crate::domain::plan::{Plan, PlannedGroup, Width};
use crate::domain::resource;
use crate::domain::settings::{BastionSku, DatastoreAccess, MonitorAccess, Settings};

/// Whether a hub is linked, with a VPN or `ExpressRoute` behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hub {
    /// It is.
    Linked,
    /// It is not.
    NotLinked,
    /// Nobody has looked.
    Unread,
}

/// What Bastion lets through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BastionDoor {
    pub(super) tier: BastionSku,
    /// Text by copy and paste, in the browser.
    pub(super) text: bool,
    /// The native client.
    pub(super) native: bool,
}

/// A group of the firewall that is on and has to do with data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OpenGroup {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) carries_out: bool,
    /// Azure Machine Learning does not work without it.
    pub(super) locked: bool,
}

/// What decides about the ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doors {
    pub(super) full_name: String,
    pub(super) studio: &'static str,
    pub(super) bastion: Option<BastionDoor>,
    pub(super) jumpbox: bool,
    pub(super) access: DatastoreAccess,
    pub(super) groups: Vec<OpenGroup>,
    /// Whether Azure Monitor's private link scope leads to the resources of others too.
    pub(super) monitor: bool,
    /// Whether the logs can be queried from outside.
    pub(super) logs: bool,
    pub(super) hub: Hub,
}

/// Whether every host of a group, even a single one, is shared with strangers.
pub(in crate::domain) fn is_among_strangers(group: &PlannedGroup) -> bool {
    let mut known = Allowlist::embedded().groups().iter();
    known.any(|each| each.id == group.group && each.carries_data_out)
}

/// Whether a stranger can receive what is sent through a group that is on.
pub fn carries_out(group: &PlannedGroup) -> bool {
    let is_wide = group.entries.iter().any(|entry| entry.width >= Width::SharedTenant);
    group.enabled && (is_among_strangers(group) || is_wide) && !group.entries.is_empty()
}

fn open_groups(groups: &[PlannedGroup]) -> Vec<OpenGroup> {
    let on = groups.iter().filter(|group| group.enabled && !group.entries.is_empty());
    let open = on.map(|group| OpenGroup {
        id: group.group.clone(),
        title: group.title.clone(),
        carries_out: carries_out(group),
        locked: group.locked,
    });
    open.filter(|group| group.carries_out || group.id == OWN_HOSTS).collect()
}

impl Doors {
    /// The doors that settings open. The template sets the rest, and the export of a changed template tells its own.
    pub fn of_settings(settings: &Settings, hub: Hub) -> Self {
        let features = settings.bastion >= BastionSku::Standard;
        let selected = Allowlist::embedded().select(settings);
        Self {
            full_name: settings.full_name(),
            studio: settings.cloud.studio(),
            bastion: Some(BastionDoor {
                tier: settings.bastion,
                text: !settings.disable_copy_paste,
                native: features && !settings.disable_copy_paste,
            }),
            jumpbox: true,
            access: settings.datastore_access,
            groups: open_groups(&selected.map(|selected| selected.groups).unwrap_or_default()),
            monitor: settings.monitor_access == MonitorAccess::Open,
            logs: true,
            hub,
        }
    }

    /// The same with the studio's address in its cloud.
    pub fn in_studio(self, studio: &'static str) -> Self {
        Self { studio, ..self }
    }

    /// The doors of a plan, which links no hub.
    pub fn of_plan(plan: &Plan) -> Self {
        let on = |kind, at: &str| plan.of_type(kind).any(|each| is_on(&each.body, at));
        let says = |kind, at: &str, word: &str| {
            plan.of_type(kind).any(|each| text(&each.body, at).eq_ignore_ascii_case(word))
        };
        let by_identity =
            says(resource::WORKSPACE, "/properties/systemDatastoresAuthMode", "identity");
        let tier = plan.of_type(resource::BASTION).next().map(|bastion| {
            serde_json::from_value(bastion.body.pointer("/sku/name").cloned().unwrap_or_default())
                .unwrap_or_default()
        });
        Self {
            full_name: plan.full_name(),
            studio: "the studio",
            bastion: tier.map(|tier| BastionDoor {
                tier,
                text: !on(resource::BASTION, "/properties/disableCopyPaste"),
                native: on(resource::BASTION, "/properties/enableTunneling"),
            }),
            jumpbox: plan.of_type(resource::MACHINE).next().is_some(),
            access: if by_identity {
                DatastoreAccess::Identity
            } else {
                DatastoreAccess::AccountKey
            },
            groups: open_groups(&plan.firewall),
            monitor: says(
                resource::LINK_SCOPE,
                "/properties/accessModeSettings/ingestionAccessMode",
                "Open",
            ),
            logs: says(resource::LOGS, "/properties/publicNetworkAccessForQuery", "Enabled"),
            hub: Hub::NotLinked,
        }
    }
}
