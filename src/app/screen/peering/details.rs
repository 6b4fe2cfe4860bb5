//! A hub and a guided step in full, as texts to read.

use super::Tested;
use crate::app::dialog::viewer::{ParagraphKind, Viewer};
use crate::domain::peering::verify::Diagnosis;
use crate::domain::peering::{Candidate, Fit, Guide, Lack, Mistake, StepStatus, Topic};

/// A hub with every reason for its fit.
pub(super) fn of_candidate(candidate: &Candidate) -> Viewer {
    let hub = &candidate.hub;
    let mut paragraphs = vec![
        (ParagraphKind::Heading, hub.name.clone()),
        ParagraphKind::Text.says(format!(
            "{}, {}, in {}",
            hub.prefixes.join(", "),
            hub.region,
            hub.subscription
        )),
    ];
    for reason in &candidate.reasons {
        let kind = if reason.fit == Fit::Good { ParagraphKind::Text } else { ParagraphKind::Bad };
        paragraphs.push((ParagraphKind::Text, String::new()));
        paragraphs.push((kind, reason.what.clone()));
        if !reason.remedy.is_empty() {
            paragraphs.push((ParagraphKind::Text, remedy_here(&reason.remedy)));
        }
        if reason.fit != Fit::Good {
            paragraphs.push((ParagraphKind::Quiet, step_of(reason.mistake)));
        }
    }
    paragraphs.push((ParagraphKind::Text, String::new()));
    paragraphs.push((ParagraphKind::Quiet, hub.id.clone()));
    Viewer::new("Hub", paragraphs)
}

/// A guided step with what it lacks; the test with what it found.
pub(super) fn of_step(step: &Guide, tested: Option<&Tested>) -> Viewer {
    let mut paragraphs =
        vec![(ParagraphKind::Heading, format!("{}: {}", name(step.topic), step.summary))];
    if step.topic == Topic::Test
        && let Some(tested) = tested
    {
        paragraphs.extend(of_test(tested));
    }
    for lack in &step.lacks {
        paragraphs.extend(of_lack(lack));
    }
    if step.lacks.is_empty() && step.standing == StepStatus::Done {
        paragraphs.push((ParagraphKind::Text, "Nothing is missing here.".to_owned()));
    }
    Viewer::new("Guided step", paragraphs)
}

fn of_test(tested: &Tested) -> Vec<(ParagraphKind, String)> {
    let kind = if tested.fine { ParagraphKind::Text } else { ParagraphKind::Bad };
    let mut paragraphs = vec![(kind, format!("Tested from {}: {}", tested.from, tested.headline))];
    for verdict in &tested.verdicts {
        paragraphs.extend(of_verdict(verdict));
    }
    if !tested.remarks.is_empty() {
        paragraphs.push((ParagraphKind::Text, String::new()));
    }
    let remarks = tested.remarks.iter();
    paragraphs.extend(remarks.map(|each| (ParagraphKind::Bad, each.clone())));
    paragraphs.push((ParagraphKind::Text, String::new()));
    for (good, words) in &tested.lines {
        let kind = if *good { ParagraphKind::Quiet } else { ParagraphKind::Bad };
        paragraphs.push((kind, words.clone()));
    }
    paragraphs
}

fn of_verdict(verdict: &Diagnosis) -> Vec<(ParagraphKind, String)> {
    let kind = if verdict.note { ParagraphKind::Text } else { ParagraphKind::Bad };
    let mut paragraphs =
        vec![(ParagraphKind::Text, String::new()), (kind, verdict.observed.clone())];
    for (index, cause) in verdict.causes.iter().enumerate() {
        let number = index + 1;
        paragraphs.extend([
            (ParagraphKind::Text, format!("Fits {number}: {}", cause.what)),
            (ParagraphKind::Text, format!("To tell: {}", cause.test)),
            (ParagraphKind::Text, format!("If so: {}", remedy_here(&cause.remedy))),
            (ParagraphKind::Quiet, step_of(cause.step)),
        ]);
    }
    paragraphs
}

fn of_lack(lack: &Lack) -> [(ParagraphKind, String); 4] {
    [
        (ParagraphKind::Text, String::new()),
        (if lack.note { ParagraphKind::Text } else { ParagraphKind::Bad }, lack.what.clone()),
        (ParagraphKind::Text, remedy_here(&lack.remedy)),
        (ParagraphKind::Quiet, step_of(lack.mistake)),
    ]
}

/// A remedy as it is done on this screen, where there is a key for it; else as it was told.
pub(crate) fn remedy_here(remedy: &str) -> String {
    if remedy.contains("--hand-over") {
        return "h writes what the hub's owner needs.".to_owned();
    }
    if remedy.contains("--remove") {
        return "U takes that link away.".to_owned();
    }
    remedy
        .replace("Run `privateaml peer` with --yes", "Press L")
        .replace("run `privateaml peer` with --yes", "press L")
        .replace("run `privateaml peer` again", "press L again")
}

fn step_of(mistake: Mistake) -> String {
    format!("Step {} of 12: {}", mistake.number(), mistake.title())
}

/// What a guided step is called.
pub fn name(topic: Topic) -> &'static str {
    match topic {
        Topic::Link => "Link both networks",
        Topic::Names => "Answer private names",
        Topic::Routes => "Routes there and back",
        Topic::Test => "Test from on-premises",
    }
}
