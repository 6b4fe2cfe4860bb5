//! The palette finds every command of every place, and what it runs is what the command's key does.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use crate::sizes::states;
use crate::support::wizard::{begin, cells, look};
use privateaml::app::command::{Command, KeyBinding};
use privateaml::app::effect::Effect;
use privateaml::app::key::{Code, Key};
use privateaml::app::message::Message;
use privateaml::app::palette;
use privateaml::app::place::Place;
use privateaml::app::screen::Screen;
use privateaml::app::{App, Tone};
use std::collections::BTreeSet;

const CTRL_P: Key = Key::control('p');

fn press(app: &mut App, key: Key) -> Vec<Effect> {
    app.update(begin(), Message::Key(key))
}

/// The key that is written so.
fn written(name: &str) -> Key {
    use Code::{
        BackTab, Backspace, Delete, Down, End, Enter, Escape, Home, Left, PageDown, PageUp, Right,
        Tab, Up,
    };
    let named = [
        BackTab, Backspace, Delete, Down, End, Enter, Escape, Home, Left, PageDown, PageUp, Right,
        Tab, Up,
    ];
    let functions = (1..=12).map(|number| Key::of(Code::Function(number)));
    let mut all = named
        .map(Key::of)
        .into_iter()
        .chain(functions)
        .chain((' '..='~').map(Key::char))
        .chain(('a'..='z').map(Key::control));
    all.find(|key| key.to_string() == name).unwrap()
}

/// Opens the palette, types what a command does, and goes down to its row; the row's reason where it is off.
fn find(app: &mut App, entry: &KeyBinding) -> Option<String> {
    press(app, CTRL_P);
    assert_eq!(app.place(), Place::Palette);
    app.update(begin(), Message::Paste(entry.does.to_owned()));
    let rows = palette::rows(app);
    let at = rows.iter().position(|row| row.entry.command == entry.command);
    let at = at.unwrap_or_else(|| panic!("{:?}: {entry:?} is not found", app.screen));
    for _ in 0..at {
        press(app, Key::of(Code::Down));
    }
    rows[at].off.clone()
}

/// All that the program knows, but for the palette, which stays open where a command is off.
fn known(mut app: App) -> serde_json::Value {
    app.palette = None;
    serde_json::to_value(app).unwrap()
}

#[test]
fn every_command_of_every_place_is_found_and_does_what_its_key_does() {
    let mut met = BTreeSet::new();
    for state in states().into_iter().filter(|state| state.palette.is_none()) {
        let place = state.place();
        for entry in place.entries().filter(|entry| entry.command != Command::Palette) {
            let mut by_key = state.clone();
            let effects = press(&mut by_key, written(entry.key()));
            let mut by_name = state.clone();
            let off = find(&mut by_name, entry);
            let same = press(&mut by_name, Key::of(Code::Enter));
            assert_eq!(same, effects, "{place:?}: {entry:?}");
            if let Some(reason) = off {
                assert_eq!(by_name.place(), Place::Palette, "{place:?}: {entry:?}");
                let line = by_name.line.as_ref().unwrap();
                assert_eq!((line.tone, &line.text), (Tone::Warn, &reason), "{place:?}: {entry:?}");
            }
            assert_eq!(known(by_name), known(by_key), "{place:?}: {entry:?}");
        }
        met.insert(format!("{place:?}"));
    }
    let wanted = Place::all().filter(|place| *place != Place::Palette);
    assert_eq!(met, wanted.map(|place| format!("{place:?}")).collect());
}

#[test]
fn every_place_opens_it_and_closes_it_with_the_same_key() {
    for state in states().into_iter().filter(|state| state.palette.is_none()) {
        let place = state.place();
        let mut keys = vec![CTRL_P, Key::of(Code::Function(1))];
        if place.find(Key::char('?')).is_some() {
            keys.extend([Key::char('?'), Key::char(':')]);
        }
        for key in keys {
            let mut app = state.clone();
            press(&mut app, key);
            assert_eq!(app.place(), Place::Palette, "{place:?}: {key}");
            press(&mut app, CTRL_P);
            assert_eq!(app.place(), place, "{place:?}: {key}");
        }
    }
}

#[test]
fn what_is_known_of_the_environment_is_reached_from_each_of_its_screens() {
    use Screen::{Audit, Credentials, Environments, Peering, Refused, Status};
    let screens = [Environments, Credentials, Status, Audit, Refused, Peering];
    let mut met = BTreeSet::new();
    for state in states().into_iter().filter(|state| state.dialog.is_none()) {
        let chosen = !state.environments.rows.is_empty() && state.palette.is_none();
        if !chosen || !screens.contains(&state.screen) {
            continue;
        }
        for screen in screens.into_iter().filter(|screen| *screen != Environments) {
            let mut app = state.clone();
            press(&mut app, CTRL_P);
            let rows = palette::rows(&app);
            let row = rows.iter().find(|row| row.entry.command == Command::Open(screen));
            if state.screen == screen {
                assert!(row.is_none(), "{screen:?} leads to itself");
                continue;
            }
            let entry = row.unwrap().entry;
            press(&mut app, Key::of(Code::Escape));
            assert_eq!(find(&mut app, entry), None);
            press(&mut app, Key::of(Code::Enter));
            assert_eq!(app.screen, screen, "from {:?}", state.screen);
            met.insert(format!("{:?}", state.screen));
        }
    }
    assert_eq!(met.len(), screens.len(), "{met:?}");
}

#[test]
fn what_cannot_be_run_is_dimmed_and_says_why() {
    let app = states().into_iter().find(|state| state.place() == Place::Welcome).unwrap();
    let mut app = app;
    press(&mut app, CTRL_P);
    app.update(begin(), Message::Paste("subscription".into()));
    let rows = palette::rows(&app);
    let reason = rows[0].off.clone().unwrap();
    let buffer = cells(&app, &look(), 100, 30);
    let lines: Vec<String> = buffer
        .content
        .chunks(100)
        .map(|row| row.iter().map(ratatui::buffer::Cell::symbol).collect())
        .collect();
    let begins: String = reason.chars().take(24).collect();
    let at = lines.iter().position(|line| line.contains(&begins)).unwrap();
    let column = lines[at].chars().position(|letter| letter == 'C').unwrap();
    let cell = buffer.cell((u16::try_from(column).unwrap(), u16::try_from(at).unwrap())).unwrap();
    assert_eq!(cell.style().fg, look().theme.quiet.fg, "{}", lines[at]);
    assert!(lines.iter().any(|line| line.contains("Not now: ")), "{lines:#?}");
}
