//! A text to read: a failure in full, Azure's own words, a resource with its ids.

use serde::{Deserialize, Serialize};

use super::Dialog;
use crate::app::App;
use crate::app::command::{Command, CommandTable, PALETTE, row};
use crate::app::effect::Effect;
use crate::app::place::PlaceRow;
use crate::app::remedy;
use crate::app::update::moved;
use crate::domain::action::Action;
use crate::domain::problem::Problem;

/// The keys of a text.
const TABLE: CommandTable = &[&[
    row("Up k", Command::Up, "").does("Go up a line"),
    row("Down j", Command::Down, "scroll").does("Go down a line"),
    row("PgUp", Command::PageUp, "").does("Go up a page"),
    row("PgDn", Command::PageDown, "").does("Go down a page"),
    row("Home", Command::First, "").does("Go to the beginning"),
    row("End", Command::Last, "").does("Go to the end"),
    remedy::KEY,
    row("c", Command::CopyText, "copy").does("Copy the text; it holds no password"),
    PALETTE,
    row("Esc Enter", Command::Back, "close").does("Close the text"),
]];

/// The dialog among the places.
pub(in crate::app) const PLACE: PlaceRow =
    PlaceRow { availability, ..PlaceRow::new("Reading a text", TABLE, run) };

/// How a paragraph is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ParagraphKind {
    /// A heading.
    Heading,
    /// What is said.
    Text,
    /// What is only said for completeness.
    Quiet,
    /// A failure.
    Bad,
}

impl ParagraphKind {
    pub(crate) fn says(self, words: impl Into<String>) -> (Self, String) {
        (self, words.into())
    }
}

/// A text while it is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// Its title.
    pub title: String,
    /// Its paragraphs; they are wrapped where they are drawn.
    pub paragraphs: Vec<(ParagraphKind, String)>,
    /// Lines that are scrolled past.
    pub top: usize,
    /// What helps against what it tells.
    #[serde(default)]
    pub actions: Vec<Action>,
}

/// Most lines that can be scrolled past: where a text ends is known only where it is wrapped.
const MOST_LINES: usize = 2000;

impl Viewer {
    /// A text.
    pub fn new(title: &str, paragraphs: Vec<(ParagraphKind, String)>) -> Self {
        Self { title: title.to_owned(), paragraphs, top: 0, actions: Vec::new() }
    }

    /// A failure: what happened, what to do, where, Azure's own words, the correlation id.
    pub fn problem(app: &App, problem: &Problem) -> Self {
        let mut paragraphs = Vec::new();
        for leaf in problem.leaves() {
            paragraphs.push((ParagraphKind::Bad, leaf.what.clone()));
            paragraphs.push((ParagraphKind::Text, leaf.advice.clone()));
            let helps = remedy::words(app, leaf);
            paragraphs.extend(helps.into_iter().map(|words| (ParagraphKind::Text, words)));
            if let Some(place) = &leaf.place {
                paragraphs.push((ParagraphKind::Quiet, format!("Where: {place}")));
            }
            if let Some(original) = &leaf.original {
                paragraphs.push((ParagraphKind::Quiet, format!("{}: {original}", leaf.code)));
            }
            if let Some(id) = &leaf.correlation_id {
                paragraphs.push((ParagraphKind::Quiet, format!("Correlation id: {id}")));
            }
            paragraphs.push((ParagraphKind::Text, String::new()));
        }
        let actions = problem.leaves().flat_map(Problem::remedies).collect();
        Self { actions, ..Self::new("What happened", paragraphs) }
    }

    /// An answer in one line with the reasons for it.
    pub(crate) fn verdict(headline: &str, sentences: Vec<String>) -> Self {
        let mut paragraphs = vec![(ParagraphKind::Heading, headline.to_owned())];
        paragraphs.extend(sentences.into_iter().map(|sentence| (ParagraphKind::Text, sentence)));
        Self::new("Would it get out?", paragraphs)
    }

    /// The whole text, for the clipboard.
    pub fn text(&self) -> String {
        let lines: Vec<&str> = self.paragraphs.iter().map(|(_, text)| text.as_str()).collect();
        lines.join("\n")
    }
}

fn availability(app: &App, command: Command) -> Result<(), String> {
    if command == Command::Fix { remedy::availability(app) } else { Ok(()) }
}

fn run(app: &mut App, command: Command) -> Vec<Effect> {
    if command == Command::Fix {
        remedy::ask(app);
        return Vec::new();
    }
    let Some(Dialog::Viewer(viewer)) = &mut app.dialog else { return Vec::new() };
    match command {
        Command::Back => {
            app.dialog = None;
            Vec::new()
        }
        Command::CopyText => {
            vec![Effect::Copy { text: viewer.text(), what: "The text".to_owned() }]
        }
        other => {
            viewer.top = moved(viewer.top, MOST_LINES, other);
            Vec::new()
        }
    }
}
