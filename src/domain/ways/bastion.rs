//! Through Bastion: text in the browser, files with the native client, by its tier.

use super::doors::BastionDoor;
use super::{Direction, Doors, NeededRole, Way};
use crate::domain::settings::BastionSku;

/// Only text is copied in the browser, on every tier; Standard and Premium can switch it off.
const TEXT_PAGE: &str = "https://learn.microsoft.com/azure/bastion/bastion-vm-copy-paste";
/// Files are copied with a native client only, from Standard on. What a native client copies is decided by that client:
/// Bastion cannot allow the client and refuse its files
/// (<https://learn.microsoft.com/azure/bastion/native-client>).
const FILES_PAGE: &str = "https://learn.microsoft.com/azure/bastion/vm-upload-download-native";
/// The tiers and what each has.
const TIERS_PAGE: &str = "https://learn.microsoft.com/azure/bastion/bastion-sku-comparison";

pub(in crate::domain) const TEXT: &str = "bastion-text";
pub(in crate::domain) const FILES: &str = "bastion-files";

/// The ways through Bastion.
pub(super) fn ways(doors: &Doors, direction: Direction) -> Vec<Way> {
    let Some(door) = doors.bastion.filter(|_| doors.jumpbox) else { return Vec::new() };
    vec![text(doors, door, direction), files(doors, door, direction)]
}

/// The roles that Bastion asks for (<https://learn.microsoft.com/azure/bastion/bastion-faq#roles>).
pub(super) fn roles(doors: &Doors) -> Vec<NeededRole> {
    let name = &doors.full_name;
    [format!("vm-{name}"), format!("nic-vm-{name}"), format!("bas-{name}")]
        .into_iter()
        .map(|scope| NeededRole { role: "Reader", scope })
        .collect()
}

fn text(doors: &Doors, door: BastionDoor, direction: Direction) -> Way {
    let title = "Text by copy and paste through Bastion";
    let way = Way { page: Some(TEXT_PAGE), ..Way::new(TEXT, direction, title, "Bastion (text)") };
    if !door.text {
        return way.closed("Copy and paste is switched off on Bastion.");
    }
    let step = match direction {
        Direction::In => "Copy the text here and paste it in the jumpbox's window of the browser.",
        Direction::Out => "Copy the text in the jumpbox's window of the browser and paste it here.",
    };
    let mut limits = vec!["Text only: the browser copies no files.".to_owned()];
    if door.tier == BastionSku::Developer {
        limits.push(
            "Bastion Developer has one connection at a time, and none from peered networks."
                .to_owned(),
        );
    }
    if direction == Direction::Out && door.tier < BastionSku::Standard {
        limits.push(format!(
            "Bastion {} cannot switch it off; Standard and Premium can.",
            tier(door.tier)
        ));
    }
    Way { steps: vec![step.to_owned()], roles: roles(doors), limits, ..way }
}

fn files(doors: &Doors, door: BastionDoor, direction: Direction) -> Way {
    let title = "Files through Bastion with the native client";
    let way =
        Way { page: Some(FILES_PAGE), ..Way::new(FILES, direction, title, "Bastion (files)") };
    if door.tier < BastionSku::Standard {
        let why = format!(
            "Bastion {} has no native client, so it copies no files. Standard and Premium do; a tier can be raised, \
             never lowered.",
            tier(door.tier)
        );
        return Way { page: Some(TIERS_PAGE), ..way }.closed(why);
    }
    if !door.native {
        return way.closed("The native client is switched off on Bastion.");
    }
    let step = match direction {
        Direction::In => "Copy the file here, then paste it in the jumpbox.",
        Direction::Out => "Copy the file in the jumpbox, then paste it here.",
    };
    Way {
        steps: vec![
            "On Windows `az network bastion rdp` opens the jumpbox in Remote Desktop; other clients connect through \
             `az network bastion tunnel`."
                .to_owned(),
            step.to_owned(),
        ],
        roles: roles(doors),
        limits: vec![
            "What it copies is set in the client: Bastion cannot refuse files to a native client that it admits."
                .to_owned(),
        ],
        ..way
    }
}

/// The tier by Azure's name.
fn tier(tier: BastionSku) -> &'static str {
    match tier {
        BastionSku::Developer => "Developer",
        BastionSku::Basic => "Basic",
        BastionSku::Standard => "Standard",
        BastionSku::Premium => "Premium",
    }
}
