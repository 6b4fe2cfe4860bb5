//! Points 25 and 26: the jumpbox and the way in.

use super::{
    case::{CARD, Case, MACHINE, items, text},
    sheet::{Rule, Sheet},
    workspace::with,
};

pub(super) fn jumpbox(case: &Case<'_>, sheet: &mut Sheet) {
    let Some(machine) = with(case, sheet, MACHINE) else {
        return;
    };
    let remedy = "Security types are chosen when a machine is made: delete the machine and run `privateaml mend`.";
    let field = "/properties/securityProfile/securityType";
    sheet.field(
        &machine,
        field,
        Rule::OneOf(&["TrustedLaunch", "ConfidentialVM"]),
        remedy,
    );
    for card in case.planned(CARD) {
        let part = case.part(&card.id);
        let field = "/properties/ipConfigurations/publicIPAddress";
        let Some(body) = sheet.body(&part, field, "no public address") else {
            continue;
        };
        let public = items(body, "/properties/ipConfigurations")
            .iter()
            .map(|each| text(each, "/properties/publicIPAddress/id"))
            .find(|id| !id.is_empty());
        let found = public.map_or("none", crate::domain::inventory::name_of);
        let remedy = "Dissociate the public address from the network card, and delete it.";
        sheet.judge(
            part.name,
            field,
            "no public address",
            found,
            public.is_none(),
            remedy,
        );
    }
    for schedule in case.planned("Microsoft.DevTestLab/schedules") {
        let part = case.part(&schedule.id);
        let planned = text(&schedule.body, "/properties/status");
        if planned == "Disabled" {
            sheet.open(
                part.name,
                "properties.status",
                "Disabled",
                "The jumpbox runs, and costs, until somebody stops it.",
            );
        } else {
            let remedy = "Enable auto-shutdown on the machine's page: a machine that runs is one that can be attacked.";
            sheet.field(&part, "/properties/status", Rule::Is("Enabled"), remedy);
        }
    }
    disk(case, sheet);
}

fn disk(case: &Case<'_>, sheet: &mut Sheet) {
    let Some(planned) = case.planned(MACHINE).next() else {
        return;
    };
    let name = text(&planned.body, "/properties/storageProfile/osDisk/name");
    let disk = case
        .inventory
        .of_type("Microsoft.Compute/disks")
        .find(|each| each.name.eq_ignore_ascii_case(name));
    let Some(disk) = disk else {
        sheet.unknown(
            name,
            "networkAccessPolicy",
            "no public export",
            "the disk was not found",
        );
        return;
    };
    let part = case.part(&disk.id);
    let Some(body) = sheet.body(&part, "/properties/networkAccessPolicy", "no public export")
    else {
        return;
    };
    let policy = text(body, "/properties/networkAccessPolicy");
    let closed = matches!(policy, "DenyAll" | "AllowPrivate")
        || text(body, "/properties/publicNetworkAccess").eq_ignore_ascii_case("Disabled");
    let active = text(body, "/properties/diskState").eq_ignore_ascii_case("ActiveSAS");
    if active {
        let remedy =
            "Cancel the export on the disk's Disk Export page: somebody is downloading the disk.";
        sheet.judge(
            part.name,
            "/properties/diskState",
            "no export under way",
            "ActiveSAS",
            false,
            remedy,
        );
    } else if closed {
        sheet.judge(
            part.name,
            "/properties/networkAccessPolicy",
            "no public export",
            policy,
            true,
            "",
        );
    } else {
        let what = "Whoever may write disks in this subscription can export it over the internet; set the disk's network \
                    access to Deny all to close that.";
        sheet.open(
            part.name,
            "properties.networkAccessPolicy",
            "AllowAll",
            what,
        );
    }
}

pub(super) fn bastion(case: &Case<'_>, sheet: &mut Sheet) {
    let Some(bastion) = with(case, sheet, "Microsoft.Network/bastionHosts") else {
        return;
    };
    let remedy = "Switch it off on Bastion's Configuration page.";
    sheet.field(
        &bastion,
        "/properties/enableShareableLink",
        Rule::NotTrue,
        remedy,
    );
    let planned = case.planned("Microsoft.Network/bastionHosts").next();
    let wanted = |pointer: &str| {
        planned.and_then(|each| each.body.pointer(pointer)) == Some(&serde_json::Value::Bool(true))
    };
    for (field, what) in [
        (
            "enableFileCopy",
            "Whoever signs in with a native client can copy files out.",
        ),
        (
            "enableTunneling",
            "Whoever signs in with a native client can open tunnels to machines inside.",
        ),
        (
            "enableIpConnect",
            "Bastion connects to any address that the network reaches.",
        ),
    ] {
        let pointer = format!("/properties/{field}");
        let on = bastion
            .body
            .is_ok_and(|body| body.pointer(&pointer) == Some(&serde_json::Value::Bool(true)));
        if on && wanted(&pointer) {
            sheet.open(bastion.name, &format!("properties.{field}"), "true", what);
        } else {
            sheet.field(&bastion, &pointer, Rule::NotTrue, remedy);
        }
    }
    let copy = "/properties/disableCopyPaste";
    if wanted(copy) {
        sheet.field(
            &bastion,
            copy,
            Rule::True,
            "Switch copy and paste off on Bastion's Configuration page.",
        );
    } else if let Ok(body) = bastion.body
        && body.pointer(copy) != Some(&serde_json::Value::Bool(true))
    {
        let what = "Whoever signs in can carry text out by copy and paste; --disable-copy-paste closes that (Bastion Standard).";
        sheet.open(bastion.name, "properties.disableCopyPaste", "not set", what);
    }
}
