//! What the map of the preview opens: a resource, a list of those that belong together, or a group of rules.

use super::act::resource;
use super::firewall::why;
use crate::app::App;
use crate::app::dialog::Dialog;
use crate::app::dialog::viewer::{ParagraphKind, Viewer};
use crate::app::map::members;
use crate::domain::map::MapKind;
use crate::domain::ways::{self, Direction, Doors};

/// Opens the element that has the keys.
pub(super) fn open(app: &mut App) {
    let preview = &app.preview;
    let (Some(map), Some(plan)) = (&preview.map, &preview.plan) else { return };
    let Some(element) = map.elements.get(preview.map_state.focused(map)) else { return };
    if let Some(id) = element.key.strip_prefix("group:") {
        let group = plan.firewall.iter().find(|group| group.group == id);
        if let Some(viewer) = group.map(|group| why(group, None)) {
            app.show(viewer);
        }
        return;
    }
    match &element.members[..] {
        [] => {
            let words = outside(element.kind, map.public.is_empty(), &Doors::of_plan(plan));
            let paragraphs = words.into_iter().map(|text| (ParagraphKind::Text, text));
            let viewer = Viewer::new(&element.title, paragraphs.collect());
            app.show(viewer);
        }
        [only] => member(app, &only.clone()),
        _ => {
            let picker = members(element, |symbol| {
                let found = plan.resources.iter().find(|each| each.symbol == symbol)?;
                Some((found.description.clone(), found.name.clone()))
            });
            app.dialog = Some(Dialog::Picker(picker));
        }
    }
}

/// Shows a resource, by its symbol.
pub(in crate::app) fn member(app: &mut App, symbol: &str) {
    let plan = app.preview.plan.as_ref();
    let found = plan.and_then(|plan| plan.resources.iter().find(|each| each.symbol == symbol));
    if let Some(viewer) = found.map(resource) {
        app.show(viewer);
    }
}

/// What is to be said of that which is not deployed.
fn outside(kind: MapKind, is_closed: bool, doors: &Doors) -> Vec<String> {
    match kind {
        MapKind::People => {
            let mut told = vec!["People sign in with Microsoft Entra ID. How data gets in:".to_owned()];
            let ways = ways::ways(doors).into_iter();
            let open = ways.filter(|way| way.direction == Direction::In && way.closed.is_none());
            told.extend(open.map(|way| way.title));
            told
        }
        MapKind::Hub => vec![
            "A deployment links no network. After it, the step Peering links a hub, and shows what is needed at both \
             sides."
                .to_owned(),
        ],
        MapKind::Internet if is_closed => vec![
            "Workspace, storage, key vault and registry have no public access: from outside they are reached by \
             Bastion and a linked network alone."
                .to_owned(),
        ],
        _ => vec!["Something here can be reached from the public internet.".to_owned()],
    }
}
