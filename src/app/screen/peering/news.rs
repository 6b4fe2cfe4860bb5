//! What was read, tested and done, as it arrives; and looking again while the hub's owner is waited for.

use std::time::Duration;

use jiff::Timestamp;

use super::{HubLook, PeeringPane, new_hub, read};
use crate::app::dialog::viewer::{ParagraphKind, Viewer};
use crate::app::effect::Effect;
use crate::app::message::Message;
use crate::app::screen::Screen;
use crate::app::time::after;
use crate::app::{App, Tone};
use crate::domain::operation::{Ended, Finished, Operation};
use crate::domain::peering::Topic;
use crate::domain::problem::Result;

/// How often Azure is looked at again while somebody else must act.
const PATIENCE: Duration = Duration::from_secs(20);

pub(in crate::app) fn on_message(app: &mut App, message: Message) -> Vec<Effect> {
    match message {
        Message::Hubs { full_name, read } if app.peering.is_of(&full_name) => {
            app.peering.finding = false;
            match read {
                Ok(hubs) => {
                    let before = app.peering.chosen().map(|chosen| chosen.hub.id.clone());
                    let wanted = before.or_else(|| app.peering.own_hub().map(str::to_owned));
                    app.peering.selected = app.peering.selected.min(hubs.len().saturating_sub(1));
                    app.peering.hubs = Some(hubs);
                    if let Some(id) = wanted {
                        app.peering.select(&id);
                    }
                }
                Err(problem) => app.peering.problem = Some(problem),
            }
        }
        Message::Connection { full_name, hub, read } if app.peering.is_of(&full_name) => {
            on_connection(app, &hub, read);
        }
        Message::Tested { full_name, read } if app.peering.is_of(&full_name) => {
            app.peering.testing = false;
            match read {
                Ok(tested) => {
                    let tone = if tested.fine { Tone::Good } else { Tone::Bad };
                    app.say(tone, tested.headline.clone());
                    app.peering.tested = Some(tested);
                    // What was found is told at its step.
                    let test = app.peering.shown().and_then(|shown| {
                        let mut steps = shown.steps.iter();
                        steps.position(|step| step.topic == Topic::Test)
                    });
                    if let Some(row) = test {
                        app.peering.pane = PeeringPane::Steps;
                        app.peering.step = row;
                    }
                }
                Err(problem) => app.show_problem(&problem),
            }
        }
        Message::NewHubFound { name, read } => return new_hub::on_found(app, &name, read),
        Message::Forwarders { full_name, text } if app.peering.is_of(&full_name) => {
            let paragraphs =
                text.lines().map(|line| (ParagraphKind::Text, line.to_owned())).collect();
            app.show(Viewer::new("What DNS on-premises must forward", paragraphs));
        }
        _ => {}
    }
    Vec::new()
}

fn on_connection(app: &mut App, hub: &str, read: Result<Box<HubLook>>) {
    let awaited = app.peering.looking_at.as_ref().is_some_and(|id| id.eq_ignore_ascii_case(hub));
    if awaited {
        app.peering.looking_at = None;
    }
    match read {
        Ok(look) => {
            let HubLook { candidate, connection } = *look;
            app.peering.take(candidate);
            let first = app.peering.connection.is_none();
            app.peering.connection = Some(Box::new(connection));
            app.peering.read_at = Some(app.now);
            app.peering.problem = None;
            if first {
                app.peering.pane = PeeringPane::Steps;
                app.peering.step = 0;
            }
        }
        Err(problem) => app.peering.problem = Some(problem),
    }
}

/// Linking or unlinking has ended; `None` where it failed.
pub(in crate::app) fn on_changed(
    app: &mut App,
    operation: &Operation,
    ended: Option<Ended<Finished>>,
) -> Vec<Effect> {
    match ended {
        Some(Ended::Done(Finished::Remains(remains))) if !remains.is_empty() => {
            let lines = remains.iter().map(|remain| (ParagraphKind::Bad, remain.sentence()));
            app.show(Viewer::new("What is left to others", lines.collect()));
        }
        Some(Ended::Done(Finished::Connected(connection))) if connection.waits() => {
            let words = if connection.near.is_some() {
                "This side exists. The hub's owner must act now: h writes what they need."
            } else {
                "Nothing could be created from here: the hub's owner acts first, and h writes what they need."
            };
            app.say(Tone::Warn, words);
        }
        _ => {}
    }
    if !app.peering.is_of(&operation.name()) {
        return Vec::new();
    }
    if matches!(operation, Operation::Unlink(_)) {
        app.peering.connection = None;
        app.peering.tested = None;
    }
    read(app)
}

/// When Azure is looked at again by itself.
pub(super) fn next_tick(app: &App) -> Option<Timestamp> {
    let peering = &app.peering;
    let name = peering.record.as_ref()?.full_name.as_str();
    let idle = peering.looking_at.is_none() && app.changing(name).is_none();
    if app.screen != Screen::Peering || !idle || !peering.waits() {
        return None;
    }
    Some(after(peering.read_at?, PATIENCE))
}

pub(super) fn on_tick(app: &mut App) -> Vec<Effect> {
    if next_tick(app).is_none_or(|due| due > app.now) {
        return Vec::new();
    }
    let hub = app.peering.shown().map(|shown| shown.hub.id.clone());
    hub.map_or_else(Vec::new, |hub| super::look(app, hub))
}
