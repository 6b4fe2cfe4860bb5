//! The loop: one ordered queue of keys, answers and time; the state takes each in, then the picture is drawn once.
//!
//! It waits for something to happen and never for the outside world: what is asked of that goes to `Perform`.

use std::{fs::File, io::Write as _, path::Path, time::Duration};

use crossterm::event::EventStream;
use futures::StreamExt as _;
use jiff::Timestamp;
use tokio::{
    select,
    sync::mpsc::{UnboundedReceiver, error::TryRecvError},
    time::sleep,
};

use super::{Appearance, Hits, Terminal, draw, input};
use crate::app::effect::Effect;
use crate::app::hidden::Hidden;
use crate::app::message::Message;
use crate::app::{App, recording};
use crate::domain::problem::{Problem, Result};

/// Carries effects out. It must return at once; answers come back as messages.
pub trait Perform {
    /// Begins an effect.
    fn perform(&mut self, effect: Effect);
}

/// What comes to the loop from outside.
#[derive(Debug)]
pub enum Incoming {
    /// An answer, or news.
    Message(Box<Message>),
    /// A text for the terminal's own clipboard.
    TerminalClipboard(Hidden),
}

/// Writes what happens to a file, for bug reports and demonstrations.
#[derive(Debug)]
pub struct Recorder(File);

impl Recorder {
    /// Begins a recording.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn begin(path: &Path, app: &App, size: (u16, u16)) -> Result<Self> {
        let unwritable = |error: std::io::Error| {
            Problem::new(
                "RecordingUnwritable",
                format!("The recording cannot be written: {error}."),
                "Check the path behind --record-session.",
            )
            .at(path.display().to_string())
        };
        let mut file = File::create(path).map_err(unwritable)?;
        let head = recording::RecordingHeader {
            v: recording::VERSION,
            start: app.start.clone(),
            at: app.now,
            size,
        };
        let line = serde_json::to_string(&head).unwrap_or_default();
        writeln!(file, "{line}").map_err(unwritable)?;
        Ok(Self(file))
    }

    /// Notes a message before it is taken in. A full disk must not end the wizard.
    fn note(&mut self, app: &App, at: Timestamp, message: &Message) {
        if let Some(line) = recording::line(app, at, message) {
            let _ = writeln!(self.0, "{line}");
        }
    }
}

/// What one run of the wizard works with.
pub struct Session<'a> {
    /// The state.
    pub app: App,
    /// What to ask of the world first.
    pub first: Vec<Effect>,
    /// Carries effects out.
    pub performer: &'a mut dyn Perform,
    /// What comes from outside.
    pub incoming: UnboundedReceiver<Incoming>,
    /// How things look.
    pub look: Appearance,
    /// Where what happens is written to.
    pub recorder: Option<Recorder>,
}

/// Runs the wizard until it is left, and returns what it knew last.
///
/// # Errors
/// When there is no terminal, or it fails in a way that is not its end.
pub async fn run(session: Session<'_>, terminal: &mut Terminal) -> Result<App> {
    let Session { mut app, first, performer, mut incoming, look, mut recorder } = session;
    let mut hits = Hits::default();
    // The first picture comes before everything that could take time.
    let mut shown = show(terminal, &app, &look, &mut hits);
    let mut events = EventStream::new();
    for effect in first {
        performer.perform(effect);
    }
    if let Some(columns) = terminal.columns() {
        take_in(&mut app, Message::Resized(columns), performer, recorder.as_mut());
    }
    while shown.is_ok() && !app.quitting {
        let message = select! {
            biased;
            Some(came) = incoming.recv() => from_outside(came, terminal),
            event = events.next() => match event {
                Some(Ok(event)) => input::message(&event, &hits),
                // The terminal is gone; there is nobody to ask what that means.
                Some(Err(_)) | None => Some(Message::Stop),
            },
            () = until(app.next_tick()) => Some(Message::Tick),
        };
        let mut next = message;
        loop {
            if let Some(message) = next {
                take_in(&mut app, message, performer, recorder.as_mut());
            }
            // A picture of what is outdated already is not worth drawing.
            next = match incoming.try_recv() {
                Ok(came) => from_outside(came, terminal),
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
            };
        }
        shown = terminal.set_mouse(app.mouse).and_then(|()| show(terminal, &app, &look, &mut hits));
    }
    // The terminal's clipboard may still have to be emptied.
    while let Ok(came) = incoming.try_recv() {
        from_outside(came, terminal);
    }
    if shown.is_err() && !app.quitting {
        take_in(&mut app, Message::Stop, performer, recorder.as_mut());
    }
    Ok(app)
}

fn take_in(
    app: &mut App,
    message: Message,
    performer: &mut dyn Perform,
    recorder: Option<&mut Recorder>,
) {
    let now = Timestamp::now();
    if let Some(recorder) = recorder {
        recorder.note(app, now, &message);
    }
    for effect in app.update(now, message) {
        performer.perform(effect);
    }
}

fn from_outside(came: Incoming, terminal: &mut Terminal) -> Option<Message> {
    match came {
        Incoming::Message(message) => Some(*message),
        Incoming::TerminalClipboard(text) => {
            if let Some(text) = text.secret() {
                // A terminal that is gone is found out by the next picture.
                let _ = terminal.copy(text);
            }
            None
        }
    }
}

fn show(
    terminal: &mut Terminal,
    app: &App,
    look: &Appearance,
    hits: &mut Hits,
) -> std::io::Result<()> {
    *hits = Hits::default();
    terminal.draw(|frame| draw(app, look, frame.area(), frame.buffer_mut(), hits))
}

/// Sleeps until a moment; for ever where there is none.
async fn until(moment: Option<Timestamp>) {
    match moment {
        None => std::future::pending().await,
        Some(moment) => {
            let wait = moment.duration_since(Timestamp::now());
            sleep(Duration::try_from(wait).unwrap_or_default()).await;
        }
    }
}
