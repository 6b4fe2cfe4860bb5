//! Virtual machines: sizes that fit, changes that are refused, and what a running one shows.

use serde_json::{Value, json};

use super::{Proposed, child, credential, size};
use crate::practice::identifier::ResourceId;
use crate::practice::json::{self, HasJson as _};
use crate::practice::reply::Result;
use crate::practice::state::{Cloud, StoredResource};
use crate::practice::{catalog, secure};

const MACHINE: &str = "Microsoft.Compute/virtualMachines";
const EXTENSION: &str = "Microsoft.Compute/virtualMachines/extensions";
/// Where a machine's states stand.
const STATUSES: &str = "/properties/instanceView/statuses";

/// Size of a Windows image's disk, in GB.
const DISK_SIZE: u32 = 127;
/// Families of sizes of the first generation, without Trusted Launch.
const FIRST_GENERATION: [&str; 5] =
    ["Standard_A", "Standard_D1", "Standard_D2_v2", "Standard_F", "Basic_A"];

pub(super) fn preflight(proposed: &Proposed<'_>) -> Result<()> {
    if !proposed.is(MACHINE) {
        return Ok(());
    }
    if proposed.existing.is_none() {
        credential::check(proposed)?;
    }
    let trusted = proposed.says("/properties/securityProfile/securityType", "TrustedLaunch");
    let size = proposed.text("/properties/hardwareProfile/vmSize");
    if !size.is_empty() && !size::has_form(size) {
        return Err(bad_request!(
            "InvalidParameter",
            "The value {size} provided for the VM size is not valid. The valid sizes in the current region are: \
             {}.",
            catalog::size_names().join(",")
        )
        .about("vmSize"));
    }
    if trusted && FIRST_GENERATION.iter().any(|family| size.starts_with(family)) {
        return Err(bad_request!(
            "BadRequest",
            "Use of TrustedLaunch setting is not supported for the provided VM size: the size '{size}' cannot boot \
             Hypervisor Generation '2'."
        ));
    }
    Ok(())
}

pub(super) fn check(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<()> {
    if proposed.is(EXTENSION) {
        runs(cloud, proposed)?;
        return one_access_extension(cloud, proposed);
    }
    if !proposed.is(MACHINE) {
        return Ok(());
    }
    if let Some(existing) = proposed.existing {
        unchangeable(proposed, &existing.body)?;
    }
    let interfaces = proposed.items("/properties/networkProfile/networkInterfaces");
    for interface in interfaces {
        let id = interface.text("/id");
        let holder =
            cloud.resource_at(id).map_or("", |found| found.text("/properties/virtualMachine/id"));
        if !holder.is_empty() && !holder.eq_ignore_ascii_case(&proposed.id.to_string()) {
            return Err(bad_request!(
                "NicInUse",
                "Network Interface {id} is used by existing resource {holder}."
            ));
        }
    }
    Ok(())
}

/// Changes that Azure refuses on a machine that exists.
fn unchangeable(proposed: &Proposed<'_>, before: &Value) -> Result<()> {
    for pointer in [
        "/properties/osProfile/adminUsername",
        "/properties/osProfile/computerName",
        "/properties/osProfile/adminPassword",
    ] {
        let asked = proposed.get(pointer);
        let known = before.pointer(pointer);
        let unchanged = match (asked, known) {
            (Some(asked), Some(known)) => asked == known || secure::matches(known, asked),
            _ => true,
        };
        if !unchanged {
            let name = pointer.rsplit('/').next().unwrap_or("");
            return Err(conflict!(
                "PropertyChangeNotAllowed",
                "Changing property 'osProfile.{name}' is not allowed."
            )
            .about(format!("osProfile.{name}")));
        }
    }
    Ok(())
}

/// The agent inside the machine does what an extension asks for, so the machine must run (microsoft/AzureTRE#2138).
fn runs(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<()> {
    let machine = proposed.id.parent();
    let machine = machine.and_then(|machine| cloud.resource(&machine));
    let statuses = machine.map_or(&[][..], |machine| machine.items(STATUSES));
    let is_off = |status: &Value| {
        ["PowerState/deallocated", "PowerState/stopped"].contains(&status.text("/code"))
    };
    if statuses.iter().any(is_off) {
        return Err(conflict!(
            "OperationNotAllowed",
            "Cannot modify extensions in the VM when the VM is not running."
        ));
    }
    Ok(())
}

fn one_access_extension(cloud: &Cloud, proposed: &Proposed<'_>) -> Result<()> {
    let kind = proposed.text("/properties/type");
    let Some(machine) = proposed.id.parent() else { return Ok(()) };
    let other = cloud
        .children(&machine, "extensions")
        .find(|other| other.id.key() != proposed.id.key() && other.says("/properties/type", kind));
    let Some(other) = other else { return Ok(()) };
    Err(bad_request!(
        "BadRequest",
        "Multiple VMExtensions per handler not supported for OS type 'Windows'. VMExtension '{}' with handler \
             '{kind}' already added or specified in input.",
        other.name
    ))
}

/// Its power state, which a write does not change; a new machine runs.
fn power(cloud: &Cloud, id: &ResourceId) -> Value {
    let statuses = cloud.resource(id).map_or(&[][..], |machine| machine.runtime.items(STATUSES));
    let is_power = |status: &&Value| status.text("/code").starts_with("PowerState/");
    statuses.iter().rfind(is_power).cloned().unwrap_or_else(
        || json!({ "code": "PowerState/running", "level": "Info", "displayStatus": "VM running" }),
    )
}

fn succeeded(shown: &str, time: &str) -> Value {
    json!({ "code": "ProvisioningState/succeeded", "level": "Info", "displayStatus": shown, "time": time })
}

pub(super) fn done(cloud: &mut Cloud, id: &ResourceId) {
    let now = cloud.now().to_string();
    let power = power(cloud, id);
    let machine = child::identifier(cloud, id, "machine");
    let disk_name = match child::text(cloud, id, "/properties/storageProfile/osDisk/name") {
        given if given.is_empty() => format!("{}_OsDisk_1_{}", id.name(), machine.replace('-', "")),
        given => given,
    };
    let disk = id.sibling("Microsoft.Compute", "disks", &disk_name);
    child::show_properties!(cloud, id, {
        "vmId": machine,
        "timeCreated": child::created(cloud, id),
        "storageProfile": { "osDisk": {
            "osType": "Windows",
            "name": disk_name,
            "managedDisk": { "id": disk.to_string() },
        }},
        "instanceView": {
            "computerName": child::text(cloud, id, "/properties/osProfile/computerName"),
            "osName": "Windows 11",
            "hyperVGeneration": "V2",
            "vmAgent": {
                "vmAgentVersion": "2.7.41491.1172",
                "statuses": [succeeded("Ready", &now)],
                "extensionHandlers": [],
            },
            "statuses": [succeeded("Provisioning succeeded", &now), power],
        },
    });
    make_disk(cloud, id, &disk);
    for interface in child::items(cloud, id, "/properties/networkProfile/networkInterfaces") {
        if let Some(interface) = interface.id_at("/id") {
            let holder = json!({ "properties": { "virtualMachine": { "id": id.to_string() } } });
            child::show(cloud, &interface, holder);
        }
    }
}

/// What Azure chooses of a disk where a machine does not ask for it (recorded:
/// `microsoft.compute_virtualmachines.jsonl#0`).
pub(super) fn unasked_disk(machine: &StoredResource) -> Value {
    let size = machine.text("/properties/hardwareProfile/vmSize");
    json!({
        "createOption": "FromImage",
        "caching": "ReadWrite",
        "deleteOption": "Detach",
        "diskSizeGB": DISK_SIZE,
        "managedDisk": { "storageAccountType": size::disk(size) },
    })
}

fn make_disk(cloud: &mut Cloud, machine: &ResourceId, disk: &ResourceId) {
    if cloud.resource(disk).is_some() {
        return;
    }
    let profile = "/properties/storageProfile/osDisk";
    let kind =
        match child::text(cloud, machine, &format!("{profile}/managedDisk/storageAccountType")) {
            asked if asked.is_empty() => {
                let size = child::text(cloud, machine, "/properties/hardwareProfile/vmSize");
                size::disk(&size).to_owned()
            }
            asked => asked,
        };
    let body = json!({
        "location": child::text(cloud, machine, "/location"),
        "sku": { "name": kind },
        "properties": {
            "osType": "Windows",
            "hyperVGeneration": "V2",
            "creationData": { "createOption": "FromImage" },
            "diskSizeGB": cloud
                .resource(machine)
                .and_then(|found| found.get(&format!("{profile}/diskSizeGB")).cloned())
                .unwrap_or_else(|| json!(DISK_SIZE)),
        },
    });
    let runtime = json!({
        "managedBy": machine.to_string(),
        "properties": { "diskState": "Attached", "provisioningState": "Succeeded" },
    });
    child::make(cloud, disk, "2025-04-01", body, runtime);
}

/// The access extension sets the administrator's password: the machine keeps the new one's digest from now on.
pub(super) fn extension_done(cloud: &mut Cloud, id: &ResourceId) {
    show_extension(cloud, id, true);
    if !child::text(cloud, id, "/properties/type").eq_ignore_ascii_case("VMAccessAgent") {
        return;
    }
    let kept = cloud
        .resource(id)
        .and_then(|found| found.body.pointer("/properties/protectedSettings"))
        .and_then(|settings| settings.get("Password").or_else(|| settings.get("password")))
        .cloned();
    let user = child::text(cloud, id, "/properties/settings/UserName");
    let machine = id.parent();
    if let (Some(kept), Some(machine)) = (kept, machine.and_then(|id| cloud.resource_mut(&id))) {
        let mut profile = json!({ "adminPassword": kept });
        if !user.is_empty() {
            json::merge(&mut profile, json!({ "adminUsername": user }));
        }
        // A digest is replaced as a whole: both of its members are.
        let body = json!({ "properties": { "osProfile": profile } });
        json::merge(&mut machine.body, body);
    }
}

pub(super) fn extension_going(cloud: &mut Cloud, id: &ResourceId) {
    show_extension(cloud, id, false);
}

/// A machine's instance view tells how its extensions fare.
fn show_extension(cloud: &mut Cloud, id: &ResourceId, present: bool) {
    let Some(machine) = id.parent() else { return };
    let mut shown = child::shown(cloud, &machine, "/properties/instanceView/extensions");
    shown.retain(|known| known.text("/name") != id.name());
    if present {
        let text = |part: &str| child::text(cloud, id, &format!("/properties/{part}"));
        shown.push(json!({
            "name": id.name(),
            "type": format!("{}.{}", text("publisher"), text("type")),
            "typeHandlerVersion": text("typeHandlerVersion"),
            "statuses": [succeeded("Provisioning succeeded", &cloud.now().to_string())],
        }));
    }
    let view = json!({ "properties": { "instanceView": { "extensions": shown } } });
    child::show(cloud, &machine, view);
}

/// The disk and the network card go with the machine when it says so.
pub(super) fn going(cloud: &mut Cloud, id: &ResourceId) {
    let is_delete = |option: &str| option.eq_ignore_ascii_case("Delete");
    let Some(machine) = cloud.resource(id).cloned() else { return };
    if let Some(disk) = machine.id_at("/properties/storageProfile/osDisk/managedDisk/id") {
        if is_delete(machine.text("/properties/storageProfile/osDisk/deleteOption")) {
            cloud.remove_resource(&disk);
        } else {
            let free = json!({ "managedBy": null, "properties": { "diskState": "Unattached" } });
            child::show(cloud, &disk, free);
        }
    }
    for interface in child::items(cloud, id, "/properties/networkProfile/networkInterfaces") {
        let Some(card) = interface.id_at("/id") else { continue };
        if is_delete(interface.text("/properties/deleteOption")) {
            cloud.remove_resource(&card);
        } else {
            child::show(cloud, &card, json!({ "properties": { "virtualMachine": null } }));
        }
    }
}
