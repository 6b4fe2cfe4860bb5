//! The planned resources, the lists that belong to them, and what else the group holds.

use serde_json::Value;

use super::case::Missing;
use super::{
    Book, CHILDREN, Children, Difference, Spot, body, called, name_of, rights, table, text, told,
};
use crate::domain::inventory::Listed;
use crate::domain::plan::PlannedResource;
use crate::domain::{additions, resource};

/// Compares each planned resource with what was read of it.
pub(super) fn planned(book: &mut Book<'_>) {
    for planned in &book.case.plan.resources {
        if let Some(row) = additions::write_only(&planned.resource_type) {
            write_only(book, planned, row);
            continue;
        }
        let spot = Spot::planned(planned);
        // A list that could not be read is told once.
        if planned.resource_type.eq_ignore_ascii_case(resource::ROLE_ASSIGNMENT)
            && !rights::are_read(book)
        {
            continue;
        }
        match book.case.body(&planned.id) {
            Ok(found) => body::compare(book, spot, &planned.body, found),
            Err(Missing::Absent) => book.gone(&spot),
            Err(Missing::Unknown(why)) => {
                book.unread(&spot, why);
                // Rules by name and by address are two points.
                if planned.resource_type.eq_ignore_ascii_case(resource::RULE_GROUP) {
                    book.unread(&spot.point(super::firewall::BY_NAME), why);
                }
            }
        }
    }
}

/// Judges a resource that cannot be read by what it wrote into its parent.
fn write_only(book: &mut Book<'_>, planned: &PlannedResource, row: &additions::KnownDifference) {
    let parent = additions::parent(&planned.id).unwrap_or(&planned.id);
    let spot = Spot { name: called(parent), ..Spot::planned(planned) };
    let spot = Spot { id: parent, ..spot };
    match book.case.scene().is_in_parent(planned) {
        Some(true) => book.as_planned(&spot),
        Some(false) => {
            let difference = Difference { remedy: None, ..Difference::removed(&*row.why, "") };
            book.differs(&spot.place(row.path()), difference);
        }
        None => book.unread(&spot.place(row.path()), "what it is written into was not read"),
    }
}

/// Compares the lists that belong to planned resources: each item must be planned itself.
pub(super) fn children(book: &mut Book<'_>) {
    for kind in CHILDREN {
        for owner in book.case.planned(kind.of) {
            if book.case.body(&owner.id).is_ok() {
                let path = format!("{}/{}", owner.id, kind.list);
                of_list(book, &path, owner, &kind, &kind.resource_type());
            }
        }
    }
    diagnostics(book);
}

/// Compares one list; `resource_type` is that of its items.
fn of_list(
    book: &mut Book<'_>,
    path: &str,
    owner: &PlannedResource,
    kind: &Children,
    resource_type: &str,
) {
    let whole = Spot::planned(owner).place(kind.list).point(kind.point);
    let Some(items) = book.list(&whole, path) else { return };
    book.as_planned(&whole);
    let plan = book.case.plan;
    let strange = |item: &&Value| plan.resource_by_id(text(item, "/id")).is_none();
    for item in items.iter().filter(strange) {
        let spot = Spot {
            id: told(item, "/id").unwrap_or(&owner.id),
            name: told(item, "/name").map_or_else(|| called(text(item, "/id")), name_of),
            resource_type,
            place: "",
            point: super::firewall::point_of_group(item).or(Some(kind.point)),
        };
        let danger = kind.danger;
        let remedy =
            format!("Ask who created it and what for: {danger}. Delete it if nobody needs it.");
        book.differs(&spot, Difference::added(spot.name, remedy).with(item));
    }
}

/// Diagnostic settings: each resource with planned ones has these and no others.
fn diagnostics(book: &mut Book<'_>) {
    let kind = Children {
        of: resource::DIAGNOSTICS,
        list: "diagnosticSettings",
        point: 29,
        danger: "it sends logs to where it says",
    };
    for planned in book.case.planned(resource::DIAGNOSTICS) {
        let Some((path, _)) = planned.id.rsplit_once('/') else { continue };
        // A list that could not be read is told of each planned setting.
        if book.case.list(path).is_ok() {
            of_list(book, path, planned, &kind, resource::DIAGNOSTICS);
        }
    }
}

/// What the group holds besides: what comes with a planned resource is compared by the table, anything else was not
/// planned.
pub(super) fn others(book: &mut Book<'_>) {
    let Some(listed) = &book.case.inventory.listed else {
        let group = book.case.group_id().unwrap_or_default();
        for point in [12, 14, 21, 25, 29] {
            let spot = Spot::of(group, "Microsoft.Resources/resourceGroups")
                .place("resources")
                .point(point);
            book.unread(&spot, "the resource group could not be listed");
        }
        return;
    };
    for each in listed {
        if !book.case.is_planned(&each.id) {
            other(book, each);
        }
    }
}

fn other(book: &mut Book<'_>, listed: &Listed) {
    let spot = Spot { name: &listed.name, ..Spot::of(&listed.id, &listed.resource_type) };
    // A child is told in the list of what it belongs to.
    if CHILDREN.iter().any(|kind| kind.resource_type().eq_ignore_ascii_case(&listed.resource_type))
    {
        return;
    }
    if !book.case.scene().comes_along(listed) {
        if comes_with_stranger(book, &listed.id) {
            return;
        }
        let spot = spot.point(point_of_other(&listed.resource_type));
        let remedy =
            "Ask who created it and what for; delete it in the Azure portal if nobody needs it.";
        return book.differs(&spot, Difference::added(&*listed.name, remedy));
    }
    if table::is_placed(&listed.resource_type)
        && !listed.resource_type.eq_ignore_ascii_case(resource::PRIVATE_ENDPOINT)
    {
        let spot = if listed.resource_type.eq_ignore_ascii_case(resource::INTERFACE) {
            spot.point(12)
        } else {
            spot
        };
        match book.case.body(&listed.id) {
            Ok(found) => body::compare(book, spot, &Value::Null, found),
            Err(Missing::Absent) => {}
            Err(Missing::Unknown(why)) => book.unread(&spot, why),
        }
    }
}

/// Whether something belongs to another thing that was not planned, which is told itself.
fn comes_with_stranger(book: &Book<'_>, id: &str) -> bool {
    let Ok(body) = book.case.body(id) else { return false };
    let owners = ["/managedBy", "/properties/privateEndpoint/id"];
    let owner = owners.iter().find_map(|place| told(body, place));
    owner.is_some_and(|owner| !book.case.is_planned(owner) && book.case.is_listed(owner))
}

/// The point at which something is told that the group holds besides.
fn point_of_other(resource_type: &str) -> u8 {
    let is = |other: &str| resource_type.eq_ignore_ascii_case(other);
    if is(resource::INTERFACE) {
        return 12;
    }
    if is("Microsoft.Network/natGateways")
        || is("Microsoft.Network/loadBalancers")
        || is("Microsoft.Network/publicIPPrefixes")
    {
        return table::point(resource::PUBLIC_ADDRESS, "");
    }
    if is(resource::VIRTUAL_NETWORK) {
        return 27;
    }
    if is(resource::ROLE_ASSIGNMENT) {
        return 28;
    }
    table::point(resource_type, "")
}
