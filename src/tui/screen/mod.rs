//! The screens as they are drawn: one file for each, with the same name as its state in `app::screen`.

mod audit;
mod basics;
mod credentials;
mod deploy;
mod environments;
mod graph;
mod map;
mod peering;
mod preview;
mod reading;
mod refused;
mod status;

use ratatui::layout::Rect;

use super::canvas::Canvas;
use crate::app::screen::Screen;
use crate::app::watch::Watch;
use crate::app::{App, Tone};

/// How a screen is drawn, and what the frame around it says.
pub(super) struct DrawRow {
    pub(super) draw: fn(&App, &mut Canvas<'_>, Rect),
    /// What it is about, for the header.
    pub(super) title: fn(&App) -> String,
    /// Its own sentence above the keys, while nothing has just happened.
    pub(super) sentence: fn(&App) -> (Tone, String),
    /// How fresh what is shown is.
    pub(super) liveness: fn(&App) -> (String, Tone),
    /// What there is, in place of the steps outside the wizard.
    pub(super) summary: fn(&App) -> String,
    /// The state in a sentence, where there is no room for more.
    pub(super) state: fn(&App) -> String,
}

impl DrawRow {
    const fn new(
        draw: fn(&App, &mut Canvas<'_>, Rect),
        sentence: fn(&App) -> (Tone, String),
    ) -> Self {
        Self {
            draw,
            title: |app| app.at_hand().map(|record| record.full_name.clone()).unwrap_or_default(),
            sentence,
            liveness: |_| (String::new(), Tone::Plain),
            summary: |_| String::new(),
            state: |app| format!("{} is open.", app.screen.name()),
        }
    }

    /// The row of the screen that is shown.
    pub(super) fn of(app: &App) -> &'static Self {
        match app.screen {
            Screen::Environments => &environments::ROW,
            Screen::Basics => &basics::ROW,
            Screen::Preview => &preview::ROW,
            Screen::Deploy => &deploy::ROW,
            Screen::Credentials => &credentials::ROW,
            Screen::Status => &status::ROW,
            Screen::Audit => &audit::ROW,
            Screen::Refused => &refused::ROW,
            Screen::Peering => &peering::ROW,
        }
    }
}

/// The state in a sentence; what runs matters more than what is open.
pub(super) fn state(app: &App) -> String {
    let runs = app.watch().is_some_and(Watch::is_deploying);
    let state = if runs { deploy::state } else { DrawRow::of(app).state };
    state(app)
}
