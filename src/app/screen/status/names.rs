//! The names that the owner of zones elsewhere registers, to be read on the status and on the way in.

use crate::app::dialog::viewer::ParagraphKind;
use crate::domain::registration::{Elsewhere, SHARED_NAMES};

/// Names, addresses and commands; without a comment where there is nothing to say.
pub(in crate::app) fn paragraphs(elsewhere: &Elsewhere) -> Vec<(ParagraphKind, String)> {
    let mut paragraphs = vec![ParagraphKind::Text.says(
        "The private DNS zones exist elsewhere. Their owner registers these names and links the \
         zones to the environment's network; what was not seen from here is not known.",
    )];
    let mut zone = None;
    for name in &elsewhere.names {
        if zone != Some(&name.zone) {
            zone = Some(&name.zone);
            let words = name.zone.as_deref().unwrap_or("zone not known").to_owned();
            paragraphs.push((ParagraphKind::Heading, words));
        }
        let record = if name.zone.is_some() { &name.record } else { &name.name };
        let words = format!("{record}  A  {}  {}", name.address, name.sight.words());
        paragraphs.push((ParagraphKind::Text, words));
    }
    for endpoint in &elsewhere.unread {
        let words =
            format!("{endpoint} could not be read: its names are missing here. r reads again.");
        paragraphs.push((ParagraphKind::Bad, words));
    }
    if elsewhere.names.iter().any(|each| each.shared) {
        paragraphs.push((ParagraphKind::Quiet, SHARED_NAMES.to_owned()));
    }
    if !elsewhere.commands.is_empty() {
        let words = "Commands for the owner of the zones; words in capitals are theirs to fill in";
        paragraphs.push((ParagraphKind::Heading, words.to_owned()));
        paragraphs
            .extend(elsewhere.commands.iter().map(|each| (ParagraphKind::Text, each.clone())));
    }
    paragraphs
}
