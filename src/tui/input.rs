//! From what the terminal reports to messages. Keys are taken when they go down: Windows reports them going up as well.

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind,
};

use super::Hits;
use crate::app::key::{Code, Key};
use crate::app::message::Message;

/// Rows that one turn of the wheel goes.
const WHEEL: i8 = 3;

/// The message for an event of the terminal; `None` for what means nothing to the state.
pub fn message(event: &Event, hits: &Hits) -> Option<Message> {
    match event {
        Event::Key(key) => self::key(key).map(Message::Key),
        Event::Paste(text) => Some(Message::Paste(text.clone())),
        Event::Mouse(mouse) => match mouse.kind {
            MouseEventKind::Down(MouseButton::Left) => {
                hits.at(mouse.column, mouse.row).cloned().map(Message::Click)
            }
            MouseEventKind::ScrollUp => Some(Message::Scroll(-WHEEL)),
            MouseEventKind::ScrollDown => Some(Message::Scroll(WHEEL)),
            _ => None,
        },
        Event::Resize(columns, _) => Some(Message::Resized(*columns)),
        Event::FocusGained | Event::FocusLost => None,
    }
}

fn key(event: &KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let code = match event.code {
        KeyCode::Char(letter) => Code::Char(letter),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Escape,
        KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => Code::BackTab,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => Code::BackTab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::F(number) => Code::Function(number),
        _ => return None,
    };
    let control = event.modifiers.contains(KeyModifiers::CONTROL);
    let alt = event.modifiers.contains(KeyModifiers::ALT);
    // AltGr reports both where it only makes another sign.
    let is_sign = matches!(code, Code::Char(letter) if !letter.is_ascii_alphanumeric());
    let alt_gr = control && alt && is_sign;
    Some(Key {
        code: match code {
            Code::Char(letter) if control && !alt_gr => Code::Char(letter.to_ascii_lowercase()),
            other => other,
        },
        control: control && !alt_gr,
        alt: alt && !alt_gr,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(code: KeyCode, modifiers: KeyModifiers, kind: KeyEventKind) -> Event {
        Event::Key(KeyEvent::new_with_kind(code, modifiers, kind))
    }

    fn read(event: &Event) -> Option<Message> {
        message(event, &Hits::default())
    }

    #[test]
    fn a_key_counts_once_though_windows_reports_it_twice() {
        let down = event(KeyCode::Char('q'), KeyModifiers::NONE, KeyEventKind::Press);
        let up = event(KeyCode::Char('q'), KeyModifiers::NONE, KeyEventKind::Release);
        assert_eq!(read(&down), Some(Message::Key(Key::char('q'))));
        assert_eq!(read(&up), None);
    }

    #[test]
    fn control_and_shift_are_told_apart_from_signs_of_other_keyboards() {
        let control = event(KeyCode::Char('R'), KeyModifiers::CONTROL, KeyEventKind::Press);
        assert_eq!(read(&control), Some(Message::Key(Key::control('r'))));
        let both = KeyModifiers::CONTROL | KeyModifiers::ALT;
        let at = event(KeyCode::Char('@'), both, KeyEventKind::Press);
        assert_eq!(read(&at), Some(Message::Key(Key::char('@'))));
        let back = event(KeyCode::BackTab, KeyModifiers::SHIFT, KeyEventKind::Press);
        assert_eq!(read(&back), Some(Message::Key(Key::of(Code::BackTab))));
    }
}
