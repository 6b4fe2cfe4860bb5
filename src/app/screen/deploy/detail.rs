//! One resource or failure in full, to be read.

use crate::app::App;
use crate::app::dialog::viewer::{ParagraphKind, Viewer};
use crate::domain::progress::{Step, StepState};
use crate::domain::words::duration;

/// Everything about one resource.
pub(super) fn details(app: &App, step: &Step) -> Viewer {
    let mut paragraphs = vec![(ParagraphKind::Heading, step.name.clone())];
    if !step.description.is_empty() {
        paragraphs.push((ParagraphKind::Text, step.description.clone()));
    }
    paragraphs.push((ParagraphKind::Text, String::new()));
    paragraphs.push((ParagraphKind::Text, state_words(step)));
    let usual = u64::from(step.usual_seconds);
    if usual > 0 {
        let usual = duration(std::time::Duration::from_secs(usual));
        paragraphs.push((ParagraphKind::Quiet, format!("Usually {usual}.")));
    }
    if let Some(started) = step.started {
        let took = step.elapsed.map(duration).unwrap_or_default();
        paragraphs.push((
            ParagraphKind::Quiet,
            format!("Started at {started}, {took} by Azure's clock."),
        ));
    }
    if !step.depends_on.is_empty() {
        paragraphs
            .push((ParagraphKind::Quiet, format!("Comes after: {}", step.depends_on.join(", "))));
    }
    paragraphs.push((ParagraphKind::Quiet, format!("Type: {}", step.resource_type)));
    paragraphs.push((ParagraphKind::Quiet, format!("Id: {}", step.id)));
    if let StepState::Failed(problem) = &step.state {
        paragraphs.push((ParagraphKind::Text, String::new()));
        paragraphs.extend(Viewer::problem(app, problem).paragraphs);
    }
    Viewer::new("Resource", paragraphs)
}

/// The state of a step in a sentence.
pub(super) fn state_words(step: &Step) -> String {
    match &step.state {
        StepState::Waiting { on } if on.is_empty() => "Waiting: about to start.".to_owned(),
        StepState::Waiting { on } => format!("Waiting for {}.", on.join(", ")),
        StepState::Running if step.is_slow() => "Being created, longer than most.".to_owned(),
        StepState::Running => "Being created.".to_owned(),
        StepState::Done => "Created.".to_owned(),
        StepState::Failed(problem) => format!("Failed: {}", problem.what),
        StepState::Cancelled => "Cancelled; it may exist in part.".to_owned(),
        StepState::WillNotRun { because } => format!("Not attempted, because {because}."),
    }
}

pub(super) fn show_problems(app: &mut App) {
    let problems = app.watch().map_or(&[][..], |watch| watch.problems());
    let mut whole = Viewer::new("What happened", Vec::new());
    for told in problems.iter().map(|problem| Viewer::problem(app, problem)) {
        whole.paragraphs.extend(told.paragraphs);
        whole.actions.extend(told.actions);
    }
    app.show(whole);
}
