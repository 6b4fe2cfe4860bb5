//! The system's clipboard, where there is one.
//!
//! Whoever puts something into it on Linux must stay to hand it out, so the clipboard is kept open while the program
//! runs. Opening it can wait for a display that does not answer; it is called where waiting is allowed.

use std::sync::{Mutex, PoisonError};

use crate::app::hidden::Hidden;

/// The clipboard.
#[derive(Default)]
pub(in crate::cli) struct Clipboard(Mutex<OpenClipboard>);

#[derive(Default)]
struct OpenClipboard {
    open: Option<arboard::Clipboard>,
    /// What was put in last, to be recognised when it is to be taken out.
    mine: Option<Hidden>,
}

impl Clipboard {
    /// Puts a text in; false where there is no clipboard of the system, or one that is far away.
    pub(in crate::cli) fn put(&self, text: &Hidden) -> bool {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.mine = None;
        if !is_near() {
            return false;
        }
        if state.open.is_none() {
            state.open = arboard::Clipboard::new().ok();
        }
        let (Some(open), Some(secret)) = (&mut state.open, text.secret()) else { return false };
        let put = open.set_text(secret.expose()).is_ok();
        if put {
            state.mine = Some(text.clone());
        }
        put
    }

    /// Whether something was put in that has not been taken out again.
    pub(super) fn holds_something(&self) -> bool {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.mine.is_some()
    }

    /// Empties it if it still holds what was put in; whether it did.
    pub(in crate::cli) fn clear(&self) -> bool {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mine = state.mine.take();
        let Some(open) = state.open.as_mut() else { return false };
        let held = zeroize::Zeroizing::new(open.get_text().unwrap_or_default());
        let is_mine = mine
            .as_ref()
            .and_then(Hidden::secret)
            .is_some_and(|secret| secret.expose() == held.as_str());
        is_mine && open.clear().is_ok()
    }
}

/// Whether the system's clipboard is the one of the person at the keyboard: over SSH it is not, and on Unix it needs a
/// display.
pub(in crate::cli) fn is_near() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if set("SSH_CONNECTION") || set("SSH_TTY") {
        return false;
    }
    cfg!(any(windows, target_os = "macos")) || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
