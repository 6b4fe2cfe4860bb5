//! One part, one difference, one thing that has happened, in full, to be read.

use super::{Happened, names};
use crate::app::dialog::viewer::{ParagraphKind, Viewer};
use crate::domain::drift::Difference;
use crate::domain::health::{HealthPart, HealthState};
use crate::domain::registration::Elsewhere;

pub(super) fn of_part(part: &HealthPart, elsewhere: Option<&Elsewhere>) -> Viewer {
    if let Some(elsewhere) = elsewhere.filter(|_| part.title == "Names") {
        let mut paragraphs =
            vec![(ParagraphKind::Heading, format!("{}: {}", part.name, part.words))];
        paragraphs.extend(names::paragraphs(elsewhere));
        return Viewer::new(&part.title, paragraphs);
    }
    let kind = match part.state {
        HealthState::Good | HealthState::Off => ParagraphKind::Text,
        HealthState::Warning | HealthState::Bad | HealthState::Unknown => ParagraphKind::Bad,
    };
    let advice = match part.state {
        HealthState::Good => "Nothing needs to be done.",
        HealthState::Off => "It was switched off; J starts the jumpbox, P resumes the environment.",
        HealthState::Warning => {
            "The pane of changes says whether somebody changed it; M sets it again as the template has it."
        }
        HealthState::Bad => {
            "M creates what is missing; the Azure portal says more about what failed."
        }
        HealthState::Unknown => "Ask for the role Reader on the resource group, then press r.",
    };
    Viewer::new(
        &part.title,
        vec![
            (ParagraphKind::Heading, part.name.clone()),
            (kind, part.words.clone()),
            (ParagraphKind::Text, String::new()),
            (ParagraphKind::Text, advice.to_owned()),
        ],
    )
}

pub(super) fn of_difference(difference: &Difference) -> Viewer {
    let mut paragraphs = vec![
        (ParagraphKind::Bad, difference.sentence()),
        (ParagraphKind::Text, difference.remedy.clone()),
        (ParagraphKind::Text, String::new()),
    ];
    if difference.resource_type.ends_with("/virtualNetworkPeerings") {
        let key = "H opens the connection to the hub and links what is missing there.";
        paragraphs.push((ParagraphKind::Text, key.to_owned()));
    }
    let mut quiet = |label: &str, text: &str| {
        if !text.is_empty() {
            paragraphs.push((ParagraphKind::Quiet, format!("{label}: {text}")));
        }
    };
    quiet("Property", &difference.property);
    quiet("Planned", &difference.expected);
    quiet("Found", &difference.found);
    quiet("Resource", &difference.id);
    if let Some(when) = difference.when {
        let who = difference.who.as_deref().unwrap_or("somebody");
        quiet("Changed", &format!("{} by {who}", when.strftime("%Y-%m-%d %H:%M UTC")));
    }
    Viewer::new("Compared with the plan", paragraphs)
}

pub(super) fn of_happened(happened: &Happened) -> Viewer {
    let mut paragraphs = vec![
        (ParagraphKind::Heading, happened.what.clone()),
        (ParagraphKind::Text, happened.time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()),
    ];
    if let Some(who) = &happened.who {
        paragraphs.push((ParagraphKind::Text, format!("By {who}")));
    }
    Viewer::new("What has happened", paragraphs)
}
