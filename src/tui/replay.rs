//! Plays a recording back: the same state, the same pictures, and nothing of it reaches the outside world.

use std::time::Duration;

use crossterm::event::{Event, EventStream, KeyCode, KeyEventKind};
use futures::StreamExt as _;
use tokio::{select, time::sleep};

use super::{Appearance, Hits, Terminal, draw};
use crate::app::App;
use crate::app::message::Message;
use crate::app::recording::Recording;
use crate::domain::problem::Result;

/// The longest pause that is kept: nobody wants to watch somebody think.
const LONGEST_PAUSE: Duration = Duration::from_secs(3);

/// Plays a recording, so many times as fast. Space stops and goes on, the arrow to the right goes one message further,
/// `q` ends it; at the end the last picture stays until then.
///
/// # Errors
/// When the terminal fails.
pub async fn replay(
    recording: Recording,
    pace: f64,
    look: Appearance,
    terminal: &mut Terminal,
) -> Result<()> {
    let (mut app, _) = App::new(recording.head.start, recording.head.at);
    let mut entries = recording.entries.into_iter().peekable();
    let mut events = EventStream::new();
    let mut before = recording.head.at;
    let mut stopped = false;
    loop {
        let mut hits = Hits::default();
        let drawn = terminal.draw(|frame| {
            draw(&app, &look, frame.area(), frame.buffer_mut(), &mut hits);
        });
        if drawn.is_err() {
            return Ok(());
        }
        let pause = entries.peek().filter(|_| !stopped).map(|entry| {
            let gap = Duration::try_from(entry.at.duration_since(before)).unwrap_or_default();
            let gap = gap.min(LONGEST_PAUSE);
            if pace > 0.0 { gap.div_f64(pace) } else { Duration::ZERO }
        });
        let key = select! {
            biased;
            event = events.next() => match event {
                Some(Ok(Event::Key(key))) if key.kind != KeyEventKind::Release => Some(key.code),
                Some(Ok(_)) => continue,
                Some(Err(_)) | None => return Ok(()),
            },
            () = wait(pause) => None,
        };
        match key {
            Some(KeyCode::Char('q' | 'c') | KeyCode::Esc) => return Ok(()),
            Some(KeyCode::Char(' ')) => {
                stopped = !stopped;
                continue;
            }
            Some(KeyCode::Right) | None => {}
            Some(_) => continue,
        }
        if let Some(entry) = entries.next() {
            before = entry.at;
            // The end of the recorded run is no end of its playing.
            if entry.message != Message::Stop {
                app.update(entry.at, entry.message);
            }
        }
    }
}

/// Waits for a time; for ever where there is nothing to wait for.
async fn wait(pause: Option<Duration>) {
    match pause {
        Some(pause) => sleep(pause).await,
        None => std::future::pending().await,
    }
}
