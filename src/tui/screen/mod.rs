//! The screens as they are drawn: one file for each, with the same name as its state in `app::screen`.

mod audit;
mod basics;
mod blocked;
mod credentials;
mod deploy;
mod environments;
mod graph;
mod peering;
mod preview;
mod status;

use ratatui::layout::Rect;

use super::canvas::Canvas;
use crate::app::{App, Tone, screen::Screen};

/// Draws the screen that is shown.
pub(super) fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    match app.screen {
        Screen::Environments => environments::draw(app, canvas, area),
        Screen::Basics => basics::draw(app, canvas, area),
        Screen::Preview => preview::draw(app, canvas, area),
        Screen::Deploy => deploy::draw(app, canvas, area),
        Screen::Credentials => credentials::draw(app, canvas, area),
        Screen::Status => status::draw(app, canvas, area),
        Screen::Audit => audit::draw(app, canvas, area),
        Screen::Blocked => blocked::draw(app, canvas, area),
        Screen::Peering => peering::draw(app, canvas, area),
    }
}

/// What the screen is about, for the header.
pub(super) fn title(app: &App) -> String {
    match app.screen {
        Screen::Environments => environments::title(app),
        Screen::Basics => basics::title(app),
        Screen::Preview => preview::title(app),
        Screen::Deploy => deploy::title(app),
        Screen::Credentials => credentials::title(app),
        Screen::Status => status::title(app),
        Screen::Audit => audit::title(app),
        Screen::Blocked => blocked::title(app),
        Screen::Peering => peering::title(app),
    }
}

/// What there is, in place of the steps outside the wizard.
pub(super) fn summary(app: &App) -> String {
    match app.screen {
        Screen::Environments => environments::summary(app),
        _ => String::new(),
    }
}

/// The screen's own sentence above the keys, while nothing has just happened.
pub(super) fn sentence(app: &App) -> (Tone, String) {
    match app.screen {
        Screen::Environments => environments::sentence(app),
        Screen::Basics => basics::sentence(app),
        Screen::Preview => preview::sentence(app),
        Screen::Deploy => deploy::sentence(app),
        Screen::Credentials => credentials::sentence(app),
        Screen::Status => status::sentence(app),
        Screen::Audit => audit::sentence(app),
        Screen::Blocked => blocked::sentence(app),
        Screen::Peering => peering::sentence(app),
    }
}

/// How fresh what is shown is.
pub(super) fn liveness(app: &App) -> (String, Tone) {
    match app.screen {
        Screen::Environments => environments::liveness(app),
        Screen::Deploy => deploy::liveness(app),
        Screen::Status => status::liveness(app),
        Screen::Audit => audit::liveness(app),
        Screen::Blocked => blocked::liveness(app),
        Screen::Peering => peering::liveness(app),
        _ => (String::new(), Tone::Plain),
    }
}

/// The state in a sentence, where there is no room for more.
pub(super) fn state(app: &App) -> String {
    if app.deploy.is_running() {
        return deploy::state(app);
    }
    match app.screen {
        Screen::Environments => environments::summary(app),
        Screen::Deploy => deploy::state(app),
        other => format!("{} is open.", other.name()),
    }
}
