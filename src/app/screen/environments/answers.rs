//! What this machine and Azure tell of environments: rows come part by part, and the choice stays where it is.
//!
//! How a deployment ended is asked for only near the chosen row, a screenful at a time: hundreds of rows that nobody
//! looks at are not read.

use super::{Environments, Search};
use crate::app::App;
use crate::app::effect::Effect;
use crate::app::message::{EnvironmentRow, Message};
use crate::app::screen::Screen;
use crate::domain::environment::row::HubRow;
use crate::domain::environment::{KnownFrom, Phase, Record};
use crate::domain::problem::Result;

/// How many rows above and below the chosen one are looked at: about what a screen shows.
const NEAR: (usize, usize) = (10, 20);

impl Environments {
    /// Puts rows in place of those that a test is true for. Once somebody has moved, the choice stays on its
    /// environment.
    fn replace(&mut self, rows: Vec<EnvironmentRow>, replaced: impl Fn(&EnvironmentRow) -> bool) {
        let begun = self.is_first_run();
        let chosen = self.chosen().cloned();
        self.rows.retain(|row| !replaced(row));
        self.rows.extend(rows);
        self.rows.sort_by(EnvironmentRow::order);
        let fitting = self.fitting();
        let last = fitting.len();
        let place = |row: &EnvironmentRow| fitting.iter().position(|each| each.is_same(row));
        self.selected = match chosen {
            _ if begun || !self.touched => self.selected.min(last.saturating_sub(1)),
            Some(row) => place(&row).unwrap_or(self.selected.min(last)),
            None => last,
        };
        if begun {
            self.selected = 0;
        }
    }

    /// Takes in what has become of an environment whose row is there.
    pub(in crate::app) fn note(&mut self, record: &Record) {
        if let Some(row) = self.row_of(record) {
            row.record = record.clone();
            row.known = KnownFrom::Both;
            row.unsettled = false;
        }
    }

    fn row_of(&mut self, record: &Record) -> Option<&mut EnvironmentRow> {
        self.rows.iter_mut().find(|row| row.record.is_same(record))
    }

    fn newest(&mut self, record: &Record, read: Result<Option<Phase>>) {
        self.looking_at.remove(&record.key());
        let Some(row) = self.row_of(record) else { return };
        match read {
            Ok(newest) => row.settle(newest),
            Err(problem) => row.problem = Some(Box::new(problem)),
        }
    }
}

pub(in crate::app) fn on_message(app: &mut App, message: Message) -> Vec<Effect> {
    let now = app.now;
    let list = &mut app.environments;
    match message {
        Message::Recorded { rows, problems } => {
            list.recorded = true;
            // What Azure has told since is newer.
            if list.search_number == 0 && !matches!(list.search, Search::Done(_)) {
                list.problems = problems;
                list.replace(rows, |_| true);
            }
        }
        Message::Found { rows, problems } => {
            list.search = Search::Done(now);
            list.problems = problems;
            list.replace(rows, |_| true);
        }
        Message::SearchBegun { search, subscriptions, rows, problems }
            if search > list.search_number =>
        {
            list.search_number = search;
            list.asked = subscriptions.len();
            list.waiting = subscriptions.iter().map(|each| each.id.to_lowercase()).collect();
            list.looked_at.clear();
            list.looking_at.clear();
            list.problems = problems;
            let waiting = list.waiting.clone();
            list.replace(rows, |row| !waiting.contains(&row.record.subscription_id.to_lowercase()));
            list.search = progress(list, now);
        }
        Message::SubscriptionRead { search, subscription, rows, hubs, problems }
            if search == list.search_number =>
        {
            list.waiting.remove(&subscription.id.to_lowercase());
            list.problems.extend(problems);
            list.hubs.retain(|row| !row.subscription.id.eq_ignore_ascii_case(&subscription.id));
            list.hubs.extend(hubs);
            list.hubs.sort_by_key(HubRow::key);
            list.replace(rows, |row| {
                row.record.subscription_id.eq_ignore_ascii_case(&subscription.id)
            });
            list.search = progress(list, now);
        }
        Message::Newest { record, read } => list.newest(&record, read),
        Message::FindFailed(problem) => list.search = Search::Failed(Box::new(problem)),
        _ => {}
    }
    let mut effects = app.price_list();
    effects.extend(look(app));
    effects
}

fn progress(list: &Environments, now: jiff::Timestamp) -> Search {
    if list.waiting.is_empty() { Search::Done(now) } else { Search::Looking }
}

/// Has the newest deployments read of the rows near the chosen one whose state is open without. Only when the last ones
/// have been answered: whoever holds a key down does not read every row that passes.
pub(super) fn look(app: &mut App) -> Vec<Effect> {
    if app.screen != Screen::Environments || !app.environments.looking_at.is_empty() {
        return Vec::new();
    }
    let list = &app.environments;
    let fitting = list.fitting();
    // Whoever still types has not come to what is looked for, unless it fits on a screen.
    if list.filtering && fitting.len() > NEAR.1 {
        return Vec::new();
    }
    let near: Vec<Record> = fitting
        .into_iter()
        .skip(list.selected.saturating_sub(NEAR.0))
        .take(NEAR.0 + NEAR.1)
        .filter(|row| row.is_worth_asking() && !list.looked_at.contains(&row.record.key()))
        .map(|row| row.record.clone())
        .collect();
    if near.is_empty() {
        return Vec::new();
    }
    let keys: Vec<String> = near.iter().map(Record::key).collect();
    app.environments.looked_at.extend(keys.iter().cloned());
    app.environments.looking_at.extend(keys);
    vec![Effect::ReadNewest(near)]
}
