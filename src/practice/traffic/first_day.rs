//! What a jumpbox asks for on its first day: Windows by itself, then somebody with a browser, an editor and packages.
//!
//! Nothing here says what is refused. Each destination is sent to the group's firewall when its time has come, and the
//! policy of that moment decides.

use jiff::SignedDuration;

use crate::domain::egress::Query;
use crate::practice::identifier::ResourceId;
use crate::practice::state::{Cloud, What};

const MACHINE: &str = "Microsoft.Compute/virtualMachines";

/// What Windows 11 asks for while nobody touches it
/// (<https://learn.microsoft.com/windows/privacy/manage-windows-11-endpoints>).
const WINDOWS: &[&str] = &[
    "http://www.msftconnecttest.com",
    "http://ctldl.windowsupdate.com",
    "https://v10.events.data.microsoft.com",
    "https://functional.events.data.microsoft.com",
    "https://login.live.com",
    "https://wdcp.microsoft.com",
    "https://licensing.mp.microsoft.com",
    "https://displaycatalog.mp.microsoft.com",
];
/// What Edge and Windows ask for once somebody signs in, from the same page; then the studio, which every preset lets
/// through.
const BROWSER: &[&str] = &[
    "https://edge.microsoft.com",
    "https://msedge.api.cdp.microsoft.com",
    "https://nav-edge.smartscreen.microsoft.com",
    "https://checkappexec.microsoft.com",
    "https://windows.msn.com",
    "https://www.bing.com",
    "https://fs.microsoft.com",
    "https://ml.azure.com",
];
/// What samples fetch, and what Visual Studio Code needs for its extensions
/// (<https://learn.microsoft.com/azure/machine-learning/how-to-access-azureml-behind-firewall>).
const WORK: &[&str] = &[
    "https://update.code.visualstudio.com",
    "https://marketplace.visualstudio.com",
    "https://vscode.blob.core.windows.net",
    "https://github.com",
    "https://raw.githubusercontent.com",
    "https://repo.anaconda.com",
    "https://conda.anaconda.org",
    "https://www.openml.org",
];

/// When each round comes, in minutes after the one before, and what is asked for.
const ROUNDS: &[(i64, &[&str])] = &[
    (3, WINDOWS),
    (9, WINDOWS),
    (10, BROWSER),
    (20, WORK),
    (60, WINDOWS),
    (60, BROWSER),
    (180, WINDOWS),
];

/// A machine that was created in the last hour is at the beginning of its first day; a later write of it is not.
const NEW: SignedDuration = SignedDuration::from_hours(1);

/// Begins the first day of a machine that has just been created.
pub(in crate::practice) fn begin(cloud: &mut Cloud, id: &ResourceId) {
    if !id.is(MACHINE) {
        return;
    }
    let now = cloud.now();
    let is_new =
        cloud.resource(id).is_some_and(|machine| now.duration_since(machine.created) <= NEW);
    let goes_on = cloud
        .root
        .events()
        .any(|what| matches!(what, What::Traffic { machine, .. } if machine.key() == id.key()));
    if is_new && !goes_on {
        next(cloud, id, 0);
    }
}

fn next(cloud: &mut Cloud, id: &ResourceId, round: usize) {
    if let Some((minutes, _)) = ROUNDS.get(round) {
        let what = What::Traffic { machine: id.clone(), round };
        cloud.schedule_in(SignedDuration::from_mins(*minutes), what);
    }
}

/// A machine asks for what it asks for in a round, and the next round is set. A machine that is gone asks no more.
pub(in crate::practice) fn round(cloud: &mut Cloud, id: &ResourceId, round: usize) {
    let Some(machine) = cloud.resource(id) else { return };
    let is_off = ["deallocated", "stopped"]
        .iter()
        .any(|power| machine.runtime.to_string().contains(&format!("PowerState/{power}")));
    let firewall = super::in_the_way(cloud, id);
    if let (false, Some(firewall), Some((_, hosts))) = (is_off, firewall, ROUNDS.get(round)) {
        let source = super::shared_subnet(cloud, &firewall);
        for question in hosts.iter().filter_map(|host| host.parse::<Query>().ok()) {
            // A policy that cannot be read lets nothing be told.
            let _ = super::pass(cloud, &firewall, &question, source);
        }
    }
    next(cloud, id, round.saturating_add(1));
}
