//! The full-screen wizard: puts state, screen and outside world together, and says in the end what goes on without it.
//!
//! `performer` carries effects out, each kind in a file of its own. Nothing here decides what a key means.

mod account;
mod checks;
pub(in crate::cli) mod clipboard;
mod condition;
mod environments;
mod form;
mod operations;
mod peering;
mod performer;
mod secrets;
mod world;

use std::{io::IsTerminal as _, path::Path};

use jiff::Timestamp;
use tokio::sync::mpsc::unbounded_channel;

use self::performer::Performer;
use super::arguments::{Global, Replay};
use super::exit::Ending;
use super::flags::Choices;
use super::signals::Signals;
use super::{azure_session, choices};
use crate::app::message::Message;
use crate::app::watch::{RunState, Watch};
use crate::app::{App, StartOptions, recording};
use crate::domain::operation::words;
use crate::domain::problem::Problem;
use crate::plain::output::Output;
use crate::store::paths::Paths;
use crate::tui::{self, Appearance, Choice, Incoming, Recorder, Session, Terminal};

/// Whether the wizard can be shown: keys and screen are a terminal's, and nobody asked for lines.
pub fn is_possible(global: &Global) -> bool {
    let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
    !global.plain
        && !global.json
        && !dumb
        && std::io::stdin().is_terminal()
        && std::io::stdout().is_terminal()
}

/// Runs the wizard until it is left.
///
/// # Errors
/// When there is no terminal it can use, a flag cannot be used, or a deployment was left running.
pub async fn run(global: &Global, paths: &Paths, output: Output) -> Result<(), Ending> {
    let start = start(global)?;
    if global.practice {
        // A flag that is wrong is told before the screen is taken.
        azure_session::practice_options(global, paths)?;
    }
    let (app, first) = App::new(start, Timestamp::now());
    let (send, incoming) = unbounded_channel();
    let recorder = recorder(global, &app)?;
    let mut signals = Signals::listen()?;
    let mut terminal = Terminal::take()?;
    let mut performer = Performer::new(global.clone(), paths.clone(), send.clone());
    let session = Session {
        app,
        first,
        performer: &mut performer,
        incoming,
        look: Appearance::new(look(global)),
        recorder,
    };
    // A signal is a message like any other.
    let listening = tokio::spawn(async move {
        signals.next().await;
        let _ = send.send(Incoming::Message(Box::new(Message::Stop)));
    });
    let ended = tui::run(session, &mut terminal).await;
    listening.abort();
    drop(terminal);
    performer.close().await;
    farewell(&ended?, output)
}

/// How things are to look: as flags say, else as the terminal's variables do.
fn look(global: &Global) -> Choice {
    let mut choice = Choice::detect(|name| std::env::var(name).ok());
    choice.color &= !global.no_color;
    choice.ascii |= global.ascii;
    if let Some(theme) = global.theme {
        choice.light = theme == super::arguments::ThemeName::Light;
    }
    choice
}

fn start(global: &Global) -> Result<StartOptions, Ending> {
    let now = Timestamp::now();
    Ok(StartOptions {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        practice: global.practice,
        speed: if global.practice { global.speed } else { 1.0 },
        utc_offset: jiff::tz::TimeZone::system().to_offset(now).seconds(),
        cloud: azure_session::cloud(global),
        subscription: global.subscription.clone(),
        draft: choices::draft(&Choices::default(), global)?,
    })
}

fn recorder(global: &Global, app: &App) -> Result<Option<Recorder>, Ending> {
    let Some(path) = &global.record_session else { return Ok(None) };
    let size = crossterm::terminal::size().unwrap_or((80, 24));
    Ok(Some(Recorder::begin(path, app, size)?))
}

/// After the screen is gone: what goes on without it, and how to come back.
fn farewell(app: &App, output: Output) -> Result<(), Ending> {
    let practice = if app.start.practice { " --practice" } else { "" };
    let mut ended = Ok(());
    for watch in app.operations.values().filter(|watch| watch.is_running()) {
        let (name, operation) = (watch.operation.name(), &watch.operation);
        let told = if operation.deploys_environment() {
            deployment(app, watch, output)
        } else {
            let doing = words::doing(operation);
            output.prose(&format!("{name}: {doing}; it was left before its end. To go on:"));
            output.say(&format!("  {}{practice}", words::command(operation)));
            Err(Ending::LeftRunning)
        };
        ended = ended.and(told);
    }
    ended
}

fn deployment(app: &App, watch: &Watch, output: Output) -> Result<(), Ending> {
    let name = watch.operation.name();
    if watch.deployment.is_none() || watch.state == RunState::Preparing {
        output.prose(&format!(
            "Nothing was sent for {name}. Open privateaml again to go on with it."
        ));
        return Ok(());
    }
    let practice = if app.start.practice { " practice" } else { "" };
    if watch.state == RunState::Pausing {
        output.prose(&format!(
            "{name} failed for a temporary reason, and is sent again only from here: privateaml{practice}"
        ));
        return Err(Ending::Told);
    }
    output.prose(&format!(
        "{name} goes on without this window. Come back with: privateaml{practice}"
    ));
    Err(Ending::LeftRunning)
}

/// Plays a recording back.
///
/// # Errors
/// When it cannot be read, or there is no terminal.
pub async fn replay(asked: &Replay, global: &Global) -> Result<(), Ending> {
    let recording = match &asked.file {
        Some(file) => recording::read(&text_of(file)?)?,
        None => recording::read(recording::DEMO)?,
    };
    let mut terminal = Terminal::take()?;
    tui::replay(recording, asked.pace, Appearance::new(look(global)), &mut terminal).await?;
    Ok(())
}

fn text_of(file: &Path) -> Result<String, Ending> {
    std::fs::read_to_string(file).map_err(|error| {
        Ending::Usage(Box::new(
            Problem::new(
                "FileUnreadable",
                format!("{} cannot be read: {error}.", file.display()),
                "Check the path of the recording.",
            )
            .at(file.display().to_string()),
        ))
    })
}
