//! The map of an environment that exists: how each element is, and all that is known of one of them.

use super::texts::of_part;
use crate::app::App;
use crate::app::dialog::viewer::{ParagraphKind, Viewer};
use crate::app::map::{ElementState, read};
use crate::domain::audit::{Audit, Finding, List};
use crate::domain::drift::Difference;
use crate::domain::inventory::name_of;
use crate::domain::map::{MapElement, MapKind};
use crate::domain::words::count;

/// The last audit, where it is of the environment that is shown.
fn audit(app: &App) -> Option<&Audit> {
    let audit = app.audit.audit.as_deref()?;
    app.status.is_of(&audit.full_name).then_some(audit)
}

fn has(element: &MapElement, resource: &str) -> bool {
    let name = name_of(resource);
    !name.is_empty() && element.ids.iter().any(|id| name_of(id).eq_ignore_ascii_case(name))
}

/// What the last audit found of an element that does not hold, with the number of its point. A name that more than one
/// element has (`default`, say) tells of none.
fn failing<'a>(app: &'a App, element: &'a MapElement) -> impl Iterator<Item = (u8, &'a Finding)> {
    let map = app.status.seen.as_deref().and_then(|seen| seen.map.as_deref());
    let is_only = move |resource: &str| {
        let elements = map.into_iter().flat_map(|map| &map.elements);
        elements.filter(|each| has(each, resource)).count() == 1
    };
    let found = audit(app).into_iter().flat_map(|audit| audit.list(List::DoesNotHold));
    found.filter(move |(_, found)| has(element, &found.resource) && is_only(&found.resource))
}

/// The differences of an element from the plan.
fn differences<'a>(app: &'a App, element: &'a MapElement) -> impl Iterator<Item = &'a Difference> {
    let seen = app.status.seen.as_deref();
    let all = seen.into_iter().flat_map(|seen| seen.drift.rows());
    all.filter(|each| element.ids.iter().any(|id| each.id.eq_ignore_ascii_case(id)))
}

/// How an element is, with the same in a few words: what the audit found comes before what runs.
pub fn look(app: &App, element: &MapElement) -> (ElementState, String) {
    let Some(seen) = app.status.seen.as_deref() else {
        return (ElementState::Unknown, String::new());
    };
    let (state, words) = read(element, &seen.parts);
    let (failing, changed) = (failing(app, element).count(), differences(app, element).count());
    let is_worse = matches!(state, ElementState::Bad);
    match (failing, changed) {
        _ if is_worse => (state, words),
        (0, 0) => (state, words),
        (0, changed) => (ElementState::Warning, count(changed, "difference")),
        (failing, _) => (ElementState::Warning, format!("audit: {failing} not held")),
    }
}

/// What is to be said of that which has no part of its own.
fn outside(element: &MapElement, is_closed: bool) -> Viewer {
    let words = match element.kind {
        MapKind::People => "Who may sign in is decided by the permissions; the audit reads them.",
        MapKind::Hub => "H opens the connection to a hub.",
        MapKind::Internet if is_closed => {
            "Workspace, storage, key vault and registry were read, and none has public access."
        }
        MapKind::Internet => "Not every service was read as closed: those that are marked say why.",
        _ => "Nothing was read of it.",
    };
    let paragraphs = vec![
        (ParagraphKind::Heading, element.name.clone()),
        (ParagraphKind::Text, words.to_owned()),
    ];
    Viewer::new(&element.title, paragraphs)
}

/// Shows all that is known of the element that has the keys.
pub(super) fn open(app: &mut App) {
    let Some(seen) = app.status.seen.as_deref() else { return };
    let Some(map) = seen.map.as_deref() else { return };
    let Some(element) = map.elements.get(app.status.map.focused(map)) else { return };
    let part = seen.parts.iter().find(|part| part.title == element.part);
    let mut viewer = match part {
        Some(part) => of_part(part, seen.elsewhere.as_ref()),
        None => outside(element, map.public.is_empty()),
    };
    viewer.title.clone_from(&element.title);
    for difference in differences(app, element) {
        viewer.paragraphs.push((ParagraphKind::Text, String::new()));
        viewer.paragraphs.push((ParagraphKind::Bad, difference.sentence()));
        viewer.paragraphs.push((ParagraphKind::Text, difference.remedy.clone()));
    }
    for (point, finding) in failing(app, element) {
        let found = format!(
            "Audit, point {point}: {} {}: {}",
            finding.resource,
            finding.place(),
            finding.found
        );
        viewer.paragraphs.push((ParagraphKind::Text, String::new()));
        viewer.paragraphs.push((ParagraphKind::Bad, found));
        viewer.paragraphs.push((ParagraphKind::Text, finding.remedy.clone()));
    }
    if !element.ids.is_empty() {
        viewer.paragraphs.push((ParagraphKind::Text, String::new()));
        let ids = element.ids.iter().map(|id| (ParagraphKind::Quiet, id.clone()));
        viewer.paragraphs.extend(ids);
    }
    app.show(viewer);
}
