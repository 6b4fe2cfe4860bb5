//! The pictures of the README: drawn by playing a recorded session back, and compared with those in `assets/pictures`.
//!
//! After a change of the screens, `PRIVATEAML_PICTURES=write cargo test --test all pictures` draws them anew.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fs, path::Path};

use crate::support::{
    picture::svg,
    wizard::{cells, look},
};
use privateaml::{
    app::{
        App,
        message::Message,
        recording::{self, RecordedMessage},
        screen::{Screen, deploy::running, preview::Tab},
    },
    domain::operation::Event,
};

const COLUMNS: u16 = 100;
const ROWS: u16 = 30;

/// A picture: its file, what it shows, and when in the session it is taken.
struct Shot {
    file: &'static str,
    title: &'static str,
    is_now: fn(&App, &RecordedMessage) -> bool,
}

const SHOTS: [Shot; 7] = [
    Shot {
        file: "basics.svg",
        title: "The form: name, region and address space, checked while they are typed, with the subnet map beside it",
        is_now: |app, entry| {
            app.screen == Screen::Basics && matches!(entry.message, Message::Checked(_))
        },
    },
    Shot {
        file: "map.svg",
        title: "The map: the way in, what is behind private endpoints, the firewall and what it lets through",
        is_now: |app, _| {
            let is_shown = app.screen == Screen::Preview && app.preview.tab == Tab::Map;
            is_shown && app.dialog.is_none() && app.preview.map.is_some()
        },
    },
    Shot {
        file: "preview.svg",
        title: "The preview: every resource by area, the firewall's groups with their holes, and the cost",
        is_now: |app, _| app.screen == Screen::Preview && app.preview.tab == Tab::Resources,
    },
    Shot {
        file: "graph.svg",
        title: "The graph of what depends on what, with the slowest path marked",
        is_now: |app, _| app.screen == Screen::Preview && app.preview.tab == Tab::Graph,
    },
    Shot {
        file: "firewall.svg",
        title: "The firewall's groups, each with its reason, the wide ones marked",
        is_now: |app, _| app.screen == Screen::Preview && app.preview.tab == Tab::Firewall,
    },
    Shot {
        file: "deploy.svg",
        title: "The deployment: areas and resources with their times, what runs now, and what was heard",
        is_now: |app, entry| {
            let is_read =
                matches!(entry.message, Message::Operation { event: Event::Steps { .. }, .. });
            is_read && running(app).len() == 2
        },
    },
    Shot {
        file: "credentials.svg",
        title: "The credentials: where they are kept, and the way in step by step",
        is_now: |_, entry| matches!(entry.message, Message::Credentials { .. }),
    },
];

/// Plays the session and draws each picture at its last moment.
fn drawn() -> Vec<(&'static str, String)> {
    let text = recording::DEMO;
    let session = recording::read(text).unwrap();
    let (mut app, _) = App::new(session.head.start, session.head.at);
    let mut pictures: Vec<Option<String>> = vec![None; SHOTS.len()];
    for entry in session.entries {
        app.update(entry.at, entry.message.clone());
        for (shot, picture) in SHOTS.iter().zip(&mut pictures) {
            if (shot.is_now)(&app, &entry) {
                *picture = Some(svg(&cells(&app, &look(), COLUMNS, ROWS), shot.title));
            }
        }
    }
    SHOTS
        .iter()
        .zip(pictures)
        .map(|(shot, picture)| (shot.file, picture.unwrap_or_default()))
        .collect()
}

#[test]
fn the_pictures_show_what_the_screens_look_like() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/pictures");
    let write = std::env::var("PRIVATEAML_PICTURES").is_ok_and(|value| value == "write");
    for (file, picture) in drawn() {
        assert!(!picture.is_empty(), "the session has no moment for {file}");
        let path = directory.join(file);
        if write {
            fs::create_dir_all(&directory).unwrap();
            fs::write(&path, &picture).unwrap();
        }
        let there = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            there == picture,
            "{file} is out of date: PRIVATEAML_PICTURES=write cargo test --test all pictures"
        );
    }
}

#[test]
fn the_recorded_session_ends_where_it_ended() {
    let text = recording::DEMO;
    let session = recording::read(text).unwrap();
    let (mut app, _) = App::new(session.head.start, session.head.at);
    for entry in session.entries {
        app.update(entry.at, entry.message);
    }
    assert_eq!(app.screen, Screen::Credentials);
    assert!(app.credentials.place.is_some());
    assert!(app.credentials.password.is_none());
}
