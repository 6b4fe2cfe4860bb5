//! The jumpbox credentials: where they are, shown for a moment, copied for a moment.
//!
//! A password goes from its store to the screen or to the clipboard and is kept nowhere on the way.

use std::sync::{Arc, mpsc::channel};

use super::world::{World, lock};
use crate::app::Tone;
use crate::app::command::Command;
use crate::app::hidden::Hidden;
use crate::app::message::Message;
use crate::app::place::Place;
use crate::app::screen::Screen;
use crate::domain::environment::{Keeping, Record};
use crate::domain::foreign;
use crate::domain::problem::{Problem, Result};
use crate::domain::secret::Secret;
use crate::engine::{self, Context};
use crate::store::keychain::{
    self, AskPassphrase, KEYCHAIN_WAITS, PassphrasePurpose, SecretStore, Waiting,
};

/// The store of a kind; a passphrase is asked for on the screen.
pub(super) fn store(world: &World, keeping: Keeping) -> Option<Arc<dyn SecretStore>> {
    keychain::open(
        keeping,
        &world.paths,
        world.is_practice(),
        ask(world.clone()),
        waiting(world.clone()),
    )
}

/// Says above the keys that the keychain is waited for.
pub(super) fn waiting(world: World) -> Waiting {
    Arc::new(move || world.say(Tone::Plain, KEYCHAIN_WAITS))
}

/// Asks for a passphrase on the screen and waits for it. It is called where waiting is allowed.
fn ask(world: World) -> AskPassphrase {
    Arc::new(move |purpose: &PassphrasePurpose| {
        let (give, given) = channel();
        *lock(&world.passphrase) = Some(give);
        world.tell(Message::PassphraseWanted { new: matches!(purpose, PassphrasePurpose::New) });
        match given.recv() {
            Ok(Some(passphrase)) => {
                passphrase.secret().map(Secret::duplicate).ok_or_else(no_passphrase)
            }
            Ok(None) | Err(_) => Err(no_passphrase()),
        }
    })
}

fn no_passphrase() -> Problem {
    Problem::new(
        "Cancelled",
        "No passphrase was given.",
        "Try it again when you have it. Nothing was changed.",
    )
}

/// Finds out where the credentials are, without asking for a passphrase.
pub(super) async fn find(world: World, record: Record) {
    let store = store(&world, record.credentials);
    let account = record.account();
    let place = match &store {
        // Whether an encrypted file holds the password is not worth its passphrase.
        Some(store) if record.credentials == Keeping::File => Some(store.describe(&account)),
        Some(store) => match store.read(&account).await {
            Ok(Some(_)) => Some(store.describe(&account)),
            Ok(None) => None,
            Err(problem) => {
                world.say(Tone::Warn, format!("{} {}", problem.what, problem.advice));
                None
            }
        },
        None => None,
    };
    world.tell(Message::Credentials {
        full_name: record.full_name,
        user_name: record.user_name,
        place,
    });
}

/// Reads the password to be shown.
pub(super) async fn reveal(world: World, record: Record) {
    match read(&world, &record).await {
        Ok(password) => world.tell(Message::Password {
            full_name: record.full_name,
            password: Hidden::new(password),
        }),
        Err(problem) => world.tell(Message::Failed(problem)),
    }
}

/// Puts the password into the clipboard.
pub(super) async fn copy(world: World, record: Record) {
    match read(&world, &record).await {
        Ok(password) => {
            let how = put(&world, Hidden::new(password)).await;
            world.tell(Message::Copied { what: "The password".to_owned(), how, secret: true });
        }
        Err(problem) => world.tell(Message::Failed(problem)),
    }
}

async fn read(world: &World, record: &Record) -> Result<Secret> {
    let context =
        Context { secrets: store(world, record.credentials), ..world.context_of(record)? };
    let held = engine::reset::held(&context, record).await?;
    if held.current.is_some() && held.pending.is_some() {
        let key = Place::Screen(Screen::Credentials).key_of(Command::NewPassword);
        let text = "A new password was being set when the program ended. If this one is refused";
        world.say(Tone::Warn, format!("{text}, {key} sets one for certain."));
    }
    held.current
        .or(held.pending)
        .map(|credentials| credentials.password)
        .ok_or_else(|| engine::credentials::absent(record))
}

/// Puts a text that is no secret into the clipboard.
pub(super) async fn copy_text(world: World, text: String, what: String) {
    // It may be pasted into a terminal.
    let text = foreign::block(&text);
    let how = put(&world, Hidden::new(Secret::new(text))).await;
    world.tell(Message::Copied { what, how, secret: false });
}

/// Puts a text into the system's clipboard, or where there is none into the terminal's; tells which.
async fn put(world: &World, text: Hidden) -> String {
    let clipboard = Arc::clone(&world.clipboard);
    let mine = text.clone();
    let taken = tokio::task::spawn_blocking(move || clipboard.put(&mine)).await;
    if matches!(taken, Ok(true)) {
        return "system clipboard".to_owned();
    }
    world.to_terminal_clipboard(text);
    "handed to the terminal (OSC 52); if nothing arrives, the terminal does not allow it".to_owned()
}

/// Empties the clipboard if it still holds the password.
pub(super) async fn clear_clipboard(world: World) {
    let clipboard = Arc::clone(&world.clipboard);
    let cleared = tokio::task::spawn_blocking(move || clipboard.clear()).await;
    let text = match cleared {
        Ok(true) => "The password was taken out of the clipboard.",
        Ok(false) => "The clipboard holds something else by now; it was left alone.",
        Err(_) => "The clipboard could not be looked at: take the password out of it yourself.",
    };
    world.tell(Message::ClipboardCleared(text.to_owned()));
}

/// Has the terminal empty its clipboard. It cannot be read, so whatever it holds goes.
pub(super) fn clear_terminal_clipboard(world: &World) {
    world.to_terminal_clipboard(Hidden::new(Secret::new(String::new())));
    let text = "The terminal was asked to empty its clipboard.";
    world.tell(Message::ClipboardCleared(text.to_owned()));
}

/// Opens an address in the browser; over SSH it is copied instead.
pub(super) async fn open(world: World, address: String, what: String) {
    let remote = ["SSH_CONNECTION", "SSH_TTY"].iter().any(|name| std::env::var_os(name).is_some());
    if !remote {
        let target = address.clone();
        let opened = tokio::task::spawn_blocking(move || webbrowser::open(&target)).await;
        if matches!(opened, Ok(Ok(()))) {
            world.say(Tone::Good, format!("Opened {what} in the browser."));
            return;
        }
    }
    let how = put(&world, Hidden::new(Secret::new(address.clone()))).await;
    world.say(Tone::Plain, format!("No browser here; the address was copied ({how}): {address}"));
}
