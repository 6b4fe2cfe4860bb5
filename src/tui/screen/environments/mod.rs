//! The list of environments with the chosen one beside it, or the welcome.

mod details;
mod list;
mod welcome;

use ratatui::layout::{
    Constraint::{Fill, Length},
    Layout, Rect,
};

use self::details::details;
use self::list::rows;
use self::welcome::welcome;
use super::DrawRow;
use crate::app::account::Account;
use crate::app::message::EnvironmentRow;
use crate::app::screen::environments::Search;
use crate::app::{App, Tone};
use crate::domain::environment::{Keeping, KnownFrom};
use crate::domain::words;
use crate::tui::canvas::{Canvas, Room};
use crate::tui::text::clock;

pub(super) const ROW: DrawRow =
    DrawRow { title, liveness, summary, state: summary, ..DrawRow::new(draw, sentence) };

fn title(app: &App) -> String {
    if app.environments.is_first_run() { "welcome".to_owned() } else { "environments".to_owned() }
}

fn summary(app: &App) -> String {
    let rows = &app.environments.rows;
    if rows.is_empty() {
        return "Nothing has been deployed from this machine yet.".to_owned();
    }
    let found = rows.iter().filter(|row| row.known == KnownFrom::AzureOnly).count();
    let all = words::count(rows.len(), "environment");
    let here = rows.len().saturating_sub(found);
    let (_, asked) = app.environments.answered();
    if asked > 1 {
        return format!("{all} in {asked} subscriptions: {here} recorded here");
    }
    if found == 0 {
        format!("{all}, recorded on this machine")
    } else {
        format!("{all}: {here} recorded on this machine, {found} found in Azure by tags")
    }
}

fn sentence(app: &App) -> (Tone, String) {
    let list = &app.environments;
    if let Account::Failed(problem) = &app.account {
        return (Tone::Warn, problem.what.clone());
    }
    if let Search::Failed(problem) = &list.search {
        return Tone::Warn.says(format!("Azure could not be asked: {}", problem.what));
    }
    if let Some(problem) = list.problems.first() {
        let more = list.problems.len();
        return Tone::Warn.says(format!(
            "{} could not be read: {}",
            words::count(more, "entry"),
            problem.what
        ));
    }
    if list.filtering {
        return Tone::Plain.says(format!("{} of {} fit", list.fitting().len(), list.rows.len()));
    }
    match list.chosen() {
        Some(row) => (Tone::Plain, credentials(row)),
        None if list.is_first_run() && !list.recorded => {
            Tone::Plain.says("Reading this machine's records…")
        }
        None if list.is_first_run() => {
            Tone::Plain.says("Nothing has been deployed from this machine yet.")
        }
        None => Tone::Plain
            .says("Enter starts a new environment; nothing is created before you confirm."),
    }
}

fn credentials(row: &EnvironmentRow) -> String {
    let name = &row.record.full_name;
    if let Some(problem) = &row.problem {
        return format!("{name} could not be read: {}", problem.what);
    }
    if !row.record.made_by.is_ours() {
        return format!(
            "{name} was created with Terraform; its password is in the Terraform state."
        );
    }
    if row.known == KnownFrom::AzureOnly {
        return format!("{name} was found in Azure; its password may be on another machine.");
    }
    match row.record.credentials {
        Keeping::Keychain => format!("{name}: the jumpbox password is in this machine's keychain."),
        Keeping::File => format!("{name}: the jumpbox password is in an encrypted file here."),
        Keeping::Practice => format!("{name}: the jumpbox password is in the practice store."),
        Keeping::None => format!("{name}: the jumpbox password is not saved on this machine."),
    }
}

fn liveness(app: &App) -> (String, Tone) {
    match &app.environments.search {
        Search::NotBegun => (String::new(), Tone::Plain),
        Search::Looking => {
            let (read, asked) = app.environments.answered();
            let words = if asked > 1 && read < asked {
                format!("{read} of {asked} subscriptions read")
            } else {
                "looking in Azure…".to_owned()
            };
            (words, Tone::Plain)
        }
        Search::Done(_) if !app.environments.problems.is_empty() => {
            ("partly read".to_owned(), Tone::Warn)
        }
        Search::Done(at) => (format!("checked {}", clock(app, *at)), Tone::Plain),
        Search::Failed(_) => ("not read".to_owned(), Tone::Warn),
    }
}

fn draw(app: &App, canvas: &mut Canvas<'_>, area: Rect) {
    if app.environments.is_first_run() {
        welcome(app, canvas, area);
    } else if canvas.room == Room::Wide {
        let [list, detail] = Layout::horizontal([Fill(3), Length(40)]).areas(area);
        rows(app, canvas, list);
        details(app, canvas, detail);
    } else {
        let height = if area.height > 16 { 7 } else { 0 };
        let [list, detail] = Layout::vertical([Fill(1), Length(height)]).areas(area);
        rows(app, canvas, list);
        details(app, canvas, detail);
    }
}

#[cfg(test)]
mod tests;
