//! The terminal while the program has it: taken whole, and given back as it was, whatever happens.
//!
//! Nothing is asked of the terminal: an answer that does not come costs two seconds. A panic of another thread must not
//! tear the screen down; one of this thread gives the terminal back before it is told.

use std::{
    io::{self, Stdout, Write as _},
    sync::Arc,
    thread::ThreadId,
};

use crossterm::{
    clipboard::CopyToClipboard,
    cursor::{Hide, Show},
    event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture},
    execute, queue,
    terminal::{
        BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
        disable_raw_mode, enable_raw_mode,
    },
};
use ratatui::{Frame, backend::CrosstermBackend};

use crate::domain::problem::{Problem, Result};
use crate::domain::secret::Secret;

type Hook = Box<dyn Fn(&std::panic::PanicHookInfo<'_>) + Send + Sync>;

/// The terminal, taken until this is dropped.
pub struct Terminal {
    inner: ratatui::Terminal<CrosstermBackend<Stdout>>,
    mouse: bool,
    hook: Arc<Hook>,
}

impl Terminal {
    /// Takes the terminal: raw keys, a screen of its own, pasted text in one piece.
    ///
    /// # Errors
    /// When there is none that can be taken.
    pub fn take() -> Result<Self> {
        enable_raw_mode().map_err(|error| no_terminal(&error))?;
        let hook = Arc::new(std::panic::take_hook());
        install_hook(Arc::clone(&hook), std::thread::current().id());
        let entered = execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, Hide);
        let inner =
            entered.and_then(|()| ratatui::Terminal::new(CrosstermBackend::new(io::stdout())));
        match inner {
            Ok(inner) => Ok(Self { inner, mouse: false, hook }),
            Err(error) => {
                give_back();
                restore_hook(&hook);
                Err(no_terminal(&error))
            }
        }
    }

    /// How many columns it has; `None` where it does not tell.
    pub(super) fn columns(&self) -> Option<u16> {
        self.inner.size().ok().map(|size| size.width)
    }

    /// Draws one picture, shown at once and not line by line.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn draw(&mut self, render: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        queue!(io::stdout(), BeginSynchronizedUpdate)?;
        let drawn = self.inner.draw(render).map(|_| ());
        execute!(io::stdout(), EndSynchronizedUpdate)?;
        drawn
    }

    /// Turns the mouse on or off.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn set_mouse(&mut self, on: bool) -> io::Result<()> {
        if on == self.mouse {
            return Ok(());
        }
        self.mouse = on;
        if on {
            execute!(io::stdout(), EnableMouseCapture)
        } else {
            execute!(io::stdout(), DisableMouseCapture)
        }
    }

    /// Gives a text to the terminal's own clipboard (OSC 52), which reaches the person's machine over SSH too.
    /// Whether the terminal takes it cannot be known.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn copy(&mut self, text: &Secret) -> io::Result<()> {
        execute!(io::stdout(), CopyToClipboard::to_clipboard_from(text.expose()))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        give_back();
        restore_hook(&self.hook);
    }
}

/// Gives the terminal back as it was. It may be called more than once.
fn give_back() {
    let mut out = io::stdout();
    let _ = execute!(
        out,
        EndSynchronizedUpdate,
        DisableMouseCapture,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        Show
    );
    let _ = disable_raw_mode();
    let _ = out.flush();
}

/// A panic of this thread gives the terminal back before it is told. One of another thread goes to the log alone: its
/// task is reported as failed.
fn install_hook(before: Arc<Hook>, drawing: ThreadId) {
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().id() == drawing {
            give_back();
            before(panic);
        } else {
            let place = panic.location().map_or_else(String::new, ToString::to_string);
            tracing::error!(%place, "panic");
        }
    }));
}

fn restore_hook(before: &Arc<Hook>) {
    // While a thread panics its hook cannot be changed, and need not be.
    if !std::thread::panicking() {
        let before = Arc::clone(before);
        std::panic::set_hook(Box::new(move |panic| before(panic)));
    }
}

fn no_terminal(error: &io::Error) -> Problem {
    Problem::new(
        "NoTerminal",
        format!("The full-screen wizard found no terminal it can use: {error}."),
        "Run it in a terminal, add --plain for prompts line by line, or use `privateaml deploy` with flags.",
    )
}
