//! To and from the private storage: with the studio, from behind a hub, and past the network where that is open.

use super::{Direction, Doors, Hub, NeededRole, VPN, Way};
use crate::domain::settings::DatastoreAccess;

/// A data asset from local files is uploaded to the default datastore.
const ASSETS_PAGE: &str =
    "https://learn.microsoft.com/azure/machine-learning/how-to-create-data-assets";
/// The files of a job are downloaded from its tab Outputs + logs.
const OUTPUTS_PAGE: &str =
    "https://learn.microsoft.com/azure/machine-learning/how-to-use-automated-ml-for-ml-models";
/// A private workspace is reached over a VPN gateway, `ExpressRoute`, or Bastion.
const PRIVATE_PAGE: &str =
    "https://learn.microsoft.com/azure/machine-learning/how-to-configure-private-link";
/// Whoever may call it downloads the disk from an address that Azure hands out.
const DISK_PAGE: &str = "https://learn.microsoft.com/rest/api/compute/disks/grant-access";
const LOGS_PAGE: &str = "https://learn.microsoft.com/azure/azure-monitor/logs/manage-access";
/// What an open scope reaches.
const SCOPE_PAGE: &str =
    "https://learn.microsoft.com/azure/azure-monitor/fundamentals/private-link-design#access-modes";

/// `AzCopy` with Microsoft Entra ID uploads with the first and downloads with the second
/// (<https://learn.microsoft.com/azure/storage/common/storage-use-azcopy-authorize-azure-active-directory>).
const WRITES_BLOBS: &str = "Storage Blob Data Contributor";
const READS_BLOBS: &str = "Storage Blob Data Reader";
const WORKS: &str = "AzureML Data Scientist";

pub(in crate::domain) const DISK: &str = "disk";
pub(in crate::domain) const LOGS: &str = "logs";
pub(in crate::domain) const SCOPE: &str = "monitor-scope";

fn on(role: &'static str, scope: String) -> NeededRole {
    NeededRole { role, scope }
}

/// What a person needs in the studio. With keys the workspace hands out the datastore's key to whoever may list its
/// secrets, which the role on the workspace contains
/// (<https://learn.microsoft.com/azure/machine-learning/how-to-administrate-data-authentication>).
fn roles(doors: &Doors, direction: Direction) -> Vec<NeededRole> {
    let name = &doors.full_name;
    let mut roles = vec![on(WORKS, format!("ml-{name}"))];
    if doors.access == DatastoreAccess::Identity {
        let role = match direction {
            Direction::In => WRITES_BLOBS,
            Direction::Out => READS_BLOBS,
        };
        roles.push(on(role, format!("stg{name}")));
    }
    roles
}

/// In the studio, from the jumpbox or any other machine inside.
pub(super) fn studio(doors: &Doors, direction: Direction) -> Option<Way> {
    let name = &doors.full_name;
    let open = format!("In the jumpbox open {} and choose ml-{name}.", doors.studio);
    let (title, how, page) = match direction {
        Direction::In => (
            "Upload in the studio",
            format!(
                "Data, Create, From local files. They go to the datastore workspaceblobstore, which is in stg{name}."
            ),
            ASSETS_PAGE,
        ),
        Direction::Out => (
            "Download in the studio",
            "Jobs, the job, Outputs + logs. What is downloaded is on the jumpbox: it is not outside yet."
                .to_owned(),
            OUTPUTS_PAGE,
        ),
    };
    doors.jumpbox.then(|| Way {
        steps: vec![open, how],
        roles: roles(doors, direction),
        page: Some(page),
        carries_out: false,
        ..Way::new("studio", direction, title, "studio")
    })
}

/// From a machine behind the hub, over its VPN or `ExpressRoute`.
pub(super) fn behind_the_hub(doors: &Doors, direction: Direction) -> Way {
    let title = match direction {
        Direction::In => "From a machine behind the hub",
        Direction::Out => "To a machine behind the hub",
    };
    let way = Way { page: Some(PRIVATE_PAGE), ..Way::new(VPN, direction, title, "hub") };
    match doors.hub {
        Hub::NotLinked => return way.closed("No hub is linked."),
        Hub::Unread => {
            let why = "Whether a hub is linked has not been read; the status reads it.";
            return Way { unread: true, ..way }.closed(why);
        }
        Hub::Linked => {}
    }
    let name = &doors.full_name;
    let verb = match direction {
        Direction::In => "uploads to",
        Direction::Out => "downloads from",
    };
    let mut steps = vec![format!(
        "On a machine that reaches the hub open {}: what it {verb} the storage goes over the VPN or ExpressRoute.",
        doors.studio
    )];
    let copy = match direction {
        Direction::In => WRITES_BLOBS,
        Direction::Out => READS_BLOBS,
    };
    if doors.access == DatastoreAccess::Identity {
        steps.push(format!("AzCopy {verb} stg{name} too, with the role on it."));
    } else {
        steps.push(format!("AzCopy {verb} stg{name} too; it needs the role {copy} on it."));
    }
    Way { steps, roles: roles(doors, direction), ..way }
}

/// What leaves without passing Bastion or the firewall.
pub(super) fn past_the_network(doors: &Doors, direction: Direction) -> Vec<Way> {
    if direction == Direction::In {
        return Vec::new();
    }
    let name = &doors.full_name;
    let way = |id, title, short| Way::new(id, direction, title, short);
    let disk = doors.jumpbox.then(|| Way {
        steps: vec![
            "Azure hands out an address from which the disk, with all that is saved on it, is downloaded over the \
             internet."
                .to_owned(),
        ],
        roles: vec![on("Contributor", format!("the disk of vm-{name}"))],
        page: Some(DISK_PAGE),
        ..way(DISK, "Export of the jumpbox's disk", "disk")
    });
    let logs = doors.logs.then(|| Way {
        steps: vec![
            "Whoever may read them queries logs and traces from any machine that signs in."
                .to_owned(),
        ],
        roles: vec![on("Log Analytics Reader", format!("log-{name}"))],
        limits: vec!["What programs wrote into them, no files.".to_owned()],
        page: Some(LOGS_PAGE),
        ..way(LOGS, "Queries of the logs from outside", "logs")
    });
    let scope = doors.monitor.then(|| Way {
        steps: vec![
            "Machines inside also write to other people's Azure Monitor resources that accept public networks, past \
             the firewall."
                .to_owned(),
        ],
        page: Some(SCOPE_PAGE),
        ..way(SCOPE, "Azure Monitor resources of others", "Azure Monitor")
    });
    [disk, logs, scope].into_iter().flatten().collect()
}
