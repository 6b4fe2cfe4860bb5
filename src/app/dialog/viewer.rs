//! A text to read: a failure in full, Azure's own words, a resource with its ids.

use serde::{Deserialize, Serialize};

use super::Dialog;
use crate::{
    app::{
        App,
        command::{Command, DOWN, END, Entry, HOME, PAGE_DOWN, PAGE_UP, UP, entry},
        effect::Effect,
        key::{Code, Key},
        update::moved,
    },
    domain::problem::Problem,
};

/// The keys of a text.
pub const TABLE: &[Entry] = &[
    entry(Command::Up, UP, "", "Go up a line"),
    entry(Command::Down, DOWN, "scroll", "Go down a line"),
    entry(Command::PageUp, PAGE_UP, "", "Go up a page"),
    entry(Command::PageDown, PAGE_DOWN, "", "Go down a page"),
    entry(Command::First, HOME, "", "Go to the begin"),
    entry(Command::Last, END, "", "Go to the end"),
    entry(Command::CopyId, &[Key::char('y')], "copy", "Copy the text; it holds no password"),
    entry(
        Command::Back,
        &[Key::of(Code::Escape), Key::of(Code::Enter), Key::char('q')],
        "close",
        "Close the text",
    ),
];

/// How a paragraph is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A heading.
    Heading,
    /// What is said.
    Text,
    /// What is only said for completeness.
    Quiet,
    /// A failure.
    Bad,
}

/// A text while it is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// Its title.
    pub title: String,
    /// Its paragraphs; they are wrapped where they are drawn.
    pub paragraphs: Vec<(Kind, String)>,
    /// Lines that are scrolled past.
    pub top: usize,
}

/// Most lines that can be scrolled past: where a text ends is known only where it is wrapped.
const MOST_LINES: usize = 2000;

impl Viewer {
    /// A text.
    #[must_use]
    pub fn new(title: &str, paragraphs: Vec<(Kind, String)>) -> Self {
        Self { title: title.to_owned(), paragraphs, top: 0 }
    }

    /// A failure: what happened, what to do, where, Azure's own words, the correlation id.
    #[must_use]
    pub fn problem(problem: &Problem) -> Self {
        let mut paragraphs = Vec::new();
        for leaf in problem.leaves() {
            paragraphs.push((Kind::Bad, leaf.what.clone()));
            paragraphs.push((Kind::Text, leaf.advice.clone()));
            if let Some(place) = &leaf.place {
                paragraphs.push((Kind::Quiet, format!("Where: {place}")));
            }
            if let Some(original) = &leaf.original {
                paragraphs.push((Kind::Quiet, format!("{}: {original}", leaf.code)));
            }
            if let Some(id) = &leaf.correlation_id {
                paragraphs.push((Kind::Quiet, format!("Correlation id: {id}")));
            }
            paragraphs.push((Kind::Text, String::new()));
        }
        Self::new("What happened", paragraphs)
    }

    /// An answer in one line with the reasons for it.
    #[must_use]
    pub fn verdict(headline: &str, sentences: Vec<String>) -> Self {
        let mut paragraphs = vec![(Kind::Heading, headline.to_owned())];
        paragraphs.extend(sentences.into_iter().map(|sentence| (Kind::Text, sentence)));
        Self::new("Would it get out?", paragraphs)
    }

    /// The whole text, for the clipboard.
    #[must_use]
    pub fn text(&self) -> String {
        let lines: Vec<&str> = self.paragraphs.iter().map(|(_, text)| text.as_str()).collect();
        lines.join("\n")
    }
}

pub(super) fn run(app: &mut App, command: Command) -> Vec<Effect> {
    let Some(Dialog::Viewer(viewer)) = &mut app.dialog else {
        return Vec::new();
    };
    match command {
        Command::Back => {
            app.dialog = None;
            Vec::new()
        }
        Command::CopyId => vec![Effect::Copy { text: viewer.text(), what: "The text".to_owned() }],
        other => {
            viewer.top = moved(viewer.top, MOST_LINES, other);
            Vec::new()
        }
    }
}
