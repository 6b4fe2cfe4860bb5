//! Plays a recording back: the same state, the same pictures, and nothing of it reaches the outside world.

use std::time::Duration;

use crossterm::event::{Event, EventStream, KeyCode, KeyEventKind};
use futures::StreamExt as _;
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::Modifier,
    text::{Line, Span},
};
use tokio::{select, time::sleep};

use super::canvas::{Canvas, Room};
use super::{Appearance, Hits, Terminal, draw, text};
use crate::app::App;
use crate::app::message::Message;
use crate::app::recording::Recording;
use crate::domain::problem::Result;

/// The longest pause that is kept: nobody wants to watch somebody think.
const LONGEST_PAUSE: Duration = Duration::from_secs(3);
/// How often as fast as it was, at least and at most.
const PACES: (f64, f64) = (0.25, 64.0);

/// Plays a recording, so many times as fast; 0 leaves no pause. The badge above the picture names the keys; at the end
/// the last picture stays until it is left.
///
/// # Errors
/// When the terminal fails.
pub async fn replay(
    recording: Recording,
    pace: f64,
    look: Appearance,
    terminal: &mut Terminal,
) -> Result<()> {
    let mut player = Player::new(recording, pace);
    let mut events = EventStream::new();
    loop {
        let drawn = terminal.draw(|frame| {
            let (area, mut hits) = (frame.area(), Hits::default());
            draw(&player.app, &look, area, frame.buffer_mut(), &mut hits);
            player.badge(&look, area, frame.buffer_mut(), &mut hits);
        });
        if drawn.is_err() {
            return Ok(());
        }
        let key = select! {
            biased;
            event = events.next() => match event {
                Some(Ok(Event::Key(key))) if key.kind != KeyEventKind::Release => Some(key.code),
                Some(Ok(_)) => continue,
                Some(Err(_)) | None => return Ok(()),
            },
            () = wait(player.pause()) => None,
        };
        match key {
            None => player.forward(),
            Some(KeyCode::Char('q' | 'c') | KeyCode::Esc) => return Ok(()),
            Some(key) => player.on_key(key),
        }
    }
}

/// A recording while it is played.
struct Player {
    recording: Recording,
    app: App,
    /// How many messages were taken in.
    at: usize,
    pace: f64,
    stopped: bool,
}

impl Player {
    fn new(recording: Recording, pace: f64) -> Self {
        let (app, _) = App::new(recording.head.start.clone(), recording.head.at);
        Self { recording, app, at: 0, pace, stopped: false }
    }

    fn on_key(&mut self, key: KeyCode) {
        match key {
            KeyCode::Char(' ') => self.stopped = !self.stopped,
            KeyCode::Right => {
                self.stopped = true;
                self.forward();
            }
            KeyCode::Left => {
                self.stopped = true;
                self.to(self.at.saturating_sub(1));
            }
            KeyCode::Home => self.to(0),
            KeyCode::Char('+') => self.pace = (self.pace * 2.0).clamp(PACES.0, PACES.1),
            KeyCode::Char('-') => self.pace = (self.pace / 2.0).clamp(PACES.0, PACES.1),
            _ => {}
        }
    }

    /// Takes in the next message.
    fn forward(&mut self) {
        let Some(entry) = self.recording.entries.get(self.at) else { return };
        self.at += 1;
        // The end of the recorded run is no end of its playing.
        if entry.message != Message::Stop {
            self.app.update(entry.at, entry.message.clone());
        }
    }

    /// Goes to a message. A state knows no way back: it is played again from the beginning.
    fn to(&mut self, at: usize) {
        let head = &self.recording.head;
        (self.app, _) = App::new(head.start.clone(), head.at);
        self.at = 0;
        while self.at < at {
            self.forward();
        }
    }

    /// How long until the next message; `None` where none comes by itself.
    fn pause(&self) -> Option<Duration> {
        let entry = self.recording.entries.get(self.at).filter(|_| !self.stopped)?;
        let before = match self.at.checked_sub(1).and_then(|at| self.recording.entries.get(at)) {
            Some(before) => before.at,
            None => self.recording.head.at,
        };
        let gap = Duration::try_from(entry.at.duration_since(before)).unwrap_or_default();
        let gap = gap.min(LONGEST_PAUSE);
        Some(if self.pace > 0.0 { gap.div_f64(self.pace) } else { Duration::ZERO })
    }

    /// That it is a replay, how far it is, and its keys, over the right end of the first row.
    fn badge(&self, look: &Appearance, area: Rect, buffer: &mut Buffer, hits: &mut Hits) {
        let state = match (self.stopped, self.recording.entries.len() - self.at) {
            (_, 0) => "end".to_owned(),
            (true, _) => "stopped".to_owned(),
            (false, _) if self.pace > 0.0 => format!("{}x", self.pace),
            (false, _) => "at once".to_owned(),
        };
        let place = format!(" {}/{} {state} ", self.at, self.recording.entries.len());
        let keys = " Space stop  Left Right step  + - speed  q leave ";
        let theme = &look.theme;
        let name = Span::styled(" REPLAY ", theme.accent.add_modifier(Modifier::REVERSED));
        let mut spans = vec![name, Span::styled(place, theme.strong)];
        let room = usize::from(area.width) / 4 * 3;
        let taken: usize = spans.iter().map(|span| text::width(&span.content)).sum();
        if taken + keys.len() <= room {
            spans.push(Span::styled(keys, theme.quiet));
        }
        let width: usize = spans.iter().map(|span| text::width(&span.content)).sum();
        let width = u16::try_from(width).unwrap_or(area.width).min(area.width);
        let place = Rect { x: area.right() - width, y: area.y, width, height: 1.min(area.height) };
        let mut canvas = Canvas { buffer, look, hits, room: Room::of(area.width) };
        canvas.clear(place);
        canvas.line(place, Line::from(spans));
    }
}

/// Waits for a time; for ever where there is nothing to wait for.
async fn wait(pause: Option<Duration>) {
    match pause {
        Some(pause) => sleep(pause).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::recording;
    use crate::tui::testing::{look, text};

    fn player(pace: f64) -> Player {
        Player::new(recording::read(recording::DEMO).unwrap(), pace)
    }

    fn picture(player: &Player) -> String {
        let area = Rect::new(0, 0, 100, 30);
        let (mut buffer, mut hits) = (Buffer::empty(area), Hits::default());
        draw(&player.app, &look(), area, &mut buffer, &mut hits);
        player.badge(&look(), area, &mut buffer, &mut hits);
        text(&buffer)
    }

    #[test]
    fn a_step_back_is_the_picture_before() {
        let mut player = player(1.0);
        (0..20).for_each(|_| player.forward());
        let before = picture(&player);
        assert!(before.contains("REPLAY"), "{before}");
        player.on_key(KeyCode::Char(' '));
        let stopped = picture(&player);
        player.on_key(KeyCode::Right);
        player.on_key(KeyCode::Left);
        assert_eq!(picture(&player), stopped);
        assert_eq!(player.pause(), None);
        player.on_key(KeyCode::Char(' '));
        assert_eq!(picture(&player), before);
    }

    #[test]
    fn twice_as_fast_is_half_the_pause() {
        let mut player = player(1.0);
        while player.pause().is_none_or(|pause| pause.is_zero()) {
            player.forward();
        }
        let once = player.pause().unwrap();
        player.on_key(KeyCode::Char('+'));
        assert_eq!(player.pause().unwrap(), once / 2);
        player.on_key(KeyCode::Char('-'));
        player.on_key(KeyCode::Home);
        assert_eq!((player.at, player.pace.to_bits()), (0, 1.0_f64.to_bits()));
        while player.at < player.recording.entries.len() {
            player.forward();
        }
        assert_eq!(player.pause(), None);
        assert!(picture(&player).contains("end"));
    }
}
